//! A Slack message's GitHub links lead to the objects they name.

use crate::graph::github::GitHubObject;
use async_graphql::{Context, Error};

/// The GitHub objects that these URLs name, each once, in order. URLs that name nothing on GitHub are passed over.
pub async fn objects_of(_ctx: &Context<'_>, _urls: &[String]) -> Result<Vec<GitHubObject>, Error> {
    Ok(Vec::new())
}
