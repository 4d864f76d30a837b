//! A Datadog site's addresses: where its API is, and where its pages are.

use url::{ParseError, Url};

/// The API of a site such as `datadoghq.com` or `us3.datadoghq.com`.
pub fn api_url(site: &str) -> Result<Url, ParseError> {
    Url::parse(&format!("https://api.{site}"))
}

/// The pages of a site. A site with a subdomain of its own (`us3.datadoghq.com`) is its own address, the others stand
/// below `app.` [Datadog docs: Getting Started with Datadog Sites].
pub fn app_url(site: &str) -> Result<Url, ParseError> {
    let host = if site.matches('.').count() > 1 {
        site.to_owned()
    } else {
        format!("app.{site}")
    };
    Url::parse(&format!("https://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_site_has_its_two_addresses() {
        let addresses = |site| (api_url(site).unwrap().to_string(), app_url(site).unwrap().to_string());
        let of = |api: &str, app: &str| (api.to_owned(), app.to_owned());
        assert_eq!(
            addresses("datadoghq.com"),
            of("https://api.datadoghq.com/", "https://app.datadoghq.com/")
        );
        assert_eq!(
            addresses("datadoghq.eu"),
            of("https://api.datadoghq.eu/", "https://app.datadoghq.eu/")
        );
        assert_eq!(
            addresses("us3.datadoghq.com"),
            of("https://api.us3.datadoghq.com/", "https://us3.datadoghq.com/")
        );
        assert_eq!(
            addresses("ddog-gov.com"),
            of("https://api.ddog-gov.com/", "https://app.ddog-gov.com/")
        );
    }
}
