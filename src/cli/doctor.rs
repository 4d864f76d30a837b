//! `braid doctor`: which backends are on, what is missing, whether the credentials work.

use super::{Common, Done, Verdict, output};
use crate::app::{App, Finding};
use crate::config::Env;
use std::fmt::Write as _;

/// Asks each backend that is on who we are there.
pub(super) async fn run(common: &Common) -> Done {
    let app = App::build(&common.selection(), &Env::of_process())
        .await
        .map_err(|error| error.to_string())?;
    let findings = app.examine().await;
    if common.json {
        output::print_json(&serde_json::json!({ "backends": findings }));
    } else {
        let mut text = String::new();
        for finding in &findings {
            let _infallible = writeln!(
                text,
                "{:<8} {:<6} {}",
                finding.backend,
                finding.state.word(),
                finding.detail
            );
            if !finding.credentials.is_empty() {
                let _infallible = writeln!(text, "{:<15} by {}", "", finding.credentials);
            }
        }
        output::print(&text);
    }
    let sound = findings.iter().all(Finding::is_sound);
    Ok(if sound { Verdict::Well } else { Verdict::Fault })
}
