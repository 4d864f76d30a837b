//! The kinds of credentials that `braid.toml` can choose, each with its keys. `S` is a secret: where it is as it stands
//! in the file ([`Named`](super::file::values::Named)), the secret itself in what the program works with.

use super::file::values::{Header, Sign, TokenUrl};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use upstream::auth::{Algorithm, ClientAuth, Encoding};

/// Credentials of one kind. In the file the key `kind` says which.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth<S> {
    /// A token that somebody else keeps fresh.
    Bearer(Bearer<S>),
    /// Keys in headers of the vendor's own.
    ApiKeys(ApiKeys<S>),
    /// A user name and a password.
    Basic(Basic<S>),
    /// OAuth tokens by the client's own credentials.
    ClientCredentials(ClientCredentials<S>),
    /// OAuth tokens that somebody logged in for, or that are rotated.
    Oauth(OAuth<S>),
    /// Tokens of an installation of a GitHub App.
    GithubApp(GitHubApp<S>),
    /// A signature over each request.
    Hmac(Hmac<S>),
}

/// `kind = "bearer"`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bearer<S> {
    /// The token.
    pub token: S,
    /// The header it stands in; `Authorization` unless said.
    #[serde(default)]
    pub header: Option<Header>,
    /// The word before it; `Bearer` unless said.
    #[serde(default)]
    pub scheme: Option<String>,
}

/// `kind = "api_keys"`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKeys<S> {
    /// Keys by header.
    pub headers: BTreeMap<Header, S>,
}

/// `kind = "basic"`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basic<S> {
    /// The user's name.
    pub user: String,
    /// The password.
    pub password: S,
    /// The header they stand in; `Authorization` unless said.
    #[serde(default)]
    pub header: Option<Header>,
}

/// `kind = "client_credentials"`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientCredentials<S> {
    /// Where tokens are given out.
    pub token_url: TokenUrl,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: S,
    /// Where both stand in the request.
    #[serde(default)]
    pub client_auth: ClientAuth,
    /// What is asked for.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// What else the token endpoint wants to know.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// The header the token stands in; `Authorization` unless said.
    #[serde(default)]
    pub header: Option<Header>,
    /// The word before it; `Bearer` unless said.
    #[serde(default)]
    pub scheme: Option<String>,
}

/// `kind = "oauth"`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuth<S> {
    /// The client's id.
    pub client_id: String,
    /// The client's secret; public clients have none.
    #[serde(default = "Option::default")]
    pub client_secret: Option<S>,
    /// Where both stand in the request; the vendor's way unless said.
    #[serde(default)]
    pub client_auth: Option<ClientAuth>,
    /// The page on which a person agrees; the vendor's unless said.
    #[serde(default)]
    pub authorize_url: Option<TokenUrl>,
    /// Where tokens are given out; the vendor's unless said.
    #[serde(default)]
    pub token_url: Option<TokenUrl>,
    /// What is asked for.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The port on loopback that the browser comes back to; any free one unless said.
    #[serde(default)]
    pub redirect_port: Option<u16>,
    /// Where the vendor sends the browser, where it takes no address on loopback: something there must lead to the port.
    #[serde(default)]
    pub redirect_url: Option<TokenUrl>,
    /// A first refresh token, for who has one without logging in.
    #[serde(default = "Option::default")]
    pub refresh_token: Option<S>,
    /// Where the tokens are kept.
    pub token_file: PathBuf,
}

/// `kind = "github_app"`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GitHubApp<S> {
    /// The app's client id.
    #[serde(default)]
    pub client_id: Option<String>,
    /// The app's number, where its client id is not known.
    #[serde(default)]
    pub app_id: Option<u64>,
    /// The installation's number.
    pub installation_id: u64,
    /// The app's private key in PEM.
    pub private_key: S,
}

/// `kind = "hmac"`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hmac<S> {
    /// The key.
    pub key: S,
    /// The hash.
    #[serde(default)]
    pub algorithm: Algorithm,
    /// How hashes are written.
    #[serde(default)]
    pub encoding: Encoding,
    /// What is signed, in this order.
    #[serde(default)]
    pub sign: Sign,
    /// What stands between the parts; a line break unless said.
    #[serde(default)]
    pub separator: Option<String>,
    /// The header for the signature; `X-Signature` unless said.
    #[serde(default)]
    pub header: Option<Header>,
    /// What stands before the signature.
    #[serde(default)]
    pub prefix: String,
    /// The header for the time of signing.
    #[serde(default)]
    pub timestamp_header: Option<Header>,
    /// Whose key it is.
    #[serde(default)]
    pub key_id: Option<String>,
    /// The header that says so; `X-Key-Id` unless said.
    #[serde(default)]
    pub key_id_header: Option<Header>,
}

impl<S> Auth<S> {
    /// The word in the file.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Bearer(_) => "bearer",
            Self::ApiKeys(_) => "api_keys",
            Self::Basic(_) => "basic",
            Self::ClientCredentials(_) => "client_credentials",
            Self::Oauth(_) => "oauth",
            Self::GithubApp(_) => "github_app",
            Self::Hmac(_) => "hmac",
        }
    }

    /// The headers that it sets on a request.
    pub fn headers(&self) -> Vec<Header> {
        let one = |header: &Option<Header>| vec![header.clone().unwrap_or_default()];
        match self {
            Self::Bearer(bearer) => one(&bearer.header),
            Self::ApiKeys(keys) => keys.headers.keys().cloned().collect(),
            Self::Basic(basic) => one(&basic.header),
            Self::ClientCredentials(client) => one(&client.header),
            Self::Oauth(_) | Self::GithubApp(_) => one(&None),
            Self::Hmac(hmac) => {
                let further = [hmac.timestamp_header.clone(), hmac.key_id_header()];
                further.into_iter().flatten().chain([hmac.header()]).collect()
            }
        }
    }

    /// The same with other secrets; `exchange` gets the key's name with each.
    pub fn with_secrets<T, E>(self, mut exchange: impl FnMut(&str, S) -> Result<T, E>) -> Result<Auth<T>, E> {
        Ok(match self {
            Self::Bearer(Bearer { token, header, scheme }) => Auth::Bearer(Bearer {
                token: exchange("token", token)?,
                header,
                scheme,
            }),
            Self::ApiKeys(ApiKeys { headers }) => {
                let mut exchanged = BTreeMap::new();
                for (header, key) in headers {
                    let key = exchange(&format!("headers.{}", header.0), key)?;
                    exchanged.insert(header, key);
                }
                Auth::ApiKeys(ApiKeys { headers: exchanged })
            }
            Self::Basic(Basic { user, password, header }) => Auth::Basic(Basic {
                user,
                password: exchange("password", password)?,
                header,
            }),
            Self::ClientCredentials(client) => Auth::ClientCredentials(ClientCredentials {
                client_secret: exchange("client_secret", client.client_secret)?,
                token_url: client.token_url,
                client_id: client.client_id,
                client_auth: client.client_auth,
                scopes: client.scopes,
                parameters: client.parameters,
                header: client.header,
                scheme: client.scheme,
            }),
            Self::Oauth(oauth) => Auth::Oauth(oauth.with_secrets(&mut exchange)?),
            Self::GithubApp(app) => Auth::GithubApp(GitHubApp {
                private_key: exchange("private_key", app.private_key)?,
                client_id: app.client_id,
                app_id: app.app_id,
                installation_id: app.installation_id,
            }),
            Self::Hmac(hmac) => Auth::Hmac(Hmac {
                key: exchange("key", hmac.key)?,
                algorithm: hmac.algorithm,
                encoding: hmac.encoding,
                sign: hmac.sign,
                separator: hmac.separator,
                header: hmac.header,
                prefix: hmac.prefix,
                timestamp_header: hmac.timestamp_header,
                key_id: hmac.key_id,
                key_id_header: hmac.key_id_header,
            }),
        })
    }
}

impl<S> OAuth<S> {
    fn with_secrets<T, E>(self, exchange: &mut impl FnMut(&str, S) -> Result<T, E>) -> Result<OAuth<T>, E> {
        Ok(OAuth {
            client_secret: self
                .client_secret
                .map(|secret| exchange("client_secret", secret))
                .transpose()?,
            refresh_token: self
                .refresh_token
                .map(|token| exchange("refresh_token", token))
                .transpose()?,
            client_id: self.client_id,
            client_auth: self.client_auth,
            authorize_url: self.authorize_url,
            token_url: self.token_url,
            scopes: self.scopes,
            redirect_port: self.redirect_port,
            redirect_url: self.redirect_url,
            token_file: self.token_file,
        })
    }
}

impl<S> Hmac<S> {
    /// The header for the signature.
    pub fn header(&self) -> Header {
        self.header.clone().unwrap_or_else(|| Header::fixed("x-signature"))
    }

    /// The header that says whose key it is, where that is said.
    pub fn key_id_header(&self) -> Option<Header> {
        self.key_id.as_ref()?;
        let given = self.key_id_header.clone();
        Some(given.unwrap_or_else(|| Header::fixed("x-key-id")))
    }
}
