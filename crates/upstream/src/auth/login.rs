//! Logging in once by hand: OAuth's authorization code with PKCE and state, answered to a listener on loopback
//! (RFC 8252). What comes of it is kept in a file, from which the road takes it.

mod browser;

use super::oauth::{refusal, tokens};
use super::token_file::new_log_in;
use super::{OAuthClient, TokenFile};
use crate::Cause;
use oauth2::{AuthUrl, AuthorizationCode, CsrfToken, PkceCodeChallenge, RedirectUrl};
use std::io;
use std::time::Duration;
use tokio::net::TcpListener;
use url::Url;

/// What is needed to log in.
pub struct Login {
    /// The client, as it is registered with the vendor.
    pub client: OAuthClient,
    /// The page on which a person agrees.
    pub authorize_url: Url,
    /// What is asked for.
    pub scopes: Scopes,
    /// Where the vendor sends the browser; `None`: to the listener itself. Another address must lead to it.
    pub redirect: Option<Url>,
    /// How long to wait for the browser.
    pub patience: Duration,
    /// Where the tokens go.
    pub keep_in: TokenFile,
}

/// What is asked for, in the vendor's way of asking.
pub struct Scopes {
    /// The parameter: `scope` by the standard, `user_scope` for a user of Slack.
    pub parameter: &'static str,
    /// What stands between two of them: a space by the standard, a comma at Slack.
    pub separator: &'static str,
    /// Their names; none: what the client is registered for.
    pub names: Vec<String>,
}

/// Why nobody was logged in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The listener failed, or the tokens could not be kept.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The person or the vendor said no.
    #[error("refused: {0}")]
    Refused(String),
    /// The browser never came back.
    #[error("no browser came back within {} s: the page was closed, or it is still open somewhere", .0.as_secs())]
    TimedOut(Duration),
    /// The code was not taken.
    #[error("no token for the code: {0}")]
    Exchange(Cause),
    /// The tokens are there and cannot be kept.
    #[error(transparent)]
    Unkept(Cause),
}

/// Logs in: hands the page to `open`, waits for the browser to come back to the listener (on `127.0.0.1`), exchanges
/// the code, keeps the tokens.
pub async fn log_in(login: Login, listener: TcpListener, open: impl FnOnce(&Url)) -> Result<(), LoginError> {
    let endpoint = login.client.endpoint().map_err(LoginError::Exchange)?;
    // Found out before a person has to agree to anything.
    drop(login.keep_in.lock().await.map_err(LoginError::Unkept)?);
    let redirect = match login.redirect {
        Some(redirect) => redirect,
        None => Url::parse(&format!("http://{}/callback", listener.local_addr()?)).map_err(io::Error::other)?,
    };
    let path = redirect.path().to_owned();
    let client = login
        .client
        .ready()
        .set_auth_uri(AuthUrl::from_url(login.authorize_url))
        .set_redirect_uri(RedirectUrl::from_url(redirect));
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let mut page = client
        .authorize_url(CsrfToken::new_random)
        .set_pkce_challenge(challenge);
    if !login.scopes.names.is_empty() {
        let scopes = login.scopes.names.join(login.scopes.separator);
        page = page.add_extra_param(login.scopes.parameter, scopes);
    }
    let (page, state) = page.url();
    open(&page);
    let expected = browser::Expected {
        path,
        state: state.secret().clone(),
    };
    let code = tokio::time::timeout(login.patience, browser::wait_for_code(&listener, expected))
        .await
        .map_err(|_elapsed| LoginError::TimedOut(login.patience))??;
    let answer = client
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(verifier)
        .request_async(&endpoint)
        .await
        .map_err(|error| LoginError::Exchange(refusal(error)))?;
    // A server that runs meanwhile may be renewing the tokens that are replaced here.
    let _alone = login.keep_in.lock().await.map_err(LoginError::Unkept)?;
    let mut tokens = tokens(&answer);
    tokens.token.log_in = Some(new_log_in());
    Ok(login.keep_in.save(&tokens)?)
}
