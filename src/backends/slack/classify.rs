//! What counts as a failure at Slack: nearly every answer is HTTP 200, and `ok: false` with a code says what went wrong
//! (Using the Slack Web API, "Evaluating responses"; Rate limits).

use super::answer::{lenient, list, request_id};
use super::{BOT_TOKEN, USER_TOKEN};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;
use upstream::quota::retry_after;
use upstream::{Body, Cause, Classify, Refusal, Request, Response};

/// How long to stay away when Slack does not say it: its limits are counted by the minute.
const DEFAULT_PAUSE: Duration = Duration::from_secs(30);

/// Slack's word on its answers, for one token's road.
pub struct Classifier {
    variable: &'static str,
}

impl Classifier {
    /// For the bot token's road.
    pub fn bot() -> Self {
        Self { variable: BOT_TOKEN }
    }

    /// For the user token's road.
    pub fn user() -> Self {
        Self { variable: USER_TOKEN }
    }
}

/// The part of an answer that says whether it is one.
#[derive(Default, Deserialize)]
struct Head {
    #[serde(default, deserialize_with = "lenient")]
    ok: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    error: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    needed: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    provided: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    response_metadata: Option<Details>,
}

#[derive(Default, Deserialize)]
struct Details {
    #[serde(default, deserialize_with = "list")]
    messages: Vec<String>,
}

impl Classify for Classifier {
    fn classify(&self, request: &Request, response: &Response) -> Result<(), Refusal> {
        let refused = |mut refusal: Refusal| {
            refusal.request_id = request_id(response);
            Err(refusal)
        };
        let status = response.status;
        if status == StatusCode::TOO_MANY_REQUESTS {
            return refused(throttled(response).into());
        }
        let unreadable = match response.json::<Head>() {
            Ok(Head { ok: Some(true), .. }) if status.is_success() => match without_its_list(request, response) {
                None => return Ok(()),
                Some(cause) => cause,
            },
            Ok(head) if head.ok == Some(false) && head.error.is_some() => {
                return refused(self.refusal(request, response, head));
            }
            Ok(_) => Cause::Malformed {
                expected: "JSON with `ok`",
                got: "JSON without it".to_owned(),
            },
            Err(cause) => cause,
        };
        // Not Slack's own word, but that of something in front of it.
        let message = response.unexplained();
        refused(Refusal::from(match status.as_u16() {
            200..300 => unreadable,
            status @ 500.. => Cause::Unavailable { status, message },
            // A gateway's: Slack refuses a token under 200.
            401 => Cause::Unauthorized {
                code: "HTTP 401".to_owned(),
                variables: vec![self.variable],
            },
            status => Cause::Rejected {
                code: format!("HTTP {status}"),
                message,
            },
        }))
    }
}

/// Where each method that gives a page has its list.
const LISTS: [(&str, &str); 6] = [
    ("conversations.history", "/messages"),
    ("conversations.replies", "/messages"),
    ("conversations.list", "/channels"),
    ("users.list", "/members"),
    ("usergroups.list", "/usergroups"),
    ("search.messages", "/messages/matches"),
];

/// Why an answer that says `ok` is none: a page without its list is not an empty one, and to take it for that would be to
/// say that nobody wrote anything.
fn without_its_list(request: &Request, response: &Response) -> Option<Cause> {
    let (_, place) = LISTS.iter().find(|(method, _)| *method == request.operation)?;
    let answer: Value = match response.json() {
        Ok(answer) => answer,
        Err(cause) => return Some(cause),
    };
    let got = match answer.pointer(place) {
        Some(Value::Array(elements)) if elements.is_empty() || elements.iter().any(Value::is_object) => return None,
        Some(Value::Array(_)) => "a list of something else",
        Some(_) => "something else in its place",
        None => "JSON without it",
    };
    Some(Cause::Malformed {
        expected: place.trim_start_matches('/'),
        got: got.to_owned(),
    })
}

impl Classifier {
    /// What a code of Slack's means. The codes of a method are listed on its page; those common to all are listed on
    /// every page.
    fn refusal(&self, request: &Request, response: &Response, head: Head) -> Refusal {
        let code = head.error.unwrap_or_default();
        let details = head.response_metadata.unwrap_or_default().messages.join("; ");
        let cause = match code.as_str() {
            "not_authed"
            | "invalid_auth"
            | "token_revoked"
            | "token_expired"
            | "account_inactive"
            | "invalid_token"
            | "not_allowed_token_type" => Cause::Unauthorized {
                code: code.clone(),
                variables: vec![self.variable],
            },
            "missing_scope" => Cause::MissingScope {
                needed: head.needed.unwrap_or_else(|| "(Slack does not say which)".to_owned()),
                provided: head.provided,
            },
            "ratelimited" | "rate_limited" => throttled(response),
            "internal_error" | "fatal_error" | "service_unavailable" | "request_timeout" => Cause::Unavailable {
                status: response.status.as_u16(),
                message: code.clone(),
            },
            "user_not_visible" => Cause::NotFound {
                what: looked_for(request, "user"),
            },
            "thread_not_found" | "message_not_found" => Cause::NotFound {
                what: looked_for(request, "message"),
            },
            _ if code.ends_with("_not_found") => Cause::NotFound {
                what: looked_for(request, code.trim_end_matches("_not_found")),
            },
            _ if is_about_rights(&code) => Cause::Forbidden { message: code.clone() },
            _ if is_about_arguments(&code) => Cause::Invalid {
                message: if details.is_empty() {
                    code.clone()
                } else {
                    format!("{code}: {details}")
                },
            },
            _ => Cause::Rejected {
                message: if details.is_empty() { code.clone() } else { details },
                code: code.clone(),
            },
        };
        let mut refusal = Refusal::from(cause);
        refusal.hint = hint(&code, request).map(str::to_owned);
        refusal
    }
}

fn is_about_rights(code: &str) -> bool {
    const CODES: [&str; 10] = [
        "not_in_channel",
        "is_archived",
        "no_permission",
        "access_denied",
        "accesslimited",
        "ekm_access_denied",
        "team_access_not_granted",
        "enterprise_is_restricted",
        "messages_tab_disabled",
        "paid_teams_only",
    ];
    CODES.contains(&code) || code.starts_with("restricted_action") || code.starts_with("cannot_")
}

fn is_about_arguments(code: &str) -> bool {
    const CODES: [&str; 8] = [
        "missing_argument",
        "msg_too_long",
        "no_text",
        "no_query",
        "bad_timestamp",
        "too_many_attachments",
        "missing_post_type",
        "method_not_supported_for_channel_type",
    ];
    CODES.contains(&code) || code.starts_with("invalid_")
}

fn hint(code: &str, request: &Request) -> Option<&'static str> {
    Some(match code {
        "not_in_channel" => "invite the app to the channel",
        "channel_not_found" => "check the id; a private channel is visible only after the app was invited to it",
        "is_archived" => "the channel is archived: unarchive it or choose another",
        "not_allowed_token_type" if request.operation == "search.messages" => {
            "Slack's search takes a user token only: SLACK_USER_TOKEN must hold one (xoxp-…) with the scope search:read"
        }
        "msg_too_long" => "shorten the text, or send it in parts",
        "no_text" => "give a text that is not empty",
        "missing_scope" => "add the scope to the Slack app and install the app again",
        "invalid_cursor" => "the cursor is no longer good: leave it out to start again",
        _ => return None,
    })
}

/// What the request was about, as far as its arguments tell.
fn looked_for(request: &Request, kind: &str) -> String {
    let argument = |name: &str| {
        if let Body::Json(body) = &request.body {
            return body.get(name).and_then(|value| value.as_str()).map(str::to_owned);
        }
        let mut pairs = request.query.iter();
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value.clone())
    };
    let named = |name: &str, value: String| format!("{name} {value}");
    match kind {
        "message" => {
            let ts = ["message_ts", "ts", "thread_ts"].into_iter().find_map(argument);
            let channel = argument("channel").map(|channel| format!(" in channel {channel}"));
            format!("message {}{}", ts.unwrap_or_default(), channel.unwrap_or_default())
        }
        "user" | "users" => argument("user").map_or_else(|| "user".to_owned(), |id| named("user", id)),
        kind => argument(kind).map_or_else(|| kind.to_owned(), |value| named(kind, value)),
    }
}

/// `Retry-After` is in seconds ("Rate limits"); a proxy may send an HTTP date.
fn throttled(response: &Response) -> Cause {
    Cause::Throttled {
        retry_after: retry_after(&response.headers).unwrap_or(DEFAULT_PAUSE),
    }
}

#[cfg(test)]
mod tests;
