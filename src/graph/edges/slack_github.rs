//! A Slack message's GitHub links lead to the objects they name.

use crate::backends::github::{Ask, Kind, Lookup, link};
use crate::graph::failure::loaders;
use crate::graph::github::{GitHubObject, address, selection};
use crate::upstream::{Cause, Failure};
use async_graphql::{Context, Error};
use std::collections::HashSet;

/// The GitHub objects that these URLs name, each once, in order. URLs that name nothing on GitHub are passed over without
/// a request, and what the token cannot see is left out. Where GitHub gave none of them for another reason, the failure
/// is the field's; where it gave some, the failure stands beside them.
pub async fn objects_of(ctx: &Context<'_>, urls: &[String]) -> Result<Vec<GitHubObject>, Error> {
    let mut seen = HashSet::new();
    let canonical = urls.iter().filter_map(|url| link::canonical(url));
    let urls: Vec<String> = canonical.filter(|url| seen.insert(link::identity(url))).collect();
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
                objects.push(GitHubObject::new(&found, url));
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

#[cfg(test)]
mod tests;
