//! What a vendor's log-in needs: its pages, and what is its own about them. Where the API is configured to be elsewhere,
//! so are they.

use upstream::auth::ClientAuth;
use url::Url;

/// How a vendor lets a person log in.
#[derive(Debug, Clone)]
pub struct LogIn {
    /// The page on which a person agrees.
    pub authorize_url: Url,
    /// Where tokens are given out.
    pub token_url: Url,
    /// Where the client's id and secret stand in a request for a token.
    pub client_auth: ClientAuth,
    /// The parameter of the page that says what is asked for.
    pub scope_parameter: &'static str,
    /// What stands between two scopes.
    pub scope_separator: &'static str,
    /// The object of an answer that has the token, where it may stand inside of one.
    pub within: Option<&'static str>,
}

impl LogIn {
    /// As the standard has it.
    pub(super) fn standard(authorize_url: Url, token_url: Url) -> Self {
        Self {
            authorize_url,
            token_url,
            client_auth: ClientAuth::Header,
            scope_parameter: "scope",
            scope_separator: " ",
            within: None,
        }
    }
}

/// Another page of the same host.
pub(super) fn page(of: &Url, path: &str) -> Url {
    let mut page = of.clone();
    page.set_path(path);
    page
}
