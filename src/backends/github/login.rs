//! Logging in to GitHub ("Authorizing OAuth apps"; "Generating a user access token for a GitHub App").

use crate::backends::login::{LogIn, page};
use upstream::auth::ClientAuth;
use url::Url;

/// How to log in, for GitHub's REST API at this place. The pages are on the host without its `api.`, for github.com as for
/// an enterprise's own; an Enterprise Server has both on one host.
pub fn log_in(api_url: &Url) -> LogIn {
    let mut site = api_url.clone();
    if let Some(host) = api_url.host_str().and_then(|host| host.strip_prefix("api.")) {
        // What is left of a host's name is one too.
        site.set_host(Some(host)).ok();
    }
    LogIn {
        client_auth: ClientAuth::Body,
        ..LogIn::standard(
            page(&site, "/login/oauth/authorize"),
            page(&site, "/login/oauth/access_token"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_are_beside_the_api() {
        for (api, token) in [
            ("https://api.github.com", "https://github.com/login/oauth/access_token"),
            (
                "https://api.acme.ghe.com",
                "https://acme.ghe.com/login/oauth/access_token",
            ),
            (
                "https://git.acme.example/api/v3",
                "https://git.acme.example/login/oauth/access_token",
            ),
        ] {
            assert_eq!(log_in(&api.parse().unwrap()).token_url.as_str(), token);
        }
    }
}
