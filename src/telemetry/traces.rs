//! Traces by OTLP over HTTP: which spans are sent, and how they belong to the traces that calls come with. All of it is
//! configured by OpenTelemetry's standard variables; without a collector's address nothing of it is there.

use super::collector::Collector;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::collections::HashMap;
use std::time::Duration;
use tracing::{Metadata, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;
use upstream::trace::{self, Context};

/// The name under which traces are found where `OTEL_SERVICE_NAME` gives no other.
const SERVICE: &str = "braid";

/// Any of these turns traces on.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// Where the protocol is said, the first that is set.
const PROTOCOLS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];

/// Where the time for one delivery is said, in milliseconds, the first that is set.
const TIMEOUTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"];

/// The time for one delivery where it is not said ("OpenTelemetry Protocol Exporter").
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why no traces are sent though a collector is named.
#[derive(Debug, thiserror::Error)]
pub(super) enum TracesError {
    #[error("{protocol} is not spoken, set {} to http/protobuf", PROTOCOLS[1])]
    Protocol { protocol: String },
    #[error("no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    #[error(transparent)]
    Exporter(#[from] ExporterBuildError),
}

/// What makes and sends spans.
pub(super) struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// As the environment says; `None` where it names no collector or turns traces off.
    pub(super) fn from_environment() -> Option<Result<Self, TracesError>> {
        let is_off = said(&["OTEL_SDK_DISABLED"]).is_some_and(|said| said.eq_ignore_ascii_case("true"))
            || said(&["OTEL_TRACES_EXPORTER"]).is_some_and(|exporter| exporter == "none");
        if is_off || said(&ENDPOINTS).is_none() {
            return None;
        }
        Some(Self::new())
    }

    fn new() -> Result<Self, TracesError> {
        if let Some(protocol) = said(&PROTOCOLS).filter(|protocol| protocol != "http/protobuf") {
            return Err(TracesError::Protocol { protocol });
        }
        let timeout = said(&TIMEOUTS).and_then(|millis| millis.parse().ok());
        let collector = Collector::new(timeout.map_or(TIMEOUT, Duration::from_millis))?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_http_client(collector)
            .build()?;
        let resource = Resource::builder();
        let resource = match said(&["OTEL_SERVICE_NAME"]) {
            Some(_) => resource,
            None => resource.with_service_name(SERVICE),
        };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        Ok(Self { provider })
    }

    /// The layer that makes traces of the program's own spans. Events stay in the log: it has them already.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let is_ours = |metadata: &Metadata<'_>| metadata.is_span() && metadata.target().starts_with("braid");
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer(SERVICE))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(is_ours))
    }

    /// Ties the program's spans to the traces that calls come with.
    pub(super) fn tie() {
        trace::install(Ties::default());
    }

    /// Sends what is still here. The provider waits for it, and must not keep the runtime from sending.
    pub(super) async fn end(self, patience: Duration) {
        let ended = tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(patience));
        // Whether the collector took it was told by the collector's client.
        let _told = ended.await;
    }
}

/// The first of these variables that is set to something.
fn said(names: &[&str]) -> Option<String> {
    let values = names.iter().filter_map(|name| std::env::var(name).ok());
    values
        .map(|value| value.trim().to_owned())
        .find(|value| !value.is_empty())
}

/// Positions in traces, read and written as W3C's headers.
#[derive(Debug, Default)]
struct Ties(TraceContextPropagator);

impl trace::Tracer for Ties {
    fn adopt(&self, span: &Span, context: &Context) {
        let parent = self.0.extract(&Incoming(context));
        if parent.has_active_span() {
            // It fails for a span that is not followed, and then there is nothing to tie.
            let _not_followed = span.set_parent(parent);
        }
    }

    fn position(&self, span: &Span) -> Option<Context> {
        let here = span.context();
        let mut headers = Outgoing::default();
        self.0.inject_context(&here, &mut headers);
        (!headers.0.is_empty()).then(|| Context::read(|name| headers.0.get(name).cloned()))
    }
}

struct Incoming<'a>(&'a Context);

impl Extractor for Incoming<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            "traceparent" => self.0.get(&trace::TRACEPARENT),
            "tracestate" => self.0.get(&trace::TRACESTATE),
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent", "tracestate"]
    }
}

#[derive(Default)]
struct Outgoing(HashMap<String, String>);

impl Injector for Outgoing {
    fn set(&mut self, key: &str, value: String) {
        self.0.insert(key.to_owned(), value);
    }
}
