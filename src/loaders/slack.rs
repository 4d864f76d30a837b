//! Loaders for Slack: one for each kind of key, so that no kind waits for another's batch.

mod fan_out;

use crate::backends::Backend;
use crate::backends::slack::{
    BACKEND, Channel, Client, HandleQuery, HistoryQuery, MessageKey, MessagePage, Post, Posted, RepliesQuery,
    SearchPage, SearchQuery, Ts, User, UserGroup,
};
use dataloader::cached;
use fan_out::{Channels, FanOut, Groups, People, Person};
use futures::FutureExt;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use upstream::{Call, Cause, Failure};

/// No batch is cut below this: what one level asks for is asked for together.
const LARGEST_BATCH: usize = 10_000;

type Batched<K, V> = cached::Loader<K, Result<V, Failure>, FanOut<K, V>>;

/// What one operation loads from Slack.
pub struct Loader {
    client: Backend<Client>,
    call: Arc<Call>,
    channels: Batched<String, Arc<Channel>>,
    names: Batched<String, Arc<Channel>>,
    handles: Batched<HandleQuery, Option<Arc<Channel>>>,
    histories: Batched<HistoryQuery, Arc<MessagePage>>,
    replies: Batched<RepliesQuery, Arc<MessagePage>>,
    searches: Batched<SearchQuery, Arc<SearchPage>>,
    permalinks: Batched<(String, Ts), String>,
    bots: Batched<String, Option<String>>,
    people: cached::Loader<Person, Result<Arc<User>, Failure>, People>,
    mentioned_channels: cached::Loader<String, Result<Arc<Channel>, Failure>, Channels>,
    groups: cached::Loader<String, Result<Option<Arc<UserGroup>>, Failure>, Groups>,
}

impl Loader {
    /// Loaders for one operation.
    pub fn new(client: Backend<Client>, call: Arc<Call>) -> Self {
        let source = fan_out::Source {
            client: client.clone(),
            call: Arc::clone(&call),
        };
        Self {
            channels: source.each(|client, call, id: String| async move { client.channel(&id, &call).await }.boxed()),
            names: source
                .each(|client, call, name: String| async move { client.channel_named(&name, &call).await }.boxed()),
            handles: source.each(|client, call, query: HandleQuery| {
                async move { client.channel_by_handle(&query, &call).await }.boxed()
            }),
            histories: source.each(|client, call, query: HistoryQuery| {
                async move { client.history(&query, &call).await.map(Arc::new) }.boxed()
            }),
            replies: source.each(|client, call, query: RepliesQuery| {
                async move { client.replies(&query, &call).await.map(Arc::new) }.boxed()
            }),
            searches: source.each(|client, call, query: SearchQuery| {
                async move { client.search(&query, &call).await.map(Arc::new) }.boxed()
            }),
            permalinks: source.each(|client, call, (channel, ts): (String, Ts)| {
                async move { client.permalink(&channel, &ts, &call).await }.boxed()
            }),
            bots: source.each(|client, call, id: String| async move { client.bot_name(&id, &call).await }.boxed()),
            people: cached::Loader::new(People(source.clone())).with_max_batch_size(LARGEST_BATCH),
            mentioned_channels: cached::Loader::new(Channels(source.clone())).with_max_batch_size(LARGEST_BATCH),
            groups: cached::Loader::new(Groups(source)).with_max_batch_size(LARGEST_BATCH),
            client,
            call,
        }
    }

    /// The channel of this id.
    pub async fn channel(&self, id: &str) -> Result<Arc<Channel>, Failure> {
        one(&self.channels, id.to_owned()).await
    }

    /// The channel of this name, or `NotFound` with the nearest names.
    pub async fn channel_named(&self, name: &str) -> Result<Arc<Channel>, Failure> {
        one(&self.names, name.to_owned()).await
    }

    /// The channel that a Datadog handle such as `@slack-acme-incidents` names, where there is one.
    pub async fn channel_by_handle(&self, query: HandleQuery) -> Result<Option<Arc<Channel>>, Failure> {
        one(&self.handles, query).await
    }

    /// A channel's messages.
    pub async fn history(&self, query: HistoryQuery) -> Result<Arc<MessagePage>, Failure> {
        one(&self.histories, query).await
    }

    /// A thread's replies.
    pub async fn replies(&self, query: RepliesQuery) -> Result<Arc<MessagePage>, Failure> {
        one(&self.replies, query).await
    }

    /// What a search finds.
    pub async fn search(&self, query: SearchQuery) -> Result<Arc<SearchPage>, Failure> {
        one(&self.searches, query).await
    }

    /// A message's address.
    pub async fn permalink(&self, channel: &str, ts: &Ts) -> Result<String, Failure> {
        one(&self.permalinks, (channel.to_owned(), ts.clone())).await
    }

    /// The name of the bot of this id, where it has one.
    pub async fn bot_name(&self, id: &str) -> Result<Option<String>, Failure> {
        one(&self.bots, id.to_owned()).await
    }

    /// The person of this id.
    pub async fn user(&self, id: &str) -> Result<Arc<User>, Failure> {
        let answer = self.people.try_load(Person::Needed(id.to_owned())).await;
        answer.unwrap_or_else(|_| Err(lost()))
    }

    /// The people of these ids, whom a text mentions, each or why not.
    pub async fn mentioned_people(&self, ids: Vec<String>) -> HashMap<String, Result<Arc<User>, Failure>> {
        let people = many(&self.people, ids.into_iter().map(Person::Mentioned).collect()).await;
        people
            .into_iter()
            .map(|(person, answer)| (person.into_id(), answer))
            .collect()
    }

    /// The channels of these ids, which a text mentions, each or why not.
    pub async fn mentioned_channels(&self, ids: Vec<String>) -> HashMap<String, Result<Arc<Channel>, Failure>> {
        many(&self.mentioned_channels, ids).await
    }

    /// The user groups of these ids, each or why not; `None` where the workspace has no such group.
    pub async fn user_groups(&self, ids: Vec<String>) -> HashMap<String, Result<Option<Arc<UserGroup>>, Failure>> {
        many(&self.groups, ids).await
    }

    /// The first message of the thread that this message is in, or would start. For a write: nothing is batched.
    pub async fn thread_root(&self, key: &MessageKey) -> Result<Ts, Failure> {
        self.client.client()?.thread_root(key, &self.call).await
    }

    /// Posts a message. Nothing is batched: a write is carried out once for each time it is asked for.
    pub async fn post(&self, post: &Post) -> Result<Posted, Failure> {
        self.client.client()?.post_message(post, &self.call).await
    }
}

impl fan_out::Source {
    fn each<K, V, F>(&self, fetch: F) -> Batched<K, V>
    where
        K: Clone + Eq + Hash + Ord + std::fmt::Debug + Send + 'static,
        V: Clone + Send + 'static,
        F: Fn(Client, Arc<Call>, K) -> futures::future::BoxFuture<'static, Result<V, Failure>> + Send + Sync + 'static,
    {
        let batch = FanOut::new(self.clone(), fetch);
        cached::Loader::new(batch).with_max_batch_size(LARGEST_BATCH)
    }
}

async fn one<K, V>(loader: &Batched<K, V>, key: K) -> Result<V, Failure>
where
    K: Clone + Eq + Hash + Ord + std::fmt::Debug + Send + 'static,
    V: Clone + Send + 'static,
{
    // Not `load`, which panics where a batch left its key out.
    loader.try_load(key).await.unwrap_or_else(|_| Err(lost()))
}

async fn many<K, V, F>(loader: &cached::Loader<K, Result<V, Failure>, F>, ids: Vec<K>) -> HashMap<K, Result<V, Failure>>
where
    K: Clone + Eq + Hash + std::fmt::Debug,
    V: Clone,
    F: dataloader::BatchFn<K, Result<V, Failure>>,
{
    if ids.is_empty() {
        return HashMap::new();
    }
    let keys = ids.clone();
    loader
        .try_load_many(keys)
        .await
        .unwrap_or_else(|_| ids.into_iter().map(|id| (id, Err(lost()))).collect())
}

/// A batch that gave no answer for its key; none of ours does that.
fn lost() -> Failure {
    let reason = "the batch gave no answer".to_owned();
    Failure::new(BACKEND, "load", Cause::Interrupted { reason })
}
