//! GitHub's public schema, the part of it that the story can answer: GitHub's own names, types and nullability. A test
//! compares it with the whole schema, which is not kept here.

#![expect(clippy::unused_async, reason = "async-graphql asks for async resolvers")]

mod accounts;
mod checks;
mod commit;
mod ids;
mod interfaces;
mod issue;
mod languages;
mod orders;
mod paging;
mod pull_request;
mod refs;
mod repository;
mod root;
mod scalars;
mod search;

use async_graphql::{Context, EmptyMutation, EmptySubscription, ErrorExtensions as _, Schema};

pub(super) type GitHubSchema = Schema<root::Query, EmptyMutation, EmptySubscription>;

pub(super) fn schema() -> GitHubSchema {
    Schema::build(root::Query, EmptyMutation, EmptySubscription).finish()
}

#[cfg(test)]
pub(in super::super) fn sdl() -> String {
    schema().sdl()
}

/// A field's failure with GitHub's kind.
fn failure(kind: &'static str, message: impl Into<String>) -> async_graphql::Error {
    async_graphql::Error::new(message).extend_with(|_, extensions| extensions.set(super::errors::KIND, kind))
}

/// Nothing, with GitHub's words for it beside the data: a thing that is not there, or not for this token.
fn not_found<T>(context: &Context<'_>, message: impl Into<String>) -> Option<T> {
    let error = failure("NOT_FOUND", message).into_server_error(context.item.pos);
    context.add_error(context.set_error_path(error));
    None
}
