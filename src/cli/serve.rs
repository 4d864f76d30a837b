//! `braid serve`: MCP, GraphQL and GraphiQL over HTTP.

use super::{Common, Done, Verdict};
use crate::app::App;
use crate::config::Env;
use crate::serve::http::HttpError;
use crate::serve::{self, shutdown};
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Serves until SIGINT or SIGTERM.
pub(super) async fn run(common: &Common, listen: SocketAddr) -> Done {
    let mut app = App::build_to_serve(&common.selection(), &Env::of_process())
        .await
        .map_err(|error| error.to_string())?;
    // Said before anything is bound or announced; a listener that came otherwise is judged once more when it serves.
    if !listen.ip().is_loopback() && app.config.http.token.is_none() {
        return Err(HttpError::Exposed { address: listen }.to_string());
    }
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    app.announce(&format!("http://{address}"));
    let _watch = app.watch();
    serve::http::run(listener, shutdown(), app.http())
        .await
        .map_err(|error| error.to_string())?;
    Ok(Verdict::Well)
}
