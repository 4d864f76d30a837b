//! The repositories: the shop's services, what else acme keeps, and a thousand samples to search among.

use super::{
    super::clock::{at, days_before},
    Repository, crowd, repository, told,
};

pub(super) fn repositories() -> Vec<Repository> {
    let mut all = services();
    all.extend(rest());
    for repository in &mut all {
        crowd::populate(repository);
    }
    all.extend((1..=1_200).map(sample));
    all
}

fn services() -> Vec<Repository> {
    vec![
        told::checkout(),
        told::payments(),
        told::handbook(),
        Repository {
            stars: 88,
            forks: 9,
            ..repository(
                "catalog",
                Some("Products, prices, stock"),
                &[("Go", 402_113), ("Makefile", 2_044)],
            )
        },
        Repository {
            stars: 301,
            forks: 40,
            topics: vec!["nextjs"],
            ..repository(
                "web",
                Some("The shop front"),
                &[
                    ("TypeScript", 1_204_551),
                    ("CSS", 90_112),
                    ("HTML", 12_007),
                    ("JavaScript", 8_001),
                ],
            )
        },
        Repository {
            stars: 54,
            forks: 3,
            ..repository(
                "search",
                Some("Search over the catalog"),
                &[("Rust", 210_004), ("Python", 14_300)],
            )
        },
        Repository {
            stars: 12,
            ..repository(
                "fraud",
                Some("Scores payments before they are taken"),
                &[("Python", 330_871), ("Jupyter Notebook", 2_404_220)],
            )
        },
        Repository {
            stars: 31,
            forks: 6,
            ..repository("shipping", Some("Labels, carriers, tracking"), &[("Kotlin", 280_140)])
        },
        Repository {
            stars: 9,
            ..repository("pricing", None, &[("Scala", 98_771), ("Java", 4_012)])
        },
    ]
}

fn rest() -> Vec<Repository> {
    const MORE: [(&str, &str, &str); 24] = [
        ("returns", "Refunds and parcels that come back", "Kotlin"),
        ("ios", "The app for iOS", "Swift"),
        ("android", "The app for Android", "Kotlin"),
        ("infra", "Clusters, networks, DNS", "HCL"),
        ("deploy-bot", "Posts every deploy to Slack", "Go"),
        ("checkout-sdk", "What partners embed to take orders", "TypeScript"),
        ("checkout-e2e", "Orders things all day", "TypeScript"),
        ("checkout-load", "Load tests of the checkout", "JavaScript"),
        ("payments-contract", "Contract tests against payment providers", "Java"),
        ("feature-flags", "Who sees what", "Go"),
        ("design-system", "Buttons and the like", "TypeScript"),
        ("email-templates", "What customers read", "HTML"),
        ("data-lake", "Everything that ever happened", "Python"),
        ("recommendations", "Others bought this too", "Python"),
        ("gateway", "The door to all services", "Go"),
        ("identity", "Accounts and sessions", "Rust"),
        ("ledger", "What was earned", "Rust"),
        ("warehouse", "Shelves and robots", "Java"),
        ("partners-portal", "For those who sell with us", "TypeScript"),
        ("status-page", "Is it up", "Elixir"),
        ("runbooks", "What to do at night", "Shell"),
        ("proto", "Messages between services", "Protocol Buffers"),
        ("charts", "Helm charts", "Mustache"),
        ("legacy-shop", "The shop of 2012", "PHP"),
    ];
    let mut all: Vec<Repository> = MORE
        .iter()
        .zip(0..)
        .map(|((name, description, language), index)| Repository {
            stars: 5 * index % 70,
            forks: index % 7,
            archived: *name == "legacy-shop",
            pushed: Some(days_before(i64::from(index), at(16, 0))),
            ..repository(name, Some(description), &[(*language, 40_000 + 1_009 * index)])
        })
        .collect();
    all.extend([
        // Nothing was ever pushed.
        Repository {
            default_branch: None,
            pushed: None,
            ..repository("next-big-thing", None, &[])
        },
        Repository {
            private: true,
            ..repository("salaries", Some("Private, but the token may see it"), &[("R", 901)])
        },
        Repository {
            private: true,
            readable: false,
            ..repository("paylane-ledger", Some("Not for this token"), &[("Java", 90_210)])
        },
        Repository {
            owner: "mona".to_owned(),
            stars: 3,
            ..repository("dotfiles", Some("~"), &[("Shell", 8_100), ("Lua", 3_300)])
        },
    ]);
    all
}

/// GitHub's search gives at most the first 1,000 of what it counts: these are more.
fn sample(number: i32) -> Repository {
    Repository {
        owner: "samples".to_owned(),
        stars: 1_200 - number,
        ..repository(&format!("sample-{number:04}"), Some("One of many"), &[("C", 100)])
    }
}
