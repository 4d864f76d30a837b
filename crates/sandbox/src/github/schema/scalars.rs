//! GitHub's own scalars. All are texts on the wire.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

use super::super::super::world::clock::rfc3339;

macro_rules! text_scalar {
    ($name:ident, $graphql:literal) => {
        #[derive(Clone, Debug)]
        pub(in super::super) struct $name(pub(in super::super) String);

        #[Scalar(name = $graphql)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                match value {
                    Value::String(text) => Ok(Self(text)),
                    other => Err(InputValueError::expected_type(other)),
                }
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.clone())
            }
        }
    };
}

text_scalar!(BigInt, "BigInt");
text_scalar!(DateTime, "DateTime");
text_scalar!(GitObjectId, "GitObjectID");
text_scalar!(GitSshRemote, "GitSSHRemote");
text_scalar!(GitTimestamp, "GitTimestamp");
text_scalar!(Html, "HTML");
text_scalar!(Uri, "URI");

impl DateTime {
    pub(super) fn at(seconds: i64) -> Self {
        Self(rfc3339(seconds))
    }
}

impl Uri {
    /// On github.com.
    pub(super) fn page(path: &str) -> Self {
        Self(format!("https://github.com{path}"))
    }
}

impl Html {
    pub(super) fn of(text: &str) -> Self {
        Self(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
    }
}
