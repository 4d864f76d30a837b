//! How people name channels: by id, by `#name`, by a tag or a link copied from Slack.

use super::BACKEND;
use crate::backends::names;
use upstream::{Cause, Failure};

/// A channel as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelRef {
    /// By id.
    Id(String),
    /// A person, by id: Slack posts to their direct conversation, but reads nothing by it.
    Person(String),
    /// By name, in the form in which names are compared and without `#`.
    Name(String),
}

impl ChannelRef {
    /// Reads `C0123456789`, `#name`, `name`, `<#C0123456789|name>`, the address of a channel in Slack, or a user id.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        let tag = text.strip_prefix("<#").and_then(|rest| rest.strip_suffix('>'));
        let id_of_tag = tag.map(|tag| tag.split('|').next().unwrap_or(tag));
        let id_of_url = text
            .strip_prefix("https://")
            .and_then(|rest| rest.split_once("/archives/"))
            .map(|(_, path)| path.split(['/', '?']).next().unwrap_or(path));
        let name = id_of_tag.or(id_of_url).unwrap_or(text).trim_start_matches('#').trim();
        if is_channel_id(name) {
            return Ok(Self::Id(name.to_owned()));
        }
        // Shorter ones are rather a name that somebody shouts, as `WEB` or `UX2`.
        if is_user_id(name) && name.len() >= 9 {
            return Ok(Self::Person(name.to_owned()));
        }
        // Slack allows letters of every script, digits, `-` and `_`; only what surely is no name is refused here.
        let name = names::key(name);
        let is_name = !name.is_empty() && name.chars().count() <= 80 && !name.contains([' ', '/', '<', '>', ',', '@']);
        if is_name && tag.is_none() {
            return Ok(Self::Name(name));
        }
        let message = format!("`channel` must be a channel id such as `C0123456789` or a `#name`, not `{text}`");
        Err(Failure::new(BACKEND, "channel", Cause::Invalid { message }))
    }
}

/// `C`, `G` or `D`, then upper-case letters and digits. Names are always lower-case, so short ids need no digit to be told
/// from them; what people shout (`GENERAL`) is told by its length and by having no digit.
pub(super) fn is_channel_id(text: &str) -> bool {
    let mut bytes = text.bytes();
    let begins_right = matches!(bytes.next(), Some(b'C' | b'G' | b'D'));
    let goes_on_right = bytes.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    begins_right && goes_on_right && (text.len() >= 9 || text.bytes().any(|byte| byte.is_ascii_digit()))
}

/// Whether this looks like a user group's id, e.g. `S0123456789`.
pub(super) fn is_group_id(text: &str) -> bool {
    let mut bytes = text.bytes();
    matches!(bytes.next(), Some(b'S'))
        && text.len() > 1
        && bytes.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Whether this looks like a user id, e.g. `U0123456789` or `W0123456789`.
pub(super) fn is_user_id(text: &str) -> bool {
    let mut bytes = text.bytes();
    matches!(bytes.next(), Some(b'U' | b'W'))
        && text.len() > 1
        && bytes.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::ChannelRef;
    use upstream::Cause;

    fn parsed(text: &str) -> ChannelRef {
        ChannelRef::parse(text).unwrap()
    }

    #[test]
    fn ids_in_every_dress() {
        let id = ChannelRef::Id("C0INCIDENT".to_owned());
        assert_eq!(parsed("C0INCIDENT"), id);
        assert_eq!(parsed("#C0INCIDENT"), id);
        assert_eq!(parsed("<#C0INCIDENT|incidents>"), id);
        assert_eq!(
            parsed("https://acme.slack.com/archives/C0INCIDENT/p1355517523000005"),
            id
        );
        assert_eq!(parsed("D1"), ChannelRef::Id("D1".to_owned()));
    }

    #[test]
    fn names_are_lower_case_and_bare() {
        assert_eq!(parsed("#general"), ChannelRef::Name("general".to_owned()));
        assert_eq!(
            parsed(" Incident-Checkout "),
            ChannelRef::Name("incident-checkout".to_owned())
        );
        assert_eq!(parsed("GENERAL"), ChannelRef::Name("general".to_owned()));
        assert_eq!(parsed("#c0ffee"), ChannelRef::Name("c0ffee".to_owned()));
        // The same name, composed and not.
        assert_eq!(parsed("#sto\u{308}rung"), parsed("störung"));
    }

    #[test]
    fn people_are_told_from_channels() {
        assert_eq!(parsed("U0ADAABARA"), ChannelRef::Person("U0ADAABARA".to_owned()));
        assert_eq!(parsed("W01234567"), ChannelRef::Person("W01234567".to_owned()));
        assert_eq!(parsed("UX2"), ChannelRef::Name("ux2".to_owned()));
        assert_eq!(parsed("u0adaabara"), ChannelRef::Name("u0adaabara".to_owned()));
    }

    #[test]
    fn what_cannot_be_a_channel_is_refused_with_what_can() {
        for wrong in ["", "#", "two words", "@ada", "<#general>"] {
            let failure = ChannelRef::parse(wrong).unwrap_err();
            assert!(
                matches!(&failure.cause, Cause::Invalid { message } if message.contains("`#name`")),
                "{wrong}"
            );
        }
    }
}
