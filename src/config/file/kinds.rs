//! Sorts the tables of credentials by their `kind` before they are read, so that each is read as what it is: with its own
//! keys, and with the place of whatever is wrong. (serde's own way of telling variants by a key forgets the places.)

use serde::Deserialize as _;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};

/// The tables that hold credentials.
const SECTIONS: [(&str, &[&str]); 3] = [
    ("slack", &["auth", "user_auth", "gateway"]),
    ("github", &["auth", "gateway"]),
    ("datadog", &["auth", "gateway"]),
];

/// The sections of which there may be several.
const LISTS: [&str; 1] = ["gateway"];

/// What is wrong, and where.
pub(super) type Fault = (Range<usize>, String);

/// Makes `{ kind = "basic", user = "ada" }` into `{ basic = { user = "ada" } }` wherever credentials stand, and a single
/// gateway into a list of one.
pub(super) fn sort(file: &mut DeTable<'_>) -> Result<(), Fault> {
    for (backend, sections) in SECTIONS {
        let Some(DeValue::Table(backend)) = file.get_mut(backend).map(Spanned::get_mut) else {
            continue;
        };
        for section in sections {
            let Some(value) = backend.get_mut(*section) else {
                continue;
            };
            if LISTS.contains(section) {
                sort_list(value)?;
            } else {
                sort_table(value)?;
            }
        }
    }
    Ok(())
}

fn sort_list(value: &mut Spanned<DeValue<'_>>) -> Result<(), Fault> {
    if let DeValue::Array(several) = value.get_mut() {
        return several.iter_mut().try_for_each(sort_table);
    }
    sort_table(value)?;
    let mut one = DeArray::new();
    one.push(value.clone());
    *value = Spanned::new(value.span(), DeValue::Array(one));
    Ok(())
}

fn sort_table(value: &mut Spanned<DeValue<'_>>) -> Result<(), Fault> {
    let place = value.span();
    let table = match value.get_mut() {
        DeValue::Table(table) => table,
        DeValue::Array(_) => {
            let fault = "expected one table; what goes with it stands in `gateway`, of which there may be several";
            return Err((place, fault.to_owned()));
        }
        _ => return Err((place, "expected a table with `kind`".to_owned())),
    };
    let mut keys = std::mem::take(table);
    let missing = || {
        let fault = "missing field `kind`, expected e.g. `kind = \"bearer\"`".to_owned();
        (place.clone(), fault)
    };
    let kind = keys.remove("kind").ok_or_else(missing)?;
    let kind_place = kind.span();
    let kind = String::deserialize(toml::de::ValueDeserializer::from(kind))
        .map_err(|error| (kind_place.clone(), error.message().to_owned()))?;
    table.insert(
        Spanned::new(kind_place, DeString::Owned(kind)),
        Spanned::new(place, DeValue::Table(keys)),
    );
    Ok(())
}
