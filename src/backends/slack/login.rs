//! Logging in to Slack ("Installing with OAuth"; "oauth.v2.access").

use crate::backends::login::{LogIn, page};
use url::Url;

/// Whose token is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The app's.
    Bot,
    /// A person's.
    User,
}

/// How to log in, for Slack's API at this place. A user's scopes have a parameter of their own, and the token that comes
/// of them a place of its own.
pub fn log_in(api_url: &Url, whose: Whose) -> LogIn {
    let method = format!("{}/oauth.v2.access", api_url.path().trim_end_matches('/'));
    let (scope_parameter, within) = match whose {
        Whose::Bot => ("scope", None),
        Whose::User => ("user_scope", Some("authed_user")),
    };
    LogIn {
        scope_parameter,
        scope_separator: ",",
        within,
        ..LogIn::standard(page(api_url, "/oauth/v2/authorize"), page(api_url, &method))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_are_where_the_api_is() {
        let login = log_in(&"https://slack.com/api".parse().unwrap(), Whose::User);
        assert_eq!(login.authorize_url.as_str(), "https://slack.com/oauth/v2/authorize");
        assert_eq!(login.token_url.as_str(), "https://slack.com/api/oauth.v2.access");
    }
}
