//! HTTP/2 where a vendor offers it: agreed on while TLS begins, and many requests over one connection.

use super::support::{Era, Setup, Stdio, structured};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Version;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use rcgen::generate_simple_self_signed;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use serde_json::json;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tower::Service;

/// A vendor that speaks TLS and offers these protocols.
struct Vendor {
    url: String,
    /// Its certificate, for those who are to trust it.
    certificate: String,
    /// What each request came over, and each connection agreed on.
    seen: Arc<Mutex<Vec<Version>>>,
    agreed: Arc<Mutex<Vec<Option<Vec<u8>>>>>,
}

async fn vendor(offered: &[&[u8]]) -> Vendor {
    let own = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = offered.iter().map(|name| name.to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let (seen, agreed) = (Arc::<Mutex<Vec<Version>>>::default(), Arc::<Mutex<_>>::default());
    let vendor = Vendor {
        url,
        certificate: pem(own.cert.der()),
        seen: Arc::clone(&seen),
        agreed: Arc::clone(&agreed),
    };
    let router = Router::new().fallback(move |request: Request| {
        seen.lock().unwrap().push(request.version());
        async { series() }
    });
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (acceptor, router, agreed) = (acceptor.clone(), router.clone(), Arc::clone(&agreed));
            tokio::spawn(async move {
                let stream = acceptor.accept(socket).await.unwrap();
                let protocol = stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec);
                agreed.lock().unwrap().push(protocol);
                let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
                    router.clone().call(request.map(Body::new))
                });
                let builder = Builder::new(TokioExecutor::new());
                let _ended = builder.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    vendor
}

fn pem(certificate: &[u8]) -> String {
    let encoded = STANDARD.encode(certificate);
    let lines: Vec<_> = encoded.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}

fn series() -> Response {
    Response::builder()
        .header("content-type", "application/json")
        .body(Body::from(json!({ "status": "ok", "series": [] }).to_string()))
        .unwrap()
}

#[tokio::test]
async fn what_a_vendor_offers_is_spoken() {
    let offers: [(&[&[u8]], Version); 3] = [
        (&[b"h2", b"http/1.1"], Version::HTTP_2),
        (&[b"http/1.1"], Version::HTTP_11),
        (&[], Version::HTTP_11),
    ];
    for (offered, spoken) in offers {
        let vendor = vendor(offered).await;
        let setup = Setup::new()
            .await
            .file("vendor.pem", &vendor.certificate)
            .set("DATADOG_API_URL", &vendor.url);
        let trusted = setup.path("vendor.pem");
        let setup = setup.set("SSL_CERT_FILE", trusted.to_str().unwrap());
        let mut client = Stdio::open(&setup, Era::Modern).await;
        for index in 0..3 {
            let to = 1_795_170_600 - index;
            let arguments = json!({ "query": "avg:checkout.errors{*}", "from": to - 300, "to": to });
            structured(&client.call("datadog_query_metrics", arguments).await);
        }
        assert_eq!(*vendor.seen.lock().unwrap(), [spoken; 3], "{offered:?}");
        let agreed = vendor.agreed.lock().unwrap().clone();
        assert_eq!(
            agreed,
            [offered.first().map(|name| name.to_vec())],
            "one connection for all"
        );
    }
}
