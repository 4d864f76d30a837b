//! The ordinary pull requests and issues that every repository has, made from its name.

use super::{
    super::{
        choose,
        clock::{at, days_before},
        pick,
    },
    Issue, Merge, Pull, PullState, Repository, oid,
    told::{blank, commit},
};

const AUTHORS: [&str; 7] = [
    "kenji-sato",
    "mona",
    "priya-raman",
    "lferreira",
    "ohaddad",
    "dependabot",
    "old-svn-author",
];
const SUBJECTS: [&str; 8] = [
    "Bump the toolchain",
    "Retry on timeout",
    "Say what went wrong",
    "Faster start",
    "Fewer queries",
    "Log the order id",
    "Cache the config",
    "Drop the old endpoint",
];

/// Fills the numbers below those of the story, for each repository a different but fixed amount. Issues and pull requests
/// share one sequence, as on GitHub.
pub(super) fn populate(repository: &mut Repository) {
    if repository.default_branch.is_none() {
        return;
    }
    let name = repository.full_name();
    let told = repository
        .pulls
        .iter()
        .map(|pull| pull.number)
        .chain(repository.issues.iter().map(|issue| issue.number));
    let last = told.min().unwrap_or(60);
    let amount = i32::try_from(20 + pick(&name, 30)).unwrap_or(20);
    for number in (last - amount).max(1)..last {
        if pick(&format!("{name}#{number}"), 5) < 3 {
            let issue = issue(&name, number);
            repository.issues.push(issue);
        } else {
            let pull = pull(&name, number);
            repository
                .commits
                .push(commit(&pull.head, &pull.title, "mona", pull.created, Vec::new()));
            if let Some(merge) = &pull.merge {
                repository.commits.push(commit(
                    &merge.commit,
                    &format!("{} (#{number})", pull.title),
                    "mona",
                    merge.at,
                    Vec::new(),
                ));
            }
            repository.pulls.push(pull);
        }
    }
    repository.pulls.sort_by_key(|pull| pull.number);
    repository.issues.sort_by_key(|issue| issue.number);
}

fn issue(repository: &str, number: i32) -> Issue {
    let seed = format!("{repository}#{number}");
    let created = days_before(i64::from(700 - number), at(9, 30));
    Issue {
        number,
        title: format!("{} ({number})", choose(&seed, &SUBJECTS).unwrap_or_default()),
        body: "As discussed.".to_owned(),
        author: choose(&format!("{seed} by"), &AUTHORS).map(str::to_owned),
        created,
        closed: (pick(&format!("{seed} closed"), 2) == 0).then_some(created + 86_400),
        labels: if number % 2 == 0 {
            vec!["enhancement"]
        } else {
            Vec::new()
        },
    }
}

fn pull(repository: &str, number: i32) -> Pull {
    let seed = format!("{repository}#{number}");
    let created = days_before(i64::from(700 - number), at(13, 0));
    let state = match pick(&format!("{seed} state"), 6) {
        0 | 1 => PullState::Open,
        2 => PullState::Closed,
        _ => PullState::Merged,
    };
    let ended = created + 7_200;
    Pull {
        number,
        title: choose(&seed, &SUBJECTS).unwrap_or_default().to_owned(),
        body: String::new(),
        state,
        author: choose(&format!("{seed} by"), &AUTHORS).map(str::to_owned),
        created,
        closed: (state != PullState::Open).then_some(ended),
        merge: (state == PullState::Merged).then(|| Merge {
            at: ended,
            by: Some("mona".to_owned()),
            commit: oid(&format!("{seed} merged")),
        }),
        size: (number % 50, number % 13, 1 + number % 4),
        branch: format!("change-{number}"),
        head: oid(&format!("{seed} head")),
        ..blank()
    }
}
