//! Whether GraphiQL's files are there to be embedded: `npm ci --prefix assets/graphiql` puts them there.

use std::path::Path;

const FOLDER: &str = "assets/graphiql/embedded";

/// Sets the `cfg` under which `src/serve/graphiql.rs` embeds the files.
pub(crate) fn look() {
    println!("cargo::rustc-check-cfg=cfg(graphiql_embedded)");
    println!("cargo::rerun-if-changed={FOLDER}");
    let files = ["react.js", "react-dom.js", "graphiql.js", "graphiql.css"];
    if files.iter().all(|file| Path::new(FOLDER).join(file).is_file()) {
        println!("cargo::rustc-cfg=graphiql_embedded");
    }
}
