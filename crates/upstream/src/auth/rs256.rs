//! RS256 for `jsonwebtoken` on *ring*, which is here for TLS anyway: the crate's own providers would bring a second
//! implementation of RSA, and of every curve that nobody here signs with.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Signer};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;

/// Signs only, and RS256 only: no token is ever verified here.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// The key in a PEM file, of either form: GitHub hands out PKCS#1 (`RSA PRIVATE KEY`), most tools write PKCS#8. `None`
/// where there is no RSA key in it of a size that can be signed with.
pub(super) fn key(pem: &str) -> Option<EncodingKey> {
    // Many ways to fill an environment keep a variable to one line.
    let pem = pem.replace("\\n", "\n");
    let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok()?;
    key_pair(der.secret_der())?;
    Some(EncodingKey::from_rsa_der(der.secret_der()))
}

/// Makes `jsonwebtoken` sign in this way, in the whole process.
pub(super) fn install() {
    // An error means that it is installed already.
    PROVIDER.install_default().ok();
}

fn key_pair(der: &[u8]) -> Option<RsaKeyPair> {
    RsaKeyPair::from_der(der).or_else(|_| RsaKeyPair::from_pkcs8(der)).ok()
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the provider's table holds functions of this form"
)]
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    match (algorithm, key_pair(key.as_bytes())) {
        (Algorithm::RS256, Some(pair)) => Ok(Box::new(Rs256(pair))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the provider's table holds functions of this form"
)]
fn verifier(_algorithm: &Algorithm, _key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    Err(ErrorKind::InvalidAlgorithm.into())
}

struct Rs256(RsaKeyPair);

impl Signer<Vec<u8>> for Rs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let mut signed = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signed)
            .map_err(|_| signature::Error::new())?;
        Ok(signed)
    }
}

impl JwtSigner for Rs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}
