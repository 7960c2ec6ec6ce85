//! Watching one reader until its state is the wanted one.

use std::{
    ffi::CStr,
    time::{Duration, Instant},
};

use apdu::Fault;
use pcsc::{Context, Error, ReaderState, State};

use super::fault::fault_of;

/// How long one look blocks, so that a cancel key is noticed.
const GLANCE: Duration = Duration::from_millis(100);

/// Blocks until `wanted` holds of the reader's state.
///
/// # Errors
/// [`Fault::Timeout`] after `limit`, [`Fault::Cancelled`], [`Fault::UnknownReader`] when the first look finds no such
/// reader, [`Fault::Unplugged`] when a later one does.
pub(super) fn watch(
    context: &Context,
    reader: &CStr,
    limit: Option<Duration>,
    cancelled: &mut dyn FnMut() -> bool,
    wanted: impl Fn(State) -> bool,
) -> Result<(), Fault> {
    let start = Instant::now();
    let mut states = [ReaderState::new(reader, State::UNAWARE)];
    loop {
        if cancelled() {
            return Err(Fault::Cancelled);
        }
        let left = limit.map_or(GLANCE, |limit| limit.saturating_sub(start.elapsed()));
        if look(context, &mut states, left.min(GLANCE))?.is_some_and(&wanted) {
            return Ok(());
        }
        if limit.is_some_and(|limit| start.elapsed() >= limit) {
            return Err(Fault::Timeout);
        }
    }
}

/// One look: the new state, or nothing when it did not change in time.
fn look(context: &Context, states: &mut [ReaderState; 1], time: Duration) -> Result<Option<State>, Fault> {
    let [state] = &states;
    let gone = if state.current_state() == State::UNAWARE { Fault::UnknownReader } else { Fault::Unplugged };
    match context.get_status_change(time, states) {
        Ok(()) => {}
        Err(Error::Timeout) => return Ok(None),
        // Not a refusal: the library's word for a connection that the service closed.
        Err(Error::SecurityViolation) => return Err(Fault::ServiceDown),
        Err(Error::UnknownReader | Error::ReaderUnavailable) => return Err(gone),
        Err(error) => return Err(fault_of(error)),
    }
    let [state] = states;
    state.sync_current_state();
    let now = state.event_state();
    if now.intersects(State::UNKNOWN | State::UNAVAILABLE | State::IGNORE) { Err(gone) } else { Ok(Some(now)) }
}
