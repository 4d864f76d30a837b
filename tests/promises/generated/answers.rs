//! Values at random: mostly what is expected, now and then null, missing or of another type.

use serde_json::{Map, Value, json};

/// Numbers that follow from a text (splitmix64 over its hash): a test that fails does so again.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn of(text: &str) -> Self {
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(hash)
    }

    /// A number below `limit`.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit.max(1) as u64).unwrap()
    }

    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// Something that nobody expects there.
    pub(super) fn odd(&mut self) -> Value {
        let odd = [
            Value::Null,
            json!(7),
            json!(-1.5),
            json!("surprise"),
            json!(""),
            json!(true),
            json!([]),
            json!({}),
            json!([null, 1, "x"]),
            json!({ "ok": { "deep": [1] } }),
        ];
        self.pick(&odd)
    }

    /// An object, of which fields are missing or odd now and then; those that begin with `!` never.
    pub(super) fn object<const N: usize>(&mut self, fields: [(&str, Value); N]) -> Value {
        let mut object = Map::new();
        for (name, value) in fields {
            match (name.strip_prefix('!'), self.below(14)) {
                (Some(name), _) => drop(object.insert(name.to_owned(), value)),
                (None, 0) => drop(object.insert(name.to_owned(), self.odd())),
                (None, 1) => {}
                (None, _) => drop(object.insert(name.to_owned(), value)),
            }
        }
        Value::Object(object)
    }

    pub(super) fn list(&mut self, most: usize, mut item: impl FnMut(&mut Self, usize) -> Value) -> Value {
        let count = self.below(most + 1);
        (0..count).map(|index| item(self, index)).collect()
    }

    pub(super) fn words(&mut self) -> String {
        let words = [
            "checkout",
            "is",
            "down,",
            "see",
            "https://github.com/acme/checkout/pull/1",
            "<https://github.com/acme/shop/issues/2|this>",
            "<@U1>",
            "<@USLACKBOT>",
            "<#C1|ops>",
            "<!here>",
            "&lt;b&gt;",
            "|",
            "\"",
            "\n",
            "*bold*",
            "\u{202e}",
            "🌵",
            "`code`",
        ];
        let count = self.below(12);
        (0..count).map(|_| self.pick(&words)).collect::<Vec<_>>().join(" ")
    }
}
