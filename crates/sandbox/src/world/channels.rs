//! Slack's conversations: those of the story, and a few hundred more, as a real workspace has.

use super::clock::{at, days_before};

#[derive(Debug)]
pub(in super::super) struct Channel {
    pub(in super::super) id: String,
    /// Empty for a direct conversation.
    pub(in super::super) name: String,
    pub(in super::super) kind: Kind,
    pub(in super::super) archived: bool,
    /// Whether the tokens' account is in it.
    pub(in super::super) joined: bool,
    pub(in super::super) purpose: String,
    pub(in super::super) topic: &'static str,
    pub(in super::super) members: u32,
    pub(in super::super) created: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kind {
    Public,
    Private,
    /// With the person of this id.
    Direct(&'static str),
}

pub(in super::super) const INCIDENT: &str = "C0INCIDENT";
pub(in super::super) const DEPLOYS: &str = "C0DEPLOYS";
pub(in super::super) const GENERAL: &str = "C0GENERAL";
pub(in super::super) const PAYMENTS: &str = "C0PAYMENTS";
/// Private, joined.
pub(in super::super) const WARROOM: &str = "C0WARROOM";
/// Private, not joined: it does not exist for the tokens.
pub(in super::super) const BOARD: &str = "C0BOARD";
/// Public, not joined.
pub(in super::super) const LOUNGE: &str = "C0LOUNGE";
/// Public, archived.
pub(in super::super) const RETIRED: &str = "C0INC2025";

/// In the order in which Slack lists them. `#incident-checkout` and `#deploys` are far apart on purpose: who looks for
/// them by name has to read every page.
pub(in super::super) fn channels() -> Vec<Channel> {
    use Kind::{Direct, Private, Public};
    let mut all = vec![
        told(
            GENERAL,
            "general",
            Public,
            "Announcements for everyone",
            "Lunch & learn: Thursday",
        ),
        told(LOUNGE, "lounge", Public, "Coffee, cats, weekend plans", ""),
        told(
            PAYMENTS,
            "payments",
            Public,
            "Payments: providers, ledgers, refunds",
            "Paylane migration",
        ),
    ];
    all.extend((0..230).map(crowd));
    all.push(told(
        INCIDENT,
        "incident-checkout",
        Public,
        "Checkout is failing: facts only, chatter in the thread",
        "SEV2, commander: Priya",
    ));
    all.push(told(
        WARROOM,
        "incident-checkout-leads",
        Private,
        "Leads of the checkout incident",
        "",
    ));
    all.push(told(
        RETIRED,
        "incident-2025-paylane",
        Public,
        "Closed: Paylane outage of 2025",
        "",
    ));
    all.push(told(BOARD, "board", Private, "Board", ""));
    all.extend((230..470).map(crowd));
    all.push(told(
        DEPLOYS,
        "deploys",
        Public,
        "Every deploy to production, by the deploy bot",
        "",
    ));
    all.push(told("D0ADA", "", Direct(super::people::ADA), "", ""));
    for channel in &mut all {
        channel.joined &= channel.id != LOUNGE && channel.id != BOARD;
        channel.archived |= channel.id == RETIRED;
    }
    all
}

fn told(id: &str, name: &str, kind: Kind, purpose: &str, topic: &'static str) -> Channel {
    Channel {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        archived: false,
        joined: true,
        purpose: purpose.to_owned(),
        topic,
        members: 23,
        created: days_before(400, at(9, 0)),
    }
}

fn crowd(index: u32) -> Channel {
    const TEAMS: [&str; 24] = [
        "catalog", "search", "web", "ios", "android", "data", "infra", "security", "design", "growth", "fraud",
        "shipping", "returns", "pricing", "legal", "finance", "people", "support", "sales", "partners", "ml", "qa",
        "docs", "brand",
    ];
    const TOPICS: [&str; 20] = [
        "team",
        "alerts",
        "standup",
        "releases",
        "help",
        "oncall",
        "planning",
        "reviews",
        "social",
        "questions",
        "metrics",
        "retro",
        "hiring",
        "news",
        "ideas",
        "bugs",
        "wins",
        "reading",
        "offsite",
        "archive",
    ];
    let at_index =
        |list: &[&'static str], index: u32| list.get(index as usize % list.len()).copied().unwrap_or_default();
    let (team, topic) = (at_index(&TEAMS, index / 20), at_index(&TOPICS, index % 20));
    Channel {
        id: format!("C0CROWD{index:03}"),
        name: format!("{team}-{topic}"),
        kind: if index % 17 == 5 { Kind::Private } else { Kind::Public },
        archived: topic == "archive",
        joined: index.is_multiple_of(3),
        purpose: format!("The {team} team's {topic}"),
        topic: "",
        members: 3 + index % 40,
        created: days_before(i64::from(900 - index), at(8, 0)),
    }
}
