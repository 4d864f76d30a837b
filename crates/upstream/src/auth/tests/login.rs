//! Logging in, with the test as the browser.

use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn logs_in_by_a_browser_on_loopback() {
    let peer = Peer::replies(vec![Reply::status(
        200,
        json!({"access_token": "t1", "token_type": "Bearer", "refresh_token": "r1", "expires_in": 60}).to_string(),
    )])
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let login = Login {
        client: client(&peer),
        authorize_url: "https://vendor.example/authorize".parse().unwrap(),
        scopes: Scopes {
            parameter: "scope",
            separator: " ",
            names: vec!["read".to_owned(), "write".to_owned()],
        },
        redirect: None,
        patience: seconds(60),
        keep_in: file.clone(),
    };
    let (told, page) = tokio::sync::oneshot::channel();
    let running = tokio::spawn(log_in(login, listener, move |page| told.send(page.clone()).unwrap()));
    let page: HashMap<String, String> = page.await.unwrap().query_pairs().into_owned().collect();
    assert_eq!(page["redirect_uri"], format!("http://{address}/callback"));
    assert_eq!(
        (page["code_challenge_method"].as_str(), page["scope"].as_str()),
        ("S256", "read write")
    );
    // Anybody may knock.
    assert!(browse(address, "/favicon.ico").await.starts_with("HTTP/1.1 404"));
    assert!(
        browse(address, "/callback?code=c&state=forged")
            .await
            .starts_with("HTTP/1.1 400")
    );
    let state = &page["state"];
    assert!(
        browse(address, &format!("/callback?code=the-code&state={state}"))
            .await
            .starts_with("HTTP/1.1 200")
    );
    running.await.unwrap().unwrap();
    let asked = form(&peer.seen()[0]);
    assert_eq!(
        (asked["grant_type"].as_str(), asked["code"].as_str()),
        ("authorization_code", "the-code")
    );
    assert!(asked["code_verifier"].len() >= 43);
    assert_eq!(kept(&file), ("t1".to_owned(), "r1".to_owned()));
}

#[tokio::test]
async fn a_log_in_that_fails_says_why_and_keeps_nothing() {
    let peer = Peer::replies(vec![Reply::status(200, r#"{"ok":false,"error":"invalid_code"}"#)]).await;
    let folder = tempfile::tempdir().unwrap();
    for (back, expected) in [
        (
            Some("error=access_denied&error_description=Not+today"),
            "refused: access_denied: Not today",
        ),
        (
            Some("code=c"),
            "no token for the code: credentials refused (invalid_code)",
        ),
        (None, "no browser came back within 0 s"),
    ] {
        let file = TokenFile::new(folder.path().join("tokens.json"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let login = Login {
            client: client(&peer),
            authorize_url: "https://vendor.example/authorize".parse().unwrap(),
            scopes: Scopes {
                parameter: "user_scope",
                separator: ",",
                names: vec!["a".to_owned(), "b".to_owned()],
            },
            redirect: Some(format!("http://localhost:{}/back", address.port()).parse().unwrap()),
            patience: if back.is_some() {
                seconds(60)
            } else {
                Duration::from_millis(10)
            },
            keep_in: file.clone(),
        };
        let (told, page) = tokio::sync::oneshot::channel();
        let running = tokio::spawn(log_in(login, listener, move |page| told.send(page.clone()).unwrap()));
        let page: HashMap<String, String> = page.await.unwrap().query_pairs().into_owned().collect();
        assert_eq!(page["user_scope"], "a,b");
        if let Some(back) = back {
            let state = &page["state"];
            // A browser opens connections in advance and says nothing on them.
            let _silent = TcpStream::connect(address).await.unwrap();
            browse(address, &format!("/back?{back}&state={state}")).await;
        }
        let error = running.await.unwrap().unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
        assert!(file.load().unwrap().is_none());
    }
}

async fn browse(address: std::net::SocketAddr, target: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(format!("GET {target} HTTP/1.1\r\n\r\n").as_bytes())
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
