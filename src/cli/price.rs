//! What a call costs, in words.

use std::fmt::Write as _;
use toolgen::spec::Cost;

/// Everything, from the least to the most.
pub(super) fn whole(cost: &Cost) -> String {
    let mut text = format!("upstream requests: {}", requests(cost));
    for (unit, count) in &cost.units {
        let _infallible = write!(text, "; {unit}: at most {count}");
    }
    let _infallible = write!(text, "; result: at most {} tokens before it is cut", cost.result_tokens);
    text
}

/// What matters most of it.
pub(super) fn brief(cost: &Cost) -> String {
    let ending = if cost.requests_most == 1 { "" } else { "s" };
    format!(
        "{} upstream request{ending}, a result of at most {} tokens before it is cut",
        requests(cost),
        cost.result_tokens
    )
}

fn requests(cost: &Cost) -> String {
    if cost.requests_least == cost.requests_most {
        cost.requests_most.to_string()
    } else {
        format!("{} to {}", cost.requests_least, cost.requests_most)
    }
}
