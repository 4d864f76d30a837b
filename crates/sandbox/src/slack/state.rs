//! What was posted since the sandbox started, on top of the story.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::super::world::{
    clock::at,
    messages::{Message, Reaction, ts},
    world,
};

/// Posts and reactions of this sandbox.
#[derive(Default)]
pub(super) struct State(Mutex<Changes>);

#[derive(Default)]
struct Changes {
    posted: Vec<Message>,
    /// By channel and `ts`.
    reactions: HashMap<(String, String), Vec<Reaction>>,
}

impl State {
    /// A channel's messages, thread replies among them, in the order of their time.
    pub(super) fn messages(&self, channel: &str) -> Vec<Message> {
        let mut all = self.all();
        all.retain(|message| message.channel == channel);
        all
    }

    /// Every channel's messages.
    pub(super) fn all(&self) -> Vec<Message> {
        let changes = self.changes();
        let mut all: Vec<Message> = world().messages.iter().chain(&changes.posted).cloned().collect();
        for message in &mut all {
            let place = (message.channel.clone(), message.ts.clone());
            message
                .reactions
                .extend(changes.reactions.get(&place).cloned().unwrap_or_default());
        }
        all
    }

    /// Keeps a post under the next free `ts`. The clock of the sandbox starts right after the story and ticks with every
    /// post, so that the same posts have the same ids at every run.
    pub(super) fn post(&self, mut message: Message) -> Message {
        let mut changes = self.changes();
        let tick = u32::try_from(changes.posted.len()).unwrap_or(u32::MAX);
        message.ts = ts(at(10, 50) + i64::from(tick), 100 + tick);
        changes.posted.push(message.clone());
        message
    }

    pub(super) fn react(&self, channel: &str, ts: &str, emoji: &str, user: &str) {
        let mut changes = self.changes();
        let given = changes
            .reactions
            .entry((channel.to_owned(), ts.to_owned()))
            .or_default();
        given.push((emoji.to_owned(), vec![user.to_owned()]));
    }

    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
