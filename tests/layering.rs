//! The layers' import directions: each may use those below it, never one above. Reads the `use crate::` paths.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// From the top down; what stands on one line does not know each other. Below them all is `upstream`, a crate of its own:
/// it can use none of them, and each of them may use it.
const LAYERS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["app"],
    &["config", "telemetry"],
    &["serve"],
    &["mcp"],
    &["tools"],
    &["graph"],
    &["loaders"],
    &["backends"],
];

/// A crate of its own, so it can use none of the layers; of them only `app` may use it.
const APART: &str = "sandbox";

fn rank(module: &str) -> Option<usize> {
    LAYERS.iter().position(|line| line.contains(&module))
}

fn may_use(from: &str, to: &str) -> bool {
    if from == to {
        return true;
    }
    match (from, to) {
        // The library's root names the modules and uses none.
        ("lib", _) => false,
        (from, APART) => from == "app",
        // Nothing but the composition root and the commands knows the configuration.
        (from, "config" | "telemetry") => matches!(from, "main" | "cli" | "app"),
        (from, to) => match (rank(from), rank(to)) {
            (Some(from), Some(to)) => from < to,
            _ => false,
        },
    }
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The layer that a file belongs to: its first path component below `src`.
fn layer_of(file: &Path, source: &Path) -> String {
    let first = file.strip_prefix(source).unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// Every layer that a text names as `crate::layer` or, in `main.rs`, as `braid::layer`, in imports and in paths alike.
/// `use crate::{a, b::c}` names `a` and `b`.
fn layers_used(text: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (start, root) in text.match_indices("crate::").chain(text.match_indices("braid::")) {
        let whole_word = !text[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        if !whole_word
            || text[..start]
                .rsplit('\n')
                .next()
                .unwrap()
                .trim_start()
                .starts_with("//")
        {
            continue;
        }
        let rest = &text[start + root.len()..];
        match rest.strip_prefix('{') {
            None => used.insert(word(rest)),
            Some(group) => {
                let mut depth = 0;
                let mut item = String::new();
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            used.insert(word(item.trim()));
                            item.clear();
                            continue;
                        }
                        _ => {}
                    }
                    item.push(c);
                }
                used.insert(word(item.trim()))
            }
        };
    }
    used.retain(|name| !name.is_empty());
    if text.lines().any(|line| line.trim_start().starts_with("use sandbox")) {
        used.insert(APART.to_owned());
    }
    used
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn no_layer_imports_upwards() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    assert!(files.len() > 30, "the sources are here");
    let (mut faults, mut edges) = (Vec::new(), 0);
    for file in &files {
        let from = layer_of(file, &source);
        assert!(
            from == "lib" || rank(&from).is_some(),
            "{} stands in no layer",
            file.display()
        );
        for to in layers_used(&std::fs::read_to_string(file).unwrap()) {
            edges += usize::from(from != to);
            if !may_use(&from, &to) {
                faults.push(format!(
                    "{}: `{from}` uses `{to}`",
                    file.strip_prefix(&source).unwrap().display()
                ));
            }
        }
    }
    assert!(edges > 20, "imports are found at all: {edges}");
    assert!(
        faults.is_empty(),
        "imports against the layers' direction:\n{}",
        faults.join("\n")
    );
}

#[test]
fn the_reader_of_imports_finds_each_form() {
    let text = "use crate::graph::X;\nuse crate::{tools::{a, b}, backends};\nfn f() { crate::loaders::g() }\n// crate::serve\nuse sandbox::Vendor;\n";
    let found: Vec<_> = layers_used(text).into_iter().collect();
    assert_eq!(found, ["backends", "graph", "loaders", "sandbox", "tools"]);
}

#[test]
fn a_layer_may_use_those_below_it_only() {
    assert!(may_use("tools", "graph") && may_use("app", "sandbox") && may_use("serve", "backends"));
    assert!(!may_use("graph", "tools") && !may_use("backends", "sandbox") && !may_use("tools", "config"));
    assert!(!may_use("backends", "loaders"));
}
