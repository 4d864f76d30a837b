//! How people name a message: by its `ts`, or by its permalink.

use super::Ts;
use super::reference::is_channel_id;
use url::Url;

/// A message as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRef {
    /// Its `ts`.
    pub ts: Ts,
    /// What else its permalink says, where it was named by one.
    pub permalink: Option<Permalink>,
}

/// What a permalink says beyond the message's `ts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permalink {
    /// The channel's id.
    pub channel: String,
    /// The first message of its thread: a reply's permalink has it, all others have none [chat.getPermalink].
    pub root: Option<Ts>,
}

impl MessageRef {
    /// Reads `1355517523.000005`, or `https://acme.slack.com/archives/C0123456789/p1355517523000005`, also in `<…>` as
    /// texts have it. `None` for anything else, such as a `ts` that lost its last digits as a number.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match Ts::exact(text) {
            Some(ts) => Some(Self { ts, permalink: None }),
            None => Self::of_permalink(text),
        }
    }

    /// Reads a permalink alone.
    pub fn of_permalink(text: &str) -> Option<Self> {
        let tag = |text: &str| Some(text.strip_prefix('<')?.strip_suffix('>')?.split('|').next()?.to_owned());
        let text = text.trim();
        let url = Url::parse(&tag(text).unwrap_or_else(|| text.to_owned())).ok()?;
        let mut path = url
            .path_segments()?
            .skip_while(|segment| *segment != "archives")
            .skip(1);
        let (channel, message) = (path.next()?, path.next()?);
        let digits = message.strip_prefix('p')?;
        let (seconds, fraction) = digits.split_at_checked(digits.len().checked_sub(Ts::DECIMALS)?)?;
        let ts = Ts::exact(&format!("{seconds}.{fraction}"))?;
        // `&amp;` stands between the pairs where the address was copied from an escaped text.
        let mut pairs = url.query_pairs();
        let root = pairs.find(|(key, _)| key.trim_start_matches("amp;") == "thread_ts");
        let root = root.and_then(|(_, root)| Ts::exact(&root));
        is_channel_id(channel).then(|| Self {
            ts,
            permalink: Some(Permalink {
                channel: channel.to_owned(),
                root,
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{MessageRef, Permalink};
    use crate::backends::slack::Ts;

    fn ts(text: &str) -> Ts {
        Ts::exact(text).unwrap()
    }

    fn permalink(root: Option<&str>) -> MessageRef {
        MessageRef {
            ts: ts("1795169940.000002"),
            permalink: Some(Permalink {
                channel: "C0INCIDENT".to_owned(),
                root: root.map(ts),
            }),
        }
    }

    #[test]
    fn a_message_is_named_by_its_ts_or_its_permalink() {
        let named = MessageRef::parse(" 1795169940.000002 ").unwrap();
        assert_eq!((named.ts, named.permalink), (ts("1795169940.000002"), None));
        let address = "https://acme.slack.com/archives/C0INCIDENT/p1795169940000002";
        let root = "?thread_ts=1795169760.000001&cid=C0INCIDENT";
        let escaped = "?cid=C0INCIDENT&amp;thread_ts=1795169760.000001";
        for (text, root) in [
            (address.to_owned(), None),
            (format!("<{address}>"), None),
            (format!("<{address}|here>"), None),
            (format!("{address}{root}"), Some("1795169760.000001")),
            (format!("{address}{escaped}"), Some("1795169760.000001")),
        ] {
            assert_eq!(MessageRef::parse(&text), Some(permalink(root)), "{text}");
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        for wrong in [
            "",
            "1795169940",
            "1795169940.1",
            "1795169940.00000",
            "1795169940.0000021",
            "1795169940000002",
            "1.795169940000002e9",
            "p1795169940000002",
            "C0INCIDENT/p1795169940000002",
            "https://acme.slack.com/archives/C0INCIDENT",
            "https://acme.slack.com/archives/incidents/p1795169940000002",
            "https://acme.slack.com/archives/C0INCIDENT/1795169940.000002",
            "https://acme.slack.com/archives/C0INCIDENT/p000002",
            "https://acme.slack.com/archives/C0INCIDENT/p17951699é0000002",
        ] {
            assert_eq!(MessageRef::parse(wrong), None, "{wrong}");
        }
    }
}
