//! What the compiler's tests share: the shipped files, and a compiler for them.

#![allow(dead_code, reason = "each test uses its part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use toolgen::{Budget, Checked, Compilation, Compiler, Options, Refused, Request, Source};

pub(crate) static SCHEMA: LazyLock<String> = LazyLock::new(|| read("schema/braid.graphql"));
pub(crate) static COMPILER: LazyLock<Compiler> = LazyLock::new(|| {
    compiler(Options {
        weights: read("schema/weights.graphql"),
        ..Options::default()
    })
});
pub(crate) static SHIPPED: LazyLock<Vec<Source>> = LazyLock::new(shipped);

/// One file, compiled alone.
pub(crate) fn compile(path: &str, text: &str) -> Compilation {
    COMPILER.compile(&[Source {
        path: path.to_owned(),
        text: text.to_owned(),
    }])
}

/// A document as a request, without variables.
pub(crate) fn check_request(text: &str) -> Result<Checked, Refused> {
    COMPILER.check_request(&Request {
        text,
        operation: None,
        variables: &serde_json::Map::new(),
        budget: &Budget::default(),
    })
}

pub(crate) fn compiler(options: Options) -> Compiler {
    match Compiler::new(&SCHEMA, options) {
        Ok(compiler) => compiler,
        Err(diagnostics) => panic!("the schema: {diagnostics:#?}"),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn shipped() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![PathBuf::from("queries")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else {
                sources.push(Source {
                    text: fs::read_to_string(entry.path()).unwrap(),
                    path: path.display().to_string(),
                });
            }
        }
    }
    sources
}
