//! Reading leniently: functions for serde's `deserialize_with` under which a bad value costs itself and nothing around it.

use crate::backends::clean::clean;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error};
use serde_json::{Number, Value};
use std::collections::BTreeMap;

/// What it should be, or nothing.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(from: D) -> Result<T, D::Error> {
    Ok(T::deserialize(Value::deserialize(from)?).unwrap_or_default())
}

/// Text that people wrote, cleaned; a number is taken as its digits.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(text_of(&Value::deserialize(from)?))
}

/// A whole number, also one that comes as `40.0` or `"40"`.
pub(super) fn integer<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(integer_of(&Value::deserialize(from)?))
}

/// A whole number without which the rest is worth nothing.
pub(super) fn required_integer<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    integer_of(&Value::deserialize(from)?).ok_or_else(|| D::Error::custom("no number"))
}

/// A moment in RFC 3339.
pub(super) fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let value = Value::deserialize(from)?;
    Ok(value.as_str().and_then(|text| text.parse().ok()))
}

/// A moment in epoch seconds.
pub(super) fn epoch_seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let seconds = integer_of(&Value::deserialize(from)?);
    // Datadog writes 0 for what has not happened yet.
    Ok(seconds
        .filter(|seconds| *seconds > 0)
        .and_then(|seconds| Timestamp::from_second(seconds).ok()))
}

/// Those of the objects that can be read.
pub(super) fn readable<T: DeserializeOwned>(values: Vec<Value>) -> Vec<T> {
    values
        .into_iter()
        .filter(Value::is_object)
        .filter_map(|value| T::deserialize(value).ok())
        .collect()
}

/// The texts of a list, or none.
pub(super) fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let value = Value::deserialize(from)?;
    Ok(value.as_array().into_iter().flatten().filter_map(text_of).collect())
}

/// A map without the entries that cannot be read, or an empty one.
pub(super) fn entries<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    let Value::Object(entries) = Value::deserialize(from)? else {
        return Ok(BTreeMap::new());
    };
    Ok(entries
        .into_iter()
        .filter_map(|(key, value)| Some((clean(&key), T::deserialize(value).ok()?)))
        .collect())
}

/// A finite number as it came, also one that comes as a string: a float would change a large integer.
pub(super) fn number_of(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => {
            let text = text.trim();
            let whole = text.parse::<i64>().map(Number::from);
            whole.ok().or_else(|| Number::from_f64(text.parse().ok()?))
        }
        _ => None,
    }
}

/// A whole number, also one that comes as `40.0` or `"40"`.
pub(super) fn integer_of(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(clean(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Within 2^53 a float names one whole number; beyond it is no id and no time.
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
    let whole = number as i64;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(whole)
}
