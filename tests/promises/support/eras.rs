//! The two eras of the protocol, as a client speaks them.

use serde_json::{Value, json};

/// How requests are dressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Era {
    /// 2025-11-25: a handshake, then sessions.
    Legacy,
    /// 2026-07-28: every request stands alone.
    Modern,
}

impl Era {
    pub(crate) const BOTH: [Self; 2] = [Self::Legacy, Self::Modern];

    /// The revision.
    pub(crate) fn version(self) -> &'static str {
        match self {
            Self::Legacy => "2025-11-25",
            Self::Modern => "2026-07-28",
        }
    }

    /// A request as it stands on the wire.
    pub(crate) fn request(self, id: u64, method: &str, mut params: Value) -> Value {
        if self == Self::Modern {
            let meta = &mut params["_meta"];
            meta["io.modelcontextprotocol/protocolVersion"] = json!(self.version());
            meta["io.modelcontextprotocol/clientCapabilities"] = json!({});
            meta["io.modelcontextprotocol/clientInfo"] = client();
        }
        json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
    }

    /// The parameters of the handshake.
    pub(crate) fn handshake() -> Value {
        json!({ "protocolVersion": Self::Legacy.version(), "capabilities": {}, "clientInfo": client() })
    }
}

fn client() -> Value {
    json!({ "name": "promises", "version": "1" })
}
