//! `search.messages`.

mod query;

use serde_json::{Value, json};

use super::{
    super::world::{
        channels::{Channel, Kind},
        messages::{Author, Message},
        spread, world,
    },
    Answer, Request, Slack, TEAM,
    failure::Failure,
    posting::link,
};
use query::Query;

pub(super) fn messages(slack: &Slack, request: &Request<'_>) -> Answer {
    let arguments = &request.arguments;
    let text = arguments.required("query")?;
    let number = |name: &str, otherwise: usize| match arguments.get(name).map(str::parse) {
        None => Ok(otherwise),
        // Slack clamps both to what it allows.
        Some(Ok(number)) => Ok(usize::clamp(number, 1, 100)),
        Some(Err(_)) => Err(Failure::new("invalid_arguments")
            .detail(&format!("[ERROR] must be a valid integer [json-pointer:/{name}]"))),
    };
    let (count, page) = (number("count", 20)?, number("page", 1)?);
    let query = Query::parse(text);
    let all = slack.state.all();
    let mut found: Vec<(usize, &Message, &Channel)> = all
        .iter()
        .filter_map(|message| {
            let channel = world().channels.iter().find(|channel| channel.id == message.channel)?;
            let reachable = channel.joined || channel.kind == Kind::Public;
            let score = query.score(message, channel).filter(|_| reachable)?;
            Some((score, message, channel))
        })
        .collect();
    let by_time = arguments.get("sort") == Some("timestamp");
    found.sort_by(|(a_score, a, _), (b_score, b, _)| {
        let by_score = if by_time {
            std::cmp::Ordering::Equal
        } else {
            b_score.cmp(a_score)
        };
        by_score.then_with(|| b.ts.cmp(&a.ts))
    });
    if arguments.get("sort_dir") == Some("asc") {
        found.reverse();
    }
    let total = found.len();
    let pages = total.div_ceil(count);
    let highlight = arguments.flag("highlight");
    let matches: Vec<Value> = found
        .iter()
        .skip((page - 1) * count)
        .take(count)
        .map(|(score, message, channel)| shape(message, channel, *score, highlight.then_some(&query)))
        .collect();
    let first = if matches.is_empty() { 0 } else { (page - 1) * count + 1 };
    Ok(json!({
        "query": text,
        "messages": {
            "total": total,
            "pagination": {
                "total_count": total, "page": page, "per_page": count, "page_count": pages,
                "first": first, "last": first + matches.len().saturating_sub(1),
            },
            "paging": { "count": count, "total": total, "page": page, "pages": pages },
            "matches": matches,
        },
    }))
}

fn shape(message: &Message, channel: &Channel, score: usize, highlight: Option<&Query>) -> Value {
    let (user, username) = match &message.author {
        Author::Person(id) => (
            Some(id.as_str()),
            world()
                .people
                .iter()
                .find(|person| person.id == *id)
                .map(|person| person.handle.clone()),
        ),
        Author::Bot(id) => {
            let bot = world().bots.iter().find(|bot| bot.id == id);
            (bot.and_then(|bot| bot.user), bot.map(|bot| bot.name.to_lowercase()))
        }
    };
    let text = highlight.map_or_else(|| message.text.clone(), |query| query.highlight(&message.text));
    let direct = matches!(channel.kind, Kind::Direct(_));
    let mut shape = json!({
        "iid": format!("{:08x}-{}", spread(&message.ts) >> 32, message.ts),
        "team": TEAM,
        "score": score,
        "channel": {
            "id": channel.id,
            "is_channel": channel.kind == Kind::Public,
            "is_group": channel.kind == Kind::Private,
            "is_im": direct,
            "is_mpim": false,
            "is_shared": false,
            "is_org_shared": false,
            "is_ext_shared": false,
            "is_private": channel.kind != Kind::Public,
            "name": if let Kind::Direct(user) = channel.kind { user } else { channel.name.as_str() },
            "pending_shared": [],
            "is_pending_ext_shared": false,
        },
        "type": "message",
        // Both are null or empty where the author has no account.
        "user": user,
        "username": username.unwrap_or_default(),
        "ts": message.ts,
        "text": text,
        "permalink": link(message),
        "no_reactions": message.reactions.is_empty(),
    });
    if let Some(fields) = shape.as_object_mut() {
        for (name, value) in [("blocks", &message.blocks), ("attachments", &message.attachments)] {
            if !value.is_null() {
                fields.insert(name.to_owned(), value.clone());
            }
        }
    }
    shape
}
