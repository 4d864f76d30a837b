//! The part of GitHub's REST API that goes with GraphQL: who am I, and what is left of the quota.

use axum::http::Method;
use serde_json::json;

use super::{
    super::reply::{Call, Reply},
    message,
    quota::{Hour, Quota},
};

pub(super) fn route(call: &Call) -> String {
    format!("{} {}", call.method, call.path)
}

pub(super) fn answer(call: &Call, quota: &Quota) -> Reply {
    match (&call.method, call.path.as_str()) {
        (&Method::GET, "/user") => Reply::json(
            200,
            &json!({
                "login": "mona",
                "id": 583_231,
                "node_id": "U_kgDOAAjmPw",
                "html_url": "https://github.com/mona",
                "type": "User",
                "site_admin": false,
                "name": "Mona Castle",
                "email": null,
            }),
        ),
        (&Method::GET, "/rate_limit") => {
            let Hour { used, reset } = quota.hour();
            let graphql = json!({ "limit": quota.limit, "used": used, "remaining": quota.remaining(), "reset": reset });
            let core = json!({ "limit": 5_000, "used": 0, "remaining": 5_000, "reset": reset });
            Reply::json(
                200,
                &json!({ "resources": { "core": core, "graphql": graphql }, "rate": core }),
            )
        }
        _ => message(404, "Not Found"),
    }
}
