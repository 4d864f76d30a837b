//! The operation compiler: from a schema and `.graphql` files to tools, or to diagnostics. Pure: no input, no output, no logging.
//!
//! `compile` does it once, at build time; a `Compiler` keeps the schema that it read, for files that change while a
//! server runs. One file goes through `tool` from top to bottom:
//! its definitions are read (`library`), checked against the schema (`validation`), resolved to response keys (`selection`), and these
//! become a shape (`shape`), an output schema (`output`), and with the variables an input schema (`input`).

mod diagnostic;
mod directives;
mod input;
mod library;
mod literal;
mod names;
mod options;
mod output;
mod place;
mod selection;
pub mod shape;
pub mod spec;
mod strip;
mod tool;
mod validation;

pub use diagnostic::{Diagnostic, Severity};
pub use directives::DIRECTIVES_SDL;
pub use options::{Options, Scalar};
pub use spec::ToolSpec;
pub use strip::strip;

use apollo_compiler::Schema;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::Valid;
use diagnostic::{At, Findings};
use library::Library;
use std::collections::BTreeMap;

/// What stands for the schema's file in diagnostics.
const SCHEMA_PATH: &str = "schema/braid.graphql";

/// A file of operations: `<group>/<tool_name>.graphql`, or `fragments/<name>.graphql` for fragments that all may use.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path; its last two parts are read, all of it is shown.
    pub path: String,
    /// The text.
    pub text: String,
}

/// What came of the files.
#[derive(Debug, Default)]
pub struct Compilation {
    /// The tools of the files without errors, by name.
    pub tools: Vec<ToolSpec>,
    /// All findings, by place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Compilation {
    /// The findings that keep tools from being made.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error())
    }
}

/// Compiles all files against the schema. A schema that is none gives its findings and no tools.
pub fn compile(schema_sdl: &str, sources: &[Source], options: &Options) -> Compilation {
    match Compiler::new(schema_sdl, options.clone()) {
        Ok(compiler) => compiler.compile(sources),
        Err(diagnostics) => Compilation {
            tools: Vec::new(),
            diagnostics,
        },
    }
}

/// A schema, ready to compile files against.
pub struct Compiler {
    schema: Valid<Schema>,
    options: Options,
}

impl Compiler {
    /// Reads a schema, with or without the definitions of `DIRECTIVES_SDL` in it.
    pub fn new(schema_sdl: &str, options: Options) -> Result<Self, Vec<Diagnostic>> {
        let mut findings = Findings::new(SCHEMA_PATH, schema_sdl);
        let parsed = Parser::new().parse_ast(schema_sdl, SCHEMA_PATH);
        let own = Parser::new().parse_ast(DIRECTIVES_SDL, "directives.graphql");
        let (mut ast, own) = match (parsed, own) {
            (Ok(ast), Ok(own)) => (ast, own),
            (Err(bad), _) | (_, Err(bad)) => {
                validation::report_schema(&bad.errors, &mut findings);
                return Err(findings.into_found());
            }
        };
        let sources = own.sources.clone();
        directives::define_in(&mut ast, own);
        std::sync::Arc::make_mut(&mut ast.sources).extend(sources.iter().map(|(id, file)| (*id, file.clone())));
        match ast.to_schema_validate() {
            Ok(schema) => Ok(Self { schema, options }),
            Err(bad) => {
                validation::report_schema(&bad.errors, &mut findings);
                Err(findings.into_found())
            }
        }
    }

    /// Compiles all files. Those that are wrong give findings, the others tools.
    pub fn compile(&self, sources: &[Source]) -> Compilation {
        let (library, mut diagnostics) = Library::read(sources);
        let mut tools: BTreeMap<String, ToolSpec> = BTreeMap::new();
        let mut taken: BTreeMap<String, &str> = BTreeMap::new();
        for file in library.tools() {
            let mut findings = Findings::new(&file.source.path, &file.source.text);
            if let Some(other) = taken.insert(names::as_clients_see(file.stem), &file.source.path) {
                let help = "the file's name is the tool's name: rename one of them".to_owned();
                findings.error(
                    At::File,
                    format!("{other} already gives a tool `{}`", file.stem),
                    Some(help),
                );
            }
            let tool = tool::compile(self, &library, file, &mut findings);
            let sound = !findings.has_errors();
            diagnostics.extend(findings.into_found());
            if let Some(tool) = tool.filter(|_| sound) {
                tools.insert(tool.name.clone(), tool);
            }
        }
        library.check_shared(&self.schema, &mut diagnostics);
        // A mistake in a shared fragment is found by each tool that uses it.
        diagnostics.sort();
        diagnostics.dedup();
        Compilation {
            tools: tools.into_values().collect(),
            diagnostics,
        }
    }
}
