//! The vendors: typed calls, and what each of them calls an error, a page, a limit. No GraphQL here.

pub mod clean;
pub mod datadog;
pub mod github;
pub mod login;
pub mod names;
pub mod slack;

use upstream::{Cause, Failure};

/// A backend with credentials, or without: then every call says which variable is missing.
#[derive(Clone)]
pub enum Backend<C> {
    /// It can be asked.
    On(C),
    /// It cannot.
    Off {
        /// Its name.
        backend: &'static str,
        /// The environment variables that are missing.
        variables: Vec<&'static str>,
    },
}

impl<C> Backend<C> {
    /// The client, or the failure that says what to set.
    pub fn client(&self) -> Result<&C, Failure> {
        match self {
            Self::On(client) => Ok(client),
            Self::Off { backend, variables } => Err(Failure::new(
                backend,
                "call",
                Cause::Off {
                    variables: variables.clone(),
                },
            )),
        }
    }

    /// The backend's name and the variables that are missing, where it is off.
    pub fn missing(&self) -> Option<(&'static str, &[&'static str])> {
        match self {
            Self::On(_) => None,
            Self::Off { backend, variables } => Some((backend, variables)),
        }
    }
}
