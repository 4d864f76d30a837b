//! What GitHub's `errors[]` and rate-limit headers mean ("Rate limits and query limits for the GraphQL API").

use crate::backends::clean::clean;
use http::HeaderMap;
use http::header::DATE;
use serde::Deserialize;
use serde_json::Value;
use std::time::{Duration, SystemTime};
use upstream::{Cause, Failure, Refusal, quota};

/// How long to wait where GitHub does not say: its documentation asks for at least a minute.
const UNSTATED_WAIT: Duration = Duration::from_secs(60);

/// Later resets are nonsense, and would overflow the clock.
const LATEST_EPOCH: u64 = 1 << 40;

/// One element of `errors[]`; what is missing or odd is left empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct GraphqlError {
    /// GitHub's kind, e.g. `NOT_FOUND`; it stands in `extensions.code` where the document itself is refused.
    #[serde(rename = "type")]
    kind: Value,
    message: Value,
    path: Value,
    extensions: Value,
}

/// What a failure is told besides the error itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// The operation that failed.
    pub(super) operation: &'static str,
    /// The headers that came with it.
    pub(super) headers: &'a HeaderMap,
}

impl GraphqlError {
    /// The response keys and list indices that lead to what failed; empty where the whole request did.
    pub(super) fn path(&self) -> Vec<String> {
        let segment = |value: &Value| match value {
            Value::String(key) => key.clone(),
            other => other.to_string(),
        };
        self.path
            .as_array()
            .map(|path| path.iter().map(segment).collect())
            .unwrap_or_default()
    }

    /// Whether the request was too much for GitHub, so that half of it may pass.
    pub(super) fn is_too_heavy(&self) -> bool {
        self.code() == "RESOURCE_LIMITS_EXCEEDED" || self.is_fault()
    }

    /// Whether it says that too much was asked lately.
    pub(super) fn is_rate_limit(&self) -> bool {
        matches!(self.code(), "RATE_LIMITED" | "RATE_LIMIT")
    }

    /// Whether it says that something is not there, or not for these credentials to see.
    pub(super) fn is_not_found(&self) -> bool {
        self.code() == "NOT_FOUND"
    }

    /// What it means for the thing called `what`.
    pub(super) fn failure(&self, what: &str, surroundings: Surroundings<'_>) -> Failure {
        let cause = match self.code() {
            "NOT_FOUND" => Cause::NotFound { what: what.to_owned() },
            _ => match self.cause(surroundings.headers) {
                Cause::Forbidden { message } => Cause::Forbidden {
                    message: format!("{what}: {message}"),
                },
                other => other,
            },
        };
        failure(cause, surroundings)
    }

    /// What it means where it is not about one thing.
    pub(super) fn cause(&self, headers: &HeaderMap) -> Cause {
        let message = self.message();
        match self.code() {
            "FORBIDDEN" => forbidden(message, headers),
            "NOT_FOUND" => Cause::NotFound { what: message },
            "INSUFFICIENT_SCOPES" => {
                let (needed, provided) = scopes(&message);
                Cause::MissingScope { needed, provided }
            }
            "RATE_LIMITED" | "RATE_LIMIT" => throttled(headers),
            "MAX_NODE_LIMIT_EXCEEDED" | "EXCESSIVE_PAGINATION" | "INVALID_CURSOR_ARGUMENTS" | "UNPROCESSABLE" => {
                Cause::Invalid { message }
            }
            "SERVICE_UNAVAILABLE" | "INTERNAL" => Cause::Unavailable { status: 200, message },
            _ if self.is_fault() => Cause::Unavailable { status: 200, message },
            code => Cause::Rejected {
                code: clean(code),
                message,
            },
        }
    }

    /// The message, cleaned and cut to a length that an answer can carry.
    pub(super) fn message(&self) -> String {
        cut(self.message.as_str().unwrap_or("no message"))
    }

    /// GitHub's own faults and time-outs come without a kind.
    fn is_fault(&self) -> bool {
        let message = self.message.as_str().unwrap_or_default();
        self.kind.is_null() && (message.starts_with("Something went wrong") || message.contains("timeout"))
    }

    fn code(&self) -> &str {
        let extension = self.extensions.get("code").and_then(Value::as_str);
        self.kind.as_str().or(extension).unwrap_or("error")
    }
}

/// A failure with the id that GitHub gave the request.
pub(super) fn failure(cause: Cause, surroundings: Surroundings<'_>) -> Failure {
    let mut failure = Failure::new(super::BACKEND, surroundings.operation, cause);
    failure.request_id = request_id(surroundings.headers);
    failure
}

/// A refusal with the id that GitHub gave the request.
pub(super) fn refusal(cause: Cause, headers: &HeaderMap) -> Refusal {
    Refusal {
        request_id: request_id(headers),
        ..Refusal::from(cause)
    }
}

/// How long to wait, where the headers say that too much was asked: `retry-after`, or `x-ratelimit-reset` in
/// epoch seconds once nothing remains. Measured from the answer's own `date`, so that our clock does not matter.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    if let Some(wait) = quota::retry_after(headers) {
        return Some(wait);
    }
    if number(headers, "x-ratelimit-remaining") != Some(0) {
        return None;
    }
    let reset = SystemTime::UNIX_EPOCH + Duration::from_secs(number(headers, "x-ratelimit-reset")?.min(LATEST_EPOCH));
    let stated = headers.get(DATE).and_then(|date| date.to_str().ok());
    let now = stated
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or_else(SystemTime::now);
    let wait = reset.duration_since(now).unwrap_or(Duration::from_secs(1));
    // Nothing remains, whatever the time is that was told.
    Some(quota::plausible(wait).unwrap_or(UNSTATED_WAIT))
}

/// Too much was asked, whether or not the headers say until when.
pub(super) fn throttled(headers: &HeaderMap) -> Cause {
    Cause::Throttled {
        retry_after: retry_after(headers).unwrap_or(UNSTATED_WAIT),
    }
}

/// Which scopes a token has and which would do stand in headers: for classic tokens in `X-OAuth-Scopes` and
/// `X-Accepted-OAuth-Scopes` ("Scopes for OAuth apps"), for fine-grained ones and apps only what would do, in
/// `X-Accepted-GitHub-Permissions` ("Troubleshooting the REST API"). Where one of those that would do is there, something
/// else is forbidden.
pub(super) fn forbidden(message: String, headers: &HeaderMap) -> Cause {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(clean);
    let scopes = |name: &str| {
        let text = text(name)?;
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        Some(names.map(str::to_owned).collect::<Vec<_>>())
    };
    let accepted = scopes("x-accepted-oauth-scopes").unwrap_or_default();
    match (scopes("x-oauth-scopes"), text("x-accepted-github-permissions")) {
        (Some(has), _) if !accepted.is_empty() && !accepted.iter().any(|scope| has.contains(scope)) => {
            Cause::MissingScope {
                needed: accepted.join(" or "),
                provided: Some(has.join(", ")),
            }
        }
        // `;` stands between what would do, `,` within one of those.
        (None, Some(permissions)) if !permissions.is_empty() => Cause::MissingScope {
            needed: permissions.replace(';', " or").replace(',', " and "),
            provided: None,
        },
        _ => Cause::Forbidden { message },
    }
}

/// A vendor's words, cleaned and cut to a length that an answer can carry.
pub(super) fn cut(text: &str) -> String {
    clean(text).chars().take(400).collect()
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    headers
        .get("x-github-request-id")
        .and_then(|id| id.to_str().ok())
        .map(str::to_owned)
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// The scopes that are needed and those that the token has, from the two lists in brackets in GitHub's sentence.
fn scopes(message: &str) -> (String, Option<String>) {
    let mut lists = message
        .split('[')
        .skip(1)
        .filter_map(|rest| rest.split_once(']'))
        .map(|(list, _)| {
            let names = list.split(',').map(|name| name.trim().trim_matches(['\'', '"']));
            names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" or ")
        });
    let needed = lists.next().filter(|list| !list.is_empty());
    let provided = lists.next().map(|list| list.replace(" or ", ", "));
    // Read after "the scope": a whole sentence does not go there.
    (
        needed.unwrap_or_else(|| "that GitHub wants for this".to_owned()),
        provided,
    )
}
