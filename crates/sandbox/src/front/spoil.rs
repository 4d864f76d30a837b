//! How each fault changes an answer on its way out.

use std::{collections::BTreeMap, io, time::Duration};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures::stream::{self, StreamExt as _};
use serde_json::{Value, json};

use super::{
    super::{
        fault::{Effect, GithubError},
        line::Cut,
        reply::{Call, Reply},
    },
    StandIn,
};

/// Answers a call as the effect has it; without one, as the vendor would.
pub(super) async fn answer<S: StandIn>(stand_in: &S, call: &Call, effect: Option<Effect>, cut: Cut) -> Response {
    let Some(effect) = effect else {
        return stand_in.answer(call).await.send();
    };
    match effect {
        Effect::Status { status, body, headers } => stated(stand_in, status, body, &headers).send(),
        Effect::RateLimit { retry_after, form } => stand_in.too_many(form, retry_after.as_ref()).send(),
        Effect::Html { status } => Reply::new(
            status,
            "text/html; charset=utf-8",
            "<!DOCTYPE html>\n<title>Gateway</title><h1>Gateway</h1>\n",
        )
        .send(),
        Effect::MalformedJson => Reply::new(
            200,
            "application/json; charset=utf-8",
            r#"{"ok": true, "data": {,}, "errors""#,
        )
        .send(),
        Effect::HugeBody { bytes } => huge(bytes),
        Effect::Hang => std::future::pending().await,
        Effect::ResetBefore => {
            cut.now();
            Reply::new(200, "text/plain", "never sent").send()
        }
        Effect::Redirect { status, location } => Reply::new(status, "text/plain", "over there")
            .with("location", location)
            .send(),
        Effect::SlackError { error, more } => {
            let mut body = json!({ "ok": false, "error": error });
            if let Value::Object(fields) = &mut body {
                fields.extend(more);
            }
            Reply::json(200, &body).send()
        }
        Effect::Delay { ms } => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            stand_in.answer(call).await.send()
        }
        Effect::Drip { bytes, every_ms } => drip(stand_in.answer(call).await, bytes, Duration::from_millis(every_ms)),
        Effect::ResetInBody => reset_in_body(stand_in.answer(call).await, cut),
        Effect::TruncatedJson => {
            let mut reply = stand_in.answer(call).await;
            reply.body.truncate(reply.body.len() / 2);
            reply.send()
        }
        Effect::ContentType { value } => stand_in.answer(call).await.with("content-type", value).send(),
        Effect::Header { name, value } => stand_in.answer(call).await.with(&name, value).send(),
        Effect::GithubErrors { errors } => partial(stand_in.answer(call).await, &errors).send(),
    }
}

fn stated(stand_in: &impl StandIn, status: u16, body: Option<String>, headers: &BTreeMap<String, String>) -> Reply {
    let mut reply = stand_in.failure(status);
    if let Some(body) = body {
        reply.body = body.into();
    }
    headers
        .iter()
        .fold(reply, |reply, (name, value)| reply.with(name, value.as_str()))
}

/// Streamed, so that a large one costs the stand-in nothing.
fn huge(bytes: usize) -> Response {
    const PIECE: usize = 64 << 10;
    let filler = Bytes::from(vec![b'x'; PIECE]);
    let pieces = stream::iter((0..bytes.div_ceil(PIECE)).map(move |_| filler.clone()));
    let whole = stream::iter([Bytes::from_static(b"{\"filler\":\"")])
        .chain(pieces)
        .chain(stream::iter([Bytes::from_static(b"\"}")]));
    Reply::new(200, "application/json; charset=utf-8", "").with_body(Body::from_stream(whole.map(Ok::<_, io::Error>)))
}

fn drip(reply: Reply, bytes: usize, every: Duration) -> Response {
    let rest = reply.body.clone();
    let pieces = stream::unfold(rest, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(every).await;
        let piece = rest.split_to(bytes.clamp(1, rest.len()));
        Some((Ok::<_, io::Error>(piece), rest))
    });
    reply.with_body(Body::from_stream(pieces))
}

fn reset_in_body(reply: Reply, cut: Cut) -> Response {
    let half = reply.body.slice(..reply.body.len() / 2);
    let broken = async move {
        // Time for the first half to leave, or the peer would see a reset before the body.
        tokio::time::sleep(Duration::from_millis(50)).await;
        cut.now();
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    };
    let length = reply.body.len();
    let pieces = stream::iter([Ok(half)]).chain(stream::once(broken));
    reply
        .with("content-length", length)
        .with_body(Body::from_stream(pieces))
}

/// Nulls what stands at each error's path and says so, as GitHub does beside partial data.
fn partial(mut reply: Reply, failed: &[GithubError]) -> Reply {
    let Ok(mut answer) = serde_json::from_slice::<Value>(&reply.body) else {
        return reply;
    };
    for error in failed {
        let part = error.path.iter().try_fold(answer.get_mut("data"), |part, key| {
            let below = match (part?, key) {
                (Value::Object(fields), Value::String(name)) => fields.get_mut(name),
                (Value::Array(items), Value::Number(index)) => items.get_mut(usize::try_from(index.as_u64()?).ok()?),
                _ => None,
            };
            Some(below)
        });
        if let (Some(Some(part)), false) = (part, error.path.is_empty()) {
            *part = Value::Null;
        }
    }
    if let Value::Object(fields) = &mut answer
        && let Value::Array(errors) = fields.entry("errors").or_insert_with(|| json!([]))
    {
        errors.extend(failed.iter().map(|error| {
            let mut error = json!(error);
            if let Value::Object(fields) = &mut error {
                fields.insert("locations".to_owned(), json!([{ "line": 1, "column": 3 }]));
            }
            error
        }));
    }
    reply.body = answer.to_string().into();
    reply
}
