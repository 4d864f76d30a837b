//! How long GitHub's answers serve again, and what makes them stale. All reads are POSTs of one document to one URL, so
//! nothing on the way can remember them for us.

use super::lookup::{Ask, Lookup};
use std::time::Duration;
use upstream::request::Freshness;

/// States, reviews and checks move while people work on them; long enough for the calls of one question.
const WORK: Duration = Duration::from_secs(15);

/// What a repository is, and what a search for some finds, changes by the hour; counts of stars and issues may be a
/// minute old without misleading anybody.
const REPOSITORIES: Duration = Duration::from_secs(60);

/// What every search tells about.
const SEARCHES: &str = "github:search";

/// Of a request for these: the shortest time of any, and the tags of all.
pub(super) fn of(asks: &[Ask]) -> Freshness {
    let times = asks.iter().map(|ask| time_to_live(&ask.lookup));
    let mut tags: Vec<_> = asks.iter().map(|ask| tag(&ask.lookup)).collect();
    tags.sort_unstable();
    tags.dedup();
    Freshness {
        ttl: times.min().unwrap_or_default(),
        tags,
    }
}

fn time_to_live(lookup: &Lookup) -> Duration {
    match lookup {
        Lookup::Repository { .. } | Lookup::SearchRepositories { .. } => REPOSITORIES,
        Lookup::PullRequest { .. } | Lookup::Issue { .. } | Lookup::Resource { .. } => WORK,
    }
}

/// `github:repo:acme/shop` for whatever is in it.
fn tag(lookup: &Lookup) -> String {
    if let Lookup::SearchRepositories { .. } = lookup {
        return SEARCHES.to_owned();
    }
    let identity = lookup.identity();
    let repository: Vec<_> = identity.split('/').take(2).collect();
    format!("github:repo:{}", repository.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::github::Wanted;

    fn ask(lookup: Lookup) -> Ask {
        Ask {
            lookup,
            wanted: Wanted::default(),
        }
    }

    #[test]
    fn a_request_for_many_is_as_fresh_as_its_shortest_part_and_tells_about_all() {
        let repository = ask(Lookup::Repository {
            owner: "Acme".to_owned(),
            name: "Shop".to_owned(),
        });
        let issue = ask(Lookup::Issue {
            owner: "acme".to_owned(),
            name: "shop".to_owned(),
            number: 7,
        });
        let linked = ask(Lookup::Resource {
            url: "https://github.com/acme/checkout/pull/617".to_owned(),
        });
        let alone = of(std::slice::from_ref(&repository));
        assert_eq!(
            (alone.ttl, alone.tags),
            (REPOSITORIES, vec!["github:repo:acme/shop".to_owned()])
        );
        let many = of(&[repository, issue, linked]);
        assert_eq!(many.ttl, WORK);
        assert_eq!(many.tags, ["github:repo:acme/checkout", "github:repo:acme/shop"]);
    }
}
