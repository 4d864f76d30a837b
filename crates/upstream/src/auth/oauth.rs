//! OAuth 2.0 tokens (RFC 6749): by client credentials, or by a refresh token that may change at each use, as Slack's
//! do ("Token rotation": tokens last 12 hours, each refresh token is good for one use).

use super::endpoint::{Endpoint, EndpointError};
use super::lease::{Issuer, Leased, Token, unauthorized};
use super::stamp::Stamp;
use super::token_file::new_log_in;
use super::{Secret, TokenFile, Tokens};
use crate::Cause;
use async_trait::async_trait;
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse};
use oauth2::{
    AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, RefreshToken, RequestTokenError, Scope,
    TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use url::Url;

/// How long before its end a token is renewed at most.
const EARLY: Duration = Duration::from_secs(5 * 60);

/// What a client is known by at a token endpoint.
#[derive(Clone)]
pub struct OAuthClient {
    /// The token endpoint, e.g. `https://slack.com/api/oauth.v2.access`.
    pub token_url: Url,
    /// The client's id.
    pub id: String,
    /// The client's secret; public clients have none.
    pub secret: Option<Secret>,
    /// Where the id and the secret stand in a request.
    pub auth: ClientAuth,
    /// The object of an answer that has the token, where it may stand inside of one: Slack has a user's in `authed_user`.
    pub within: Option<&'static str>,
}

/// Tokens for one client.
pub struct OAuth {
    /// The client.
    pub client: OAuthClient,
    /// How a token is got.
    pub grant: Grant,
}

/// Where a client's id and secret stand in a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientAuth {
    /// In a Basic header, as the RFC prefers and Slack recommends.
    #[default]
    Header,
    /// In the form.
    Body,
}

/// How a token is got.
pub enum Grant {
    /// By the client's own credentials.
    ClientCredentials {
        /// What it asks to be allowed.
        scopes: Vec<String>,
        /// What else the endpoint wants to know, e.g. an `audience`.
        parameters: BTreeMap<String, String>,
    },
    /// By a refresh token.
    Refresh {
        /// The first one. What the file holds is newer; this one is tried where that is refused.
        first: Option<Secret>,
        /// Where the next ones are kept.
        kept_in: TokenFile,
    },
}

impl OAuth {
    /// Credentials of this client. [`Cause::Invalid`] for a URL that no secret may be sent to.
    pub fn into_auth(self) -> Result<Leased, Cause> {
        let endpoint = self.client.endpoint()?;
        let exchange = Exchange {
            client: self.client,
            grant: self.grant,
            endpoint,
            unkept: Mutex::default(),
            seen: Mutex::default(),
        };
        Ok(Leased::new(exchange, EARLY))
    }
}

impl OAuthClient {
    /// The way to its token endpoint.
    pub(super) fn endpoint(&self) -> Result<Endpoint, Cause> {
        Ok(Endpoint::new(&self.token_url)?.within(self.within))
    }

    /// The library's client, with the secret as it is now.
    pub(super) fn ready(&self) -> Ready {
        let client = BasicClient::new(ClientId::new(self.id.clone()))
            .set_token_uri(TokenUrl::from_url(self.token_url.clone()))
            .set_auth_type(match self.auth {
                ClientAuth::Header => AuthType::BasicAuth,
                ClientAuth::Body => AuthType::RequestBody,
            });
        match &self.secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.current().expose_secret().to_owned())),
            None => client,
        }
    }
}

/// The library's client with a token endpoint.
pub(super) type Ready = BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

struct Exchange {
    client: OAuthClient,
    grant: Grant,
    endpoint: Endpoint,
    /// The tokens that are good, where the file could not take them.
    unkept: Mutex<Option<Tokens>>,
    /// The file as it was when it was last read or written here. Locked while it is, so that nobody takes our own writing
    /// for somebody else's.
    seen: Mutex<Option<Stamp>>,
}

/// A refresh token that may be good, and the log-in that it goes back to, where that is known.
struct Candidate {
    refresh: SecretString,
    log_in: Option<String>,
}

#[async_trait]
impl Issuer for Exchange {
    async fn issue(&self, held: Option<SecretString>) -> Result<Token, Cause> {
        match &self.grant {
            Grant::ClientCredentials { scopes, parameters } => {
                let client = self.client.ready();
                let mut request = client
                    .exchange_client_credentials()
                    .add_scopes(scopes.iter().cloned().map(Scope::new));
                for (name, value) in parameters {
                    request = request.add_extra_param(name, value);
                }
                Ok(token(&request.request_async(&self.endpoint).await.map_err(refusal)?))
            }
            Grant::Refresh { first, kept_in } => self.refresh(held, first.as_ref(), kept_in).await,
        }
    }

    /// What a log-in or another process has put into the file. Where it cannot be read, or has ended, that is told when
    /// the next token is asked for.
    fn news(&self) -> Option<Token> {
        let Grant::Refresh { kept_in, .. } = &self.grant else {
            return None;
        };
        let mut seen = self.seen.try_lock().ok()?;
        let stamp = kept_in.stamp();
        if stamp.is_none() || stamp == *seen {
            return None;
        }
        *seen = stamp;
        let token = kept_in.load().ok()??.token;
        token.lasts(EARLY).then_some(token)
    }
}

impl Exchange {
    /// Uses a refresh token up and keeps its successor. Nobody else does so meanwhile, and the token serves nobody before
    /// the successor is on the disk. Whoever dies in between has the old one still in the file, whole: a vendor that
    /// takes it once more (most do, for a while) goes on as if nothing had happened, any other says that somebody must
    /// log in anew.
    async fn refresh(
        &self,
        held: Option<SecretString>,
        first: Option<&Secret>,
        kept_in: &TokenFile,
    ) -> Result<Token, Cause> {
        let _alone = kept_in.lock().await?;
        let kept = {
            let mut seen = lock(&self.seen);
            *seen = kept_in.stamp();
            kept_in.load()?
        };
        // One that is not ours is there after a restart, after somebody logged in, or because another process that shares
        // the file was faster: it is good, and its refresh token is used up only once.
        let ours = |token: &SecretString| {
            held.as_ref()
                .is_some_and(|held| held.expose_secret() == token.expose_secret())
        };
        if let Some(Tokens { token, .. }) = kept
            .as_ref()
            .filter(|kept| kept.token.lasts(EARLY) && !ours(&kept.token.secret))
        {
            lock(&self.unkept).take();
            return Ok(token.clone());
        }
        let unkept = lock(&self.unkept).clone();
        let newest = unkept.or(kept).and_then(Candidate::of);
        let first = first.map(Secret::current).filter(|first| {
            let newest = newest.as_ref();
            newest.is_none_or(|newest| newest.refresh.expose_secret() != first.expose_secret())
        });
        let mut refused = unauthorized("nobody has logged in, or what the log-in gave has ended");
        for candidate in newest.into_iter().chain(first.map(Candidate::first)) {
            match self.exchange(candidate, kept_in).await {
                Err(cause @ Cause::Unauthorized { .. }) => refused = cause,
                result => return result,
            }
        }
        Err(refused)
    }

    async fn exchange(&self, candidate: Candidate, kept_in: &TokenFile) -> Result<Token, Cause> {
        let Candidate { refresh, log_in } = candidate;
        let client = self.client.ready();
        let refresh_token = RefreshToken::new(refresh.expose_secret().to_owned());
        let request = client.exchange_refresh_token(&refresh_token);
        let mut tokens = tokens(&request.request_async(&self.endpoint).await.map_err(refusal)?);
        // An endpoint that gives no other leaves the one that was used good.
        tokens.refresh = tokens.refresh.or(Some(refresh));
        tokens.token.log_in = log_in;
        let saved = {
            let mut seen = lock(&self.seen);
            let saved = kept_in.save(&tokens);
            *seen = kept_in.stamp();
            saved
        };
        let token = tokens.token.clone();
        *lock(&self.unkept) = match saved {
            Ok(()) => None,
            Err(error) => {
                // The old one is used up: this one must serve while the process lives, and be kept at the next chance.
                tracing::error!(path = %kept_in.path().display(), %error, "the next refresh token could not be kept");
                Some(tokens)
            }
        };
        Ok(token)
    }
}

impl Candidate {
    fn of(tokens: Tokens) -> Option<Self> {
        Some(Self {
            refresh: tokens.refresh?,
            log_in: tokens.token.log_in,
        })
    }

    /// One that somebody got elsewhere, for whichever account.
    fn first(refresh: SecretString) -> Self {
        Self {
            refresh,
            log_in: Some(new_log_in()),
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The tokens of an answer.
pub(super) fn tokens(answer: &BasicTokenResponse) -> Tokens {
    Tokens {
        token: token(answer),
        refresh: answer.refresh_token().map(|next| next.secret().clone().into()),
    }
}

fn token(answer: &BasicTokenResponse) -> Token {
    Token::new(answer.access_token().secret().clone(), answer.expires_in())
}

/// Why there is no token. The answer is not repeated where it cannot be read: it may hold half a token.
pub(super) fn refusal(error: RequestTokenError<EndpointError, BasicErrorResponse>) -> Cause {
    match error {
        RequestTokenError::ServerResponse(refused) => match refused.error().as_ref() {
            // Slack's words for a fault of its own come under status 200; the standard has one under 400.
            code @ ("temporarily_unavailable"
            | "server_error"
            | "internal_error"
            | "fatal_error"
            | "service_unavailable"
            | "request_timeout"
            | "ratelimited") => Cause::Unavailable {
                status: 503,
                message: format!("the token endpoint: {code}"),
            },
            code => unauthorized(code),
        },
        RequestTokenError::Request(error) => error.into(),
        RequestTokenError::Parse(..) => Cause::Malformed {
            expected: "a token",
            got: "something else".to_owned(),
        },
        RequestTokenError::Other(_) => Cause::Malformed {
            expected: "a token",
            got: "an empty answer".to_owned(),
        },
    }
}
