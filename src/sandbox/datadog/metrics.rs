//! `GET /api/v1/query`: series computed from the query and the time alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    super::{
        reply::Call,
        world::metrics::{Unit, hosts},
    },
    Answer, Failure,
    expression::{self, Expression, Term},
};

/// Points of one group, by time.
type Line = BTreeMap<i64, Option<f64>>;
/// By what tells the groups apart; `*` where nothing does.
type Lines = BTreeMap<String, Line>;

pub(super) fn query(call: &Call) -> Answer {
    let needed = |name: &str| {
        call.query(name)
            .ok_or_else(|| Failure::new(400, format!("Missing required parameter: {name}")))
    };
    let seconds = |name: &str| {
        needed(name)?.parse::<i64>().map_err(|_| {
            Failure::new(
                400,
                format!("Invalid value for parameter '{name}': seconds since the epoch are expected"),
            )
        })
    };
    let (text, from, to) = (needed("query")?, seconds("from")?, seconds("to")?);
    if from >= to {
        return Err(Failure::new(400, "Invalid time range: 'from' must be before 'to'"));
    }
    let mut series = Vec::new();
    for (index, part) in parts(text).into_iter().enumerate() {
        let expression = expression::parse(part).map_err(|wrong| {
            Failure::new(
                400,
                format!("Error parsing query: unable to parse {wrong}: Rule 'scope_expr' didn't match at '' (line 1)"),
            )
        })?;
        let terms = terms(&expression);
        let step = terms
            .iter()
            .find_map(|term| term.rollup)
            .unwrap_or_else(|| interval(to - from));
        for (scope, line) in evaluate(&expression, &Window { from, to, step }) {
            series.push(shape(
                &Shown {
                    part,
                    index,
                    terms: &terms,
                    step,
                },
                &scope,
                &line,
            ));
        }
    }
    let grouped: BTreeSet<String> = parts(text)
        .iter()
        .filter_map(|part| expression::parse(part).ok())
        .flat_map(|expression| {
            terms(&expression)
                .into_iter()
                .flat_map(|term| term.by.clone())
                .collect::<Vec<_>>()
        })
        .collect();
    Ok(json!({
        "status": "ok",
        "res_type": "time_series",
        "resp_version": 1,
        "query": text,
        "from_date": from * 1_000,
        "to_date": to * 1_000,
        "series": series,
        "values": [],
        "times": [],
        "message": "",
        "group_by": grouped,
    }))
}

struct Window {
    from: i64,
    to: i64,
    step: i64,
}

/// How Datadog rolls up by default: the longer the span, the coarser [Datadog: Rollup].
fn interval(span: i64) -> i64 {
    const HOUR: i64 = 3_600;
    const DAY: i64 = 24 * HOUR;
    /// Up to this span, points this far apart.
    const STEPS: [(i64, i64); 6] = [
        (HOUR, 20),
        (4 * HOUR, 60),
        (DAY, 300),
        (2 * DAY, 600),
        (7 * DAY, HOUR),
        (31 * DAY, 4 * HOUR),
    ];
    STEPS
        .iter()
        .find(|(longest, _)| span <= *longest)
        .map_or(DAY, |(_, step)| *step)
}

/// A request may hold several queries, apart by commas outside of braces and parentheses.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let at_comma = move |letter: char| {
        depth += match letter {
            '{' | '(' => 1,
            '}' | ')' => -1,
            _ => 0,
        };
        letter == ',' && depth == 0
    };
    text.split(at_comma).map(str::trim).collect()
}

fn terms(expression: &Expression) -> Vec<&Term> {
    match expression {
        Expression::Number(_) => Vec::new(),
        Expression::Term(term) => vec![term],
        Expression::Operation(left, _, right) => terms(left).into_iter().chain(terms(right)).collect(),
    }
}

fn evaluate(expression: &Expression, window: &Window) -> Lines {
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

struct Shown<'a> {
    part: &'a str,
    index: usize,
    terms: &'a [&'a Term],
    step: i64,
}

fn shape(shown: &Shown<'_>, scope: &str, line: &Line) -> Value {
    let term = shown.terms.first();
    let metric = match shown.terms {
        [one] => one.metric.clone(),
        _ => shown.part.to_owned(),
    };
    let unit = term.and_then(|term| term.known()).and_then(|metric| metric.unit);
    let tags: Vec<&str> = term
        .map(|term| scope.split(',').take(term.by.len()).collect())
        .unwrap_or_default();
    // Datadog has a number or null for a moment, and leaves out most moments without a report; one in three is null here.
    let points: Vec<Value> = line
        .iter()
        .filter(|(at, value)| value.is_some() || **at % 3 == 0)
        .map(|(at, value)| json!([at * 1_000, value]))
        .collect();
    let at = |point: Option<&Value>| point.and_then(|point| point.get(0)).cloned();
    json!({
        "metric": metric,
        "display_name": metric,
        "aggr": term.map(|term| term.aggregation.clone()),
        "unit": [unit.map(unit_shape), null_unit()],
        "interval": shown.step,
        "length": points.len(),
        "start": at(points.first()),
        "end": at(points.last()).and_then(|end| end.as_i64()).map(|end| end + shown.step * 1_000 - 1),
        "pointlist": points,
        "expression": term.map_or_else(|| shown.part.to_owned(), |term| if shown.terms.len() == 1 { term.text.clone() } else { shown.part.to_owned() }),
        "scope": scope,
        "tag_set": tags,
        "query_index": shown.index,
        "attributes": {},
    })
}

/// The second unit is the divisor's, for `byte/second`; no metric of the story has one.
fn null_unit() -> Value {
    Value::Null
}

fn unit_shape(unit: Unit) -> Value {
    json!({
        "family": unit.family, "name": unit.name, "plural": unit.plural, "short_name": unit.short, "scale_factor": unit.scale,
    })
}
