//! What the tools that are on need the credentials to be allowed, against what a token says that it is.

use crate::tools::Catalog;
use std::collections::BTreeMap;

/// Scopes, each with the tools that need it.
pub(super) type Needs = BTreeMap<String, Vec<String>>;

/// What the listed tools need of one backend.
pub(super) fn needed(catalog: &Catalog, backend: &str) -> Needs {
    let mut needs = Needs::new();
    for tool in catalog.listed() {
        for scope in tool.spec.scopes.get(backend).into_iter().flatten() {
            needs.entry(scope.clone()).or_default().push(tool.spec.name.clone());
        }
    }
    needs
}

/// Those of them that a token does not have.
pub(super) fn lacking(needs: &Needs, has: &[String]) -> Needs {
    let mut lacking = needs.clone();
    lacking.retain(|scope, _| !has.contains(scope));
    lacking
}

/// In words: `groups:read (monitor_context)`.
pub(super) fn told(needs: &Needs) -> String {
    let each: Vec<_> = needs
        .iter()
        .map(|(scope, tools)| format!("{scope} ({})", tools.join(", ")))
        .collect();
    each.join(", ")
}
