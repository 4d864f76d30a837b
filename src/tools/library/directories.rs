//! Names to choose from while somebody types. Whatever a backend says, there is an answer, soon: from what is known by
//! then, or an empty one.

use crate::backends::names;
use crate::loaders::Clients;
use std::time::Duration;
use toolgen::prompt::Directory;
use upstream::{Call, Failure};

/// How many are given at once: the protocol's bound.
const MOST: usize = 100;

/// How long a look-up may take. Who types does not wait longer; what came by then is kept for the next letter.
const LIMIT: Duration = Duration::from_millis(1_500);

/// The directories of the backends. Each backend keeps what it read, so that the next letter asks nothing.
#[derive(Clone)]
pub struct Directories {
    clients: Clients,
}

/// The names that match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// The first of them, the best first.
    pub names: Vec<String>,
    /// How many there are.
    pub total: usize,
}

impl Directories {
    /// Directories that these clients read.
    pub(super) fn new(clients: Clients) -> Self {
        Self { clients }
    }

    /// The names of a directory that match what was typed; none where its backend is off or does not answer.
    pub async fn matching(&self, directory: Directory, typed: &str) -> Matches {
        let call = Call::within(LIMIT);
        let names = tokio::time::timeout(LIMIT, self.names(directory, &call)).await;
        let names = match names {
            Ok(Ok(names)) => names,
            Ok(Err(failure)) => {
                tracing::debug!(%failure, "nothing to choose from");
                Vec::new()
            }
            Err(_elapsed) => Vec::new(),
        };
        Matches::of(names, typed)
    }

    async fn names(&self, directory: Directory, call: &Call) -> Result<Vec<String>, Failure> {
        match directory {
            Directory::Channels => {
                let names = self.clients.slack.client()?.channel_names(call).await;
                Ok(names.into_iter().map(|name| format!("#{name}")).collect())
            }
            Directory::Repositories => self.clients.github.client()?.repositories(call).await,
            Directory::Services => self.clients.datadog.client()?.services(call).await,
        }
    }
}

impl Matches {
    /// Those of the names that match: first those that begin so, then those that hold it, each in their order.
    pub fn of(names: Vec<String>, typed: &str) -> Self {
        let typed = plain(typed);
        let (begin, rest): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| plain(name).starts_with(&typed));
        let within = rest.into_iter().filter(|name| plain(name).contains(&typed));
        let mut names: Vec<_> = begin.into_iter().chain(within).collect();
        let total = names.len();
        names.truncate(MOST);
        Self { names, total }
    }
}

/// Case and normal form do not matter, nor whether somebody types the `#` of a channel.
fn plain(name: &str) -> String {
    names::key(name.trim().trim_start_matches('#'))
}

#[cfg(test)]
mod tests {
    use super::Matches;

    fn matches(names: &[&str], typed: &str) -> Vec<String> {
        Matches::of(names.iter().map(ToString::to_string).collect(), typed).names
    }

    #[test]
    fn what_begins_so_comes_before_what_holds_it() {
        let names = ["#alerts", "#deploys", "#old-deploys", "#Deploy-eu"];
        for typed in ["dep", "#dep", " DEP"] {
            assert_eq!(
                matches(&names, typed),
                ["#deploys", "#Deploy-eu", "#old-deploys"],
                "{typed}"
            );
        }
        assert_eq!(matches(&names, ""), names);
        assert!(matches(&names, "zzz").is_empty());
    }

    #[test]
    fn a_hundred_are_given_and_all_are_counted() {
        let many: Vec<_> = (0..250).map(|n| format!("s{n}")).collect();
        let found = Matches::of(many, "s");
        assert_eq!((found.names.len(), found.total), (100, 250));
    }
}
