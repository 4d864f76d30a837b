//! `/graphiql`: the page to explore the schema with. Its files are embedded where `npm ci --prefix assets/graphiql` fetched
//! them before the build; else the browser loads the same files from a CDN, and checks that they are the same.
//!
//! It is GraphiQL 4 on React 18, the last ones that are published as single files: those can be pinned by their hash, which
//! a tree of modules on a CDN cannot, and need no bundler here.
//!
//! `/graphiql/tools` lists the tools, and opens the file of each in GraphiQL. It is embedded and needs nothing from outside.

use crate::tools::Tools;
use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use serde_json::{Value, json};
use std::sync::Arc;
use toolgen::ToolSpec;

/// Where the files come from when they are not embedded; it serves npm packages file by file, unchanged.
const CDN: &str = "https://cdn.jsdelivr.net/npm/";

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const PAGE: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";

/// What a page may do that is ours alone.
const OWN_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
                          base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file of somebody else's that the page loads.
struct Asset {
    /// Its name below `/graphiql/`.
    name: &'static str,
    /// Where it stands in an npm package of this version.
    package: &'static str,
    /// Its hash, for the browser.
    integrity: &'static str,
    kind: &'static str,
    /// What it is, where it was there at build time.
    embedded: Option<&'static [u8]>,
}

/// The bytes of an embedded file, or nothing.
macro_rules! embedded {
    ($name:literal) => {{
        #[cfg(graphiql_embedded)]
        let bytes: Option<&'static [u8]> = Some(include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/assets/graphiql/embedded/",
            $name
        )));
        #[cfg(not(graphiql_embedded))]
        let bytes: Option<&'static [u8]> = None;
        bytes
    }};
}

/// In the order in which they have to be loaded. The versions are those of `assets/graphiql/package.json`.
static ASSETS: [Asset; 4] = [
    Asset {
        name: "graphiql.css",
        package: "graphiql@4.1.2/graphiql.min.css",
        integrity: "sha384-1el1QShFBnnXTx9x/Cprg82hZWKt0ry29OAYIXt05swbi0KcZDFoj0CWguMpopJr",
        kind: STYLE,
        embedded: embedded!("graphiql.css"),
    },
    Asset {
        name: "react.js",
        package: "react@18.3.1/umd/react.production.min.js",
        integrity: "sha384-DGyLxAyjq0f9SPpVevD6IgztCFlnMF6oW/XQGmfe+IsZ8TqEiDrcHkMLKI6fiB/Z",
        kind: SCRIPT,
        embedded: embedded!("react.js"),
    },
    Asset {
        name: "react-dom.js",
        package: "react-dom@18.3.1/umd/react-dom.production.min.js",
        integrity: "sha384-gTGxhz21lVGYNMcdJOyq01Edg0jhn/c22nsx0kyqP0TxaV5WVdsSH1fSDUf5YJj1",
        kind: SCRIPT,
        embedded: embedded!("react-dom.js"),
    },
    Asset {
        name: "graphiql.js",
        package: "graphiql@4.1.2/graphiql.min.js",
        integrity: "sha384-9XdHu7ajgGJziD4J1zNBKQ842Q/+zZfDv+ib1eMhZWBH6hPAs806x+Jbcf0yNO6B",
        kind: SCRIPT,
        embedded: embedded!("graphiql.js"),
    },
];

/// The pages and their files; the tools are those of the moment at which somebody looks.
pub fn routes(tools: Arc<Tools>) -> Router {
    let own = [
        ("page.css", STYLE, include_str!("../../assets/graphiql/page.css")),
        ("page.js", SCRIPT, include_str!("../../assets/graphiql/page.js")),
        ("tools.css", STYLE, include_str!("../../assets/graphiql/tools.css")),
        ("tools.js", SCRIPT, include_str!("../../assets/graphiql/tools.js")),
    ];
    let graphiql = document(policy(), page());
    let list = document(
        OWN_POLICY.to_owned(),
        include_str!("../../assets/graphiql/tools.html").to_owned(),
    );
    let mut router = Router::new()
        .route("/graphiql", graphiql)
        .route("/graphiql/tools", list)
        .route(
            "/graphiql/tools.json",
            get(async move || file(JSON, files(&tools).to_string())),
        );
    for (name, kind, text) in own {
        router = router.route(&format!("/graphiql/{name}"), get(async move || file(kind, text)));
    }
    for asset in &ASSETS {
        if let Some(bytes) = asset.embedded {
            let path = format!("/graphiql/{}", asset.name);
            router = router.route(&path, get(async move || file(asset.kind, bytes)));
        }
    }
    router
}

/// A page under its policy.
fn document(policy: String, page: String) -> MethodRouter {
    get(async move || ([(CONTENT_SECURITY_POLICY, policy)], file(PAGE, page)))
}

/// The listed tools that are files, with the text of each.
fn files(tools: &Tools) -> Value {
    let catalog = tools.catalog();
    let specs = catalog
        .listed()
        .map(|tool| &*tool.spec)
        .filter(|spec| !spec.text.is_empty());
    let entry = |spec: &ToolSpec| {
        json!({
            "name": spec.name,
            "group": spec.group,
            "description": spec.description,
            "source": spec.source,
            "text": spec.text,
        })
    };
    specs.map(entry).collect()
}

/// Nothing here may be framed, guessed at, or told to others. Nor is it kept: a file of the version before would not have
/// the hash that the page of this version asks for.
fn file(kind: &'static str, body: impl IntoResponse) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (headers, body).into_response()
}

fn page() -> String {
    let tags = |kind: &str, tag: &dyn Fn(&Asset) -> String| {
        let tags: Vec<_> = ASSETS.iter().filter(|asset| asset.kind == kind).map(tag).collect();
        tags.join("\n    ")
    };
    let styles = tags(STYLE, &|asset| {
        format!(r#"<link rel="stylesheet" {}>"#, asset.source("href"))
    });
    let scripts = tags(SCRIPT, &|asset| format!("<script {}></script>", asset.source("src")));
    include_str!("../../assets/graphiql/page.html")
        .replace("{styles}", &styles)
        .replace("{scripts}", &scripts)
}

/// GraphiQL sets styles from its scripts, fonts and pictures are in its style sheet, and it talks to this server only.
fn policy() -> String {
    let cdn = if ASSETS.iter().all(|asset| asset.embedded.is_some()) {
        ""
    } else {
        " https://cdn.jsdelivr.net"
    };
    format!(
        "default-src 'none'; script-src 'self'{cdn}; style-src 'self'{cdn}; img-src 'self' data:; \
         font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

impl Asset {
    /// The attributes that name where the file comes from and what it has to be.
    fn source(&self, attribute: &str) -> String {
        let Self {
            name,
            package,
            integrity,
            embedded,
            ..
        } = self;
        match embedded {
            Some(_) => format!(r#"{attribute}="graphiql/{name}" integrity="{integrity}""#),
            None => format!(r#"{attribute}="{CDN}{package}" integrity="{integrity}" crossorigin="anonymous""#),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::Results;
    use crate::tools::fixture::tools;
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, StatusCode};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha384};
    use tower_service::Service;

    async fn get(path: &str) -> (StatusCode, axum::http::HeaderMap, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let (parts, body) = routes(Arc::new(tools(Results::Both)))
            .call(request)
            .await
            .unwrap()
            .into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn the_page_cannot_be_framed_and_runs_no_script_of_others() {
        let (status, headers, page) = get("/graphiql").await;
        assert_eq!(status, StatusCode::OK);
        let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(headers[X_FRAME_OPTIONS], "DENY");
        assert_eq!(page.matches("integrity=\"sha384-").count(), ASSETS.len());
        assert!(!page.contains('{'), "{page}");
    }

    #[tokio::test]
    async fn every_file_that_the_page_names_here_is_served() {
        let (_, _, page) = get("/graphiql").await;
        let local: Vec<_> = page.split('"').filter(|part| part.starts_with("graphiql/")).collect();
        assert!(local.contains(&"graphiql/page.js"), "{local:?}");
        for file in local
            .iter()
            .chain(&["graphiql/tools.css", "graphiql/tools.js", "graphiql/tools.json"])
        {
            assert_eq!(get(&format!("/{file}")).await.0, StatusCode::OK, "{file}");
        }
    }

    #[tokio::test]
    async fn the_list_of_tools_needs_nothing_from_outside() {
        let (status, headers, page) = get("/graphiql/tools").await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            !page.contains("http") && !headers[CONTENT_SECURITY_POLICY].to_str().unwrap().contains("http"),
            "{page}"
        );
        let (_, _, files) = get("/graphiql/tools.json").await;
        let files: Value = serde_json::from_str(&files).unwrap();
        let names: Vec<_> = files
            .as_array()
            .unwrap()
            .iter()
            .map(|tool| tool["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["shop_get", "shop_list", "shop_order", "shop_wait"]);
        assert!(files[0]["text"].as_str().unwrap().ends_with("# as written"), "{files}");
    }

    #[test]
    fn what_is_embedded_is_what_the_cdn_would_send() {
        for asset in &ASSETS {
            if let Some(bytes) = asset.embedded {
                let hash = format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)));
                assert_eq!(hash, asset.integrity, "{}", asset.name);
            }
        }
    }

    #[test]
    fn the_versions_are_those_of_the_package() {
        let package: serde_json::Value =
            serde_json::from_str(include_str!("../../assets/graphiql/package.json")).unwrap();
        for asset in &ASSETS {
            let (versioned, _) = asset.package.split_once('/').unwrap();
            let (name, version) = versioned.split_once('@').unwrap();
            assert_eq!(package["dependencies"][name], version, "{name}");
        }
    }
}
