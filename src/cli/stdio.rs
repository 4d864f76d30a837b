//! `braid stdio`: MCP on standard input and output.

use super::{Common, Done, Verdict};
use crate::app::App;
use crate::config::Env;
use crate::serve::{self, shutdown};

/// Serves until end of input, SIGINT or SIGTERM.
pub(super) async fn run(common: &Common) -> Done {
    let mut app = App::build_to_serve(&common.selection(), &Env::of_process())
        .await
        .map_err(|error| error.to_string())?;
    app.announce("stdio");
    let _watch = app.watch();
    Box::pin(serve::stdio::run(app.stdio(), shutdown()))
        .await
        .map_err(|error| error.to_string())?;
    Ok(Verdict::Well)
}
