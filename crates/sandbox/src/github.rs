//! The stand-in for GitHub: GraphQL by a real engine over the story, and the little of REST that goes with it.

mod cost;
mod errors;
mod quota;
mod rest;
mod schema;
mod token;

use async_graphql::{Request, Variables, parser::parse_query};
use axum::http::Method;
use serde_json::{Value, json};

use super::{
    Credentials, Options,
    fault::{LimitForm, RetryAfter},
    front::StandIn,
    record,
    reply::{Call, Reply},
    world::spread,
};
use quota::Quota;
use schema::GitHubSchema;
use token::Grant;

#[cfg(test)]
pub(super) use schema::sdl;

/// The stand-in.
pub(super) struct GitHub {
    token: String,
    grant: Grant,
    schema: GitHubSchema,
    quota: Quota,
}

impl GitHub {
    pub(super) fn new(options: &Options, credentials: &Credentials) -> Self {
        Self {
            token: credentials.github_token.clone(),
            grant: Grant::new(options),
            schema: schema::schema(),
            quota: Quota::new(options.github_points),
        }
    }

    /// What stands before every endpoint: a name of the caller's, and a token.
    fn refused(&self, call: &Call) -> Option<Reply> {
        if call.header("user-agent").is_none_or(str::is_empty) {
            let text =
                "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.\n";
            return Some(Reply::new(403, "text/html", text));
        }
        match call.bearer() {
            Some(token) if token == self.token => None,
            Some(_) => Some(message(401, "Bad credentials")),
            None if call.path == "/graphql" => Some(message(401, "This endpoint requires you to be authenticated.")),
            None => Some(message(401, "Requires authentication")),
        }
    }

    async fn graphql(&self, call: &Call) -> Reply {
        if call.method != Method::POST {
            return message(404, "Not Found");
        }
        let fields = match serde_json::from_slice(&call.body) {
            Ok(Value::Object(fields)) => fields,
            Ok(_) => return message(400, "Body should be a JSON object"),
            Err(_) => return message(400, "Problems parsing JSON"),
        };
        let Some(Value::String(query)) = fields.get("query") else {
            return errors::lone(None, "A query attribute must be specified and must be a string.");
        };
        let variables = fields.get("variables").cloned().unwrap_or_default();
        let operation = fields.get("operationName").and_then(Value::as_str);
        // What does not parse has no cost; the engine says what is wrong with it.
        let cost = parse_query(query)
            .map(|document| cost::of(&document, operation, &variables))
            .unwrap_or_default();
        if cost.nodes > cost::MAX_NODES {
            return errors::lone(Some("MAX_NODE_LIMIT_EXCEEDED"), &cost.refusal());
        }
        if !self.quota.take(cost.points()) {
            return self.quota.headers(errors::lone(
                Some("RATE_LIMIT"),
                "API rate limit already exceeded for user ID 583231.",
            ));
        }
        let mut request = Request::new(query)
            .variables(Variables::from_json(variables))
            .data(cost)
            .data(self.grant.clone())
            .data(self.quota.clone());
        if let Some(name) = operation {
            request = request.operation_name(name);
        }
        self.quota.headers(errors::reply(self.schema.execute(request).await))
    }
}

impl StandIn for GitHub {
    /// The operation's name, then its root fields by response key and by name.
    fn names(&self, call: &Call) -> Vec<String> {
        if call.path != "/graphql" {
            return vec![rest::route(call)];
        }
        let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        let operation = body.get("operationName").and_then(Value::as_str);
        let query = body.get("query").and_then(Value::as_str).unwrap_or_default();
        let mut names = parse_query(query)
            .map(|document| cost::names(&document, operation))
            .unwrap_or_default();
        names.push("graphql".to_owned());
        names
    }

    fn credentials(&self, call: &Call) -> Vec<String> {
        record::name_of(call.bearer(), &[("github_token", &self.token)])
    }

    async fn answer(&self, call: &Call) -> Reply {
        let reply = match self.refused(call) {
            Some(refusal) => refusal,
            None if call.path == "/graphql" => self.graphql(call).await,
            None => self.quota.headers(rest::answer(call, &self.quota)),
        };
        self.grant
            .headers(reply)
            .with("x-github-request-id", request_id(call))
            .with("x-github-media-type", "github.v4; format=json")
    }

    fn too_many(&self, form: LimitForm, retry_after: Option<&RetryAfter>) -> Reply {
        let seconds = match retry_after {
            Some(RetryAfter::Seconds(seconds) | RetryAfter::DateIn(seconds)) => Some(*seconds),
            _ => None,
        };
        let secondary = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
        let reply = match form {
            // The hourly quota says when to come back in its own headers only.
            LimitForm::Primary => {
                let reply = errors::lone(
                    Some("RATE_LIMIT"),
                    "API rate limit already exceeded for user ID 583231.",
                );
                return self.quota.spent_headers(reply, seconds);
            }
            LimitForm::Secondary => message(403, secondary),
            LimitForm::SecondaryTooMany => message(429, secondary),
        };
        match retry_after {
            Some(after) => self.quota.headers(reply).with("retry-after", after.header()),
            None => self.quota.headers(reply),
        }
    }

    fn failure(&self, status: u16) -> Reply {
        match status {
            401 => message(401, "Bad credentials"),
            502 | 504 => {
                let text = "We couldn't respond to your request in time. Sorry about that.";
                Reply::json(status, &json!({ "data": null, "errors": [{ "message": text }] }))
            }
            _ => message(status, "Something went wrong"),
        }
    }
}

fn message(status: u16, text: &str) -> Reply {
    let page = "https://docs.github.com/graphql";
    Reply::json(
        status,
        &json!({ "message": text, "documentation_url": page, "status": status.to_string() }),
    )
}

fn request_id(call: &Call) -> String {
    let number = spread(&format!("{:?}", call.body));
    format!(
        "{:04X}:{:06X}:{:07X}",
        number & 0xffff,
        number >> 40,
        (number >> 16) & 0xfff_ffff
    )
}
