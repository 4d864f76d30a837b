//! The unified schema: types, resolvers, and edges from one backend's objects to another's. No HTTP here.

pub mod clock;
pub mod datadog;
pub mod edges;
pub mod engine;
pub mod executable;
pub mod failure;
pub mod github;
pub mod paging;
pub mod prepare;
pub mod scalars;
pub mod slack;

use async_graphql::{EmptySubscription, Object, Schema, SchemaBuilder, ValidationMode};

/// The schema of everything.
pub type BraidSchema = Schema<Query, Mutation, EmptySubscription>;

/// The schema, to be finished by whoever serves it. It validates nothing: what the engine takes was proven (`prepare`).
pub fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query, Mutation::default(), EmptySubscription).validation_mode(ValidationMode::Fast)
}

/// The schema as text: what the code exports, and the directives that operation files may use.
pub fn sdl(schema: &BraidSchema) -> String {
    format!("{}\n{}", schema.sdl().trim_end(), toolgen::DIRECTIVES_SDL)
}

/// Everything that Braid can read. Each field is one backend's namespace; fields inside lead across to the others.
pub struct Query;

#[Object]
impl Query {
    /// Slack: channels, messages, people, search.
    async fn slack(&self) -> slack::SlackQuery {
        slack::SlackQuery
    }

    /// GitHub: repositories, issues, pull requests, search, any object by URL.
    #[graphql(name = "github")]
    async fn github(&self) -> github::GitHubQuery {
        github::GitHubQuery
    }

    /// Datadog: metrics and monitors.
    async fn datadog(&self) -> datadog::DatadogQuery {
        datadog::DatadogQuery
    }
}

/// Everything that Braid can change. Fields run one after the other. Writes are off unless the server was started with
/// `--allow-writes`.
#[derive(async_graphql::MergedObject)]
#[graphql(name = "Mutation")]
pub struct Mutation(slack::SlackMutation, datadog::DatadogMutation);

impl Default for Mutation {
    fn default() -> Self {
        Self(slack::SlackMutation, datadog::DatadogMutation)
    }
}
