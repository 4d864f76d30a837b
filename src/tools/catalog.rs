//! The tools there are, and which of them are listed: an immutable snapshot, swapped as a whole.

use super::explore::Explorer;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::ExecutableDocument;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use toolgen::ToolSpec;
use toolgen::spec::OperationKind;

/// What a catalog is made of.
#[derive(Debug, Clone, Default)]
pub struct Params {
    /// The compiled operations, in any order.
    pub specs: Vec<ToolSpec>,
    /// Which tools that write are allowed.
    pub writes: Writes,
    /// The groups that are served; `None`: all.
    pub groups: Option<Vec<String>>,
    /// Backends that are off, with the environment variables that would turn them on.
    pub off: BTreeMap<String, Vec<String>>,
    /// The tools that explore the schema, where they are wanted.
    pub explorer: Option<Arc<Explorer>>,
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
    /// A document does not parse; the compiler lets none through, so the table is broken.
    #[error("{source_file}: {message}")]
    Unparsable {
        /// The file.
        source_file: String,
        /// The parser's words.
        message: String,
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
    pub spec: ToolSpec,
    /// What a call of it does.
    pub run: Run,
    /// The input schema, ready to be listed over and over.
    pub input_schema: Arc<Map<String, Value>>,
    /// The output schema, ready to be listed over and over.
    pub output_schema: Arc<Map<String, Value>>,
    /// Why it is not listed, where it is not.
    pub hidden: Option<Hidden>,
    /// The backends of its root fields that have no credentials, with what to set; also where it is hidden for another
    /// reason, so that nobody changes the one and meets the other.
    pub lacks: BTreeMap<String, Vec<String>>,
}

/// What a call of a tool does.
#[derive(Debug)]
pub enum Run {
    /// Executes this document, which was parsed once.
    Operation(ExecutableDocument),
    /// Searches the schema.
    SearchSchema(Arc<Explorer>),
    /// Compiles the query that it is given, and executes that.
    RunQuery(Arc<Explorer>),
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
}

impl Catalog {
    /// Parses the documents and decides what is listed.
    pub fn new(params: Params) -> Result<Self, CatalogError> {
        refuse_unknown_names(&params)?;
        let Params {
            specs,
            writes,
            groups,
            off,
            explorer,
        } = params;
        let mut tools: BTreeMap<String, Arc<Tool>> = BTreeMap::new();
        let own = explorer.iter().flat_map(Explorer::tools).map(Ok);
        for made in own.chain(specs.into_iter().map(operation)) {
            let (spec, run) = made?;
            if let Some(first) = tools.get(&spec.name) {
                return Err(CatalogError::Twice {
                    name: spec.name.clone(),
                    first: first.spec.source.clone(),
                    second: spec.source,
                });
            }
            let lacks: BTreeMap<String, Vec<String>> = spec
                .backends
                .iter()
                .filter_map(|backend| Some((backend.clone(), off.get(backend)?.clone())))
                .collect();
            let hidden = why_hidden(&spec, &writes, groups.as_deref(), &lacks);
            let name = spec.name.clone();
            let tool = Tool {
                input_schema: Arc::new(spec.input_schema.clone()),
                output_schema: Arc::new(spec.output_schema.clone()),
                spec,
                run,
                hidden,
                lacks,
            };
            tools.insert(name, Arc::new(tool));
        }
        Ok(Self { tools })
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
            .map(|other| &other.spec)
            .filter(|other| other.kind == OperationKind::Query && other.backends == tool.backends)
            .filter(|other| shares_a_place(other))
            .map(|other| other.name.as_str())
            .collect()
    }

    /// A listed tool that reads the list under this response key page by page, other than `tool` itself.
    pub fn pager(&self, key: &str, tool: &ToolSpec) -> Option<&ToolSpec> {
        self.listed().map(|other| &other.spec).find(|other| {
            other.name != tool.name
                && other.kind == OperationKind::Query
                && other.shape.unwrap.last().is_some_and(|last| last == key)
                && other.arguments.iter().any(|argument| argument.name == "cursor")
        })
    }
}

fn operation(spec: ToolSpec) -> Result<(ToolSpec, Run), CatalogError> {
    match parse_query(&spec.document) {
        Ok(document) => Ok((spec, Run::Operation(document))),
        Err(error) => Err(CatalogError::Unparsable {
            source_file: spec.source,
            message: error.to_string(),
        }),
    }
}

/// Arguments that mean something else in each tool.
const GENERIC: [&str; 5] = ["query", "limit", "first", "cursor", "name"];

/// The three nearest names that could have been meant, the best first.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut scored: Vec<_> = names
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
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

/// What a person would change first comes first: a tool that was not asked for is not told to need credentials.
fn why_hidden(
    spec: &ToolSpec,
    writes: &Writes,
    groups: Option<&[String]>,
    lacks: &BTreeMap<String, Vec<String>>,
) -> Option<Hidden> {
    if groups.is_some_and(|groups| !groups.contains(&spec.group)) {
        return Some(Hidden::Group);
    }
    let allowed = match (spec.kind, writes) {
        (OperationKind::Query, _) | (OperationKind::Mutation, Writes::All) => true,
        (OperationKind::Mutation, Writes::None) => false,
        (OperationKind::Mutation, Writes::Only(names)) => names.contains(&spec.name),
    };
    if !allowed {
        return Some(Hidden::Write);
    }
    lacks.first_key_value().map(|(backend, variables)| Hidden::BackendOff {
        backend: backend.clone(),
        variables: variables.clone(),
    })
}

#[cfg(test)]
pub(crate) mod tests;
