//! Tokens by client credentials and by refresh tokens.

use super::*;

#[tokio::test]
async fn a_client_gets_tokens_by_its_own_credentials() {
    let peer = Peer::start(|seen, _| match seen.path.as_str() {
        "/token" => Reply::status(
            200,
            json!({"access_token": "t1", "token_type": "Bearer", "expires_in": 3600}).to_string(),
        ),
        _ => Reply::ok(),
    })
    .await;
    let grant = Grant::ClientCredentials {
        scopes: vec!["read".to_owned()],
        parameters: [("audience".to_owned(), "the-vendor".to_owned())].into(),
    };
    let client = client(&peer);
    send(&peer, vec![Box::new(OAuth { client, grant }.into_auth().unwrap())])
        .await
        .unwrap();
    let seen = peer.seen();
    assert_eq!(form(&seen[0])["grant_type"], "client_credentials");
    assert_eq!(form(&seen[0])["scope"], "read");
    assert_eq!(form(&seen[0])["audience"], "the-vendor");
    // base64("the-client:the-client-secret")
    assert_eq!(
        seen[0].header("authorization"),
        "Basic dGhlLWNsaWVudDp0aGUtY2xpZW50LXNlY3JldA=="
    );
    assert_eq!(seen[1].header("authorization"), "Bearer t1");
}

#[tokio::test]
async fn a_refresh_token_is_used_once_and_its_successor_kept() {
    let peer = Peer::start(|seen, number| match seen.path.as_str() {
        "/token" => {
            let used = form(seen)["refresh_token"].clone();
            // In Slack's form: "ok", and a token type of its own.
            let next = json!({"ok": true, "access_token": format!("t-{used}"), "token_type": "bot",
                "refresh_token": format!("{used}+"), "expires_in": 43200});
            Reply::status(200, next.to_string())
        }
        // Refuses the first token, as if it had been revoked.
        _ if seen.header("authorization") == "Bearer t-r" => Reply::status(401, format!("{number}")),
        _ => Reply::ok(),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let auth = || {
        let grant = Grant::Refresh {
            first: Some("r".into()),
            kept_in: file.clone(),
        };
        let client = client(&peer);
        Box::new(OAuth { client, grant }.into_auth().unwrap())
    };
    let stack = Stack::new(peer.params_with(vec![auth()])).unwrap();
    let call = Call::within(seconds(60));
    // A token that is a moment old is not renewed when it is refused: what was refused may have been the one before.
    let failure = stack.send(a_read(), &call).await.unwrap_err();
    assert!(matches!(failure.cause, Cause::Unauthorized { .. }));
    assert_eq!(kept(&file), ("t-r".to_owned(), "r+".to_owned()));
    tokio::time::pause();
    tokio::time::advance(seconds(6)).await;
    tokio::time::resume();
    stack.send(a_read(), &call).await.unwrap();
    assert_eq!(kept(&file), ("t-r+".to_owned(), "r++".to_owned()));
    // After a restart the kept token serves.
    send(&peer, vec![auth()]).await.unwrap();
    assert_eq!(peer.seen().last().unwrap().header("authorization"), "Bearer t-r+");
    let exchanges = peer.seen().iter().filter(|seen| seen.path == "/token").count();
    assert_eq!(exchanges, 2);
}

/// Two processes, one file: whoever comes second takes what the first one got.
#[tokio::test]
async fn a_refresh_token_that_two_processes_share_is_used_once() {
    let peer = Peer::start(|seen, _| match seen.path.as_str() {
        "/token" => Reply::status(
            200,
            json!({"access_token": "t1", "refresh_token": "r2", "expires_in": 3600}).to_string(),
        )
        .after(Duration::from_millis(100)),
        _ => Reply::ok(),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let auth = || -> Vec<Box<dyn Auth>> {
        let grant = Grant::Refresh {
            first: Some("r1".into()),
            kept_in: TokenFile::new(folder.path().join("tokens.json")),
        };
        let client = client(&peer);
        vec![Box::new(OAuth { client, grant }.into_auth().unwrap())]
    };
    let sent = futures::future::join_all((0..5).map(|_| send(&peer, auth()))).await;
    assert!(sent.iter().all(Result::is_ok), "{sent:?}");
    let exchanges = peer.seen().iter().filter(|seen| seen.path == "/token").count();
    assert_eq!(exchanges, 1);
}

/// A person who got tokens anew puts the first refresh token where the old one was.
#[tokio::test]
async fn a_new_first_refresh_token_helps_where_the_kept_one_is_refused() {
    let peer = Peer::start(|seen, _| match seen.path.as_str() {
        "/token" if form(seen)["refresh_token"] == "dead" => Reply::status(400, r#"{"error":"invalid_grant"}"#),
        "/token" => Reply::status(200, r#"{"access_token":"t1","refresh_token":"r2","expires_in":3600}"#),
        _ => Reply::ok(),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    file.save(&Tokens {
        token: Token::new("ended", Some(Duration::ZERO)),
        refresh: Some("dead".to_owned().into()),
    })
    .unwrap();
    let grant = Grant::Refresh {
        first: Some("r1".into()),
        kept_in: file.clone(),
    };
    let client = client(&peer);
    send(&peer, vec![Box::new(OAuth { client, grant }.into_auth().unwrap())])
        .await
        .unwrap();
    assert_eq!(kept(&file), ("t1".to_owned(), "r2".to_owned()));
}

/// The refresh token is used up: whatever the endpoint says beside, its successor is kept and the token serves.
#[tokio::test]
async fn a_life_that_cannot_be_is_no_reason_to_lose_the_successor() {
    for life in [
        "18446744073709551615",
        "\"9223372036854775807\"",
        "-5",
        "1e99",
        "\"soon\"",
    ] {
        let peer = Peer::start(move |seen, _| match seen.path.as_str() {
            "/token" => Reply::status(
                200,
                format!(r#"{{"access_token":"t1","refresh_token":"r2","expires_in":{life}}}"#),
            ),
            _ => Reply::ok(),
        })
        .await;
        let folder = tempfile::tempdir().unwrap();
        let file = TokenFile::new(folder.path().join("tokens.json"));
        let grant = Grant::Refresh {
            first: Some("r1".into()),
            kept_in: file.clone(),
        };
        let client = client(&peer);
        send(&peer, vec![Box::new(OAuth { client, grant }.into_auth().unwrap())])
            .await
            .unwrap();
        assert_eq!(kept(&file), ("t1".to_owned(), "r2".to_owned()), "{life}");
    }
}

/// Its own fault is worth another try, and a redirect would take the secret to another host.
#[tokio::test]
async fn a_token_endpoint_that_is_sick_or_sends_us_on_is_no_refusal() {
    let asked = |reply: Reply| async move {
        let peer = Peer::replies(vec![reply]).await;
        let grant = Grant::ClientCredentials {
            scopes: Vec::new(),
            parameters: [].into(),
        };
        let client = client(&peer);
        let sent = send(&peer, vec![Box::new(OAuth { client, grant }.into_auth().unwrap())]).await;
        sent.unwrap_err().cause
    };
    let sick = asked(Reply::status(503, "{}")).await;
    assert!(matches!(sick, Cause::Unavailable { status: 503, .. }), "{sick}");
    let slack = asked(Reply::status(200, r#"{"ok":false,"error":"internal_error"}"#)).await;
    assert!(matches!(slack, Cause::Unavailable { .. }), "{slack}");
    let away = asked(Reply::status(307, "").header("location", "https://elsewhere.example/token?x=y")).await;
    assert_eq!(
        away.to_string(),
        "redirected to https://elsewhere.example by the token endpoint, not followed"
    );
}

#[tokio::test]
async fn a_refusal_of_the_token_endpoint_says_why_in_both_forms() {
    for (status, body) in [
        (400, r#"{"error":"invalid_grant"}"#),
        (200, r#"{"ok":false,"error":"invalid_grant"}"#),
    ] {
        let peer = Peer::replies(vec![Reply::status(status, body)]).await;
        let grant = Grant::ClientCredentials {
            scopes: Vec::new(),
            parameters: [].into(),
        };
        let client = client(&peer);
        let failure = send(&peer, vec![Box::new(OAuth { client, grant }.into_auth().unwrap())])
            .await
            .unwrap_err();
        let Cause::Unauthorized { code, .. } = failure.cause else {
            panic!("{failure:?}")
        };
        assert_eq!(code, "invalid_grant");
    }
}
