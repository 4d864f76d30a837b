//! Peers that are no vendor at all: a port that nobody listens on, one that speaks no TLS, one whose certificate nobody
//! signed, and another host that must never be spoken to.

use rcgen::generate_simple_self_signed;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};
use tokio_rustls::TlsAcceptor;

/// Which peer stands in the vendors' place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Peer {
    /// The port is taken, and nobody listens.
    Refusing,
    /// It answers in plain HTTP where TLS is begun.
    Plain,
    /// It speaks TLS, with a certificate that it signed itself.
    SelfSigned,
}

/// A peer that runs as long as the test.
pub(super) struct Running {
    /// Where it is, without a path.
    pub(super) url: String,
    connections: Arc<AtomicUsize>,
    /// Keeps the port.
    _socket: Option<TcpSocket>,
}

impl Peer {
    pub(super) async fn start(self) -> Running {
        match self {
            Self::Refusing => {
                let socket = TcpSocket::new_v4().unwrap();
                socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
                Running {
                    url: format!("http://{}", socket.local_addr().unwrap()),
                    connections: Arc::default(),
                    _socket: Some(socket),
                }
            }
            Self::Plain => listening("https", None).await,
            Self::SelfSigned => listening("https", Some(acceptor())).await,
        }
    }
}

/// Another host, which counts who comes.
pub(super) async fn another_host() -> Running {
    let mut peer = listening("http", None).await;
    // The same machine by another name: for credentials it is another host.
    peer.url = peer.url.replace("127.0.0.1", "localhost");
    peer
}

impl Running {
    /// How many connections came.
    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn listening(scheme: &str, tls: Option<TlsAcceptor>) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("{scheme}://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let tls = tls.clone();
            tokio::spawn(async move {
                if let Some(tls) = tls {
                    // The client refuses the certificate; there is nothing to say after that.
                    return drop(tls.accept(socket).await);
                }
                let _read = socket.read(&mut [0; 1024]).await;
                let _sent = socket
                    .write_all(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
                    .await;
            });
        }
    });
    Running {
        url,
        connections,
        _socket: None,
    }
}

/// Made anew for each test: nothing runs out, and no key lies about.
fn acceptor() -> TlsAcceptor {
    let own = generate_simple_self_signed(["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
