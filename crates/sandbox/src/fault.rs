//! Faults on demand: which requests they meet, how often, and what becomes of those.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A fault that waits for its requests.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Which requests it meets, all where left out. Slack: the method (`conversations.history`). GitHub: the operation's
    /// name or one of its root fields (`repository`). REST: method and route (`GET /api/v1/monitor/{monitor_id}`).
    #[serde(default)]
    pub operation: Option<String>,
    /// How many requests it meets before it is spent; every one where left out.
    #[serde(default)]
    pub times: Option<u32>,
    /// What becomes of them.
    pub effect: Effect,
}

impl Fault {
    /// Meets the next request, whichever it is.
    pub fn once(effect: Effect) -> Self {
        Self {
            operation: None,
            times: Some(1),
            effect,
        }
    }

    /// Meets every request from now on.
    pub fn always(effect: Effect) -> Self {
        Self {
            operation: None,
            times: None,
            effect,
        }
    }

    /// Meets only requests of one operation.
    #[must_use]
    pub fn on(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    /// Is spent after so many requests.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    pub(super) fn meets(&self, names: &[String]) -> bool {
        self.times != Some(0) && self.operation.as_ref().is_none_or(|wanted| names.contains(wanted))
    }
}

/// What becomes of a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// Another answer: status, body (the vendor's own words for that status where left out), further headers.
    Status {
        /// The HTTP status.
        status: u16,
        /// The body as it is sent.
        #[serde(default)]
        body: Option<String>,
        /// Further headers, over the usual ones.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// The vendor's own answer to too many requests.
    RateLimit {
        /// What the `Retry-After` says; none where left out.
        #[serde(default)]
        retry_after: Option<RetryAfter>,
        /// Which of GitHub's forms; the other vendors have one.
        #[serde(default)]
        form: LimitForm,
    },
    /// A proxy's page in place of the answer.
    Html {
        /// The HTTP status, 200 included.
        status: u16,
    },
    /// The right answer's first half, with a length that fits it.
    TruncatedJson,
    /// A body that never was JSON, with the right content type.
    MalformedJson,
    /// A JSON body of that many bytes.
    HugeBody {
        /// How many.
        bytes: usize,
    },
    /// The right answer, later.
    Delay {
        /// How much later, in milliseconds.
        ms: u64,
    },
    /// The right answer in small pieces.
    Drip {
        /// Bytes a piece.
        bytes: usize,
        /// Milliseconds between two.
        every_ms: u64,
    },
    /// No answer, for as long as the peer waits.
    Hang,
    /// The connection is reset before a byte of the answer.
    ResetBefore,
    /// The connection is reset in the middle of the body.
    ResetInBody,
    /// Another address in place of the answer.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// A path on this host, or a whole address elsewhere.
        location: String,
    },
    /// The right answer under another content type.
    ContentType {
        /// The type.
        value: String,
    },
    /// The right answer with one header set to something else.
    Header {
        /// The header's name.
        name: String,
        /// What it says instead.
        value: String,
    },
    /// Slack's `ok: false`, with HTTP 200.
    SlackError {
        /// Slack's word for it, e.g. `fatal_error`.
        error: String,
        /// Further fields, e.g. `needed` and `provided`.
        #[serde(default)]
        more: Map<String, Value>,
    },
    /// The right answer of GitHub's GraphQL API, but for the parts that fail.
    GithubErrors {
        /// Which parts, and why.
        errors: Vec<GithubError>,
    },
}

impl Effect {
    /// A status in the vendor's own words.
    pub fn status(status: u16) -> Self {
        Self::Status {
            status,
            body: None,
            headers: BTreeMap::new(),
        }
    }
}

/// One part of a GraphQL answer that fails: what stands at its path becomes null.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GithubError {
    /// From the root, by response key, e.g. `["a1"]`; none for an error that belongs to no part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<Value>,
    /// GitHub's kind, e.g. `FORBIDDEN`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// GitHub's text.
    pub message: String,
}

/// What a `Retry-After` header says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// So many seconds.
    Seconds(u64),
    /// An HTTP date, so many seconds from now.
    DateIn(u64),
    /// Anything, sensible or not.
    Raw(String),
}

impl RetryAfter {
    pub(super) fn header(&self) -> String {
        match self {
            Self::Seconds(seconds) => seconds.to_string(),
            Self::DateIn(seconds) => {
                httpdate::fmt_http_date(std::time::SystemTime::now() + std::time::Duration::from_secs(*seconds))
            }
            Self::Raw(text) => text.clone(),
        }
    }
}

/// Which of its limits a vendor says was hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitForm {
    /// The hourly quota. GitHub's GraphQL API says it with HTTP 200 and `errors[].type`.
    #[default]
    Primary,
    /// GitHub's secondary limits: 403 and a text.
    Secondary,
    /// GitHub's secondary limits as 429.
    SecondaryTooMany,
}
