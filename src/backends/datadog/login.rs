//! Logging in to Datadog ("`OAuth2` Authorization Endpoints Reference").

use crate::backends::login::{LogIn, page};
use upstream::auth::ClientAuth;
use url::Url;

/// How to log in, for a site with its API and its pages at these places.
pub fn log_in(api: &Url, pages: &Url) -> LogIn {
    LogIn {
        client_auth: ClientAuth::Body,
        ..LogIn::standard(page(pages, "/oauth2/v1/authorize"), page(api, "/oauth2/v1/token"))
    }
}
