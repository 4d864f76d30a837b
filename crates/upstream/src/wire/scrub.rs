//! Takes out of an answer what went out as proof: proxies are known that show a request's headers on their error pages,
//! and a vendor's words reach the agent.

use crate::Response;
use http::HeaderMap;

/// What stands in the place of a secret.
const REDACTED: &str = "[redacted]";

/// Shorter ones are no secrets, and would be found in the midst of words.
const SHORTEST: usize = 8;

/// The answer without the values of the headers that are marked sensitive. A body that is not text is left as it is:
/// nothing of it is ever shown.
pub(super) fn without_secrets(mut response: Response, sent: &HeaderMap) -> Response {
    let secrets = sent
        .values()
        .filter(|value| value.is_sensitive())
        .filter_map(|value| value.to_str().ok());
    for secret in secrets.map(bare).filter(|secret| secret.len() >= SHORTEST) {
        let cleaned = match std::str::from_utf8(&response.body) {
            Ok(text) if text.contains(secret) => text.replace(secret, REDACTED),
            _ => continue,
        };
        response.body = cleaned.into();
    }
    response
}

/// `Bearer …` without its scheme.
fn bare(value: &str) -> &str {
    value.rsplit(' ').next().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::without_secrets;
    use crate::Response;
    use http::{HeaderMap, HeaderValue, StatusCode};

    fn answered(body: &str) -> String {
        let mut token = HeaderValue::from_static("Bearer xoxb-0123456789");
        token.set_sensitive(true);
        let mut sent = HeaderMap::new();
        sent.insert("authorization", token);
        sent.insert("accept", HeaderValue::from_static("application/json"));
        let response = Response {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: body.to_owned().into(),
        };
        String::from_utf8(without_secrets(response, &sent).body.to_vec()).unwrap()
    }

    #[test]
    fn what_was_sent_as_proof_does_not_come_back() {
        assert_eq!(
            answered("bad token xoxb-0123456789, xoxb-0123456789"),
            "bad token [redacted], [redacted]"
        );
    }

    #[test]
    fn everything_else_does() {
        let body = "{\"accept\": \"application/json\", \"token\": \"xoxb-987\"}";
        assert_eq!(answered(body), body);
    }
}
