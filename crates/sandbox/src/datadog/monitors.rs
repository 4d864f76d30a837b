//! `GET /api/v1/monitor` and `/api/v1/monitor/{monitor_id}`.

use super::{
    super::{reply::Call, world::monitors::Monitor},
    Answer, Failure, shapes,
    state::State,
};

pub(super) fn one(state: &State, call: &Call, id: &str) -> Answer {
    let Ok(id) = id.parse::<i64>() else {
        return Err(Failure::new(
            400,
            format!("Invalid monitor_id: '{id}' is not an integer"),
        ));
    };
    let states = group_states(call)?;
    let found = state.monitors().into_iter().find(|monitor| monitor.id == id);
    let found = found.ok_or_else(|| Failure::new(404, "Monitor not found"))?;
    Ok(shapes::monitor(&found, states.as_deref()))
}

/// All of them in one answer unless a page is asked for.
pub(super) fn list(state: &State, call: &Call) -> Answer {
    let states = group_states(call)?;
    let number = |name: &str| match call.query(name).map(str::parse::<i64>) {
        None => Ok(None),
        Some(Ok(number)) if number >= 0 => Ok(Some(number)),
        Some(_) => Err(Failure::new(400, format!("Invalid value for parameter '{name}'"))),
    };
    let (page, size, offset) = (number("page")?, number("page_size")?, number("id_offset")?);
    let size = size.unwrap_or(100).min(1_000);
    let wanted = |monitor: &Monitor| {
        let named = call.query("name").is_none_or(|name| monitor.name.contains(name));
        let mut tags = call.query("monitor_tags").into_iter().flat_map(|tags| tags.split(','));
        named
            && tags.all(|tag| monitor.tags.iter().any(|own| own == tag))
            && offset.is_none_or(|offset| monitor.id > offset)
    };
    let mut all = state.monitors();
    all.retain(wanted);
    if let Some(page) = page {
        let (skip, take) = (usize::try_from(page * size), usize::try_from(size));
        all = all
            .into_iter()
            .skip(skip.unwrap_or(usize::MAX))
            .take(take.unwrap_or_default())
            .collect();
    } else if offset.is_some() {
        all.truncate(usize::try_from(size).unwrap_or_default());
    }
    Ok(all
        .iter()
        .map(|monitor| shapes::monitor(monitor, states.as_deref()))
        .collect::<Vec<_>>()
        .into())
}

fn group_states(call: &Call) -> Result<Option<Vec<&str>>, Failure> {
    let Some(text) = call.query("group_states") else {
        return Ok(None);
    };
    let states: Vec<&str> = text.split(',').map(str::trim).collect();
    match states
        .iter()
        .find(|state| !["all", "alert", "warn", "no data"].contains(state))
    {
        Some(wrong) => Err(Failure::new(400, format!("Invalid group_states: '{wrong}'"))),
        None => Ok(Some(states)),
    }
}
