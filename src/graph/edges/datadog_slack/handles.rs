//! The `@slack-…` handles in a monitor's message, found in one pass over it.

use crate::backends::names;
use std::collections::HashSet;

const PREFIX: &str = "@slack-";

/// No variable has a longer name; two braces that are not closed within it begin none.
const LONGEST_VARIABLE: usize = 200;

/// A handle in a message, from `@` on.
#[derive(Debug, PartialEq, Eq, Hash, Clone, Copy)]
pub(super) enum Handle<'a> {
    /// `@slack-incidents`
    Fixed(&'a str),
    /// `@slack-{{service.name}}`: filled in when the monitor notifies.
    Variable(&'a str),
}

impl<'a> Handle<'a> {
    pub(super) fn text(&self) -> &'a str {
        match self {
            Self::Fixed(text) | Self::Variable(text) => text,
        }
    }
}

/// The handles in a message, each once, in order.
pub(super) fn handles(message: &str) -> Vec<Handle<'_>> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    let mut before = Before::Other;
    for (at, character) in message.char_indices() {
        before = match character {
            '@' if before.makes_a_mailbox() => Before::At(Kind::Mailbox),
            '@' => {
                let rest = message.get(at..).unwrap_or_default();
                found.extend(handle(rest).filter(|handle| seen.insert(*handle)));
                Before::At(Kind::Handle)
            }
            _ if is_of_name(character) => before.and(character),
            _ => Before::Other,
        };
    }
    found
}

/// What stands before a character: needed to tell a handle from the second half of `ada@slack-hq.example`.
#[derive(Clone, Copy)]
enum Before {
    /// Nothing of a name.
    Other,
    /// An `@`.
    At(Kind),
    /// A name, whether it stands right after an `@`, and whether its last character is a letter or a digit.
    Name {
        after: Option<Kind>,
        ends_in_a_letter: bool,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Handle,
    Mailbox,
}

impl Before {
    /// A name makes what follows it a mailbox, unless it is a handle itself (`@slack-ops@slack-deploys`).
    fn makes_a_mailbox(self) -> bool {
        matches!(self, Self::Name { after, ends_in_a_letter: true } if after != Some(Kind::Handle))
    }

    fn and(self, character: char) -> Self {
        let after = match self {
            Self::Other => None,
            Self::At(kind) => Some(kind),
            Self::Name { after, .. } => after,
        };
        Self::Name {
            after,
            ends_in_a_letter: character.is_alphanumeric(),
        }
    }
}

/// The handle at the start of `text`. It ends where no channel's name goes on: at white space, punctuation, or a tag that
/// closes a block (`{{/is_alert}}`). A full stop or hyphen at the very end belongs to the sentence.
fn handle(text: &str) -> Option<Handle<'_>> {
    if !text.starts_with(PREFIX) {
        return None;
    }
    let mut end = PREFIX.len();
    let mut is_variable = false;
    loop {
        let rest = text.get(end..)?;
        if let Some(length) = variable_length(rest) {
            is_variable = true;
            end += length;
        } else if let Some(next) = rest.chars().next().filter(|next| is_of_name(*next)) {
            end += next.len_utf8();
        } else if rest.starts_with('#') && text.get(..end)?.ends_with('-') {
            end += 1;
        } else {
            break;
        }
    }
    let handle = text.get(..end)?.trim_end_matches(['.', '-', '#']);
    let named = handle.len() > PREFIX.len();
    named.then_some(if is_variable {
        Handle::Variable(handle)
    } else {
        Handle::Fixed(handle)
    })
}

/// The length of a variable such as `{{service.name}}`; `{{#…}}`, `{{^…}}`, `{{/…}}` and `{{else}}` are blocks.
fn variable_length(text: &str) -> Option<usize> {
    let name = text.strip_prefix("{{")?;
    let mut near = name.char_indices().take(LONGEST_VARIABLE + 1);
    let (end, _) = near.find(|(_, character)| *character == '}')?;
    let (name, rest) = name.split_at_checked(end)?;
    let is_block = name.trim_start().starts_with(['#', '^', '/', '!']) || name.trim() == "else";
    (rest.starts_with("}}") && !is_block).then_some(name.len() + 4)
}

/// Slack's names hold letters of any script, digits, `-` and `_`, older ones also `.`.
fn is_of_name(character: char) -> bool {
    names::is_word(character) || matches!(character, '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::Handle::{Fixed, Variable};
    use super::handles;

    #[test]
    fn a_handle_ends_where_a_name_ends() {
        let cases = [
            ("Look: @slack-incidents", vec![Fixed("@slack-incidents")]),
            (
                "@slack-acme-incident-checkout @pagerduty-x",
                vec![Fixed("@slack-acme-incident-checkout")],
            ),
            (
                "{{#is_alert}}Bad! @slack-incidents{{/is_alert}}{{#is_recovery}}@slack-ok{{/is_recovery}}",
                vec![Fixed("@slack-incidents"), Fixed("@slack-ok")],
            ),
            ("Tell @slack-incidents.", vec![Fixed("@slack-incidents")]),
            (
                "(@slack-a,@slack-b)\n@slack-a",
                vec![Fixed("@slack-a"), Fixed("@slack-b")],
            ),
            ("@slack-störung!", vec![Fixed("@slack-störung")]),
            ("@slack-sto\u{308}rung!", vec![Fixed("@slack-sto\u{308}rung")]),
            ("@slack-चेतावनी, देखें", vec![Fixed("@slack-चेतावनी")]),
            ("@slack-old.name, please", vec![Fixed("@slack-old.name")]),
            ("@slack-incidents<!here>", vec![Fixed("@slack-incidents")]),
            ("mail ada@slack-hq.example", vec![]),
            ("mail ada@pager@slack-hq.example", vec![]),
            ("@pager@slack-ops", vec![Fixed("@slack-ops")]),
            (
                "-@slack-ops, _@slack-deploys_",
                vec![Fixed("@slack-ops"), Fixed("@slack-deploys_")],
            ),
            (
                "@slack-ops@slack-deploys",
                vec![Fixed("@slack-ops"), Fixed("@slack-deploys")],
            ),
            ("@slack-acme-#deploys and @slack-#", vec![Fixed("@slack-acme-#deploys")]),
            ("@slack- and @slack", vec![]),
            ("@slack-a{{else}}@slack-b", vec![Fixed("@slack-a"), Fixed("@slack-b")]),
        ];
        for (message, expected) in cases {
            assert_eq!(handles(message), expected, "{message}");
        }
    }

    #[test]
    fn a_handle_with_a_variable_names_no_channel_yet() {
        assert_eq!(
            handles("@slack-{{service.name}}-alerts @slack-team-{{ env }} @slack-{{broken @slack-{{a}b}}"),
            [
                Variable("@slack-{{service.name}}-alerts"),
                Variable("@slack-team-{{ env }}")
            ]
        );
    }
}
