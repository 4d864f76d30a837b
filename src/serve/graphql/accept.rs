//! Which of the two media types an answer has ("GraphQL over HTTP: Accept, media types").

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/graphql-response+json`: the status tells whether the request was a good one.
    GraphQl,
    /// `application/json`: a request that could be read is answered with 200, whatever came of it.
    Json,
}

impl MediaType {
    /// As a `Content-Type`.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// What the client would rather have; `None` where it takes neither. Who takes anything gets plain JSON, as clients
    /// that do not know the other type expect it.
    pub(super) fn wanted(headers: &HeaderMap) -> Option<Self> {
        let mut ranges = headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter(|range| !range.trim().is_empty())
            .map(Range::parse)
            .peekable();
        if ranges.peek().is_none() {
            return Some(Self::Json);
        }
        let ranges: Vec<_> = ranges.collect();
        let json = quality(&ranges, "application/json");
        let graphql = quality(&ranges, "application/graphql-response+json");
        match (json, graphql) {
            (None, None) => None,
            // A wildcard is no wish for a type that the client may not know: it has to be named.
            (Some(_), Some(graphql)) if !graphql.named => Some(Self::Json),
            (Some(json), Some(graphql)) if json.named && json.weight > graphql.weight => Some(Self::Json),
            (Some(_), None) => Some(Self::Json),
            (_, Some(_)) => Some(Self::GraphQl),
        }
    }
}

/// One of the things that a client accepts, and how much it wants it.
struct Range<'a> {
    name: &'a str,
    weight: f32,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts
            .filter_map(|part| part.split_once('='))
            .find(|(key, _)| key.trim().eq_ignore_ascii_case("q"))
            .and_then(|(_, weight)| weight.trim().parse().ok());
        Self {
            name,
            weight: weight.unwrap_or(1.0),
        }
    }
}

/// How much a type is wanted.
#[derive(Clone, Copy)]
struct Quality {
    weight: f32,
    /// By its own name and not by a wildcard.
    named: bool,
}

/// The most specific range that covers a type decides; a weight of 0 refuses it.
fn quality(ranges: &[Range<'_>], name: &str) -> Option<Quality> {
    let find = |wanted: &str| ranges.iter().find(|range| range.name.eq_ignore_ascii_case(wanted));
    let named = find(name);
    let range = named.or_else(|| find("application/*")).or_else(|| find("*/*"))?;
    (range.weight > 0.0).then_some(Quality {
        weight: range.weight,
        named: named.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_chooses() {
        let graphql = Some(MediaType::GraphQl);
        let json = Some(MediaType::Json);
        let cases = [
            ("", json),
            ("*/*", json),
            ("application/*", json),
            ("application/json", json),
            ("application/graphql-response+json", graphql),
            ("Application/GraphQL-Response+JSON; charset=utf-8", graphql),
            ("application/graphql-response+json, application/json;q=0.9", graphql),
            ("application/json, application/graphql-response+json", graphql),
            ("application/json, application/graphql-response+json;q=0.5", json),
            ("application/graphql-response+json, */*", graphql),
            ("application/graphql-response+json;q=0, */*", json),
            ("text/html,application/xhtml+xml,*/*;q=0.8", json),
            ("application/json, multipart/mixed", json),
            ("text/html", None),
            ("application/json;q=0", None),
        ];
        for (accept, expected) in cases {
            let mut headers = HeaderMap::new();
            if !accept.is_empty() {
                headers.insert(ACCEPT, accept.parse().unwrap());
            }
            assert_eq!(MediaType::wanted(&headers), expected, "{accept}");
        }
    }
}
