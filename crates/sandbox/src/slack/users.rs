//! `auth.test`, `users.list`, `.info`, `.lookupByEmail`, `bots.info`.

use serde_json::json;

use super::{
    super::world::{
        people::{BRAID, BRAID_BOT, Kind},
        world,
    },
    Answer, Request, Slack, TEAM, WORKSPACE, cursor,
    failure::Failure,
    shapes,
};

#[expect(clippy::unnecessary_wraps, reason = "every method has this signature")]
pub(super) fn auth_test(_: &Slack, request: &Request<'_>) -> Answer {
    let mut answer = json!({
        "url": WORKSPACE,
        "team": "Acme",
        "user": "braid",
        "team_id": TEAM,
        "user_id": BRAID,
    });
    if let (Some(fields), false) = (answer.as_object_mut(), request.grant.is_user) {
        fields.insert("bot_id".to_owned(), BRAID_BOT.into());
    }
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("is_enterprise_install".to_owned(), false.into());
    }
    Ok(answer)
}

pub(super) fn list(_: &Slack, request: &Request<'_>) -> Answer {
    let limit = request.arguments.limit(1_000)?;
    let all = &world().people;
    let start = match cursor::from(&request.arguments, "user")? {
        None => 0,
        Some(id) => all
            .iter()
            .position(|person| person.id == id)
            .ok_or_else(|| Failure::new("invalid_cursor"))?,
    };
    let page: Vec<_> = all
        .iter()
        .skip(start)
        .take(limit)
        .map(|person| shapes::user(person, request.grant))
        .collect();
    let next = all.get(start + limit).map(|person| person.id.as_str());
    Ok(json!({
        "members": page,
        "cache_ts": super::super::world::clock::at(10, 50),
        "response_metadata": { "next_cursor": cursor::to("user", next) },
    }))
}

pub(super) fn info(_: &Slack, request: &Request<'_>) -> Answer {
    let id = request.arguments.required("user")?;
    let person = world().people.iter().find(|person| person.id == id);
    let person = person.ok_or_else(|| Failure::new("user_not_found"))?;
    Ok(json!({ "user": shapes::user(person, request.grant) }))
}

pub(super) fn bot(_: &Slack, request: &Request<'_>) -> Answer {
    let id = request.arguments.required("bot")?;
    let bot = world().bots.iter().find(|bot| bot.id == id);
    let bot = bot.ok_or_else(|| Failure::new("bot_not_found"))?;
    Ok(json!({
        "bot": {
            "id": bot.id, "deleted": false, "name": bot.name, "updated": super::super::world::clock::at(9, 0),
            "app_id": bot.app, "user_id": bot.user.unwrap_or_default(), "icons": {},
        },
    }))
}

pub(super) fn lookup_by_email(_: &Slack, request: &Request<'_>) -> Answer {
    let email = request.arguments.required("email")?;
    let person = world().people.iter().find(|person| {
        !matches!(person.kind, Kind::Bot | Kind::Deactivated) && person.email().eq_ignore_ascii_case(email)
    });
    let person = person.ok_or_else(|| Failure::new("users_not_found"))?;
    Ok(json!({ "user": shapes::user(person, request.grant) }))
}
