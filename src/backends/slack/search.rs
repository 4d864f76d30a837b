//! Search, which takes a user token and pages by number [search.messages].

use super::answer::{lenient, list};
use super::client::{Client, reading};
use super::{Message, Ts};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use upstream::{Call, Failure};
use url::Url;

/// How long a search serves again: Slack's own index is some seconds behind the messages.
const TIME_TO_LIVE: Duration = Duration::from_secs(15);

/// What every search tells about, for whoever makes it stale.
pub(super) const TAG: &str = "slack:search";

/// Slack gives no page behind this one.
const LAST_PAGE: u32 = 100;

/// Which matches.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SearchQuery {
    /// In Slack's search syntax.
    pub query: String,
    /// Their order.
    pub sort: SearchSort,
    /// How many a page, up to 100.
    pub count: u32,
    /// Which page, from 1.
    pub page: u32,
}

/// The order of matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SearchSort {
    /// Best first.
    Score,
    /// Newest first.
    Timestamp,
}

/// A page of matches.
#[derive(Debug, Clone)]
pub struct SearchPage {
    /// How many there are in all.
    pub total: Option<u64>,
    /// The matches.
    pub hits: Vec<SearchHit>,
    /// The next page's number.
    pub next: Option<u32>,
}

/// A match.
#[derive(Debug, Clone)]
pub struct SearchHit {
    /// The message.
    pub message: Arc<Message>,
    /// Where it stands.
    pub channel: HitChannel,
    /// Its address.
    pub permalink: Option<String>,
}

/// Where a match stands.
#[derive(Debug, Clone, Deserialize)]
pub struct HitChannel {
    /// The channel's id.
    pub id: String,
    /// Its name; of a direct conversation the other one's id.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// Whether it is a direct conversation.
    #[serde(default, deserialize_with = "lenient")]
    pub is_im: Option<bool>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default, deserialize_with = "lenient")]
    messages: Option<Found>,
}

#[derive(Default, Deserialize)]
struct Found {
    #[serde(default, deserialize_with = "list")]
    matches: Vec<Match>,
    #[serde(default, deserialize_with = "lenient")]
    total: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct Match {
    #[serde(flatten)]
    message: Message,
    channel: HitChannel,
    #[serde(default, deserialize_with = "lenient")]
    permalink: Option<String>,
}

#[derive(Deserialize)]
struct Paging {
    #[serde(default, deserialize_with = "lenient")]
    pages: Option<u32>,
}

impl Client {
    /// A page of what a search finds.
    pub async fn search(&self, query: &SearchQuery, call: &Call) -> Result<SearchPage, Failure> {
        let sort = match query.sort {
            SearchSort::Score => "score",
            SearchSort::Timestamp => "timestamp",
        };
        let request = reading("search.messages")
            .query("query", &query.query)
            .query("sort", sort)
            .query("sort_dir", "desc")
            .query("count", query.count.to_string())
            .query("page", query.page.to_string())
            .fresh_for(TIME_TO_LIVE, vec![TAG.to_owned()]);
        let answer: Answer = self.ask_as_user(request, call).await?;
        let matches = answer.messages.unwrap_or_default();
        let pages_by_total = || {
            let pages = matches.total?.div_ceil(u64::from(query.count.max(1)));
            u32::try_from(pages).ok()
        };
        let pages = matches
            .paging
            .as_ref()
            .and_then(|paging| paging.pages)
            .or_else(pages_by_total);
        let more = pages.is_some_and(|pages| query.page < pages.min(LAST_PAGE)) && !matches.matches.is_empty();
        Ok(SearchPage {
            total: matches.total,
            hits: matches.matches.into_iter().map(SearchHit::from).collect(),
            next: more.then(|| query.page + 1),
        })
    }
}

impl From<Match> for SearchHit {
    /// A match does not say which thread it is in, but the address of a reply does.
    fn from(found: Match) -> Self {
        let Match {
            mut message,
            channel,
            permalink,
        } = found;
        if message.thread_ts.is_none() {
            let url = permalink.as_deref().and_then(|permalink| Url::parse(permalink).ok());
            let pair = url
                .as_ref()
                .and_then(|url| url.query_pairs().find(|(key, _)| key == "thread_ts"));
            message.thread_ts = pair.and_then(|(_, ts)| Ts::parse(&ts));
        }
        Self {
            message: Arc::new(message),
            channel,
            permalink,
        }
    }
}
