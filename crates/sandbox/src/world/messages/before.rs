//! `#incident-checkout` in the days before: enough that the channel takes several pages.

use super::{
    super::{
        channels::INCIDENT,
        choose,
        clock::{at, days_before},
        people::{ADA, KENJI, LUCAS, MONA, OMAR, PRIYA},
        pick,
    },
    Message,
};

const PEOPLE: [&str; 6] = [ADA, KENJI, LUCAS, MONA, OMAR, PRIYA];
const OPENERS: [&str; 6] = [
    "Checkout latency looks odd again",
    "Another timeout from the payment provider",
    "Two carts stuck in `pending`",
    "Alert flapped, already green",
    "Retry storm from the mobile app",
    "Queue of refunds is growing",
];
const ENDINGS: [&str; 5] = [
    "watching it.",
    "closed as noise.",
    "tracked in <https://github.com/acme/checkout/issues/601>.",
    "<@U0PRIYA> took it.",
    "fixed by <https://github.com/acme/checkout/pull/609>.",
];

/// Nine days with six messages each.
pub(super) fn messages() -> Vec<Message> {
    let days = (1..=9).rev().flat_map(|day| (0..6).map(move |slot| (day, slot)));
    days.map(|(day, slot)| {
        let seed = format!("incident {day} {slot}");
        let person = choose(&format!("{seed} by"), &PEOPLE).unwrap_or(ADA);
        let opener = choose(&format!("{seed} opener"), &OPENERS).unwrap_or_default();
        let ending = choose(&format!("{seed} ending"), &ENDINGS).unwrap_or_default();
        let minute = i64::try_from(pick(&seed, 60)).unwrap_or_default();
        Message::said(
            INCIDENT,
            (days_before(day, at(8 + slot * 2, minute)), 1),
            person,
            &format!("{opener}: {ending}"),
        )
    })
    .collect()
}
