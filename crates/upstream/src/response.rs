//! What comes back from a backend: a complete answer, and how it is read as JSON.

use super::Cause;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

/// A complete answer.
#[derive(Debug, Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body, decompressed, within the bound.
    pub body: Bytes,
}

impl Response {
    /// The body as JSON of this shape; otherwise [`Cause::Malformed`] with what came, never with parts of it: an
    /// answer can hold private messages, and causes end up in logs.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Cause> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let got = match error.classify() {
                Category::Data => format!("JSON of another shape at line {line}, column {column}"),
                _ if !self.looks_like_json() => self.appearance(),
                Category::Eof => format!("JSON that breaks off after {} bytes", self.body.len()),
                _ => format!("broken JSON at line {line}, column {column}"),
            };
            Cause::Malformed { expected: "JSON", got }
        })
    }

    /// Whether this can be JSON at all. Cheap: for classifiers, which see every answer and must notice a proxy's
    /// HTML page under status 200 without parsing each body twice.
    pub fn expect_json(&self) -> Result<(), Cause> {
        if self.looks_like_json() {
            return Ok(());
        }
        Err(Cause::Malformed {
            expected: "JSON",
            got: self.appearance(),
        })
    }

    /// A header's value, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What an answer looks like that does not say what it should, in a few words: `an HTML page`, `an empty answer`.
    pub fn appearance(&self) -> String {
        let label = self.media_type();
        match (self.first_byte(), label) {
            (None, _) => "an empty answer".to_owned(),
            // The first byte is a better witness than the label.
            (Some(b'<'), Some(kind)) if kind.contains("xml") && !kind.contains("html") => "an XML document".to_owned(),
            (Some(b'<'), _) => "an HTML page".to_owned(),
            _ if self.looks_like_json() => match serde_json::from_slice::<IgnoredAny>(&self.body) {
                Ok(_) => "JSON that does not say why".to_owned(),
                Err(_) => "broken JSON".to_owned(),
            },
            (_, None) => "text of an unnamed type".to_owned(),
            (_, Some(kind)) if kind.contains("json") => format!("no JSON, though labelled {kind}"),
            (_, Some(kind)) if kind == "text/plain" => "plain text".to_owned(),
            (_, Some(kind)) => kind,
        }
    }

    /// The same of a refusal or a fault that says nothing of itself, most likely because it comes from something in front
    /// of the vendor.
    pub fn unexplained(&self) -> String {
        let appearance = self.appearance();
        if self.first_byte().is_none() || self.looks_like_json() {
            appearance
        } else {
            format!("{appearance} instead of an answer")
        }
    }

    /// The first byte decides, not the label: GitHub and proxies send JSON as `text/plain` now and then, and a
    /// label is no proof of what follows.
    fn looks_like_json(&self) -> bool {
        matches!(
            self.first_byte(),
            Some(b'{' | b'[' | b'"' | b'0'..=b'9' | b'-' | b't' | b'f' | b'n')
        )
    }

    fn first_byte(&self) -> Option<u8> {
        self.body.iter().copied().find(|byte| !byte.is_ascii_whitespace())
    }

    fn media_type(&self) -> Option<String> {
        let value = self.headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        // It is shown to people: nothing but what a media type is made of, and no more of it than a line.
        let kind: String = kind
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '+' | '-'))
            .take(60)
            .collect();
        (!kind.is_empty()).then_some(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use serde_json::Value;

    fn answer(kind: &'static str, body: &'static str) -> Response {
        let mut headers = HeaderMap::new();
        if !kind.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        Response {
            status: StatusCode::OK,
            headers,
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    fn got(response: &Response) -> String {
        match response.json::<Value>() {
            Err(Cause::Malformed { got, .. }) => got,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn says_what_came_instead_of_json() {
        assert_eq!(got(&answer("text/html; charset=utf-8", "<html>")), "an HTML page");
        assert_eq!(got(&answer("application/json", "\n<html>")), "an HTML page");
        assert_eq!(got(&answer("application/xml", "<Error/>")), "an XML document");
        assert_eq!(got(&answer("text/plain", "upstream connect error")), "plain text");
        assert_eq!(
            got(&answer("application/json", "oops")),
            "no JSON, though labelled application/json"
        );
        assert_eq!(got(&answer("application/json", "")), "an empty answer");
        assert_eq!(got(&answer("", "oops")), "text of an unnamed type");
        assert_eq!(
            got(&answer("application/json", "{\"a\":[1,")),
            "JSON that breaks off after 8 bytes"
        );
        assert_eq!(
            got(&answer("application/json", "{\"a\":}")),
            "broken JSON at line 1, column 6"
        );
    }

    #[test]
    fn says_of_json_that_it_does_not_say_why() {
        assert_eq!(
            answer("application/json", "{\"a\":1}").appearance(),
            "JSON that does not say why"
        );
        assert_eq!(answer("application/json", "{\"a\":").appearance(), "broken JSON");
        assert_eq!(
            answer("text/html", "<p>").unexplained(),
            "an HTML page instead of an answer"
        );
        assert_eq!(answer("text/html", "").unexplained(), "an empty answer");
    }

    #[test]
    fn never_repeats_the_content() {
        let response = answer("application/json", "\"a private message\"");
        let cause = response.json::<u32>().expect_err("a string is no number");
        assert!(!cause.to_string().contains("private"), "{cause}");
    }

    #[test]
    fn takes_json_under_a_wrong_label() {
        assert!(answer("text/plain", " {\"ok\":true}").expect_json().is_ok());
        assert!(answer("", "[]").expect_json().is_ok());
        assert!(answer("text/html", "<p>").expect_json().is_err());
    }
}
