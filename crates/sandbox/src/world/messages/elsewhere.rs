//! The other channels' messages.

use super::{
    super::{
        channels::{BOARD, GENERAL, LOUNGE, PAYMENTS, RETIRED, WARROOM},
        clock::{at, days_before},
        people::{ADA, INES, KENJI, MONA, OMAR, PRIYA},
    },
    Message,
};

pub(super) fn messages() -> Vec<Message> {
    let said = |channel: &str, hour: i64, minute: i64, person: &str, text: &str| {
        Message::said(channel, (at(hour, minute), 1), person, text)
    };
    let mut all = vec![
        said(
            GENERAL,
            8,
            0,
            OMAR,
            "Black Friday is in a week: the freeze starts Monday. <!channel>",
        ),
        said(GENERAL, 8, 30, INES, "Support hours are extended until 22:00 :owl:"),
        said(
            PAYMENTS,
            9,
            15,
            KENJI,
            "Paylane's sandbox has the new currencies. <https://github.com/acme/payments/pull/88>",
        ),
        said(
            PAYMENTS,
            10,
            12,
            INES,
            "Does anyone know of trouble with foreign currencies?",
        ),
        said(PAYMENTS, 10, 14, KENJI, "Yes: <#C0INCIDENT>"),
        said(WARROOM, 10, 20, ADA, "Leads only. Customers hear from us at 11:00."),
        said(WARROOM, 10, 21, PRIYA, "Ok."),
        said(BOARD, 7, 0, ADA, "Numbers for November."),
        said(LOUNGE, 7, 45, MONA, "Who moved the good coffee?"),
        said("D0ADA", 8, 5, ADA, "Hello, bot."),
    ];
    all.push(Message::said(
        RETIRED,
        (days_before(400, at(12, 0)), 1),
        PRIYA,
        "Closing this one. Archive in a week.",
    ));
    all
}
