//! The repositories of whoever the credentials belong to: names to choose from, not objects to read.

use super::client::{Client, unreadable};
use super::{BACKEND, operations};
use graphql_client::GraphQLQuery as _;
use http::Method;
use serde_json::json;
use std::time::Duration;
use upstream::{Body, Call, Failure, Request};

const OPERATION: &str = "viewer repositories";

/// Which repositories somebody works in changes slowly, and nothing is decided by it.
const FRESH: Duration = Duration::from_secs(600);

impl Client {
    /// The hundred that were pushed to last, as `owner/name`: their own, and those of their organisations.
    pub async fn repositories(&self, call: &Call) -> Result<Vec<String>, Failure> {
        let body = operations::ViewerRepositories::build_query(operations::viewer_repositories::Variables {});
        let body = json!({ "query": body.query, "operationName": body.operation_name });
        let request = Request::read(OPERATION, Method::POST, "")
            .body(Body::Json(body))
            .fresh_for(FRESH, vec!["github:repositories".to_owned()]);
        let response = self.stack.send(request, call).await?;
        let answer: graphql_client::Response<operations::viewer_repositories::ResponseData> = response
            .json()
            .map_err(|cause| Failure::new(BACKEND, OPERATION, cause))?;
        let data = answer.data.ok_or_else(|| unreadable(OPERATION, "no data"))?;
        let nodes = data.viewer.repositories.nodes.unwrap_or_default();
        Ok(nodes.into_iter().flatten().map(|node| node.name_with_owner).collect())
    }
}
