//! `#deploys`: the deploy bot's posts, with the commit of each, and the monitor's alert.

use serde_json::json;

use super::{
    super::{
        channels::DEPLOYS,
        clock::{at, days_before},
        code::oid,
        people::{ADA, DATADOG_BOT, DEPLOY_BOT, PRIYA},
    },
    Message,
};

pub(super) fn messages() -> Vec<Message> {
    let services = ["catalog", "web", "payments", "search", "checkout"];
    let earlier = (1..=6).rev().flat_map(|day| {
        services
            .iter()
            .zip(0..)
            .map(move |(service, slot)| (day, *service, slot))
    });
    let mut all: Vec<Message> = earlier
        .map(|(day, service, slot)| {
            deployed(
                (days_before(day, at(9 + slot, 12)), 1),
                service,
                &oid(&format!("acme/{service} {day}")),
            )
        })
        .collect();
    all.extend([
        deployed((at(9, 31), 1), "catalog", &oid("acme/catalog 0")),
        deployed((at(10, 2), 1), "checkout", super::super::code::BREAKING_COMMIT),
        Message::posted(DEPLOYS, (at(10, 7), 3), DATADOG_BOT, "").attachments(json!([{
            "id": 1,
            "color": "a30200",
            "fallback": "Triggered: [P1] Checkout error rate above 5%",
            "title": "Triggered: [P1] Checkout error rate above 5%",
            "title_link": "https://app.datadoghq.com/monitors/40"
        }])),
        Message::said(
            DEPLOYS,
            (at(10, 13), 1),
            PRIYA,
            "Deploys of checkout are frozen, see <#C0INCIDENT|incident-checkout>.",
        ),
        Message::said(
            DEPLOYS,
            (at(10, 36), 1),
            ADA,
            "Next one out is <https://github.com/acme/checkout/pull/617>, nothing else.",
        ),
    ]);
    all
}

fn deployed(when: (i64, u32), service: &str, commit: &str) -> Message {
    let short: String = commit.chars().take(7).collect();
    Message::posted(DEPLOYS, when, DEPLOY_BOT, "").blocks(json!([{
        "type": "section",
        "block_id": "deploy",
        "text": {
            "type": "mrkdwn",
            "verbatim": false,
            "text": format!("*{service}* is live: <https://github.com/acme/{service}/commit/{commit}|{short}>")
        }
    }]))
}
