//! The one file where failures become text for an agent: what failed, where, whether retrying helps and when, what to change.

use super::arguments::{Complaint, Fault};
use super::catalog::{Catalog, Hidden, Tool, nearest};
use super::path::Path;
use super::truncated::pattern;
use crate::graph::failure::failure_of;
use crate::upstream::failure::Retry;
use crate::upstream::{Cause, Failure, Outcome, Stale};
use async_graphql::{PathSegment, ServerError};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use toolgen::ToolSpec;
use toolgen::spec::Bounds;

/// How much of a vendor's own words is passed on, in characters.
const WORDS: usize = 300;

/// How many kinds of problems one result names.
const KINDS: usize = 8;

/// A part that is missing from an answer, and why; one entry for all like places with one kind of cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The first place, in the shaped result before anything was cut.
    pub place: Path,
    /// How many places.
    pub count: usize,
    /// The backend that failed; `None` where Braid itself did.
    pub backend: Option<&'static str>,
    /// The kind of cause, as [`Cause::class`] has it; `None` where Braid itself failed.
    pub class: Option<&'static str>,
    /// What failed, at the first place.
    pub reason: String,
    /// Whether and when it helps to ask again; `None` where nobody can say.
    pub retry: Option<Retry>,
    /// What to change.
    pub fix: Option<String>,
}

/// What problems are told with.
pub struct Scene<'a> {
    /// The tool that was called.
    pub tool: &'a ToolSpec,
    /// What it was called with.
    pub variables: &'a Map<String, Value>,
    /// The tools beside it.
    pub catalog: &'a Catalog,
    /// The time.
    pub now: Timestamp,
}

/// The errors of a response, grouped by backend, kind of cause and place but for its indices. What ails a whole backend
/// comes before what one look-up did not find; within a rank the order is that of the places.
pub fn collect(scene: &Scene<'_>, errors: &[ServerError], locate: impl Fn(&[PathSegment]) -> Path) -> Vec<Problem> {
    let mut found: Vec<Problem> = errors
        .iter()
        .map(|error| problem(scene, error, locate(&error.path)))
        .collect();
    // async-graphql reports errors as they come in, which differs from one run to the next.
    found.sort_by(|left, right| left.place.cmp(&right.place));
    let mut groups: Vec<Problem> = Vec::new();
    for problem in found {
        match groups.iter_mut().find(|group| group.is_alike(&problem)) {
            Some(group) => group.count += 1,
            None => groups.push(problem),
        }
    }
    groups.sort_by_key(|group| rank(group.class));
    groups
}

/// Problems as they stand in a result; `rename` gives the path as it holds after cutting.
pub fn as_json(problems: &[Problem], rename: impl Fn(&Path) -> Path) -> Value {
    let mut entries: Vec<Value> = problems
        .iter()
        .take(KINDS)
        .map(|problem| problem.as_json(&rename))
        .collect();
    if let Some(more) = problems.len().checked_sub(KINDS).filter(|more| *more > 0) {
        entries.push(json!({ "reason": format!("{more} more kinds of problems") }));
    }
    Value::Array(entries)
}

/// Problems as the text of a call that gave nothing.
pub fn as_text(tool: &str, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().take(KINDS).map(Problem::as_text).collect();
    format!("{tool} failed. {}", lines.join("\n"))
}

/// What is out of date in an answer: an entry for each backend, with the oldest.
pub fn out_of_date(stale: &[Stale], scene: &Scene<'_>) -> Vec<Problem> {
    let mut oldest: Vec<(&Stale, usize)> = Vec::new();
    for stale in stale {
        match oldest
            .iter_mut()
            .find(|(known, _)| known.failure.backend == stale.failure.backend)
        {
            Some((known, count)) => {
                *count += 1;
                if stale.age > known.age {
                    *known = stale;
                }
            }
            None => oldest.push((stale, 1)),
        }
    }
    let problem = |(stale, count): (&Stale, usize)| Problem {
        place: Path::default(),
        count,
        backend: Some(stale.failure.backend),
        class: Some("out_of_date"),
        reason: format!(
            "out of date: what it answered to {} {} s ago was used, as no newer answer could be had ({})",
            stale.failure.operation,
            whole_seconds(stale.age),
            reason(&stale.failure, scene)
        ),
        retry: retry(&stale.failure),
        fix: None,
    };
    oldest.into_iter().map(problem).collect()
}

/// A look-up that found nothing and met no error.
pub fn nothing_found() -> Problem {
    Problem {
        place: Path::default(),
        count: 1,
        backend: None,
        class: Some("not_found"),
        reason: "not_found: nothing matches these arguments".to_owned(),
        retry: Some(Retry::Never),
        fix: None,
    }
}

/// The text for a name that no tool has.
pub fn unknown_tool(name: &str, catalog: &Catalog) -> String {
    let name = clean(name);
    match catalog.nearest(&name).as_slice() {
        [] => format!("Unknown tool: {name}"),
        near => format!("Unknown tool: {name}. Did you mean {}?", quoted(near, " or ")),
    }
}

/// The text for a tool that is there but not listed; `None` for one that is.
pub fn hidden(tool: &Tool) -> Option<String> {
    let name = &tool.spec.name;
    Some(match tool.hidden.as_ref()? {
        Hidden::Group => format!("{name} is off: its group is not among those that `--groups` names."),
        Hidden::Write => {
            let lacks: Vec<String> = tool
                .lacks
                .iter()
                .map(|(backend, variables)| format!(" {backend} has no credentials either. {}.", set(variables)))
                .collect();
            format!(
                "{name} is off because it writes. Whoever runs the server can allow it with `--allow-writes {name}`.{}",
                lacks.concat()
            )
        }
        Hidden::BackendOff { backend, variables } => {
            format!(
                "{name} is off because {backend} has no credentials. {}.",
                set(variables)
            )
        }
    })
}

/// The text for arguments that do not fit: each mistake, the allowed names and the nearest.
pub fn bad_arguments(tool: &ToolSpec, complaints: &[Complaint]) -> String {
    let lines: Vec<String> = complaints.iter().take(KINDS).map(complaint).collect();
    let all: Vec<String> = tool
        .arguments
        .iter()
        .map(|argument| {
            let need = if argument.required { " (required)" } else { "" };
            format!("`{}`{need}", argument.name)
        })
        .collect();
    let takes = if all.is_empty() {
        "no arguments".to_owned()
    } else {
        all.join(", ")
    };
    format!("{} was not called. {}\nIt takes {takes}.", tool.name, lines.join("\n"))
}

fn complaint(complaint: &Complaint) -> String {
    let path = clean(&complaint.path);
    match &complaint.fault {
        Fault::Unknown { allowed } => {
            let name = path.rsplit('.').next().unwrap_or(&path);
            match nearest(name, allowed.iter().map(String::as_str)).first() {
                Some(near) => format!("There is no argument `{path}`; did you mean `{near}`?"),
                None => format!("There is no argument `{path}`."),
            }
        }
        Fault::Missing { expected } => format!("`{path}` is missing: give {expected}."),
        Fault::Mistyped { expected, got } => format!("`{path}` must be {expected}; got {}.", clean(got)),
        Fault::OutOfBounds { bounds } => format!("`{path}` must {}.", within(bounds)),
        Fault::NotOneOf { got, allowed } => {
            let lower = got.to_uppercase().replace([' ', '-'], "_");
            let near = nearest(&lower, allowed.iter().map(String::as_str));
            let hint = near
                .first()
                .map_or(".".to_owned(), |near| format!("; did you mean {near}?"));
            format!(
                "`{path}` cannot be \"{}\"{hint} It is one of {}.",
                clean(got),
                allowed.join(", ")
            )
        }
    }
}

fn within(bounds: &Bounds) -> String {
    let between = |unit: &str, least: Option<f64>, most: Option<f64>| match (least, most) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}{unit}")),
        (Some(least), None) => Some(format!("at least {least}{unit}")),
        (None, Some(most)) => Some(format!("at most {most}{unit}")),
        (None, None) => None,
    };
    let lengths = (bounds.min_length.map(f64::from), bounds.max_length.map(f64::from));
    let said = [
        between("", bounds.min, bounds.max).map(|range| format!("be {range}")),
        between(" long", lengths.0, lengths.1).map(|range| format!("be {range}")),
    ];
    said.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

fn problem(scene: &Scene<'_>, error: &ServerError, place: Path) -> Problem {
    match failure_of(error) {
        Some(failure) => Problem {
            place,
            count: 1,
            backend: Some(failure.backend),
            class: Some(failure.cause.class()),
            reason: reason(failure, scene),
            retry: retry(failure),
            fix: fix(failure),
        },
        None => Problem {
            place,
            count: 1,
            backend: None,
            class: None,
            reason: clean(&naming_the_argument(scene, &error.message)),
            retry: None,
            fix: None,
        },
    }
}

/// async-graphql says which value a scalar refuses, and not which argument it was given for.
fn naming_the_argument(scene: &Scene<'_>, message: &str) -> String {
    let Some((_, refusal)) = message
        .strip_prefix("Failed to parse \"")
        .and_then(|rest| rest.split_once("\": "))
    else {
        return message.to_owned();
    };
    let mut given = scene
        .variables
        .iter()
        .filter_map(|(name, value)| Some((name, value.as_str()?)));
    match given.find(|(_, value)| refusal.contains(&format!("`{value}`"))) {
        Some((name, _)) => format!("`{name}`: {refusal}"),
        None => refusal.to_owned(),
    }
}

/// What must not be lost to the bound on kinds comes first.
fn rank(class: Option<&str>) -> u8 {
    match class {
        Some("unavailable" | "unreachable" | "interrupted" | "timed_out" | "circuit_open" | "malformed") => 0,
        Some("throttled") => 1,
        Some("off") => 2,
        Some("unauthorized") => 3,
        Some("missing_scope" | "forbidden") => 4,
        Some("not_found" | "invalid") => 6,
        _ => 5,
    }
}

/// Whether a write that may have been carried out can be repeated is known after a look only, whatever its cause says.
fn retry(failure: &Failure) -> Option<Retry> {
    match failure.outcome {
        Outcome::NotDone => Some(failure.cause.retry()),
        Outcome::Unknown => None,
    }
}

fn reason(failure: &Failure, scene: &Scene<'_>) -> String {
    let what = match &failure.cause {
        Cause::Off { variables } => format!("off: {} not set", variables.join(", ")),
        Cause::NotFound { what } => format!("not_found: {what}"),
        Cause::Throttled { retry_after } => format!("rate limited until {}", clock(scene.now, *retry_after)),
        Cause::CircuitOpen { retry_after } => {
            format!("failing too often, paused until {}", clock(scene.now, *retry_after))
        }
        Cause::TimedOut { after } => format!("no answer within {} s", nearest_second(*after)),
        other => other.to_string(),
    };
    let what = clean(&what);
    match failure.outcome {
        Outcome::NotDone => what,
        Outcome::Unknown => {
            let look = match scene.catalog.readers_beside(scene.tool).as_slice() {
                [] => format!("look at {} itself", failure.backend),
                readers => format!("check with {}", quoted(readers, " or ")),
            };
            format!("{what}; the write may have been carried out: {look} before you repeat it")
        }
    }
}

fn fix(failure: &Failure) -> Option<String> {
    let usual = match &failure.cause {
        Cause::Off { variables } => Some(set(variables)),
        Cause::Unauthorized { variables, .. } if !variables.is_empty() => {
            Some(format!("Check {}", variables.join(", ")))
        }
        Cause::MissingScope { needed, .. } => Some(format!("Give the credentials the scope {}", clean(needed))),
        _ => None,
    };
    failure.hint.as_deref().map(clean).or(usual)
}

/// Each secret may also come from a file.
fn set(variables: &[impl AsRef<str>]) -> String {
    let names: Vec<_> = variables.iter().map(AsRef::as_ref).collect();
    let files: Vec<_> = names.iter().map(|name| format!("{name}_FILE")).collect();
    format!(
        "Set {} (or {}) and start the server again",
        names.join(" and "),
        files.join(" and ")
    )
}

/// The time of day, so that an agent that reads this later can tell; rounded up, so that it is not too early.
fn clock(now: Timestamp, wait: std::time::Duration) -> String {
    let wait = SignedDuration::from_secs(i64::try_from(whole_seconds(wait)).unwrap_or(i64::MAX));
    now.saturating_add(wait)
        .unwrap_or(now)
        .strftime("%H:%M:%SZ")
        .to_string()
}

fn whole_seconds(wait: std::time::Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// What is left of a call's time differs by a little from one request to the next, and says nothing.
fn nearest_second(time: std::time::Duration) -> u128 {
    (time.as_millis().saturating_add(500) / 1000).max(1)
}

fn quoted(names: &[&str], last: &str) -> String {
    let names: Vec<_> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((end, [])) => end.clone(),
        Some((end, rest)) => format!("{}{last}{end}", rest.join(", ")),
        None => String::new(),
    }
}

/// Words from outside: on one line, without control characters, no page of HTML, and not too many.
fn clean(words: &str) -> String {
    let lower = words.to_ascii_lowercase();
    if let Some(start) = ["<!doctype", "<html", "<head", "<body"]
        .iter()
        .filter_map(|tag| lower.find(tag))
        .min()
    {
        let before = words.get(..start).unwrap_or_default().trim();
        return format!(
            "{}(an HTML page)",
            if before.is_empty() {
                String::new()
            } else {
                format!("{} ", clean(before))
            }
        );
    }
    let visible: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(WORDS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// With a capital at its start and no stop at its end.
fn sentence(text: &str) -> String {
    let mut characters = text.trim_end_matches('.').chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

impl Problem {
    /// One kind of cause at like places, or one cause at any. Rate limits of one backend run out at slightly different
    /// times; they are one problem all the same. What Braid itself says has no kind, only words.
    fn is_alike(&self, other: &Self) -> bool {
        let waits = |problem: &Self| matches!(problem.retry, Some(Retry::After(_)));
        self.backend == other.backend
            && self.class == other.class
            && (self.reason == other.reason
                || waits(self) && waits(other)
                || self.class.is_some() && pattern(&self.place) == pattern(&other.place))
    }

    fn as_json(&self, rename: &impl Fn(&Path) -> Path) -> Value {
        let mut entry = serde_json::Map::new();
        let path = rename(&self.place).to_string();
        if !path.is_empty() {
            entry.insert("path".to_owned(), path.into());
        }
        if self.count > 1 {
            entry.insert("count".to_owned(), self.count.into());
        }
        if let Some(backend) = self.backend {
            entry.insert("backend".to_owned(), backend.into());
        }
        entry.insert("reason".to_owned(), self.reason.as_str().into());
        match self.retry {
            Some(Retry::After(wait)) => drop(entry.insert("retry_after_s".to_owned(), whole_seconds(wait).into())),
            Some(Retry::Soon) => drop(entry.insert("retry".to_owned(), true.into())),
            Some(Retry::Never) => drop(entry.insert("retry".to_owned(), false.into())),
            None => {}
        }
        if let Some(fix) = &self.fix {
            entry.insert("fix".to_owned(), fix.as_str().into());
        }
        Value::Object(entry)
    }

    fn as_text(&self) -> String {
        let backend = self.backend.map(|backend| format!("{backend}: ")).unwrap_or_default();
        let retry = match self.retry {
            Some(Retry::After(wait)) => format!(" Try again in {} s.", whole_seconds(wait)),
            Some(Retry::Soon) => " Trying again may help.".to_owned(),
            Some(Retry::Never) => " The same call will fail again.".to_owned(),
            None => String::new(),
        };
        let fix = self
            .fix
            .as_deref()
            .map(|fix| format!(" {}.", sentence(fix)))
            .unwrap_or_default();
        format!("{backend}{}.{retry}{fix}", self.reason.trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests;
