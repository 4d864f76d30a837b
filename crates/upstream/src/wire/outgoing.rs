//! A request as it goes out: URL, headers and the very bytes of the body, so that what is signed is what is sent.

use crate::{Body, Cause, Request};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method};
use url::{Host, Url};

/// A request, complete but for the credentials.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// Where to, query included.
    pub url: Url,
    /// The headers. Secrets in it are marked sensitive.
    pub headers: HeaderMap,
    /// The body's bytes.
    pub body: Bytes,
}

impl Outgoing {
    /// Puts a request together below the base.
    pub(super) fn new(base: &Url, request: &Request) -> Result<Self, Cause> {
        let mut headers: HeaderMap = request.headers.iter().cloned().collect();
        let body = match &request.body {
            Body::Empty => Bytes::new(),
            Body::Form(pairs) => {
                headers.insert(
                    CONTENT_TYPE,
                    HeaderValue::from_static("application/x-www-form-urlencoded"),
                );
                encoded(pairs)?.into()
            }
            Body::Json(value) => {
                // Slack warns about JSON without a charset ("Using the Slack Web API"), the others do not mind one.
                headers.insert(
                    CONTENT_TYPE,
                    HeaderValue::from_static("application/json; charset=utf-8"),
                );
                value.to_string().into()
            }
        };
        Ok(Self {
            method: request.method.clone(),
            url: url(base, request)?,
            headers,
            body,
        })
    }
}

/// Why credentials may not be sent to this base URL; `None` where they may.
pub fn base_refusal(base: &Url) -> Option<String> {
    let loopback = match base.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match base.scheme() {
        // The URL itself is not repeated: it may be the very thing that holds a password.
        _ if !base.username().is_empty() || base.password().is_some() => {
            Some("the URL holds a user name or password; give credentials by their own variables".to_owned())
        }
        _ if base.query().is_some() || base.fragment().is_some() => {
            Some("the URL must end with its path, without a query or fragment".to_owned())
        }
        "https" => None,
        "http" if loopback => None,
        "http" => Some(format!(
            "plain http to {} would show the credentials to everyone on the way; use https (plain http is for loopback only)",
            base.host_str().unwrap_or_default()
        )),
        scheme => Some(format!("{scheme} is not supported; the URL must begin with https://")),
    }
}

fn url(base: &Url, request: &Request) -> Result<Url, Cause> {
    let invalid = |message: String| Cause::Invalid { message };
    // Without the slash a path could continue the host name: "https://api.example" + ".evil".
    if !(request.path.is_empty() || request.path.starts_with('/')) {
        return Err(invalid("the path must begin with a slash".to_owned()));
    }
    let joined = format!("{}{}", base.as_str().trim_end_matches('/'), request.path);
    let mut url = Url::parse(&joined).map_err(|error| invalid(error.to_string()))?;
    if url.origin() != base.origin() {
        return Err(invalid("the path leads to another host".to_owned()));
    }
    if !request.query.is_empty() {
        url.set_query(Some(&encoded(&request.query)?));
    }
    Ok(url)
}

fn encoded(pairs: &[(&'static str, String)]) -> Result<String, Cause> {
    serde_urlencoded::to_string(pairs).map_err(|error| Cause::Invalid {
        message: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(base: &str) -> Option<String> {
        base_refusal(&Url::parse(base).unwrap())
    }

    #[test]
    fn credentials_go_over_https_or_stay_on_the_machine() {
        for fine in [
            "https://slack.com/api",
            "http://127.0.0.1:1/x",
            "http://[::1]:1",
            "http://localhost:80",
        ] {
            assert_eq!(refusal(fine), None, "{fine}");
        }
        assert!(refusal("http://slack.com/api").unwrap().contains("slack.com"));
        assert!(refusal("http://localhost.evil.example/").is_some());
        assert!(refusal("http://127.0.0.1.evil.example/").is_some());
        assert!(refusal("ftp://127.0.0.1/").unwrap().contains("ftp"));
        assert!(!refusal("https://ada:hunter2@slack.com/").unwrap().contains("hunter2"));
        assert!(refusal("https://slack.com/?token=x").is_some());
    }

    #[test]
    fn a_path_cannot_leave_the_host() {
        let base = Url::parse("https://api.example").unwrap();
        for path in [".evil.example/", "@evil.example/", "//evil.example"] {
            let outgoing = Outgoing::new(&base, &Request::read("x", Method::GET, path));
            assert!(
                outgoing.is_err() || outgoing.unwrap().url.host_str() == Some("api.example"),
                "{path}"
            );
        }
    }

    #[test]
    fn joins_path_and_query_below_the_base() {
        let base = Url::parse("https://slack.com/api/").unwrap();
        let request = Request::read("x", Method::GET, "/conversations.history").query("channel", "C 1");
        assert_eq!(
            Outgoing::new(&base, &request).unwrap().url.as_str(),
            "https://slack.com/api/conversations.history?channel=C+1"
        );
    }
}
