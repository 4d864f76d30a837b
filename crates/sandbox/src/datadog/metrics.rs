//! `GET /api/v1/query`: series computed from the query and the time alone.

mod lines;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    super::{reply::Call, world::metrics::Unit},
    Answer, Failure,
    expression::{self, Expression, Term},
};
use lines::{Line, Window, evaluate};

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

/// How Datadog rolls up by default: the longer the span, the coarser ("Datadog: Rollup").
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
