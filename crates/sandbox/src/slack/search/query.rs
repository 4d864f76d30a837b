//! Slack's search language, as far as the story needs it: words, "phrases", `-not`, `in:`, `from:`, `to:me`, `after:`,
//! `before:`, `on:`, `has:link`, `has::emoji:`, `is:thread`.

use serde_json::Value;

use super::super::{
    super::world::{
        channels::Channel,
        clock::rfc3339,
        messages::{Author, Message},
        people::BRAID,
        world,
    },
    conversations::ACCOUNT,
};

/// A search, taken apart. All of it has to hold.
#[derive(Default)]
pub(super) struct Query {
    words: Vec<String>,
    unwanted: Vec<String>,
    filters: Vec<(String, String)>,
}

const FILTERS: [&str; 9] = ["in", "from", "with", "after", "before", "on", "has", "is", "to"];

impl Query {
    pub(super) fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for token in tokens(text) {
            let (key, value) = token.split_once(':').unwrap_or(("", token.as_str()));
            if FILTERS.contains(&key.to_lowercase().as_str()) {
                query.filters.push((key.to_lowercase(), value.to_lowercase()));
            } else if let Some(word) = token.strip_prefix('-').filter(|word| !word.is_empty()) {
                query.unwanted.push(word.to_lowercase());
            } else {
                query.words.push(token.to_lowercase());
            }
        }
        query
    }

    /// How well a message fits; none where it does not.
    pub(super) fn score(&self, message: &Message, channel: &Channel) -> Option<usize> {
        let mut text = String::new();
        collect(&Value::from(message.text.as_str()), &mut text);
        collect(&message.blocks, &mut text);
        collect(&message.attachments, &mut text);
        let text = text.to_lowercase();
        let fits = self
            .filters
            .iter()
            .all(|(key, value)| holds(key, value, message, channel))
            && self.words.iter().all(|word| text.contains(word))
            && !self.unwanted.iter().any(|word| text.contains(word));
        fits.then(|| self.words.iter().map(|word| text.matches(word.as_str()).count()).sum())
    }

    /// Puts Slack's private-use characters around what was searched for.
    pub(super) fn highlight(&self, text: &str) -> String {
        self.words.iter().fold(text.to_owned(), |text, word| {
            let place = text.to_ascii_lowercase().find(word.as_str());
            let split = place.and_then(|start| {
                Some((
                    text.get(..start)?,
                    text.get(start..start + word.len())?,
                    text.get(start + word.len()..)?,
                ))
            });
            match split {
                Some((before, hit, after)) => format!("{before}\u{e000}{hit}\u{e001}{after}"),
                None => text,
            }
        })
    }
}

/// Splits at spaces that are not within double quotes, and takes the quotes away.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let mut quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            space if space.is_whitespace() && !quoted => tokens.push(String::new()),
            other => {
                if let Some(last) = tokens.last_mut() {
                    last.push(other);
                }
            }
        }
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

fn holds(key: &str, value: &str, message: &Message, channel: &Channel) -> bool {
    let name = value.trim_start_matches(['#', '@', '<']).trim_end_matches('>');
    let day = || {
        let seconds = message
            .ts
            .split('.')
            .next()
            .and_then(|seconds| seconds.parse().ok())
            .unwrap_or_default();
        rfc3339(seconds).chars().take(10).collect::<String>()
    };
    match key {
        "in" => {
            channel.name == name
                || channel.id.to_lowercase() == name
                || name.starts_with(&format!("{}|", channel.id.to_lowercase()))
        }
        "from" => from(name, message),
        "after" => day().as_str() > value,
        "before" => day().as_str() < value,
        "on" => day() == value,
        "has" if value == "link" => message.text.contains("http"),
        "has" => message
            .reactions
            .iter()
            .any(|(emoji, _)| emoji == value.trim_matches(':')),
        "is" => value != "thread" || message.thread.is_some(),
        // Nothing in the story is addressed to the account.
        _ => false,
    }
}

fn from(name: &str, message: &Message) -> bool {
    match &message.author {
        Author::Person(id) if name == "me" => id == ACCOUNT,
        Author::Person(id) => {
            let person = world().people.iter().find(|person| person.id == *id);
            id.to_lowercase() == name
                || person.is_some_and(|person| person.handle == name || person.display_name.to_lowercase() == name)
        }
        Author::Bot(id) => {
            let bot = world().bots.iter().find(|bot| bot.id == id);
            bot.is_some_and(|bot| bot.name.to_lowercase() == name || (name == "me" && bot.user == Some(BRAID)))
        }
    }
}

/// All the texts and addresses within a block or attachment.
fn collect(value: &Value, into: &mut String) {
    match value {
        Value::String(text) => {
            into.push_str(text);
            into.push('\n');
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, into)),
        _ => {}
    }
}
