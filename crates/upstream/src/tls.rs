//! Which cryptography TLS uses in this process.

/// Makes it ring, for all clients that are built from now on. A process that has a provider already keeps it: any one will do.
pub fn use_ring() {
    rustls::crypto::ring::default_provider().install_default().ok();
}
