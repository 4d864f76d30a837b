//! `usergroups.list`: all groups at once, the disabled ones where they are asked for.

use serde_json::{Value, json};

use super::{
    super::world::{
        clock::{at, days_before},
        people::{Group, OMAR},
        world,
    },
    Answer, Request, Slack, TEAM,
};

#[expect(clippy::unnecessary_wraps, reason = "every method has this signature")]
pub(super) fn list(_: &Slack, request: &Request<'_>) -> Answer {
    let arguments = &request.arguments;
    let wanted = |group: &&Group| group.disabled.is_none() || arguments.flag("include_disabled");
    let groups = world().groups.iter().filter(wanted).map(|group| {
        let mut shape = shape(group);
        if let Some(fields) = shape.as_object_mut() {
            if arguments.flag("include_users") {
                fields.insert("users".to_owned(), json!(group.members));
            }
            if arguments.flag("include_count") {
                fields.insert("user_count".to_owned(), json!(group.members.len()));
            }
        }
        shape
    });
    Ok(json!({ "usergroups": groups.collect::<Vec<_>>() }))
}

fn shape(group: &Group) -> Value {
    json!({
        "id": group.id,
        "team_id": TEAM,
        "is_usergroup": true,
        "is_subteam": true,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": false,
        "date_create": days_before(200, at(9, 0)),
        "date_update": days_before(20, at(9, 0)),
        "date_delete": group.disabled.unwrap_or(0),
        "auto_type": null,
        "auto_provision": false,
        "enterprise_subteam_id": "",
        "created_by": OMAR,
        "updated_by": OMAR,
        "deleted_by": if group.disabled.is_some() { Value::from(OMAR) } else { Value::Null },
        "prefs": { "channels": [], "groups": [] },
    })
}
