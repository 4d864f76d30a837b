//! What every request to every route must pass: a `Host` that is ours, an `Origin` that may call us, and the token on all
//! routes but `/healthz`.
//!
//! `Host` guards against a web page that made its own name resolve to this machine; `Origin` against one that calls us
//! openly. Both come first, so that a page learns nothing about the token.

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, HOST, ORIGIN, WWW_AUTHENTICATE};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::sync::Arc;
use upstream::auth::Secret;

/// The route that needs no token: container health checks and load balancers send none, and it says only that the server runs.
const OPEN: &str = "/healthz";

/// Names of this machine for itself.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// What a guard knows.
pub(super) struct Params<'a> {
    pub(super) token: Option<Secret>,
    pub(super) hosts: &'a [String],
    pub(super) origins: &'a [String],
    pub(super) address: SocketAddr,
}

/// Checks requests.
pub(super) struct Guard {
    /// Read anew for each request: it may come from a file that changes.
    token: Option<Secret>,
    hosts: Vec<Name>,
    origins: Vec<(String, Name)>,
}

/// A host, and the port it is bound to, if to one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    host: String,
    port: Option<u16>,
}

impl Guard {
    pub(super) fn new(params: Params<'_>) -> Self {
        let mut hosts: Vec<_> = LOOPBACK.iter().map(|host| Name::any_port(host)).collect();
        if !params.address.ip().is_unspecified() {
            hosts.push(Name::any_port(&params.address.ip().to_string()));
        }
        hosts.extend(params.hosts.iter().filter_map(|host| Name::parse(host)));
        Self {
            token: params.token,
            hosts,
            origins: params
                .origins
                .iter()
                .filter_map(|origin| parse_origin(origin))
                .collect(),
        }
    }

    fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Response> {
        let host = host(uri, headers);
        let Some(host) = host.filter(|host| self.hosts.iter().any(|known| known.covers(host))) else {
            return Err((StatusCode::FORBIDDEN, "this server does not answer to that Host").into_response());
        };
        if let Some(origin) = headers.get(ORIGIN)
            && !origin
                .to_str()
                .ok()
                .and_then(parse_origin)
                .is_some_and(|origin| self.may_call(&origin, &host))
        {
            return Err((StatusCode::FORBIDDEN, "pages of that Origin may not call this server").into_response());
        }
        if uri.path() != OPEN && !self.is_let_in(headers) {
            // A browser that opens a page can ask its user; anything else is not to take Basic for the way in.
            let challenge = if asks_for_a_page(headers) {
                "Basic realm=\"braid: any name, the token as password\""
            } else {
                "Bearer"
            };
            let missing = (
                StatusCode::UNAUTHORIZED,
                [(WWW_AUTHENTICATE, challenge)],
                "give the server's token as a bearer token, or in a browser as the password",
            );
            return Err(missing.into_response());
        }
        Ok(())
    }

    /// Our own pages, pages on this machine, and those that were named.
    fn may_call(&self, (scheme, name): &(String, Name), host: &Name) -> bool {
        name == host
            || LOOPBACK.contains(&name.host.as_str())
            || self
                .origins
                .iter()
                .any(|(known, covering)| known == scheme && covering.covers(name))
    }

    fn is_let_in(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.token else {
            return true;
        };
        let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given = given.and_then(|value| {
            let (scheme, given) = value.split_once(' ')?;
            match scheme.to_ascii_lowercase().as_str() {
                "bearer" => Some(given.trim().to_owned()),
                "basic" => password(given.trim()),
                _ => None,
            }
        });
        given.is_some_and(|given| digest(&given) == digest(token.current().expose_secret()))
    }
}

/// The password of Basic credentials; the name in them does not matter.
fn password(given: &str) -> Option<String> {
    let decoded = String::from_utf8(STANDARD.decode(given).ok()?).ok()?;
    decoded.split_once(':').map(|(_, password)| password.to_owned())
}

fn asks_for_a_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Lets a request through, or answers 403 or 401.
pub(super) async fn checked(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    match guard.check(request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => {
            tracing::debug!(status = %refusal.status(), "refused a request");
            refusal
        }
    }
}

/// Whether this names a host that can be answered to: `host` or `host:port`.
pub fn takes_host(text: &str) -> bool {
    // The other characters of an address belong to users, wildcards and the like, which no `Host` has.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    let has_port = text.rsplit(']').next().is_some_and(|rest| rest.contains(':'));
    text.chars().all(is_plain)
        && Name::parse(text).is_some_and(|name| !name.host.is_empty() && name.port.is_some() == has_port)
}

/// Whether this names an origin that can be let in: `scheme://host` or `scheme://host:port`.
pub fn takes_origin(text: &str) -> bool {
    let is_of_schemes = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    text.split_once("://").is_some_and(|(scheme, rest)| {
        let named = !scheme.is_empty() && scheme.chars().all(is_of_schemes);
        named && takes_host(rest.trim_end_matches(":*"))
    })
}

impl Name {
    fn any_port(host: &str) -> Self {
        Self {
            host: host.to_owned(),
            port: None,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let authority: Authority = text.trim().parse().ok()?;
        let host = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']')
            .trim_end_matches('.');
        Some(Self {
            host: host.to_ascii_lowercase(),
            port: authority.port_u16(),
        })
    }

    /// A name without a port covers every port.
    fn covers(&self, other: &Self) -> bool {
        self.host == other.host && (self.port.is_none() || self.port == other.port)
    }
}

/// HTTP/2 has no `Host`, but the same in the address.
fn host(uri: &Uri, headers: &HeaderMap) -> Option<Name> {
    match headers.get(HOST) {
        Some(host) => Name::parse(host.to_str().ok()?),
        None => Name::parse(uri.authority()?.as_str()),
    }
}

/// Scheme and name; `null` and what is no address have none.
fn parse_origin(origin: &str) -> Option<(String, Name)> {
    let (scheme, rest) = origin.trim().split_once("://")?;
    Some((scheme.to_ascii_lowercase(), Name::parse(rest.trim_end_matches(":*"))?))
}

/// Comparing digests takes time that says nothing about the token.
fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::{Guard, Params, takes_host, takes_origin};
    use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};

    fn guard(token: Option<&str>) -> Guard {
        Guard::new(Params {
            token: token.map(Into::into),
            hosts: &["braid.example.com".to_owned(), "other.example.com:8443".to_owned()],
            origins: &["https://app.example.com".to_owned()],
            address: "127.0.0.1:8750".parse().unwrap(),
        })
    }

    fn answer(guard: &Guard, headers: &[(&'static str, &'static str)]) -> StatusCode {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        guard
            .check(&Uri::from_static("/mcp"), &headers)
            .map_or_else(|refusal| refusal.status(), |()| StatusCode::OK)
    }

    #[test]
    fn answers_to_its_own_names_only() {
        let guard = guard(None);
        for host in [
            "localhost",
            "LOCALHOST:1",
            "127.0.0.1:8750",
            "[::1]:8750",
            "braid.example.com",
            "other.example.com:8443",
        ] {
            assert_eq!(answer(&guard, &[("host", host)]), StatusCode::OK, "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "other.example.com",
            "127.0.0.2",
            "",
            "a b",
        ] {
            assert_eq!(answer(&guard, &[("host", host)]), StatusCode::FORBIDDEN, "{host}");
        }
        assert_eq!(answer(&guard, &[]), StatusCode::FORBIDDEN);
    }

    #[test]
    fn names_that_could_never_be_met_are_known() {
        for host in [
            "braid.example.com",
            "braid:8443",
            "10.0.0.7",
            "[2001:db8::1]:80",
            "my_host",
        ] {
            assert!(takes_host(host), "{host}");
        }
        for host in [
            "",
            "a b",
            "*.example.com",
            "https://braid.example.com",
            "braid/mcp",
            "me@braid",
            "braid:http",
        ] {
            assert!(!takes_host(host), "{host}");
        }
        for origin in [
            "https://app.example.com",
            "http://app:3000",
            "http://app:*",
            "vscode-webview://1q2w",
        ] {
            assert!(takes_origin(origin), "{origin}");
        }
        for origin in [
            "",
            "null",
            "app.example.com",
            "https://app.example.com/",
            "https://a b",
            "://app",
            "*",
        ] {
            assert!(!takes_origin(origin), "{origin}");
        }
    }

    #[test]
    fn takes_the_host_of_http_2_from_the_address() {
        let answer = guard(None).check(&Uri::from_static("http://localhost:1/mcp"), &HeaderMap::new());
        assert!(answer.is_ok());
    }

    #[test]
    fn is_called_by_its_own_pages_by_this_machine_and_by_those_it_knows() {
        let guard = guard(None);
        for origin in [
            "http://localhost:3000",
            "http://127.0.0.1:8750",
            "https://app.example.com",
        ] {
            assert_eq!(
                answer(&guard, &[("host", "localhost"), ("origin", origin)]),
                StatusCode::OK,
                "{origin}"
            );
        }
        let own = [("host", "braid.example.com"), ("origin", "https://braid.example.com")];
        assert_eq!(answer(&guard, &own), StatusCode::OK);
        for origin in [
            "http://evil.example",
            "null",
            "http://app.example.com",
            "https://braid.example.com",
            "",
            "localhost",
        ] {
            assert_eq!(
                answer(&guard, &[("host", "localhost"), ("origin", origin)]),
                StatusCode::FORBIDDEN,
                "{origin}"
            );
        }
    }

    #[test]
    fn wants_the_token_where_there_is_one() {
        let guard = guard(Some("s3cret"));
        let with = |value| answer(&guard, &[("host", "localhost"), ("authorization", value)]);
        assert_eq!(with("Bearer s3cret"), StatusCode::OK);
        assert_eq!(with("bearer s3cret"), StatusCode::OK);
        // `anybody:s3cret`, as a browser sends it.
        assert_eq!(with("Basic YW55Ym9keTpzM2NyZXQ="), StatusCode::OK);
        // `s3cret:`, where the name does not count, and `anybody:other`.
        for wrong in ["Basic czNjcmV0Og==", "Basic YW55Ym9keTpvdGhlcg==", "Basic !"] {
            assert_eq!(with(wrong), StatusCode::UNAUTHORIZED, "{wrong}");
        }
        for wrong in ["Bearer s3cre", "Bearer s3cret2", "Basic s3cret", "s3cret", "Bearer"] {
            assert_eq!(with(wrong), StatusCode::UNAUTHORIZED, "{wrong}");
        }
        assert_eq!(answer(&guard, &[("host", "localhost")]), StatusCode::UNAUTHORIZED);
        assert_eq!(answer(&guard, &[("host", "evil.example")]), StatusCode::FORBIDDEN);
    }

    #[test]
    fn a_browser_that_opens_a_page_is_told_to_ask_its_user() {
        let guard = guard(Some("s3cret"));
        let challenge = |accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("host", HeaderValue::from_static("localhost"));
            headers.insert("accept", HeaderValue::from_static(accept));
            let refusal = guard.check(&Uri::from_static("/graphiql"), &headers).unwrap_err();
            refusal.headers()["www-authenticate"].to_str().unwrap().to_owned()
        };
        assert!(challenge("text/html,application/xhtml+xml").starts_with("Basic realm="));
        assert_eq!(challenge("application/json, text/event-stream"), "Bearer");
    }
}
