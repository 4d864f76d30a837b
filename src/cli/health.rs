//! `braid health`: whether a server on this machine is up. For container health checks, where the image has no shell.

use super::{Done, Verdict, output};
use std::net::SocketAddr;
use std::time::Duration;

/// Longer than a healthy server ever needs, shorter than what asks again.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks `/healthz` once.
pub(super) async fn run(listen: SocketAddr) -> Done {
    // A client wants one also where it speaks plain HTTP only.
    upstream::tls::use_ring();
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(PATIENCE)
        .build()
        .map_err(|error| error.to_string())?;
    let url = format!("http://{listen}/healthz");
    let failed = match client.get(&url).send().await {
        Ok(response) if response.status().is_success() => return Ok(Verdict::Well),
        Ok(response) => format!("{url} answered {}", response.status()),
        Err(error) => format!("{url} did not answer: {error}"),
    };
    output::complain(&failed);
    Ok(Verdict::Fault)
}
