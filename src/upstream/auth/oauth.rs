//! OAuth 2.0 tokens (RFC 6749): by client credentials, or by a refresh token that may change at each use, as Slack's
//! do ("Token rotation": tokens last 12 hours, each refresh token is good for one use).

use super::endpoint::{Endpoint, EndpointError};
use super::lease::{Issuer, Leased, Token, unauthorized};
use super::{Secret, TokenFile};
use crate::upstream::Cause;
use async_trait::async_trait;
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse};
use oauth2::{
    AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, RefreshToken, RequestTokenError, Scope,
    TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use url::Url;

/// How long before its end a token is renewed.
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
}

/// Tokens for one client.
pub struct OAuth {
    /// The client.
    pub client: OAuthClient,
    /// How a token is got.
    pub grant: Grant,
}

/// Where a client's id and secret stand in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuth {
    /// In a Basic header, as the RFC prefers and Slack recommends.
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
    },
    /// By a refresh token.
    Refresh {
        /// The first one; what the file holds is newer.
        first: Option<Secret>,
        /// Where the next ones are kept.
        kept_in: TokenFile,
    },
}

impl OAuth {
    /// Credentials of this client. [`Cause::Invalid`] for a URL that no secret may be sent to.
    pub fn into_auth(self) -> Result<Leased, Cause> {
        let endpoint = Endpoint::new(&self.client.token_url)?;
        let exchange = Exchange {
            client: self.client,
            grant: self.grant,
            endpoint,
        };
        Ok(Leased::new(exchange, EARLY))
    }
}

impl OAuthClient {
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
}

#[async_trait]
impl Issuer for Exchange {
    async fn issue(&self, held: Option<SecretString>) -> Result<Token, Cause> {
        match &self.grant {
            Grant::ClientCredentials { scopes } => {
                let client = self.client.ready();
                let request = client
                    .exchange_client_credentials()
                    .add_scopes(scopes.iter().cloned().map(Scope::new));
                Ok(token(&request.request_async(&self.endpoint).await.map_err(refusal)?))
            }
            Grant::Refresh { first, kept_in } => self.refresh(held, first.as_ref(), kept_in).await,
        }
    }
}

impl Exchange {
    async fn refresh(
        &self,
        held: Option<SecretString>,
        first: Option<&Secret>,
        kept_in: &TokenFile,
    ) -> Result<Token, Cause> {
        let kept = kept_in.load()?;
        // One that is not ours is there after a restart, or because another process that shares the file was faster:
        // it is good, and its refresh token is used up only once.
        let ours = |token: &SecretString| {
            held.as_ref()
                .is_some_and(|held| held.expose_secret() == token.expose_secret())
        };
        if let Some((token, _)) = kept
            .as_ref()
            .filter(|(token, _)| token.lasts(EARLY) && !ours(&token.secret))
        {
            return Ok(token.clone());
        }
        let refresh = kept
            .map(|(_, refresh)| refresh)
            .or_else(|| first.map(Secret::current))
            .ok_or_else(|| unauthorized("there is no refresh token"))?;
        let client = self.client.ready();
        let refresh_token = RefreshToken::new(refresh.expose_secret().to_owned());
        let request = client.exchange_refresh_token(&refresh_token);
        let answer = request.request_async(&self.endpoint).await.map_err(refusal)?;
        let token = token(&answer);
        if let Err(error) = kept_in.save(&token, &next_refresh(&answer).unwrap_or(refresh)) {
            // The old refresh token is used up: the new token must serve while this process lives.
            tracing::error!(path = %kept_in.path().display(), %error, "the next refresh token could not be kept");
        }
        Ok(token)
    }
}

/// The token of an answer.
pub(super) fn token(answer: &BasicTokenResponse) -> Token {
    Token {
        secret: SecretString::from(answer.access_token().secret().to_owned()),
        good_for: answer.expires_in(),
    }
}

/// The refresh token of an answer, where it has changed.
pub(super) fn next_refresh(answer: &BasicTokenResponse) -> Option<SecretString> {
    let next = answer.refresh_token()?;
    Some(SecretString::from(next.secret().to_owned()))
}

/// Why there is no token. The answer is not repeated where it cannot be read: it may hold half a token.
pub(super) fn refusal(error: RequestTokenError<EndpointError, BasicErrorResponse>) -> Cause {
    match error {
        RequestTokenError::ServerResponse(refused) => unauthorized(refused.error().as_ref()),
        RequestTokenError::Request(error) => error.into(),
        // Slack refuses under status 200, in a form of its own.
        RequestTokenError::Parse(_, answer) => match serde_json::from_slice::<SlackRefusal>(&answer) {
            Ok(SlackRefusal { error }) => unauthorized(error),
            Err(_) => Cause::Malformed {
                expected: "a token",
                got: "something else".to_owned(),
            },
        },
        RequestTokenError::Other(_) => Cause::Malformed {
            expected: "a token",
            got: "an empty answer".to_owned(),
        },
    }
}

#[derive(serde::Deserialize)]
struct SlackRefusal {
    error: String,
}
