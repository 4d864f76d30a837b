//! How small or large a variable's value may be.

use crate::directives::argument;
use crate::spec::{Bounds, Input};
use apollo_compiler::ast::{self, DirectiveList};
use serde_json::Value;

/// The bounds that a variable's directive gives it, or what is wrong with them.
pub(super) fn read(directives: &DirectiveList, input: &Input) -> Result<Bounds, (&'static str, &'static str)> {
    let written = |name: &str| argument(directives, "bounds", name);
    let number = |name: &str| written(name).and_then(ast::Value::to_f64);
    let length = |name: &str| {
        written(name)
            .and_then(ast::Value::to_i32)
            .and_then(|length| u32::try_from(length).ok())
    };
    let bounds = Bounds {
        min: number("min"),
        max: number("max"),
        min_length: length("minLength"),
        max_length: length("maxLength"),
    };
    let numeric = matches!(input, Input::Int | Input::Float);
    let is_length_given = |name: &str| written(name).is_some();
    let sized = matches!(input, Input::String | Input::Id | Input::List { .. });
    let negative = |name: &str| {
        written(name)
            .and_then(ast::Value::to_i32)
            .is_some_and(|length| length < 0)
    };
    let is_broken = |bound: Option<f64>| bound.is_some_and(|bound| bound.fract() != 0.0);
    let problem = if (bounds.min.is_some() || bounds.max.is_some()) && !numeric {
        Some(("`min` and `max` bound a number", "use `minLength` and `maxLength`"))
    } else if (is_length_given("minLength") || is_length_given("maxLength")) && !sized {
        Some((
            "`minLength` and `maxLength` bound a string or a list",
            "use `min` and `max`",
        ))
    } else if negative("minLength") || negative("maxLength") {
        Some(("a length is a number from 0", "take the sign out"))
    } else if matches!(input, Input::Int) && (is_broken(bounds.min) || is_broken(bounds.max)) {
        Some(("the bounds of an `Int` are whole numbers", "take the fraction out"))
    } else if bounds.min.zip(bounds.max).is_some_and(|(min, max)| min > max)
        || bounds
            .min_length
            .zip(bounds.max_length)
            .is_some_and(|(min, max)| min > max)
    {
        Some(("nothing is between these bounds", "exchange them"))
    } else {
        None
    };
    problem.map_or(Ok(bounds), Err)
}

/// How a value lies outside the bounds.
pub(super) fn outside(bounds: &Bounds, value: &Value) -> Option<String> {
    let number = value.as_f64();
    let length = value
        .as_str()
        .map(|text| text.chars().count())
        .or_else(|| value.as_array().map(Vec::len));
    let length = length.and_then(|length| u32::try_from(length).ok());
    if number.zip(bounds.min).is_some_and(|(number, min)| number < min) {
        Some("is less than its `min`".to_owned())
    } else if number.zip(bounds.max).is_some_and(|(number, max)| number > max) {
        Some("is greater than its `max`".to_owned())
    } else if length.zip(bounds.min_length).is_some_and(|(length, min)| length < min) {
        Some("is shorter than its `minLength`".to_owned())
    } else if length.zip(bounds.max_length).is_some_and(|(length, max)| length > max) {
        Some("is longer than its `maxLength`".to_owned())
    } else {
        None
    }
}
