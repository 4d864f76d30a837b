//! A stand-in for GitHub in tests: an HTTP server on loopback that answers look-ups by what a test says of each.

use super::{BACKEND, Classifier, Client};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex};
use upstream::auth::Bearer;
use upstream::{Params, Stack};

/// What the stand-in answers.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// A request as the stand-in saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) query: String,
    pub(crate) variables: Map<String, Value>,
}

/// The stand-in.
pub(crate) struct Peer {
    pub(crate) client: Client,
    seen: Arc<Mutex<Vec<Seen>>>,
    server: tokio::task::JoinHandle<()>,
}

type Script = Arc<dyn Fn(&Seen) -> Reply + Send + Sync>;

impl Reply {
    pub(crate) fn json(body: &Value) -> Self {
        Self::status(200, body.to_string())
    }

    pub(crate) fn status(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl Seen {
    /// For each look-up, in the order of the aliases: the URL, `owner/name`, `owner/name#number` or the search.
    pub(crate) fn lookups(&self) -> Vec<String> {
        let text = |name: String| {
            self.variables
                .get(&name)
                .map(|value| value.as_str().map_or(value.to_string(), str::to_owned))
        };
        let lookup = |index: usize| {
            let repository = || {
                Some(format!(
                    "{}/{}",
                    text(format!("owner{index}"))?,
                    text(format!("name{index}"))?
                ))
            };
            let number = text(format!("number{index}"))
                .map(|number| format!("#{number}"))
                .unwrap_or_default();
            text(format!("url{index}"))
                .or_else(|| text(format!("query{index}")))
                .or_else(|| Some(repository()? + &number))
        };
        (0..).map_while(lookup).collect()
    }
}

impl Peer {
    /// A stand-in that answers whole requests.
    pub(crate) async fn start(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let state: (Script, Arc<Mutex<Vec<Seen>>>) = (Arc::new(script), Arc::clone(&seen));
        let router = Router::new().fallback(answer).with_state(state);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/graphql", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let params = Params::new(
            BACKEND,
            base,
            vec![Box::new(Bearer::new("a-token"))],
            Box::new(Classifier),
        );
        let client = Client::new(Stack::new(params).unwrap());
        Self { client, seen, server }
    }

    /// A stand-in that answers each look-up by itself. `object` is given what [`Seen::lookups`] names, and gives the
    /// object that was looked up, or the errors, whose paths begin below the look-up.
    pub(crate) async fn of_objects(object: impl Fn(&str) -> Value + Send + Sync + 'static) -> Self {
        Self::start(move |seen| Reply::json(&objects(seen, &object))).await
    }

    /// What it saw so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(
    State((script, log)): State<(Script, Arc<Mutex<Vec<Seen>>>)>,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, HeaderMap, String) {
    assert_eq!(headers["authorization"], "Bearer a-token");
    let body: Value = serde_json::from_str(&body).unwrap();
    let seen = Seen {
        query: body["query"].as_str().unwrap().to_owned(),
        variables: body["variables"].as_object().cloned().unwrap_or_default(),
    };
    log.lock().unwrap().push(seen.clone());
    let reply = script(&seen);
    let mut headers = HeaderMap::new();
    headers.insert(
        "content-type",
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    for (name, value) in reply.headers {
        headers.insert(HeaderName::from_static(name), value.parse().unwrap());
    }
    (StatusCode::from_u16(reply.status).unwrap(), headers, reply.body)
}

fn objects(seen: &Seen, object: &dyn Fn(&str) -> Value) -> Value {
    let (mut data, mut errors) = (Map::new(), Vec::new());
    for (index, what) in seen.lookups().iter().enumerate() {
        let alias = format!("l{index}");
        let mut value = object(what);
        let below = if !what.contains('#') || what.starts_with("https:") {
            None
        } else if seen.query.contains(&format!("{alias}: repository")) && seen.query.contains("issue(number") {
            Some("issue")
        } else {
            Some("pullRequest")
        };
        let path: Vec<&str> = [alias.as_str()].into_iter().chain(below).collect();
        let own = value.get_mut("errors").map(Value::take);
        for mut error in own.and_then(|own| own.as_array().cloned()).unwrap_or_default() {
            let rest = error["path"].as_array().cloned().unwrap_or_default();
            error["path"] = path.iter().map(|key| json!(key)).chain(rest).collect();
            errors.push(error);
        }
        let value = match value.get("object") {
            Some(object) => object.clone(),
            None if value.get("errors").is_some() => Value::Null,
            None => value,
        };
        data.insert(alias, below.map_or(value.clone(), |below| json!({ below: value })));
    }
    if errors.is_empty() {
        json!({ "data": data })
    } else {
        json!({ "data": data, "errors": errors })
    }
}
