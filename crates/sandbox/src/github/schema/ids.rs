//! Node ids: opaque to clients, and here the kind and the path of the thing.

use async_graphql::ID;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// `kind` is the prefix that GitHub gives the type, e.g. `PR`.
pub(super) fn id(kind: &str, path: &str) -> ID {
    format!("{kind}_{}", URL_SAFE_NO_PAD.encode(path)).into()
}

/// The kind and the path, where it is an id at all.
pub(super) fn read(id: &str) -> Option<(&str, String)> {
    let (kind, path) = id.split_once('_')?;
    let path = String::from_utf8(URL_SAFE_NO_PAD.decode(path).ok()?).ok()?;
    Some((kind, path))
}
