//! The schema's own scalars: a moment as output, a moment as input.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use jiff::{SignedDuration, Timestamp};

/// A moment, in RFC 3339 with `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTime(pub Timestamp);

#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text
                .parse()
                .map(Self)
                .map_err(|_| InputValueError::custom("not RFC 3339")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
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
    /// The moment, with this for now.
    pub fn resolve(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::FromNow(offset) => now.saturating_add(offset).unwrap_or(now),
        }
    }
}

#[Scalar]
impl ScalarType for Time {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => parse_time(text).ok_or_else(|| {
                InputValueError::custom(format!(
                    "`{text}` is no time: give epoch seconds, RFC 3339 or a span before now such as `now-1h`"
                ))
            }),
            Value::Number(number) => number
                .as_i64()
                .and_then(epoch)
                .ok_or_else(|| InputValueError::custom("epoch seconds out of range")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(match self {
            Self::At(at) => at.to_string(),
            Self::FromNow(offset) => format!("now{:+}s", offset.as_secs()),
        })
    }
}

fn parse_time(text: &str) -> Option<Time> {
    let text = text.trim();
    if let Some(offset) = text.strip_prefix("now") {
        return parse_offset(offset.trim()).map(Time::FromNow);
    }
    if let Ok(seconds) = text.parse::<i64>() {
        return epoch(seconds);
    }
    text.parse().ok().map(Time::At)
}

/// Nothing, or a sign and a span such as `1h` or `7d`. Days and weeks are spans of 24 hours here, as in Datadog's own
/// relative times.
fn parse_offset(text: &str) -> Option<SignedDuration> {
    if text.is_empty() {
        return Some(SignedDuration::ZERO);
    }
    let (negative, span) = match text.strip_prefix('-') {
        Some(span) => (true, span),
        None => (false, text.strip_prefix('+')?),
    };
    let span = span.trim();
    let digits = span.len() - span.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (count, unit) = span.split_at_checked(digits)?;
    let unit = match unit.trim() {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    let seconds = count.parse::<i64>().ok()?.checked_mul(unit)?;
    Some(SignedDuration::from_secs(if negative { -seconds } else { seconds }))
}

fn epoch(seconds: i64) -> Option<Time> {
    Timestamp::from_second(seconds).ok().map(Time::At)
}
