//! Addresses: the variable's, else the file's, else the vendor's own. What is wrong is told of the place where it stands.

use super::file::Source;
use super::{ConfigError, Env};
use crate::serve::http::{takes_host, takes_origin};
use toml::Spanned;
use upstream::wire::base_refusal;
use url::{Host, Url};

/// Where a site of Datadog's is told of.
const SITE: (&str, &str) = ("DATADOG_SITE", "datadog.site");

/// Datadog's first site.
const USUAL_SITE: &str = "datadoghq.com";

/// One address.
#[derive(Clone, Copy)]
pub(super) struct Address<'f> {
    /// The variable, which wins.
    pub(super) variable: &'static str,
    /// The key, with its table's name.
    pub(super) key: &'static str,
    /// What the file says.
    pub(super) in_file: Option<&'f Spanned<String>>,
    /// Where it is unless said.
    pub(super) usual: &'f str,
}

/// Reads addresses.
pub(super) struct Addresses<'f> {
    pub(super) env: &'f Env,
    pub(super) source: &'f Source,
}

/// Why a text is no address that can be used, and the text as far as it may be repeated.
struct Wrong {
    value: String,
    reason: String,
}

impl Addresses<'_> {
    /// A base URL. What stands in the file must be right even where the variable wins: it is there to be used one day.
    pub(super) fn url(&self, address: Address<'_>) -> Result<Url, ConfigError> {
        let Address { key, usual, .. } = address;
        let in_file = address.in_file.map(|text| {
            base(text.get_ref()).map_err(|Wrong { value, reason }| {
                let fault = format!("{key}: `{value}` is no URL that can be used: {reason}; expected e.g. `{usual}`");
                self.source.fault(text.span(), &fault)
            })
        });
        let in_file = in_file.transpose()?;
        let variable = self.env.text(address.variable);
        if let (None, Some(url)) = (&variable, in_file) {
            return Ok(url);
        }
        let text = variable.unwrap_or_else(|| usual.to_owned());
        base(&text).map_err(|Wrong { value, reason }| ConfigError::Url {
            name: address.variable.to_owned(),
            value,
            reason,
            example: usual.to_owned(),
        })
    }

    /// Datadog's site, of which its addresses are made.
    pub(super) fn site(&self, in_file: Option<&Spanned<String>>) -> Result<String, ConfigError> {
        let (variable, key) = SITE;
        let fault = |text: &str| format!("`{text}` is no site of Datadog's; expected a host, e.g. `{USUAL_SITE}`");
        if let Some(text) = in_file.filter(|text| !is_site(text.get_ref())) {
            let fault = format!("{key}: {}", fault(text.get_ref()));
            return Err(self.source.fault(text.span(), &fault));
        }
        match self.env.text(variable) {
            Some(site) if is_site(&site) => Ok(site),
            Some(site) => Err(ConfigError::Variable {
                name: variable.to_owned(),
                message: fault(&site),
            }),
            None => Ok(in_file.map_or(USUAL_SITE, |site| site.get_ref()).to_owned()),
        }
    }

    /// The names that the server is called by.
    pub(super) fn hosts(&self, given: &[Spanned<String>]) -> Result<Vec<String>, ConfigError> {
        self.names(
            given,
            takes_host,
            "allowed_hosts",
            "host, expected e.g. `braid.example.com` or `braid.example.com:8443`",
        )
    }

    /// The origins of pages that may call it.
    pub(super) fn origins(&self, given: &[Spanned<String>]) -> Result<Vec<String>, ConfigError> {
        self.names(
            given,
            takes_origin,
            "allowed_origins",
            "origin, expected e.g. `https://app.example.com`",
        )
    }

    fn names(
        &self,
        given: &[Spanned<String>],
        takes: fn(&str) -> bool,
        key: &str,
        expected: &str,
    ) -> Result<Vec<String>, ConfigError> {
        if let Some(wrong) = given.iter().find(|text| !takes(text.get_ref())) {
            let fault = format!("http.{key}: `{}` is no {expected}", wrong.get_ref());
            return Err(self.source.fault(wrong.span(), &fault));
        }
        Ok(given.iter().map(|text| text.get_ref().clone()).collect())
    }
}

/// Plain http only to this machine, since credentials travel on it.
fn base(text: &str) -> Result<Url, Wrong> {
    let wrong = |reason: String| Wrong {
        value: text.to_owned(),
        reason,
    };
    let url = Url::parse(text).map_err(|error| wrong(error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Wrong {
            // The text is not repeated here: it holds a secret.
            value: url.host_str().unwrap_or_default().to_owned(),
            reason: "a URL must not hold credentials".to_owned(),
        });
    }
    match url.scheme() {
        "http" if !is_loopback(&url) => Err(wrong("plain http is for this machine only".to_owned())),
        "http" | "https" => match base_refusal(&url) {
            Some(reason) => Err(wrong(reason)),
            None => Ok(url),
        },
        scheme => Err(wrong(format!("`{scheme}` is not https"))),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A host name and nothing else: it becomes a part of one.
fn is_site(text: &str) -> bool {
    let is_label = |label: &str| {
        let mut characters = label.chars();
        !label.is_empty() && characters.all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    text.split('.').all(is_label)
}
