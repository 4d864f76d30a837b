//! What went wrong on the wire, as a cause: refused, no such name, TLS, reset, broken off, too slow.

use super::Timeouts;
use crate::Cause;
use rustls::CertificateError;
use std::error::Error;
use std::io::{self, ErrorKind};

/// What is known beside the error itself.
pub(super) struct Trouble<'a> {
    /// The host that was asked.
    pub(super) host: &'a str,
    /// How long it was waited for.
    pub(super) timeouts: Timeouts,
}

impl Trouble<'_> {
    /// The cause of an error. Its words hold no URL: a query may hold what is private.
    pub(super) fn cause(&self, error: &reqwest::Error) -> Cause {
        let host = self.host;
        if error.is_dns() {
            return unreachable(format!("the name {host} does not resolve"));
        }
        if let Some(tls) = chain(error).find_map(tls_error) {
            return tls_cause(host, tls);
        }
        if error.is_connect() {
            return unreachable(match io_kind(error) {
                _ if error.is_timeout() => format!(
                    "no connection to {host} within {:.1} s",
                    self.timeouts.connect.as_secs_f32()
                ),
                Some(ErrorKind::ConnectionRefused) => format!("{host} refused the connection"),
                Some(ErrorKind::ConnectionReset) => format!("{host} reset the connection"),
                _ => format!("no connection to {host}: {}", innermost(error)),
            });
        }
        if error.is_timeout() {
            return Cause::TimedOut {
                after: self.timeouts.read,
            };
        }
        Cause::Interrupted {
            reason: match io_kind(error) {
                Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => format!("{host} reset the connection"),
                _ => innermost(error),
            },
        }
    }
}

/// The words of the error at the bottom: the only ones that say what happened.
pub fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

/// An alert is the peer's own and may pass; everything else stays as it is until somebody changes an address or a
/// certificate.
fn tls_cause(host: &str, error: &rustls::Error) -> Cause {
    let reason = match error {
        rustls::Error::AlertReceived(_) => return unreachable(format!("TLS with {host} failed: {error}")),
        rustls::Error::InvalidMessage(_) => format!("{host} does not speak TLS"),
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            format!("the certificate of {host} is not signed by anybody who is trusted here")
        }
        rustls::Error::InvalidCertificate(reason) => format!("the certificate of {host}: {reason}"),
        other => format!("TLS with {host} failed: {other}"),
    };
    Cause::Untrusted { reason }
}

fn unreachable(reason: String) -> Cause {
    Cause::Unreachable { reason }
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| Error::source(*error))
}

fn io_kind(error: &reqwest::Error) -> Option<ErrorKind> {
    chain(error)
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .map(io::Error::kind)
        .last()
}

/// A TLS error. It comes inside I/O errors, one in another, and those do not name it as their source.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    error
        .downcast_ref::<rustls::Error>()
        .or_else(|| tls_error(error.downcast_ref::<io::Error>()?.get_ref()?))
}
