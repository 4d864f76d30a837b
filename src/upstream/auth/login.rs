//! Logging in once by hand: OAuth's authorization code with PKCE and state, answered to a listener on loopback
//! (RFC 8252). What comes of it is kept in a file, from which the road takes it.

use super::endpoint::Endpoint;
use super::oauth::{next_refresh, refusal, token};
use super::{OAuthClient, TokenFile};
use crate::upstream::Cause;
use oauth2::{AuthUrl, AuthorizationCode, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope};
use std::collections::HashMap;
use std::io;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// How long the first line of a browser's request may be: a code is some hundred bytes.
const LINE: u64 = 8 * 1024;

/// What is needed to log in.
pub struct Login {
    /// The client, as it is registered with the vendor.
    pub client: OAuthClient,
    /// The page on which a person agrees.
    pub authorize_url: Url,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// Where the tokens go.
    pub keep_in: TokenFile,
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
    /// The code was not taken.
    #[error("no token for the code: {0}")]
    Exchange(Cause),
    /// There is no refresh token in the answer, so that it would end with the token.
    #[error("the vendor gave no refresh token; switch token rotation on for this client")]
    NoRefreshToken,
}

/// Logs in: hands the page to `open`, waits for the browser to come back to the listener (on `127.0.0.1`), exchanges
/// the code, keeps the tokens. It waits as long as it takes; bound it from outside.
pub async fn log_in(login: Login, listener: TcpListener, open: impl FnOnce(&Url)) -> Result<(), LoginError> {
    let endpoint = Endpoint::new(&login.client.token_url).map_err(LoginError::Exchange)?;
    let redirect = Url::parse(&format!("http://{}/callback", listener.local_addr()?)).map_err(io::Error::other)?;
    let client = login
        .client
        .ready()
        .set_auth_uri(AuthUrl::from_url(login.authorize_url))
        .set_redirect_uri(RedirectUrl::from_url(redirect));
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (page, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scopes(login.scopes.into_iter().map(Scope::new))
        .set_pkce_challenge(challenge)
        .url();
    open(&page);
    let code = AuthorizationCode::new(wait_for_code(&listener, state.secret()).await?);
    let answer = client
        .exchange_code(code)
        .set_pkce_verifier(verifier)
        .request_async(&endpoint)
        .await
        .map_err(|error| LoginError::Exchange(refusal(error)))?;
    let refresh = next_refresh(&answer).ok_or(LoginError::NoRefreshToken)?;
    Ok(login.keep_in.save(&token(&answer), &refresh)?)
}

/// Waits until a browser brings the code. Whatever else knocks (a favicon, another program, a wrong state) is sent
/// away, and the wait goes on: anything on the machine can reach the port.
async fn wait_for_code(listener: &TcpListener, state: &str) -> Result<String, LoginError> {
    loop {
        let (mut stream, _) = listener.accept().await?;
        let asked = tokio::time::timeout(std::time::Duration::from_secs(5), callback(&mut stream)).await;
        let Ok(Ok(Some(mut told))) = asked else {
            answer(&mut stream, "404 Not Found", "Nothing here.").await;
            continue;
        };
        if told.get("state").map(String::as_str) != Some(state) {
            answer(&mut stream, "400 Bad Request", "This answer belongs to another log-in.").await;
            continue;
        }
        if let Some(code) = told.remove("code") {
            answer(&mut stream, "200 OK", "Logged in. You can close this page.").await;
            return Ok(code);
        }
        answer(&mut stream, "200 OK", "Not logged in. You can close this page.").await;
        let error = told
            .remove("error")
            .unwrap_or_else(|| "no code and no reason given".to_owned());
        return Err(LoginError::Refused(
            error.chars().filter(|c| !c.is_control()).take(200).collect(),
        ));
    }
}

/// The query of a request for the callback, `None` for any other.
async fn callback(stream: &mut TcpStream) -> io::Result<Option<HashMap<String, String>>> {
    let mut line = String::new();
    BufReader::new(stream.take(LINE)).read_line(&mut line).await?;
    let mut words = line.split_whitespace();
    let (Some("GET"), Some(target)) = (words.next(), words.next()) else {
        return Ok(None);
    };
    let query = target.strip_prefix("/callback?");
    Ok(query.map(|query| url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
}

async fn answer(stream: &mut TcpStream, status: &str, text: &str) {
    let length = text.len();
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\nconnection: close");
    // The browser may be gone; what it brought counts all the same.
    stream.write_all(format!("{head}\r\n\r\n{text}").as_bytes()).await.ok();
    stream.shutdown().await.ok();
}
