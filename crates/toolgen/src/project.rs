//! Files that change: what was compiled is kept, and a change compiles again what it touches.

use crate::diagnostic::{At, Diagnostic, Findings};
use crate::library::{File, Library, Parsed};
use crate::needs::Needs;
use crate::parallel::in_parallel;
use crate::size::Limits;
use crate::spec::ToolSpec;
use crate::tool::{self, Job, Purpose};
use crate::{Compiler, Source, names};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A set of files and what they compiled to, by path.
#[derive(Default)]
pub struct Project {
    files: BTreeMap<String, Entry>,
    compiled: usize,
}

/// What came of one file.
pub struct Outcome<'p> {
    /// The file, as it was named to the compiler.
    pub path: &'p str,
    /// Its tool, unless it has errors or is of shared fragments. The same allocation as long as nothing about it changes.
    pub tool: Option<&'p Arc<ToolSpec>>,
    entry: &'p Entry,
}

struct Entry {
    parsed: Arc<Parsed>,
    compiled: Option<Compiled>,
    /// What is wrong with it only because of what the other files are.
    beside: Vec<Diagnostic>,
}

/// What a file compiled to, and the condition that it would again.
struct Compiled {
    needs: Needs,
    tool: Option<Arc<ToolSpec>>,
    findings: Vec<Diagnostic>,
}

impl Project {
    /// Takes the files as they are now. Compiles those whose text changed, and those that use a shared fragment from a file
    /// that did; of two files with one path, the last counts.
    pub fn update(&mut self, compiler: &Compiler, sources: Vec<Source>) {
        self.read(sources);
        let parsed: Vec<_> = self.files.values().map(|entry| Arc::clone(&entry.parsed)).collect();
        let (library, mut beside) = Library::of(parsed.iter());
        self.compile(compiler, &library);
        beside.extend(namesakes(&library));
        let used = self.files.values().filter_map(|entry| entry.compiled.as_ref());
        let used: BTreeSet<_> = used.flat_map(|compiled| compiled.needs.fragments()).collect();
        library.check_shared(&compiler.schema, &used, &mut beside);
        for entry in self.files.values_mut() {
            entry.beside.clear();
        }
        for found in beside {
            if let Some(entry) = self.files.get_mut(&found.path) {
                entry.beside.push(found);
            }
        }
    }

    /// What came of each file, by path.
    pub fn outcomes(&self) -> impl Iterator<Item = Outcome<'_>> {
        self.files.iter().map(|(path, entry)| {
            let tool = entry.compiled.as_ref().and_then(|compiled| compiled.tool.as_ref());
            Outcome {
                path,
                tool: tool.filter(|_| !entry.beside.iter().any(Diagnostic::is_error)),
                entry,
            }
        })
    }

    /// How many files the last update compiled.
    pub fn compiled(&self) -> usize {
        self.compiled
    }

    /// Parses the files that are new or changed, and forgets those that are gone.
    fn read(&mut self, sources: Vec<Source>) {
        let mut known = std::mem::take(&mut self.files);
        let mut fresh = BTreeMap::new();
        for source in sources {
            match known.remove(&source.path) {
                Some(entry) if entry.parsed.source == source => {
                    self.files.insert(source.path, entry);
                }
                _ => {
                    fresh.insert(source.path.clone(), source);
                }
            }
        }
        let fresh: Vec<_> = fresh.into_values().collect();
        let parsed = in_parallel(&fresh, |source| Arc::new(Parsed::read(source.clone(), Limits::FILE)));
        for parsed in parsed {
            let entry = Entry {
                parsed: Arc::clone(&parsed),
                compiled: None,
                beside: Vec::new(),
            };
            self.files.insert(parsed.source.path.clone(), entry);
        }
    }

    fn compile(&mut self, compiler: &Compiler, library: &Library<'_>) {
        let mut due = Vec::new();
        for file in library.tools() {
            let needs = library.needs(file);
            let known = self
                .files
                .get(&file.source.path)
                .and_then(|entry| entry.compiled.as_ref());
            if known.is_none_or(|known| known.needs != needs) {
                due.push((*file, needs));
            }
        }
        self.compiled = due.len();
        let results = in_parallel(&due, |(file, _)| compile(compiler, library, file));
        for ((file, needs), (tool, findings)) in due.into_iter().zip(results) {
            if let Some(entry) = self.files.get_mut(&file.source.path) {
                entry.compiled = Some(Compiled { needs, tool, findings });
            }
        }
    }
}

impl<'p> Outcome<'p> {
    /// All that was found in it, and in the shared fragments while it was compiled.
    pub fn diagnostics(&self) -> impl Iterator<Item = &'p Diagnostic> + use<'p> {
        let Entry {
            parsed,
            compiled,
            beside,
        } = self.entry;
        let compiled = compiled.iter().flat_map(|compiled| &compiled.findings);
        parsed.findings.iter().chain(beside).chain(compiled)
    }
}

fn compile(compiler: &Compiler, library: &Library<'_>, file: &File<'_>) -> (Option<Arc<ToolSpec>>, Vec<Diagnostic>) {
    let mut findings = Findings::new(&file.source.path, &file.source.text);
    let job = Job {
        compiler,
        library,
        file,
        purpose: Purpose::Tool,
    };
    let tool = tool::compile(&job, &mut findings);
    let sound = !findings.has_errors();
    (tool.filter(|_| sound).map(Arc::new), findings.into_found())
}

/// The files whose names clients cannot tell from an earlier one's.
fn namesakes(library: &Library<'_>) -> Vec<Diagnostic> {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for file in library.tools() {
        let path = file.source.path.as_str();
        let first = *taken.entry(names::as_clients_see(file.stem)).or_insert(path);
        if first != path {
            let mut findings = Findings::new(path, &file.source.text);
            let message = format!("{first} already gives a tool `{}`", file.stem);
            let help = "the file's name is the tool's name: rename one of them".to_owned();
            findings.error(At::File, message, Some(help));
            diagnostics.extend(findings.into_found());
        }
    }
    diagnostics
}
