//! Real readers through PC/SC: find one, wait for a card, talk to it alone.

mod card;
mod choose;
mod deadline;
mod fault;
mod field;
mod pin_pad;
mod service_log;
mod watch;

pub use crate::result_code::fault_of_code;
pub use card::PcscCard;
pub use choose::ChooseError;
pub use field::Field;
pub use service_log::service_logs_commands;

use std::{
    ffi::{CStr, CString},
    fmt, thread,
    time::{Duration, Instant},
};

use apdu::Fault;
use pcsc::{Context, Protocols, ReaderState, Scope, ShareMode, State};

use fault::fault_of;
use watch::watch;

/// Pause between two attempts to open a card that another program holds.
const BUSY_PAUSE: Duration = Duration::from_millis(50);

/// The smart-card service and the readers it knows.
#[derive(Clone)]
pub struct Readers {
    context: Context,
}

/// One reader, by the name the service gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader(CString);

/// One reader and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The reader.
    pub reader: Reader,
    /// What is in it.
    pub occupancy: Occupancy,
    /// The answer to reset of the card in it, empty without one.
    pub atr: Vec<u8>,
}

/// What a reader's slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occupancy {
    /// No card.
    Empty,
    /// A card nobody uses.
    Free,
    /// A card another program uses.
    InUse,
    /// A card that gives no answer to reset.
    Mute,
    /// The service cannot tell: the reader is going away.
    Unavailable,
}

impl Readers {
    /// Connects to the smart-card service.
    ///
    /// # Errors
    /// [`Fault::ServiceDown`] when it does not run, [`Fault::NoPermission`] when this user may not use it.
    pub fn connect() -> Result<Self, Fault> {
        let context = Context::establish(Scope::User).map_err(fault_of)?;
        Ok(Self { context })
    }

    /// The readers connected now, in the service's order.
    ///
    /// # Errors
    /// [`Fault::NoReader`] when there is none; [`Fault::ServiceDown`].
    pub fn list(&self) -> Result<Vec<Reader>, Fault> {
        let names = self.context.list_readers_owned().map_err(fault_of)?;
        if names.is_empty() {
            return Err(Fault::NoReader);
        }
        Ok(names.into_iter().map(Reader).collect())
    }

    /// The readers connected now, with what is in them.
    ///
    /// # Errors
    /// As [`Readers::list`].
    pub fn slots(&self) -> Result<Vec<Slot>, Fault> {
        let list = self.list()?;
        let mut states: Vec<_> = list.iter().map(|reader| ReaderState::new(reader.0.clone(), State::UNAWARE)).collect();
        self.context.get_status_change(Duration::ZERO, &mut states).map_err(fault_of)?;
        Ok(list.into_iter().zip(&states).map(|(reader, state)| Slot::new(reader, state)).collect())
    }

    /// The one reader whose name contains `part`, whatever the case of its letters; without a part, the only reader.
    ///
    /// A name that is equal to `part` wins over names that merely contain it. Slot numbers at the end of a name change
    /// when readers are plugged in another order, so a part without them is the better choice.
    ///
    /// # Errors
    /// [`ChooseError`], with the names of the readers found.
    pub fn choose(&self, part: Option<&str>) -> Result<Reader, ChooseError> {
        choose::choose(self.list()?, part)
    }

    /// Waits until a card is in `reader`, at most `limit`; `cancelled` is asked ten times a second.
    ///
    /// # Errors
    /// [`Fault::Absent`] when no card came in time, [`Fault::Cancelled`], [`Fault::UnknownReader`],
    /// [`Fault::Unplugged`] when the reader goes away meanwhile, [`Fault::ServiceDown`].
    pub fn wait_for_card(
        &self,
        reader: &Reader,
        limit: Option<Duration>,
        mut cancelled: impl FnMut() -> bool,
    ) -> Result<(), Fault> {
        self.wait(reader, State::PRESENT, limit, &mut cancelled)
            .map_err(|fault| if fault == Fault::Timeout { Fault::Absent } else { fault })
    }

    /// Waits until `reader` is empty, at most `limit`; `cancelled` is asked ten times a second.
    ///
    /// # Errors
    /// [`Fault::Timeout`] when the card stays, else as [`Readers::wait_for_card`].
    pub fn wait_for_removal(
        &self,
        reader: &Reader,
        limit: Option<Duration>,
        mut cancelled: impl FnMut() -> bool,
    ) -> Result<(), Fault> {
        self.wait(reader, State::EMPTY, limit, &mut cancelled)
    }

    fn wait(
        &self,
        reader: &Reader,
        wanted: State,
        limit: Option<Duration>,
        cancelled: &mut dyn FnMut() -> bool,
    ) -> Result<(), Fault> {
        watch(&self.context, &reader.0, limit, cancelled, |state| state.contains(wanted))
    }

    /// Opens the card in `reader` for this program alone.
    ///
    /// Exclusive access is the lock for the whole transaction: nobody else can connect, so nobody can slip a command
    /// in between or reset the card. A PC/SC transaction on top would add nothing, and Windows resets a card whose
    /// transaction stays silent for five seconds, which a cardholder typing a PIN easily does.
    ///
    /// Other programs (key agents, middleware) look at a new card for a moment; `patience` is how long to try again
    /// while they do.
    ///
    /// # Errors
    /// [`Fault::Busy`], [`Fault::Absent`], [`Fault::Mute`], [`Fault::BadAtr`], [`Fault::Protocol`], and what else the
    /// service reports.
    pub fn open(&self, reader: &Reader, patience: Duration) -> Result<PcscCard, Fault> {
        let start = Instant::now();
        loop {
            match self.context.connect(&reader.0, ShareMode::Exclusive, Protocols::ANY) {
                Ok(card) => return PcscCard::new(self.context.clone(), reader.clone(), card),
                Err(pcsc::Error::SharingViolation) if start.elapsed() < patience => thread::sleep(BUSY_PAUSE),
                Err(error) => return Err(self.reason(reader, fault_of(error))),
            }
        }
    }

    /// Why a card could not be opened: a chip that says nothing shows as one without power, and one that says nonsense
    /// as one without a protocol, so look at what it said.
    fn reason(&self, reader: &Reader, fault: Fault) -> Fault {
        match (fault, self.slot(reader)) {
            (Fault::Unpowered, Some(Slot { occupancy: Occupancy::Mute, .. })) => Fault::Mute,
            (Fault::Protocol, Some(Slot { atr, .. })) if !matches!(*atr, [0x3B | 0x3F, ..]) => Fault::BadAtr,
            _ => fault,
        }
    }

    fn slot(&self, reader: &Reader) -> Option<Slot> {
        let mut states = [ReaderState::new(reader.0.clone(), State::UNAWARE)];
        self.context.get_status_change(Duration::ZERO, &mut states).ok()?;
        states.first().map(|state| Slot::new(reader.clone(), state))
    }
}

impl Reader {
    /// The name, with characters that are not UTF-8 replaced.
    pub fn name(&self) -> String {
        self.0.to_string_lossy().into_owned()
    }

    fn as_c_str(&self) -> &CStr {
        &self.0
    }
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl Slot {
    fn new(reader: Reader, state: &ReaderState) -> Self {
        Self { reader, occupancy: Occupancy::of(state.event_state()), atr: state.atr().to_vec() }
    }
}

impl Occupancy {
    fn of(state: State) -> Self {
        if state.contains(State::MUTE) {
            Self::Mute
        } else if state.intersects(State::INUSE | State::EXCLUSIVE) {
            Self::InUse
        } else if state.contains(State::PRESENT) {
            Self::Free
        } else if state.contains(State::EMPTY) {
            Self::Empty
        } else {
            Self::Unavailable
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occupancy_follows_the_most_telling_flag() {
        let cases = [
            (State::EMPTY, Occupancy::Empty),
            (State::PRESENT, Occupancy::Free),
            (State::PRESENT | State::INUSE, Occupancy::InUse),
            (State::PRESENT | State::EXCLUSIVE, Occupancy::InUse),
            (State::PRESENT | State::MUTE, Occupancy::Mute),
            (State::UNKNOWN | State::CHANGED, Occupancy::Unavailable),
        ];
        for (state, occupancy) in cases {
            assert_eq!(Occupancy::of(state), occupancy, "{state:?}");
        }
    }
}
