//! Logging in to Datadog ("OAuth2 Authorization Endpoints Reference").

use crate::backends::login::{LogIn, page};
use crate::upstream::auth::ClientAuth;
use url::Url;

/// How to log in, for a site with its API and its pages at these places.
pub fn log_in(api_url: &Url, app_url: &Url) -> LogIn {
    LogIn {
        client_auth: ClientAuth::Body,
        ..LogIn::standard(page(app_url, "/oauth2/v1/authorize"), page(api_url, "/oauth2/v1/token"))
    }
}
