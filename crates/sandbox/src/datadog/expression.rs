//! Datadog's metric query language, read: `avg:checkout.errors{service:checkout} by {host}.rollup(sum, 60) / 100`.

use super::super::world::metrics::{self, Metric};

/// A query, as a tree.
#[derive(Debug)]
pub(super) enum Expression {
    Number(f64),
    Term(Term),
    Operation(Box<Expression>, char, Box<Expression>),
}

/// One metric, filtered and grouped.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) aggregation: String,
    pub(super) metric: String,
    /// `key:value`, `!key:value` or `*`.
    pub(super) filters: Vec<String>,
    pub(super) by: Vec<String>,
    /// Seconds, where a rollup says so.
    pub(super) rollup: Option<i64>,
    /// As it was written.
    pub(super) text: String,
}

impl Term {
    pub(super) fn known(&self) -> Option<&'static Metric> {
        metrics::find(&self.metric)
    }
}

/// Reads a whole query, or gives the part that it could not read.
pub(super) fn parse(text: &str) -> Result<Expression, String> {
    let mut reader = Reader { rest: text };
    let expression = reader.sum()?;
    reader.skip_space();
    if reader.rest.is_empty() {
        Ok(expression)
    } else {
        Err(reader.rest.to_owned())
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn sum(&mut self) -> Result<Expression, String> {
        let mut left = self.product()?;
        while let Some(operator) = self.one_of(&['+', '-']) {
            left = Expression::Operation(Box::new(left), operator, Box::new(self.product()?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Expression, String> {
        let mut left = self.factor()?;
        while let Some(operator) = self.one_of(&['*', '/']) {
            left = Expression::Operation(Box::new(left), operator, Box::new(self.factor()?));
        }
        Ok(left)
    }

    fn factor(&mut self) -> Result<Expression, String> {
        if self.one_of(&['(']).is_some() {
            let inner = self.sum()?;
            return self.expect(')').map(|()| inner);
        }
        let start = self.rest;
        let word = self.word();
        if let Ok(number) = word.parse() {
            return Ok(Expression::Number(number));
        }
        if self.one_of(&['(']).is_some() {
            // No function of the sandbox changes what it is given: `abs` and the like are read and passed over.
            let inner = self.sum()?;
            return self.arguments().map(|()| inner);
        }
        if word.is_empty() {
            return Err(if start.is_empty() {
                "an empty query".to_owned()
            } else {
                start.to_owned()
            });
        }
        self.term(word, start).map(Expression::Term)
    }

    /// `avg:metric{filters} by {tags}.rollup(…)`; the aggregation and the metric are one word up to here.
    fn term(&mut self, word: &str, start: &'a str) -> Result<Term, String> {
        let (aggregation, metric) = word.split_once(':').ok_or_else(|| start.to_owned())?;
        let aggregations = ["avg", "sum", "min", "max", "count"];
        let percentile = aggregation
            .strip_prefix('p')
            .is_some_and(|number| number.parse::<u8>().is_ok());
        if metric.is_empty() || !(aggregations.contains(&aggregation) || percentile) {
            return Err(start.to_owned());
        }
        let filters = self.braces().ok_or_else(|| start.to_owned())?;
        let mut by = Vec::new();
        if let Some(rest) = self.rest.trim_start().strip_prefix("by ") {
            self.rest = rest;
            by = self.braces().ok_or_else(|| start.to_owned())?;
        }
        let mut rollup = None;
        while let Some(rest) = self.rest.strip_prefix('.') {
            let (function, after) = rest.split_once('(').ok_or_else(|| start.to_owned())?;
            let (arguments, after) = after.split_once(')').ok_or_else(|| start.to_owned())?;
            if function == "rollup" {
                rollup = arguments
                    .split(',')
                    .find_map(|argument| argument.trim().parse().ok())
                    .filter(|seconds| *seconds > 0);
            }
            self.rest = after;
        }
        let length = start.len() - self.rest.len();
        Ok(Term {
            aggregation: aggregation.to_owned(),
            metric: metric.to_owned(),
            filters,
            by,
            rollup,
            text: start.get(..length).unwrap_or(start).trim().to_owned(),
        })
    }

    /// What a function takes besides the query: read, not used.
    fn arguments(&mut self) -> Result<(), String> {
        let (_, after) = self.rest.split_once(')').ok_or_else(|| self.rest.to_owned())?;
        self.rest = after;
        Ok(())
    }

    fn braces(&mut self) -> Option<Vec<String>> {
        let (inside, after) = self.rest.trim_start().strip_prefix('{')?.split_once('}')?;
        self.rest = after;
        Some(
            inside
                .split(',')
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect(),
        )
    }

    fn word(&mut self) -> &'a str {
        self.skip_space();
        let end = self
            .rest
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || "._:".contains(letter)));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }

    fn one_of(&mut self, wanted: &[char]) -> Option<char> {
        self.skip_space();
        let first = self.rest.chars().next().filter(|letter| wanted.contains(letter))?;
        self.rest = self.rest.get(first.len_utf8()..).unwrap_or_default();
        Some(first)
    }

    fn expect(&mut self, wanted: char) -> Result<(), String> {
        self.one_of(&[wanted]).map(|_| ()).ok_or_else(|| {
            if self.rest.is_empty() {
                format!("a missing {wanted}")
            } else {
                self.rest.to_owned()
            }
        })
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }
}
