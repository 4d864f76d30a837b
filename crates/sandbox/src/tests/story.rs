//! The story: it holds together across the three vendors, is large enough, and is the same every time.

use std::collections::HashSet;

use super::super::world::{
    channels::channels,
    code::{PullState, Repository, code},
    messages::{Author, messages},
    monitors::monitors,
    people::people,
    world,
};

#[test]
fn ids_are_unique() {
    let unique = |ids: Vec<String>| ids.iter().collect::<HashSet<_>>().len() == ids.len();
    assert!(unique(channels().into_iter().map(|channel| channel.id).collect()));
    assert!(unique(people().into_iter().map(|person| person.id).collect()));
    assert!(unique(people().into_iter().map(|person| person.handle).collect()));
    assert!(unique(
        messages()
            .into_iter()
            .map(|message| format!("{} {}", message.channel, message.ts))
            .collect()
    ));
    assert!(unique(code().repositories.iter().map(Repository::full_name).collect()));
    assert!(unique(
        monitors().into_iter().map(|monitor| monitor.id.to_string()).collect()
    ));
    let named: Vec<String> = channels()
        .into_iter()
        .map(|channel| channel.name)
        .filter(|name| !name.is_empty())
        .collect();
    assert!(unique(named));
}

#[test]
fn everything_that_is_named_exists() {
    for message in &world().messages {
        assert!(
            world().channels.iter().any(|channel| channel.id == message.channel),
            "{message:?}"
        );
        match &message.author {
            Author::Person(id) => assert!(world().people.iter().any(|person| person.id == *id), "{message:?}"),
            Author::Bot(id) => assert!(world().bots.iter().any(|bot| bot.id == id), "{message:?}"),
        }
        if let Some(root) = &message.thread {
            assert!(
                world()
                    .messages
                    .iter()
                    .any(|other| other.ts == *root && other.channel == message.channel),
                "{message:?}"
            );
        }
    }
    for repository in &world().code.repositories {
        assert!(world().code.account(&repository.owner).is_some());
        for pull in &repository.pulls {
            assert!(
                repository.commit(&pull.head).is_some(),
                "{} {pull:?}",
                repository.full_name()
            );
            let merged = pull
                .merge
                .as_ref()
                .map(|merge| repository.commit(&merge.commit).is_some());
            assert_eq!(
                merged,
                (pull.state == PullState::Merged).then_some(true),
                "{} {pull:?}",
                repository.full_name()
            );
            assert!(
                pull.author
                    .as_ref()
                    .is_none_or(|login| world().code.account(login).is_some())
            );
        }
    }
}

#[test]
fn it_is_large_enough_to_page() {
    assert!(channels().len() >= 450);
    assert!((55..=65).contains(&people().len()));
    assert!(monitors().len() >= 45);
    assert!(
        code()
            .repositories
            .iter()
            .filter(|repository| repository.owner == "acme")
            .count()
            >= 30
    );
}

#[test]
fn it_is_told_the_same_way_every_time() {
    assert_eq!(format!("{:?}", messages()), format!("{:?}", messages()));
    assert_eq!(format!("{:?}", code()), format!("{:?}", code()));
    // Written down once, so that a change of the generator shows: the story must not move under people's snapshots.
    let checkout = code()
        .repositories
        .into_iter()
        .find(|repository| repository.name == "checkout")
        .unwrap();
    let open = checkout.issues.iter().filter(|issue| issue.closed.is_none()).count();
    assert_eq!((checkout.issues.len(), open), (28, 16));
}
