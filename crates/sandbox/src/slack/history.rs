//! `conversations.history` and `.replies`.

use serde_json::json;

use super::{
    super::{SlackApp, world::messages::Message},
    Answer, Request, Slack,
    conversations::readable,
    cursor,
    failure::Failure,
    shapes::Timeline,
};

/// Newest first; a thread's replies are not in it.
pub(super) fn history(slack: &Slack, request: &Request<'_>) -> Answer {
    let channel = readable(request.arguments.required("channel")?, request.grant)?;
    let limit = limit(slack, request)?;
    let span = Span::read(request)?;
    let all = slack.state.messages(&channel.id);
    let from = cursor::from(&request.arguments, "next_ts")?;
    let mut heads: Vec<&Message> = all
        .iter()
        .filter(|message| !is_reply(message) && span.holds(&message.ts))
        .collect();
    heads.reverse();
    let start = start(&heads, from)?;
    let timeline = Timeline::new(&all);
    let page: Vec<_> = heads
        .iter()
        .skip(start)
        .take(limit)
        .map(|message| timeline.message(message))
        .collect();
    let next = heads.get(start + limit).map(|message| message.ts.as_str());
    let mut answer = json!({
        "messages": page,
        "has_more": next.is_some(),
        "pin_count": 0,
        "channel_actions_ts": null,
        "channel_actions_count": 0,
    });
    // Unlike the directories, history has no metadata at all on its last page.
    if let (Some(fields), true) = (answer.as_object_mut(), next.is_some()) {
        fields.insert(
            "response_metadata".to_owned(),
            json!({ "next_cursor": cursor::to("next_ts", next) }),
        );
    }
    Ok(answer)
}

/// Oldest first. Every page starts with the thread's first message, which the limit does not count after the first page.
pub(super) fn replies(slack: &Slack, request: &Request<'_>) -> Answer {
    let channel = readable(request.arguments.required("channel")?, request.grant)?;
    let ts = request.arguments.required("ts")?;
    let limit = limit(slack, request)?;
    let span = Span::read(request)?;
    let all = slack.state.messages(&channel.id);
    let from = cursor::from(&request.arguments, "next_ts")?;
    let root = all
        .iter()
        .find(|message| message.ts == ts)
        .ok_or_else(|| Failure::new("thread_not_found"))?;
    let mut thread: Vec<&Message> = all
        .iter()
        .filter(|message| message.thread.as_deref() == Some(ts) && span.holds(&message.ts))
        .collect();
    thread.sort_by(|a, b| a.ts.cmp(&b.ts));
    let later = from.is_some();
    let start = start(&thread, from)?;
    let size = if later { limit } else { limit.saturating_sub(1) };
    let timeline = Timeline::new(&all);
    let page = [&root]
        .into_iter()
        .chain(thread.iter().skip(start).take(size))
        .map(|message| timeline.message(message));
    let next = thread.get(start + size).map(|message| message.ts.as_str());
    let mut answer = json!({ "messages": page.collect::<Vec<_>>(), "has_more": next.is_some() });
    if let (Some(fields), true) = (answer.as_object_mut(), next.is_some()) {
        fields.insert(
            "response_metadata".to_owned(),
            json!({ "next_cursor": cursor::to("next_ts", next) }),
        );
    }
    Ok(answer)
}

/// A reply that was also sent to the channel would be in both; the story has none.
fn is_reply(message: &Message) -> bool {
    message.thread.as_ref().is_some_and(|root| *root != message.ts)
}

fn limit(slack: &Slack, request: &Request<'_>) -> Result<usize, Failure> {
    match slack.app {
        SlackApp::Internal => request.arguments.limit(999),
        // Asking for more is not an error: 15 is what comes.
        SlackApp::Commercial => Ok(request.arguments.limit(999)?.min(15)),
    }
}

fn start(messages: &[&Message], from: Option<String>) -> Result<usize, Failure> {
    let Some(ts) = from else { return Ok(0) };
    messages
        .iter()
        .position(|message| message.ts == ts)
        .ok_or_else(|| Failure::new("invalid_cursor"))
}

/// `oldest` and `latest`, without their ends unless `inclusive`.
struct Span {
    oldest: Option<Moment>,
    latest: Option<Moment>,
    inclusive: bool,
}

/// Seconds and microseconds; a `ts` must never become a float.
type Moment = (u64, u64);

impl Span {
    fn read(request: &Request<'_>) -> Result<Self, Failure> {
        let end = |name: &str, error: &'static str| match request.arguments.get(name) {
            None => Ok(None),
            Some(text) => moment(text).map(Some).ok_or_else(|| Failure::new(error)),
        };
        Ok(Self {
            oldest: end("oldest", "invalid_ts_oldest")?.filter(|moment| *moment != (0, 0)),
            latest: end("latest", "invalid_ts_latest")?,
            inclusive: request.arguments.flag("inclusive"),
        })
    }

    fn holds(&self, ts: &str) -> bool {
        let Some(at) = moment(ts) else { return false };
        let after = self
            .oldest
            .is_none_or(|oldest| at > oldest || (self.inclusive && at == oldest));
        let before = self
            .latest
            .is_none_or(|latest| at < latest || (self.inclusive && at == latest));
        after && before
    }
}

fn moment(text: &str) -> Option<Moment> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let micros: String = fraction.chars().chain("000000".chars()).take(6).collect();
    Some((seconds.parse().ok()?, micros.parse().ok()?))
}
