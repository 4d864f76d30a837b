//! What changes something: `chat.postMessage`, `reactions.add`; and `chat.getPermalink`, which needs the same look-ups.

use serde_json::{Value, json};

use super::{
    super::world::{
        channels::{Channel, Kind},
        messages::{Author, Message},
        people::BRAID_BOT,
        world,
    },
    Answer, Request, Slack, WORKSPACE,
    conversations::{ACCOUNT, readable, visible},
    failure::Failure,
    shapes::Timeline,
};

/// Longer texts were cut once; now they are refused.
const MAX_TEXT: usize = 40_000;

pub(super) fn post_message(slack: &Slack, request: &Request<'_>) -> Answer {
    let arguments = &request.arguments;
    let channel = destination(arguments.required("channel")?)?;
    if channel.archived {
        return Err(Failure::new("is_archived"));
    }
    if !channel.joined {
        return Err(Failure::new("not_in_channel"));
    }
    let blocks = list(arguments.get("blocks"), "invalid_blocks_format")?;
    let attachments = list(arguments.get("attachments"), "invalid_attachments")?;
    let text = arguments.get("text").unwrap_or_default();
    if text.trim().is_empty() && blocks.is_null() && attachments.is_null() {
        return Err(Failure::new("no_text"));
    }
    if text.chars().count() > MAX_TEXT {
        return Err(Failure::new("msg_too_long"));
    }
    let thread = thread(slack, channel, arguments.get("thread_ts"))?;
    slack
        .rates
        .take(&format!("post to {}", channel.id), slack.limits.posts)?;
    let author = if request.grant.is_user {
        Author::Person(ACCOUNT.to_owned())
    } else {
        Author::Bot(BRAID_BOT.to_owned())
    };
    let message = slack.state.post(Message {
        channel: channel.id.clone(),
        ts: String::new(),
        thread,
        author,
        text: text.to_owned(),
        blocks,
        attachments,
        subtype: None,
        reactions: Vec::new(),
    });
    let all = slack.state.messages(&channel.id);
    Ok(json!({ "channel": channel.id, "ts": message.ts, "message": Timeline::new(&all).message(&message) }))
}

pub(super) fn permalink(slack: &Slack, request: &Request<'_>) -> Answer {
    let channel = visible(request.arguments.required("channel")?)?;
    let message = message(slack, channel, request.arguments.required("message_ts")?)?;
    Ok(json!({ "channel": channel.id, "permalink": link(&message) }))
}

pub(super) fn add_reaction(slack: &Slack, request: &Request<'_>) -> Answer {
    let emoji = request.arguments.required("name")?.trim_matches(':');
    let (Some(channel), Some(ts)) = (request.arguments.get("channel"), request.arguments.get("timestamp")) else {
        return Err(Failure::new("no_item_specified"));
    };
    let channel = readable(channel, request.grant)?;
    if !emoji
        .chars()
        .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_+-".contains(letter))
    {
        return Err(Failure::new("invalid_name"));
    }
    let message = message(slack, channel, ts)?;
    let mine = |(name, people): &(String, Vec<String>)| name == emoji && people.iter().any(|id| id == ACCOUNT);
    if message.reactions.iter().any(mine) {
        return Err(Failure::new("already_reacted"));
    }
    slack.state.react(&channel.id, ts, emoji, ACCOUNT);
    Ok(json!({}))
}

/// A message's address.
pub(super) fn link(message: &Message) -> String {
    let path = format!(
        "{WORKSPACE}archives/{}/p{}",
        message.channel,
        message.ts.replace('.', "")
    );
    match &message.thread {
        Some(root) if *root != message.ts => format!("{path}?thread_ts={root}&cid={}", message.channel),
        _ => path,
    }
}

/// A channel by id, or a public one by name: posting is the one place where Slack takes names.
fn destination(text: &str) -> Result<&'static Channel, Failure> {
    let name = text.strip_prefix('#').unwrap_or(text);
    let named = world()
        .channels
        .iter()
        .find(|channel| channel.kind == Kind::Public && channel.name == name);
    named.map_or_else(|| visible(text), Ok)
}

/// A reply's `ts` is taken as it is, and starts a thread that no client shows [chat.postMessage: `thread_ts`].
fn thread(slack: &Slack, channel: &Channel, ts: Option<&str>) -> Result<Option<String>, Failure> {
    let Some(ts) = ts else { return Ok(None) };
    match message(slack, channel, ts) {
        Ok(parent) => Ok(Some(parent.ts)),
        Err(_) => Err(Failure::new("thread_not_found")),
    }
}

fn message(slack: &Slack, channel: &Channel, ts: &str) -> Result<Message, Failure> {
    let all = slack.state.messages(&channel.id);
    all.into_iter()
        .find(|message| message.ts == ts)
        .ok_or_else(|| Failure::new("message_not_found"))
}

/// Blocks and attachments come as JSON in a form and as a list in a JSON body; either way the text is the same.
fn list(text: Option<&str>, error: &'static str) -> Result<Value, Failure> {
    match text.map(serde_json::from_str) {
        None => Ok(Value::Null),
        Some(Ok(Value::Array(items))) if items.is_empty() => Ok(Value::Null),
        Some(Ok(Value::Array(items))) => Ok(items.into()),
        Some(_) => Err(Failure::new(error)),
    }
}
