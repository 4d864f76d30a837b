//! What can be wrong with the configuration: each with the place, the cause and the way out.

use std::path::PathBuf;
use upstream::auth::SecretError;

/// Why the program cannot start with this configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file is not right.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// The key, and what was expected.
        message: String,
    },
    /// A variable holds something else than what it is for.
    #[error("{name}: {message}")]
    Variable {
        /// The variable.
        name: String,
        /// What is wrong with it, and what was expected.
        message: String,
    },
    /// A variable holds no URL.
    #[error("{name}: `{value}` is no URL that can be used: {reason}; expected e.g. `{example}`")]
    Url {
        /// The variable.
        name: String,
        /// What it holds.
        value: String,
        /// What is wrong with it.
        reason: String,
        /// A right one.
        example: String,
    },
    /// A secret is given twice.
    #[error("{name} and {name}_FILE are both set: unset one of them")]
    Twice {
        /// The variable.
        name: String,
    },
    /// A secret's file cannot be read at the start.
    #[error("{name}_FILE: {source}")]
    SecretFile {
        /// The variable without `_FILE`.
        name: String,
        /// The file, and what is wrong with it.
        source: SecretError,
    },
}
