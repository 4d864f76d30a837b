//! The client: many look-ups in few requests.

use super::answer::{Verdict, read};
use super::document::compose;
use super::lookup::Ask;
use super::{BACKEND, freshness, operations};
use graphql_client::GraphQLQuery as _;
use http::Method;
use serde_json::{Value, json};
use std::collections::VecDeque;
use upstream::request::Freshness;
use upstream::{Body, Call, Cause, Failure, Request, Response, Stack};

/// The operation of a request for one thing.
pub const ONE: &str = "lookup";
/// The operation of a request for many things.
pub const MANY: &str = "lookups";
/// What the code of a refusal starts with that means: ask for fewer things at a time.
pub const TOO_HEAVY: &str = "too much at once, ";

/// How many things one request asks for, at most: so many that the nodes decide. (GitHub's limit of 100 is one of
/// `nodes(ids:)`, which is not used.)
const MOST_LOOKUPS: usize = 1000;
/// How many nodes one request asks for, at most, unless a single thing needs more. GitHub allows 500,000, but cuts a
/// query off after about ten seconds, and counts its points by the hundred nodes.
const MOST_NODES: usize = 20_000;

/// A client of GitHub.
#[derive(Clone)]
pub struct Client {
    pub(super) stack: Stack,
}

/// Whose credentials these are, and what they may still ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The login.
    pub login: String,
    /// Points left in this hour, and of how many.
    pub points: Option<(i64, i64)>,
    /// When the points are full again, in RFC 3339.
    pub reset_at: Option<String>,
    /// The token's scopes. Only classic tokens list them; fine-grained ones and apps do not say what they may do.
    pub scopes: Option<Vec<String>>,
}

impl Client {
    /// A client on this road.
    pub fn new(stack: Stack) -> Self {
        Self { stack }
    }

    /// Asks who we are.
    pub async fn viewer(&self, call: &Call) -> Result<Viewer, Failure> {
        let body = operations::Viewer::build_query(operations::viewer::Variables {});
        let body = json!({ "query": body.query, "operationName": body.operation_name });
        let request = Request::read("viewer", Method::POST, "").body(Body::Json(body));
        let response = self.stack.send(request, call).await?;
        let answer: graphql_client::Response<operations::viewer::ResponseData> = response
            .json()
            .map_err(|cause| Failure::new(BACKEND, "viewer", cause))?;
        let data = answer.data.ok_or_else(|| unreadable("viewer", "no data"))?;
        let scopes = response.header("x-oauth-scopes").map(|list| {
            let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
            names.map(str::to_owned).collect()
        });
        Ok(Viewer {
            scopes,
            login: data.viewer.login,
            points: data.rate_limit.as_ref().map(|limit| (limit.remaining, limit.limit)),
            reset_at: data.rate_limit.map(|limit| limit.reset_at),
        })
    }

    /// Looks these up, in as few requests as GitHub's limits allow; the verdicts are in the same order.
    pub async fn look_up(&self, asks: &[Ask], call: &Call) -> Vec<Verdict> {
        let batches = split(asks).into_iter().map(|batch| self.batch(batch, call));
        futures::future::join_all(batches).await.into_iter().flatten().collect()
    }

    /// Looks a batch up in one request. Where that is too much for GitHub it goes on with half as many at a time, one
    /// request after the other, so that a GitHub in trouble is asked few times more and not twice as often.
    async fn batch(&self, asks: &[Ask], call: &Call) -> Vec<Verdict> {
        let mut verdicts: Vec<Option<Verdict>> = asks.iter().map(|_| None).collect();
        let mut open: VecDeque<usize> = (0..asks.len()).collect();
        let mut size = asks.len();
        let mut alone_in_vain = 0;
        while !open.is_empty() {
            let piece: Vec<usize> = open.drain(..size.clamp(1, open.len())).collect();
            let asked: Vec<Ask> = piece.iter().filter_map(|index| asks.get(*index).cloned()).collect();
            match self.send(&asked, call).await {
                Err(failure) if piece.len() > 1 && is_too_heavy(&failure) => {
                    size = piece.len().div_ceil(2);
                    for index in piece.into_iter().rev() {
                        open.push_front(index);
                    }
                }
                Err(failure) => {
                    // One heavy thing among many may fail for itself; two in a row mean that GitHub is down.
                    alone_in_vain += 1;
                    let hopeless =
                        piece.len() > 1 || alone_in_vain > 1 || !matches!(failure.cause, Cause::Unavailable { .. });
                    let given_up = if hopeless {
                        std::mem::take(&mut open)
                    } else {
                        VecDeque::new()
                    };
                    for index in piece.into_iter().chain(given_up) {
                        settle(&mut verdicts, index, Err(failure.clone()));
                    }
                }
                Ok(answers) => {
                    alone_in_vain = 0;
                    let all_in_vain = answers.iter().all(Option::is_none);
                    for (index, answer) in piece.into_iter().zip(answers) {
                        match answer {
                            Some(verdict) => settle(&mut verdicts, index, verdict),
                            None if all_in_vain => settle(&mut verdicts, index, Err(unanswered())),
                            None => open.push_back(index),
                        }
                    }
                }
            }
        }
        verdicts
            .into_iter()
            .map(|verdict| verdict.unwrap_or_else(|| Err(unanswered())))
            .collect()
    }

    async fn send(&self, asks: &[Ask], call: &Call) -> Result<Vec<Option<Verdict>>, Failure> {
        let operation = if asks.len() > 1 { MANY } else { ONE };
        let document = compose(asks);
        let body = json!({ "query": document.text, "variables": document.variables });
        let Freshness { ttl, tags } = freshness::of(asks);
        let request = Request::read(operation, Method::POST, "")
            .body(Body::Json(body))
            .fresh_for(ttl, tags);
        let response = self.stack.send(request, call).await?;
        log_cost(&response, asks.len());
        read(&response, asks, operation)
    }
}

/// Batches within the limits, in order; one thing that breaks a limit by itself is a batch of its own.
fn split(asks: &[Ask]) -> Vec<&[Ask]> {
    let mut batches = Vec::new();
    let mut rest = asks;
    while !rest.is_empty() {
        let mut nodes = 0;
        let fits = |ask: &&Ask| {
            nodes += ask.nodes();
            nodes <= MOST_NODES
        };
        let length = rest.iter().take(MOST_LOOKUPS).take_while(fits).count().max(1);
        let (batch, later) = rest.split_at(length.min(rest.len()));
        batches.push(batch);
        rest = later;
    }
    batches
}

fn is_too_heavy(failure: &Failure) -> bool {
    matches!(&failure.cause, Cause::Rejected { code, .. } if code.starts_with(TOO_HEAVY))
}

fn settle(verdicts: &mut [Option<Verdict>], index: usize, verdict: Verdict) {
    if let Some(open) = verdicts.get_mut(index) {
        *open = Some(verdict);
    }
}

fn unanswered() -> Failure {
    unreadable(MANY, "no word on this look-up")
}

pub(super) fn unreadable(operation: &'static str, got: &str) -> Failure {
    let cause = Cause::Malformed {
        expected: "a GraphQL answer",
        got: got.to_owned(),
    };
    Failure::new(BACKEND, operation, cause)
}

/// What a request cost is known only afterwards.
fn log_cost(response: &Response, lookups: usize) {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    let answer: Value = response.json().unwrap_or_default();
    if let Some(limit) = answer.pointer("/data/rateLimit") {
        tracing::debug!(lookups, %limit, "asked GitHub");
    }
}

#[cfg(test)]
mod tests;
