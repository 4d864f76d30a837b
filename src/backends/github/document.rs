//! One GraphQL document out of many look-ups: an alias for each, over fragments. What callers gave goes into variables,
//! never into the text; the text holds only names of ours, the table's snippets and list lengths.

use super::fields::Kind;
use super::lookup::{Ask, Lookup};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fmt::Write as _;

/// A document, ready to be sent.
#[derive(Debug)]
pub struct Document {
    /// The GraphQL text.
    pub text: String,
    /// The values of its variables.
    pub variables: Map<String, Value>,
}

/// The alias of the look-up at this place.
pub fn alias(index: usize) -> String {
    format!("l{index}")
}

/// Whether a response key is the alias of a look-up.
pub fn is_alias(key: &str) -> bool {
    key.strip_prefix('l')
        .is_some_and(|index| index.parse::<usize>().is_ok())
}

/// The document that asks for all of these, the first as [`alias`] 0.
pub fn compose(asks: &[Ask]) -> Document {
    let mut composer = Composer::default();
    for (index, ask) in asks.iter().enumerate() {
        composer.add(index, ask);
    }
    composer.finish()
}

#[derive(Default)]
struct Composer {
    declared: Vec<String>,
    variables: Map<String, Value>,
    fields: String,
    fragments: String,
    /// Equal selections share a fragment: a hundred links cost the text of one.
    names: HashMap<(Kind, String), String>,
}

impl Composer {
    fn add(&mut self, index: usize, ask: &Ask) {
        let alias = alias(index);
        let selection = ask.wanted.selection(ask.lookup.kind());
        let field = match &ask.lookup {
            Lookup::Repository { owner, name } => {
                let of = self.fragment(Kind::Repository, selection);
                let repository = self.repository(index, owner, name);
                format!("{repository} {{ ...{of} }}")
            }
            Lookup::PullRequest { owner, name, number } => {
                let of = self.fragment(Kind::PullRequest, selection);
                let repository = self.repository(index, owner, name);
                let number = self.variable(format!("number{index}"), "Int!", (*number).into());
                format!("{repository} {{ pullRequest(number: {number}) {{ ...{of} }} }}")
            }
            Lookup::Issue { owner, name, number } => {
                let of = self.fragment(Kind::Issue, selection);
                let repository = self.repository(index, owner, name);
                let number = self.variable(format!("number{index}"), "Int!", (*number).into());
                format!("{repository} {{ issue(number: {number}) {{ ...{of} }} }}")
            }
            Lookup::Resource { url } => {
                let of = self.fragment(Kind::Object, selection);
                let url = self.variable(format!("url{index}"), "URI!", url.as_str().into());
                format!("resource(url: {url}) {{ ...{of} }}")
            }
            Lookup::SearchRepositories { query, first, after } => {
                let of = self.fragment(Kind::RepositoryPage, selection);
                let query = self.variable(format!("query{index}"), "String!", query.as_str().into());
                let first = self.variable(format!("first{index}"), "Int!", (*first).into());
                let after = self.variable(format!("after{index}"), "String", after.clone().into());
                format!("search(type: REPOSITORY, query: {query}, first: {first}, after: {after}) {{ ...{of} }}")
            }
        };
        // Writing to a string cannot fail.
        let _ = writeln!(self.fields, "  {alias}: {field}");
    }

    fn repository(&mut self, index: usize, owner: &str, name: &str) -> String {
        let owner = self.variable(format!("owner{index}"), "String!", owner.into());
        let name = self.variable(format!("name{index}"), "String!", name.into());
        format!("repository(owner: {owner}, name: {name})")
    }

    fn variable(&mut self, name: String, ty: &str, value: Value) -> String {
        self.declared.push(format!("${name}: {ty}"));
        let used = format!("${name}");
        self.variables.insert(name, value);
        used
    }

    fn fragment(&mut self, kind: Kind, selection: String) -> String {
        let selection = match kind {
            // Enough for an object of a kind that we do not know.
            Kind::Object => format!("__typename url {}", selection.trim_start_matches("__typename")),
            _ => selection,
        };
        if let Some(name) = self.names.get(&(kind, selection.clone())) {
            return name.clone();
        }
        let name = format!("F{}", self.names.len());
        let on = github_type(kind);
        let _ = writeln!(self.fragments, "fragment {name} on {on} {{ {} }}", selection.trim_end());
        self.names.insert((kind, selection), name.clone());
        name
    }

    fn finish(self) -> Document {
        let declared = if self.declared.is_empty() {
            String::new()
        } else {
            format!("({})", self.declared.join(", "))
        };
        Document {
            text: format!(
                "query Lookups{declared} {{\n{}  rateLimit {{ cost remaining resetAt }}\n}}\n{}",
                self.fields, self.fragments
            ),
            variables: self.variables,
        }
    }
}

/// GitHub's type that a fragment for this kind stands on.
fn github_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Object => "UniformResourceLocatable",
        Kind::RepositoryPage => "SearchResultItemConnection",
        kind => kind.type_name(),
    }
}

#[cfg(test)]
mod tests;
