//! A Slack message's GitHub links lead to the objects they name.

use crate::backends::github::{Ask, Kind, Lookup, link};
use crate::graph::failure::{loaders, report};
use crate::graph::github::{GitHubObject, address, selection};
use async_graphql::{Context, Error};
use std::collections::HashSet;
use upstream::{Cause, Failure};

/// What a link can lead to, by the schema's names.
const TYPES: [&str; 6] = [
    "Repository",
    "Issue",
    "PullRequest",
    "Commit",
    "GitHubUser",
    "GitHubOther",
];

/// How many links of a message are followed. What a tool costs is reckoned with it: `schema/weights.graphql` has the same
/// number.
pub const MOST_LINKS: usize = 20;

/// The GitHub objects that these URLs name, each once, in order. URLs that name nothing on GitHub are passed over without
/// a request; what is gone, or not to be seen with this token, is reported beside the others. Where GitHub gave none of them for another reason, the failure
/// is the field's; where it gave some, the failure stands beside them.
///
/// Objects of a type of which the query selects nothing are left out, where it selects something of another: a bare type
/// name tells a reader nothing.
pub async fn objects_of(ctx: &Context<'_>, urls: &[String]) -> Result<Vec<GitHubObject>, Error> {
    let mut seen = HashSet::new();
    let canonical = urls.iter().filter_map(|url| link::canonical(url));
    let selected: Vec<&str> = TYPES.into_iter().filter(|name| selection::selects(ctx, name)).collect();
    let is_wanted = |name: &&str| selected.is_empty() || selected.contains(name);
    let mut urls: Vec<String> = canonical
        .filter(|url| types(url).iter().any(is_wanted))
        .filter(|url| seen.insert(link::identity(url)))
        .collect();
    if urls.is_empty() {
        return Ok(Vec::new());
    }
    if urls.len() > MOST_LINKS {
        report(ctx, &too_many(urls.len()));
        urls.truncate(MOST_LINKS);
    }
    let wanted = selection::wanted(ctx, Kind::Object)?;
    let asks = urls.iter().map(|url| Ask {
        lookup: Lookup::Resource { url: url.clone() },
        wanted: wanted.clone(),
    });
    let answers = loaders(ctx)?.github.load_many(asks.collect()).await;

    let mut objects = Vec::new();
    let mut failure: Option<Failure> = None;
    for (url, answer) in urls.iter().zip(answers) {
        match answer {
            // Two URLs can name one object: an issue's number may be a pull request's.
            Ok(found) if seen.insert(address(&found).unwrap_or_else(|| url.clone())) => {
                let object = GitHubObject::new(&found, url);
                if is_wanted(&object.kind_name()) {
                    objects.push(object);
                }
            }
            Ok(_) => {}
            Err(missing) if matches!(missing.cause, Cause::NotFound { .. }) => {
                // What only might name an object is no loss when it does not.
                if names_an_object(url) {
                    report(ctx, &missing.with_hint("it is gone, or the token may not see it"));
                }
            }
            Err(other) => failure = failure.or(Some(other)),
        }
    }
    match failure {
        Some(failure) if objects.is_empty() => Err(failure.into()),
        Some(failure) => {
            report(ctx, &failure);
            Ok(objects)
        }
        None => Ok(objects),
    }
}

fn too_many(links: usize) -> Failure {
    let message = format!("the message links to {links} things on GitHub, and {MOST_LINKS} are followed");
    Failure::new("github", "resource", Cause::Invalid { message }).with_hint("the others stand in the message's text")
}

/// Whether a canonical URL says by its form what it leads to.
fn names_an_object(url: &str) -> bool {
    types(url) != TYPES
}

/// What a canonical URL can lead to. Issues and pull requests share their numbers, and GitHub takes one for the other.
fn types(url: &str) -> &'static [&'static str] {
    let path = url.strip_prefix("https://github.com/").unwrap_or(url);
    let segments: Vec<&str> = path.split('/').collect();
    match *segments.as_slice() {
        [_] => &["GitHubUser"],
        [_, _] => &["Repository"],
        [_, _, "pull" | "issues", _] => &["PullRequest", "Issue"],
        [_, _, "commit", _] => &["Commit"],
        _ => &TYPES,
    }
}

#[cfg(test)]
mod tests;
