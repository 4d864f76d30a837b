//! What token endpoints answer, brought into the form of RFC 6749 before the library reads it: GitHub refuses under
//! status 200 ("Authorizing OAuth apps"), Slack does so with `ok`, and has a user's token inside of `authed_user`
//! ("oauth.v2.access").

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

/// No token is known to be good for longer: who says so has the unit wrong, or sums that do not fit.
const LONGEST_LIFE: u64 = 366 * 24 * 60 * 60;

/// The longest code of an error that is shown.
const LONGEST_CODE: usize = 64;

/// The answer in the standard's form, where it can be read at all. With a name in `within`, the token is the one inside
/// of that object, if there is one.
pub(super) fn in_standard_form(answer: Response<Vec<u8>>, within: Option<&str>) -> Response<Vec<u8>> {
    let Ok(Value::Object(said)) = serde_json::from_slice(answer.body()) else {
        return answer;
    };
    let inner = within.and_then(|name| said.get(name)?.as_object());
    let token = inner.filter(|inner| has_token(inner)).unwrap_or(&said);
    let (status, body) = if has_token(token) && answer.status().is_success() {
        (StatusCode::OK, granted(token))
    } else {
        let code = said.get("error").and_then(Value::as_str).and_then(code);
        (StatusCode::BAD_REQUEST, json!({ "error": code.unwrap_or("refused") }))
    };
    let mut standard = Response::new(body.to_string().into_bytes());
    *standard.status_mut() = status;
    standard
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    standard
}

fn has_token(said: &Map<String, Value>) -> bool {
    said.get("access_token")
        .and_then(Value::as_str)
        .is_some_and(|token| !token.is_empty())
}

fn granted(said: &Map<String, Value>) -> Value {
    let refresh = said.get("refresh_token").filter(|refresh| refresh.is_string());
    json!({
        "access_token": said.get("access_token"),
        "token_type": "bearer",
        "refresh_token": refresh,
        "expires_in": said.get("expires_in").and_then(seconds),
    })
}

/// Some write the number as text. Zero is what GitHub says of tokens that do not end.
fn seconds(said: &Value) -> Option<u64> {
    let number = said.as_u64().or_else(|| said.as_str()?.parse().ok());
    number
        .filter(|seconds| *seconds > 0)
        .map(|seconds| seconds.min(LONGEST_LIFE))
}

/// A code as the standards write them. Anything else may repeat what was sent, secrets too.
fn code(said: &str) -> Option<&str> {
    let is_code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.');
    (said.len() <= LONGEST_CODE && !said.is_empty() && said.chars().all(is_code)).then_some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard(status: u16, body: &Value, within: Option<&str>) -> (u16, Value) {
        let mut answer = Response::new(body.to_string().into_bytes());
        *answer.status_mut() = StatusCode::from_u16(status).unwrap();
        let standard = in_standard_form(answer, within);
        (
            standard.status().as_u16(),
            serde_json::from_slice(standard.body()).unwrap(),
        )
    }

    #[test]
    fn a_users_token_stands_inside_of_slacks_answer() {
        let both = json!({ "ok": true, "access_token": "xoxb-1", "token_type": "bot", "expires_in": 43200,
            "authed_user": { "id": "U1", "access_token": "xoxp-1", "refresh_token": "xoxe-1", "expires_in": 43200 } });
        assert_eq!(standard(200, &both, None).1["access_token"], "xoxb-1");
        let (status, user) = standard(200, &both, Some("authed_user"));
        assert_eq!((status, &user["access_token"]), (200, &json!("xoxp-1")));
        assert_eq!(
            (&user["refresh_token"], &user["expires_in"]),
            (&json!("xoxe-1"), &json!(43200))
        );
        // A refreshed user's token stands outside.
        let refreshed = json!({ "ok": true, "access_token": "xoxp-2", "token_type": "user", "authed_user": {} });
        assert_eq!(
            standard(200, &refreshed, Some("authed_user")).1["access_token"],
            "xoxp-2"
        );
    }

    #[test]
    fn a_refusal_is_one_whatever_its_status() {
        for (status, body) in [
            (200, json!({ "ok": false, "error": "invalid_code" })),
            (
                200,
                json!({ "error": "invalid_code", "error_description": "The code passed is incorrect." }),
            ),
            (401, json!({ "error": "invalid_code" })),
        ] {
            assert_eq!(standard(status, &body, None), (400, json!({ "error": "invalid_code" })));
        }
        let repeats = json!({ "error": "no such token: R1.Secret" });
        assert_eq!(standard(400, &repeats, None), (400, json!({ "error": "refused" })));
    }

    #[test]
    fn a_span_may_be_text_and_none_is_for_ever() {
        let text = json!({ "access_token": "t", "expires_in": "28800" });
        assert_eq!(standard(200, &text, None).1["expires_in"], 28800);
        let never = json!({ "access_token": "t", "expires_in": 0 });
        assert_eq!(standard(201, &never, None).1["expires_in"], Value::Null);
        for absurd in [json!(u64::MAX), json!("9223372036854775807"), json!(31_622_401)] {
            let answer = json!({ "access_token": "t", "expires_in": absurd });
            assert_eq!(standard(200, &answer, None).1["expires_in"], 31_622_400, "{absurd}");
        }
    }
}
