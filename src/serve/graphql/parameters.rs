//! What a client asks: query, variables, operation name and extensions, from a JSON body or a URL [GraphQL over HTTP:
//! Request parameters].

use super::refusal::Refusal;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

/// A request's parameters. `extensions` are read, as a client may send them, and mean nothing here.
#[derive(Debug, PartialEq)]
pub(super) struct Parameters {
    /// The document, as it was sent.
    pub query: String,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// The variables' values.
    pub variables: Map<String, Value>,
}

impl Parameters {
    /// From a body, which has to say that it is JSON.
    pub(super) fn from_body(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        check_content_type(headers)?;
        let body: Value = serde_json::from_slice(body).map_err(|error| unread("the body", &error))?;
        match body {
            Value::Object(parameters) => Self::from_map(parameters),
            Value::Array(_) => Err(bad("batches are not taken: send one request for each operation")),
            _ => Err(bad("the body has to be a JSON object with `query`")),
        }
    }

    /// From a URL's query. `variables` and `extensions` are JSON in it.
    pub(super) fn from_url(query: &str) -> Result<Self, Refusal> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
            .map_err(|error| bad(format!("the URL's query cannot be read: {error}")))?;
        let mut parameters = Map::new();
        for (name, value) in pairs {
            let value = match name.as_str() {
                "variables" | "extensions" if value.is_empty() => Value::Null,
                "variables" | "extensions" => {
                    serde_json::from_str(&value).map_err(|error| unread(&format!("`{name}`"), &error))?
                }
                _ => Value::String(value),
            };
            parameters.insert(name, value);
        }
        Self::from_map(parameters)
    }

    fn from_map(mut parameters: Map<String, Value>) -> Result<Self, Refusal> {
        let query = match parameters.remove("query") {
            Some(Value::String(query)) => query,
            None | Some(Value::Null) => return Err(bad("`query` is missing: a string with a GraphQL document")),
            Some(_) => return Err(bad("`query` has to be a string")),
        };
        let operation_name = match parameters.remove("operationName") {
            // GraphiQL and others send an empty name for a document with one operation.
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
            Some(_) => return Err(bad("`operationName` has to be a string or null")),
        };
        let variables = object(&mut parameters, "variables")?;
        object(&mut parameters, "extensions")?;
        Ok(Self {
            query,
            operation_name,
            variables,
        })
    }
}

fn object(parameters: &mut Map<String, Value>, name: &str) -> Result<Map<String, Value>, Refusal> {
    match parameters.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(bad(format!("`{name}` has to be an object or null"))),
    }
}

/// Only JSON is taken: unlike a form or plain text, a web page of another origin cannot send it without being asked about.
fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut parts = given.split(';').map(str::trim);
    let is_json = parts
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let is_utf8 = parts.filter_map(|part| part.split_once('=')).all(|(key, value)| {
        !key.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
    });
    if is_json && is_utf8 {
        return Ok(());
    }
    Err(Refusal {
        status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
        code: "UNSUPPORTED_MEDIA_TYPE",
        message: "send a JSON object with `content-type: application/json` (UTF-8)".to_owned(),
    })
}

/// `serde_json` reads 127 levels, whatever is nested in it.
fn unread(what: &str, error: &serde_json::Error) -> Refusal {
    let reason = error.to_string();
    if reason.starts_with("recursion limit exceeded") {
        return bad(format!("{what} is nested deeper than 127 levels"));
    }
    bad(format!("{what} is no JSON: {reason}"))
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal {
        status: StatusCode::BAD_REQUEST,
        code: "BAD_REQUEST",
        message: message.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn from_body(body: &Value) -> Result<Parameters, String> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "application/json".parse().unwrap());
        Parameters::from_body(&headers, body.to_string().as_bytes()).map_err(|refusal| refusal.message)
    }

    #[test]
    fn parameters_come_in_a_body_or_in_a_url() {
        let expected = Parameters {
            query: "{ a }".to_owned(),
            operation_name: Some("Q".to_owned()),
            variables: Map::from_iter([("id".to_owned(), json!(40))]),
        };
        let body =
            json!({"query": "{ a }", "operationName": "Q", "variables": {"id": 40}, "extensions": {}, "other": 1});
        assert_eq!(from_body(&body).as_ref(), Ok(&expected));
        let url = "query=%7B+a+%7D&operationName=Q&variables=%7B%22id%22%3A40%7D&extensions=";
        assert_eq!(Parameters::from_url(url).unwrap(), expected);
    }

    #[test]
    fn what_is_null_or_empty_was_not_given() {
        let body = json!({"query": "{ a }", "operationName": "", "variables": null, "extensions": null});
        let parameters = from_body(&body).unwrap();
        assert_eq!((parameters.operation_name, parameters.variables), (None, Map::new()));
    }

    #[test]
    fn each_mistake_is_named() {
        let cases = [
            (json!({}), "`query` is missing"),
            (json!({"query": ["{ a }"]}), "`query` has to be"),
            (
                json!({"query": "{ a }", "operationName": 1}),
                "`operationName` has to be",
            ),
            (json!({"query": "{ a }", "variables": "{}"}), "`variables` has to be"),
            (json!({"query": "{ a }", "extensions": []}), "`extensions` has to be"),
            (json!([{"query": "{ a }"}]), "batches"),
            (json!("{ a }"), "JSON object"),
        ];
        for (body, expected) in cases {
            let message = from_body(&body).unwrap_err();
            assert!(message.contains(expected), "{body}: {message}");
        }
        let message = Parameters::from_url("query=a&variables=%7B").unwrap_err().message;
        assert!(message.contains("`variables` is no JSON"), "{message}");
    }

    #[test]
    fn variables_are_read_to_a_depth() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let url = |levels| format!("query=a&variables=%7B%22v%22%3A{}%7D", nested(levels));
        assert!(Parameters::from_url(&url(126)).is_ok());
        for levels in [127, 100_000] {
            let message = Parameters::from_url(&url(levels)).unwrap_err().message;
            assert_eq!(message, "`variables` is nested deeper than 127 levels");
        }
    }

    #[test]
    fn only_json_in_utf_8_is_taken() {
        for (kind, taken) in [
            ("application/json", true),
            ("Application/JSON; charset=\"UTF-8\"", true),
            ("application/json; charset=utf-16", false),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, kind.parse().unwrap())]);
            assert_eq!(check_content_type(&headers).is_ok(), taken, "{kind}");
        }
        assert!(check_content_type(&HeaderMap::new()).is_err());
    }
}
