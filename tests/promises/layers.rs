//! Every layer of the road is in the path of every vendor: what each does, through the real binary and real sockets.
//! The cache and what joins equal requests are in `fresh`; what each vendor's faults become is in `matrix`.

use super::support::{Era, Question, Setup, Stdio, failure, structured};
use sandbox::{Effect, Fault, LimitForm, RetryAfter};
use std::time::Duration;
use tokio::time::Instant;

#[tokio::test]
async fn a_fault_that_passes_is_tried_again() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    for question in Question::to_each() {
        setup.sandbox.inject(question.vendor, Fault::once(Effect::status(503)));
        structured(&client.call(question.tool, question.arguments.clone()).await);
        assert_eq!(question.asked(&setup), 2, "{}", question.tool);
    }
}

#[tokio::test]
async fn a_vendor_that_is_down_is_not_asked_for_a_while() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    for question in Question::to_each() {
        setup
            .sandbox
            .inject(question.vendor, Fault::always(Effect::status(500)));
        for _ in 0..2 {
            client.call(question.tool, question.arguments.clone()).await;
        }
        let asked = question.asked(&setup);
        let refused = client.call(question.tool, question.arguments.clone()).await;
        assert!(
            failure(&refused).contains("failing too often, paused until"),
            "{}",
            failure(&refused)
        );
        assert_eq!((asked, question.asked(&setup)), (6, 6), "{}", question.tool);
    }
}

#[tokio::test]
async fn a_limit_that_a_vendor_told_of_is_kept() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    for question in Question::to_each() {
        let limited = Effect::RateLimit {
            retry_after: Some(RetryAfter::Seconds(3_000)),
            form: LimitForm::SecondaryTooMany,
        };
        setup.sandbox.inject(question.vendor, Fault::once(limited));
        for _ in 0..2 {
            let refused = client.call(question.tool, question.arguments.clone()).await;
            assert!(
                failure(&refused).contains("rate limited until"),
                "{}",
                failure(&refused)
            );
        }
        assert_eq!(question.asked(&setup), 1, "{}", question.tool);
    }
}

#[tokio::test]
async fn a_vendor_that_is_silent_does_not_hold_a_call_beyond_its_deadline() {
    let setup = Setup::new().await.file("braid.toml", "[call]\ndeadline = \"2s\"\n");
    let mut client = Stdio::open(&setup, Era::Modern).await;
    for question in Question::to_each() {
        setup.sandbox.inject(question.vendor, Fault::always(Effect::Hang));
        let began = Instant::now();
        let late = client.call(question.tool, question.arguments.clone()).await;
        assert!(failure(&late).contains("no answer within"), "{}", failure(&late));
        assert!(began.elapsed() < Duration::from_secs(5), "{}", question.tool);
    }
}
