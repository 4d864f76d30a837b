//! A call that is cancelled drops what it has under way upstream.

use super::support::{Era, Server, Setup, Stdio, eventually};
use sandbox::{Effect, Fault, Outcome, Vendor};
use serde_json::json;

const CALL: &str = "github_get_repo";

fn outcomes(setup: &Setup) -> Vec<Outcome> {
    setup
        .sandbox
        .requests(Vendor::GitHub)
        .iter()
        .map(|request| request.outcome)
        .collect()
}

async fn hanging() -> Setup {
    let setup = Setup::new().await;
    setup.sandbox.inject(Vendor::GitHub, Fault::always(Effect::Hang));
    setup
}

#[tokio::test]
async fn cancelling_over_stdio_drops_the_upstream_request() {
    for era in Era::BOTH {
        let setup = hanging().await;
        let mut client = Stdio::open(&setup, era).await;
        let arguments = json!({ "owner": "acme", "name": "checkout" });
        let id = client
            .ask("tools/call", json!({ "name": CALL, "arguments": arguments }))
            .await;
        eventually(|| outcomes(&setup) == [Outcome::Pending]).await;
        let cancelled = json!({ "requestId": id, "reason": "no longer wanted" });
        client
            .say(&json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": cancelled }))
            .await;
        eventually(|| outcomes(&setup) == [Outcome::Abandoned]).await;
        // It lives on, and nothing is said about the call any more.
        let id = client.ask("tools/list", json!({})).await;
        assert_eq!(client.hear().await["id"], id);
    }
}

#[tokio::test]
async fn closing_the_connection_cancels_in_the_modern_era() {
    let setup = hanging().await;
    let server = Server::start(&setup).await;
    let call = json!({ "name": CALL, "arguments": { "owner": "acme", "name": "checkout" } });
    tokio::select! {
        answer = server.modern("tools/call", call) => panic!("nothing can have answered: {answer:?}"),
        () = eventually(|| outcomes(&setup) == [Outcome::Pending]) => {}
    }
    eventually(|| outcomes(&setup) == [Outcome::Abandoned]).await;
}

#[tokio::test]
async fn cancelling_in_a_session_drops_the_upstream_request() {
    let setup = hanging().await;
    let server = Server::start(&setup).await;
    let session = server.session().await;
    let call = json!({ "name": CALL, "arguments": { "owner": "acme", "name": "checkout" } });
    let call = Era::Legacy.request(7, "tools/call", call);
    let cancelled = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 7 } });
    let cancel = async {
        eventually(|| outcomes(&setup) == [Outcome::Pending]).await;
        server.legacy(Some(&session), &cancelled).await;
        eventually(|| outcomes(&setup) == [Outcome::Abandoned]).await;
    };
    tokio::select! {
        // The stream may end without an answer, or stay open: either way the request upstream is gone.
        _ = async { tokio::join!(server.legacy(Some(&session), &call), std::future::pending::<()>()) } => {}
        () = cancel => {}
    }
}
