//! What is remembered stays within its bounds, is true, and keeps nothing else alive.

use super::*;
use http::StatusCode;
use proptest::prelude::*;

fn store(entries: usize, bytes: usize) -> Store {
    Store::new(Policy {
        entries,
        bytes,
        ..Policy::default()
    })
}

fn entry(length: usize, tag: &str) -> Entry {
    let response = Response {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body: vec![0; length].into(),
    };
    Entry::new(&Ok(response), Duration::from_secs(1), vec![tag.to_owned()].into())
}

proptest! {
    #[test]
    fn never_holds_more_than_its_bounds(
        steps in prop::collection::vec((0_u8..40, 0_usize..4_000, 0_u8..6, any::<bool>()), 1..200)
    ) {
        let store = store(20, 20_000);
        for (key, length, tag, invalidate) in steps {
            let (key, tag) = (Arc::from(key.to_string()), format!("tag:{tag}"));
            if invalidate {
                store.invalidate(&[tag]);
            } else {
                store.remember(&key, entry(length, &tag), store.generation());
            }
            let (entries, bytes) = store.size();
            prop_assert!(entries <= 20 && bytes <= 20_000);
            let state = store.lock();
            prop_assert_eq!(state.entries.iter().map(|(_, slot)| slot.size).sum::<usize>(), state.bytes);
            prop_assert_eq!(state.tagged.values().map(HashSet::len).sum::<usize>(), state.entries.len());
        }
    }
}

#[test]
fn what_changed_while_it_was_fetched_is_not_remembered() {
    let (store, key) = (store(10, 10_000), Arc::from("key"));
    let began = store.generation();
    store.invalidate(&["other"]);
    store.remember(&key, entry(1, "mine"), began);
    assert_eq!(store.size().0, 1);
    store.invalidate(&["mine"]);
    assert_eq!(store.size().0, 0);
    store.remember(&key, entry(1, "mine"), began);
    assert_eq!(store.size().0, 0);
    let began = store.generation();
    (0..=CHANGES).for_each(|number| store.invalidate(&[number.to_string()]));
    store.remember(&key, entry(1, "mine"), began);
    assert_eq!(store.size().0, 0, "too much has changed to know");
}

#[test]
fn what_is_remembered_keeps_no_buffer_of_the_connection() {
    let buffer = Bytes::from(vec![b'x'; 8192]);
    let mut headers = HeaderMap::new();
    headers.insert(ETAG, HeaderValue::from_maybe_shared(buffer.slice(..9)).unwrap());
    let response = Response {
        status: StatusCode::OK,
        headers,
        body: buffer.slice(9..99),
    };
    let entry = Entry::new(&Ok(response), Duration::from_secs(1), Arc::new([]));
    assert!(buffer.is_unique());
    let answer = entry.answer().unwrap();
    assert_eq!((answer.header("etag"), answer.body.len()), (Some("xxxxxxxxx"), 90));
}

#[test]
fn one_large_answer_does_not_push_out_the_rest() {
    let store = store(10, 10_000);
    store.remember(&Arc::from("small"), entry(10, "t"), 0);
    store.remember(&Arc::from("large"), entry(9_000, "t"), 0);
    assert!(matches!(store.find(&Arc::from("small")), Found::Fresh(_)));
    assert!(matches!(store.find(&Arc::from("large")), Found::Nothing));
}
