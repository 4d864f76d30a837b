//! What a vendor's headers tell about its limits. Pure reading, no policy; nonsense is no answer, never a wait.

use super::{Request, Response};
use http::HeaderMap;
use std::time::{Duration, SystemTime};

/// Nobody waits longer than this without another look: the vendors' longest windows are an hour.
pub const LONGEST: Duration = Duration::from_secs(60 * 60);

/// What tells of a longer wait than this is not about a limit, but a typo or another unit.
const PLAUSIBLE: Duration = Duration::from_secs(24 * 60 * 60);

/// What is left of one limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// The vendor's name of the limit, where it told one.
    pub bucket: Option<String>,
    /// How many requests (or points) a window has.
    pub limit: Option<u64>,
    /// How many are left.
    pub remaining: u64,
    /// In how long the window begins anew; at most [`LONGEST`].
    pub reset: Duration,
}

/// A backend's reading of its quota headers.
pub trait ReadQuota: Send + Sync + 'static {
    /// What this answer tells, good or bad; `None` where it tells nothing that can be understood.
    fn read(&self, request: &Request, response: &Response) -> Option<Quota>;

    /// Under which limit a request falls, before any answer has told its name.
    fn bucket(&self, request: &Request) -> String {
        request.operation.to_owned()
    }
}

/// What the reset header counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    /// Seconds since 1970, as GitHub does.
    Epoch,
    /// Seconds from now, as Datadog does.
    FromNow,
}

/// Quota told by a fixed set of headers: a declaration that is enough for most vendors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaHeaders {
    /// The header with the size of the window.
    pub limit: &'static str,
    /// The header with what is left.
    pub remaining: &'static str,
    /// The header with the time of renewal.
    pub reset: &'static str,
    /// What that counts.
    pub reset_counts: Reset,
    /// The header with the limit's name, where the vendor has one.
    pub bucket: Option<&'static str>,
}

impl ReadQuota for QuotaHeaders {
    fn read(&self, _request: &Request, response: &Response) -> Option<Quota> {
        let number = |name: &str| response.header(name)?.trim().parse::<u64>().ok();
        let reset = number(self.reset)?;
        let reset = match self.reset_counts {
            Reset::FromNow => Duration::from_secs(reset),
            Reset::Epoch => Duration::from_secs(reset.saturating_sub(epoch_seconds(server_time(&response.headers)))),
        };
        let bucket = self.bucket.and_then(|name| response.header(name));
        Some(Quota {
            bucket: bucket
                .filter(|name| !name.is_empty() && name.len() <= 80)
                .map(str::to_owned),
            limit: number(self.limit),
            remaining: number(self.remaining)?,
            reset: plausible(reset)?,
        })
    }
}

/// A vendor that tells nothing of its quota.
impl ReadQuota for () {
    fn read(&self, _request: &Request, _response: &Response) -> Option<Quota> {
        None
    }
}

/// A wait as a header told it, at most [`LONGEST`]; `None` where no vendor means it.
pub fn plausible(wait: Duration) -> Option<Duration> {
    (wait <= PLAUSIBLE).then(|| wait.min(LONGEST))
}

/// `Retry-After`, as seconds or as an HTTP date, at most [`LONGEST`]. `None` where it is missing, negative, beyond all
/// reason, no number or no date; a date that has passed is nothing to wait for.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match value.parse::<f64>() {
        // Some proxies send fractions, though the standard has whole seconds only.
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok()?,
        Err(_) => httpdate::parse_http_date(value)
            .ok()?
            .duration_since(server_time(headers))
            .unwrap_or_default(),
    };
    plausible(wait)
}

/// The time by the server's clock, so that ours may be wrong: both ends of a difference come from the same clock.
fn server_time(headers: &HeaderMap) -> SystemTime {
    headers
        .get(http::header::DATE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| httpdate::parse_http_date(value).ok())
        .unwrap_or_else(SystemTime::now)
}

fn epoch_seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::a_read;
    use bytes::Bytes;
    use http::{HeaderName, HeaderValue, StatusCode};

    const EPOCH: QuotaHeaders = QuotaHeaders {
        limit: "x-ratelimit-limit",
        remaining: "x-ratelimit-remaining",
        reset: "x-ratelimit-reset",
        reset_counts: Reset::Epoch,
        bucket: Some("x-ratelimit-resource"),
    };

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    fn read(reader: QuotaHeaders, pairs: &[(&'static str, &'static str)]) -> Option<Quota> {
        let response = Response {
            status: StatusCode::OK,
            headers: headers(pairs),
            body: Bytes::new(),
        };
        reader.read(&a_read(), &response)
    }

    #[test]
    fn reads_an_epoch_by_the_clock_of_the_server() {
        let quota = read(
            EPOCH,
            &[
                ("date", "Thu, 01 Jan 1970 00:10:00 GMT"),
                ("x-ratelimit-limit", "5000"),
                ("x-ratelimit-remaining", "17"),
                ("x-ratelimit-reset", "642"),
                ("x-ratelimit-resource", "graphql"),
            ],
        );
        let expected = Quota {
            bucket: Some("graphql".to_owned()),
            limit: Some(5000),
            remaining: 17,
            reset: Duration::from_secs(42),
        };
        assert_eq!(quota, Some(expected));
    }

    #[test]
    fn reads_seconds_from_now() {
        let reader = QuotaHeaders {
            reset_counts: Reset::FromNow,
            ..EPOCH
        };
        let quota = read(reader, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "42")]).unwrap();
        assert_eq!((quota.remaining, quota.reset), (0, Duration::from_secs(42)));
    }

    #[test]
    fn nonsense_is_no_answer() {
        for (remaining, reset) in [
            ("-1", "10"),
            ("", "10"),
            ("lots", "10"),
            ("1", "-5"),
            ("1", "soon"),
            ("1", "1e9"),
        ] {
            let (remaining, reset) = (("x-ratelimit-remaining", remaining), ("x-ratelimit-reset", reset));
            assert_eq!(read(EPOCH, &[remaining, reset]), None, "{remaining:?} {reset:?}");
        }
        let absurd = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "99999999999999")];
        assert_eq!(read(EPOCH, &absurd), None);
        let half_a_day = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "43200"),
            ("date", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ];
        assert_eq!(read(EPOCH, &half_a_day).unwrap().reset, LONGEST);
        let past = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1")];
        assert_eq!(read(EPOCH, &past).unwrap().reset, Duration::ZERO);
    }

    #[test]
    fn reads_retry_after_in_both_forms() {
        let wait = |value| {
            retry_after(&headers(&[
                ("retry-after", value),
                ("date", "Sun, 22 Nov 2026 10:00:00 GMT"),
            ]))
        };
        assert_eq!(wait("30"), Some(Duration::from_secs(30)));
        assert_eq!(wait("Sun, 22 Nov 2026 10:00:07 GMT"), Some(Duration::from_secs(7)));
        assert_eq!(wait("Sun, 22 Nov 2026 09:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("7200"), Some(LONGEST));
        for nonsense in [
            "-3",
            "NaN",
            "inf",
            "later",
            "",
            "999999999999",
            "1e308",
            "Fri, 31 Dec 9999 23:59:59 GMT",
        ] {
            assert_eq!(wait(nonsense), None, "{nonsense:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
