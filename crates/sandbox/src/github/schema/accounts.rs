//! Users, organisations, bots, and the other kinds of actor.

use async_graphql::{Context, ID, Object, Result};

use super::{
    super::super::world::{
        code::{Account, AccountKind},
        world,
    },
    ids,
    interfaces::{Actor, RepositoryOwner},
    orders::{OrderDirection, RepositoryAffiliation, RepositoryOrder, RepositoryOrderField},
    paging::{Bounds, Page},
    repository::{Repository, RepositoryConnection},
    scalars::{DateTime, Uri},
};

/// The organisation that the people of the story are members of.
const EMPLOYER: &str = "acme";

/// A person.
#[derive(Clone, Copy)]
pub(super) struct User(pub(super) &'static Account);
#[derive(Clone, Copy)]
pub(super) struct Organization(pub(super) &'static Account);
#[derive(Clone, Copy)]
pub(super) struct Bot(pub(super) &'static Account);
/// A placeholder for imported work.
#[derive(Clone, Copy)]
pub(super) struct Mannequin(pub(super) &'static Account);
/// None of them is in the story; fragments on it have to be valid all the same.
#[derive(Clone, Copy)]
pub(super) struct EnterpriseUserAccount(pub(super) &'static Account);

impl Actor {
    /// None for an account that is gone.
    pub(super) fn by_login(login: Option<&str>) -> Option<Self> {
        let account = world().code.account(login?)?;
        Some(match account.kind {
            AccountKind::User => User(account).into(),
            AccountKind::Organization => Organization(account).into(),
            AccountKind::Bot => Bot(account).into(),
            AccountKind::Mannequin => Mannequin(account).into(),
        })
    }
}

impl RepositoryOwner {
    pub(super) fn by_login(login: &str) -> Option<Self> {
        let account = world().code.account(login)?;
        match account.kind {
            AccountKind::User => Some(User(account).into()),
            AccountKind::Organization => Some(Organization(account).into()),
            AccountKind::Bot | AccountKind::Mannequin => None,
        }
    }
}

/// Its repositories that the token may see.
fn repositories(login: &str) -> Vec<Repository> {
    world()
        .code
        .readable()
        .filter(|repository| repository.owner == login)
        .map(Repository)
        .collect()
}

fn repository(login: &str, name: &str) -> Option<Repository> {
    world().code.repository(login, name).map(Repository)
}

fn picture(account: &Account, size: Option<i32>) -> Uri {
    Uri(format!(
        "https://avatars.githubusercontent.com/{}?s={}",
        account.login,
        size.unwrap_or(460)
    ))
}

#[Object]
impl User {
    pub(super) async fn id(&self) -> ID {
        ids::id("U", &self.0.login)
    }

    pub(super) async fn database_id(&self) -> Option<i32> {
        None
    }

    pub(super) async fn login(&self) -> String {
        self.0.login.clone()
    }

    pub(super) async fn name(&self) -> Option<String> {
        self.0.name.clone()
    }

    pub(super) async fn email(&self) -> String {
        // Nearly always empty: most people do not make theirs public.
        if self.0.login == "mona" {
            "mona@acme.example".to_owned()
        } else {
            String::new()
        }
    }

    pub(super) async fn bio(&self) -> Option<String> {
        None
    }

    pub(super) async fn company(&self) -> Option<String> {
        Some("@acme".to_owned())
    }

    pub(super) async fn avatar_url(&self, size: Option<i32>) -> Uri {
        picture(self.0, size)
    }

    pub(super) async fn url(&self) -> Uri {
        Uri::page(&format!("/{}", self.0.login))
    }

    pub(super) async fn resource_path(&self) -> Uri {
        Uri(format!("/{}", self.0.login))
    }

    pub(super) async fn created_at(&self) -> DateTime {
        DateTime("2016-02-03T10:00:00Z".to_owned())
    }

    pub(super) async fn repository(
        &self,
        name: String,
        #[graphql(default_with = "Some(true)")] follow_renames: Option<bool>,
    ) -> Option<Repository> {
        let _ = follow_renames;
        repository(&self.0.login, &name)
    }

    pub(super) async fn repositories(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        last: Option<i32>,
        after: Option<String>,
        before: Option<String>,
        order_by: Option<RepositoryOrder>,
        #[graphql(
            default_with = "Some(vec![Some(RepositoryAffiliation::Owner), Some(RepositoryAffiliation::Collaborator)])"
        )]
        owner_affiliations: Option<Vec<Option<RepositoryAffiliation>>>,
    ) -> Result<RepositoryConnection> {
        let bounds = Bounds {
            first,
            last,
            after,
            before,
        };
        let mut found = repositories(&self.0.login);
        // Everybody in the story works at the shop.
        if owner_affiliations
            .into_iter()
            .flatten()
            .flatten()
            .any(|it| it == RepositoryAffiliation::OrganizationMember)
        {
            found.extend(repositories(EMPLOYER));
        }
        if let Some(RepositoryOrder { field, direction }) = order_by {
            match field {
                RepositoryOrderField::Name => found.sort_by(|one, other| one.0.name.cmp(&other.0.name)),
                RepositoryOrderField::PushedAt => found.sort_by_key(|repository| repository.0.pushed),
            }
            if direction == OrderDirection::Desc {
                found.reverse();
            }
        }
        Ok(Page::cut(context, found, &bounds)?.into())
    }
}

#[Object]
impl Organization {
    pub(super) async fn id(&self) -> ID {
        ids::id("O", &self.0.login)
    }

    pub(super) async fn database_id(&self) -> Option<i32> {
        None
    }

    pub(super) async fn login(&self) -> String {
        self.0.login.clone()
    }

    pub(super) async fn name(&self) -> Option<String> {
        self.0.name.clone()
    }

    pub(super) async fn description(&self) -> Option<String> {
        Some("Sells nearly everything".to_owned())
    }

    pub(super) async fn email(&self) -> Option<String> {
        None
    }

    pub(super) async fn avatar_url(&self, size: Option<i32>) -> Uri {
        picture(self.0, size)
    }

    pub(super) async fn url(&self) -> Uri {
        Uri::page(&format!("/{}", self.0.login))
    }

    pub(super) async fn resource_path(&self) -> Uri {
        Uri(format!("/{}", self.0.login))
    }

    pub(super) async fn created_at(&self) -> DateTime {
        DateTime("2014-05-06T08:00:00Z".to_owned())
    }

    pub(super) async fn repository(
        &self,
        name: String,
        #[graphql(default_with = "Some(true)")] follow_renames: Option<bool>,
    ) -> Option<Repository> {
        let _ = follow_renames;
        repository(&self.0.login, &name)
    }

    pub(super) async fn repositories(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        last: Option<i32>,
        after: Option<String>,
        before: Option<String>,
    ) -> Result<RepositoryConnection> {
        let bounds = Bounds {
            first,
            last,
            after,
            before,
        };
        Ok(Page::cut(context, repositories(&self.0.login), &bounds)?.into())
    }
}

/// The actors that are no more than an actor.
macro_rules! plain_actor {
    ($name:ident, $kind:literal, $path:literal $(, $field:ident: $type:ty = $value:expr)*) => {
        #[Object]
        impl $name {
            pub(super) async fn id(&self) -> ID {
                ids::id($kind, &self.0.login)
            }

            pub(super) async fn login(&self) -> String {
                self.0.login.clone()
            }

            pub(super) async fn avatar_url(&self, size: Option<i32>) -> Uri {
                picture(self.0, size)
            }

            pub(super) async fn url(&self) -> Uri {
                Uri::page(&format!(concat!($path, "{}"), self.0.login))
            }

            pub(super) async fn resource_path(&self) -> Uri {
                Uri(format!(concat!($path, "{}"), self.0.login))
            }

            pub(super) async fn created_at(&self) -> DateTime {
                DateTime("2018-01-01T00:00:00Z".to_owned())
            }

            $(pub(super) async fn $field(&self) -> $type {
                $value
            })*
        }
    };
}

plain_actor!(Bot, "BOT", "/apps/", database_id: Option<i32> = None);
plain_actor!(Mannequin, "M", "/", database_id: Option<i32> = None, email: Option<String> = None);
plain_actor!(EnterpriseUserAccount, "EUA", "/enterprises/acme/users/", name: Option<String> = None);
