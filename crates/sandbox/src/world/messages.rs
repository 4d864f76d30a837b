//! What people and bots wrote in Slack.

mod before;
mod deploys;
mod elsewhere;
mod incident;

use serde_json::Value;

/// A message; also what is posted while a sandbox runs.
#[derive(Clone, Debug)]
pub(in super::super) struct Message {
    pub(in super::super) channel: String,
    /// Slack's id and time: seconds, a point, six digits.
    pub(in super::super) ts: String,
    /// The thread's first message, where it is in one.
    pub(in super::super) thread: Option<String>,
    pub(in super::super) author: Author,
    /// As Slack keeps it: escaped, with mentions by id. Empty for many bots.
    pub(in super::super) text: String,
    /// Null without.
    pub(in super::super) blocks: Value,
    /// Null without.
    pub(in super::super) attachments: Value,
    pub(in super::super) subtype: Option<&'static str>,
    pub(in super::super) reactions: Vec<Reaction>,
}

/// An emoji, and the people who gave it.
pub(in super::super) type Reaction = (String, Vec<String>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Author {
    /// By the id of a [`Person`](super::people::Person).
    Person(String),
    /// By the id of a [`Bot`](super::people::Bot).
    Bot(String),
}

impl Message {
    /// By a person; `serial` tells apart what falls into one second.
    fn said(channel: &str, (seconds, serial): (i64, u32), person: &str, text: &str) -> Self {
        Self {
            channel: channel.to_owned(),
            ts: ts(seconds, serial),
            thread: None,
            author: Author::Person(person.to_owned()),
            text: text.to_owned(),
            blocks: Value::Null,
            attachments: Value::Null,
            subtype: None,
            reactions: Vec::new(),
        }
    }

    /// By a bot.
    fn posted(channel: &str, when: (i64, u32), bot: &str, text: &str) -> Self {
        Self {
            author: Author::Bot(bot.to_owned()),
            subtype: Some("bot_message"),
            ..Self::said(channel, when, "", text)
        }
    }

    fn blocks(self, blocks: Value) -> Self {
        Self { blocks, ..self }
    }

    fn attachments(self, attachments: Value) -> Self {
        Self { attachments, ..self }
    }

    fn subtype(self, subtype: &'static str) -> Self {
        Self {
            subtype: Some(subtype),
            ..self
        }
    }

    fn in_thread(self, root: &str) -> Self {
        Self {
            thread: Some(root.to_owned()),
            ..self
        }
    }

    fn reaction(mut self, emoji: &str, people: &[&str]) -> Self {
        self.reactions
            .push((emoji.to_owned(), people.iter().map(|id| (*id).to_owned()).collect()));
        self
    }
}

/// Slack's id of a message.
pub(in super::super) fn ts(seconds: i64, serial: u32) -> String {
    format!("{seconds}.{serial:06}")
}

/// All of them, in the order of their time.
pub(in super::super) fn messages() -> Vec<Message> {
    let mut all = before::messages();
    all.extend(incident::messages());
    all.extend(incident::threads());
    all.extend(deploys::messages());
    all.extend(elsewhere::messages());
    // Equal lengths, so the order of the texts is the order of the times.
    all.sort_by(|a, b| a.ts.cmp(&b.ts));
    all
}
