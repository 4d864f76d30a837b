//! Batches for a vendor without bulk calls: each key's request by itself, several at once, all answers together, which
//! keeps a level of the operation together for the level below it.

use crate::backends::Backend;
use crate::backends::slack::{Channel, Client, User, UserGroup, Wanted};
use dataloader::BatchFn;
use futures::future::BoxFuture;
use futures::{StreamExt, stream};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use upstream::{Call, Failure};

/// How many requests of a batch are under way at once.
const CONCURRENCY: usize = 8;

/// Where batches come from.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) client: Backend<Client>,
    pub(super) call: Arc<Call>,
}

type Fetch<K, V> = dyn Fn(Client, Arc<Call>, K) -> BoxFuture<'static, Result<V, Failure>> + Send + Sync;

/// A batch that fetches key by key.
pub(super) struct FanOut<K, V> {
    source: Source,
    fetch: Box<Fetch<K, V>>,
}

impl<K, V> FanOut<K, V> {
    pub(super) fn new<F>(source: Source, fetch: F) -> Self
    where
        F: Fn(Client, Arc<Call>, K) -> BoxFuture<'static, Result<V, Failure>> + Send + Sync + 'static,
    {
        let fetch = Box::new(fetch);
        Self { source, fetch }
    }
}

impl<K, V> BatchFn<K, Result<V, Failure>> for FanOut<K, V>
where
    K: Clone + Eq + Hash + Ord + Send + 'static,
    V: Send + 'static,
{
    async fn load(&mut self, keys: &[K]) -> HashMap<K, Result<V, Failure>> {
        let client = match self.source.client.client() {
            Ok(client) => client,
            Err(failure) => return refused(keys, &failure),
        };
        // The loader hands keys over in no order; requests leave in the same one every time.
        let mut keys = keys.to_vec();
        keys.sort();
        let fetches: Vec<_> = keys
            .into_iter()
            .map(|key| {
                let answer = (self.fetch)(client.clone(), Arc::clone(&self.source.call), key.clone());
                async move { (key, answer.await) }
            })
            .collect();
        stream::iter(fetches).buffer_unordered(CONCURRENCY).collect().await
    }
}

/// A person to look up, by id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Person {
    /// One that a field was selected of.
    Needed(String),
    /// One that a text only mentions.
    Mentioned(String),
}

impl Person {
    fn id(&self) -> &String {
        match self {
            Self::Needed(id) | Self::Mentioned(id) => id,
        }
    }

    pub(super) fn into_id(self) -> String {
        match self {
            Self::Needed(id) | Self::Mentioned(id) => id,
        }
    }
}

/// The batch of people, who come one by one or by the page.
pub(super) struct People(pub(super) Source);

impl BatchFn<Person, Result<Arc<User>, Failure>> for People {
    async fn load(&mut self, keys: &[Person]) -> HashMap<Person, Result<Arc<User>, Failure>> {
        let client = match self.0.client.client() {
            Ok(client) => client,
            Err(failure) => return refused(keys, &failure),
        };
        let mut sorted = keys.to_vec();
        sorted.sort();
        let mut wanted = Wanted::default();
        for person in sorted {
            match person {
                Person::Needed(id) => wanted.needed.push(id),
                Person::Mentioned(id) => wanted.mentioned.push(id),
            }
        }
        let people = client.users(&wanted, &self.0.call).await;
        let answer = |person: &Person| Some((person.clone(), people.get(person.id())?.clone()));
        keys.iter().filter_map(answer).collect()
    }
}

/// The batch of channels that texts mention.
pub(super) struct Channels(pub(super) Source);

impl BatchFn<String, Result<Arc<Channel>, Failure>> for Channels {
    async fn load(&mut self, keys: &[String]) -> HashMap<String, Result<Arc<Channel>, Failure>> {
        let client = match self.0.client.client() {
            Ok(client) => client,
            Err(failure) => return refused(keys, &failure),
        };
        let mut keys = keys.to_vec();
        keys.sort();
        client.mentioned_channels(&keys, &self.0.call).await
    }
}

/// The batch of user groups, who come all at once.
pub(super) struct Groups(pub(super) Source);

impl BatchFn<String, Result<Option<Arc<UserGroup>>, Failure>> for Groups {
    async fn load(&mut self, keys: &[String]) -> HashMap<String, Result<Option<Arc<UserGroup>>, Failure>> {
        let groups = match self.0.client.client() {
            Ok(client) => client.user_groups_with(keys, &self.0.call).await,
            Err(failure) => Err(failure),
        };
        match groups {
            Ok(groups) => keys
                .iter()
                .map(|id| (id.clone(), Ok(groups.by_id(id).cloned())))
                .collect(),
            Err(failure) => refused(keys, &failure),
        }
    }
}

fn refused<K: Clone + Eq + Hash, V>(keys: &[K], failure: &Failure) -> HashMap<K, Result<V, Failure>> {
    keys.iter().map(|key| (key.clone(), Err(failure.clone()))).collect()
}
