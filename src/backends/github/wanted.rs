//! What is wanted of an object: the fields of the unified schema that a query selected, as a tree of our own.

use super::fields::{Field, Kind, List};
use std::collections::BTreeMap;

/// The fields that are wanted of an object of one [`Kind`], and of the objects in them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wanted {
    parts: BTreeMap<&'static str, Part>,
}

/// What is wanted of one field.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Part {
    /// How many elements of a list; zero where it is none.
    first: u8,
    /// What of the object or of each element.
    of: Wanted,
}

impl Wanted {
    /// Adds a field, with what is wanted below it. `first` counts where the field is a list of the caller's length.
    pub fn add(&mut self, field: &'static Field, first: u8, of: Self) {
        let first = match field.list {
            List::No => 0,
            List::First => first.max(1),
            List::Fixed(length) => length,
        };
        self.parts.entry(field.name).or_default().unite(&Part { first, of });
    }

    /// Everything that either wants.
    pub fn unite(&mut self, other: &Self) {
        for (name, part) in &other.parts {
            self.parts.entry(name).or_default().unite(part);
        }
    }

    /// What this wants and `known` does not have. A list that does not suffice is wanted anew and whole, so that what
    /// comes may stand in its place.
    #[must_use]
    pub fn lacking(&self, known: &Self) -> Self {
        let lacking = |(name, part): (&&'static str, &Part)| {
            let rest = match known.parts.get(name) {
                Some(known) => part.lacking(known),
                None => Some(part.clone()),
            };
            rest.map(|rest| (*name, rest))
        };
        Self {
            parts: self.parts.iter().filter_map(lacking).collect(),
        }
    }

    /// Whether nothing is wanted.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The wish for a member of a union.
    #[must_use]
    pub fn as_member(self, name: &'static str) -> Self {
        Self {
            parts: BTreeMap::from([(name, Part { first: 0, of: self })]),
        }
    }

    /// What is wanted of a member of a union.
    #[must_use]
    pub fn of_member(&self, name: &str) -> Self {
        self.parts.get(name).map(|part| part.of.clone()).unwrap_or_default()
    }

    /// How many nodes GitHub counts for it, at most: a list by the length that is asked for
    /// ("Rate limits and query limits for the GraphQL API").
    pub fn nodes(&self) -> usize {
        let nodes = |part: &Part| usize::from(part.first.max(1)) * (1 + part.of.nodes());
        self.parts.values().map(nodes).sum()
    }

    /// The GraphQL selection, without its braces, in the order of the table; `__typename` where nothing is wanted.
    pub fn selection(&self, kind: Kind) -> String {
        let mut snippets: Vec<String> = Vec::new();
        for field in kind.fields() {
            let Some(part) = self.parts.get(field.name) else {
                continue;
            };
            let mut snippet = field.snippet.replace("<first>", &part.first.to_string());
            if let Some(of) = field.of {
                snippet = snippet.replace("<of>", &part.of.selection(of));
            }
            // Two fields may need the same of GitHub.
            if !snippets.contains(&snippet) {
                snippets.push(snippet);
            }
        }
        if snippets.is_empty() {
            "__typename".to_owned()
        } else {
            snippets.join(" ")
        }
    }
}

impl Part {
    fn unite(&mut self, other: &Self) {
        self.first = self.first.max(other.first);
        self.of.unite(&other.of);
    }

    fn lacking(&self, known: &Self) -> Option<Self> {
        let of = self.of.lacking(&known.of);
        if self.first <= known.first && of.is_empty() {
            return None;
        }
        if self.first == 0 {
            return Some(Self { first: 0, of });
        }
        let mut whole = self.clone();
        whole.unite(known);
        Some(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(kind: Kind, names: &[&str]) -> Wanted {
        let mut wanted = Wanted::default();
        for name in names {
            wanted.add(kind.field(name).unwrap(), 0, Wanted::default());
        }
        wanted
    }

    fn languages(first: u8, of: &[&str]) -> Wanted {
        let mut repository = Wanted::default();
        let field = Kind::Repository.field("languages").unwrap();
        repository.add(field, first, wanted(Kind::Language, of));
        repository
    }

    #[test]
    fn a_union_has_the_fields_of_both_and_the_longer_list() {
        let mut both = languages(5, &["name"]);
        both.unite(&languages(10, &["size"]));
        assert_eq!(
            both.selection(Kind::Repository),
            "languages(first: 10, orderBy: {field: SIZE, direction: DESC}) { edges { node { name } size } }"
        );
    }

    #[test]
    fn what_is_known_is_not_lacking() {
        let known = wanted(Kind::Repository, &["name", "url"]);
        assert!(wanted(Kind::Repository, &["url"]).lacking(&known).is_empty());
        assert_eq!(
            wanted(Kind::Repository, &["url", "forkCount"]).lacking(&known),
            wanted(Kind::Repository, &["forkCount"])
        );
    }

    #[test]
    fn a_shorter_list_is_known_and_a_longer_one_is_lacking_whole() {
        let known = languages(10, &["name"]);
        assert!(languages(5, &["name"]).lacking(&known).is_empty());
        assert_eq!(languages(20, &["name"]).lacking(&known), languages(20, &["name"]));
        assert_eq!(
            languages(5, &["size"]).lacking(&known),
            languages(10, &["name", "size"])
        );
    }

    #[test]
    fn of_an_object_only_its_lacking_fields_are_asked() {
        let owner = |names: &[&str]| {
            let mut repository = Wanted::default();
            repository.add(Kind::Repository.field("owner").unwrap(), 0, wanted(Kind::Actor, names));
            repository
        };
        assert_eq!(owner(&["login", "url"]).lacking(&owner(&["login"])), owner(&["url"]));
    }

    #[test]
    fn two_fields_that_need_the_same_ask_once() {
        let repository = wanted(Kind::Repository, &["nameWithOwner", "pullRequest"]);
        assert_eq!(repository.selection(Kind::Repository), "nameWithOwner");
    }

    #[test]
    fn nodes_are_counted_by_the_length_that_is_asked_for() {
        assert_eq!(languages(100, &["name"]).nodes(), 200);
        assert_eq!(wanted(Kind::Repository, &["name", "url"]).nodes(), 2);
    }
}
