//! User groups. Slack has no look-up of one of them: it lists all at once [usergroups.list], so the list is kept for
//! everybody who needs a group's handle or id.

use super::answer::{lenient, list};
use super::client::{Client, reading};
use super::{BACKEND, said};
use crate::backends::names;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use upstream::{Call, Cause, Failure};

/// How long the list is used.
const TIME_TO_LIVE: Duration = Duration::from_secs(600);

/// How long a group that is not in the list is taken not to exist, and how long a refusal is not tried again. Messages
/// from other workspaces name groups that are in no list of this one.
const PAUSE: Duration = Duration::from_secs(60);

/// A user group.
#[derive(Debug, Clone, Deserialize)]
pub struct UserGroup {
    /// Slack's id, e.g. `S0123456789`.
    pub id: String,
    /// What people write after `@`.
    #[serde(default, deserialize_with = "lenient")]
    pub handle: Option<String>,
    /// The long name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// When it was disabled, in epoch seconds; 0 while it is in use.
    #[serde(default, deserialize_with = "lenient")]
    pub date_delete: Option<u64>,
}

impl UserGroup {
    /// The name that people see: the handle, else the long name.
    pub fn shown_name(&self) -> Option<&str> {
        said(self.handle.as_deref()).or_else(|| said(self.name.as_deref()))
    }

    /// Whether it was disabled: old messages still name it, and mentioning it notifies nobody.
    pub fn is_disabled(&self) -> bool {
        self.date_delete.is_some_and(|date| date > 0)
    }
}

/// The user groups of one workspace.
#[derive(Debug, Default)]
pub struct UserGroups {
    by_id: HashMap<String, Arc<UserGroup>>,
    by_handle: HashMap<String, Vec<Arc<UserGroup>>>,
}

impl UserGroups {
    fn new(groups: Vec<UserGroup>) -> Self {
        let mut all = Self::default();
        for group in groups.into_iter().map(Arc::new) {
            if let Some(handle) = said(group.handle.as_deref()) {
                let named = all.by_handle.entry(names::key(handle)).or_default();
                named.push(Arc::clone(&group));
            }
            all.by_id.insert(group.id.clone(), group);
        }
        all
    }

    /// The group of this id, also a disabled one.
    pub fn by_id(&self, id: &str) -> Option<&Arc<UserGroup>> {
        self.by_id.get(id)
    }

    /// The groups in use that have this handle, with or without `@`. Handles are unique within a workspace, and an
    /// organisation of several workspaces can have the same one twice.
    pub fn named(&self, handle: &str) -> impl Iterator<Item = &Arc<UserGroup>> {
        let named = self.by_handle.get(&names::key(handle.trim().trim_start_matches('@')));
        named.into_iter().flatten().filter(|group| !group.is_disabled())
    }
}

/// The list that was read last, or why it cannot be read.
#[derive(Default)]
pub(super) struct GroupList(Mutex<Option<Read>>);

#[derive(Clone)]
struct Read {
    answer: Result<Arc<UserGroups>, Failure>,
    at: Instant,
}

impl GroupList {
    pub(super) fn forget(&self) {
        *self.lock() = None;
    }

    /// What was read within this time; of refusals only the latest.
    fn within(&self, limit: Duration) -> Option<Result<Arc<UserGroups>, Failure>> {
        let read = self.lock().clone()?;
        let limit = if read.answer.is_ok() { limit } else { limit.min(PAUSE) };
        (read.at.elapsed() < limit).then_some(read.answer)
    }

    fn keep(&self, answer: &Result<Arc<UserGroups>, Failure>) {
        let at = Instant::now();
        let answer = answer.clone();
        *self.lock() = Some(Read { answer, at });
    }

    /// No step leaves the list half changed, so that a panic has not damaged it.
    fn lock(&self) -> MutexGuard<'_, Option<Read>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default, deserialize_with = "list")]
    usergroups: Vec<UserGroup>,
}

impl Client {
    /// The workspace's user groups, as they were within the last ten minutes. Needs the scope `usergroups:read`.
    pub async fn user_groups(&self, call: &Call) -> Result<Arc<UserGroups>, Failure> {
        match self.group_list().within(TIME_TO_LIVE) {
            Some(answer) => answer,
            None => self.read_user_groups(call).await,
        }
    }

    /// The same, read again where one of these ids is not in it: that group may be new.
    pub async fn user_groups_with(&self, ids: &[String], call: &Call) -> Result<Arc<UserGroups>, Failure> {
        let groups = self.user_groups(call).await?;
        let is_whole = ids.iter().all(|id| groups.by_id(id).is_some());
        if is_whole || self.group_list().within(PAUSE).is_some() {
            return Ok(groups);
        }
        self.read_user_groups(call).await
    }

    /// Disabled groups are read too, since old messages name them. Equal requests at the same time are one request
    /// (`upstream::coalesce`).
    async fn read_user_groups(&self, call: &Call) -> Result<Arc<UserGroups>, Failure> {
        let request = reading("usergroups.list").query("include_disabled", "true");
        let known = self.group_list().within(Duration::MAX).and_then(Result::ok);
        let answer = self.ask::<Answer>(request, call).await;
        let answer = answer.map(|answer| Arc::new(UserGroups::new(answer.usergroups)));
        match (&answer, known) {
            (Err(failure), _) if is_refused(failure) => self.group_list().keep(&answer),
            // A backend that is down for a moment takes no name away.
            (Err(failure), Some(known)) => {
                tracing::debug!(backend = BACKEND, %failure, "the list of user groups could not be read again");
                return Ok(known);
            }
            (Err(_), None) => {}
            (Ok(_), _) => self.group_list().keep(&answer),
        }
        answer
    }
}

fn is_refused(failure: &Failure) -> bool {
    matches!(failure.cause, Cause::MissingScope { .. } | Cause::Forbidden { .. })
}

#[cfg(test)]
mod tests;
