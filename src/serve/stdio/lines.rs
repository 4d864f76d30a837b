//! JSON-RPC, one message a line. In place of rmcp's own transport, for four things: a line that is no message is said on
//! stderr and nowhere else; the end of the input is held back until the calls in flight are answered (rmcp waits 5 s, which
//! is less than a call may take); being asked to end is the same as the end of the input; and notifications before the first
//! request, which rmcp takes for a broken client, are passed over.

use super::in_flight::{InFlight, answers};
use rmcp::model::{ClientJsonRpcMessage, ErrorData, RequestId, ServerJsonRpcMessage};
use rmcp::service::RoleServer;
use rmcp::transport::Transport;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

/// How long one line may be.
const LINE_LIMIT: usize = 4 * 1024 * 1024;

/// How long the last write may take when the connection is closed. A client that has stopped reading must not keep the
/// process alive.
const LAST_WRITE: Duration = Duration::from_secs(1);

/// What lines are made of.
pub(super) struct Params<R, W> {
    /// Where messages come from.
    pub(super) input: R,
    /// Where messages go.
    pub(super) output: W,
    /// Ends the input.
    pub(super) closing: CancellationToken,
    /// How long calls in flight may take after the end of the input.
    pub(super) patience: Duration,
}

/// The transport.
pub(super) struct Lines<R, W> {
    input: BufReader<R>,
    /// What was read of a line; it outlives a read that is given up half-way, which rmcp's loop does all the time.
    line: Vec<u8>,
    /// The line is too long, and the rest of it is passed over.
    overlong: bool,
    /// When the input ended.
    ended: Option<Instant>,
    /// Whether a request was seen.
    opened: bool,
    output: Arc<Mutex<Option<W>>>,
    in_flight: Arc<InFlight>,
    closing: CancellationToken,
    patience: Duration,
}

impl<R, W> Lines<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    pub(super) fn new(params: Params<R, W>) -> Self {
        Self {
            input: BufReader::new(params.input),
            line: Vec::new(),
            overlong: false,
            ended: None,
            opened: false,
            output: Arc::new(Mutex::new(Some(params.output))),
            in_flight: Arc::default(),
            closing: params.closing,
            patience: params.patience,
        }
    }

    /// A whole line, or `None` at the end of the input. A last line without its end is no line.
    async fn read_line(&mut self) -> Option<Vec<u8>> {
        loop {
            let chunk = match self.input.fill_buf().await {
                Ok([]) => return None,
                Ok(chunk) => chunk,
                Err(error) => {
                    tracing::warn!("standard input cannot be read: {error}");
                    return None;
                }
            };
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            self.overlong |= self.line.len() + part.len() > LINE_LIMIT;
            if self.overlong {
                self.line = Vec::new();
            } else {
                self.line.extend_from_slice(part);
            }
            let taken = end.map_or(part.len(), |end| end + 1);
            self.input.consume(taken);
            if end.is_some() {
                if std::mem::take(&mut self.overlong) {
                    tracing::warn!("a line longer than {LINE_LIMIT} bytes on standard input was ignored");
                } else {
                    return Some(std::mem::take(&mut self.line));
                }
            }
        }
    }

    fn parse(&mut self, line: &[u8]) -> Option<ClientJsonRpcMessage> {
        let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii();
        if line.is_empty() {
            return None;
        }
        match serde_json::from_slice::<ClientJsonRpcMessage>(line) {
            Ok(message) => {
                self.opened |= matches!(message, ClientJsonRpcMessage::Request(_));
                if !self.opened {
                    tracing::warn!("a message before the first request was ignored");
                    return None;
                }
                self.in_flight.received(&message);
                Some(message)
            }
            Err(error) => {
                tracing::warn!("a line on standard input is no JSON-RPC message and was ignored: {error}");
                self.refuse(line);
                None
            }
        }
    }

    /// Who sent a request that cannot be read waits for an answer; without an id there is nobody to answer.
    fn refuse(&mut self, line: &[u8]) {
        #[derive(serde::Deserialize)]
        struct Identified {
            id: RequestId,
            #[serde(rename = "method")]
            _method: String,
        }
        if let Ok(Identified { id, .. }) = serde_json::from_slice(line) {
            let error = ErrorData::invalid_request("not a JSON-RPC 2.0 request", None);
            tokio::spawn(self.send(ServerJsonRpcMessage::error(error, Some(id))));
        }
    }
}

impl<R, W> Transport<RoleServer> for Lines<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(&mut self, message: ServerJsonRpcMessage) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let (output, in_flight, closing) = (
            Arc::clone(&self.output),
            Arc::clone(&self.in_flight),
            self.closing.clone(),
        );
        async move {
            let written = write(&output, &message).await;
            if let Some(id) = answers(&message) {
                in_flight.answered(&id);
            }
            if written.is_err() {
                // Nobody reads any more.
                closing.cancel();
            }
            written
        }
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        let closing = self.closing.clone();
        loop {
            if let Some(ended) = self.ended {
                let waited = timeout_at(ended + self.patience, self.in_flight.none()).await;
                if waited.is_err() {
                    tracing::warn!("calls in flight were given up");
                }
                return None;
            }
            tokio::select! {
                () = closing.cancelled() => self.ended = Some(Instant::now()),
                line = self.read_line() => match line {
                    Some(line) => {
                        if let Some(message) = self.parse(&line) {
                            return Some(message);
                        }
                    }
                    None => self.ended = Some(Instant::now()),
                },
            }
        }
    }

    async fn close(&mut self) -> io::Result<()> {
        if let Ok(mut output) = timeout(LAST_WRITE, self.output.lock()).await {
            drop(output.take());
        }
        Ok(())
    }
}

async fn write<W: AsyncWrite + Unpin>(output: &Mutex<Option<W>>, message: &ServerJsonRpcMessage) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    match output.lock().await.as_mut() {
        Some(output) => {
            output.write_all(&line).await?;
            output.flush().await
        }
        None => Err(io::ErrorKind::NotConnected.into()),
    }
}
