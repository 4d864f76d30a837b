//! Slack's markup, read into pieces: tags such as `<@U…>` and `<https://…|label>` ("Formatting message text").
//!
//! Emphasis (`*bold*`, `` `code` ``) stays as people typed it. Escapes are undone once, after the tags were found: what
//! was escaped is text, also where it then looks like a tag.

use super::reference::{is_group_id, is_user_id};
use jiff::Timestamp;

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text as people read it.
    Text(String),
    /// A mention of somebody.
    User(String),
    /// A mention of a channel, with its name where Slack gave it along.
    Channel { id: String, name: Option<String> },
    /// A mention of a user group.
    Group(String),
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
    pub(super) fn user(id: &str) -> Self {
        if is_user_id(id) {
            Self::User(id.to_owned())
        } else {
            Self::Text(format!("@{id}"))
        }
    }

    /// A mention of a user group; what is no id of one has no handle to look up.
    pub(super) fn group(id: &str) -> Self {
        if is_group_id(id) {
            Self::Group(id.to_owned())
        } else {
            Self::Text(format!("@{id}"))
        }
    }
}

/// Reads text with tags.
pub(super) fn parse(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        push_text(&mut pieces, before);
        rest = after;
        // A tag ends on its line and holds no other; a lone `<` is text, though Slack would have escaped it.
        match after
            .split_once('>')
            .filter(|(tag, _)| !tag.is_empty() && !tag.contains(['<', '\n']))
        {
            Some((tag, behind)) => {
                pieces.push(read_tag(tag));
                rest = behind;
            }
            None => pieces.push(Piece::text("<")),
        }
    }
    push_text(&mut pieces, rest);
    pieces
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

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(unescape(text)));
    }
}

fn read_tag(tag: &str) -> Piece {
    let (target, label) = match tag.split_once('|') {
        Some((target, label)) => (target, Some(unescape(label)).filter(|label| !label.trim().is_empty())),
        None => (tag, None),
    };
    if let Some(id) = target.strip_prefix('@') {
        return match label {
            Some(label) => Piece::Text(format!("@{}", label.trim_start_matches('@'))),
            None => Piece::user(id),
        };
    }
    if let Some(id) = target.strip_prefix('#') {
        return Piece::Channel {
            id: id.to_owned(),
            name: label.map(|label| label.trim_start_matches('#').to_owned()),
        };
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
        (_, Some(label)) => Piece::Text(format!("@{}", label.trim_start_matches('@'))),
        ("subteam", None) if first.is_some() => Piece::group(first.unwrap_or_default()),
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
                Piece::User("U024BE7LH".to_owned()),
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
        assert_eq!(parse("<@U1|ada>"), [Piece::text("@ada")]);
        assert_eq!(parse("<@B1>"), [Piece::text("@B1")]);
        assert_eq!(parse("<!here>"), [Piece::text("@here")]);
        assert_eq!(parse("<!channel|channel>"), [Piece::text("@channel")]);
        assert_eq!(parse("<!subteam^SAZ94GDB8|@on-call>"), [Piece::text("@on-call")]);
        assert_eq!(parse("<!subteam^SAZ94GDB8>"), [Piece::Group("SAZ94GDB8".to_owned())]);
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
        assert_eq!(parse("a < b"), [Piece::text("a "), Piece::text("<"), Piece::text(" b")]);
        assert_eq!(
            parse("x <nothing> y"),
            [Piece::text("x "), Piece::text("<nothing>"), Piece::text(" y")]
        );
        assert_eq!(parse("<>"), [Piece::text("<"), Piece::text(">")]);
    }
}
