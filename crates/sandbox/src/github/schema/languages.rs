//! The languages of a repository.

use async_graphql::{ID, Object, SimpleObject};

use super::{
    ids,
    paging::{Page, PageInfo},
};

#[derive(Clone, Copy)]
pub(super) struct Language(pub(super) &'static str);

#[Object]
impl Language {
    pub(super) async fn id(&self) -> ID {
        ids::id("LANG", self.0)
    }

    pub(super) async fn name(&self) -> String {
        self.0.to_owned()
    }

    pub(super) async fn color(&self) -> Option<String> {
        match self.0 {
            "Rust" => Some("#dea584".to_owned()),
            "TypeScript" => Some("#3178c6".to_owned()),
            "Go" => Some("#00ADD8".to_owned()),
            _ => None,
        }
    }
}

/// The one connection whose edges say more than the nodes: how much of each language there is.
#[derive(SimpleObject)]
pub(super) struct LanguageConnection {
    edges: Option<Vec<Option<LanguageEdge>>>,
    nodes: Option<Vec<Option<Language>>>,
    page_info: PageInfo,
    total_count: i32,
    total_size: i32,
}

#[derive(SimpleObject)]
pub(super) struct LanguageEdge {
    cursor: String,
    node: Language,
    /// Bytes.
    size: i32,
}

impl LanguageConnection {
    pub(super) fn new(page: Page<(&'static str, i32)>, total_size: i32) -> Self {
        let nodes = page.items.iter().map(|(_, (name, _))| Some(Language(name))).collect();
        let edge = |(cursor, (name, size))| {
            Some(LanguageEdge {
                cursor,
                node: Language(name),
                size,
            })
        };
        let edges = page.items.into_iter().map(edge).collect();
        Self {
            edges: Some(edges),
            nodes: Some(nodes),
            page_info: page.info,
            total_count: page.total,
            total_size,
        }
    }
}
