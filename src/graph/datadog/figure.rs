//! A measured number, as it is written for a reader: whole numbers as they came, fractions without the noise of binary.

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use serde_json::Number;
use std::borrow::Cow;

/// The digits that a fraction has at least: what a dashboard shows, and enough to tell neighbouring values apart.
const DIGITS: usize = 9;

/// Decimals that even a large number keeps, so that rounding does not reach its whole part.
const DECIMALS: usize = 2;

/// Up to here a float that is whole stands for one integer.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A `Float` of the schema. An integer of any size stays what it was, which a float of 64 bits cannot promise.
pub struct Figure(Number);

impl Figure {
    /// What is shown of a number.
    pub(super) fn of(number: &Number) -> Self {
        if number.is_f64() {
            let value = number.as_f64().unwrap_or_default();
            Self(rounded(value).unwrap_or_else(|| number.clone()))
        } else {
            Self(number.clone())
        }
    }
}

/// Binary fractions leave digits at the end (`0.004358999999999999`), which every reader of the text would pay for.
fn rounded(value: f64) -> Option<Number> {
    if value.fract() == 0.0 {
        return if value.abs() < EXACT {
            format!("{value:.0}").parse::<i64>().ok().map(Number::from)
        } else {
            Number::from_f64(value)
        };
    }
    let digits: f64 = if value.abs() < 1.0 {
        format!("{value:.*e}", DIGITS - 1).parse().ok()?
    } else {
        let wholes = format!("{:.0}", value.abs().trunc()).len();
        format!("{value:.*}", DIGITS.saturating_sub(wholes).max(DECIMALS))
            .parse()
            .ok()?
    };
    if digits.fract() == 0.0 {
        rounded(digits)
    } else {
        Number::from_f64(digits)
    }
}

impl OutputType for Figure {
    fn type_name() -> Cow<'static, str> {
        <f64 as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <f64 as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Number(self.0.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(value: f64) -> String {
        Figure::of(&Number::from_f64(value).unwrap()).0.to_string()
    }

    #[test]
    fn integers_stay_and_fractions_lose_noise_only() {
        for number in [0_i64, 7, -1_234_567_891, 1_234_567_892, i64::MAX, i64::MIN] {
            assert_eq!(Figure::of(&Number::from(number)).0.to_string(), number.to_string());
        }
        assert_eq!(Figure::of(&Number::from(u64::MAX)).0.to_string(), u64::MAX.to_string());
        for (value, text) in [
            (1_234_567_891.0, "1234567891"),
            (-9_007_199_254_740_991.0, "-9007199254740991"),
            (0.004_358_999_999_999_999, "0.004359"),
            (0.1 + 0.2, "0.3"),
            (2.999_999_999_999_999_6, "3"),
            (12.345_678_912_3, "12.3456789"),
            (1_234_567_891.25, "1234567891.25"),
            (123_456_789_012.756, "123456789012.76"),
            (-0.000_012_345_678_912_3, "-0.0000123456789"),
            (1e300, "1e+300"),
        ] {
            assert_eq!(shown(value), text);
        }
    }

    proptest! {
        #[test]
        fn whole_parts_and_six_digits_are_kept(value in -1e15..1e15_f64) {
            let shown: f64 = shown(value).parse().unwrap();
            prop_assert!((shown - value).abs() <= value.abs() * 1e-6);
            prop_assert!((shown - value).abs() <= 0.01, "{value} became {shown}");
        }
    }
}
