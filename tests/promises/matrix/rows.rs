//! The rows: what goes wrong, and how many requests each column makes of it. Laid out by hand, as a table.

use super::column::{ALL, Column, DATADOG, GITHUB, SLACK};
use super::peers::Peer;
use sandbox::{Effect, LimitForm, RetryAfter};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One row.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) fault: Fault,
    pub(super) columns: &'static [Column],
    /// Expected, for each column.
    pub(super) requests: &'static [usize],
    /// Only the deadline ends it.
    pub(super) silent: bool,
}

/// What goes wrong.
pub(super) enum Fault {
    /// Every first request meets this.
    All(Effect),
    /// The first answer leads to another path of the same host, where all is well.
    MovedWithin(u16),
    /// Every answer leads to another host.
    MovedAway(u16),
    /// The vendor's address is somebody else's.
    Peer(Peer),
}

/// What the vendors' fronts say. A read is tried three times where that can help; a write is not, since each of these may
/// come after it was carried out, or will not change.
#[rustfmt::skip]
pub(super) fn statuses() -> Vec<Row> {
    let status = Effect::status;
    //                                      slack       github datadog
    //                                      read write  read   read write
    vec![
        all("400", status(400),            &[1,   1,    1,     1,   1]),
        all("401", status(401),            &[1,   1,    1,     1,   1]),
        all("403", status(403),            &[1,   1,    1,     1,   1]),
        all("404", status(404),            &[1,   1,    1,     1,   1]),
        all("409", status(409),            &[1,   1,    1,     1,   1]),
        all("422", status(422),            &[1,   1,    1,     1,   1]),
        all("500", status(500),            &[3,   1,    3,     3,   1]),
        all("502", status(502),            &[3,   1,    3,     3,   1]),
        all("503", status(503),            &[3,   1,    3,     3,   1]),
        all("503, Retry-After: 120", with(503, "retry-after", "120"),
                                           &[1,   1,    1,     1,   1]),
        all("504", status(504),            &[3,   1,    3,     3,   1]),
    ]
}

/// Too many requests, in every form. A limit that ends within the call is waited for, also by a write: what was refused was
/// not carried out. One that does not is told at once, with its end.
#[rustfmt::skip]
pub(super) fn limits() -> Vec<Row> {
    let limited = |retry_after, form| Effect::RateLimit { retry_after, form };
    let own = |seconds| limited(Some(RetryAfter::Seconds(seconds)), LimitForm::Primary);
    let raw = |text| with(429, "retry-after", text);
    //                                      slack       github datadog
    //                                      read write  read   read write
    vec![
        all("429 in the vendor's own form, for 1 s", own(1),
                                           &[3,   3,    3,     3,   3]),
        all("429 in the vendor's own form, for 120 s", own(120),
                                           &[1,   1,    1,     1,   1]),
        all("429 in the vendor's own form, for an unsaid time", limited(None, LimitForm::Primary),
                                           &[1,   1,    1,     1,   1]),
        all("429, Retry-After: 1", raw("1"),
                                           &[3,   3,    3,     3,   3]),
        all("429, Retry-After: 120", raw("120"),
                                           &[1,   1,    1,     1,   1]),
        all("429, Retry-After: an HTTP date in 120 s", limited(Some(RetryAfter::DateIn(120)), LimitForm::SecondaryTooMany),
                                           &[1,   1,    1,     1,   1]),
        all("429, no Retry-After", Effect::status(429),
                                           &[1,   1,    1,     1,   1]),
        all("429, Retry-After: -5", raw("-5"),
                                           &[1,   1,    1,     1,   1]),
        all("429, Retry-After: soon", raw("soon"),
                                           &[1,   1,    1,     1,   1]),
        all("429, Retry-After: 99999999999", raw("99999999999"),
                                           &[1,   1,    1,     1,   1]),
        own_of(&GITHUB, "GitHub's secondary limit, 403, Retry-After: 1",
            limited(Some(RetryAfter::Seconds(1)), LimitForm::Secondary),    &[3]),
        own_of(&GITHUB, "GitHub's secondary limit, 403, Retry-After: 120",
            limited(Some(RetryAfter::Seconds(120)), LimitForm::Secondary),  &[1]),
        own_of(&GITHUB, "GitHub's secondary limit, 403, no Retry-After",
            limited(None, LimitForm::Secondary),                            &[1]),
        own_of(&GITHUB, "GitHub's secondary limit, 429, no Retry-After",
            limited(None, LimitForm::SecondaryTooMany),                     &[1]),
    ]
}

/// What happens to the connection. A write that found nobody was not carried out and is tried again; one that was cut off
/// may have been. Who cannot show that it is the vendor is sent nothing, and is not asked twice.
#[rustfmt::skip]
pub(super) fn connections() -> Vec<Row> {
    //                                      slack       github datadog
    //                                      read write  read   read write
    vec![
        peer("connection refused", Peer::Refusing,
                                           &[3,   3,    3,     3,   3]),
        peer("TLS: the port speaks plain HTTP", Peer::Plain,
                                           &[1,   1,    1,     1,   1]),
        peer("TLS: a certificate that nobody signed", Peer::SelfSigned,
                                           &[1,   1,    1,     1,   1]),
        all("reset before the answer", Effect::ResetBefore,
                                           &[3,   1,    3,     3,   1]),
        all("reset in the middle of the body", Effect::ResetInBody,
                                           &[3,   1,    3,     3,   1]),
        silent("no answer", Effect::Hang,  &[1,   1,    1,     1,   1]),
        silent("a byte every 200 ms", Effect::Drip { bytes: 1, every_ms: 200 },
                                           &[1,   1,    1,     1,   1]),
        all("the answer after 300 ms", Effect::Delay { ms: 300 },
                                           &[1,   1,    1,     1,   1]),
    ]
}

/// What comes in place of the answer.
#[rustfmt::skip]
pub(super) fn answers() -> Vec<Row> {
    let said = |body: &str| Effect::Status { status: 200, body: Some(body.to_owned()), headers: BTreeMap::new() };
    let labelled = |label: &str| Effect::ContentType { value: label.to_owned() };
    //                                      slack       github datadog
    //                                      read write  read   read write
    vec![
        all("an HTML page with 200", Effect::Html { status: 200 },
                                           &[3,   1,    3,     3,   1]),
        all("an HTML page with 403", Effect::Html { status: 403 },
                                           &[1,   1,    1,     1,   1]),
        all("an HTML page with 502", Effect::Html { status: 502 },
                                           &[3,   1,    3,     3,   1]),
        all("JSON that breaks off", Effect::TruncatedJson,
                                           &[3,   1,    3,     3,   1]),
        all("broken JSON", Effect::MalformedJson,
                                           &[3,   1,    3,     3,   1]),
        all("an empty answer", said(""),   &[3,   1,    3,     3,   1]),
        all("JSON of an unknown shape", said(r#"{"unexpected": true}"#),
                                           &[3,   1,    3,     1,   1]),
        all("a list", said("[]"),          &[3,   1,    3,     1,   1]),
        all("64 MB", Effect::HugeBody { bytes: 64 << 20 },
                                           &[1,   1,    1,     1,   1]),
        all("the right answer as text/plain", labelled("text/plain"),
                                           &[1,   1,    1,     1,   1]),
        all("the right answer as text/html", labelled("text/html"),
                                           &[1,   1,    1,     1,   1]),
        moved("301 within the host", Fault::MovedWithin(301),
                                           &[2,   1,    1,     2,   1]),
        moved("307 within the host", Fault::MovedWithin(307),
                                           &[2,   1,    2,     2,   1]),
        moved("302 to another host", Fault::MovedAway(302),
                                           &[1,   1,    1,     1,   1]),
        moved("308 to another host", Fault::MovedAway(308),
                                           &[1,   1,    1,     1,   1]),
    ]
}

/// The vendors' own ways to say no, under a status that says yes or little.
#[rustfmt::skip]
pub(super) fn own_words() -> Vec<Row> {
    let slack = |error: &str, more: Value| Effect::SlackError {
        error: error.to_owned(),
        more: more.as_object().cloned().unwrap_or_default(),
    };
    let none = || json!({});
    let said = |body: Value| Effect::Status { status: 200, body: Some(body.to_string()), headers: BTreeMap::new() };
    let lone = |kind: Value, message: &str| {
        said(json!({ "data": null, "errors": [{ "type": kind, "message": message }] }))
    };
    let datadog = |status, body: Value| Effect::Status { status, body: Some(body.to_string()), headers: BTreeMap::new() };
    vec![
        //                                                                              read write
        own_of(&SLACK, "Slack: invalid_auth", slack("invalid_auth", none()),          &[1,   1]),
        own_of(&SLACK, "Slack: token_revoked", slack("token_revoked", none()),        &[1,   1]),
        own_of(&SLACK, "Slack: missing_scope",
            slack("missing_scope", json!({ "needed": "channels:history", "provided": "chat:write" })),
                                                                                      &[1,   1]),
        own_of(&SLACK, "Slack: not_in_channel", slack("not_in_channel", none()),      &[1,   1]),
        own_of(&SLACK, "Slack: channel_not_found", slack("channel_not_found", none()), &[1,  1]),
        own_of(&SLACK, "Slack: is_archived", slack("is_archived", none()),            &[1,   1]),
        own_of(&SLACK, "Slack: msg_too_long", slack("msg_too_long", none()),          &[1,   1]),
        own_of(&SLACK, "Slack: invalid_arguments",
            slack("invalid_arguments", json!({ "response_metadata": { "messages": ["[ERROR] must be a string [json-pointer:/text]"] } })),
                                                                                      &[1,   1]),
        own_of(&SLACK, "Slack: ratelimited, with 200", slack("ratelimited", none()),  &[1,   1]),
        own_of(&SLACK, "Slack: internal_error", slack("internal_error", none()),      &[3,   1]),
        own_of(&SLACK, "Slack: fatal_error", slack("fatal_error", none()),            &[3,   1]),
        own_of(&SLACK, "Slack: service_unavailable", slack("service_unavailable", none()), &[3, 1]),
        own_of(&SLACK, "Slack: a code of tomorrow", slack("quantum_flux", none()),    &[1,   1]),
        own_of(&SLACK, "Slack: ok, and nothing else", said(json!({ "ok": true })),    &[3,   1]),
        own_of(&SLACK, "Slack: ok, and something else where the messages should be",
            said(json!({ "ok": true, "messages": { "0": "hi" }, "channel": 7 })),     &[3,   1]),
        //                                                                              read
        own_of(&GITHUB, "GitHub: NOT_FOUND",
            lone(json!("NOT_FOUND"), "Could not resolve to a Repository with the name 'acme/checkout'."), &[1]),
        own_of(&GITHUB, "GitHub: FORBIDDEN",
            lone(json!("FORBIDDEN"), "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization."), &[1]),
        own_of(&GITHUB, "GitHub: INSUFFICIENT_SCOPES",
            lone(json!("INSUFFICIENT_SCOPES"), "Your token has not been granted the required scopes to execute this query. The 'login' field requires one of the following scopes: ['read:org'], but your token has only been granted the: ['repo'] scopes. Please modify your token's scopes at: https://github.com/settings/tokens."), &[1]),
        own_of(&GITHUB, "GitHub: RATE_LIMITED",
            lone(json!("RATE_LIMITED"), "API rate limit exceeded for user ID 583231."), &[1]),
        own_of(&GITHUB, "GitHub: RESOURCE_LIMITS_EXCEEDED",
            lone(json!("RESOURCE_LIMITS_EXCEEDED"), "Resource limits for this query exceeded."), &[1]),
        own_of(&GITHUB, "GitHub: a fault of its own",
            lone(Value::Null, "Something went wrong while executing your query. Please include `1A2B:3C4D` when reporting this issue."), &[3]),
        own_of(&GITHUB, "GitHub: data null and no word", said(json!({ "data": null })), &[3]),
        own_of(&GITHUB, "GitHub: data without what was asked for", said(json!({ "data": {} })), &[1]),
        own_of(&GITHUB, "GitHub: an object without its fields",
            said(json!({ "data": { "l0": { "unexpected": 1 } } })),                   &[1]),
        own_of(&GITHUB, "GitHub: a kind of tomorrow",
            lone(json!("QUANTUM_FLUX"), "The cat is both."), &[1]),
        //                                                                              read write
        own_of(&DATADOG, "Datadog: 400 with a list of errors",
            datadog(400, json!({ "errors": ["Error parsing query: unable to parse avg:checkout.errors{*: Rule 'scope_expr' didn't match"] })), &[1, 1]),
        own_of(&DATADOG, "Datadog: 403 Forbidden", datadog(403, json!({ "errors": ["Forbidden"] })), &[1, 1]),
        own_of(&DATADOG, "Datadog: 403 for a permission",
            datadog(403, json!({ "errors": ["Failed permission authorization checks"] })), &[1, 1]),
        own_of(&DATADOG, "Datadog: 400 with objects for errors",
            datadog(400, json!({ "errors": [{ "title": "Bad Request", "detail": "type must be a metric alert", "status": "400" }] })), &[1, 1]),
        own_of(&DATADOG, "Datadog: 409 with one error", datadog(409, json!({ "error": "Duplicate of an existing monitor_id:40" })), &[1, 1]),
    ]
}

fn all(name: &'static str, effect: Effect, requests: &'static [usize]) -> Row {
    row(name, Fault::All(effect), &ALL, requests)
}

fn silent(name: &'static str, effect: Effect, requests: &'static [usize]) -> Row {
    Row {
        silent: true,
        ..all(name, effect, requests)
    }
}

fn own_of(columns: &'static [Column], name: &'static str, effect: Effect, requests: &'static [usize]) -> Row {
    row(name, Fault::All(effect), columns, requests)
}

fn moved(name: &'static str, fault: Fault, requests: &'static [usize]) -> Row {
    row(name, fault, &ALL, requests)
}

fn peer(name: &'static str, peer: Peer, requests: &'static [usize]) -> Row {
    row(name, Fault::Peer(peer), &ALL, requests)
}

fn row(name: &'static str, fault: Fault, columns: &'static [Column], requests: &'static [usize]) -> Row {
    assert_eq!(columns.len(), requests.len(), "{name}: a count for each column");
    Row {
        name,
        fault,
        columns,
        requests,
        silent: false,
    }
}

fn with(status: u16, name: &str, value: &str) -> Effect {
    Effect::Status {
        status,
        body: None,
        headers: BTreeMap::from([(name.to_owned(), value.to_owned())]),
    }
}
