//! What a compiled operation is: plain data, the one thing that crosses from build time to run time.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A named GraphQL operation as a tool: what an agent sees of it and what is needed to run it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolSpec {
    /// The tool's name, its file's stem.
    pub name: String,
    /// The folder below `queries/` it stands in.
    pub group: String,
    /// A short name for people, where the operation gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What the tool does, for the agent.
    pub description: String,
    /// Whether it reads or writes.
    pub kind: OperationKind,
    /// The operation's name in the document.
    pub operation: String,
    /// What is executed: the operation and the fragments it uses, without descriptions and Braid's own directives.
    pub document: String,
    /// The backends of its root fields, sorted.
    pub backends: Vec<String>,
    /// Hints for the client.
    pub annotations: Annotations,
    /// The arguments in the order of the file.
    pub arguments: Vec<Argument>,
    /// JSON Schema of the arguments.
    pub input_schema: Arc<Map<String, Value>>,
    /// JSON Schema of the shaped result.
    pub output_schema: Arc<Map<String, Value>>,
    /// How the response becomes the result.
    pub shape: RootShape,
    /// How the result is written where text alone is wanted.
    #[serde(default)]
    pub rendering: Rendering,
    /// The lists of the result.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<ListSpec>,
    /// The fields that keep more of the room than those beside them, where the result is cut.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
    /// The file it comes from, as it was named to the compiler.
    pub source: String,
    /// The file's text as it is, with comments and descriptions; empty where there is no file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Variables that the agent neither sees nor sets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<Hidden>,
    /// The result's byte budget, where it differs from the server's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u32>,
    /// What a call costs upstream and in the agent's context.
    #[serde(default)]
    pub cost: Cost,
    /// What a credential must allow, by backend, each list sorted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scopes: BTreeMap<String, Vec<String>>,
}

/// Whether an operation reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// A query.
    Query,
    /// A mutation.
    Mutation,
}

/// MCP's tool annotations; they are hints, and true ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four hints that are independent, as the protocol has them"
)]
pub struct Annotations {
    /// Changes nothing.
    pub read_only: bool,
    /// May destroy or overwrite something.
    pub destructive: bool,
    /// A second call with the same arguments changes nothing more.
    pub idempotent: bool,
    /// Reaches things that nobody listed beforehand.
    pub open_world: bool,
}

/// One argument of a tool, a variable of its operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Argument {
    /// The variable's name.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it takes.
    pub input: Input,
    /// Whether it must be given.
    pub required: bool,
    /// Whether an explicit `null` is taken.
    pub nullable: bool,
    /// What stands for it when it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// How small or large it may be.
    #[serde(default, skip_serializing_if = "Bounds::is_empty")]
    pub bounds: Bounds,
    /// Values to imitate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Value>,
}

/// How small or large a value may be; each bound is allowed itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// The least number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The greatest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// The fewest characters of a string (Unicode scalar values), or items of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// The most characters of a string (Unicode scalar values), or items of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
}

impl Bounds {
    /// Whether nothing is bounded.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A variable that is set by the server, not by the agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hidden {
    /// The variable's name.
    pub name: String,
    /// What it takes.
    pub input: Input,
    /// Where its value comes from.
    pub source: HiddenSource,
    /// What stands for it when the source has nothing; without it, a non-null variable fails the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// Whether it may be left out when there is neither a value nor a default.
    pub nullable: bool,
}

/// Where a hidden variable's value comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HiddenSource {
    /// Always this.
    Fixed(Value),
    /// The HTTP request's header of this name, in lower case.
    Header(String),
}

/// What a call costs: upstream at least and at most, and in the agent's context at worst.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Upstream requests when everything is found at the first try and lists are empty.
    pub requests_least: u64,
    /// Upstream requests when every list is full.
    pub requests_most: u64,
    /// What backends meter, at most, by the name the weights give it, e.g. `github points`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub units: BTreeMap<String, u64>,
    /// The result's size when every list is full, in tokens, before the byte budget cuts it.
    pub result_tokens: u64,
    /// Where most of each comes from, by the names that a budget's findings use.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub origins: BTreeMap<String, Origin>,
}

/// The field that most of a cost comes from, and where it is written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The field's name.
    pub field: String,
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// How many characters.
    pub width: usize,
    /// The line's text.
    pub source_line: String,
}

/// What a value of an argument may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// A string; a JSON integer is taken as well (ids and moments, which models like to write as numbers).
    Id,
    /// A string and nothing else.
    String,
    /// A 32-bit integer.
    Int,
    /// A number.
    Float,
    /// `true` or `false`.
    Boolean,
    /// One of these names; matched without case, `_`, `-` and spaces.
    Enum(Vec<String>),
    /// Any JSON value, for a scalar the compiler knows nothing of.
    Any,
    /// A list.
    List {
        /// What each item is.
        item: Box<Input>,
        /// Whether an item may be `null`.
        nullable: bool,
    },
    /// An input object.
    Object(Vec<Argument>),
}

/// How a whole response becomes a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RootShape {
    /// The response keys that come off, from the root inwards.
    pub unwrap: Vec<String>,
    /// What becomes of the rest; an `Object` or an `Abstract`.
    pub inner: Shape,
}

/// How one value of a response becomes a value of the result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A scalar or an enum: itself.
    Leaf,
    /// A list, each element in this shape.
    List(Box<Shape>),
    /// An object with several keys.
    Object(Vec<(String, Shape)>),
    /// An object selected for one field only: replaced by that field.
    Collapse {
        /// The one response key.
        key: String,
        /// The shape of what stands under it.
        inner: Box<Shape>,
    },
    /// A union or an interface: the fields by the `__typename` of the value.
    Abstract(BTreeMap<String, Vec<(String, Shape)>>),
}

/// How a value of the result is written as text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rendering {
    /// As JSON: what has no other form.
    #[default]
    Json,
    /// A string, as it is.
    Text,
    /// A list of flat objects: a table with these columns, each `Json` or `Text`.
    Table(Vec<(String, Rendering)>),
    /// An object: its fields below each other.
    Fields(Vec<(String, Rendering)>),
    /// A list of objects that fit no table: one below the other.
    Items(Vec<(String, Rendering)>),
}

/// A list of the result: what pages it, and what goes on with it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ListSpec {
    /// Where it stands in the result; `*` is an item of a list around it.
    pub path: Vec<String>,
    /// The name of its cursors: lists with the same one take each other's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursors: Option<String>,
    /// The key of its items that a cursor can go on after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goes_on_after: Option<String>,
    /// The tool's argument that says how many items it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// The tool's argument that says where it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Where the result has the cursor of its next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<Vec<String>>,
    /// Where the result says whether there is a next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_next_page: Option<Vec<String>>,
    /// The other arguments of its field that arguments of the tool feed, by the field's names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, String>,
    /// Whether something that its field takes, beside page size and cursor, is not fed by an argument of the tool: it is
    /// always the same list, or one among few.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_fixed: bool,
    /// Where the result has what a field at the root with the same cursors takes for this list, by that field's arguments.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parent: BTreeMap<String, Vec<String>>,
    /// The tool's arguments by which it has fewer items when they say more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub narrowed_by: Vec<String>,
}

/// How much of the room a field keeps where the result is cut.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Where it stands in the result; `*` is an item of a list around it.
    pub path: Vec<String>,
    /// So many times what a field beside it keeps that is not named here.
    pub weight: u32,
}
