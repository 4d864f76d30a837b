//! Compiles `queries/` against `schema/braid.graphql` into the table of tools that the binary carries, and reads `prompts/`.
//!
//! With `BRAID_REFRESH_SCHEMA` set it writes an empty table: the way out when a new field of the code and a query on
//! it come together, and the schema's file must be exported before the query can compile. Such a binary refuses to serve.

#[path = "build/commit.rs"]
mod commit;
#[path = "build/graphiql.rs"]
mod graphiql;

use std::path::{Path, PathBuf};
use std::{env, fs, io};
use toolgen::{Diagnostic, Options, Severity, Source, prompt};

const SCHEMA: &str = "schema/braid.graphql";
const WEIGHTS: &str = "schema/weights.graphql";
const QUERIES: &str = "queries";
const PROMPTS: &str = "prompts";

fn main() -> io::Result<()> {
    commit::set();
    graphiql::look();
    println!("cargo::rerun-if-env-changed=BRAID_REFRESH_SCHEMA");
    println!("cargo::rerun-if-changed={SCHEMA}");
    println!("cargo::rerun-if-changed={WEIGHTS}");
    let mut sources = Vec::new();
    collect(Path::new(QUERIES), "graphql", &mut sources)?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?);
    fs::write(out.join("prompts.json"), serde_json::to_vec(&prompts()?)?)?;
    let table = out.join("tools.json");
    if env::var_os("BRAID_REFRESH_SCHEMA").is_some() {
        return fs::write(table, "[]");
    }
    let options = Options {
        weights: fs::read_to_string(WEIGHTS)?,
        ..Options::default()
    };
    let compilation = toolgen::compile(&fs::read_to_string(SCHEMA)?, &sources, &options);
    report(&compilation.diagnostics);
    fs::write(table, serde_json::to_vec(&compilation.tools)?)
}

fn prompts() -> io::Result<Vec<prompt::PromptSpec>> {
    let mut sources = Vec::new();
    collect(Path::new(PROMPTS), "md", &mut sources)?;
    Ok(prompt::read(&sources).unwrap_or_else(|diagnostics| {
        report(&diagnostics);
        Vec::new()
    }))
}

fn report(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let instruction = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => continue,
        };
        // Cargo takes one line each; all errors show, and the build stops at the end.
        for line in diagnostic.render().lines() {
            println!("cargo::{instruction}={line}");
        }
    }
}

/// Cargo watches a folder by its own time, which changes when a file in it comes or goes, but not with folders in it.
fn collect(folder: &Path, extension: &str, sources: &mut Vec<Source>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, extension, sources)?;
        } else if path.extension().is_some_and(|found| found == extension) {
            println!("cargo::rerun-if-changed={}", path.display());
            sources.push(Source {
                text: fs::read_to_string(&path)?,
                path: path.display().to_string(),
            });
        }
    }
    Ok(())
}
