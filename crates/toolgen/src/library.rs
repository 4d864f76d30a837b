//! The files of one compilation: which are tools, which are fragments for all, and what each needs of them.

use crate::Source;
use crate::diagnostic::{At, Diagnostic, Findings};
use crate::needs::Needs;
use crate::size::{Limits, NESTING};
use crate::validation::{self, Mentions, Scope};
use apollo_compiler::ast::{self, Definition, FragmentDefinition, OperationDefinition};
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::{DiagnosticList, Valid, WithErrors};
use apollo_compiler::{ExecutableDocument, Node, Schema};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The folder of the fragments that all files may use.
const SHARED: &str = "fragments";

/// A file's text, and what the parser made of it; it depends on nothing else.
pub(crate) struct Parsed {
    pub(crate) source: Source,
    limits: Limits,
    /// `None`: it is not GraphQL.
    ast: Option<ast::Document>,
    pub(crate) mentions: Mentions,
    pub(crate) findings: Vec<Diagnostic>,
}

/// A file that could be parsed, and its place in the library.
#[derive(Clone, Copy)]
pub(crate) struct File<'a> {
    pub(crate) parsed: &'a Arc<Parsed>,
    pub(crate) source: &'a Source,
    pub(crate) group: &'a str,
    pub(crate) stem: &'a str,
    pub(crate) ast: &'a ast::Document,
}

/// All files that could be parsed.
pub(crate) struct Library<'a> {
    files: Vec<File<'a>>,
    shared: BTreeMap<String, (usize, Node<FragmentDefinition>)>,
}

impl Parsed {
    /// Reads a text, within these limits.
    pub(crate) fn read(source: Source, limits: Limits) -> Self {
        let mut findings = Findings::new(&source.path, &source.text);
        let ast = match parse(&source.text, &source.path, limits) {
            Ok(ast) => {
                validation::report_what_the_parser_passed_over(&source.text, &mut findings);
                // What the rest would make of a document without them is not what was meant.
                (!findings.has_errors()).then_some(ast)
            }
            Err(_) if is_empty(&source.text) => {
                let help = "write one, as `query Name { … }`, or take the file away".to_owned();
                findings.error(At::File, "there is no operation in this file", Some(help));
                None
            }
            Err(bad) => {
                validation::report_syntax(&bad.errors, &mut findings);
                None
            }
        };
        let findings = findings.into_found();
        let mentions = Mentions::read(ast.iter().flat_map(|ast| &ast.definitions));
        Self {
            source,
            limits,
            ast,
            mentions,
            findings,
        }
    }
}

impl File<'_> {
    pub(crate) fn is_shared(&self) -> bool {
        self.group == SHARED
    }

    /// Its operations, in the order of the file.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &Node<OperationDefinition>> {
        self.ast
            .definitions
            .iter()
            .filter_map(Definition::as_operation_definition)
    }
}

impl<'a> Library<'a> {
    /// Puts the files together. The order of a directory listing must not decide which of two namesakes is the wrong one:
    /// they come sorted by path.
    pub(crate) fn of(files: impl Iterator<Item = &'a Arc<Parsed>>) -> (Self, Vec<Diagnostic>) {
        let mut library = Self {
            files: Vec::new(),
            shared: BTreeMap::new(),
        };
        let mut diagnostics = Vec::new();
        for parsed in files {
            let Some(ast) = &parsed.ast else { continue };
            let source = &parsed.source;
            let (group, stem) = group_and_stem(&source.path);
            let file = File {
                parsed,
                source,
                group,
                stem,
                ast,
            };
            let mut findings = Findings::new(&source.path, &source.text);
            library.add(file, &mut findings);
            diagnostics.extend(findings.into_found());
        }
        (library, diagnostics)
    }

    /// The files that are to become tools.
    pub(crate) fn tools(&self) -> impl Iterator<Item = &File<'a>> {
        self.files.iter().filter(|file| !file.is_shared())
    }

    /// The file's definitions and the shared fragments they need, directly or through one another, as one document; and the
    /// problems it has. `None`, and a finding, where it is too large to be looked at.
    pub(crate) fn document(
        &self,
        schema: &Valid<Schema>,
        file: &File<'a>,
        findings: &mut Findings<'_>,
    ) -> Option<(ExecutableDocument, DiagnosticList)> {
        let mut errors = DiagnosticList::new(file.ast.sources.clone());
        let mut builder = ExecutableDocument::builder(Some(schema), &mut errors);
        builder.add_ast_document(file.ast, true);
        let mut needed: BTreeMap<usize, Vec<Definition>> = BTreeMap::new();
        for (index, fragment) in self.reach(file).into_values().flatten() {
            let definition = Definition::FragmentDefinition(fragment.clone());
            needed.entry(*index).or_default().push(definition);
        }
        for (index, definitions) in needed {
            if let Some(shared) = self.files.get(index) {
                let document = ast::Document {
                    sources: shared.ast.sources.clone(),
                    definitions,
                };
                builder.add_ast_document(&document, true);
            }
        }
        let document = builder.build();
        if let Err(large) = file.parsed.limits.check(&document) {
            large.report(&document.sources, findings);
            return None;
        }
        Some(match document.validate(schema) {
            Ok(document) => (document.into_inner(), errors),
            Err(mut bad) => {
                bad.errors.merge(errors);
                (bad.partial, bad.errors)
            }
        })
    }

    /// The names that a spread in the file may mean.
    pub(crate) fn fragment_names<'s>(&'s self, file: &'s File<'a>) -> Vec<&'s str> {
        let own = file
            .ast
            .definitions
            .iter()
            .filter_map(|it| it.as_fragment_definition())
            .map(|it| it.name.as_str());
        own.chain(self.shared.keys().map(String::as_str)).collect()
    }

    /// What a file takes from others: whenever this is the same again, so is what it compiles to.
    pub(crate) fn needs(&self, file: &File<'a>) -> Needs {
        let taken = self.reach(file).into_iter().map(|(name, found)| {
            let from = found.and_then(|(index, _)| self.files.get(*index));
            (name, from.map(|from| Arc::clone(from.parsed)))
        });
        Needs::of(taken.collect(), || self.shared.keys().cloned().collect())
    }

    /// Checks the shared fragments themselves, and says which of them no tool uses.
    pub(crate) fn check_shared(
        &self,
        schema: &Valid<Schema>,
        used: &BTreeSet<&str>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for file in self.files.iter().filter(|file| file.is_shared()) {
            let mut findings = Findings::new(&file.source.path, &file.source.text);
            let Some((document, errors)) = self.document(schema, file, &mut findings) else {
                diagnostics.extend(findings.into_found());
                continue;
            };
            let mut mentions = file.parsed.mentions.clone();
            // None of them is used here; whether one is used at all is asked below.
            mentions.fragments.extend(self.shared.keys().cloned());
            let scope = Scope::new((schema, &document), self.fragment_names(file), &mentions);
            validation::report(&errors, &scope, &mut findings);
            for definition in &file.ast.definitions {
                if let Definition::FragmentDefinition(fragment) = definition {
                    if !used.contains(fragment.name.as_str()) {
                        let at = At::Span(&file.ast.sources, fragment.name.location());
                        findings.warning(at, format!("no tool uses the fragment `{}`", fragment.name), None);
                    }
                } else {
                    let at = At::Span(&file.ast.sources, definition.location());
                    let help = "an operation stands in a folder of its group".to_owned();
                    findings.error(at, "a file of shared fragments holds fragments only", Some(help));
                }
            }
            diagnostics.extend(findings.into_found());
        }
    }

    fn add(&mut self, file: File<'a>, findings: &mut Findings<'_>) {
        if file.is_shared() {
            for fragment in file.ast.definitions.iter().filter_map(|it| it.as_fragment_definition()) {
                let entry = (self.files.len(), fragment.clone());
                if let Some((other, _)) = self.shared.get(fragment.name.as_str()) {
                    let other = self
                        .files
                        .get(*other)
                        .map_or(file.source.path.as_str(), |file| &file.source.path);
                    let message = format!("`{}` is already a fragment in {other}", fragment.name);
                    findings.error(At::Span(&file.ast.sources, fragment.name.location()), message, None);
                } else {
                    self.shared.insert(fragment.name.to_string(), entry);
                }
            }
        }
        self.files.push(file);
    }

    /// The fragments that a file spreads and does not have itself, directly or through one another, with where they are
    /// shared; `None`: nowhere.
    fn reach(&self, file: &File<'_>) -> BTreeMap<String, Option<&(usize, Node<FragmentDefinition>)>> {
        let own: BTreeSet<_> = file
            .ast
            .definitions
            .iter()
            .filter_map(|it| it.as_fragment_definition())
            .map(|it| it.name.as_str())
            .collect();
        let mut reached = BTreeMap::new();
        let mut open: Vec<String> = file.parsed.mentions.fragments.iter().cloned().collect();
        while let Some(name) = open.pop() {
            if own.contains(name.as_str()) || reached.contains_key(&name) {
                continue;
            }
            let found = self.shared.get(&name);
            if let Some((_, fragment)) = found {
                let definition = Definition::FragmentDefinition(fragment.clone());
                open.extend(Mentions::read([&definition]).fragments);
            }
            reached.insert(name, found);
        }
        reached
    }
}

/// Parses a text within these limits. The parser keeps them while it reads, and counts tokens: what stands in strings and
/// comments cannot hide how deep a text is nested.
pub(crate) fn parse(text: &str, path: &str, limits: Limits) -> Result<ast::Document, WithErrors<ast::Document>> {
    Parser::new()
        .recursion_limit(NESTING)
        .token_limit(limits.tokens)
        .parse_ast(text, path)
}

/// Whether a text has nothing but white space and comments.
pub(crate) fn is_empty(text: &str) -> bool {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim_start);
    lines.all(|line| line.is_empty() || line.starts_with('#'))
}

fn group_and_stem(path: &str) -> (&str, &str) {
    let mut parts = path.rsplit(['/', '\\']);
    let file = parts.next().unwrap_or_default();
    let group = parts.next().unwrap_or_default();
    (
        group,
        file.strip_suffix(".graphql")
            .or_else(|| file.strip_suffix(".gql"))
            .unwrap_or(file),
    )
}
