//! The page sizes that a field may be asked for, and whether it gives such pages.

use crate::input::number;
use crate::spec::{Argument, Bounds, Hidden, HiddenSource};
use apollo_compiler::ast::Value;

/// What is known of a page size, each with the words for it.
#[derive(Default)]
pub(super) struct Sizes {
    known: Vec<(f64, String)>,
    greatest: Option<f64>,
}

impl Sizes {
    /// One that is written out.
    pub(super) fn of_literal(value: &Value) -> Self {
        let size = value.to_i32().map(f64::from);
        Self {
            known: size
                .iter()
                .map(|size| (*size, format!("not {}", number(*size))))
                .collect(),
            greatest: size,
        }
    }

    /// One that an agent gives.
    pub(super) fn of_argument(argument: &Argument) -> Self {
        let Argument { name, bounds, .. } = argument;
        let Bounds { min, max, .. } = *bounds;
        let default = argument.default.as_ref().and_then(serde_json::Value::as_f64);
        let bounds = [min, max].into_iter().flatten();
        let mut known: Vec<_> = bounds
            .map(|bound| (bound, format!("and `${name}` may be {}", number(bound))))
            .collect();
        known.extend(default.map(|default| (default, format!("and the default of `${name}` is {}", number(default)))));
        Self { known, greatest: max }
    }

    /// One that the file or a header gives.
    pub(super) fn of_hidden(hidden: &Hidden) -> Self {
        let name = &hidden.name;
        let (size, words) = match &hidden.source {
            HiddenSource::Fixed(value) => (value.as_f64(), "is"),
            HiddenSource::Header(_) => (None, ""),
        };
        Self {
            known: size
                .iter()
                .map(|size| (*size, format!("and `${name}` {words} {}", number(*size))))
                .collect(),
            greatest: size,
        }
    }

    /// One that is given. A value that is no number is refused elsewhere.
    pub(super) fn of_value(name: &str, value: &serde_json::Value) -> Self {
        let size = value.as_f64();
        Self {
            known: size
                .iter()
                .map(|size| (*size, format!("and `${name}` is {}", number(*size))))
                .collect(),
            greatest: size,
        }
    }

    /// The greatest; `None`: nothing says it.
    pub(super) fn greatest(&self) -> Option<u64> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a page size, cut to whole numbers from 0"
        )]
        self.greatest.map(|size| size.max(0.0) as u64)
    }

    /// The complaint about one that a call would fail with, and what to do about it.
    pub(super) fn out_of(&self, argument: &str, most: Option<u64>) -> Option<(String, String)> {
        #[expect(clippy::cast_precision_loss, reason = "no page is that long")]
        let fits = |size: f64| size >= 1.0 && most.is_none_or(|most| size <= most as f64);
        let (_, words) = self.known.iter().find(|(size, _)| !fits(*size))?;
        Some(match most {
            Some(most) => (
                format!("`{argument}` takes 1 to {most}, {words}"),
                format!("ask for at most {most}, and for one at least"),
            ),
            None => (
                format!("`{argument}` takes a number from 1, {words}"),
                "ask for one at least".to_owned(),
            ),
        })
    }
}
