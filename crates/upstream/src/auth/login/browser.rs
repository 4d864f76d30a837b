//! The browser's way back: a listener that takes one answer, and sends everybody else away.

use super::LoginError;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How long the first line of a browser's request may be: a code is some hundred bytes.
const LINE: u64 = 8 * 1024;

/// How long a connection may stay silent. Browsers open some in advance.
const SILENCE: Duration = Duration::from_secs(30);

/// How many connections are kept open: a browser opens a few.
const CONNECTIONS: usize = 64;

/// What the right answer is known by.
pub(super) struct Expected {
    /// Where the vendor sends the browser.
    pub(super) path: String,
    /// What only this log-in's page carries.
    pub(super) state: String,
}

/// Waits until a browser brings the code. Whatever else knocks (a favicon, another program, a wrong state) is sent
/// away, and the wait goes on: anything on the machine can reach the port.
pub(super) async fn wait_for_code(listener: &TcpListener, expected: Expected) -> Result<String, LoginError> {
    let expected = Arc::new(expected);
    let mut talks = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (mut stream, _) = accepted?;
                let expected = Arc::clone(&expected);
                if talks.len() < CONNECTIONS {
                    talks.spawn(async move { talk(&mut stream, &expected).await });
                }
            }
            Some(ended) = talks.join_next() => {
                if let Ok(Some(verdict)) = ended {
                    return verdict;
                }
            }
        }
    }
}

/// One connection; `None` where it did not bring the answer.
async fn talk(stream: &mut TcpStream, expected: &Expected) -> Option<Result<String, LoginError>> {
    let asked = tokio::time::timeout(SILENCE, callback(stream, &expected.path)).await;
    let Some(mut told) = asked.ok()?.ok()? else {
        answer(stream, "404 Not Found", "Nothing here.").await;
        return None;
    };
    if told.get("state") != Some(&expected.state) {
        answer(stream, "400 Bad Request", "This answer belongs to another log-in.").await;
        return None;
    }
    if let Some(code) = told.remove("code") {
        answer(
            stream,
            "200 OK",
            "Braid has the answer; the terminal says what came of it. You can close this page.",
        )
        .await;
        return Some(Ok(code));
    }
    answer(stream, "200 OK", "Not logged in. You can close this page.").await;
    let error = told
        .remove("error")
        .unwrap_or_else(|| "no code and no reason given".to_owned());
    let reason = match told.remove("error_description") {
        Some(description) => format!("{error}: {description}"),
        None => error,
    };
    Some(Err(LoginError::Refused(
        reason.chars().filter(|c| !c.is_control()).take(200).collect(),
    )))
}

/// The query of a request for the callback, `None` for any other.
async fn callback(stream: &mut TcpStream, path: &str) -> io::Result<Option<HashMap<String, String>>> {
    let mut line = String::new();
    if BufReader::new(stream.take(LINE)).read_line(&mut line).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut words = line.split_whitespace();
    let (Some("GET"), Some(target)) = (words.next(), words.next()) else {
        return Ok(None);
    };
    let query = target.strip_prefix(path).and_then(|rest| rest.strip_prefix('?'));
    Ok(query.map(|query| url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
}

async fn answer(stream: &mut TcpStream, status: &str, text: &str) {
    let length = text.len();
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\nconnection: close");
    // The browser may be gone; what it brought counts all the same.
    stream.write_all(format!("{head}\r\n\r\n{text}").as_bytes()).await.ok();
    stream.shutdown().await.ok();
    // The rest of its request is read before the connection goes: closing with unread bytes would reset it, and the
    // browser would show that instead of the text.
    let mut rest = [0; 1024];
    let drained = async { while matches!(stream.read(&mut rest).await, Ok(1..)) {} };
    tokio::time::timeout(Duration::from_secs(1), drained).await.ok();
}
