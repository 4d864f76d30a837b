//! Users, organisations, bots, and the other kinds of actor.

use async_graphql::{Context, ID, Object, Result};

use super::{
    super::super::world::{
        code::{Account, AccountKind},
        world,
    },
    ids,
    interfaces::{Actor, RepositoryOwner},
    orders::{RepositoryAffiliation, RepositoryOrder},
    paging::{Bounds, Page},
    repository::{Repository, RepositoryConnection},
    scalars::{DateTime, Uri},
};

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

/// The organisation that the people of the story are members of.
const EMPLOYER: &str = "acme";

/// Its repositories that the token may see; asked for, those of the organisation too that it is a member of.
fn repositories(login: &str, affiliations: &[RepositoryAffiliation]) -> Vec<Repository> {
    let as_member = affiliations.contains(&RepositoryAffiliation::OrganizationMember);
    world()
        .code
        .readable()
        .filter(|repository| repository.owner == login || as_member && repository.owner == EMPLOYER)
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

/// What every actor has, and the fields that this kind has beside them.
macro_rules! actor {
    ($name:ident, $kind:literal, $path:literal, $since:literal, { $($own:tt)* }) => {
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
                DateTime($since.to_owned())
            }

            $($own)*
        }
    };
}

/// An actor that may own repositories.
macro_rules! owner {
    ($name:ident, $kind:literal, $since:literal, { $($own:tt)* }) => {
        actor!($name, $kind, "/", $since, {
            pub(super) async fn database_id(&self) -> Option<i32> {
                None
            }

            pub(super) async fn name(&self) -> Option<String> {
                self.0.name.clone()
            }

            pub(super) async fn repository(
                &self,
                name: String,
                #[graphql(default_with = "Some(true)")] follow_renames: Option<bool>,
            ) -> Option<Repository> {
                let _ = follow_renames;
                repository(&self.0.login, &name)
            }

            #[expect(clippy::too_many_arguments, reason = "GitHub's arguments")]
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
                let bounds = Bounds::new(first, last, after, before);
                let affiliations: Vec<_> = owner_affiliations.into_iter().flatten().flatten().collect();
                let mut found = repositories(&self.0.login, &affiliations);
                if let Some(order) = order_by {
                    order.sort(&mut found);
                }
                Ok(Page::cut(context, found, &bounds)?.into())
            }

            $($own)*
        });
    };
}

owner!(User, "U", "2016-02-03T10:00:00Z", {
    /// Nearly always empty: most people do not make theirs public.
    pub(super) async fn email(&self) -> String {
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
});

owner!(Organization, "O", "2014-05-06T08:00:00Z", {
    pub(super) async fn description(&self) -> Option<String> {
        Some("Sells nearly everything".to_owned())
    }

    pub(super) async fn email(&self) -> Option<String> {
        None
    }
});

actor!(Bot, "BOT", "/apps/", "2018-01-01T00:00:00Z", {
    pub(super) async fn database_id(&self) -> Option<i32> {
        None
    }
});

actor!(Mannequin, "M", "/", "2018-01-01T00:00:00Z", {
    pub(super) async fn database_id(&self) -> Option<i32> {
        None
    }

    pub(super) async fn email(&self) -> Option<String> {
        None
    }
});

actor!(
    EnterpriseUserAccount,
    "EUA",
    "/enterprises/acme/users/",
    "2018-01-01T00:00:00Z",
    {
        pub(super) async fn name(&self) -> Option<String> {
            None
        }
    }
);
