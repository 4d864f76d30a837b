//! Datadog's monitors: number 40, which the story is about, and enough others to page.

use super::{
    choose,
    clock::{ALERTED, at, days_before},
};

/// A monitor; also what is created while a sandbox runs.
#[derive(Clone, Debug)]
pub(in super::super) struct Monitor {
    pub(in super::super) id: i64,
    pub(in super::super) name: String,
    /// Datadog's word, e.g. `metric alert`.
    pub(in super::super) kind: String,
    pub(in super::super) query: String,
    pub(in super::super) message: String,
    /// Datadog's word, e.g. `No Data`.
    pub(in super::super) state: &'static str,
    pub(in super::super) tags: Vec<String>,
    pub(in super::super) priority: Option<i64>,
    pub(in super::super) groups: Vec<Group>,
    /// Name, which Datadog leaves null for some, and e-mail address.
    pub(in super::super) creator: (Option<&'static str>, &'static str),
    pub(in super::super) created: i64,
    pub(in super::super) modified: i64,
    pub(in super::super) multi: bool,
}

#[derive(Clone, Debug)]
pub(in super::super) struct Group {
    /// Tags, joined by commas.
    pub(in super::super) name: String,
    pub(in super::super) state: &'static str,
    pub(in super::super) triggered: Option<i64>,
}

/// The monitor that fired.
pub(in super::super) const CHECKOUT: i64 = 40;

pub(in super::super) fn monitors() -> Vec<Monitor> {
    let mut all: Vec<Monitor> = (1..=60).filter(|id| *id != CHECKOUT).map(ordinary).collect();
    all.extend([checkout(), per_host()]);
    all.sort_by_key(|monitor| monitor.id);
    all
}

fn checkout() -> Monitor {
    Monitor {
        id: CHECKOUT,
        name: "[P1] Checkout error rate above 5%".to_owned(),
        kind: "query alert".to_owned(),
        query: "avg(last_5m):avg:checkout.error_rate{service:checkout} > 0.05".to_owned(),
        message: "{{#is_alert}}Checkout fails for more than 5 % of baskets.{{/is_alert}}\n\
                  Runbook: https://github.com/acme/handbook/issues/12\n\
                  @slack-incident-checkout @slack-acme-deploys @ada@acme.example @pagerduty-checkout"
            .to_owned(),
        state: "Alert",
        tags: ["service:checkout", "env:prod", "team:checkout"]
            .map(str::to_owned)
            .to_vec(),
        priority: Some(1),
        groups: vec![Group {
            name: "service:checkout".to_owned(),
            state: "Alert",
            triggered: Some(ALERTED),
        }],
        creator: (Some("Priya Raman"), "priya@acme.example"),
        created: days_before(210, at(14, 0)),
        modified: days_before(20, at(9, 40)),
        multi: false,
    }
}

/// One that watches every host by itself.
fn per_host() -> Monitor {
    let states = ["OK", "OK", "Alert", "Warn", "OK", "No Data", "OK", "Alert"];
    let groups = states.iter().zip(1..).map(|(state, host)| Group {
        name: format!("host:checkout-{host}"),
        state,
        triggered: (*state != "OK").then(|| at(10, 4 + host)),
    });
    Monitor {
        id: 61,
        name: "Checkout hosts: CPU".to_owned(),
        kind: "metric alert".to_owned(),
        query: "avg(last_15m):avg:system.cpu.user{service:checkout} by {host} > 90".to_owned(),
        message: "CPU of {{host.name}} @slack-checkout-alerts".to_owned(),
        state: "Alert",
        tags: vec!["service:checkout".to_owned()],
        priority: None,
        groups: groups.collect(),
        creator: (None, "svc-terraform@acme.example"),
        created: days_before(90, at(8, 0)),
        modified: days_before(90, at(8, 0)),
        multi: true,
    }
}

fn ordinary(id: i64) -> Monitor {
    const SERVICES: [&str; 8] = [
        "catalog", "web", "search", "payments", "fraud", "shipping", "pricing", "checkout",
    ];
    const STATES: [&str; 12] = [
        "OK", "OK", "OK", "OK", "OK", "Warn", "No Data", "OK", "Alert", "Ignored", "Skipped", "Unknown",
    ];
    let seed = format!("monitor {id}");
    let service = choose(&seed, &SERVICES).unwrap_or_default();
    let state = usize::try_from(id)
        .ok()
        .and_then(|id| STATES.get(id % STATES.len()))
        .copied()
        .unwrap_or("OK");
    let (kind, what, query) = match id % 6 {
        0 => (
            "service check",
            "health check",
            format!("\"http.can_connect\".over(\"service:{service}\").by(\"host\").last(4).count_by_status()"),
        ),
        1 => (
            "log alert",
            "errors in the log",
            format!("logs(\"service:{service} status:error\").index(\"*\").rollup(\"count\").last(\"5m\") > 100"),
        ),
        2 => ("composite", "is in trouble", "1 && 2".to_owned()),
        3 => (
            "event-v2 alert",
            "deploys too often",
            format!("events(\"source:deploy service:{service}\").rollup(\"count\").last(\"1h\") > 8"),
        ),
        _ => (
            "query alert",
            "latency",
            format!("avg(last_10m):p95:trace.http.request{{service:{service}}} > 1.5"),
        ),
    };
    Monitor {
        id,
        name: format!("{service}: {what} ({id})"),
        kind: kind.to_owned(),
        query,
        message: if id % 7 == 0 {
            String::new()
        } else {
            format!("Look at {service}. @slack-{service}-alerts")
        },
        state,
        tags: if id % 9 == 0 {
            Vec::new()
        } else {
            vec![format!("service:{service}"), "env:prod".to_owned()]
        },
        priority: (id % 4 != 0).then_some(1 + id % 5),
        groups: Vec::new(),
        creator: if id % 8 == 0 {
            (None, "svc-terraform@acme.example")
        } else {
            (Some("Priya Raman"), "priya@acme.example")
        },
        created: days_before(300 - id, at(11, 0)),
        modified: days_before(100 - id, at(11, 30)),
        multi: id % 6 == 0,
    }
}
