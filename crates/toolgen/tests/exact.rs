//! Every response that the schema allows, shaped, is what the output schema says: for each shipped tool, and for
//! operations that use what these leave out.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says so when something is wrong"
)]

#[path = "support/shipped.rs"]
mod support;

use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::schema::{ExtendedType, Type};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Node, Schema};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use toolgen::{Options, Source, ToolSpec, shape};

/// What the shipped tools leave out: unions at the root and in lists of lists, null scalars in lists, interfaces,
/// fragments that overlap, conditions, scalars of any kind.
const ODD_SCHEMA: &str = "
type Query { odd: Odd! }
type Odd {
  node(id: ID): Node
  things: [Thing]
  matrix: [[Int]!]
  rows: [[Thing!]]
  names: [String]
  people: [Person]
  any: Anything
  anys: [Anything]
  moment: DateTime
}
interface Node { id: ID! name: String }
type Person implements Node { id: ID! name: String friend: Person boss: Node tags: [String] score: Float }
type Robot implements Node { id: ID! name: String model: Model! }
type Dust { weight: Float }
union Thing = Person | Robot | Dust
enum Model { A B }
scalar Anything
scalar DateTime
schema { query: Query }
";

const ODD_OPERATIONS: [&str; 8] = [
    "query A { odd { node { __typename name ... on Robot { model } ...P } } } fragment P on Person { friend { name } score }",
    "query A { odd { things { __typename ... on Person { id friend { friend { name } } } ... on Dust { weight } } } }",
    "query A { odd { matrix rows { __typename ... on Node { id } } names people { name } } }",
    "query A { odd { names people { friend { tags } } any anys moment } }",
    "query A { odd { people { friend { id } } } }",
    "query A($x: Boolean! = true) { odd { people { name @include(if: $x) boss { __typename } } names @skip(if: $x) } }",
    "query A { odd { people { __typename id } other: people { id name friend { name } } } odd { people { name } } }",
    "query A { odd { people { boss { __typename ... on Person { boss { __typename id } } } } } }",
];

struct Case {
    tool: ToolSpec,
    validator: jsonschema::Validator,
    schema: Valid<Schema>,
    document: Valid<ExecutableDocument>,
}

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let shipped = support::COMPILER.compile(&support::SHIPPED);
    let errors: Vec<_> = shipped.errors().map(toolgen::Diagnostic::render).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let odd = ODD_OPERATIONS.iter().enumerate().map(|(number, text)| Source {
        path: format!("queries/odd/odd_{number}.graphql"),
        text: format!("\"Does it.\"\n{text}"),
    });
    let odd = toolgen::compile(ODD_SCHEMA, &odd.collect::<Vec<_>>(), &Options::default());
    assert_eq!(odd.tools.len(), ODD_OPERATIONS.len(), "{:#?}", odd.diagnostics);
    let shipped = shipped.tools.into_iter().map(|tool| case(&support::SCHEMA, tool));
    shipped
        .chain(odd.tools.into_iter().map(|tool| case(ODD_SCHEMA, tool)))
        .collect()
});

fn case(schema: &str, tool: ToolSpec) -> Case {
    let schema = Schema::parse_and_validate(schema, "schema").unwrap();
    let document = ExecutableDocument::parse_and_validate(&schema, &tool.document, "document").unwrap();
    let validator = jsonschema::validator_for(&Value::Object((*tool.output_schema).clone())).unwrap();
    Case {
        tool,
        validator,
        schema,
        document,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_shaped_response_is_what_the_output_schema_says(seed: u64) {
        for case in CASES.iter() {
            let mut executor = Executor { case, random: seed };
            let data = executor.run();
            let result = Value::Object(shape::apply(&case.tool.shape, data.clone()));
            // Nothing at all is a failed call: it has no result to be validated.
            if result != json!({}) {
                let errors: Vec<_> = case.validator.iter_errors(&result).map(|e| format!("{}: {e}", e.instance_path())).collect();
                prop_assert!(errors.is_empty(), "{}\n{}\nof {data}\nis {result}", case.tool.document, errors.join("\n"));
            }
        }
    }
}

/// The property is worth something only if wrong results do not pass.
#[test]
fn the_output_schema_refuses_what_is_not_asked_for() {
    for case in CASES.iter() {
        for wrong in [json!({"unasked": 1}), json!({"problems": "none"}), json!([])] {
            assert!(!case.validator.is_valid(&wrong), "{} takes {wrong}", case.tool.name);
        }
    }
}

/// What MCP Inspector's `--strict` and pickier clients complain of.
#[test]
fn schemas_keep_to_the_portable_subset() {
    fn check(tool: &str, at: &str, schema: &Value) {
        let Some(schema) = schema.as_object() else {
            panic!("{tool} {at}: a boolean schema")
        };
        let constrains = ["type", "anyOf", "enum", "const"]
            .iter()
            .any(|key| schema.contains_key(*key));
        assert!(constrains, "{tool} {at}: constrains nothing");
        assert!(
            schema.get("type").is_none_or(Value::is_string),
            "{tool} {at}: several types"
        );
        for key in ["$schema", "$ref", "$defs", "oneOf", "allOf", "prefixItems"] {
            assert!(!schema.contains_key(key), "{tool} {at}: {key}");
        }
        for (key, below) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            check(tool, &format!("{at}.{key}"), below);
        }
        for below in schema
            .get("anyOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .chain(schema.get("items"))
        {
            check(tool, &format!("{at}.*"), below);
        }
    }
    for Case { tool, .. } in CASES.iter() {
        check(&tool.name, "in", &Value::Object((*tool.input_schema).clone()));
        check(&tool.name, "out", &Value::Object((*tool.output_schema).clone()));
        assert_eq!(tool.input_schema["type"], "object");
        assert!(!tool.input_schema.contains_key("anyOf"), "{}", tool.name);
        assert_eq!(tool.output_schema["type"], "object");
    }
}

/// Answers an operation at random, as an executor of the schema might.
struct Executor<'c> {
    case: &'c Case,
    random: u64,
}

impl<'c> Executor<'c> {
    fn run(&mut self) -> Value {
        let operation = self.case.document.operations.iter().next().unwrap();
        let ty = operation.object_type().as_str();
        self.object(ty, &[&operation.selection_set])
    }

    fn object(&mut self, ty: &str, sets: &[&'c SelectionSet]) -> Value {
        let mut fields = Vec::new();
        for set in sets {
            self.collect(ty, set, &mut fields);
        }
        let mut object = Map::new();
        for (key, all) in fields {
            let below: Vec<_> = all.iter().filter_map(|field| field.selection_set.as_ref()).collect();
            let value = match all[0].name.as_str() {
                "__typename" => json!(ty),
                _ => self.value(&all[0].definition.ty, &below),
            };
            object.insert(key.to_owned(), value);
        }
        Value::Object(object)
    }

    fn collect(&mut self, ty: &str, set: &'c SelectionSet, fields: &mut Vec<(&'c str, Vec<&'c Node<Field>>)>) {
        for selection in &set.selections {
            let conditional = selection.directives().has("include") || selection.directives().has("skip");
            if conditional && self.below(2) == 0 {
                continue;
            }
            match selection {
                Selection::Field(field) => {
                    let key = field.response_name().as_str();
                    match fields.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, all)) => all.push(field),
                        None => fields.push((key, vec![field])),
                    }
                }
                Selection::InlineFragment(inline) => {
                    if inline
                        .type_condition
                        .as_ref()
                        .is_none_or(|condition| self.is(ty, condition))
                    {
                        self.collect(ty, &inline.selection_set, fields);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.case.document.fragments[&spread.fragment_name];
                    if self.is(ty, fragment.type_condition()) {
                        self.collect(ty, &fragment.selection_set, fields);
                    }
                }
            }
        }
    }

    fn is(&self, ty: &str, condition: &str) -> bool {
        ty == condition || self.case.schema.is_subtype(condition, ty)
    }

    fn value(&mut self, ty: &Type, sets: &[&'c SelectionSet]) -> Value {
        if !ty.is_non_null() && self.below(4) == 0 {
            return Value::Null;
        }
        if ty.is_list() {
            let length = self.below(4);
            return (0..length).map(|_| self.value(ty.item_type(), sets)).collect();
        }
        let name = ty.inner_named_type().as_str();
        match self.case.schema.types.get(name) {
            Some(ExtendedType::Object(_)) => self.object(name, sets),
            Some(ExtendedType::Enum(names)) => {
                let chosen = self.below(names.values.len());
                json!(names.values[chosen].value.as_str())
            }
            Some(ExtendedType::Interface(_) | ExtendedType::Union(_)) => {
                let schema = &self.case.schema;
                let objects = schema
                    .types
                    .iter()
                    .filter(|(_, ty)| ty.is_object())
                    .map(|(object, _)| object.as_str());
                let possible: Vec<&str> = objects.filter(|object| schema.is_subtype(name, object)).collect();
                let chosen = self.below(possible.len());
                self.object(possible[chosen], sets)
            }
            _ => match name {
                "Int" => json!(self.below(100)),
                "Float" => [json!(0.5), json!(3)][self.below(2)].clone(),
                "Boolean" => json!(self.below(2) == 0),
                "Anything" => [
                    json!({"a": [null]}),
                    json!([1, {}]),
                    json!("x"),
                    json!(1.5),
                    json!(true),
                ][self.below(5)]
                .clone(),
                _ => json!("text"),
            },
        }
    }

    /// A number below `limit` (splitmix64: the property's seed decides it all).
    fn below(&mut self, limit: usize) -> usize {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit.max(1) as u64).unwrap()
    }
}
