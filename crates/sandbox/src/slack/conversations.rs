//! `conversations.list`, `.info`, `.members`, and how a channel argument is read.

use serde_json::json;

use super::{
    super::world::{
        channels::{Channel, Kind},
        people::{self, BRAID, Kind as PersonKind},
        world,
    },
    Answer, Request, Slack,
    auth::Grant,
    cursor,
    failure::Failure,
    shapes,
};

pub(super) fn list(_: &Slack, request: &Request<'_>) -> Answer {
    let arguments = &request.arguments;
    let types: Vec<&str> = arguments
        .get("types")
        .unwrap_or("public_channel")
        .split(',')
        .map(str::trim)
        .collect();
    let mut needed = Vec::new();
    for kind in &types {
        needed.push(match *kind {
            "public_channel" => "channels:read",
            "private_channel" => "groups:read",
            "im" => "im:read",
            "mpim" => "mpim:read",
            _ => return Err(Failure::new("invalid_types")),
        });
    }
    request.grant.require(&needed)?;
    let limit = arguments.limit(1_000)?;
    let from = cursor::from(arguments, "channel")?;
    let all = &world().channels;
    let start = match from {
        None => 0,
        Some(id) => all
            .iter()
            .position(|channel| channel.id == id)
            .ok_or_else(|| Failure::new("invalid_cursor"))?,
    };
    // Slack takes the page first and leaves out of it what was not asked for: pages are shorter than the limit.
    let wanted = |channel: &&Channel| {
        types.contains(&type_of(channel))
            && (channel.joined || channel.kind == Kind::Public)
            && !(channel.archived && arguments.flag("exclude_archived"))
    };
    let page = all.iter().skip(start).take(limit).filter(wanted).map(shapes::channel);
    let next = all.get(start + limit).map(|channel| channel.id.as_str());
    Ok(json!({
        "channels": page.collect::<Vec<_>>(),
        "response_metadata": { "next_cursor": cursor::to("channel", next) },
    }))
}

pub(super) fn info(_: &Slack, request: &Request<'_>) -> Answer {
    let channel = visible(request.arguments.required("channel")?)?;
    request.grant.require(&[read_scope(channel)])?;
    let mut shape = shapes::channel(channel);
    // It is the one method that leaves the number out unless asked.
    if !request.arguments.flag("include_num_members")
        && let Some(fields) = shape.as_object_mut()
    {
        fields.shift_remove("num_members");
    }
    Ok(json!({ "channel": shape }))
}

pub(super) fn members(_: &Slack, request: &Request<'_>) -> Answer {
    let channel = visible(request.arguments.required("channel")?)?;
    request.grant.require(&[read_scope(channel)])?;
    let limit = request.arguments.limit(1_000)?;
    let present: Vec<&str> = world()
        .people
        .iter()
        .filter(|person| person.kind != PersonKind::Deactivated && (person.id != BRAID || channel.joined))
        .map(|person| person.id.as_str())
        .take(usize::try_from(channel.members).unwrap_or_default())
        .collect();
    let start = match cursor::from(&request.arguments, "user")? {
        None => 0,
        Some(id) => present
            .iter()
            .position(|user| **user == id)
            .ok_or_else(|| Failure::new("invalid_cursor"))?,
    };
    let page: Vec<&str> = present.iter().skip(start).take(limit).copied().collect();
    let next = present.get(start + limit).copied();
    Ok(json!({ "members": page, "response_metadata": { "next_cursor": cursor::to("user", next) } }))
}

/// A channel by id. A name is not one, and a private channel without the account in it does not exist.
pub(super) fn visible(id: &str) -> Result<&'static Channel, Failure> {
    let channel = world().channels.iter().find(|channel| channel.id == id);
    channel
        .filter(|channel| channel.joined || channel.kind == Kind::Public)
        .ok_or_else(|| Failure::new("channel_not_found"))
}

/// A channel whose messages the call may read: the account is in it, and the token has the scope for its kind.
pub(super) fn readable(id: &str, grant: &Grant) -> Result<&'static Channel, Failure> {
    let channel = visible(id)?;
    grant.require(&[match channel.kind {
        Kind::Public => "channels:history",
        Kind::Private => "groups:history",
        Kind::Direct(_) => "im:history",
    }])?;
    // A person's token reads any public channel; a bot has to be in it.
    if channel.joined || grant.is_user {
        Ok(channel)
    } else {
        Err(Failure::new("not_in_channel"))
    }
}

/// Whose account the tokens belong to: both speak for the same one, to keep the story small.
pub(super) const ACCOUNT: &str = people::BRAID;

fn type_of(channel: &Channel) -> &'static str {
    match channel.kind {
        Kind::Public => "public_channel",
        Kind::Private => "private_channel",
        Kind::Direct(_) => "im",
    }
}

fn read_scope(channel: &Channel) -> &'static str {
    match channel.kind {
        Kind::Public => "channels:read",
        Kind::Private => "groups:read",
        Kind::Direct(_) => "im:read",
    }
}
