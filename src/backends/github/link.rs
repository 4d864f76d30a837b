//! github.com URLs: which of them name an object, and the one spelling under which it is looked up.

use url::{Host, Url};

/// First path segments that are pages of the site and no accounts.
const SITE: &[&str] = &[
    "about",
    "apps",
    "codespaces",
    "collections",
    "contact",
    "customer-stories",
    "dashboard",
    "enterprise",
    "events",
    "explore",
    "features",
    "issues",
    "join",
    "login",
    "logout",
    "marketplace",
    "mobile",
    "new",
    "notifications",
    "pricing",
    "pulls",
    "readme",
    "search",
    "security",
    "sessions",
    "settings",
    "signup",
    "site",
    "sponsors",
    "stars",
    "team",
    "topics",
    "trending",
    "users",
    "watching",
];

/// Third path segments that show files, lists or settings of a repository, and no object.
const VIEWS: &[&str] = &[
    "actions",
    "activity",
    "archive",
    "blame",
    "blob",
    "branches",
    "commits",
    "compare",
    "contributors",
    "deployments",
    "discussions",
    "edit",
    "find",
    "forks",
    "graphs",
    "insights",
    "issues",
    "labels",
    "milestones",
    "network",
    "packages",
    "projects",
    "pulls",
    "pulse",
    "raw",
    "releases",
    "search",
    "security",
    "settings",
    "stargazers",
    "tags",
    "tree",
    "watchers",
    "wiki",
];

/// The URL of the object that a URL names, in one spelling: `https://github.com/…`, without `www.`, query and fragment,
/// without what leads deeper into a pull request or an issue. `None` where it is no http(s) URL of github.com or is known
/// to name no object there, such as a file or a list.
pub fn canonical(text: &str) -> Option<String> {
    let text = text
        .trim()
        .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '>', '\'', '"', '*', '`']);
    let url = Url::parse(text).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.port().is_some() {
        return None;
    }
    if !matches!(url.host(), Some(Host::Domain("github.com" | "www.github.com"))) {
        return None;
    }
    let segments: Vec<&str> = url.path_segments()?.filter(|segment| !segment.is_empty()).collect();
    let path = object_path(&segments)?;
    Some(format!("https://github.com/{path}"))
}

/// The same for canonical URLs of the same object: names of accounts and repositories have no case.
pub fn identity(canonical: &str) -> String {
    let path = canonical.strip_prefix("https://github.com/").unwrap_or(canonical);
    let mut segments = path.splitn(3, '/');
    let named = [segments.next(), segments.next()]
        .into_iter()
        .flatten()
        .map(str::to_lowercase);
    let rest = segments.next().map(str::to_owned);
    named.chain(rest).collect::<Vec<_>>().join("/")
}

fn object_path(segments: &[&str]) -> Option<String> {
    match *segments {
        ["orgs", organisation] if is_name(organisation) => Some(organisation.to_owned()),
        // Pages about the organisation, and not about something in it.
        ["orgs", organisation, "dashboard" | "people" | "repositories"] if is_name(organisation) => {
            Some(organisation.to_owned())
        }
        ["orgs", ..] => None,
        [account] if is_name(account) && !is_site(account) => Some(account.to_owned()),
        [owner, repository, ref rest @ ..] if is_name(owner) && !is_site(owner) => {
            let repository = repository.strip_suffix(".git").unwrap_or(repository);
            let below = below_repository(rest)?;
            is_name(repository).then(|| format!("{owner}/{repository}{below}"))
        }
        _ => None,
    }
}

fn below_repository(segments: &[&str]) -> Option<String> {
    match *segments {
        [] => Some(String::new()),
        ["pull" | "pulls", number, ..] if is_number(number) => Some(format!("/pull/{number}")),
        ["issues", number, ..] if is_number(number) => Some(format!("/issues/{number}")),
        ["commit" | "commits", hash] if is_hash(hash) => Some(format!("/commit/{hash}")),
        ["releases", "tag", ref tag @ ..] if !tag.is_empty() => Some(format!("/releases/tag/{}", tag.join("/"))),
        ["actions", "runs", run, ..] if is_number(run) => Some(format!("/actions/runs/{run}")),
        ["actions", "workflows", workflow, ..] => Some(format!("/actions/workflows/{workflow}")),
        [view, ..] if VIEWS.contains(&view) => None,
        ref rest => Some(format!("/{}", rest.join("/"))),
    }
}

fn is_site(account: &str) -> bool {
    SITE.contains(&account.to_lowercase().as_str())
}

fn is_name(segment: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !segment.is_empty() && segment.chars().all(allowed) && segment != "." && segment != ".."
}

fn is_number(segment: &str) -> bool {
    !segment.is_empty() && segment.len() <= 20 && segment.chars().all(|c| c.is_ascii_digit())
}

fn is_hash(segment: &str) -> bool {
    (7..=64).contains(&segment.len()) && segment.chars().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_object_become_one() {
        let spellings = [
            "https://github.com/acme/checkout/pull/612",
            "http://www.github.com/acme/checkout/pull/612/",
            "https://GitHub.com/acme/checkout/pull/612/files#diff-1",
            "https://github.com/acme/checkout/pull/612/commits/0a1b2c3d",
            "https://github.com/acme/checkout/pull/612?w=1#issuecomment-99).",
        ];
        for spelling in spellings {
            assert_eq!(
                canonical(spelling).as_deref(),
                Some("https://github.com/acme/checkout/pull/612"),
                "{spelling}"
            );
        }
    }

    #[test]
    fn every_kind_of_object_keeps_its_path() {
        let kinds = [
            ("https://github.com/mona", "mona"),
            ("https://github.com/orgs/acme", "acme"),
            ("https://github.com/orgs/acme/repositories", "acme"),
            ("https://github.com/acme/checkout.git", "acme/checkout"),
            (
                "https://github.com/acme/checkout/issues/7#issuecomment-1",
                "acme/checkout/issues/7",
            ),
            (
                "https://github.com/acme/checkout/commit/0a1b2c3",
                "acme/checkout/commit/0a1b2c3",
            ),
            (
                "https://github.com/acme/checkout/releases/tag/v1.2",
                "acme/checkout/releases/tag/v1.2",
            ),
            (
                "https://github.com/acme/checkout/actions/runs/42/job/7",
                "acme/checkout/actions/runs/42",
            ),
            (
                "https://github.com/acme/checkout/milestone/3",
                "acme/checkout/milestone/3",
            ),
        ];
        for (url, path) in kinds {
            assert_eq!(canonical(url), Some(format!("https://github.com/{path}")), "{url}");
        }
    }

    #[test]
    fn what_names_no_object_is_passed_over() {
        let others = [
            "https://github.com",
            "https://github.com/settings/tokens",
            "https://github.com/acme/checkout/blob/main/README.md",
            "https://github.com/orgs/acme/projects/5",
            "https://github.com/orgs/acme/teams/core/discussions/3",
            "https://github.com/acme/checkout/pulls",
            "https://github.com/acme/checkout/issues/new",
            "https://github.com/acme/checkout/commits/main",
            "https://github.com.evil.example/acme/checkout",
            "https://evil.example/github.com/acme/checkout",
            "https://github.com:8443/acme/checkout",
            "https://gist.github.com/mona/1",
            "ftp://github.com/acme/checkout",
            "https://github.com/acme/%22checkout",
            "github.com/acme/checkout",
            "",
        ];
        for url in others {
            assert_eq!(canonical(url), None, "{url}");
        }
    }

    #[test]
    fn names_have_no_case_and_tags_have() {
        assert_eq!(
            identity("https://github.com/Acme/Checkout/pull/612"),
            "acme/checkout/pull/612"
        );
        assert_eq!(identity("https://github.com/Acme/Checkout"), "acme/checkout");
        assert_eq!(
            identity("https://github.com/a/b/releases/tag/V1"),
            "a/b/releases/tag/V1"
        );
    }
}
