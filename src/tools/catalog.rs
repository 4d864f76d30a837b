//! The tools there are, and which of them are listed: an immutable snapshot, swapped as a whole.

use super::arguments::plain;
use super::explore::Explorer;
use crate::graph::executable;
use async_graphql::parser::types::ExecutableDocument;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
use toolgen::ToolSpec;
use toolgen::spec::{Annotations, ListSpec, OperationKind};

/// What a catalog is made of.
#[derive(Debug, Clone, Default)]
pub struct Params {
    /// The compiled operations, in any order.
    pub specs: Vec<Arc<ToolSpec>>,
    /// Which tools that write are allowed.
    pub writes: Writes,
    /// The groups that are served; `None`: all.
    pub groups: Option<Vec<String>>,
    /// Backends that are off, with the environment variables that would turn them on.
    pub off: BTreeMap<String, Vec<String>>,
    /// The tools that explore the schema, where they are wanted.
    pub explorer: Option<Arc<Explorer>>,
    /// The names of the tools in the binary.
    pub built_in: BTreeSet<String>,
}

/// Which tools that write are allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Writes {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// These, by name.
    Only(Vec<String>),
}

/// What is wrong with a catalog's parts.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum CatalogError {
    /// `--allow-writes` names a tool that is not there or writes nothing.
    #[error("--allow-writes: there is no writing tool `{name}`{}", did_you_mean(nearest.as_deref()))]
    NoSuchWrite {
        /// The name that was given.
        name: String,
        /// The nearest right one.
        nearest: Option<String>,
    },
    /// `--groups` names a group that is not there.
    #[error("--groups: there is no group `{name}`{}", did_you_mean(nearest.as_deref()))]
    NoSuchGroup {
        /// The name that was given.
        name: String,
        /// The nearest right one.
        nearest: Option<String>,
    },
    /// Two operations have one name.
    #[error("two tools are called `{name}`: {first} and {second}")]
    Twice {
        /// The name.
        name: String,
        /// Where the one comes from.
        first: String,
        /// Where the other comes from.
        second: String,
    },
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default()
}

/// A tool: what the agent sees of it, and what runs.
#[derive(Debug)]
pub struct Tool {
    /// The compiled operation.
    pub spec: Arc<ToolSpec>,
    /// What a call of it does.
    pub run: Run,
    /// Why it is not listed, where it is not.
    pub hidden: Option<Hidden>,
    /// What else would keep it from being listed.
    pub further: Vec<Hidden>,
    /// The backends of its root fields that have no credentials, with what to set; also where it is hidden for another
    /// reason, so that nobody changes the one and meets the other.
    pub lacks: BTreeMap<String, Vec<String>>,
}

/// What a call of a tool does.
#[derive(Debug)]
pub enum Run {
    /// Executes its document.
    Operation(Document),
    /// Searches the schema.
    SearchSchema(Arc<Explorer>),
    /// Compiles the query that it is given, and executes that.
    RunQuery(Arc<Explorer>),
}

/// A tool's document as the executor reads it. Parsed when it is called first, and once: of a thousand tools an agent calls
/// a few, and a start would wait for all of them.
#[derive(Debug, Default)]
pub struct Document(OnceLock<Result<ExecutableDocument, String>>);

impl Document {
    /// The document of this specification. `Err` with the parser's words where it cannot read it; the compiler lets no such
    /// document through.
    pub fn of(&self, spec: &ToolSpec) -> Result<&ExecutableDocument, &str> {
        let read = || executable::parse(&spec.document);
        self.0.get_or_init(read).as_ref().map_err(String::as_str)
    }
}

/// Why a tool is not listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hidden {
    /// Its group is not served.
    Group,
    /// It writes, and that is not allowed.
    Write,
    /// A backend of its root fields has no credentials.
    BackendOff {
        /// The backend.
        backend: String,
        /// What to set.
        variables: Vec<String>,
    },
}

/// All tools, sorted by name.
#[derive(Debug, Default)]
pub struct Catalog {
    tools: BTreeMap<String, Arc<Tool>>,
    rules: Arc<Rules>,
}

/// What decides whether a tool is listed. It stays as it is while operations come and go.
#[derive(Debug, Default)]
struct Rules {
    writes: Writes,
    groups: Option<Vec<String>>,
    off: BTreeMap<String, Vec<String>>,
    explorer: Option<Arc<Explorer>>,
    built_in: BTreeSet<String>,
}

impl Catalog {
    /// Decides what is listed. Refuses options that name what is not there.
    pub fn new(params: Params) -> Result<Self, CatalogError> {
        refuse_unknown_names(&params)?;
        Self::of(params)
    }

    /// The same, whatever the options name: while a file has errors, a tool or a group may be missing that it will have.
    pub fn of(params: Params) -> Result<Self, CatalogError> {
        let rules = Rules {
            writes: params.writes,
            groups: params.groups,
            off: params.off,
            explorer: params.explorer,
            built_in: params.built_in,
        };
        let empty = Self {
            tools: BTreeMap::new(),
            rules: Arc::new(rules),
        };
        empty.renewed(&params.specs)
    }

    /// Other operations under the same rules. Those that are the same allocation as before stay the same tools.
    pub fn renewed(&self, specs: &[Arc<ToolSpec>]) -> Result<Self, CatalogError> {
        let known = |spec: &Arc<ToolSpec>| {
            let tool = self.tools.get(&spec.name)?;
            Arc::ptr_eq(&tool.spec, spec).then(|| Arc::clone(tool))
        };
        let new = |spec| Arc::new(Tool::new(spec, Run::Operation(Document::default()), &self.rules));
        let made = specs
            .iter()
            .map(|spec| known(spec).unwrap_or_else(|| new(Arc::clone(spec))));
        let exploring = self.rules.explorer.iter().flat_map(Explorer::tools);
        let exploring = exploring.map(|(spec, run)| Arc::new(Tool::new(spec, run, &self.rules)));
        let mut tools: BTreeMap<String, Arc<Tool>> = BTreeMap::new();
        for tool in exploring.chain(made) {
            if let Some(first) = tools.get(&tool.spec.name) {
                return Err(CatalogError::Twice {
                    name: tool.spec.name.clone(),
                    first: first.spec.source.clone(),
                    second: tool.spec.source.clone(),
                });
            }
            tools.insert(tool.spec.name.clone(), tool);
        }
        Ok(Self {
            tools,
            rules: Arc::clone(&self.rules),
        })
    }

    /// Whether agents see the same tools in both.
    pub fn lists_the_same(&self, other: &Self) -> bool {
        let same = |(own, other): (&Arc<Tool>, &Arc<Tool>)| Arc::ptr_eq(own, other) || own.looks_like(other);
        self.listed().count() == other.listed().count() && self.listed().zip(other.listed()).all(same)
    }

    /// All tools, also those that are not listed, by name.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Tool>> {
        self.tools.values()
    }

    /// The tools that an agent sees, by name.
    pub fn listed(&self) -> impl Iterator<Item = &Arc<Tool>> {
        self.all().filter(|tool| tool.hidden.is_none())
    }

    /// The tool of that name, listed or not.
    pub fn find(&self, name: &str) -> Option<&Arc<Tool>> {
        self.tools.get(name)
    }

    /// The listed tools whose names are nearest, the best first.
    pub fn nearest(&self, name: &str) -> Vec<&str> {
        nearest(name, self.listed().map(|tool| tool.spec.name.as_str()))
    }

    /// Listed tools that read where this one writes: from the same backends, and by an argument that says the same
    /// place in both, such as a channel.
    pub fn readers_beside(&self, tool: &ToolSpec) -> Vec<&str> {
        let shares_a_place = |other: &ToolSpec| {
            let names = || tool.arguments.iter().map(|argument| argument.name.as_str());
            let place = |name: &str| !GENERIC.contains(&name) && names().any(|own| own == name);
            other.arguments.iter().any(|argument| place(&argument.name))
        };
        self.listed()
            .map(|other| other.spec.as_ref())
            .filter(|other| other.kind == OperationKind::Query && other.backends == tool.backends)
            .filter(|other| shares_a_place(other))
            .map(|other| other.name.as_str())
            .collect()
    }

    /// A listed tool other than `tool` whose own list takes the cursors of this one, and that list. Only one that can be
    /// asked for any such list: where the file or a header says which it is, a cursor of another would be taken for it.
    /// Of several a built-in one is named, and one that needs nothing else.
    pub fn pager(&self, list: &ListSpec, tool: &ToolSpec) -> Option<(&ToolSpec, &ListSpec)> {
        let cursors = list.cursors.as_ref()?;
        let others = self.listed().map(|other| other.spec.as_ref());
        others
            .filter(|other| other.name != tool.name && other.kind == OperationKind::Query)
            .filter_map(|other| {
                let pages = |own: &&ListSpec| own.cursors.as_ref() == Some(cursors) && is_for_any(own, other);
                Some((other, other.lists.iter().find(pages)?))
            })
            .min_by_key(|(other, own)| (!self.rules.built_in.contains(&other.name), needs_more(own, other)))
    }
}

/// Whether a tool's list is whichever its caller asks for.
fn is_for_any(own: &ListSpec, tool: &ToolSpec) -> bool {
    let is_visible = |name: &String| tool.arguments.iter().any(|argument| argument.name == *name);
    let is_of_root = !own.path.iter().any(|key| key == "*");
    is_of_root && !own.is_fixed && own.cursor.as_ref().is_some_and(is_visible) && own.arguments.values().all(is_visible)
}

/// Whether a tool must be given what says nothing about this list.
fn needs_more(own: &ListSpec, tool: &ToolSpec) -> bool {
    let says = |name: &String| {
        own.arguments
            .values()
            .chain(&own.size)
            .chain(&own.cursor)
            .any(|known| known == name)
    };
    tool.arguments
        .iter()
        .any(|argument| argument.required && !says(&argument.name))
}

/// Arguments that mean something else in each tool.
const GENERIC: [&str; 5] = ["query", "limit", "first", "cursor", "name"];

/// A longer name is compared with none: that takes time in the product of their lengths.
const LONGEST_COMPARED: usize = 100;

/// The three nearest names that could have been meant, the best first.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    if name.len() > LONGEST_COMPARED {
        return Vec::new();
    }
    let asked = plain(name);
    // `monitor_id` for `id`.
    let is_word_of = |candidate: &str| name.split('_').any(|word| word.eq_ignore_ascii_case(candidate));
    let likeness = |candidate: &str| match strsim::jaro_winkler(&asked, &plain(candidate)) {
        score if is_word_of(candidate) => score.max(0.9),
        score => score,
    };
    let mut scored: Vec<_> = names
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(score, _)| *score >= 0.75)
        .collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(right.1)));
    scored.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

fn refuse_unknown_names(params: &Params) -> Result<(), CatalogError> {
    if let Writes::Only(names) = &params.writes {
        let known = || {
            let writing = params.specs.iter().filter(|spec| spec.kind == OperationKind::Mutation);
            writing.map(|spec| spec.name.as_str())
        };
        if let Some(name) = names.iter().find(|name| !known().any(|known| known == name.as_str())) {
            return Err(CatalogError::NoSuchWrite {
                name: name.clone(),
                nearest: nearest(name, known()).first().map(ToString::to_string),
            });
        }
    }
    let own: Vec<_> = params.explorer.iter().flat_map(Explorer::tools).collect();
    let specs = params.specs.iter().chain(own.iter().map(|(spec, _)| spec));
    let groups: BTreeSet<_> = specs.map(|spec| spec.group.as_str()).collect();
    if let Some(name) = params
        .groups
        .iter()
        .flatten()
        .find(|name| !groups.contains(name.as_str()))
    {
        return Err(CatalogError::NoSuchGroup {
            name: name.clone(),
            nearest: nearest(name, groups.iter().copied()).first().map(ToString::to_string),
        });
    }
    Ok(())
}

impl Tool {
    fn new(spec: Arc<ToolSpec>, run: Run, rules: &Rules) -> Self {
        let lacks: BTreeMap<String, Vec<String>> = spec
            .backends
            .iter()
            .filter_map(|backend| Some((backend.clone(), rules.off.get(backend)?.clone())))
            .collect();
        let mut reasons = why_hidden(&spec, rules, &lacks).into_iter();
        Self {
            hidden: reasons.next(),
            further: reasons.collect(),
            spec,
            run,
            lacks,
        }
    }

    /// Whether an agent sees the same of both.
    fn looks_like(&self, other: &Self) -> bool {
        fn seen(spec: &ToolSpec) -> (&str, Option<&str>, &str, Annotations) {
            (&spec.name, spec.title.as_deref(), &spec.description, spec.annotations)
        }
        seen(&self.spec) == seen(&other.spec)
            && self.spec.input_schema == other.spec.input_schema
            && self.spec.output_schema == other.spec.output_schema
    }
}

/// What a person would change first comes first: a tool that was not asked for is not told to need credentials.
fn why_hidden(spec: &ToolSpec, rules: &Rules, lacks: &BTreeMap<String, Vec<String>>) -> Vec<Hidden> {
    let groups = rules.groups.as_deref();
    let is_chosen = groups.is_none_or(|groups| groups.contains(&spec.group));
    let is_allowed = match (spec.kind, &rules.writes) {
        (OperationKind::Query, _) | (OperationKind::Mutation, Writes::All) => true,
        (OperationKind::Mutation, Writes::None) => false,
        (OperationKind::Mutation, Writes::Only(names)) => names.contains(&spec.name),
    };
    let group = (!is_chosen).then_some(Hidden::Group);
    let write = (!is_allowed).then_some(Hidden::Write);
    let off = lacks.iter().map(|(backend, variables)| Hidden::BackendOff {
        backend: backend.clone(),
        variables: variables.clone(),
    });
    group.into_iter().chain(write).chain(off).collect()
}

#[cfg(test)]
pub(crate) mod tests;
