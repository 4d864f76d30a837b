//! A Slack message's GitHub links lead to the objects they name.

use crate::backends::github::{Ask, Kind, Lookup, link};
use crate::graph::failure::loaders;
use crate::graph::github::{GitHubObject, address, selection};
use crate::upstream::{Cause, Failure};
use async_graphql::{Context, Error};
use std::collections::HashSet;

/// What a link can lead to, by the schema's names.
const TYPES: [&str; 6] = [
    "Repository",
    "Issue",
    "PullRequest",
    "Commit",
    "GitHubUser",
    "GitHubOther",
];

/// The GitHub objects that these URLs name, each once, in order. URLs that name nothing on GitHub are passed over without
/// a request, and what the token cannot see is left out. Where GitHub gave none of them for another reason, the failure
/// is the field's; where it gave some, the failure stands beside them.
///
/// Objects of a type of which the query selects nothing are left out, where it selects something of another: a bare type
/// name tells a reader nothing.
pub async fn objects_of(ctx: &Context<'_>, urls: &[String]) -> Result<Vec<GitHubObject>, Error> {
    let mut seen = HashSet::new();
    let canonical = urls.iter().filter_map(|url| link::canonical(url));
    let selected: Vec<&str> = TYPES.into_iter().filter(|name| selection::selects(ctx, name)).collect();
    let is_wanted = |name: &&str| selected.is_empty() || selected.contains(name);
    let urls: Vec<String> = canonical
        .filter(|url| types(url).iter().any(is_wanted))
        .filter(|url| seen.insert(link::identity(url)))
        .collect();
    if urls.is_empty() {
        return Ok(Vec::new());
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
            Err(other) if !matches!(other.cause, Cause::NotFound { .. }) => failure = failure.or(Some(other)),
            Ok(_) | Err(_) => {}
        }
    }
    match failure {
        Some(failure) if objects.is_empty() => Err(failure.into()),
        Some(failure) => {
            let error = Error::from(failure).into_server_error(ctx.item.pos);
            ctx.add_error(ctx.set_error_path(error));
            Ok(objects)
        }
        None => Ok(objects),
    }
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
