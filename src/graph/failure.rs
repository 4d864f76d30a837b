//! Failures on their way through async-graphql: kept as typed data, so that whoever reads the response can find them again.

use crate::loaders::Loaders;
use async_graphql::{Context, Error, ServerError};
use std::sync::Arc;
use upstream::Failure;

/// A GraphQL error that carries a failure; [`failure_of`] finds it again.
pub fn graphql_error(failure: &Failure) -> Error {
    Error::new_with_source(failure.clone())
}

/// The failure that a GraphQL error carries, where a backend caused it.
pub fn failure_of(error: &ServerError) -> Option<&Failure> {
    error.source::<Failure>()
}

/// The loaders of this operation.
pub fn loaders<'a>(ctx: &Context<'a>) -> Result<&'a Arc<Loaders>, Error> {
    ctx.data::<Arc<Loaders>>()
}

/// Reports a failure beside a value: the field that is being resolved keeps what it has, and the answer says what it lacks.
pub fn report(ctx: &Context<'_>, failure: &Failure) {
    let error = graphql_error(failure).into_server_error(ctx.item.pos);
    ctx.add_error(ctx.set_error_path(error));
}
