//! The repositories of the story, with the pull requests and issues that people talk about.

use super::{
    super::clock::{at, days_before},
    BREAKING_COMMIT, Check, Commit, Issue, Merge, Outcome, Pull, PullState, Repository, oid, repository,
};

pub(super) fn checkout() -> Repository {
    Repository {
        stars: 214,
        forks: 31,
        topics: vec!["checkout", "rust", "payments"],
        pushed: Some(at(10, 27)),
        pulls: vec![timeouts(), breaking(), revert(), draft()],
        issues: vec![foreign_currency(), stuck_carts()],
        commits: vec![
            commit(
                BREAKING_COMMIT,
                "Charge in the basket's currency (#612)\n\nRates are taken when the basket is opened.",
                "ada-abara",
                at(9, 52),
                passed("acme/checkout", 9_001),
            ),
            commit(
                &oid("acme/checkout#612 head"),
                "Take the rate when the basket is opened",
                "kenji-sato",
                at(9, 20),
                passed("acme/checkout", 8_990),
            ),
            commit(
                &oid("acme/checkout#617 head"),
                "Revert \"Charge in the basket's currency (#612)\"",
                "mona",
                at(10, 27),
                failing(),
            ),
            commit(
                &oid("acme/checkout#609 head"),
                "Give up sooner",
                "priya-raman",
                days_before(8, at(10, 0)),
                Vec::new(),
            ),
            commit(
                &oid("acme/checkout#609 merged"),
                "Give up on a provider after 8 s (#609)",
                "mona",
                days_before(7, at(9, 0)),
                passed("acme/checkout", 8_100),
            ),
            commit(
                &oid("acme/checkout#616 head"),
                "Sketch of multi-currency totals",
                "kenji-sato",
                days_before(1, at(17, 0)),
                Vec::new(),
            ),
        ],
        releases: vec![
            ("v2026.11.20-1", "2026-11-20, first"),
            ("v2026.11.19-2", "2026-11-19, second"),
        ],
        ..repository(
            "checkout",
            Some("Baskets, totals, orders: the checkout service"),
            &[
                ("Rust", 812_440),
                ("SQL", 40_310),
                ("Shell", 3_090),
                ("Dockerfile", 812),
            ],
        )
    }
}

pub(super) fn payments() -> Repository {
    let head = oid("acme/payments#88 head");
    let merged = oid("acme/payments#88 merged");
    Repository {
        stars: 97,
        forks: 12,
        topics: vec!["payments", "ledger"],
        pulls: vec![Pull {
            number: 88,
            title: "Add a currency column to charges".to_owned(),
            body: "Nullable for now.".to_owned(),
            author: Some("kenji-sato".to_owned()),
            created: days_before(3, at(11, 0)),
            closed: Some(days_before(1, at(14, 0))),
            state: PullState::Merged,
            merge: Some(Merge {
                at: days_before(1, at(14, 0)),
                by: Some("kenji-sato".to_owned()),
                commit: merged.clone(),
            }),
            size: (41, 3, 2),
            branch: "charge-currency".to_owned(),
            head: head.clone(),
            ..blank()
        }],
        issues: vec![Issue {
            number: 91,
            title: "Negative totals when the rate is inverted".to_owned(),
            body: String::new(),
            author: None,
            created: days_before(5, at(9, 0)),
            closed: None,
            labels: vec!["bug"],
        }],
        commits: vec![
            commit(
                &merged,
                "Add a currency column to charges (#88)",
                "kenji-sato",
                days_before(1, at(14, 0)),
                passed("acme/payments", 4_410),
            ),
            commit(
                &head,
                "Add the column",
                "kenji-sato",
                days_before(2, at(12, 0)),
                passed("acme/payments", 4_400),
            ),
        ],
        ..repository(
            "payments",
            Some("Providers, charges, refunds"),
            &[("Java", 640_220), ("Kotlin", 120_004), ("Shell", 900)],
        )
    }
}

pub(super) fn handbook() -> Repository {
    Repository {
        issues: vec![Issue {
            number: 12,
            title: "Runbook: checkout error rate".to_owned(),
            body: "1. Look at the last deploy.\n2. Revert it.".to_owned(),
            author: Some("priya-raman".to_owned()),
            created: days_before(300, at(9, 0)),
            closed: None,
            labels: vec!["runbook"],
        }],
        discussions: vec![(31, "2026-11-20: checkout fails in foreign currencies")],
        ..repository("handbook", Some("How we work"), &[("MDX", 88_001)])
    }
}

/// An older one, to which the days before the story point.
fn timeouts() -> Pull {
    Pull {
        number: 609,
        title: "Give up on a provider after 8 s".to_owned(),
        state: PullState::Merged,
        author: Some("priya-raman".to_owned()),
        created: days_before(8, at(10, 0)),
        closed: Some(days_before(7, at(9, 0))),
        merge: Some(Merge {
            at: days_before(7, at(9, 0)),
            by: Some("mona".to_owned()),
            commit: oid("acme/checkout#609 merged"),
        }),
        size: (12, 4, 2),
        branch: "provider-timeout".to_owned(),
        head: oid("acme/checkout#609 head"),
        ..blank()
    }
}

fn breaking() -> Pull {
    Pull {
        number: 612,
        title: "Charge in the basket's currency".to_owned(),
        body: "Rates are taken when the basket is opened, not when it is paid.\n\nPart of #570.".to_owned(),
        state: PullState::Merged,
        author: Some("kenji-sato".to_owned()),
        created: days_before(2, at(16, 5)),
        closed: Some(at(9, 52)),
        merge: Some(Merge {
            at: at(9, 52),
            by: Some("ada-abara".to_owned()),
            commit: BREAKING_COMMIT.to_owned(),
        }),
        size: (318, 94, 11),
        branch: "basket-currency".to_owned(),
        head: oid("acme/checkout#612 head"),
        labels: vec!["currency", "reviewed"],
        ..blank()
    }
}

fn revert() -> Pull {
    Pull {
        number: 617,
        title: "Revert #612".to_owned(),
        body: "Puts the checkout back to yesterday's behaviour. Fixes #615.".to_owned(),
        author: Some("mona".to_owned()),
        created: at(10, 28),
        size: (94, 318, 11),
        branch: "revert-612".to_owned(),
        head: oid("acme/checkout#617 head"),
        labels: vec!["incident"],
        closes: vec![615],
        ..blank()
    }
}

fn draft() -> Pull {
    Pull {
        number: 616,
        title: "Totals in several currencies <draft> & more".to_owned(),
        draft: true,
        // The account was deleted since.
        author: None,
        created: days_before(1, at(17, 2)),
        size: (1_204, 0, 40),
        branch: "multi-currency".to_owned(),
        head: oid("acme/checkout#616 head"),
        ..blank()
    }
}

fn foreign_currency() -> Issue {
    Issue {
        number: 615,
        title: "Checkout fails for baskets in a foreign currency".to_owned(),
        body: "Seen with CHF and GBP. The total is negative, the payment is refused.".to_owned(),
        author: Some("ohaddad".to_owned()),
        created: at(10, 15),
        closed: None,
        labels: vec!["bug", "incident", "sev2"],
    }
}

fn stuck_carts() -> Issue {
    Issue {
        number: 601,
        title: "Carts stay in `pending` after a provider timeout".to_owned(),
        body: "Seen twice a week.".to_owned(),
        author: Some("priya-raman".to_owned()),
        created: days_before(12, at(10, 0)),
        closed: Some(days_before(4, at(10, 0))),
        labels: vec!["bug"],
    }
}

pub(super) fn blank() -> Pull {
    Pull {
        number: 0,
        title: String::new(),
        body: String::new(),
        state: PullState::Open,
        draft: false,
        author: None,
        created: 0,
        closed: None,
        merge: None,
        size: (0, 0, 0),
        branch: String::new(),
        head: String::new(),
        labels: Vec::new(),
        closes: Vec::new(),
    }
}

pub(super) fn commit(oid: &str, message: &str, login: &str, committed: i64, checks: Vec<Check>) -> Commit {
    let name = if login == "mona" { "Mona Castle" } else { login };
    Commit {
        oid: oid.to_owned(),
        message: message.to_owned(),
        author: (name.to_owned(), Some(login.to_owned())),
        committed,
        checks,
    }
}

fn check(repository: &str, run: i64, name: &'static str, outcome: Outcome) -> Check {
    let details = Some(format!(
        "https://github.com/{repository}/actions/runs/{run}/job/{}",
        run * 10
    ));
    Check {
        name,
        status_context: None,
        outcome,
        details,
    }
}

fn passed(repository: &str, run: i64) -> Vec<Check> {
    vec![
        check(repository, run, "build", Outcome::Success),
        check(repository, run + 1, "unit", Outcome::Success),
    ]
}

fn failing() -> Vec<Check> {
    let of = |run, name, outcome| check("acme/checkout", run, name, outcome);
    vec![
        of(9_101, "build", Outcome::Success),
        of(9_102, "unit", Outcome::Success),
        of(9_103, "integration", Outcome::Failure),
        of(9_104, "e2e", Outcome::Running),
        of(9_105, "publish", Outcome::Queued),
        of(9_106, "docs", Outcome::Skipped),
        Check {
            name: "",
            status_context: Some("ci/payments-contract"),
            outcome: Outcome::Error,
            details: Some("https://ci.acme.example/contract/771".to_owned()),
        },
        Check {
            name: "",
            status_context: Some("license/cla"),
            outcome: Outcome::Success,
            details: None,
        },
    ]
}
