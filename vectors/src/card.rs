//! A software card: every answer is computed, nothing is looked up, and the same commands give the same bytes on every run.

pub mod alteration;
mod chip;
pub mod contactless;
mod external_authenticate;
mod generate_ac;
mod get_challenge;
mod get_data;
mod get_processing_options;
mod internal_authenticate;
mod numbers;
mod personalise;
pub mod profile;
mod read_record;
mod reply;
mod script;
mod select;
mod transaction;
mod transaction_log;
mod verify;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use apdu::{Card, Command, Exchange, Fault, Presence, Response, command::ins};

pub use alteration::{Alteration, NotAnAlteration};
pub use personalise::PersonalisationError;
pub use profile::{Application, Decision, Format, IssuerAuthentication, Profile, Scheme};

use crate::issuer_keys::IssuerKeys;
use alteration::Change;
use chip::Chip;
use reply::{Answer, Reply, sw};
use select::Selected;
use transaction::Transaction;

/// A card in software.
#[derive(Clone)]
pub struct SoftwareCard {
    name: String,
    atr: Vec<u8>,
    elapsed: Duration,
    alterations: Vec<Alteration>,
    /// What the reader finds in its field, one activation after the other; then this card alone.
    field: VecDeque<Presence>,
    /// How often it was activated there.
    taps: usize,
    /// The chip as it left personalisation.
    pristine: Chip,
    chip: Chip,
    session: Session,
}

/// What a reset wipes.
#[derive(Clone, Default)]
struct Session {
    selected: Selected,
    transaction: Transaction,
    commands: usize,
    times: BTreeMap<u8, usize>,
}

impl std::fmt::Debug for SoftwareCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SoftwareCard({:?})", self.name)
    }
}

impl SoftwareCard {
    /// Personalises a card with the keys of the test issuer.
    ///
    /// # Errors
    /// [`PersonalisationError`] when the profile names a key or an authority that cannot be, or an alteration does not
    /// apply to this card.
    pub fn new(profile: &Profile) -> Result<Self, PersonalisationError> {
        let chip = personalise::personalise(profile, &IssuerKeys::test())?;
        Ok(Self {
            name: profile.name.clone(),
            atr: profile.atr.clone(),
            elapsed: profile.elapsed,
            alterations: profile.alterations.clone(),
            field: profile.field.iter().copied().collect(),
            taps: 0,
            pristine: chip.clone(),
            chip,
            session: Session::default(),
        })
    }

    /// Takes the power away: counters, PIN tries and blocks stay, everything else is forgotten.
    pub fn reset(&mut self) {
        self.session = Session::default();
    }

    /// Makes the card new again.
    pub fn fresh(&mut self) {
        self.chip = self.pristine.clone();
        self.taps = 0;
        self.reset();
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Answers one command at once.
    ///
    /// # Errors
    /// The fault that an alteration asks for.
    pub fn answer(&mut self, command: &Command) -> Result<Response, Fault> {
        let reply = self.process(command).unwrap_or_else(Reply::from);
        self.chip.blocked |= self.session.transaction.card_block;
        self.session.commands = self.session.commands.saturating_add(1);
        let time = self.session.times.entry(command.ins()).or_default();
        *time = time.saturating_add(1);
        let (number, time, taps) = (self.session.commands, *time, self.taps);
        let changes = self.alterations.iter().filter_map(|alteration| match alteration {
            Alteration::Answer(which, change) if which.means(command, number, time) => Some(change),
            Alteration::AnswerAtTap(tap, which, change) if *tap == taps && which.means(command, number, time) => {
                Some(change)
            }
            _ => None,
        });
        changes.clone().try_fold(reply, altered)?.response()
    }

    fn process(&mut self, command: &Command) -> Answer {
        let [class, instruction, ..] = command.header();
        match expected_class(instruction) {
            _ if self.speaks_for_itself() => {}
            Some(expected) if expected == class => {}
            Some(_) => return Err(sw::CLASS_NOT_SUPPORTED),
            None => return Err(sw::INSTRUCTION_NOT_SUPPORTED),
        }
        match (instruction, self.session.selected) {
            (ins::SELECT, _) => self.select(command),
            (_, Selected::Nothing) => Err(sw::CONDITIONS_NOT_SATISFIED),
            (ins::READ_RECORD, Selected::Directory) => {
                read_record::read_record(self.chip.directory.as_ref().map(|directory| &directory.records), command)
            }
            (_, Selected::Directory | Selected::ContactlessDirectory) => Err(sw::CONDITIONS_NOT_SATISFIED),
            (_, Selected::Application(place)) => self.application_command(place, command),
        }
    }

    /// A contactless application knows its own commands.
    fn speaks_for_itself(&self) -> bool {
        let Selected::Application(place) = self.session.selected else { return false };
        self.chip.applications.get(place).is_some_and(|application| application.profile.contactless.is_some())
    }

    fn application_command(&mut self, place: usize, command: &Command) -> Answer {
        let transaction = &mut self.session.transaction;
        let application = self.chip.applications.get_mut(place).ok_or(sw::CONDITIONS_NOT_SATISFIED)?;
        if let Some(contactless) = application.profile.contactless.clone() {
            return contactless.personality.command(application, transaction, command);
        }
        match command.ins() {
            ins::GET_PROCESSING_OPTIONS => {
                get_processing_options::get_processing_options(application, transaction, command)
            }
            ins::READ_RECORD => read_record::read_record(Some(&application.records), command),
            ins::GET_DATA => get_data::get_data(application, command),
            ins::GET_CHALLENGE => get_challenge::get_challenge(application, transaction, command),
            ins::VERIFY => verify::verify(application, transaction, command),
            ins::INTERNAL_AUTHENTICATE => {
                internal_authenticate::internal_authenticate(application, transaction, command)
            }
            ins::GENERATE_AC => generate_ac::generate_ac(application, transaction, command),
            ins::EXTERNAL_AUTHENTICATE => {
                external_authenticate::external_authenticate(application, transaction, command)
            }
            _ => script::script(application, transaction, command),
        }
    }
}

/// The class byte each instruction comes with; scripts come secured in format 2.
fn expected_class(instruction: u8) -> Option<u8> {
    match instruction {
        ins::SELECT
        | ins::READ_RECORD
        | ins::GET_CHALLENGE
        | ins::VERIFY
        | ins::INTERNAL_AUTHENTICATE
        | ins::EXTERNAL_AUTHENTICATE => Some(0x00),
        ins::GET_PROCESSING_OPTIONS | ins::GET_DATA | ins::GENERATE_AC => Some(0x80),
        ins::APPLICATION_BLOCK | ins::APPLICATION_UNBLOCK | ins::CARD_BLOCK | ins::PIN_CHANGE_UNBLOCK => Some(0x84),
        ins::PUT_DATA | ins::UPDATE_RECORD => Some(0x04),
        _ => None,
    }
}

/// One change to a reply; an edit that finds nothing to change leaves it as it is.
fn altered(reply: Reply, change: &Change) -> Result<Reply, Fault> {
    match change {
        Change::Data(alteration::Edit::Drop) => Ok(Reply { data: Vec::new(), ..reply }),
        Change::Data(edit) => {
            let data = edit.apply(&reply.data).unwrap_or(reply.data);
            Ok(Reply { data, ..reply })
        }
        Change::StatusOnly(status) => Ok(Reply { data: Vec::new(), status: *status }),
        Change::Status(status) => Ok(Reply { status: *status, ..reply }),
        Change::Fault(fault) => Err(*fault),
    }
}

impl Card for SoftwareCard {
    /// A new activation is a reset.
    fn activate(&mut self) -> impl Future<Output = Result<Presence, Fault>> {
        self.reset();
        let presence = self.field.pop_front().unwrap_or(Presence::One);
        self.taps = self.taps.saturating_add(usize::from(presence == Presence::One));
        std::future::ready(Ok(presence))
    }

    fn field_off(&mut self, _: Duration) -> impl Future<Output = Result<(), Fault>> {
        self.reset();
        std::future::ready(Ok(()))
    }

    fn transmit(&mut self, command: &Command) -> impl Future<Output = Result<Exchange, Fault>> {
        let answer = self.answer(command);
        let elapsed = self.session.transaction.elapsed.take().unwrap_or(self.elapsed);
        std::future::ready(answer.map(|response| Exchange { response, elapsed }))
    }

    fn atr(&self) -> &[u8] {
        &self.atr
    }
}
