//! Composed documents are valid at GitHub, and hold nothing that a caller gave.

use super::*;
use crate::backends::github::fields::List;
use crate::backends::github::wanted::Wanted;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};

/// The whole public schema of GitHub, for the comparison with our part of it:
/// `BRAID_GITHUB_FULL_SCHEMA=path/to/schema.graphql cargo test --lib github::document`.
const FULL_SCHEMA: &str = "BRAID_GITHUB_FULL_SCHEMA";

/// Writes `lookups.graphql` anew, after the table has changed.
const REFRESH: &str = "REFRESH_GITHUB_OPERATIONS";

fn part() -> Valid<Schema> {
    let text = include_str!("../../../../schema/github.graphql");
    Schema::parse_and_validate(text, "schema/github.graphql").unwrap()
}

fn full() -> Option<Valid<Schema>> {
    let path = std::env::var(FULL_SCHEMA).ok()?;
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{FULL_SCHEMA}={path}: {error}"));
    // As it is published it has a field twice, which does not matter here.
    let schema = Schema::parse(text, path).unwrap_or_else(|errors| errors.partial);
    Some(Valid::assume_valid(schema))
}

fn everything(kind: Kind) -> Wanted {
    let mut wanted = Wanted::default();
    for field in kind.fields() {
        wanted.add(field, 100, field.of.map(everything).unwrap_or_default());
    }
    wanted
}

fn ask(lookup: Lookup, wanted: Wanted) -> Ask {
    Ask { lookup, wanted }
}

fn names() -> (String, String) {
    ("rust-lang".to_owned(), "cargo".to_owned())
}

fn lookups() -> Vec<Lookup> {
    let ((owner, name), number) = (names(), 612);
    vec![
        Lookup::Repository {
            owner: owner.clone(),
            name: name.clone(),
        },
        Lookup::PullRequest {
            owner: owner.clone(),
            name: name.clone(),
            number,
        },
        Lookup::Issue { owner, name, number },
        Lookup::Resource {
            url: "https://github.com/rust-lang/cargo".to_owned(),
        },
        Lookup::SearchRepositories {
            query: "language:rust".to_owned(),
            first: 100,
            after: None,
        },
    ]
}

fn all_of_everything() -> Document {
    let asks: Vec<Ask> = lookups()
        .into_iter()
        .map(|lookup| {
            let wanted = everything(lookup.kind());
            ask(lookup, wanted)
        })
        .collect();
    compose(&asks)
}

fn parsed(schema: &Valid<Schema>, text: &str) -> Valid<ExecutableDocument> {
    ExecutableDocument::parse_and_validate(schema, text, "composed.graphql")
        .unwrap_or_else(|error| panic!("{}\n{text}", error.errors))
}

#[test]
fn lookups_graphql_is_what_is_composed_when_everything_is_wanted() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/backends/github/operations/lookups.graphql"
    );
    let composed = parsed(&part(), &all_of_everything().text).to_string();
    if std::env::var_os(REFRESH).is_some() {
        std::fs::write(path, &composed).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        composed,
        "after a change of the table run the tests once with {REFRESH}=1"
    );
}

#[test]
fn each_field_alone_makes_a_valid_document() {
    let schema = part();
    for lookup in lookups() {
        let kind = lookup.kind();
        parsed(&schema, &compose(&[ask(lookup.clone(), Wanted::default())]).text);
        for field in kind.fields() {
            for below in [Wanted::default(), field.of.map(everything).unwrap_or_default()] {
                let mut wanted = Wanted::default();
                wanted.add(field, 7, below);
                parsed(&schema, &compose(&[ask(lookup.clone(), wanted)]).text);
            }
        }
    }
}

#[test]
fn different_lengths_of_one_list_do_not_clash() {
    let of_length = |first| {
        let mut wanted = Wanted::default();
        let languages = Kind::Repository.field("languages").unwrap();
        assert_eq!(languages.list, List::First);
        wanted.add(languages, first, everything(Kind::Language));
        wanted
    };
    let asks: Vec<Ask> = [5, 10]
        .into_iter()
        .map(|first| {
            let (owner, name) = names();
            ask(
                Lookup::Repository {
                    owner,
                    name: format!("{name}-{first}"),
                },
                of_length(first),
            )
        })
        .collect();
    let document = compose(&asks);
    parsed(&part(), &document.text);
    assert!(document.text.contains("languages(first: 5,"), "{}", document.text);
    assert!(document.text.contains("languages(first: 10,"), "{}", document.text);
}

#[test]
fn equal_selections_share_a_fragment() {
    let asks: Vec<Ask> = (1..=100)
        .map(|number| {
            ask(
                Lookup::Resource {
                    url: format!("https://github.com/acme/checkout/pull/{number}"),
                },
                everything(Kind::Object),
            )
        })
        .collect();
    let document = compose(&asks);
    parsed(&part(), &document.text);
    assert_eq!(document.text.matches("fragment ").count(), 1);
    assert_eq!(document.variables.len(), 100);
}

#[test]
fn what_a_caller_gave_is_in_the_variables_only() {
    let hostile = "x\") { viewer { login } } #";
    let asks = [
        ask(
            Lookup::Repository {
                owner: hostile.to_owned(),
                name: hostile.to_owned(),
            },
            everything(Kind::Repository),
        ),
        ask(
            Lookup::SearchRepositories {
                query: hostile.to_owned(),
                first: 10,
                after: Some(hostile.to_owned()),
            },
            everything(Kind::RepositoryPage),
        ),
        ask(
            Lookup::Resource {
                url: hostile.to_owned(),
            },
            Wanted::default(),
        ),
    ];
    let document = compose(&asks);
    parsed(&part(), &document.text);
    assert!(!document.text.contains("viewer"), "{}", document.text);
    let given = document.variables.values().filter(|value| *value == hostile);
    assert_eq!(given.count(), 5);
}

#[test]
fn only_what_is_wanted_is_asked() {
    let (owner, name) = names();
    let mut wanted = Wanted::default();
    wanted.add(Kind::Repository.field("stargazerCount").unwrap(), 0, Wanted::default());
    let document = compose(&[ask(Lookup::Repository { owner, name }, wanted)]);
    assert_eq!(
        document.text,
        "query Lookups($owner0: String!, $name0: String!) {\n  \
           l0: repository(owner: $owner0, name: $name0) { ...F0 }\n  \
           rateLimit { cost remaining resetAt }\n\
         }\n\
         fragment F0 on Repository { stargazerCount }\n"
    );
}

#[test]
fn our_part_agrees_with_the_whole_schema() {
    let Some(full) = full() else {
        return;
    };
    let part = part();
    parsed(&full, &all_of_everything().text);
    parsed(&full, include_str!("../operations/viewer.graphql"));
    for (name, ours) in &part.types {
        if ours.is_built_in() {
            continue;
        }
        let theirs = full.types.get(name).unwrap_or_else(|| panic!("GitHub has no {name}"));
        assert_eq!(ours.describe(), theirs.describe(), "{name}");
        assert!(ours.members().is_subset(&theirs.members()), "{name}");
        for (field, ours) in ours.fields() {
            let theirs = theirs.fields().remove(&field);
            let theirs = theirs.unwrap_or_else(|| panic!("GitHub has no {name}.{field}"));
            assert_eq!(ours.ty, theirs.ty, "{name}.{field}");
            assert!(
                theirs.directives.get("deprecated").is_none(),
                "{name}.{field} is deprecated"
            );
            for argument in &ours.arguments {
                let theirs = theirs.argument_by_name(&argument.name);
                let theirs = theirs.unwrap_or_else(|| panic!("GitHub has no {name}.{field}({}:)", argument.name));
                assert_eq!(argument.ty, theirs.ty, "{name}.{field}({}:)", argument.name);
            }
        }
    }
}

/// What of a type is compared.
trait Compared {
    /// What kind of type it is.
    fn describe(&self) -> &'static str;
    /// Its enum values, input fields with their types, union members or interfaces.
    fn members(&self) -> std::collections::BTreeSet<String>;
    /// Its fields.
    fn fields(&self) -> std::collections::BTreeMap<String, apollo_compiler::ast::FieldDefinition>;
}

impl Compared for apollo_compiler::schema::ExtendedType {
    fn describe(&self) -> &'static str {
        match self {
            Self::Scalar(_) => "scalar",
            Self::Object(_) => "type",
            Self::Interface(_) => "interface",
            Self::Union(_) => "union",
            Self::Enum(_) => "enum",
            Self::InputObject(_) => "input",
        }
    }

    fn members(&self) -> std::collections::BTreeSet<String> {
        match self {
            Self::Scalar(_) => std::collections::BTreeSet::new(),
            Self::Object(object) => object.implements_interfaces.iter().map(ToString::to_string).collect(),
            Self::Interface(interface) => interface
                .implements_interfaces
                .iter()
                .map(ToString::to_string)
                .collect(),
            Self::Union(union) => union.members.iter().map(ToString::to_string).collect(),
            Self::Enum(values) => values.values.keys().map(ToString::to_string).collect(),
            Self::InputObject(input) => {
                let fields = input.fields.iter();
                fields.map(|(name, field)| format!("{name}: {}", field.ty)).collect()
            }
        }
    }

    fn fields(&self) -> std::collections::BTreeMap<String, apollo_compiler::ast::FieldDefinition> {
        let fields = match self {
            Self::Object(object) => &object.fields,
            Self::Interface(interface) => &interface.fields,
            _ => return std::collections::BTreeMap::new(),
        };
        let definition = |(name, field): (&apollo_compiler::Name, &apollo_compiler::Node<_>)| {
            let field: &apollo_compiler::ast::FieldDefinition = field;
            (name.to_string(), field.clone())
        };
        fields.iter().map(definition).collect()
    }
}
