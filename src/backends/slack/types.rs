//! What Slack's answers hold, as far as it is used here. Everything that could be missing is optional, and a value of an
//! unexpected type counts as missing: only an element without its id is lost.

use super::answer::{lenient, list};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// Slack's id of a message within its channel, and its time: seconds and six digits, e.g. `1355517523.000005`. Always
/// text: as a float it would lose its last digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ts(String);

impl Ts {
    /// How many digits stand behind the point.
    pub const DECIMALS: usize = 6;

    /// The id that somebody wrote. With fewer digits it is the id of no message: numbers lose those at their end.
    pub fn exact(text: &str) -> Option<Self> {
        let (_, fraction) = text.split_once('.')?;
        Self::parse(text).filter(|_| fraction.len() == Self::DECIMALS)
    }

    /// The id in this text, where it has the right form.
    pub fn parse(text: &str) -> Option<Self> {
        let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let whole = digits(seconds) && digits(fraction) && seconds.len() <= 11 && fraction.len() <= 9;
        whole.then(|| Self(text.to_owned()))
    }

    /// As Slack writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// When that was, to the second: the digits behind the point only keep ids apart within it.
    pub fn at(&self) -> Timestamp {
        let seconds = self.0.split_once('.').map_or(self.0.as_str(), |(seconds, _)| seconds);
        Timestamp::from_second(seconds.parse().unwrap_or(0)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl<'de> Deserialize<'de> for Ts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not a message id"))
    }
}

/// A conversation object.
#[derive(Debug, Clone, Deserialize)]
pub struct Channel {
    /// Slack's id.
    pub id: String,
    /// The name without `#`; direct conversations have none.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "lenient")]
    pub purpose: Option<Note>,
    /// What is going on in it.
    #[serde(default, deserialize_with = "lenient")]
    pub topic: Option<Note>,
    /// Whether only invited people see it.
    #[serde(default, deserialize_with = "lenient")]
    pub is_private: Option<bool>,
    /// Whether it is archived.
    #[serde(default, deserialize_with = "lenient")]
    pub is_archived: Option<bool>,
    /// How many people are in it.
    #[serde(default, deserialize_with = "lenient")]
    pub num_members: Option<u64>,
}

/// A topic or a purpose.
#[derive(Debug, Clone, Deserialize)]
pub struct Note {
    /// Its text, escaped.
    #[serde(default, deserialize_with = "lenient")]
    pub value: Option<String>,
}

/// A message object, as history, replies, search and a post give it.
#[derive(Debug, Clone, Deserialize)]
pub struct Message {
    /// Its id.
    pub ts: Ts,
    /// The person, or the user that a bot acts as.
    #[serde(default, deserialize_with = "lenient")]
    pub user: Option<String>,
    /// The bot.
    #[serde(default, deserialize_with = "lenient")]
    pub bot_id: Option<String>,
    /// The name a bot gave itself for this message; in search matches the author's handle.
    #[serde(default, deserialize_with = "lenient")]
    pub username: Option<String>,
    /// Who the bot is.
    #[serde(default, deserialize_with = "lenient")]
    pub bot_profile: Option<BotProfile>,
    /// Who the person is, sent along where the person is from another workspace.
    #[serde(default, deserialize_with = "lenient")]
    pub user_profile: Option<Profile>,
    /// What kind of message it is, where it is not a person's own.
    #[serde(default, deserialize_with = "lenient")]
    pub subtype: Option<String>,
    /// The text, escaped, with tags.
    #[serde(default, deserialize_with = "lenient")]
    pub text: Option<String>,
    /// Layout blocks.
    #[serde(default, deserialize_with = "list")]
    pub blocks: Vec<Value>,
    /// Secondary attachments: what alert bots write, and previews of links.
    #[serde(default, deserialize_with = "list")]
    pub attachments: Vec<Value>,
    /// Files.
    #[serde(default, deserialize_with = "list")]
    pub files: Vec<Value>,
    /// Its thread's first message.
    #[serde(default, deserialize_with = "lenient")]
    pub thread_ts: Option<Ts>,
    /// How many replies its thread has.
    #[serde(default, deserialize_with = "lenient")]
    pub reply_count: Option<u32>,
    /// Made by the client of the person who wrote it; bots have none.
    #[serde(default, deserialize_with = "lenient")]
    pub client_msg_id: Option<String>,
}

impl Message {
    /// The first message of the thread that it is in, or would start.
    pub fn root(&self) -> &Ts {
        self.thread_ts.as_ref().unwrap_or(&self.ts)
    }
}

/// Who a bot is.
#[derive(Debug, Clone, Deserialize)]
pub struct BotProfile {
    /// Its name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
}

/// A user object.
#[derive(Debug, Clone, Deserialize)]
pub struct User {
    /// Slack's id.
    pub id: String,
    /// The handle.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// The full name.
    #[serde(default, deserialize_with = "lenient")]
    pub real_name: Option<String>,
    /// The time zone.
    #[serde(default, deserialize_with = "lenient")]
    pub tz: Option<String>,
    /// Whether it is a bot.
    #[serde(default, deserialize_with = "lenient")]
    pub is_bot: Option<bool>,
    /// Whether the account was deactivated.
    #[serde(default, deserialize_with = "lenient")]
    pub deleted: Option<bool>,
    /// What people see of it.
    #[serde(default, deserialize_with = "lenient")]
    pub profile: Option<Profile>,
}

/// What people see of a user.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Profile {
    /// The name that was chosen for display; often empty.
    #[serde(default, deserialize_with = "lenient")]
    pub display_name: Option<String>,
    /// The full name.
    #[serde(default, deserialize_with = "lenient")]
    pub real_name: Option<String>,
    /// The e-mail address; needs `users:read.email`.
    #[serde(default, deserialize_with = "lenient")]
    pub email: Option<String>,
    /// The job title.
    #[serde(default, deserialize_with = "lenient")]
    pub title: Option<String>,
}

impl Profile {
    /// The name that people see: the display name, else the full one.
    pub fn shown_name(&self) -> Option<&str> {
        said(self.display_name.as_deref()).or_else(|| said(self.real_name.as_deref()))
    }
}

impl User {
    /// The name that people see: the display name, else the full one, else the handle.
    pub fn shown_name(&self) -> Option<&str> {
        (self.profile.as_ref().and_then(Profile::shown_name))
            .or_else(|| said(self.real_name.as_deref()))
            .or_else(|| said(self.name.as_deref()))
    }
}

/// A text that says something: Slack sends empty strings for what was not filled in.
pub fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Message, Ts, User};
    use serde_json::json;

    #[test]
    fn a_ts_is_text_and_a_time() {
        let ts = Ts::parse("1355517523.000005").unwrap();
        assert_eq!(ts.as_str(), "1355517523.000005");
        assert_eq!(ts.at().to_string(), "2012-12-14T20:38:43Z");
        assert!(Ts::parse("1355517523.000005x").is_none());
        assert!(Ts::parse("").is_none());
        assert!(Ts::parse("-1.0").is_none());
        // Vendors may send other forms; people and models must not.
        assert_eq!(Ts::exact("1355517523.000005"), Some(ts));
        for lost in [
            "1355517523.1",
            "1355517523",
            "1355517523.0000051",
            "1355517523000005",
            ".000005",
            "1355517523.00000x",
        ] {
            assert!(Ts::exact(lost).is_none(), "{lost}");
        }
    }

    #[test]
    fn a_field_of_the_wrong_type_counts_as_missing() {
        let message: Message = serde_json::from_value(json!({
            "ts": "1.2", "user": 7, "blocks": {"no": "list"}, "reply_count": "many", "text": "hi"
        }))
        .unwrap();
        assert_eq!(message.text.as_deref(), Some("hi"));
        assert!(message.user.is_none() && message.blocks.is_empty() && message.reply_count.is_none());
        assert!(serde_json::from_value::<Message>(json!({"ts": 1.2, "text": "hi"})).is_err());
    }

    #[test]
    fn people_see_the_first_name_that_is_filled_in() {
        let shown = |user| {
            serde_json::from_value::<User>(user)
                .unwrap()
                .shown_name()
                .map(str::to_owned)
        };
        let profile = json!({"display_name": "", "real_name": "Ada Abara"});
        assert_eq!(shown(json!({"id": "U1", "profile": profile})).unwrap(), "Ada Abara");
        assert_eq!(
            shown(json!({"id": "U1", "profile": {"display_name": "ada"}})).unwrap(),
            "ada"
        );
        assert_eq!(
            shown(json!({"id": "U1", "name": "aabara", "profile": null})).unwrap(),
            "aabara"
        );
        assert_eq!(shown(json!({"id": "U1"})), None);
    }
}
