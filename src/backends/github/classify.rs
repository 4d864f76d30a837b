//! What of GitHub's answers is a failure of the whole request. An answer with data beside its errors is none: those errors
//! belong to single look-ups, and [`super::answer`] hands them out.

use super::client::MANY;
use super::document::is_alias;
use super::errors::{GraphqlError, cut, refusal, retry_after, retry_after_or_unstated};
use super::types::Elements;
use crate::upstream::{Cause, Classify, Refusal, Request, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

/// GitHub's word on its own answers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Classifier;

/// An answer, as far as it matters whether there is something in it.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    data: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    errors: Elements<GraphqlError>,
}

impl Classify for Classifier {
    fn classify(&self, request: &Request, response: &Response) -> Result<(), Refusal> {
        let cause = if response.status.is_success() {
            cause_of_answer(request, response)
        } else {
            Some(cause_of_status(request, response))
        };
        match cause {
            Some(cause) => Err(refusal(cause, &response.headers)),
            None => Ok(()),
        }
    }
}

/// The failures that GitHub calls a success.
fn cause_of_answer(request: &Request, response: &Response) -> Option<Cause> {
    let Ok(envelope) = serde_json::from_slice::<Envelope>(&response.body) else {
        return Some(Cause::Malformed {
            expected: "a GraphQL answer in JSON",
            got: appearance(&response.body),
        });
    };
    let errors = || envelope.errors.iter().map(|(_, error)| error);
    if let Some(limited) = errors().find(|error| error.is_rate_limit()) {
        return Some(limited.cause(&response.headers));
    }
    if envelope.data.is_some() {
        return None;
    }
    let Some(error) = errors().next() else {
        return Some(Cause::Malformed {
            expected: "`data` or `errors`",
            got: appearance(&response.body),
        });
    };
    // An error in one look-up can take all data with it, because a search is never null at GitHub. It is still that
    // look-up's own error.
    let owned = errors().any(|error| error.path().first().is_some_and(|key| is_alias(key)));
    if owned {
        return None;
    }
    if error.is_too_heavy() && is_many(request) {
        return Some(too_heavy(response.status, error.cause(&response.headers).to_string()));
    }
    Some(error.cause(&response.headers))
}

fn cause_of_status(request: &Request, response: &Response) -> Cause {
    let message = message(&response.body);
    match response.status {
        StatusCode::UNAUTHORIZED => Cause::Unauthorized {
            code: message,
            variables: vec![super::TOKEN],
        },
        StatusCode::TOO_MANY_REQUESTS => Cause::Throttled {
            retry_after: retry_after_or_unstated(&response.headers),
        },
        // A secondary limit is sometimes told by the message alone.
        StatusCode::FORBIDDEN => match retry_after(&response.headers) {
            Some(retry_after) => Cause::Throttled { retry_after },
            None if message.contains("rate limit") => Cause::Throttled {
                retry_after: retry_after_or_unstated(&response.headers),
            },
            None => Cause::Forbidden { message },
        },
        // What a query gets that takes longer than about ten seconds.
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT if is_many(request) => {
            too_heavy(response.status, message)
        }
        status if status.is_server_error() => Cause::Unavailable {
            status: status.as_u16(),
            message,
        },
        status => Cause::Rejected {
            code: status.as_u16().to_string(),
            message,
        },
    }
}

/// A request for many things that was too much. The same one would fail again, so it is no fault to be retried as it is
/// nor one that the breaker should count: the client asks for fewer things at a time.
fn too_heavy(status: StatusCode, message: String) -> Cause {
    Cause::Rejected {
        code: format!("{}{}", super::client::TOO_HEAVY, status.as_u16()),
        message,
    }
}

fn is_many(request: &Request) -> bool {
    request.operation == MANY
}

/// The vendor's message, or what the body looks like.
fn message(body: &[u8]) -> String {
    let json: Option<Value> = serde_json::from_slice(body).ok();
    let at = |pointer| {
        json.as_ref()
            .and_then(|json| json.pointer(pointer))
            .and_then(Value::as_str)
    };
    match at("/message").or_else(|| at("/errors/0/message")) {
        Some(message) => cut(message),
        None => appearance(body),
    }
}

fn appearance(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let start = text.trim_start();
    if start.is_empty() {
        "nothing".to_owned()
    } else if start.starts_with('<') {
        "an HTML page".to_owned()
    } else if start.starts_with(['{', '[']) {
        "JSON of another shape, or cut short".to_owned()
    } else {
        format!("`{}`", cut(start).chars().take(60).collect::<String>())
    }
}

#[cfg(test)]
mod tests;
