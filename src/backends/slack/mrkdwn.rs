//! Slack's markup, read into pieces: tags such as `<@U…>` and `<https://…|label>` ("Formatting message text").
//!
//! Emphasis (`*bold*`, `` `code` ``) stays as people typed it. Escapes are undone once, after the tags were found: what
//! was escaped is text, also where it then looks like a tag.

use super::reference::{is_channel_id, is_group_id, is_user_id};
use jiff::Timestamp;

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text as people read it.
    Text(String),
    /// A mention of somebody, with a name where Slack gave it along.
    User { id: String, label: Option<String> },
    /// A mention of a channel, with its name where Slack gave it along.
    Channel { id: String, name: Option<String> },
    /// A mention of a user group, with its handle where Slack gave it along.
    Group { id: String, label: Option<String> },
    /// A link, with its label where it has one.
    Link { url: String, label: Option<String> },
    /// An address that people do not see, such as that of a preview's source.
    Address(String),
}

impl Piece {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn link(url: impl Into<String>, label: Option<&str>) -> Self {
        let label = label.map(str::trim).filter(|label| !label.is_empty());
        Self::Link {
            url: url.into(),
            label: label.map(str::to_owned),
        }
    }

    /// A mention; what is no user id (a bot's, say) has no name to look up.
    pub(super) fn user(id: &str, label: Option<&str>) -> Self {
        let label = label.map(|label| label.trim_start_matches('@').to_owned());
        if is_user_id(id) {
            let id = id.to_owned();
            Self::User { id, label }
        } else {
            Self::Text(format!("@{}", label.as_deref().unwrap_or(id)))
        }
    }

    /// A mention of a user group; what is no id of one has no handle to look up.
    pub(super) fn group(id: &str, label: Option<&str>) -> Self {
        let label = label.map(|label| label.trim_start_matches('@').to_owned());
        if is_group_id(id) {
            let id = id.to_owned();
            Self::Group { id, label }
        } else {
            Self::Text(format!("@{}", label.as_deref().unwrap_or(id)))
        }
    }

    /// A mention of a channel; what is no id of one has no name to look up.
    pub(super) fn channel(id: &str, name: Option<&str>) -> Self {
        let name = name.map(|name| name.trim_start_matches('#').to_owned());
        if is_channel_id(id) {
            let id = id.to_owned();
            Self::Channel { id, name }
        } else {
            Self::Text(format!("#{}", name.as_deref().unwrap_or(id)))
        }
    }
}

/// Reads text with tags, in one pass.
pub(super) fn parse(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    // Text up to the next tag, escaped; a lone `<` is part of it.
    let mut plain = 0..0;
    while let Some(open) = text.get(plain.end..).and_then(|rest| rest.find('<')) {
        let open = plain.end + open;
        plain.end = open + 1;
        if let Some(tag) = text.get(plain.end..).and_then(tag) {
            push_text(&mut pieces, text.get(plain.start..open));
            pieces.push(read_tag(tag));
            let behind = plain.end + tag.len() + 1;
            plain = behind..behind;
        }
    }
    push_text(&mut pieces, text.get(plain.start..));
    pieces
}

/// The tag that stands open at the start of `text`. It ends on its line and holds no other; a lone `<` is text, though
/// Slack would have escaped it.
fn tag(text: &str) -> Option<&str> {
    let (tag, behind) = text.split_at_checked(text.find(['<', '>', '\n'])?)?;
    (behind.starts_with('>') && !tag.is_empty()).then_some(tag)
}

/// Undoes the three escapes, once and in one pass: `&amp;lt;` becomes `&lt;`.
pub fn unescape(text: &str) -> String {
    const ESCAPES: [(&str, char); 3] = [("amp;", '&'), ("lt;", '<'), ("gt;", '>')];
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        plain.push_str(before);
        let known = ESCAPES
            .iter()
            .find_map(|(escape, character)| Some((*character, behind.strip_prefix(escape)?)));
        let (character, behind) = known.unwrap_or(('&', behind));
        plain.push(character);
        rest = behind;
    }
    plain.push_str(rest);
    plain
}

/// A moment, for a date that came without the text to show instead.
pub(super) fn moment(seconds: &str) -> Option<String> {
    let moment = Timestamp::from_second(seconds.parse().ok()?).ok()?;
    Some(moment.to_string())
}

fn push_text(pieces: &mut Vec<Piece>, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        pieces.push(Piece::Text(unescape(text)));
    }
}

fn read_tag(tag: &str) -> Piece {
    let (target, label) = match tag.split_once('|') {
        Some((target, label)) => (target, Some(unescape(label)).filter(|label| !label.trim().is_empty())),
        None => (tag, None),
    };
    if let Some(id) = target.strip_prefix('@') {
        return Piece::user(id, label.as_deref());
    }
    if let Some(id) = target.strip_prefix('#') {
        return Piece::channel(id, label.as_deref());
    }
    if let Some(command) = target.strip_prefix('!') {
        return read_command(command, label);
    }
    if target.contains(':') {
        return Piece::link(unescape(target), label.as_deref());
    }
    Piece::Text(unescape(&format!("<{tag}>")))
}

/// `!here`, `!subteam^S…` (a user group), `!date^seconds^format^link` and the like.
fn read_command(command: &str, label: Option<String>) -> Piece {
    let mut parts = command.split('^');
    let kind = parts.next().unwrap_or_default();
    let first = parts.next();
    match (kind, label) {
        ("date", label) => {
            let shown = label.or_else(|| moment(first?)).unwrap_or_else(|| "a date".to_owned());
            match parts.nth(1) {
                Some(url) => Piece::link(unescape(url), Some(&shown)),
                None => Piece::Text(shown),
            }
        }
        ("subteam", label) if first.is_some() => Piece::group(first.unwrap_or_default(), label.as_deref()),
        (_, Some(label)) => Piece::Text(format!("@{}", label.trim_start_matches('@'))),
        (kind, None) => Piece::Text(format!("@{}", first.unwrap_or(kind))),
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, parse, unescape};

    fn link(url: &str, label: Option<&str>) -> Piece {
        Piece::link(url, label)
    }

    #[test]
    fn escapes_are_undone_once_and_after_the_tags() {
        assert_eq!(unescape("a &amp;&lt;b&gt; &amp;lt; &nbsp; &"), "a &<b> &lt; &nbsp; &");
        assert_eq!(parse("&lt;@U1&gt;"), [Piece::text("<@U1>")]);
        assert_eq!(
            parse("<https://x.test/?a=1&amp;b=2|x &amp; y>"),
            [link("https://x.test/?a=1&b=2", Some("x & y"))]
        );
    }

    #[test]
    fn mentions_of_people_channels_and_groups() {
        assert_eq!(
            parse("<@U024BE7LH> see <#C024BE7LR|general> or <#C024BE7LS|>"),
            [
                Piece::user("U024BE7LH", None),
                Piece::text(" see "),
                Piece::Channel {
                    id: "C024BE7LR".to_owned(),
                    name: Some("general".to_owned())
                },
                Piece::text(" or "),
                Piece::Channel {
                    id: "C024BE7LS".to_owned(),
                    name: None
                },
            ]
        );
        assert_eq!(parse("<@U1|ada>"), [Piece::user("U1", Some("ada"))]);
        assert_eq!(parse("<@B1>"), [Piece::text("@B1")]);
        assert_eq!(parse("<!here>"), [Piece::text("@here")]);
        assert_eq!(parse("<!channel|channel>"), [Piece::text("@channel")]);
        assert_eq!(
            parse("<!subteam^SAZ94GDB8|@on-call>"),
            [Piece::group("SAZ94GDB8", Some("on-call"))]
        );
        assert_eq!(parse("<!subteam^SAZ94GDB8>"), [Piece::group("SAZ94GDB8", None)]);
        assert_eq!(
            parse("<#not an id> <#not an id|name>"),
            [Piece::text("#not an id"), Piece::text(" "), Piece::text("#name")]
        );
        assert_eq!(parse("<!subteam^x y>"), [Piece::text("@x y")]);
        assert_eq!(parse("<!subteam>"), [Piece::text("@subteam")]);
    }

    #[test]
    fn dates_show_what_was_given_for_readers_without_them() {
        let date = "<!date^1392734382^Posted {date_num}|Posted 18 Feb>";
        assert_eq!(parse(date), [Piece::text("Posted 18 Feb")]);
        assert_eq!(
            parse("<!date^1392734382^{date}>"),
            [Piece::text("2014-02-18T14:39:42Z")]
        );
        let linked = "<!date^1392734382^{date}^https://x.test/|then>";
        assert_eq!(parse(linked), [link("https://x.test/", Some("then"))]);
    }

    #[test]
    fn what_is_no_tag_is_text() {
        assert_eq!(parse("a < b"), [Piece::text("a < b")]);
        assert_eq!(
            parse("x <nothing> y"),
            [Piece::text("x "), Piece::text("<nothing>"), Piece::text(" y")]
        );
        assert_eq!(parse("<>"), [Piece::text("<>")]);
        assert_eq!(
            parse("<<@U1> &lt;\n<@U1\n>"),
            [Piece::text("<"), Piece::user("U1", None), Piece::text(" <\n<@U1\n>")]
        );
    }
}
