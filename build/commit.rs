//! The commit that the binary is built from, for `braid --version`.

use std::path::Path;
use std::process::Command;

/// How much of a commit's hash is shown.
const SHORT: usize = 9;

/// Sets `BRAID_COMMIT` for the crate: what the variable of that name says (an archive of the sources has no `.git`), else
/// what Git says, else nothing.
pub(crate) fn set() {
    println!("cargo::rerun-if-env-changed=BRAID_COMMIT");
    let commit = std::env::var("BRAID_COMMIT")
        .ok()
        .or_else(of_checkout)
        .unwrap_or_default();
    println!(
        "cargo::rustc-env=BRAID_COMMIT={}",
        commit.get(..SHORT).unwrap_or(&commit)
    );
}

/// The commit of this checkout. Sources that lie in another project's checkout have none of their own.
fn of_checkout() -> Option<String> {
    if !Path::new(".git").exists() {
        return None;
    }
    // The log of HEAD changes with every commit and checkout.
    println!(
        "cargo::rerun-if-changed={}",
        git(&["rev-parse", "--git-path", "logs/HEAD"])?
    );
    git(&["rev-parse", "HEAD"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
