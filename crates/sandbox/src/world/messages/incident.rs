//! `#incident-checkout` on the morning of the story: facts, links in every form that Slack has for them, two threads.

use serde_json::{Value, json};

use super::{
    super::{
        channels::INCIDENT,
        clock::at,
        people::{ADA, DATADOG_BOT, GITHUB_BOT, GUEST, INES, KENJI, LUCAS, MONA, OMAR, PRIYA},
    },
    Message, ts,
};

fn said(hour: i64, minute: i64, serial: u32, person: &str, text: &str) -> Message {
    Message::said(INCIDENT, (at(hour, minute), serial), person, text)
}

fn posted(hour: i64, minute: i64, serial: u32, bot: &str) -> Message {
    Message::posted(INCIDENT, (at(hour, minute), serial), bot, "")
}

pub(super) fn messages() -> Vec<Message> {
    vec![
        said(10, 7, 1, PRIYA, "<@U0PRIYA> has joined the channel").subtype("channel_join"),
        posted(10, 7, 2, DATADOG_BOT).attachments(alert()),
        said(10, 8, 1, PRIYA, "I have it. <!here> checkout is failing for about 1 in 8 baskets, I am commander."),
        said(10, 9, 1, KENJI, "Started right after <https://github.com/acme/checkout/pull/612|#612> went out at 10:02."),
        said(10, 10, 1, ADA, "Which commit is live? deploys says <https://github.com/acme/checkout/commit/9f3c1d7e5b2a4c6088d1e0f9a7b3c5d2e4f60718>")
            .reaction("eyes", &[PRIYA, KENJI]),
        said(10, 11, 1, LUCAS, "web is fine &amp; so is search; only <https://github.com/acme/checkout> throws, `total &lt; 0` in the log"),
        said(10, 12, 1, INES, "Support has 14 tickets. All pay in a foreign currency. Asking in <#C0PAYMENTS|payments> too."),
        said(10, 15, 1, OMAR, "Filed <https://github.com/acme/checkout/issues/615> for it, with two baskets to reproduce."),
        said(10, 16, 1, KENJI, "Reproduced locally, thread.").reaction("mag", &[MONA]),
        said(10, 18, 1, GUEST, "Paylane side is clean: amounts arrive as sent. See <https://github.com/acme/paylane-ledger/pull/7> (you may not have access)"),
        said(10, 19, 1, PRIYA, "Graph: <https://app.datadoghq.com/monitors/40|monitor 40>. Error rate 12 %, p95 is fine."),
        said(10, 20, 1, MONA, "").blocks(rich_text()),
        said(10, 22, 1, LUCAS, "Could <https://github.com/acme/checkout/issues/615#issuecomment-2481120001|this comment> be the same thing?"),
        said(10, 24, 1, ADA, "<@U0MONA> revert first, root cause after. <!subteam^S0ONCALL> fyi").reaction("+1", &[MONA, PRIYA, KENJI]),
        said(10, 25, 1, OMAR, "Does a revert touch the currency migration in <https://github.com/acme/payments/pull/88>?"),
        said(10, 26, 1, MONA, "No, that one only adds a column. The bug is all in #612."),
        posted(10, 28, 1, GITHUB_BOT).attachments(opened()),
        said(10, 30, 4, ADA, "Revert is up: <https://github.com/acme/checkout/pull/617>"),
        said(10, 31, 1, KENJI, "Reviewing. <https://github.com/acme/checkout/pull/617/files> has the migration back out too."),
        said(10, 33, 1, PRIYA, "Checks are running, unit is green.").blocks(section()),
        said(10, 35, 1, INES, "21 tickets now. Macro says: pay in EUR or wait."),
        said(10, 38, 1, LUCAS, "Same pattern as the release notes of <https://github.com/acme/checkout/releases/tag/v2026.11.20-1|v2026.11.20-1> say"),
        said(10, 40, 1, OMAR, "Wrote it up in <https://github.com/acme/handbook/discussions/31> and <https://github.com/acme/checkout/issues/615>, <https://github.com/acme/checkout/issues/4040> is gone?"),
        posted(10, 43, 1, DATADOG_BOT).attachments(renotified()),
        said(10, 45, 1, PRIYA, "integration has failed on <https://github.com/acme/checkout/pull/617|#617>: it expects the new currency. <@U0KENJI> can you look?"),
    ]
}

/// Kenji's thread of eight replies and a short one under the link to the revert.
pub(super) fn threads() -> Vec<Message> {
    let reproduction = ts(at(10, 16), 1);
    let revert = ts(at(10, 30), 4);
    let reply = |root: &str, minute: i64, serial: u32, person: &str, text: &str| {
        said(10, minute, serial, person, text).in_thread(root)
    };
    vec![
        reply(&reproduction, 17, 1, KENJI, "Basket in CHF, shop in EUR."),
        reply(
            &reproduction,
            17,
            2,
            KENJI,
            "```total = price * rate.inverse()\n// -12.40 CHF```",
        ),
        reply(&reproduction, 18, 2, MONA, "The rate is inverted twice."),
        reply(
            &reproduction,
            19,
            2,
            KENJI,
            "Since <https://github.com/acme/checkout/pull/612/files#diff-3|this line>, yes.",
        ),
        reply(
            &reproduction,
            20,
            2,
            ADA,
            "Does <https://github.com/acme/payments/issues/91> describe it as well?",
        ),
        reply(&reproduction, 21, 1, KENJI, "It does."),
        reply(&reproduction, 23, 1, LUCAS, "Adding a test to web."),
        reply(&reproduction, 29, 1, MONA, "Done in #617."),
        reply(&revert, 32, 1, KENJI, "Approved."),
        reply(&revert, 34, 1, MONA, "Thanks &amp; waiting for the checks."),
    ]
}

fn alert() -> Value {
    json!([{
        "id": 1,
        "color": "a30200",
        "fallback": "Triggered: [P1] Checkout error rate above 5%",
        "title": "Triggered: [P1] Checkout error rate above 5%",
        "title_link": "https://app.datadoghq.com/monitors/40",
        "text": "Checkout fails for more than 5 % of baskets.\nRunbook: <https://github.com/acme/handbook/issues/12|handbook#12> @slack-incident-checkout @slack-acme-deploys",
        "fields": [
            { "title": "Metric", "value": "checkout.error_rate", "short": true },
            { "title": "Value", "value": "0.12", "short": true }
        ],
        "image_url": "https://p.datadoghq.com/snapshot/view/checkout.png",
        "mrkdwn_in": ["text"]
    }])
}

fn renotified() -> Value {
    json!([{
        "id": 1,
        "color": "a30200",
        "fallback": "Re-Triggered: [P1] Checkout error rate above 5%",
        "title": "Re-Triggered: [P1] Checkout error rate above 5%",
        "title_link": "https://app.datadoghq.com/monitors/40",
        "text": "Still above 5 % after 30 minutes."
    }])
}

fn opened() -> Value {
    json!([{
        "id": 1,
        "color": "36a64f",
        "fallback": "[acme/checkout] Pull request opened by mona",
        "pretext": "Pull request opened by <https://github.com/mona|mona>",
        "blocks": [
            {
                "type": "section",
                "block_id": "pr",
                "text": { "type": "mrkdwn", "text": "*<https://github.com/acme/checkout/pull/617|#617 Revert #612>*\nPuts the checkout back to yesterday's behaviour.", "verbatim": false }
            },
            {
                "type": "context",
                "block_id": "repo",
                "elements": [{ "type": "mrkdwn", "text": "<https://github.com/acme/checkout|acme/checkout>" }]
            }
        ]
    }])
}

/// A message as Slack's own editor makes it, but with the text only in the blocks.
fn rich_text() -> Value {
    json!([{
        "type": "rich_text",
        "block_id": "r1",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    { "type": "user", "user_id": "U0KENJI" },
                    { "type": "text", "text": " is right, two suspects in " },
                    { "type": "link", "url": "https://github.com/acme/checkout/pull/612", "text": "the change" },
                    { "type": "text", "text": ":" }
                ]
            },
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": 0,
                "elements": [
                    { "type": "rich_text_section", "elements": [{ "type": "text", "text": "the rate", "style": { "bold": true } }] },
                    { "type": "rich_text_section", "elements": [
                        { "type": "text", "text": "rounding, see " },
                        { "type": "link", "url": "https://github.com/acme/payments/issues/91" },
                        { "type": "emoji", "name": "thinking_face", "unicode": "1f914" }
                    ] }
                ]
            },
            { "type": "rich_text_preformatted", "border": 0, "elements": [{ "type": "text", "text": "rate.inverse().inverse()" }] }
        ]
    }])
}

fn section() -> Value {
    json!([
        { "type": "header", "block_id": "h", "text": { "type": "plain_text", "text": "Checks of #617", "emoji": true } },
        { "type": "section", "block_id": "s", "text": { "type": "mrkdwn", "text": "Checks are running, unit is green.", "verbatim": false },
          "fields": [{ "type": "mrkdwn", "text": "*build*\npassed" }, { "type": "mrkdwn", "text": "*integration*\nrunning" }] },
        { "type": "divider", "block_id": "d" },
        { "type": "actions", "block_id": "a", "elements": [
            { "type": "button", "action_id": "open", "text": { "type": "plain_text", "text": "Open", "emoji": true }, "url": "https://github.com/acme/checkout/pull/617/checks" }
        ] }
    ])
}
