//! The files of one compilation: which are tools, which are fragments for all, and what each needs of them.

use crate::Source;
use crate::diagnostic::{At, Diagnostic, Findings};
use crate::validation::{self, Mentions, Scope};
use apollo_compiler::ast::{self, Definition, FragmentDefinition};
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Node, Schema};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The folder of the fragments that all files may use.
const SHARED: &str = "fragments";

/// Nesting and length of a file; more is no query that a person wrote, and would exhaust the stack or the time.
const DEEPEST: usize = 100;
const MOST_TOKENS: usize = 50_000;

/// A file that was read.
pub(crate) struct File<'a> {
    pub(crate) source: &'a Source,
    pub(crate) group: &'a str,
    pub(crate) stem: &'a str,
    pub(crate) ast: ast::Document,
}

/// All files that were read.
pub(crate) struct Library<'a> {
    files: Vec<File<'a>>,
    shared: BTreeMap<String, (usize, Node<FragmentDefinition>)>,
    used: RefCell<BTreeSet<String>>,
}

impl<'a> Library<'a> {
    /// Reads the files. Those that are not GraphQL are left out and reported.
    pub(crate) fn read(sources: &'a [Source]) -> (Self, Vec<Diagnostic>) {
        let mut library = Self {
            files: Vec::new(),
            shared: BTreeMap::new(),
            used: RefCell::default(),
        };
        let mut diagnostics = Vec::new();
        // The order of a directory listing must not decide which of two namesakes is the wrong one.
        let mut sorted: Vec<_> = sources.iter().collect();
        sorted.sort_by(|a, b| a.path.cmp(&b.path));
        for source in sorted {
            let mut findings = Findings::new(&source.path, &source.text);
            let parsed = Parser::new()
                .recursion_limit(DEEPEST)
                .token_limit(MOST_TOKENS)
                .parse_ast(&source.text, &source.path);
            match parsed {
                Ok(ast) => library.add(source, ast, &mut findings),
                Err(bad) => validation::report_syntax(&bad.errors, &mut findings),
            }
            diagnostics.extend(findings.into_found());
        }
        (library, diagnostics)
    }

    /// The files that are to become tools.
    pub(crate) fn tools(&self) -> impl Iterator<Item = &File<'a>> {
        self.files.iter().filter(|file| file.group != SHARED)
    }

    /// The file's definitions and the shared fragments they need, directly or through one another, as one document; and the problems it has.
    pub(crate) fn document(&self, schema: &Valid<Schema>, file: &File<'a>) -> (ExecutableDocument, DiagnosticList) {
        let mut errors = DiagnosticList::new(file.ast.sources.clone());
        let mut builder = ExecutableDocument::builder(Some(schema), &mut errors);
        builder.add_ast_document(&file.ast, true);
        for (index, definitions) in self.needed(file) {
            if let Some(shared) = self.files.get(index) {
                let document = ast::Document {
                    sources: shared.ast.sources.clone(),
                    definitions,
                };
                builder.add_ast_document(&document, true);
            }
        }
        let document = builder.build();
        let mut checked = match document.clone().validate(schema) {
            Ok(_) => DiagnosticList::new(document.sources.clone()),
            Err(bad) => bad.errors,
        };
        checked.merge(errors);
        (document, checked)
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

    /// Checks the shared fragments that no tool uses, and says so.
    pub(crate) fn check_shared(&self, schema: &Valid<Schema>, diagnostics: &mut Vec<Diagnostic>) {
        for file in self.files.iter().filter(|file| file.group == SHARED) {
            let mut findings = Findings::new(&file.source.path, &file.source.text);
            let (document, errors) = self.document(schema, file);
            let mut mentions = Mentions::read(&file.ast.definitions);
            // None of them is used here; whether one is used at all is asked below.
            mentions.fragments.extend(self.shared.keys().cloned());
            let scope = Scope {
                schema,
                document: &document,
                fragments: self.fragment_names(file),
                mentions,
            };
            validation::report(&errors, &scope, &mut findings);
            for definition in &file.ast.definitions {
                if let Definition::FragmentDefinition(fragment) = definition {
                    if !self.used.borrow().contains(fragment.name.as_str()) {
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

    fn add(&mut self, source: &'a Source, ast: ast::Document, findings: &mut Findings<'_>) {
        let (group, stem) = group_and_stem(&source.path);
        if group == SHARED {
            for fragment in ast.definitions.iter().filter_map(|it| it.as_fragment_definition()) {
                let entry = (self.files.len(), fragment.clone());
                if let Some((other, _)) = self.shared.get(fragment.name.as_str()) {
                    let other = self
                        .files
                        .get(*other)
                        .map_or(source.path.as_str(), |file| &file.source.path);
                    let message = format!("`{}` is already a fragment in {other}", fragment.name);
                    findings.error(At::Span(&ast.sources, fragment.name.location()), message, None);
                } else {
                    self.shared.insert(fragment.name.to_string(), entry);
                }
            }
        }
        self.files.push(File {
            source,
            group,
            stem,
            ast,
        });
    }

    fn needed(&self, file: &File<'a>) -> BTreeMap<usize, Vec<Definition>> {
        let own: BTreeSet<_> = file
            .ast
            .definitions
            .iter()
            .filter_map(|it| it.as_fragment_definition())
            .map(|it| it.name.as_str())
            .collect();
        let mut needed: BTreeMap<usize, Vec<Definition>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<String> = Mentions::read(&file.ast.definitions).fragments.into_iter().collect();
        while let Some(name) = open.pop() {
            if own.contains(name.as_str()) || !seen.insert(name.clone()) {
                continue;
            }
            if let Some((index, fragment)) = self.shared.get(&name) {
                let definition = Definition::FragmentDefinition(fragment.clone());
                open.extend(Mentions::read([&definition]).fragments);
                needed.entry(*index).or_default().push(definition);
                if file.group != SHARED {
                    self.used.borrow_mut().insert(name);
                }
            }
        }
        needed
    }
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
