//! Pages as a stream: fetched one after the other as they are asked for, never more than so many, never in a circle.

mod link;

pub use link::next_link;

use super::{Cause, Failure};
use futures::stream::{self, Stream};
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

/// Where a page begins. As text it is an opaque cursor, from which a later call can go on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Position {
    /// At the vendor's cursor.
    Cursor(String),
    /// At the page of this number.
    Page(u64),
    /// After so many items.
    Offset(u64),
    /// At this path and query below the backend's base, as a `Link` header told it.
    Path(String),
}

/// One page as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it; may be fewer than asked for, also none in the middle.
    pub items: Vec<T>,
    /// Where the next one begins; `None` at the end.
    pub next: Option<Position>,
}

/// What is paged through, and how far.
#[derive(Debug, Clone)]
pub struct Walk {
    /// The backend's name, for failures.
    pub backend: &'static str,
    /// The vendor's name for the operation, for failures.
    pub operation: &'static str,
    /// Where to begin; `None` at the beginning.
    pub from: Option<Position>,
    /// How many pages at most. The last one's `next` says where to go on.
    pub pages: usize,
}

/// The pages that `fetch` gets, each asked for when the one before was taken. After a failure the stream ends; what was
/// taken before stays good. A position that comes a second time is a failure of the page that told it: the vendor would
/// lead round for ever.
pub fn pages<T, F, P>(walk: Walk, fetch: F) -> impl Stream<Item = Result<Page<T>, Failure>>
where
    F: FnMut(Option<Position>) -> P,
    P: Future<Output = Result<Page<T>, Failure>>,
{
    let walker = Walker {
        fetch,
        course: Course::new(walk.from.clone(), walk.pages),
        ahead: if walk.pages == 0 { Ahead::End } else { Ahead::Page },
        walk,
    };
    stream::unfold(walker, Walker::step)
}

/// How far a walk has come: what bounds it and sees a circle. [`pages`] follows one; a walk that several callers make in
/// turns, each a page under its own deadline, keeps one.
#[derive(Debug, Clone)]
pub struct Course {
    at: Option<Position>,
    seen: HashSet<Position>,
    left: usize,
}

impl Course {
    /// One that begins there and has so many pages at most.
    pub fn new(from: Option<Position>, pages: usize) -> Self {
        Self {
            seen: from.iter().cloned().collect(),
            at: from,
            left: pages,
        }
    }

    /// Where the page begins that comes next; `None` at the beginning.
    pub fn position(&self) -> Option<&Position> {
        self.at.as_ref()
    }

    /// Goes on to where the page that was fetched leads. `Ok` says whether there is one more to fetch; `Err` that it leads
    /// where the walk has been before, and the course stays where it was.
    pub fn go_on(&mut self, next: Option<Position>) -> Result<bool, Cause> {
        self.left = self.left.saturating_sub(1);
        let Some(next) = next else { return Ok(false) };
        if !self.seen.insert(next.clone()) {
            let (expected, got) = ("another page", "one that was there before".to_owned());
            return Err(Cause::Malformed { expected, got });
        }
        self.at = Some(next);
        Ok(self.left > 0)
    }
}

impl Position {
    /// After a page of a vendor with cursors. An empty cursor is the end, as Slack says it ("Pagination").
    pub fn after_cursor(cursor: Option<&str>) -> Option<Self> {
        let cursor = cursor.filter(|cursor| !cursor.is_empty())?;
        Some(Self::Cursor(cursor.to_owned()))
    }

    /// After page `number` of `pages`.
    pub fn after_page(number: u64, pages: u64) -> Option<Self> {
        (number < pages).then_some(Self::Page(number + 1))
    }

    /// After `count` items that began at `offset`, of `total` where the vendor says so. Without a total, only an empty
    /// page is the end: some vendors give fewer than asked for in the middle.
    pub fn after_offset(offset: u64, count: u64, total: Option<u64>) -> Option<Self> {
        let reached = offset.saturating_add(count);
        let end = count == 0 || total.is_some_and(|total| reached >= total);
        (!end).then_some(Self::Offset(reached))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cursor(cursor) => write!(f, "c:{cursor}"),
            Self::Page(number) => write!(f, "p:{number}"),
            Self::Offset(offset) => write!(f, "o:{offset}"),
            Self::Path(path) => write!(f, "l:{path}"),
        }
    }
}

/// A cursor that is none of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor that was given out")]
pub struct NoCursor;

impl FromStr for Position {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let number = |text: &str| text.parse().map_err(|_| NoCursor);
        match text.split_once(':').ok_or(NoCursor)? {
            ("c", cursor) if !cursor.is_empty() => Ok(Self::Cursor(cursor.to_owned())),
            ("p", page) => number(page).map(Self::Page),
            ("o", offset) => number(offset).map(Self::Offset),
            // It came from an agent: it must not lead anywhere but below the base, see `wire::outgoing`.
            ("l", path) if path.starts_with('/') && !path.starts_with("//") => Ok(Self::Path(path.to_owned())),
            _ => Err(NoCursor),
        }
    }
}

struct Walker<F> {
    walk: Walk,
    fetch: F,
    course: Course,
    ahead: Ahead,
}

/// What comes next.
enum Ahead {
    Page,
    Circle(Cause),
    End,
}

impl<F> Walker<F> {
    async fn step<T, P>(mut self) -> Option<(Result<Page<T>, Failure>, Self)>
    where
        F: FnMut(Option<Position>) -> P,
        P: Future<Output = Result<Page<T>, Failure>>,
    {
        match std::mem::replace(&mut self.ahead, Ahead::End) {
            Ahead::Page => {}
            Ahead::Circle(cause) => {
                let failure = Failure::new(self.walk.backend, self.walk.operation, cause);
                return Some((Err(failure), self));
            }
            Ahead::End => return None,
        }
        let result = (self.fetch)(self.course.position().cloned()).await;
        if let Ok(page) = &result {
            self.ahead = match self.course.go_on(page.next.clone()) {
                Ok(true) => Ahead::Page,
                Ok(false) => Ahead::End,
                Err(circle) => Ahead::Circle(circle),
            };
        }
        Some((result, self))
    }
}

#[cfg(test)]
mod tests;
