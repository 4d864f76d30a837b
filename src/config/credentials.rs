//! The credentials that `braid.toml` chooses: their secrets fetched, and checked as far as that goes without asking
//! anybody.

use super::auth::Auth;
use super::file::values::{Header, Named};
use super::file::{Section, Source};
use super::{ConfigError, Env};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use upstream::auth::{GitHubApp, Part, Secret};

/// Credentials of the file, ready to be used.
pub type Chosen = Auth<Secret>;

/// The credentials of one backend.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// The vendor's own; `None`: those of the environment.
    pub auth: Option<Chosen>,
    /// A user's, where the vendor tells users from the app; `None`: those of the environment.
    pub user_auth: Option<Chosen>,
    /// What gateways in front of the vendor want beside.
    pub gateway: Vec<Chosen>,
}

/// What stands in the file for one backend.
#[derive(Clone, Copy)]
pub(super) struct Given<'f> {
    pub(super) backend: &'static str,
    pub(super) auth: Option<&'f Section>,
    pub(super) user_auth: Option<&'f Section>,
    pub(super) gateway: &'f [Section],
    /// The headers that the environment's credentials take, in lower case.
    pub(super) usual: &'static [&'static str],
}

/// Fetches and checks.
pub(super) struct Reader<'f> {
    pub(super) env: &'f Env,
    pub(super) source: &'f Source,
    /// The files that take tokens, with who uses them: two sections must not share one.
    pub(super) token_files: BTreeMap<PathBuf, String>,
}

impl Reader<'_> {
    /// The credentials of one backend.
    pub(super) fn read(&mut self, given: Given<'_>) -> Result<Credentials, ConfigError> {
        let key = |section: &str| format!("{}.{section}", given.backend);
        let mut read = Credentials::default();
        if let Some(auth) = given.auth {
            read.auth = Some(self.section(&key("auth"), auth)?);
        }
        if let Some(auth) = given.user_auth {
            read.user_auth = Some(self.section(&key("user_auth"), auth)?);
        }
        for gateway in given.gateway {
            read.gateway.push(self.section(&key("gateway"), gateway)?);
        }
        self.refuse_shared_headers(given)?;
        Ok(read)
    }

    fn section(&mut self, key: &str, section: &Section) -> Result<Chosen, ConfigError> {
        let fault = |message: String| self.source.fault(section.span(), &format!("{key}: {message}"));
        let auth = section.get_ref().clone();
        match &auth {
            Auth::Oauth(_) if key.ends_with("gateway") => {
                return Err(fault(
                    "a gateway's tokens cannot be logged in for, expected `client_credentials` or another kind"
                        .to_owned(),
                ));
            }
            Auth::GithubApp(_) if key != "github.auth" => {
                return Err(fault(
                    "`github_app` is for github.auth, expected another kind".to_owned(),
                ));
            }
            Auth::GithubApp(app) if app.client_id.is_some() == app.app_id.is_some() => {
                return Err(fault("expected `client_id` or `app_id`, one of them".to_owned()));
            }
            Auth::ApiKeys(keys) if keys.headers.is_empty() => {
                return Err(fault("expected at least one header in `headers`".to_owned()));
            }
            Auth::Basic(basic) if basic.user.contains(':') => {
                return Err(fault("`user` cannot hold a colon, which would end it".to_owned()));
            }
            Auth::Hmac(hmac) if hmac.sign.0.contains(&Part::Timestamp) && hmac.timestamp_header.is_none() => {
                return Err(fault(
                    "the timestamp is signed but not sent, expected `timestamp_header`, e.g. \"X-Timestamp\""
                        .to_owned(),
                ));
            }
            _ => {}
        }
        let mut auth = auth.with_secrets(|name, named| self.secret(&format!("{key}.{name}"), &named))?;
        match &mut auth {
            Auth::GithubApp(app) if !GitHubApp::takes(&app.private_key) => {
                return Err(fault("`private_key` is no RSA key in PEM".to_owned()));
            }
            Auth::Oauth(oauth) => {
                oauth.token_file = self.beside(&oauth.token_file);
                if let Some(other) = self.token_files.insert(oauth.token_file.clone(), key.to_owned()) {
                    return Err(self.source.fault(
                        section.span(),
                        &format!("{key}: `token_file` is that of {other}, expected one of its own"),
                    ));
                }
            }
            _ => {}
        }
        Ok(auth)
    }

    fn secret(&self, key: &str, named: &Spanned<Named>) -> Result<Secret, ConfigError> {
        let fault = |message: String| self.source.fault(named.span(), &format!("{key}: {message}"));
        match named.get_ref() {
            Named::Env(name) => match self.env.secret(name) {
                Ok(Some(secret)) => Ok(secret),
                Ok(None) => Err(fault(format!("neither {name} nor {name}_FILE is set"))),
                Err(error) => Err(fault(error.to_string())),
            },
            Named::File(path) => Secret::file(self.beside(path)).map_err(|error| fault(error.to_string())),
        }
    }

    /// Paths in the file are meant from where it is.
    fn beside(&self, path: &Path) -> PathBuf {
        self.source.path.parent().unwrap_or(Path::new("")).join(path)
    }

    /// What would overwrite another's header on the way.
    fn refuse_shared_headers(&self, given: Given<'_>) -> Result<(), ConfigError> {
        let backend = given.backend;
        let user = given.user_auth.map(Some);
        for own in std::iter::once(given.auth).chain(user) {
            let mut taken: BTreeMap<Header, String> = BTreeMap::new();
            match own {
                Some(section) => {
                    let headers = section.get_ref().headers();
                    let name = format!("the credentials of {backend}");
                    self.take(&mut taken, headers, (section.span(), &name))?;
                }
                None => taken.extend(given.usual.iter().map(|header| {
                    let name = format!("the credentials of {backend} in the environment");
                    (Header::fixed(header), name)
                })),
            }
            for (number, gateway) in given.gateway.iter().enumerate() {
                let name = format!("gateway {} of {backend}", number + 1);
                self.take(&mut taken, gateway.get_ref().headers(), (gateway.span(), &name))?;
            }
        }
        Ok(())
    }

    fn take(
        &self,
        taken: &mut BTreeMap<Header, String>,
        headers: Vec<Header>,
        (place, name): (Range<usize>, &str),
    ) -> Result<(), ConfigError> {
        for header in headers {
            let spelled = header.0.to_string();
            if let Some(other) = taken.insert(header, name.to_owned()) {
                return Err(self.source.fault(
                    place,
                    &format!(
                        "{name} would set the header `{spelled}`, which {other} set already: expected another `header`"
                    ),
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
