//! A signed assertion exchanged for a token, as GitHub Apps do it ("Generating a JSON Web Token (JWT) for a GitHub
//! App"; "Generating an installation access token for a GitHub App").

use super::endpoint::Endpoint;
use super::lease::{Issuer, Leased, Token, unauthorized};
use super::{Secret, rs256};
use crate::Cause;
use async_trait::async_trait;
use http::header::{ACCEPT, AUTHORIZATION};
use http::{Method, Request, StatusCode};
use jsonwebtoken::{Algorithm, Header};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};
use url::Url;

/// The assertion is dated back, as the doc asks for: clocks differ.
const BACK: u64 = 60;

/// It may last ten minutes by GitHub's clock; one less than that by ours.
const AHEAD: u64 = 9 * 60;

/// Installation tokens last an hour; five minutes before that a new one is got.
const EARLY: Duration = Duration::from_secs(5 * 60);

/// What an installation of an app is known by.
pub struct GitHubApp {
    /// The REST API, e.g. `https://api.github.com`.
    pub api: Url,
    /// The app's client id, which the doc prefers, or its number.
    pub issuer: String,
    /// The installation's number.
    pub installation: u64,
    /// The app's private key, as the PEM file that GitHub hands out.
    pub private_key: Secret,
}

impl GitHubApp {
    /// Whether this is a key that can be signed with.
    pub fn takes(private_key: &Secret) -> bool {
        rs256::key(private_key.current().expose_secret()).is_some()
    }

    /// Credentials of this installation. [`Cause::Invalid`] for a URL that no secret may be sent to.
    pub fn into_auth(self) -> Result<Leased, Cause> {
        rs256::install();
        let url = format!(
            "{}/app/installations/{}/access_tokens",
            self.api.as_str().trim_end_matches('/'),
            self.installation
        );
        let endpoint = Endpoint::new(&self.api)?;
        Ok(Leased::new(
            Exchange {
                app: self,
                url,
                endpoint,
            },
            EARLY,
        ))
    }
}

struct Exchange {
    app: GitHubApp,
    url: String,
    endpoint: Endpoint,
}

#[derive(Serialize)]
struct Claims<'a> {
    iat: u64,
    exp: u64,
    iss: &'a str,
}

#[derive(Deserialize)]
struct Issued {
    token: String,
    expires_at: jiff::Timestamp,
}

#[async_trait]
impl Issuer for Exchange {
    async fn issue(&self, _held: Option<SecretString>) -> Result<Token, Cause> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(&self.url)
            .header(AUTHORIZATION, format!("Bearer {}", self.assertion()?))
            .header(ACCEPT, "application/vnd.github+json")
            .body(Vec::new())
            .map_err(|_| unauthorized("the assertion is no header value"))?;
        let answer = self.endpoint.ask(request).await?;
        if !answer.status().is_success() {
            return Err(self.refusal(answer.status()));
        }
        let issued: Issued = serde_json::from_slice(answer.body()).map_err(|_| Cause::Malformed {
            expected: "an installation token",
            got: "something else".to_owned(),
        })?;
        let left = issued.expires_at.duration_since(jiff::Timestamp::now());
        Ok(Token::new(issued.token, Some(left.try_into().unwrap_or_default())))
    }
}

impl Exchange {
    fn assertion(&self) -> Result<String, Cause> {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let claims = Claims {
            iat: now.saturating_sub(BACK),
            exp: now + AHEAD,
            iss: &self.app.issuer,
        };
        let pem = self.app.private_key.current();
        rs256::key(pem.expose_secret())
            .and_then(|key| jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &key).ok())
            .ok_or_else(|| unauthorized("the private key is no RSA key in PEM"))
    }

    /// What GitHub means by a status ("Generating an installation access token for a GitHub App").
    fn refusal(&self, status: StatusCode) -> Cause {
        let installation = self.app.installation;
        unauthorized(match status {
            StatusCode::UNAUTHORIZED => {
                "GitHub does not take the app's assertion: its id or its key is wrong".to_owned()
            }
            StatusCode::NOT_FOUND => format!("the app has no installation {installation}"),
            StatusCode::FORBIDDEN => format!("the installation {installation} is suspended, or not the app's"),
            status => format!("no token for the installation {installation}: {status}"),
        })
    }
}
