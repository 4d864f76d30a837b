//! Who is on GitHub: the colleagues that have a login, the organisations, the bots.

use super::{
    super::people::people,
    Account,
    AccountKind::{self, Bot, Mannequin, Organization, User},
};

pub(super) fn accounts() -> Vec<Account> {
    let mut all = vec![
        account("acme", Some("Acme Shop"), Organization),
        account("samples", None, Organization),
        account("dependabot", None, Bot),
        account("github-actions", None, Bot),
        account("old-svn-author", None, Mannequin),
    ];
    all.extend(people().into_iter().filter_map(|person| {
        let login = person.login?;
        // A profile's name is what its owner left there; a few left nothing.
        let name = (login.len() % 5 != 0).then_some(person.real_name);
        Some(Account {
            login,
            name,
            kind: User,
        })
    }));
    all
}

fn account(login: &str, name: Option<&str>, kind: AccountKind) -> Account {
    Account {
        login: login.to_owned(),
        name: name.map(str::to_owned),
        kind,
    }
}
