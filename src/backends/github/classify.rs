//! What of GitHub's answers is a failure of the whole request. An answer with data beside its errors is none: those errors
//! belong to single look-ups, and [`super::answer`] hands them out.

use super::client::{MANY, TOO_HEAVY};
use super::document::is_alias;
use super::errors::{GraphqlError, cut, forbidden, refusal, retry_after, throttled};
use super::types::Elements;
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use upstream::{Cause, Classify, Refusal, Request, Response, Worth};

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

    /// Parts that were not found may be there in a moment; parts that failed are worth asking for again at once.
    fn worth(&self, _request: &Request, response: &Response) -> Worth {
        const ERRORS: &[u8] = b"\"errors\"";
        // Most answers have none, and need not be parsed once more.
        if !response.body.windows(ERRORS.len()).any(|window| window == ERRORS) {
            return Worth::Lasting;
        }
        let Ok(Envelope { errors, .. }) = response.json() else {
            return Worth::Nothing;
        };
        match errors.iter().map(|(_, error)| error.is_not_found()).min() {
            None => Worth::Lasting,
            Some(true) => Worth::Brief,
            Some(false) => Worth::Nothing,
        }
    }
}

/// The failures that GitHub calls a success.
fn cause_of_answer(request: &Request, response: &Response) -> Option<Cause> {
    let envelope: Envelope = match response.json() {
        Ok(envelope) => envelope,
        Err(unreadable) => return Some(unreadable),
    };
    let errors = || envelope.errors.iter().map(|(_, error)| error);
    if errors().any(GraphqlError::is_rate_limit) {
        return Some(throttled(&response.headers));
    }
    // An error in one look-up can take all data with it, because a search is never null at GitHub. It is still that
    // look-up's own error.
    let owned = errors().any(|error| error.path().first().is_some_and(|key| is_alias(key)));
    if envelope.data.is_some() || owned {
        return None;
    }
    match errors().next() {
        Some(error) if error.is_too_heavy() && is_many(request) => Some(too_heavy(response.status, error.message())),
        Some(error) => Some(error.cause(&response.headers)),
        None => Some(Cause::Malformed {
            expected: "`data` or `errors`",
            got: "JSON without either".to_owned(),
        }),
    }
}

fn cause_of_status(request: &Request, response: &Response) -> Cause {
    let message = message(response);
    match response.status {
        StatusCode::UNAUTHORIZED => Cause::Unauthorized {
            code: message,
            variables: vec![super::TOKEN],
        },
        StatusCode::TOO_MANY_REQUESTS => throttled(&response.headers),
        // A secondary limit is sometimes told by the message alone.
        StatusCode::FORBIDDEN if retry_after(&response.headers).is_some() || is_throttling(&message) => {
            throttled(&response.headers)
        }
        StatusCode::FORBIDDEN => forbidden(message, &response.headers),
        // What a query gets that takes longer than about ten seconds.
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT if is_many(request) => {
            too_heavy(response.status, message)
        }
        status if status.is_server_error() => Cause::Unavailable {
            status: status.as_u16(),
            message,
        },
        status => Cause::Rejected {
            code: format!("HTTP {}", status.as_u16()),
            message,
        },
    }
}

/// A request for many things that was too much. The same one would fail again, so it is no fault to be retried as it is,
/// nor one that the breaker should count: the client asks for fewer things at a time.
fn too_heavy(status: StatusCode, message: String) -> Cause {
    Cause::Rejected {
        code: format!("{TOO_HEAVY}{}", status.as_u16()),
        message,
    }
}

/// The second is what older GitHub servers call it.
fn is_throttling(message: &str) -> bool {
    let message = message.to_lowercase();
    message.contains("rate limit") || message.contains("abuse detection")
}

fn is_many(request: &Request) -> bool {
    request.operation == MANY
}

/// The vendor's message, or what came in its place.
fn message(response: &Response) -> String {
    let body: Value = response.json().unwrap_or_default();
    let at = |pointer| body.pointer(pointer).and_then(Value::as_str);
    match at("/message").or_else(|| at("/errors/0/message")) {
        Some(message) => cut(message),
        None => response.unexplained(),
    }
}

#[cfg(test)]
mod tests;
