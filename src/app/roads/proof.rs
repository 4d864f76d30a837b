//! What a road shows as proof: the credentials that were chosen for it, in the order in which they are put on, and what
//! to say when they are refused.

use crate::backends::login::LogIn;
use crate::config::auth::{Auth as Kind, Hmac as Signing, OAuth as Registration};
use crate::config::{self, Credentials};
use http::header::HeaderValue;
use upstream::Cause;
use upstream::auth::{
    ApiKeys, Auth, Basic, Bearer, GitHubApp, Grant, Hmac, Kept, OAuth, OAuthClient, Place, Secret, TokenFile,
};
use url::Url;

/// Credentials in the order in which they are put on, and where they are kept.
pub(super) struct Proof {
    pub(super) auth: Vec<Box<dyn Auth>>,
    pub(super) kept: Option<Kept>,
}

/// The credentials of a road's vendor.
pub(super) enum Own<'c> {
    /// Those of the environment.
    Environment {
        auth: Box<dyn Auth>,
        variables: Vec<&'static str>,
    },
    /// What the file chooses.
    File(InFile<'c>),
}

/// Credentials that the file chooses.
#[derive(Clone, Copy)]
pub(super) struct InFile<'c> {
    pub(super) chosen: &'c config::Chosen,
    pub(super) key: &'static str,
    /// What gets new tokens, where somebody has to log in for them.
    pub(super) command: &'static str,
    pub(super) log_in: &'c LogIn,
    pub(super) api_url: &'c Url,
}

/// The credentials that go with the vendor's own, and the key that they stand under.
pub(super) struct Gateways<'c> {
    pub(super) chosen: &'c Credentials,
    pub(super) key: &'static str,
}

/// Puts a road's credentials together. What signs comes last, so that everything it signs is there.
pub(super) fn proof(own: Own<'_>, gateways: &Gateways<'_>) -> Result<Proof, Cause> {
    let mut kept = None;
    let (own, mut keys) = match own {
        Own::Environment { auth, variables } => (auth, variables),
        Own::File(in_file) => {
            let remedy = match in_file.chosen {
                Kind::Oauth(_) => format!("log in with `{}`", in_file.command),
                _ => format!("check {}", in_file.key),
            };
            let keys = vec![in_file.key];
            kept = Some(Kept {
                keys: keys.clone(),
                remedy,
            });
            (vendors(in_file)?, keys)
        }
    };
    let gateway = &gateways.chosen.gateway;
    if !gateway.is_empty() {
        keys.push(gateways.key);
        let remedy = match kept {
            Some(kept) => format!("{}, and check {}", kept.remedy, gateways.key),
            None => format!("check {}", keys.join(" and ")),
        };
        kept = Some(Kept { keys, remedy });
    }
    let (signing, others): (Vec<_>, Vec<_>) = gateway.iter().partition(|chosen| matches!(chosen, Kind::Hmac(_)));
    let mut auth = vec![own];
    for chosen in others.into_iter().chain(signing) {
        auth.push(simple(chosen)?);
    }
    Ok(Proof { auth, kept })
}

/// The vendor's credentials, of any kind.
fn vendors(in_file: InFile<'_>) -> Result<Box<dyn Auth>, Cause> {
    match in_file.chosen {
        Kind::Oauth(chosen) => {
            let grant = Grant::Refresh {
                first: chosen.refresh_token.clone(),
                kept_in: TokenFile::new(&chosen.token_file),
            };
            let client = client(chosen, in_file.log_in);
            Ok(Box::new(OAuth { client, grant }.into_auth()?))
        }
        Kind::GithubApp(app) => {
            let number = app.app_id.map(|id| id.to_string());
            let app = GitHubApp {
                api: in_file.api_url.clone(),
                issuer: app.client_id.clone().or(number).unwrap_or_default(),
                installation: app.installation_id,
                private_key: app.private_key.clone(),
            };
            Ok(Box::new(app.into_auth()?))
        }
        chosen => simple(chosen),
    }
}

/// The client that somebody logs in for, as it is known at the vendor's token endpoint.
pub(in crate::app) fn client(chosen: &Registration<Secret>, log_in: &LogIn) -> OAuthClient {
    let token_url = chosen.token_url.as_ref().map(|url| url.0.clone());
    OAuthClient {
        token_url: token_url.unwrap_or_else(|| log_in.token_url.clone()),
        id: chosen.client_id.clone(),
        secret: chosen.client_secret.clone(),
        auth: chosen.client_auth.unwrap_or(log_in.client_auth),
        within: log_in.within,
    }
}

/// The kinds that need nothing of the vendor.
fn simple(chosen: &config::Chosen) -> Result<Box<dyn Auth>, Cause> {
    let place = |header: &Option<config::Header>, scheme: &Option<String>| {
        let scheme = scheme.clone().unwrap_or_else(|| "Bearer".to_owned());
        Place::new(header.clone().unwrap_or_default().0, scheme)
    };
    Ok(match chosen {
        Kind::Bearer(bearer) => {
            Box::new(Bearer::new(bearer.token.clone()).placed(place(&bearer.header, &bearer.scheme)))
        }
        Kind::ApiKeys(keys) => {
            let keys = keys.headers.iter().map(|(header, key)| (header.0.clone(), key.clone()));
            Box::new(ApiKeys::new(keys))
        }
        Kind::Basic(basic) => {
            let header = basic.header.clone().unwrap_or_default().0;
            Box::new(Basic::new(&basic.user, basic.password.clone())?.placed(header))
        }
        Kind::ClientCredentials(client) => {
            let grant = Grant::ClientCredentials {
                scopes: client.scopes.clone(),
                parameters: client.parameters.clone(),
            };
            let place = place(&client.header, &client.scheme);
            let client = OAuthClient {
                token_url: client.token_url.0.clone(),
                id: client.client_id.clone(),
                secret: Some(client.client_secret.clone()),
                auth: client.client_auth,
                within: None,
            };
            Box::new(OAuth { client, grant }.into_auth()?.placed(place))
        }
        Kind::Hmac(signing) => Box::new(hmac(signing)?),
        // The configuration lets them stand where a vendor's own credentials do, and nowhere else.
        Kind::Oauth(_) | Kind::GithubApp(_) => {
            return Err(Cause::Invalid {
                message: format!("`{}` is no kind of credentials for a gateway", chosen.kind()),
            });
        }
    })
}

fn hmac(signing: &Signing<Secret>) -> Result<Hmac, Cause> {
    let key_id = signing.key_id.as_deref().map(HeaderValue::from_str).transpose();
    let key_id = key_id.map_err(|_| Cause::Invalid {
        message: "`key_id` is no header's value".to_owned(),
    })?;
    Ok(Hmac {
        key: signing.key.clone(),
        algorithm: signing.algorithm,
        encoding: signing.encoding,
        parts: signing.sign.0.clone(),
        separator: signing.separator.clone().unwrap_or_else(|| "\n".to_owned()),
        signature: (signing.header().0, signing.prefix.clone()),
        timestamp: signing.timestamp_header.clone().map(|header| header.0),
        key_id: signing.key_id_header().map(|header| header.0).zip(key_id),
    })
}
