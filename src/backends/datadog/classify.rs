//! What Datadog calls a failure ("Datadog API reference: Authentication, Rate limits; each operation's errors").

use crate::backends::clean::{clean, shortened};
use http::{HeaderMap, StatusCode};
use serde::de::IgnoredAny;
use serde_json::Value;
use std::time::Duration;
use upstream::quota::{plausible, retry_after};
use upstream::{Cause, Classify, Refusal, Request, Response};

/// How many characters of the vendor's own words are kept.
const WORDS: usize = 300;

/// How long to wait when a refusal does not say.
const PATIENCE: Duration = Duration::from_secs(30);

/// Datadog's word on its own answers.
pub struct Classifier;

impl Classify for Classifier {
    fn classify(&self, request: &Request, response: &Response) -> Result<(), Refusal> {
        match response.status {
            status if status.is_success() => success(request, response),
            StatusCode::TOO_MANY_REQUESTS => Err(throttled(&response.headers)),
            status if status.is_server_error() => Err(Cause::Unavailable {
                status: status.as_u16(),
                message: words(response).unwrap_or_else(|| response.unexplained()),
            }
            .into()),
            status => Err(match words(response) {
                Some(words) => refused(request, status, words),
                // Something in front of Datadog, which itself always says why.
                None => rejected(status, response.unexplained()),
            }),
        }
    }
}

/// Why an answer could not be read as what was expected.
pub(super) fn unreadable(expected: &'static str, error: &serde_json::Error) -> Cause {
    let got = match error.classify() {
        serde_json::error::Category::Eof => "the beginning of an answer, cut off".to_owned(),
        serde_json::error::Category::Data => {
            format!("JSON of another shape ({})", shortened(&error.to_string(), WORDS))
        }
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
            "something that is not JSON".to_owned()
        }
    };
    Cause::Malformed { expected, got }
}

/// A success has to be JSON, whole.
fn success(request: &Request, response: &Response) -> Result<(), Refusal> {
    response.json::<IgnoredAny>()?;
    match query_error(request, response) {
        Some(message) => Err(Cause::Invalid { message }.into()),
        None => Ok(()),
    }
}

/// A metric query that Datadog does not understand is answered with 200, `"status": "error"` and the reason in `error`;
/// where that is null, elsewhere. A reason in `error` counts whatever the status says: there are no series beside one.
fn query_error(request: &Request, response: &Response) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Answer {
        status: Option<Value>,
        error: Option<Value>,
        message: Option<Value>,
        errors: Option<Value>,
    }
    if request.operation != "QueryMetrics" {
        return None;
    }
    let answer: Answer = serde_json::from_slice(&response.body).ok()?;
    let failed = answer.status.is_some_and(|status| status == "error");
    if !failed && answer.error.as_ref().and_then(said).is_none() {
        return None;
    }
    let places = [answer.error, answer.message, answer.errors];
    let reason = places.iter().flatten().find_map(said);
    Some(reason.unwrap_or_else(|| "Datadog could not run this metric query and does not say why".to_owned()))
}

fn refused(request: &Request, status: StatusCode, words: String) -> Refusal {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => forbidden(request, words),
        StatusCode::NOT_FOUND => match looked_for(request) {
            Some(what) => Cause::NotFound { what }.into(),
            // The operation itself is not there, which is a matter of the address.
            None => Refusal {
                hint: Some("check DATADOG_SITE, or DATADOG_API_URL where it is set".to_owned()),
                ..rejected(status, words)
            },
        },
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => Cause::Invalid { message: words }.into(),
        status => rejected(status, words),
    }
}

fn rejected(status: StatusCode, message: String) -> Refusal {
    Refusal::from(Cause::Rejected {
        code: format!("HTTP {}", status.as_u16()),
        message,
    })
}

/// The bare word `Forbidden` stands for wrong keys, keys of another site and a missing permission alike.
fn forbidden(request: &Request, words: String) -> Refusal {
    let permission = match request.operation {
        "QueryMetrics" => "timeseries_query",
        "CreateMonitor" => "monitors_write",
        _ => "monitors_read",
    };
    let lower = words.to_lowercase();
    if lower.contains("permission") || lower.contains("scope") || lower.contains("authorization check") {
        return Refusal {
            cause: Cause::MissingScope {
                needed: permission.to_owned(),
                provided: None,
            },
            hint: Some(format!(
                "give the application key in DATADOG_APP_KEY, or the role of its owner, the permission `{permission}`"
            )),
            request_id: None,
        };
    }
    Refusal {
        cause: Cause::Unauthorized {
            code: words,
            variables: vec![super::API_KEY, super::APP_KEY],
        },
        hint: Some(format!(
            "check that DATADOG_API_KEY and DATADOG_APP_KEY are of the site in DATADOG_SITE and that the application key may use `{permission}`"
        )),
        request_id: None,
    }
}

/// `X-RateLimit-Reset` is seconds from now, unlike GitHub's header of the same name; a proxy may say `Retry-After`.
fn throttled(headers: &HeaderMap) -> Refusal {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let seconds = |name: &str| text(name)?.parse::<u64>().ok();
    let stated = |name: &str| plausible(Duration::from_secs(seconds(name)?.max(1)));
    let wait = stated("x-ratelimit-reset")
        .or_else(|| retry_after(headers))
        .or_else(|| stated("x-ratelimit-period"))
        .unwrap_or(PATIENCE);
    let hint = text("x-ratelimit-name").map(|name| {
        let name = clean(name);
        match (seconds("x-ratelimit-limit"), seconds("x-ratelimit-period")) {
            (Some(limit), Some(period)) => {
                format!("Datadog's limit `{name}` is {limit} requests in {period} s for the whole organisation")
            }
            _ => format!("Datadog's limit `{name}` is used up for the whole organisation"),
        }
    });
    Refusal {
        cause: Cause::Throttled { retry_after: wait },
        hint,
        request_id: None,
    }
}

fn looked_for(request: &Request) -> Option<String> {
    let id = request.path.strip_prefix("/api/v1/monitor/")?;
    (request.operation == "GetMonitor").then(|| format!("monitor {id}"))
}

/// The vendor's words; the status's own where its JSON holds none, and nothing where it is no JSON.
fn words(response: &Response) -> Option<String> {
    let body: Value = serde_json::from_slice(&response.body).ok()?;
    let errors = body.get("errors").or_else(|| body.get("error")).unwrap_or(&body);
    Some(said(errors).unwrap_or_else(|| response.status.to_string()))
}

/// v1 says a list of strings; v2 a list of strings or of objects with `title` and `detail`; some say a map of lists.
fn said(errors: &Value) -> Option<String> {
    let said = match errors {
        Value::String(text) => clean(text),
        Value::Array(errors) => errors.iter().filter_map(said).collect::<Vec<_>>().join("; "),
        Value::Object(error) => match (error.get("title").and_then(said), error.get("detail").and_then(said)) {
            (Some(title), Some(detail)) => format!("{title}: {detail}"),
            (Some(words), None) | (None, Some(words)) => words,
            (None, None) => error.values().filter_map(said).collect::<Vec<_>>().join("; "),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => return None,
    };
    (!said.is_empty()).then(|| shortened(&said, WORDS))
}

#[cfg(test)]
mod tests;
