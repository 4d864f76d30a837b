//! The story that the three stand-ins tell, as data of no vendor's shape: a shop called acme, and the morning of
//! 2026-11-20 on which a change to its checkout broke it.
//!
//! 09:52 acme/checkout#612 is merged · 10:02 it is deployed · 10:07 monitor 40 fires and posts to `#incident-checkout` and
//! `#deploys` · 10:15 customers' reports become acme/checkout#615 · 10:28 mona opens #617, which reverts #612 ·
//! 10:30 Ada posts its link · 10:45 the last message: its integration check has failed.

pub(super) mod channels;
pub(super) mod clock;
pub(super) mod code;
pub(super) mod messages;
pub(super) mod metrics;
pub(super) mod monitors;
pub(super) mod people;

use std::sync::LazyLock;

use channels::Channel;
use code::Code;
use messages::Message;
use monitors::Monitor;
use people::{Bot, Group, Person};

/// Everything there is when a sandbox starts.
#[derive(Debug)]
pub(super) struct World {
    pub(super) people: Vec<Person>,
    pub(super) bots: Vec<Bot>,
    pub(super) groups: Vec<Group>,
    pub(super) channels: Vec<Channel>,
    /// In the order of their time.
    pub(super) messages: Vec<Message>,
    pub(super) code: Code,
    /// In the order of their ids.
    pub(super) monitors: Vec<Monitor>,
}

/// The story is told once for the whole process: nothing in it changes.
pub(super) fn world() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(|| World {
        people: people::people(),
        bots: people::bots(),
        groups: people::groups(),
        channels: channels::channels(),
        messages: messages::messages(),
        code: code::code(),
        monitors: monitors::monitors(),
    });
    &WORLD
}

/// A number that looks random and is always the same for the same words.
pub(super) fn spread(words: &str) -> u64 {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(words.as_bytes())
        .iter()
        .take(8)
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// [`spread`] as one of `0..below`.
pub(super) fn pick(words: &str, below: usize) -> usize {
    let below = u64::try_from(below.max(1)).unwrap_or(u64::MAX);
    usize::try_from(spread(words) % below).unwrap_or_default()
}

/// [`spread`] as one of a list.
pub(super) fn choose<'a, T: ?Sized>(words: &str, list: &[&'a T]) -> Option<&'a T> {
    list.get(pick(words, list.len())).copied()
}
