//! The lines that a metric query draws: each term's groups, and what arithmetic makes of them.

use std::collections::BTreeMap;

use super::super::{
    super::world::metrics::hosts,
    expression::{Expression, Term},
};

/// Points of one group, by time.
pub(super) type Line = BTreeMap<i64, Option<f64>>;
/// By what tells the groups apart; `*` where nothing does.
pub(super) type Lines = BTreeMap<String, Line>;

/// Epoch seconds, and seconds between two points.
pub(super) struct Window {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) step: i64,
}

pub(super) fn evaluate(expression: &Expression, window: &Window) -> Lines {
    match expression {
        Expression::Number(_) => Lines::new(),
        Expression::Term(term) => lines(term, window),
        Expression::Operation(left, operator, right) => combine(left, *operator, right, window),
    }
}

/// Groups meet their like; a plain number meets all.
fn combine(left: &Expression, operator: char, right: &Expression, window: &Window) -> Lines {
    let each = |lines: Lines, change: &dyn Fn(f64) -> Option<f64>| {
        let changed = |line: Line| {
            line.into_iter()
                .map(|(at, value)| (at, value.and_then(change)))
                .collect()
        };
        lines.into_iter().map(|(scope, line)| (scope, changed(line))).collect()
    };
    match (left, right) {
        (_, Expression::Number(number)) => each(evaluate(left, window), &|value| calculate(value, operator, *number)),
        (Expression::Number(number), _) => each(evaluate(right, window), &|value| calculate(*number, operator, value)),
        _ => {
            let others = evaluate(right, window);
            let mut lines = evaluate(left, window);
            lines.retain(|scope, _| others.contains_key(scope));
            for (scope, line) in &mut lines {
                for (at, value) in line {
                    let other = others.get(scope).and_then(|line| *line.get(at)?);
                    *value = value
                        .zip(other)
                        .and_then(|(value, other)| calculate(value, operator, other));
                }
            }
            lines
        }
    }
}

fn calculate(left: f64, operator: char, right: f64) -> Option<f64> {
    let result = match operator {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        _ => left / right,
    };
    result.is_finite().then_some(result)
}

/// A metric that nobody reports, or a filter that fits no host, gives no line and no error.
fn lines(term: &Term, window: &Window) -> Lines {
    let Some(metric) = term.known() else {
        return Lines::new();
    };
    let fits = |host: &str| {
        let tags = [
            format!("host:{host}"),
            format!("service:{}", metric.service),
            "env:prod".to_owned(),
        ];
        term.filters.iter().all(|filter| match filter.strip_prefix('!') {
            Some(unwanted) => !tags.iter().any(|tag| tag == unwanted),
            None => filter == "*" || filter.starts_with('$') || tags.iter().any(|tag| tag == filter),
        })
    };
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for host in hosts(metric.service).into_iter().filter(|host| fits(host)) {
        let tag = |key: &str| match key {
            "host" => format!("host:{host}"),
            "service" => format!("service:{}", metric.service),
            "env" => "env:prod".to_owned(),
            other => format!("{other}:N/A"),
        };
        let scope = term.by.iter().map(|key| tag(key)).collect::<Vec<_>>().join(",");
        let scope = match (scope.is_empty(), term.filters.join(",")) {
            (false, filters) if filters != "*" && !filters.is_empty() => format!("{scope},{filters}"),
            (false, _) => scope,
            (true, filters) if filters.is_empty() => "*".to_owned(),
            (true, filters) => filters,
        };
        groups.entry(scope).or_default().push(host);
    }
    let first = window.from.div_euclid(window.step) * window.step;
    let times = || {
        (0..)
            .map(|index| first + index * window.step)
            .take_while(|at| *at < window.to)
    };
    let at = |hosts: &[String], at: i64| {
        aggregate(
            &term.aggregation,
            hosts.iter().filter_map(|host| metric.value(host, at)),
        )
    };
    groups
        .iter()
        .map(|(scope, hosts)| (scope.clone(), times().map(|time| (time, at(hosts, time))).collect()))
        .collect()
}

fn aggregate(how: &str, values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    if values.is_empty() {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of hosts")]
    let count = values.len() as f64;
    let sum: f64 = values.iter().sum();
    Some(match how {
        "sum" => sum,
        "count" => count,
        "min" => values.iter().copied().fold(f64::INFINITY, f64::min),
        "avg" => sum / count,
        // Percentiles of a few hosts are their highest.
        _ => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    })
}
