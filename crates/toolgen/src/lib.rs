//! The operation compiler: from a schema and `.graphql` files to tools, or to diagnostics. Pure: no input, no output, no logging.
//!
//! `compile` does it once, at build time; a `Compiler` keeps the schema that it read, and a `Project` what it compiled, for
//! files that change while a server runs. One file goes through `tool` from top to bottom:
//! its definitions are read (`library`), checked against the schema (`validation`), resolved to response keys (`selection`), and these
//! become a shape (`shape`), an output schema (`output`), a way to write the result as text (`rendering`), the ways to the rest
//! of its lists (`lists`), a cost (`cost`), and with the variables an input schema (`input`).
//! A query that stands in no file goes the same way (`tool/ad_hoc`), and a document that is executed as it is goes a part of it
//! (`tool/request`); prompts are files too, and simpler ones (`prompt`).

mod compiler;
mod cost;
mod diagnostic;
mod directives;
mod input;
mod library;
mod lists;
mod literal;
mod names;
mod needs;
mod options;
mod output;
mod parallel;
mod place;
mod project;
pub mod prompt;
mod rendering;
mod selection;
pub mod shape;
mod size;
pub mod spec;
mod tool;
mod validation;
mod weights;

pub use apollo_compiler::parser::SourceSpan;
pub use apollo_compiler::{Name, ast};
pub use compiler::Compiler;
pub use cost::Budget;
pub use diagnostic::{Diagnostic, Part, Severity};
pub use directives::{DIRECTIVES_SDL, is_ours};
pub use input::schema as input_schema;
pub use names::{synonyms, to_snake_case};
pub use options::{Form, Options, Scalar};
pub use parallel::in_parallel;
pub use project::{Outcome, Project};
pub use spec::ToolSpec;
pub use tool::ad_hoc::AdHoc;
pub use tool::request::{Checked, Reason, Refused, Request};

use size::Limits;

/// A file of operations: `<group>/<tool_name>.graphql`, or `fragments/<name>.graphql` for fragments that all may use.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// Parses a tool's document, as its specification has it. `Err` with the parser's words; the compiler makes no such document.
pub fn parse(document: &str) -> Result<ast::Document, String> {
    library::parse(document, "document", Limits::FILE).map_err(|bad| bad.errors.to_string())
}
