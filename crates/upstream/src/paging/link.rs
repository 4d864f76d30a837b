//! The `Link` header (RFC 8288), as far as paging needs it: the target of `rel="next"`.

use super::Position;
use http::HeaderMap;
use http::header::LINK;
use url::Url;

/// Where the next page is, below the base. `None` where there is none, or where it would lead away from the base:
/// credentials go nowhere else.
pub fn next_link(headers: &HeaderMap, base: &Url) -> Option<Position> {
    let links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    let target = links
        .flat_map(targets)
        .find_map(|(target, rest)| is_next(rest).then_some(target))?;
    let url = base.join(target).ok()?;
    let below = url.path().strip_prefix(base.path().trim_end_matches('/'))?;
    if url.origin() != base.origin() || !below.starts_with('/') {
        return None;
    }
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(Position::Path(format!("{below}{query}")))
}

/// Each link's target and what stands behind it, up to the next one. A comma may be part of a target, so the angle
/// brackets are what separates.
fn targets(header: &str) -> impl Iterator<Item = (&str, &str)> {
    header.split('<').skip(1).filter_map(|link| link.split_once('>'))
}

fn is_next(parameters: &str) -> bool {
    parameters.split([';', ',']).any(|parameter| {
        let Some((name, value)) = parameter.split_once('=') else {
            return false;
        };
        let mut kinds = value.trim().trim_matches('"').split_ascii_whitespace();
        name.trim().eq_ignore_ascii_case("rel") && kinds.any(|kind| kind.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn next(link: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(LINK, HeaderValue::from_static(link));
        let base = Url::parse("https://api.example/v3").unwrap();
        next_link(&headers, &base).map(|position| position.to_string())
    }

    #[test]
    fn finds_the_next_page_below_the_base() {
        let both = r#"<https://api.example/v3/x?page=1>; rel="prev", <https://api.example/v3/x?page=3,4>; rel="next""#;
        assert_eq!(next(both).as_deref(), Some("l:/x?page=3,4"));
        assert_eq!(
            next("</v3/x?page=2>; title=t; rel=next").as_deref(),
            Some("l:/x?page=2")
        );
        assert_eq!(next(r#"<https://api.example/v3/x?page=9>; rel="last""#), None);
    }

    #[test]
    fn never_leads_away() {
        assert_eq!(next(r#"<https://evil.example/v3/x>; rel="next""#), None);
        assert_eq!(next(r#"<http://api.example/v3/x>; rel="next""#), None);
        assert_eq!(next(r#"<https://api.example/v30/x>; rel="next""#), None);
        assert_eq!(next(r#"<https://api.example/other>; rel="next""#), None);
    }
}
