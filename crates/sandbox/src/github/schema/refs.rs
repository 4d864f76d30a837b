//! What a repository's pages lead to besides its issues, pull requests and commits: branches, releases, discussions.

use async_graphql::{ID, Object};

use super::{
    super::super::world::code, commit::Commit, ids, interfaces::GitObject, repository::Repository, scalars::Uri,
};

/// A branch.
#[derive(Clone, Copy)]
pub(super) struct Ref {
    pub(super) repository: &'static code::Repository,
    pub(super) name: &'static str,
}

#[Object]
impl Ref {
    pub(super) async fn id(&self) -> ID {
        ids::id("REF", &format!("{}:{}", self.repository.full_name(), self.name))
    }

    pub(super) async fn name(&self) -> String {
        self.name.to_owned()
    }

    pub(super) async fn prefix(&self) -> String {
        "refs/heads/".to_owned()
    }

    pub(super) async fn repository(&self) -> Repository {
        Repository(self.repository)
    }

    pub(super) async fn target(&self) -> Option<GitObject> {
        let newest = self.repository.commits.iter().max_by_key(|commit| commit.committed)?;
        Some(
            Commit {
                repository: self.repository,
                commit: newest,
            }
            .into(),
        )
    }
}

#[derive(Clone, Copy)]
pub(super) struct Release {
    pub(super) repository: &'static code::Repository,
    pub(super) tag: &'static str,
    pub(super) name: &'static str,
}

impl Release {
    pub(super) fn by_tag(repository: &'static code::Repository, wanted: &str) -> Option<Self> {
        let (tag, name) = repository.releases.iter().find(|(tag, _)| *tag == wanted)?;
        Some(Self { repository, tag, name })
    }
}

#[Object]
impl Release {
    pub(super) async fn id(&self) -> ID {
        ids::id("RE", &format!("{}:{}", self.repository.full_name(), self.tag))
    }

    pub(super) async fn name(&self) -> Option<String> {
        Some(self.name.to_owned())
    }

    pub(super) async fn tag_name(&self) -> String {
        self.tag.to_owned()
    }

    pub(super) async fn is_draft(&self) -> bool {
        false
    }

    pub(super) async fn is_prerelease(&self) -> bool {
        false
    }

    pub(super) async fn repository(&self) -> Repository {
        Repository(self.repository)
    }

    pub(super) async fn url(&self) -> Uri {
        Uri(format!("{}/releases/tag/{}", self.repository.url(), self.tag))
    }

    pub(super) async fn resource_path(&self) -> Uri {
        Uri(format!("/{}/releases/tag/{}", self.repository.full_name(), self.tag))
    }
}

#[derive(Clone, Copy)]
pub(super) struct Discussion {
    repository: &'static code::Repository,
    number: i32,
    title: &'static str,
}

impl Discussion {
    pub(super) fn by_number(repository: &'static code::Repository, wanted: i32) -> Option<Self> {
        let (number, title) = repository.discussions.iter().find(|(number, _)| *number == wanted)?;
        Some(Self {
            repository,
            number: *number,
            title,
        })
    }
}

#[Object]
impl Discussion {
    pub(super) async fn id(&self) -> ID {
        ids::id("D", &format!("{}#{}", self.repository.full_name(), self.number))
    }

    pub(super) async fn number(&self) -> i32 {
        self.number
    }

    pub(super) async fn title(&self) -> String {
        self.title.to_owned()
    }

    pub(super) async fn repository(&self) -> Repository {
        Repository(self.repository)
    }

    pub(super) async fn url(&self) -> Uri {
        Uri(format!("{}/discussions/{}", self.repository.url(), self.number))
    }

    pub(super) async fn resource_path(&self) -> Uri {
        Uri(format!("/{}/discussions/{}", self.repository.full_name(), self.number))
    }
}
