//! Channels, users and messages as Slack writes them.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{
    super::world::{
        channels::{Channel, Kind},
        clock::{at, days_before},
        messages::{Author, Message},
        people::{Kind as PersonKind, Person},
        spread, world,
    },
    TEAM,
    auth::Grant,
    rich_text,
};

pub(super) fn channel(channel: &Channel) -> Value {
    let direct = matches!(channel.kind, Kind::Direct(_));
    if let Kind::Direct(user) = channel.kind {
        return json!({
            "id": channel.id,
            "created": channel.created,
            "is_archived": false,
            "is_im": direct,
            "is_org_shared": false,
            "context_team_id": TEAM,
            "user": user,
            "is_user_deleted": false,
            "priority": 0,
        });
    }
    let private = channel.kind == Kind::Private;
    let said = |text: &str| {
        let last_set = if text.is_empty() { 0 } else { channel.created };
        json!({ "value": text, "creator": if text.is_empty() { "" } else { "U0OMAR" }, "last_set": last_set })
    };
    json!({
        "id": channel.id,
        "name": channel.name,
        "is_channel": !private,
        "is_group": private,
        "is_im": false,
        "is_mpim": false,
        "is_private": private,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_general": channel.name == "general",
        "unlinked": 0,
        "name_normalized": channel.name,
        "is_shared": false,
        "is_org_shared": false,
        "is_pending_ext_shared": false,
        "pending_shared": [],
        "context_team_id": TEAM,
        "updated": channel.created * 1_000,
        "parent_conversation": null,
        "creator": "U0OMAR",
        "is_ext_shared": false,
        "shared_team_ids": [TEAM],
        "pending_connected_team_ids": [],
        "is_member": channel.joined,
        "topic": said(channel.topic),
        "purpose": said(&escaped(&channel.purpose)),
        "previous_names": [],
        "num_members": channel.members,
    })
}

/// The e-mail address is only there for those who may see it.
pub(super) fn user(person: &Person, grant: &Grant) -> Value {
    let (zone, label, offset) = person.time_zone;
    let (first, last) = person.real_name.split_once(' ').unwrap_or((&person.real_name, ""));
    let bot = person.kind == PersonKind::Bot;
    let mut profile = json!({
        "title": person.title,
        "phone": "",
        "skype": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.display_name,
        "display_name_normalized": person.display_name,
        "fields": null,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "g1f2",
        "first_name": first,
        "last_name": last,
        "image_48": "https://avatars.example/48.png",
        "team": TEAM,
    });
    if let (Some(fields), false, true) = (profile.as_object_mut(), bot, grant.scopes.contains(&"users:read.email")) {
        fields.insert("email".to_owned(), person.email().into());
    }
    let mut user = json!({
        "id": person.id,
        "team_id": TEAM,
        "name": person.handle,
        "deleted": person.kind == PersonKind::Deactivated,
        "profile": profile,
        "is_bot": bot && person.id != "USLACKBOT",
        "is_app_user": false,
        "updated": days_before(30, at(12, 0)),
    });
    // Of those who left, Slack keeps no more than that.
    if let (Some(fields), false) = (user.as_object_mut(), person.kind == PersonKind::Deactivated) {
        fields.extend(object(json!({
            "color": "9f69e7",
            "real_name": person.real_name,
            "tz": zone,
            "tz_label": label,
            "tz_offset": offset,
            "is_admin": person.kind == PersonKind::Admin,
            "is_owner": false,
            "is_primary_owner": false,
            "is_restricted": person.kind == PersonKind::Guest,
            "is_ultra_restricted": false,
            "is_email_confirmed": !bot,
            "who_can_share_contact_card": "EVERYONE",
        })));
    }
    user
}

/// A channel's messages, which a thread's first message counts its replies in.
pub(super) struct Timeline<'a> {
    replies: HashMap<&'a str, Vec<&'a Message>>,
    authors: HashMap<&'a str, String>,
}

impl<'a> Timeline<'a> {
    pub(super) fn new(messages: &'a [Message]) -> Self {
        let mut replies: HashMap<&str, Vec<&Message>> = HashMap::new();
        for message in messages {
            if let Some(root) = message.thread.as_deref().filter(|root| *root != message.ts) {
                replies.entry(root).or_default().push(message);
            }
        }
        let authors = messages
            .iter()
            .map(|message| (message.ts.as_str(), author_id(&message.author)))
            .collect();
        Self { replies, authors }
    }

    pub(super) fn message(&self, message: &Message) -> Value {
        let mut fields = Map::new();
        fields.insert("type".to_owned(), "message".into());
        fields.insert("ts".to_owned(), message.ts.as_str().into());
        fields.extend(authorship(message));
        fields.insert("text".to_owned(), message.text.as_str().into());
        if let Some(blocks) = blocks(message) {
            fields.insert("blocks".to_owned(), blocks);
        }
        if !message.attachments.is_null() {
            fields.insert("attachments".to_owned(), message.attachments.clone());
        }
        if !message.reactions.is_empty() {
            let given = message
                .reactions
                .iter()
                .map(|(name, users)| json!({ "name": name, "users": users, "count": users.len() }));
            fields.insert("reactions".to_owned(), given.collect::<Vec<_>>().into());
        }
        fields.extend(self.threading(message));
        fields.into()
    }

    fn threading(&self, message: &Message) -> Map<String, Value> {
        if let Some(replies) = self.replies.get(message.ts.as_str()) {
            let mut users: Vec<String> = Vec::new();
            for id in replies.iter().map(|reply| author_id(&reply.author)) {
                if !users.contains(&id) {
                    users.push(id);
                }
            }
            return object(json!({
                "thread_ts": message.ts,
                "reply_count": replies.len(),
                "reply_users_count": users.len(),
                "latest_reply": replies.iter().map(|reply| reply.ts.as_str()).max(),
                "reply_users": users,
                "is_locked": false,
                "subscribed": false,
            }));
        }
        match &message.thread {
            Some(root) => object(json!({ "thread_ts": root, "parent_user_id": self.authors.get(root.as_str()) })),
            None => Map::new(),
        }
    }
}

/// Old integrations post under a name of their own and no account; newer ones have both.
fn authorship(message: &Message) -> Map<String, Value> {
    match &message.author {
        Author::Person(id) => {
            let mut fields = object(json!({ "user": id, "team": TEAM }));
            match message.subtype {
                Some(subtype) => fields.insert("subtype".to_owned(), subtype.into()),
                None => fields.insert("client_msg_id".to_owned(), client_id(message).into()),
            };
            fields
        }
        Author::Bot(id) => {
            let Some(bot) = world().bots.iter().find(|bot| bot.id == id) else {
                return Map::new();
            };
            match bot.user {
                None => object(json!({
                    "subtype": "bot_message", "username": bot.name, "bot_id": bot.id, "app_id": bot.app,
                    "icons": { "image_48": "https://avatars.example/bot.png" },
                })),
                Some(user) => object(json!({
                    "user": user,
                    "bot_id": bot.id,
                    "app_id": bot.app,
                    "team": TEAM,
                    "bot_profile": {
                        "id": bot.id, "app_id": bot.app, "user_id": user, "name": bot.name, "icons": {}, "deleted": false,
                        "updated": days_before(200, at(12, 0)), "team_id": TEAM,
                    },
                })),
            }
        }
    }
}

/// What people type, Slack keeps twice: as text and as rich text.
fn blocks(message: &Message) -> Option<Value> {
    if !message.blocks.is_null() {
        return Some(message.blocks.clone());
    }
    let typed = message.subtype.is_none() && !message.text.is_empty() && matches!(message.author, Author::Person(_));
    typed.then(|| rich_text::blocks(&message.text))
}

fn author_id(author: &Author) -> String {
    match author {
        Author::Person(id) => id.clone(),
        Author::Bot(id) => {
            let account = world().bots.iter().find(|bot| bot.id == id).and_then(|bot| bot.user);
            account.unwrap_or(id).to_owned()
        }
    }
}

fn client_id(message: &Message) -> String {
    let number = spread(&message.ts);
    format!(
        "{:08x}-{:04x}-4000-8000-{:012x}",
        number >> 32,
        number & 0xffff,
        number >> 16
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
