//! Where a call belongs in the trace of whoever makes it ("W3C Trace Context", "W3C Baggage"): it comes in with the call
//! and goes out with each of its requests, whether or not anybody here exports spans.
//!
//! The spans are `tracing`'s. What makes spans of a trace out of them is installed once for the process, as the subscriber
//! that it belongs to is; without it, what came in goes out as it is.

use http::{HeaderMap, HeaderName, HeaderValue};
use std::sync::{Arc, OnceLock};
use tracing::Span;

/// The position in the trace.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// What tracing systems add to it.
pub const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
/// What the caller wants to be known along the way.
pub const BAGGAGE: HeaderName = HeaderName::from_static("baggage");

/// The lists that the two specifications ask everybody to be able to pass on; longer ones are dropped, not cut.
const LONGEST_STATE: usize = 512;
const LONGEST_BAGGAGE: usize = 8192;

static TRACER: OnceLock<Box<dyn Tracer>> = OnceLock::new();

/// What came in with a call. Cheap to clone; empty where nothing came.
#[derive(Debug, Clone, Default)]
pub struct Context(Option<Arc<HeaderMap>>);

/// What ties `tracing`'s spans to a trace.
pub trait Tracer: Send + Sync + 'static {
    /// Makes this new span a child of what came in.
    fn adopt(&self, span: &Span, context: &Context);

    /// The position of this span, as `traceparent` and `tracestate`; `None` where it is not followed.
    fn position(&self, span: &Span) -> Option<Context>;
}

/// Installs what ties spans to traces; the first one stays.
pub fn install(tracer: impl Tracer) {
    TRACER.get_or_init(|| Box::new(tracer));
}

/// Makes this new span a child of what came in with the call.
pub fn adopt(span: &Span, context: &Context) {
    if let Some(tracer) = TRACER.get() {
        tracer.adopt(span, context);
    }
}

impl Context {
    /// What `get` has under the three names. A `traceparent` that is none is dropped, and `tracestate` with it, as it
    /// would belong to nothing.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let mut headers = HeaderMap::new();
        let mut take = |name: HeaderName, is_good: fn(&str) -> bool| {
            let value = get(name.as_str()).filter(|value| is_good(value));
            let value = value.and_then(|value| HeaderValue::try_from(value).ok());
            let taken = value.is_some();
            headers.extend(value.map(|value| (name, value)));
            taken
        };
        if take(TRACEPARENT, is_traceparent) {
            take(TRACESTATE, |state| !state.is_empty() && state.len() <= LONGEST_STATE);
        }
        take(BAGGAGE, |baggage| {
            !baggage.is_empty() && baggage.len() <= LONGEST_BAGGAGE
        });
        Self((!headers.is_empty()).then(|| Arc::new(headers)))
    }

    /// What stands under one of the three names.
    pub fn get(&self, name: &HeaderName) -> Option<&str> {
        self.0.as_ref()?.get(name)?.to_str().ok()
    }

    /// What goes out with a request that is made in the current span.
    pub(super) fn outgoing(&self) -> HeaderMap {
        let mut headers = self.0.as_deref().cloned().unwrap_or_default();
        if let Some(Context(Some(position))) = TRACER.get().and_then(|tracer| tracer.position(&Span::current())) {
            headers.remove(TRACESTATE);
            headers.extend((*position).clone());
        }
        headers
    }
}

/// `00-<32 hex digits>-<16>-<2>`, lower case, neither id all nought. Later versions may go on behind that.
fn is_traceparent(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut hex = |length: usize| {
        parts.next().filter(|part| {
            let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
            part.len() == length && part.bytes().all(is_hex)
        })
    };
    let is_some_id = |id: &str| id.bytes().any(|byte| byte != b'0');
    let (version, trace, span, flags) = (hex(2), hex(32), hex(16), hex(2));
    let ends = version != Some("00") || parts.next().is_none();
    version.is_some_and(|version| version != "ff")
        && trace.is_some_and(is_some_id)
        && span.is_some_and(is_some_id)
        && flags.is_some()
        && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn context(pairs: &[(&str, &str)]) -> Context {
        Context::read(|name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn what_came_in_goes_out() {
        let context = context(&[("traceparent", PARENT), ("tracestate", "a=1"), ("baggage", "team=shop")]);
        let out = context.outgoing();
        assert_eq!(out.len(), 3);
        assert_eq!(
            (&out[TRACEPARENT], &out[TRACESTATE], &out[BAGGAGE]),
            (
                &PARENT.parse().unwrap(),
                &"a=1".parse().unwrap(),
                &"team=shop".parse().unwrap()
            )
        );
        assert!(Context::default().outgoing().is_empty());
    }

    #[test]
    fn a_position_that_is_none_is_dropped_with_its_state() {
        for bad in [
            "",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nx: y",
        ] {
            let context = context(&[("traceparent", bad), ("tracestate", "a=1"), ("baggage", "a=1")]);
            assert_eq!(
                (context.get(&TRACEPARENT), context.get(&TRACESTATE)),
                (None, None),
                "{bad}"
            );
            assert_eq!(context.get(&BAGGAGE), Some("a=1"));
        }
        let later = format!("01{}-more", &PARENT[2..]);
        assert!(context(&[("traceparent", &later)]).get(&TRACEPARENT).is_some());
    }

    #[test]
    fn what_is_too_long_or_no_header_is_dropped() {
        let long = "a".repeat(LONGEST_BAGGAGE + 1);
        assert!(context(&[("baggage", &long)]).outgoing().is_empty());
        assert!(context(&[("baggage", "a=1\nx: y")]).outgoing().is_empty());
        let state = "a".repeat(LONGEST_STATE + 1);
        assert_eq!(
            context(&[("traceparent", PARENT), ("tracestate", &state)])
                .outgoing()
                .len(),
            1
        );
    }
}
