//! The stand-in for Datadog's v1 API: credentials, buckets and routes. What a route answers stands in its own file.

mod buckets;
mod create;
mod expression;
mod metrics;
mod monitors;
mod search;
mod shapes;
mod state;

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    Credentials, Options,
    fault::{LimitForm, RetryAfter},
    front::StandIn,
    record,
    reply::{Call, Reply},
};
use buckets::{Bucket, Buckets};
use state::State;

/// The stand-in.
pub(super) struct Datadog {
    api_key: String,
    app_key: String,
    /// Permissions that the application key does not have.
    lacks: Vec<String>,
    buckets: Buckets,
    state: State,
}

/// Status and error texts, which v1 sends as plain strings.
struct Failure {
    status: u16,
    errors: Vec<String>,
}

type Answer = Result<Value, Failure>;

impl Failure {
    fn new(status: u16, error: impl Into<String>) -> Self {
        Self {
            status,
            errors: vec![error.into()],
        }
    }
}

/// What a path and a method mean.
enum Route {
    Validate,
    Query,
    Monitors,
    Monitor(String),
    SearchMonitors,
    CreateMonitor,
    ValidateMonitor,
    WrongMethod,
    Unknown,
}

impl Route {
    fn of(call: &Call) -> Self {
        let get = call.method == Method::GET;
        let post = call.method == Method::POST;
        match call.path.trim_end_matches('/') {
            "/api/v1/validate" if get => Self::Validate,
            "/api/v1/query" if get => Self::Query,
            "/api/v1/monitor" if get => Self::Monitors,
            "/api/v1/monitor" if post => Self::CreateMonitor,
            "/api/v1/monitor/search" if get => Self::SearchMonitors,
            "/api/v1/monitor/validate" if post => Self::ValidateMonitor,
            "/api/v1/validate" | "/api/v1/query" | "/api/v1/monitor" | "/api/v1/monitor/search" => Self::WrongMethod,
            path => match path.strip_prefix("/api/v1/monitor/") {
                Some(id) if get && !id.contains('/') => Self::Monitor(id.to_owned()),
                Some(_) => Self::WrongMethod,
                None => Self::Unknown,
            },
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Validate => "GET /api/v1/validate",
            Self::Query => "GET /api/v1/query",
            Self::Monitors => "GET /api/v1/monitor",
            Self::Monitor(_) => "GET /api/v1/monitor/{monitor_id}",
            Self::SearchMonitors => "GET /api/v1/monitor/search",
            Self::CreateMonitor => "POST /api/v1/monitor",
            Self::ValidateMonitor => "POST /api/v1/monitor/validate",
            Self::WrongMethod | Self::Unknown => "unknown",
        }
    }

    /// What the application key must be allowed ("Datadog: Role Permissions").
    fn permission(&self) -> Option<&'static str> {
        match self {
            Self::Query => Some("timeseries_query"),
            Self::Monitors | Self::Monitor(_) | Self::SearchMonitors => Some("monitors_read"),
            Self::CreateMonitor | Self::ValidateMonitor => Some("monitors_write"),
            Self::Validate | Self::WrongMethod | Self::Unknown => None,
        }
    }

    fn bucket(&self) -> Bucket {
        match self {
            Self::Query => Bucket::QUERY,
            Self::SearchMonitors => Bucket::MONITOR_SEARCH,
            _ => Bucket::OTHERS,
        }
    }
}

impl Datadog {
    pub(super) fn new(options: &Options, credentials: &Credentials) -> Self {
        Self {
            api_key: credentials.datadog_api_key.clone(),
            app_key: credentials.datadog_app_key.clone(),
            lacks: options.datadog_lacks.clone(),
            buckets: Buckets::default(),
            state: State::default(),
        }
    }

    fn run(&self, call: &Call, route: &Route) -> Answer {
        let api = call.header("dd-api-key").is_some_and(|key| key == self.api_key);
        let app = call.header("dd-application-key").is_some_and(|key| key == self.app_key);
        // Only this one is content with an API key.
        if !api || !(app || matches!(route, Route::Validate)) {
            return Err(Failure::new(403, "Forbidden"));
        }
        if let Some(permission) = route.permission()
            && self.lacks.iter().any(|lack| lack == permission)
        {
            return Err(Failure {
                status: 403,
                errors: vec![
                    "Forbidden".to_owned(),
                    "Failed permission authorization checks".to_owned(),
                ],
            });
        }
        match route {
            Route::Validate => Ok(json!({ "valid": true })),
            Route::Query => metrics::query(call),
            Route::Monitors => monitors::list(&self.state, call),
            Route::Monitor(id) => monitors::one(&self.state, call, id),
            Route::SearchMonitors => search::search(&self.state, call),
            Route::CreateMonitor => create::create(&self.state, call),
            Route::ValidateMonitor => create::validate(call).map(|_| json!({})),
            Route::WrongMethod => Err(Failure::new(405, "Method Not Allowed")),
            Route::Unknown => Err(Failure::new(404, "Not found")),
        }
    }
}

impl StandIn for Datadog {
    fn names(&self, call: &Call) -> Vec<String> {
        vec![Route::of(call).name().to_owned()]
    }

    fn credentials(&self, call: &Call) -> Vec<String> {
        let api = record::name_of(call.header("dd-api-key"), &[("datadog_api_key", &self.api_key)]);
        let app = record::name_of(call.header("dd-application-key"), &[("datadog_app_key", &self.app_key)]);
        let bearer = record::name_of(call.bearer(), &[]);
        [api, app, bearer].concat()
    }

    async fn answer(&self, call: &Call) -> Reply {
        let route = Route::of(call);
        let bucket = route.bucket();
        let taken = self.buckets.take(&bucket);
        if !taken.allowed {
            return taken.headers(&bucket, too_many(&bucket, taken.reset));
        }
        let reply = match self.run(call, &route) {
            Ok(answer) => Reply::json(200, &answer),
            Err(failure) => Reply::json(failure.status, &json!({ "errors": failure.errors })),
        };
        taken.headers(&bucket, reply)
    }

    /// Datadog says when to come back in `X-RateLimit-Reset`, in seconds from now, and usually in nothing else.
    fn too_many(&self, _: LimitForm, retry_after: Option<&RetryAfter>) -> Reply {
        let bucket = Bucket::QUERY;
        let seconds = match retry_after {
            Some(RetryAfter::Seconds(seconds) | RetryAfter::DateIn(seconds)) => Some(*seconds),
            _ => None,
        };
        let mut reply = too_many(&bucket, seconds.unwrap_or(30));
        if let Some(seconds) = seconds {
            reply = reply
                .with("x-ratelimit-limit", bucket.limit)
                .with("x-ratelimit-period", bucket.period)
                .with("x-ratelimit-remaining", 0)
                .with("x-ratelimit-reset", seconds)
                .with("x-ratelimit-name", bucket.name);
        }
        match retry_after {
            Some(after @ (RetryAfter::DateIn(_) | RetryAfter::Raw(_))) => reply.with("retry-after", after.header()),
            _ => reply,
        }
    }

    fn failure(&self, status: u16) -> Reply {
        let text = axum::http::StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason());
        Reply::json(status, &json!({ "errors": [text.unwrap_or("Unknown")] }))
    }
}

fn too_many(bucket: &Bucket, seconds: u64) -> Reply {
    let text = format!(
        "Rate limit of {} requests in {} seconds reached. Please try again in {seconds} seconds.",
        bucket.limit, bucket.period
    );
    Reply::json(429, &json!({ "errors": [text] }))
}
