//! How many tokens JSON takes, roughly: four characters each, structure included.

use apollo_compiler::Schema;
use apollo_compiler::schema::{ExtendedType, Type};

/// The brackets and the comma.
pub(super) const AROUND_OBJECT: u64 = 2;
pub(super) const AROUND_LIST: u64 = 2;

/// A key with its quotes and colon.
pub(super) fn of_key(key: &str) -> u64 {
    (key.len() as u64 + 4).div_ceil(4)
}

/// A value whose weight nobody said.
pub(super) fn of_leaf(schema: &Schema, ty: &Type) -> u64 {
    let name = ty.inner_named_type().as_str();
    match (name, schema.types.get(name)) {
        ("Boolean", _) => 1,
        ("Int", _) => 2,
        ("Float", _) => 5,
        ("ID", _) => 6,
        (_, Some(ExtendedType::Enum(names))) => names
            .values
            .keys()
            .map(|name| (name.len() as u64 + 3).div_ceil(4))
            .max()
            .unwrap_or(1),
        // Strings and moments.
        _ => 8,
    }
}
