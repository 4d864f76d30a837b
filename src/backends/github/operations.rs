//! GitHub's fixed documents, checked against `schema/github.graphql` at build time: `viewer.graphql` and
//! `viewer_repositories.graphql` are sent as they are;
//! `lookups.graphql` is what [`super::document`] composes when everything is wanted, held equal by a test, so that each
//! snippet of the table is checked too. GitHub's enums are generated from it.

#![expect(missing_docs, reason = "generated from GitHub's names")]

use graphql_client::GraphQLQuery;

type DateTime = String;
#[expect(clippy::upper_case_acronyms, reason = "GitHub's name")]
type URI = String;
type GitObjectID = String;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema/github.graphql",
    query_path = "src/backends/github/operations/viewer.graphql",
    response_derives = "Debug"
)]
pub(super) struct Viewer;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema/github.graphql",
    query_path = "src/backends/github/operations/viewer_repositories.graphql",
    response_derives = "Debug"
)]
pub(super) struct ViewerRepositories;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema/github.graphql",
    query_path = "src/backends/github/operations/lookups.graphql",
    response_derives = "Debug, Clone, PartialEq, Eq",
    fragments_other_variant
)]
#[expect(dead_code, reason = "only its text is checked and its enums are used")]
pub(super) struct Lookups;
