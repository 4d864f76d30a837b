//! Who calls, and what that token may do.

use super::{
    super::{Credentials, Options},
    failure::Failure,
};

const BOT_SCOPES: [&str; 13] = [
    "channels:read",
    "groups:read",
    "im:read",
    "mpim:read",
    "channels:history",
    "groups:history",
    "im:history",
    "mpim:history",
    "users:read",
    "users:read.email",
    "usergroups:read",
    "chat:write",
    "reactions:write",
];

/// The two tokens of the sandbox.
pub(super) struct Tokens {
    pub(super) bot: String,
    pub(super) user: String,
    bot_grant: Grant,
    user_grant: Grant,
}

/// What a token may do.
pub(super) struct Grant {
    pub(super) is_user: bool,
    pub(super) scopes: Vec<&'static str>,
}

impl Tokens {
    pub(super) fn new(options: &Options, credentials: &Credentials) -> Self {
        let without = |scopes: &mut Vec<&'static str>, lacks: &[String]| {
            scopes.retain(|scope| !lacks.iter().any(|lack| lack == scope));
        };
        let mut bot_scopes = BOT_SCOPES.to_vec();
        let mut user_scopes = BOT_SCOPES.to_vec();
        user_scopes.push("search:read");
        without(&mut bot_scopes, &options.slack_bot_lacks);
        without(&mut user_scopes, &options.slack_user_lacks);
        Self {
            bot: credentials.slack_bot_token.clone(),
            user: credentials.slack_user_token.clone(),
            bot_grant: Grant {
                is_user: false,
                scopes: bot_scopes,
            },
            user_grant: Grant {
                is_user: true,
                scopes: user_scopes,
            },
        }
    }

    pub(super) fn grant(&self, token: Option<&str>) -> Result<&Grant, Failure> {
        match token {
            None | Some("") => Err(Failure::new("not_authed")),
            Some(token) if token == self.bot => Ok(&self.bot_grant),
            Some(token) if token == self.user => Ok(&self.user_grant),
            Some(_) => Err(Failure::new("invalid_auth")),
        }
    }
}

impl Grant {
    /// Fails with what is missing of `needed` and all that the token has, as Slack says it.
    pub(super) fn require(&self, needed: &[&'static str]) -> Result<(), Failure> {
        let missing: Vec<&str> = needed
            .iter()
            .copied()
            .filter(|scope| !self.scopes.contains(scope))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Failure::new("missing_scope")
            .with("needed", &missing.join(","))
            .with("provided", &self.scopes.join(",")))
    }
}
