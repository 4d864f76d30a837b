//! The schema's own scalars: a moment as output, a moment as input.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use jiff::{SignedDuration, Timestamp};
use std::fmt;

/// Seconds beyond this (the year 5138) are milliseconds that somebody took for seconds; they begin in 1973 this way.
const LARGEST_SECONDS: i64 = 99_999_999_999;

/// The units of a span, the largest first. Days and weeks are spans of 24 hours here, as in Datadog's own relative times.
const UNITS: [(&str, i64); 5] = [("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)];

/// The longest span that is taken; a longer one is a slip, and would leave the calendar.
const A_CENTURY: i64 = 100 * 366 * 86_400;

/// The extension of an error that says why a scalar refuses its value, without what async-graphql puts around it.
pub const REASON: &str = "reason";

/// A moment, in RFC 3339 with `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTime(pub Timestamp);

/// A moment, in RFC 3339 with `Z`.
#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text
                .parse()
                .map(Self)
                .map_err(|_| InputValueError::custom(no_date_time(text))),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A moment as input: epoch seconds, RFC 3339, or relative to now (`now`, `now-1h`, `now-7d`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// A moment on the clock.
    At(Timestamp),
    /// So long from now.
    FromNow(SignedDuration),
}

impl Time {
    /// `now`
    pub const fn now() -> Self {
        Self::FromNow(SignedDuration::ZERO)
    }

    /// `now-1h`
    pub const fn an_hour_ago() -> Self {
        Self::FromNow(SignedDuration::from_secs(-3600))
    }

    /// The moment, with this for now.
    pub fn resolve(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::FromNow(offset) => now.saturating_add(offset).unwrap_or(now),
        }
    }
}

/// A moment as input: epoch seconds, RFC 3339, or relative to now (`now`, `now-1h`, `now-7d`; units `s`, `m`, `h`, `d`, `w`).
#[Scalar]
impl ScalarType for Time {
    fn parse(value: Value) -> InputValueResult<Self> {
        let time = match &value {
            Value::String(text) => parse_time(text),
            Value::Number(number) => match number.as_i64() {
                Some(seconds) => epoch(seconds),
                None => Err(no_time(&number.to_string())),
            },
            _ => return Err(InputValueError::expected_type(value)),
        };
        time.map_err(|reason| InputValueError::custom(&reason).with_extension(REASON, reason))
    }

    fn to_value(&self) -> Value {
        Value::String(match self {
            Self::At(at) => at.to_string(),
            Self::FromNow(offset) => relative(offset.as_secs()),
        })
    }
}

/// Says why a text is none of a scalar's values.
pub type Form = fn(&str) -> Result<(), String>;

/// What these take as text, by their names in the schema: for whoever checks a file of operations before it runs.
pub const FORMS: [(&str, Form); 2] = [
    ("Time", |text| parse_time(text).map(drop)),
    ("DateTime", |text| {
        let at = text.parse::<Timestamp>();
        at.map(drop).map_err(|_| no_date_time(text))
    }),
];

fn no_date_time(text: &str) -> String {
    format!("`{text}` is not RFC 3339, e.g. `2026-11-20T10:30:00Z`")
}

fn parse_time(text: &str) -> Result<Time, String> {
    let text = text.trim();
    if let Some(offset) = text.strip_prefix("now") {
        return parse_offset(offset.trim())
            .map(Time::FromNow)
            .ok_or_else(|| no_time(text));
    }
    if let Ok(seconds) = text.parse::<i64>() {
        return epoch(seconds);
    }
    text.parse().map(Time::At).map_err(|_| no_time(text))
}

/// Nothing, or a sign and a span such as `1h` or `7d`.
fn parse_offset(text: &str) -> Option<SignedDuration> {
    if text.is_empty() {
        return Some(SignedDuration::ZERO);
    }
    let (sign, span) = match text.strip_prefix('-') {
        Some(span) => (-1, span),
        None => (1, text.strip_prefix('+')?),
    };
    let span = span.trim();
    let digits = span.len() - span.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (count, unit) = span.split_at_checked(digits)?;
    let (_, seconds) = UNITS.into_iter().find(|(name, _)| *name == unit.trim())?;
    let seconds = count.parse::<i64>().ok()?.checked_mul(seconds)?;
    (seconds <= A_CENTURY).then(|| SignedDuration::from_secs(sign * seconds))
}

fn epoch(seconds: i64) -> Result<Time, String> {
    if seconds.abs() > LARGEST_SECONDS {
        let likely = seconds / 1000;
        return Err(format!(
            "`{seconds}` looks like milliseconds: give epoch seconds, here {likely}"
        ));
    }
    Timestamp::from_second(seconds)
        .map(Time::At)
        .map_err(|_| no_time(&seconds.to_string()))
}

fn no_time(text: &str) -> String {
    format!(
        "`{text}` is no time: give epoch seconds (`1795170600`), RFC 3339 with a zone (`2026-11-20T10:30:00Z`), or a span from now (`now-1h`, `now-7d`)"
    )
}

/// In the largest unit that needs no fraction.
fn relative(seconds: i64) -> String {
    if seconds == 0 {
        return "now".to_owned();
    }
    let fitting = UNITS.into_iter().find(|(_, unit)| seconds % unit == 0);
    let (name, unit) = fitting.unwrap_or(("s", 1));
    format!("now{:+}{name}", seconds / unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::Pos;

    const NOW: &str = "2026-11-20T10:30:00Z";

    fn time(value: impl Into<Value>) -> Result<String, String> {
        let time = Time::parse(value.into()).map_err(|error| error.into_server_error(Pos::default()).message)?;
        Ok(time.resolve(NOW.parse().unwrap()).to_string())
    }

    #[test]
    fn a_moment_comes_in_many_forms() {
        for text in [
            "1795170600",
            " 1795170600 ",
            NOW,
            "2026-11-20T11:30:00+01:00",
            "now",
            " now ",
        ] {
            assert_eq!(time(text).as_deref(), Ok(NOW), "{text}");
        }
        assert_eq!(time(1_795_170_600_i64).as_deref(), Ok(NOW));
    }

    #[test]
    fn spans_count_from_now() {
        for (text, expected) in [
            ("now-30s", "2026-11-20T10:29:30Z"),
            ("now-15m", "2026-11-20T10:15:00Z"),
            ("now-1h", "2026-11-20T09:30:00Z"),
            ("now - 1h", "2026-11-20T09:30:00Z"),
            ("now-7d", "2026-11-13T10:30:00Z"),
            ("now-2w", "2026-11-06T10:30:00Z"),
            ("now+1d", "2026-11-21T10:30:00Z"),
        ] {
            assert_eq!(time(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused_with_what_would_be() {
        for text in [
            "",
            "yesterday",
            "now-",
            "now-h",
            "now-1",
            "now1h",
            "now-1y",
            "now--1h",
            "now-1.5h",
            "nowhere",
            "now-99999999999999999999d",
            "now-40000d",
            "2026-11-20",
            "2026-11-20T10:30:00",
            "1795170600.5",
        ] {
            let refused = time(text).unwrap_err();
            assert!(
                refused.contains("`now-1h`") && refused.contains("epoch seconds"),
                "{text}: {refused}"
            );
        }
        assert!(time(1.5).unwrap_err().contains("is no time"));
        assert!(time(true).is_err());
    }

    #[test]
    fn milliseconds_are_told_apart() {
        for value in [Value::from(1_795_170_600_000_i64), Value::from("1795170600000")] {
            let refused = time(value).unwrap_err();
            assert!(
                refused.contains("looks like milliseconds") && refused.contains("here 1795170600"),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_default_is_written_as_people_write_it() {
        let written = |time: Time| time.to_value().to_string();
        assert_eq!(written(Time::now()), "\"now\"");
        assert_eq!(written(Time::an_hour_ago()), "\"now-1h\"");
        assert_eq!(written(Time::FromNow(SignedDuration::from_secs(90))), "\"now+90s\"");
        assert_eq!(written(Time::At(NOW.parse().unwrap())), format!("\"{NOW}\""));
    }

    #[test]
    fn a_date_time_is_rfc_3339_in_utc() {
        let parse = |text: &str| DateTime::parse(Value::from(text));
        let at = parse("2026-11-20T11:30:00.5+01:00").unwrap_or_else(|_| panic!("refused"));
        assert_eq!(at.to_value(), Value::from("2026-11-20T10:30:00.5Z"));
        assert!(parse("1795170600").is_err());
    }
}
