//! GitHub's search language: words, "phrases" and `qualifier:value`, each of which may be negated by a `-` before it.

use super::super::super::super::world::code::{Account, AccountKind, Issue, Pull, PullState, Repository};

/// A search, taken apart. All of it has to hold.
pub(super) struct Query {
    conditions: Vec<Condition>,
    sort: Option<String>,
}

struct Condition {
    negated: bool,
    /// Empty for a plain word.
    qualifier: String,
    value: String,
}

const QUALIFIERS: [&str; 22] = [
    "org", "user", "repo", "language", "stars", "forks", "topic", "archived", "is", "in", "fork", "author", "label",
    "type", "state", "created", "updated", "pushed", "draft", "license", "size", "sort",
];

impl Query {
    pub(super) fn parse(text: &str) -> Self {
        let mut query = Self {
            conditions: Vec::new(),
            sort: None,
        };
        for token in tokens(text) {
            let (negated, token) = token
                .strip_prefix('-')
                .map_or((false, token.as_str()), |rest| (true, rest));
            let (qualifier, value) = token
                .split_once(':')
                .filter(|(name, _)| QUALIFIERS.contains(name))
                .unwrap_or(("", token));
            if qualifier == "sort" {
                query.sort = Some(value.to_lowercase());
            } else {
                query.conditions.push(Condition {
                    negated,
                    qualifier: qualifier.to_owned(),
                    value: value.to_lowercase(),
                });
            }
        }
        query
    }

    pub(super) fn sort(&self) -> Option<&str> {
        self.sort.as_deref()
    }

    /// Whether a name holds all the plain words.
    pub(super) fn names(&self, name: &str) -> bool {
        self.conditions
            .iter()
            .filter(|condition| condition.qualifier.is_empty())
            .all(|word| name.contains(&word.value))
    }

    pub(super) fn fits_repository(&self, repository: &Repository) -> bool {
        self.all(|qualifier, value| match qualifier {
            "" => {
                let description = repository.description.as_deref().unwrap_or_default();
                [&repository.full_name(), description]
                    .iter()
                    .any(|text| text.to_lowercase().contains(value))
                    || repository.topics.contains(&value)
            }
            "language" => repository
                .languages
                .first()
                .is_some_and(|(name, _)| name.eq_ignore_ascii_case(value)),
            "stars" => in_range(repository.stars.into(), value),
            "forks" => in_range(repository.forks.into(), value),
            "topic" => repository.topics.contains(&value),
            "archived" => repository.archived == (value == "true"),
            "fork" => value != "only",
            "is" => match value {
                "private" => repository.private,
                "public" => !repository.private,
                _ => false,
            },
            other => place(repository, other, value),
        })
    }

    pub(super) fn fits_issue(&self, repository: &Repository, issue: &Issue) -> bool {
        self.all(|qualifier, value| match qualifier {
            "" => words(&issue.title, &issue.body, value),
            "is" | "type" | "state" => match value {
                "open" => issue.closed.is_none(),
                "closed" => issue.closed.is_some(),
                other => other == "issue",
            },
            "author" => issue
                .author
                .as_deref()
                .is_some_and(|login| login.eq_ignore_ascii_case(value)),
            "label" => issue.labels.contains(&value),
            other => place(repository, other, value),
        })
    }

    pub(super) fn fits_pull(&self, repository: &Repository, pull: &Pull) -> bool {
        self.all(|qualifier, value| match qualifier {
            "" => words(&pull.title, &pull.body, value),
            "is" | "type" | "state" => match value {
                "open" => pull.state == PullState::Open,
                "closed" => pull.state != PullState::Open,
                "merged" => pull.state == PullState::Merged,
                "draft" => pull.draft,
                other => other == "pr",
            },
            "draft" => pull.draft == (value == "true"),
            "author" => pull
                .author
                .as_deref()
                .is_some_and(|login| login.eq_ignore_ascii_case(value)),
            "label" => pull.labels.contains(&value),
            other => place(repository, other, value),
        })
    }

    pub(super) fn fits_account(&self, account: &Account) -> bool {
        self.all(|qualifier, value| match qualifier {
            "" => {
                account.login.contains(value)
                    || account
                        .name
                        .as_ref()
                        .is_some_and(|name| name.to_lowercase().contains(value))
            }
            "type" => (value == "org") == (account.kind == AccountKind::Organization),
            _ => true,
        })
    }

    fn all(&self, holds: impl Fn(&str, &str) -> bool) -> bool {
        self.conditions.iter().all(|condition| {
            // Where to look and when something happened does not narrow the story.
            let ignored =
                ["in", "created", "updated", "pushed", "license", "size"].contains(&condition.qualifier.as_str());
            ignored || holds(&condition.qualifier, &condition.value) != condition.negated
        })
    }
}

fn place(repository: &Repository, qualifier: &str, value: &str) -> bool {
    match qualifier {
        "org" | "user" => repository.owner.eq_ignore_ascii_case(value),
        "repo" => repository.full_name().eq_ignore_ascii_case(value),
        _ => false,
    }
}

fn words(title: &str, body: &str, value: &str) -> bool {
    title.to_lowercase().contains(value) || body.to_lowercase().contains(value)
}

/// `10`, `>10`, `>=10`, `<10`, `<=10`, `10..20`, `10..*`.
fn in_range(number: i64, range: &str) -> bool {
    if let Some((low, high)) = range.split_once("..") {
        return low.parse().is_ok_and(|low: i64| number >= low)
            && (high == "*" || high.parse().is_ok_and(|high: i64| number <= high));
    }
    let compared = |prefix: &str| range.strip_prefix(prefix).and_then(|rest| rest.parse::<i64>().ok());
    if let Some(low) = compared(">=") {
        number >= low
    } else if let Some(high) = compared("<=") {
        number <= high
    } else if let Some(low) = compared(">") {
        number > low
    } else if let Some(high) = compared("<") {
        number < high
    } else {
        range.parse() == Ok(number)
    }
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let mut quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            space if space.is_whitespace() && !quoted => tokens.push(String::new()),
            other => {
                if let Some(last) = tokens.last_mut() {
                    last.push(other);
                }
            }
        }
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}
