//! Names: what a tool may be called, and which name was probably meant.

/// Clients prefix tool names and cut at about sixty characters.
pub(crate) const LONGEST_TOOL_NAME: usize = 40;

/// Longer names are compared with none: that takes time in the product of their lengths.
const LONGEST_COMPARED: usize = 100;

/// Words that people use for a field whose name does not look like them.
const SYNONYMS: &[(&str, &str)] = &[
    ("stars", "stargazerCount"),
    ("star", "stargazerCount"),
    ("login", "name"),
    ("username", "login"),
    ("user", "author"),
    ("sender", "author"),
    ("link", "url"),
    ("htmlUrl", "url"),
    ("href", "url"),
    ("timestamp", "ts"),
    ("time", "at"),
    ("date", "at"),
    ("sha", "oid"),
    ("hash", "oid"),
    ("items", "nodes"),
    ("edges", "nodes"),
    ("results", "nodes"),
    ("content", "text"),
    ("status", "state"),
    ("prs", "pullRequests"),
    ("pr", "pullRequest"),
    ("count", "totalCount"),
    ("total", "totalCount"),
];

/// The names in the schema that a word of people may mean.
pub fn synonyms(word: &str) -> impl Iterator<Item = &'static str> {
    let said = SYNONYMS.iter().filter(move |(said, _)| said.eq_ignore_ascii_case(word));
    said.map(|(_, meant)| *meant)
}

/// Whether a name is lower snake case: letters, digits and single `_`, from a letter on.
pub(crate) fn is_snake_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.contains("__")
        && !name.ends_with('_')
}

/// A name as clients reduce it: everything but `[a-z0-9_-]` becomes `_`. Two tools must differ in it.
pub(crate) fn as_clients_see(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .map(|c| {
            if c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect()
}

/// A valid name of a tool or of a key in its result, close to `name`.
pub fn to_snake_case(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        match c.to_ascii_lowercase() {
            c if c.is_ascii_lowercase() || (c.is_ascii_digit() && !out.is_empty()) => out.push(c),
            _ if !out.is_empty() && !out.ends_with('_') => out.push('_'),
            _ => {}
        }
    }
    out.trim_end_matches('_').to_owned()
}

/// The candidate that was probably meant, if any is near enough.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST_COMPARED {
        return None;
    }
    let meant = SYNONYMS
        .iter()
        .filter(|(said, _)| *said == word)
        .map(|(_, meant)| *meant)
        .collect::<Vec<_>>();
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST_COMPARED)
        .map(|candidate| {
            (
                if meant.contains(&candidate) {
                    1.0
                } else {
                    likeness(word, candidate)
                },
                candidate,
            )
        })
        .filter(|(score, _)| *score >= 0.78)
        // The first of equals, so that the answer does not depend on the rest.
        .fold(None, |best: Option<(f64, &str)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })
        .map(|(_, candidate)| candidate)
}

/// "Did you mean" and what else there is, as one help text; `None` where there is nothing to offer.
pub(crate) fn offer(word: &str, kind: &str, candidates: &[&str]) -> Option<String> {
    const SHOWN: usize = 20;
    let near = nearest(word, candidates.iter().copied());
    let listed = (!candidates.is_empty() && candidates.len() <= SHOWN).then(|| {
        format!(
            "{kind}: {}",
            candidates
                .iter()
                .map(|c| format!("`{c}`"))
                .collect::<Vec<_>>()
                .join(", ")
        )
    });
    match (near, listed) {
        (Some(near), Some(listed)) => Some(format!("did you mean `{near}`? {listed}")),
        (Some(near), None) => Some(format!("did you mean `{near}`?")),
        (None, listed) => listed,
    }
}

fn likeness(word: &str, candidate: &str) -> f64 {
    let (word, candidate) = (plain(word), plain(candidate));
    if word == candidate {
        return 0.99;
    }
    let stem = word.strip_suffix('s').unwrap_or(&word);
    // `forks` for `forkCount`, `issues` for `openIssueCount`.
    let within = if stem.len() >= 4 && candidate.contains(stem) {
        0.85
    } else {
        0.0
    };
    strsim::jaro_winkler(&word, &candidate).max(within)
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_that_was_meant() {
        let fields = [
            "name",
            "stargazerCount",
            "forkCount",
            "openIssueCount",
            "threadTs",
            "url",
        ];
        for (said, meant) in [
            ("nme", "name"),
            ("stars", "stargazerCount"),
            ("forks", "forkCount"),
            ("issues", "openIssueCount"),
            ("thread_ts", "threadTs"),
            ("htmlUrl", "url"),
        ] {
            assert_eq!(nearest(said, fields), Some(meant), "{said}");
        }
        assert_eq!(nearest("zebra", fields), None);
    }

    #[test]
    fn tool_names() {
        assert!(is_snake_case("slack_get_history2"));
        for bad in ["", "Slack", "2x", "a__b", "a_", "a-b", "\u{e4}b", "a.b"] {
            assert!(!is_snake_case(bad), "{bad}");
        }
        assert_eq!(to_snake_case("getRepo-info v2"), "get_repo_info_v2");
        assert_eq!(as_clients_see("Get.Repo"), "get_repo");
    }
}
