//! People: Slack has no bulk look-up, so whoever is known is remembered, a few are asked for one by one, and many by pages
//! of the workspace's list, as long as a page saves more than it costs.

use super::answer::{PageMetadata, list};
use super::client::{Client, reading};
use super::reference::is_user_id;
use super::{BACKEND, User, mentions};
use futures::{StreamExt, stream};
use lru::LruCache;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use upstream::paging::{self, Position, Walk, pages};
use upstream::{Call, Cause, Failure};

/// How many people are remembered.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// How long somebody's name is good.
const TIME_TO_LIVE: Duration = Duration::from_secs(600);

/// Up to so many unknown people are asked for one by one (100 a minute); more are looked for in the list (20 a minute).
const FEW: usize = 8;

/// No more pages are read for one call; what they hold is known to the next.
const MOST_PAGES: usize = 10;

/// The page size that Slack recommends ("Pagination").
const PAGE: &str = "200";

/// How many requests are under way at once.
const CONCURRENCY: usize = 8;

/// The id of Slack's own bot.
pub const SLACKBOT: &str = "USLACKBOT";

/// The people that are known in this process.
pub(super) struct People {
    known: Mutex<LruCache<String, (Arc<User>, Instant)>>,
}

impl Default for People {
    fn default() -> Self {
        let known = Mutex::new(LruCache::new(REMEMBERED));
        Self { known }
    }
}

impl People {
    fn find(&self, id: &str) -> Option<Arc<User>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (user, since) = known.get(id)?;
        (since.elapsed() < TIME_TO_LIVE).then(|| Arc::clone(user))
    }

    /// Forgets everybody.
    pub(super) fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn remember(&self, user: &Arc<User>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.put(user.id.clone(), (Arc::clone(user), Instant::now()));
    }
}

#[derive(Deserialize)]
struct Info {
    user: User,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default, deserialize_with = "list")]
    members: Vec<User>,
    #[serde(default)]
    response_metadata: Option<PageMetadata>,
}

/// People to look up.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Those that something was asked of, authors for example: all of them are looked up.
    pub needed: Vec<String>,
    /// Those that texts only mention: looked up within bounds.
    pub mentioned: Vec<String>,
}

/// What the list gave.
struct Listed {
    found: Vec<Arc<User>>,
    /// Why nobody can be asked for one by one either.
    refusal: Option<Failure>,
}

impl Client {
    /// These people, each or why not.
    pub async fn users(&self, wanted: &Wanted, call: &Call) -> HashMap<String, Result<Arc<User>, Failure>> {
        let mut answers = HashMap::new();
        // Those who are needed first, so that they do not wait behind who is only mentioned.
        let mut unknown = Vec::new();
        for id in wanted.needed.iter().chain(&wanted.mentioned) {
            if answers.contains_key(id) {
                continue;
            }
            let known = self.people().find(id).or_else(|| slackbot(id)).map(Ok);
            match known.or_else(|| self.missing().find(id).map(Err)) {
                Some(answer) => drop(answers.insert(id.clone(), answer)),
                None => unknown.push(id.clone()),
            }
        }
        let Listed { found, refusal } = self.listed(&unknown, call).await;
        for user in found {
            answers.insert(user.id.clone(), Ok(user));
        }
        let mut seen = HashSet::new();
        unknown.retain(|id| !answers.contains_key(id) && seen.insert(id.clone()));
        if let Some(failure) = refusal {
            answers.extend(unknown.into_iter().map(|id| (id, Err(failure.clone()))));
            return answers;
        }
        let needed: HashSet<_> = wanted.needed.iter().collect();
        let (needed, mut mentioned): (Vec<_>, Vec<_>) = unknown.into_iter().partition(|id| needed.contains(id));
        let count = mentioned.len();
        for id in mentioned.drain(mentions::MOST.min(count)..) {
            answers.insert(id, Err(mentions::too_many("users.info", count)));
        }
        let briefly = mentions::briefly(call);
        let needed = needed.into_iter().map(|id| self.looked_up(id, call));
        let mentioned = mentioned.into_iter().map(|id| self.looked_up(id, &briefly));
        let mut asked = stream::iter(needed.chain(mentioned).collect::<Vec<_>>()).buffer_unordered(CONCURRENCY);
        while let Some((id, answer)) = asked.next().await {
            answers.insert(id, answer);
        }
        answers
    }

    async fn looked_up(&self, id: String, call: &Call) -> (String, Result<Arc<User>, Failure>) {
        let answer = self.user(&id, call).await;
        self.missing().note(&id, &answer);
        (id, answer)
    }

    async fn user(&self, id: &str, call: &Call) -> Result<Arc<User>, Failure> {
        if !is_user_id(id) {
            let message = format!("`{id}` is no user id; one looks like `U0123456789`");
            return Err(Failure::new(BACKEND, "users.info", Cause::Invalid { message }));
        }
        let request = reading("users.info")
            .query("user", id)
            .fresh_for(TIME_TO_LIVE, vec![format!("slack:user:{id}")]);
        let Info { user } = self.ask(request, call).await?;
        let user = Arc::new(user);
        self.people().remember(&user);
        Ok(user)
    }

    /// Those of these people that are on the first pages of the list. A page is asked for while more than a few are
    /// missing and the one before found more than the one person that its request would have found alone. What fails here
    /// is no loss, as the rest is asked for one by one, unless the token lacks the right, which is the same for both.
    async fn listed(&self, ids: &[String], call: &Call) -> Listed {
        let mut found = Vec::new();
        let walk = Walk {
            backend: BACKEND,
            operation: "users.list",
            from: None,
            pages: MOST_PAGES,
        };
        let mut pages = pin!(pages(walk, |from| self.page_of_people(from, call)));
        let mut left: HashSet<&str> = ids.iter().map(String::as_str).collect();
        while left.len() > FEW {
            let page = match pages.next().await {
                None => break,
                Some(Ok(page)) => page,
                Some(Err(failure)) if is_about_the_token(&failure) => {
                    let refusal = Some(failure);
                    return Listed { found, refusal };
                }
                Some(Err(failure)) => {
                    tracing::debug!(backend = BACKEND, %failure, "people are asked for one by one");
                    break;
                }
            };
            let before = found.len();
            for user in page.items.into_iter().map(Arc::new) {
                self.people().remember(&user);
                if left.remove(user.id.as_str()) {
                    found.push(user);
                }
            }
            if found.len() - before < 2 {
                break;
            }
        }
        Listed { found, refusal: None }
    }

    async fn page_of_people(&self, from: Option<Position>, call: &Call) -> Result<paging::Page<User>, Failure> {
        let mut request = reading("users.list")
            .query("limit", PAGE)
            .fresh_for(TIME_TO_LIVE, vec!["slack:users".to_owned()]);
        if let Some(Position::Cursor(cursor)) = from {
            request = request.query("cursor", cursor);
        }
        let page: Page = self.ask(request, call).await?;
        Ok(paging::Page {
            items: page.members,
            next: page.response_metadata.unwrap_or_default().position(),
        })
    }
}

/// Slack's own bot, the same in every workspace: nobody needs to be asked who it is.
fn slackbot(id: &str) -> Option<Arc<User>> {
    (id == SLACKBOT).then(|| {
        Arc::new(User {
            id: id.to_owned(),
            name: Some("slackbot".to_owned()),
            real_name: Some("Slackbot".to_owned()),
            tz: None,
            is_bot: Some(true),
            deleted: Some(false),
            profile: None,
        })
    })
}

fn is_about_the_token(failure: &Failure) -> bool {
    matches!(
        failure.cause,
        Cause::MissingScope { .. } | Cause::Unauthorized { .. } | Cause::Forbidden { .. }
    )
}
