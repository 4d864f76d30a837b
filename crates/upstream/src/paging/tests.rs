//! Walks over pages that a closure makes up.

use super::*;
use futures::StreamExt;
use std::cell::Cell;

fn walk(from: Option<&str>, pages: usize) -> Walk {
    Walk {
        backend: "peer",
        operation: "things.list",
        from: from.map(|text| text.parse().unwrap()),
        pages,
    }
}

fn cursor(text: &str) -> Option<Position> {
    Position::after_cursor(Some(text))
}

/// Pages a, b, c of one item each.
fn fetch(at: Option<Position>) -> std::future::Ready<Result<Page<char>, Failure>> {
    let (item, next) = match at.map(|position| position.to_string()).as_deref() {
        None => ('a', cursor("b")),
        Some("c:b") => ('b', cursor("c")),
        Some("c:c") => ('c', cursor("")),
        other => panic!("{other:?}"),
    };
    let items = vec![item];
    std::future::ready(Ok(Page { items, next }))
}

async fn items(walk: Walk) -> (String, Option<String>) {
    let pages: Vec<_> = pages(walk, fetch).map(Result::unwrap).collect().await;
    let next = pages
        .last()
        .and_then(|page| page.next.as_ref())
        .map(ToString::to_string);
    (pages.into_iter().flat_map(|page| page.items).collect(), next)
}

#[tokio::test]
async fn goes_to_the_end_or_to_the_bound_and_on_from_there() {
    assert_eq!(items(walk(None, 10)).await, ("abc".to_owned(), None));
    let (first, next) = items(walk(None, 2)).await;
    assert_eq!((first.as_str(), next.as_deref()), ("ab", Some("c:c")));
    assert_eq!(items(walk(next.as_deref(), 2)).await, ("c".to_owned(), None));
    assert_eq!(items(walk(None, 0)).await.0, "");
}

#[tokio::test]
async fn fetches_only_what_is_taken() {
    let fetched = Cell::new(0);
    let counting = |at| {
        fetched.set(fetched.get() + 1);
        fetch(at)
    };
    let mut pages = std::pin::pin!(pages(walk(None, 10), counting));
    pages.next().await.unwrap().unwrap();
    assert_eq!(fetched.get(), 1);
}

#[tokio::test]
async fn a_circle_ends_after_what_was_new() {
    let round = |at: Option<Position>| {
        let at = at.map(|position| position.to_string());
        let next = if at.as_deref() == Some("c:b") {
            cursor("c")
        } else {
            cursor("b")
        };
        std::future::ready(Ok(Page { items: vec![()], next }))
    };
    let results: Vec<_> = pages(walk(None, 100), round).collect().await;
    assert_eq!(results.len(), 4);
    assert!(results[..3].iter().all(Result::is_ok));
    let failure = results[3].as_ref().unwrap_err();
    assert!(failure.to_string().contains("one that was there before"), "{failure}");
}

#[test]
fn a_course_in_turns_knows_its_bound_its_end_and_a_circle() {
    let mut course = Course::new(None, 3);
    assert_eq!(course.position(), None);
    assert_eq!(course.go_on(cursor("b")), Ok(true));
    assert_eq!(course.position(), cursor("b").as_ref());
    assert!(course.go_on(cursor("b")).is_err(), "where it begins, too");
    assert_eq!(course.position(), cursor("b").as_ref());
    assert_eq!(course.go_on(cursor("c")), Ok(false), "no more than three");
    assert_eq!(Course::new(None, 3).go_on(None), Ok(false));
}

#[tokio::test]
async fn a_failure_ends_it_and_what_came_before_is_good() {
    let failing = |at: Option<Position>| {
        std::future::ready(match at {
            None => Ok(Page {
                items: vec![1],
                next: Some(Position::Page(2)),
            }),
            Some(_) => Err(Failure::new("peer", "things.list", Cause::TooLarge { limit: 1 })),
        })
    };
    let results: Vec<_> = pages(walk(None, 100), failing).collect().await;
    assert!(matches!(results.as_slice(), [Ok(_), Err(_)]), "{results:?}");
}

#[test]
fn every_style_knows_its_end() {
    assert_eq!(Position::after_cursor(None), None);
    assert_eq!(Position::after_cursor(Some("")), None);
    assert_eq!(Position::after_page(1, 2), Some(Position::Page(2)));
    assert_eq!(Position::after_page(2, 2), None);
    assert_eq!(Position::after_offset(20, 7, None), Some(Position::Offset(27)));
    assert_eq!(Position::after_offset(20, 7, Some(27)), None);
    assert_eq!(Position::after_offset(20, 0, Some(27)), None);
}

#[test]
fn a_cursor_is_taken_back_and_nothing_else() {
    for position in [
        Position::Cursor("a:b=".to_owned()),
        Position::Page(3),
        Position::Offset(40),
        Position::Path("/x?page=2".to_owned()),
    ] {
        assert_eq!(position.to_string().parse(), Ok(position));
    }
    for text in [
        "",
        "c:",
        "p:x",
        "p:-1",
        "q:1",
        "l:https://evil.example",
        "l://evil.example",
        "3",
    ] {
        assert_eq!(text.parse::<Position>(), Err(NoCursor), "{text:?}");
    }
}
