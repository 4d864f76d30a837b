//! Words to fields: what matches best comes first, and little is shown.
//!
//! What a field says of itself counts as well as its name, so that people's words lead to the vendor's: "starred" is in
//! the description of `stargazerCount`. A word that is in every description says little, and counts little.

use super::RUN_QUERY;
use super::atlas::{Atlas, Field};
use super::sdl;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How many fields are shown at most.
const SHOWN: usize = 6;

/// How good a field must be, compared with the best, to be shown.
const NEAR: f64 = 0.5;

/// Words that say nothing about what is looked for.
const EMPTY_WORDS: &[&str] = &[
    "a",
    "about",
    "all",
    "an",
    "and",
    "any",
    "are",
    "at",
    "be",
    "been",
    "by",
    "can",
    "could",
    "current",
    "currently",
    "did",
    "do",
    "does",
    "find",
    "for",
    "from",
    "get",
    "give",
    "got",
    "had",
    "has",
    "have",
    "how",
    "i",
    "in",
    "into",
    "is",
    "it",
    "its",
    "latest",
    "list",
    "look",
    "many",
    "me",
    "much",
    "my",
    "need",
    "now",
    "of",
    "on",
    "or",
    "our",
    "please",
    "see",
    "should",
    "show",
    "some",
    "tell",
    "that",
    "the",
    "their",
    "there",
    "these",
    "this",
    "those",
    "to",
    "us",
    "want",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "which",
    "who",
    "whom",
    "whose",
    "why",
    "will",
    "with",
    "would",
    "you",
    "your",
];

/// What people call the vendors' things, in words that stand in the schema.
const MEANT: &[(&str, &str)] = &[
    ("alarm", "monitor"),
    ("alert", "monitor"),
    ("build", "check"),
    ("chart", "metric"),
    ("ci", "check"),
    ("conversation", "channel"),
    ("dm", "direct"),
    ("graph", "metric"),
    ("mr", "pull"),
    ("pipeline", "check"),
    ("pr", "pull"),
    ("repo", "repository"),
    ("test", "check"),
];

/// Words that narrow what another one says: they alone lead anywhere.
const NARROWING: &[&str] = &["closed", "first", "last", "new", "old", "open", "recent"];

/// How much they count.
const NARROWS: f64 = 0.4;

/// A word that is meant counts a little less than one that was said.
const AS_MEANT: f64 = 0.9;

/// A field, and how well it matches.
pub(super) struct Hit<'a> {
    pub(super) parent: &'a str,
    pub(super) field: &'a Field,
    pub(super) score: f64,
}

/// What `search_schema` gives for these words.
pub(super) fn search(atlas: &Atlas, words: &str) -> Value {
    if let Some(name) = atlas.named(words.trim()) {
        let count = atlas.fields_of(name).len();
        let next = format!("This is all of it. Ask for what you need with {RUN_QUERY}.");
        return result(&sdl::whole(atlas, name), (count, count), &next);
    }
    let Ranked { hits, unknown } = ranked(atlas, words);
    if hits.is_empty() {
        let next = "Nothing matches these words. This is where every query begins: search for words that stand here, or \
                    for the name of a type.";
        return result(&sdl::roots(atlas), (0, 0), next);
    }
    let best = hits.first().map_or(0.0, |hit| hit.score);
    let near: Vec<_> = hits.iter().filter(|hit| hit.score >= best * NEAR).take(SHOWN).collect();
    let (text, shown) = sdl::around(atlas, &near);
    let example = near.first().map_or("Query", |hit| hit.parent);
    let nowhere = match unknown.as_slice() {
        [] => String::new(),
        words => format!("Nothing here is about {}. ", words.join(", ")),
    };
    let next = format!(
        "{nowhere}Ask for what you need with {RUN_QUERY}. To see all of a type, search for its name, e.g. `{example}`."
    );
    result(&text, (hits.len(), shown), &next)
}

fn result(schema: &str, (matched, shown): (usize, usize), next: &str) -> Value {
    json!({ "schema": schema, "matched": matched, "shown": shown, "next": next })
}

/// The fields that match, the best first, equal ones in the schema's order; and the words that match none.
pub(super) struct Ranked<'a> {
    pub(super) hits: Vec<Hit<'a>>,
    unknown: Vec<String>,
}

pub(super) fn ranked<'a>(atlas: &'a Atlas, words: &str) -> Ranked<'a> {
    let wanted: Vec<String> = split(words)
        .into_iter()
        .filter(|word| !EMPTY_WORDS.contains(&word.as_str()))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let candidates: Vec<_> = atlas
        .fields()
        .map(|(parent, field)| Candidate::of(atlas, parent, field))
        .collect();
    let mut scores = vec![(0.0, 0_u32); candidates.len()];
    let mut unknown = Vec::new();
    for word in &wanted {
        let found: Vec<f64> = candidates.iter().map(|candidate| candidate.meaning(word)).collect();
        let holders = found.iter().filter(|likeness| **likeness > 0.0).count();
        if holders == 0 {
            unknown.push(format!("`{word}`"));
            continue;
        }
        let narrows = if NARROWING.contains(&word.as_str()) {
            NARROWS
        } else {
            1.0
        };
        let weight = narrows * rarity(candidates.len(), holders);
        for ((score, matched), likeness) in scores.iter_mut().zip(found) {
            *score += likeness * weight;
            *matched += u32::from(likeness > 0.0);
        }
    }
    let known = wanted.len() - unknown.len();
    let all = f64::from(u32::try_from(known).unwrap_or(u32::MAX).max(1));
    let mut hits: Vec<_> = candidates
        .into_iter()
        .zip(scores)
        .filter(|(_, (score, _))| *score > 0.0)
        .map(|(candidate, (score, matched))| Hit {
            parent: candidate.parent,
            field: candidate.field,
            // Who has all the words comes before who has one of them very well.
            score: score * f64::from(matched) / all,
        })
        .collect();
    hits.sort_by(|left, right| right.score.total_cmp(&left.score));
    Ranked { hits, unknown }
}

/// A word that few have says more.
fn rarity(all: usize, holders: usize) -> f64 {
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    (1.0 + count(all) / count(holders.max(1))).ln()
}

/// A field with the words that it can be found by.
struct Candidate<'a> {
    parent: &'a str,
    field: &'a Field,
    name: Vec<String>,
    /// Of the type it stands in, and of the steps to it.
    place: Vec<String>,
    /// Of the type it gives.
    gives: Vec<String>,
    said: Vec<String>,
}

impl<'a> Candidate<'a> {
    fn of(atlas: &Atlas, parent: &'a str, field: &'a Field) -> Self {
        let way = atlas.way(parent).unwrap_or_default();
        let steps = way.iter().filter_map(|step| step.split('(').next());
        Self {
            parent,
            field,
            name: split(&field.name),
            place: steps.chain([parent]).flat_map(split).collect(),
            gives: split(&field.named),
            said: split(&field.description),
        }
    }

    /// How much this word speaks for the field, or what is meant by it.
    fn meaning(&self, word: &str) -> f64 {
        let meant = MEANT.iter().filter(|(said, _)| *said == word);
        let meant = meant.map(|(_, meant)| AS_MEANT * self.likeness(meant));
        meant.fold(self.likeness(word), f64::max)
    }

    /// How much this word speaks for the field.
    fn likeness(&self, word: &str) -> f64 {
        let has = |words: &[String]| words.iter().any(|own| own == word);
        let begins = |words: &[String]| {
            let alike = |own: &str| {
                // `merged` begins with `merge`; `checkout` has little to do with `check`.
                own.starts_with(word) || word.starts_with(own) && own.len() * 3 >= word.len() * 2
            };
            word.len() >= 4 && words.iter().any(|own| alike(own))
        };
        let means = |word: &str| toolgen::synonyms(word).any(|meant| meant == self.field.name);
        if means(word) || means(&format!("{word}s")) {
            5.0
        } else if has(&self.name) {
            // `pullRequest` is more of a pull request than `openPullRequestCount`.
            4.0 + 1.0 / f64::from(u32::try_from(self.name.len()).unwrap_or(u32::MAX).max(1))
        } else if begins(&self.name) || self.name.iter().any(|own| is_misspelt(word, own)) {
            3.0
        } else if has(&self.place) {
            2.0
        } else if has(&self.said) || has(&self.gives) {
            1.5
        } else if begins(&self.said) || begins(&self.gives) {
            1.0
        } else {
            0.0
        }
    }
}

fn is_misspelt(word: &str, own: &str) -> bool {
    word.len() >= 5 && word.len().abs_diff(own.len()) <= 2 && strsim::jaro_winkler(word, own) > 0.92
}

/// The words of a text or a name, in lower case and in the singular.
fn split(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for c in text.chars() {
        let begins = match before {
            None => true,
            // `openIssueCount`; but `URL` and `GitHub` are one word each, or stay findable by their parts.
            Some(before) => c.is_uppercase() && char::is_lowercase(before),
        };
        if !c.is_alphanumeric() {
            before = None;
            continue;
        }
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    words.into_iter().map(singular).collect()
}

fn singular(word: String) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word,
    }
}
