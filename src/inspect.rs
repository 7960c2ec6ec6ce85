//! Reading a card without changing it: SELECT, GET PROCESSING OPTIONS, READ RECORD and GET DATA, nothing else.

use std::fmt::Write;

use apdu::{
    Card, Fault, Tag,
    dictionary::{Context, Format, Sensitivity, lookup},
    tag,
    value::pan::Pan,
};
use kernel::{
    Finding, PointOfSale, Terminal, Transaction,
    contact::{
        initiate::{self, Initiated},
        read, select,
    },
    contactless::UserInterfaceRequest,
    finding::{Place, Reason},
    point_of_sale::{
        Authorisation, AuthorisationRequest, Candidate, Message, OnlinePinEntry, OnlinePinRequest, PinEntry,
        PinRequest, RandomPurpose, Unable,
    },
    session::{Session, Stop},
    store::CardData,
    terminal::data::terminal_data,
};
use readers::wait;

/// What GET DATA may know besides the records.
const GET_DATA: [Tag; 4] = [tag::ATC_9F36, tag::LAST_ONLINE_ATC_9F13, tag::PIN_TRY_COUNTER_9F17, tag::LOG_FORMAT_9F4F];

/// One application of a card.
#[derive(Debug)]
pub struct Reading {
    /// Its AID.
    pub aid: Vec<u8>,
    /// What the cardholder is shown.
    pub label: String,
    /// Its data objects, in the order in which they came.
    pub objects: CardData,
    /// What was wrong.
    pub findings: Vec<Finding>,
}

/// One data object for people: what is not to be shown is masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its tag.
    pub tag: Tag,
    /// What it is called, empty when nobody knows.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// Reads every application that the terminal knows.
///
/// # Errors
/// The findings, the last of which ended it, when no application could be reached.
pub fn read<C: Card>(
    card: &mut C,
    terminal: &Terminal,
    transaction: &Transaction,
) -> Result<Vec<Reading>, Vec<Finding>> {
    let mut terminal = terminal.clone();
    (terminal.selection.menu, terminal.selection.confirmation) = (true, true);
    let mut readings = Vec::new();
    loop {
        let mut chooser = Chooser { index: readings.len() };
        let mut session = Session::new(card, &mut chooser, &terminal, transaction);
        match wait(application(&mut session, readings.len())) {
            Ok(None) => return Ok(readings),
            Ok(Some(reading)) => readings.push(Reading { findings: session.into_log().findings, ..reading }),
            Err(_) if !readings.is_empty() => return Ok(readings),
            Err(_) => return Err(session.into_log().findings),
        }
    }
}

/// The application at `index` of the candidate list, `None` past its end.
async fn application<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    index: usize,
) -> Result<Option<Reading>, Stop> {
    let mut candidates = select::candidates(session).await?;
    if index >= candidates.list().len() {
        return Ok(None);
    }
    let selected = select::choose(session, &mut candidates).await?;
    let label = selected.candidate.label.clone();
    let mut objects = selected.card;
    // What stops here has left its reason among the findings; what was read until then is still worth showing.
    let _ = read_objects(session, &mut objects, &selected.candidate, &selected.name).await;
    Ok(Some(Reading { aid: selected.name, label, objects, findings: Vec::new() }))
}

async fn read_objects<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    objects: &mut CardData,
    candidate: &Candidate,
    name: &[u8],
) -> Result<(), Stop> {
    let Some(parameters) = session.terminal.applications.get(candidate.parameters) else {
        return Err(session.stop(Finding::new(Reason::SelNoCommonApp)));
    };
    let terminal = terminal_data(session.terminal, parameters, name, session.transaction, [0; 4]);
    match initiate::initiate(session, objects, &terminal).await? {
        Initiated::Started(_) => {}
        Initiated::Refused(finding) => return Err(session.stop(finding)),
    }
    let records = read::read(session, objects).await;
    for wanted in GET_DATA {
        let reply = session.get_data(wanted).await?;
        if let Some(value) = reply.object(wanted) {
            objects.put(wanted, value, Place::exchange(reply.exchange));
        }
    }
    records.map(|_| ())
}

impl Reading {
    /// The data objects for people.
    pub fn shown(&self) -> Vec<Object> {
        let context = Context::from_aid(&self.aid);
        let shown = |(tag, value)| {
            let entry = lookup(tag, context);
            let value = match entry {
                Some(entry) => shown(entry.sensitivity, entry.format, tag, value),
                None => hidden(value),
            };
            Object { tag, name: entry.map_or("", |entry| entry.name), value }
        };
        self.objects.iter().map(shown).collect()
    }
}

fn shown(sensitivity: Sensitivity, format: Format, tag: Tag, value: &[u8]) -> String {
    match sensitivity {
        Sensitivity::Public | Sensitivity::Linkable => plain(format, value),
        Sensitivity::Account if tag == tag::PAN_5A => {
            Pan::from_compressed(value).map_or_else(|_| hidden(value), |pan| pan.masked().to_string())
        }
        Sensitivity::Account | Sensitivity::Track | Sensitivity::Secret => hidden(value),
    }
}

fn hidden(value: &[u8]) -> String {
    format!("[{} bytes]", value.len())
}

/// Hexadecimal, and the text where it is one; whatever is no visible ASCII is escaped.
fn plain(format: Format, value: &[u8]) -> String {
    let mut text = hex::encode_upper(value);
    if matches!(format, Format::A | Format::An | Format::Ans) {
        // Writing to a string does not fail.
        let _ = write!(text, " \"{}\"", value.escape_ascii());
    }
    text
}

/// Chooses one application and lets nothing else happen.
struct Chooser {
    index: usize,
}

impl PointOfSale for Chooser {
    fn random(&mut self, _: RandomPurpose, _: &mut [u8]) {}

    fn show(&mut self, _: Message) {}

    fn user_interface(&mut self, _: &UserInterfaceRequest) {}

    async fn choose_application(&mut self, _: &[Candidate]) -> Option<usize> {
        Some(self.index)
    }

    async fn confirm_application(&mut self, _: &Candidate) -> bool {
        true
    }

    async fn enter_pin(&mut self, _: &PinRequest) -> PinEntry {
        PinEntry::Cancelled
    }

    async fn enter_online_pin(&mut self, _: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        OnlinePinEntry::Cancelled
    }

    async fn recent_amount(&mut self, _: &Pan, _: Option<u8>) -> u64 {
        0
    }

    async fn authorise(&mut self, _: &AuthorisationRequest<'_>) -> Authorisation {
        Authorisation::Unable(Unable::NoLink)
    }

    async fn refer(&mut self) -> bool {
        false
    }
}

/// Whether the reader or the card stopped answering.
pub fn transport_fault(findings: &[Finding]) -> Option<Reason> {
    let transport = |reason: &Reason| FAULTS.iter().any(|fault| kernel::session::reason_of(*fault) == *reason);
    findings.last().map(|finding| finding.reason).filter(transport)
}

/// The faults that are the reader's or the connection's.
const FAULTS: [Fault; 16] = [
    Fault::ServiceDown,
    Fault::NoReader,
    Fault::UnknownReader,
    Fault::Unplugged,
    Fault::Busy,
    Fault::NoPermission,
    Fault::Absent,
    Fault::Mute,
    Fault::Unpowered,
    Fault::Reset,
    Fault::Removed,
    Fault::Protocol,
    Fault::Transmission,
    Fault::Timeout,
    Fault::BufferShort,
    Fault::Internal,
];

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

    use apdu::command::ins;
    use readers::{Tracer, tracer::Event};

    use super::*;
    use crate::scenario::Scenario;

    fn commands_of(card: &str) -> (Result<Vec<Reading>, Vec<Finding>>, BTreeSet<u8>) {
        let table = Scenario::of_card(card).lay().unwrap();
        let seen = Rc::new(RefCell::new(BTreeSet::new()));
        let watch = seen.clone();
        let mut card = Tracer::new(table.card, move |event: Event<'_>| {
            if let Event::Command(command) = event {
                watch.borrow_mut().insert(command.ins());
            }
        });
        let readings = read(&mut card, &table.terminal, &table.transaction);
        let seen = seen.borrow().clone();
        (readings, seen)
    }

    #[test]
    fn no_card_is_sent_anything_that_changes_it() {
        let harmless = [ins::SELECT, ins::GET_PROCESSING_OPTIONS, ins::READ_RECORD, ins::GET_DATA];
        for card in vectors::cards() {
            let (_, seen) = commands_of(card.name);
            assert!(seen.iter().all(|ins| harmless.contains(ins)), "{}: {seen:02X?}", card.name);
        }
    }

    #[test]
    fn every_application_is_read_and_no_card_number_shown() {
        let (readings, _) = commands_of("two-applications");
        let readings = readings.unwrap();
        assert_eq!(readings.len(), 2);
        for reading in readings {
            let shown = reading.shown();
            let value = |tag: Tag| shown.iter().find(|object| object.tag == tag).map(|object| object.value.clone());
            assert!(value(tag::PAN_5A).unwrap().contains('*'));
            assert!(value(tag::TRACK_2_EQUIVALENT_DATA_57).unwrap().starts_with('['));
            assert!(value(tag::APPLICATION_EXPIRATION_DATE_5F24).is_some());
            assert!(value(tag::ATC_9F36).is_some());
        }
    }
}
