//! What the two transports are given, and the line that says at the start what is on.

use super::{App, operations};
use crate::backends::slack;
use crate::graph;
use crate::graph::prepare::Preparer;
use crate::mcp::Handler;
use crate::serve::{figures, graphiql, graphql, http, stdio};
use crate::tools::Writes;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;
use toolgen::{Budget, Compiler, Diagnostic};

/// How large a request's body may be: far more than any call's arguments.
const BODY_LIMIT: usize = 1024 * 1024;

/// The same for `/graphql`.
const GRAPHQL_BODY_LIMIT: usize = 256 * 1024;

/// What a request to `/graphql` may cost at most: what the most expensive tool in the binary may, with some room.
const MOST_REQUESTS: u64 = 2_500;
const MOST_TOKENS: u64 = 4_000_000;

/// How many sessions of the older era are kept: each holds some tens of kilobytes, and anybody may open one.
const SESSIONS: NonZeroUsize = NonZeroUsize::new(1_000).unwrap();

/// How much longer than a call the end of the program waits for the calls in flight.
const GRACE: Duration = Duration::from_secs(2);

impl App {
    /// What serving on standard input and output needs.
    pub fn stdio(&self) -> stdio::Params {
        stdio::Params {
            handler: Handler::new(Arc::clone(&self.tools)),
            patience: self.config.deadline + GRACE,
        }
    }

    /// What serving over HTTP needs.
    pub fn http(&self) -> http::Params {
        let graphql = graphql::Params {
            engine: Arc::clone(&self.engine),
            writes: match self.writes {
                Writes::All => graphql::Writes::Allowed,
                Writes::None | Writes::Only(_) => graphql::Writes::Refused,
            },
            preparer: Arc::new(Preparer::new(compiler, budget())),
            body_limit: GRAPHQL_BODY_LIMIT,
        };
        let (tools, off, faults) = (Arc::clone(&self.tools), self.off.clone(), Arc::clone(&self.faults));
        let ready = move || json!({ "tools": tools.catalog().listed().count(), "off": off, "faults": **faults.load() });
        http::Params {
            handler: Handler::new(Arc::clone(&self.tools)),
            routes: graphql::routes(graphql)
                .merge(graphiql::routes(Arc::clone(&self.tools)))
                .merge(figures::routes(self.metrics.clone())),
            token: self.config.http.token.clone(),
            hosts: self.config.http.allowed_hosts.clone(),
            origins: self.config.http.allowed_origins.clone(),
            body_limit: BODY_LIMIT,
            connections: http::Bounds::default(),
            sessions: SESSIONS,
            patience: self.config.deadline + GRACE,
            details: Arc::new(ready),
        }
    }

    /// Says on standard error where the tools are, how many, and what is off and why. Clients show it in their log. What is
    /// wrong with files in folders follows.
    pub fn announce(&self, place: &str) {
        let mut line = format!(
            "braid {} on {place}: {} tools",
            env!("CARGO_PKG_VERSION"),
            self.tools.catalog().listed().count()
        );
        for (backend, variables) in &self.off {
            let _infallible = write!(line, "; {backend} is off, set {}", variables.join(" and "));
        }
        if self.clients.slack.client().is_ok_and(|client| !client.can_search()) {
            let _infallible = write!(line, "; slack cannot search, set {}", slack::USER_TOKEN);
        }
        say(&line);
        for fault in self.faults.load().iter() {
            say(&fault.render());
        }
    }
}

fn budget() -> Budget {
    Budget {
        requests: Some(MOST_REQUESTS),
        result_tokens: Some(MOST_TOKENS),
        units: BTreeMap::new(),
    }
}

/// What checks documents against the schema that this binary serves.
fn compiler() -> Result<Compiler, Vec<Diagnostic>> {
    operations::compiler(&graph::builder().finish())
}

/// Says something on standard error to whoever runs the server.
pub(super) fn say(text: &str) {
    let _nobody_listens = writeln!(std::io::stderr(), "{text}");
}
