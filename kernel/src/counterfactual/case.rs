//! What was seen, laid out for running checks again.

use alloc::vec::Vec;
use core::cell::{Cell, OnceCell};

use apdu::{
    Bits, Tag,
    command::ins,
    tag, tlv,
    value::{afl::Afl, date::Date},
};

use super::{MAX_RSA_OPERATIONS, change::RecordName};
use crate::{
    finding::{Phase, Place},
    oda::{KeyStore, Method, StaticData},
    outcome::Outcome,
    session::LoggedExchange,
    store::CardData,
    terminal::{ApplicationParameters, Terminal},
    transaction::Transaction,
};

/// One outcome, with everything its checks were made from.
pub(super) struct Case<'a> {
    pub(super) outcome: &'a Outcome,
    pub(super) terminal: &'a Terminal,
    pub(super) transaction: &'a Transaction,
    pub(super) known: &'a KeyStore,
    /// Found when somebody asks: most findings are about something else.
    records: OnceCell<Vec<Read>>,
    operations_left: Cell<usize>,
}

/// Where a record of the AFL is in the log.
#[derive(Clone, Copy)]
struct Read {
    name: RecordName,
    signed: bool,
    at: usize,
}

/// One record that was read.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    pub(super) name: RecordName,
    pub(super) exchange: u16,
    pub(super) signed: bool,
    /// The answer without its status word.
    pub(super) whole: &'a [u8],
    /// What is inside template 70, when there is one.
    pub(super) inside: Option<&'a [u8]>,
}

/// One exchange of the log.
#[derive(Clone, Copy)]
pub(super) struct Sent<'a> {
    /// Where it is in the log.
    at: usize,
    /// Its number.
    pub(super) exchange: u16,
    pub(super) phase: Phase,
    pub(super) header: [u8; 4],
    /// The data field of the command.
    pub(super) data: &'a [u8],
    /// The data of the answer, when it was a good one.
    pub(super) answer: Option<&'a [u8]>,
}

/// Everything a chain is followed with; for each try one thing of it is changed.
#[derive(Clone, Copy)]
pub(super) struct Setting<'s> {
    pub(super) card: &'s CardData,
    pub(super) rid: [u8; 5],
    pub(super) keys: &'s KeyStore,
    /// `None` when the rules do not say what they are.
    pub(super) static_data: Option<StaticData<'s>>,
    pub(super) today: Date,
}

impl<'a> Case<'a> {
    pub(super) fn new(
        outcome: &'a Outcome,
        terminal: &'a Terminal,
        transaction: &'a Transaction,
        known: &'a KeyStore,
    ) -> Self {
        let operations_left = Cell::new(MAX_RSA_OPERATIONS);
        Self { outcome, terminal, transaction, known, records: OnceCell::new(), operations_left }
    }

    /// Takes RSA operations from the budget; `None` when there are not so many left.
    pub(super) fn spend(&self, operations: usize) -> Option<()> {
        self.operations_left.set(self.operations_left.get().checked_sub(operations)?);
        Some(())
    }

    #[cfg(test)]
    pub(super) fn operations_left(&self) -> usize {
        self.operations_left.get()
    }

    pub(super) fn card(&self) -> &'a CardData {
        &self.outcome.card
    }

    pub(super) fn aip(&self) -> &'a [u8] {
        self.card().value(tag::AIP_82).unwrap_or(&[])
    }

    /// The method that was agreed on.
    pub(super) fn method(&self) -> Option<Method> {
        let profile = self.card().array(tag::AIP_82)?;
        Method::choose(&Bits(profile), &self.terminal.capabilities).ok()
    }

    /// The terminal's parameters for the application.
    pub(super) fn application(&self) -> Option<&'a ApplicationParameters> {
        let fits = |application: &&ApplicationParameters| self.outcome.aid.starts_with(&application.aid);
        self.terminal.applications.iter().filter(fits).max_by_key(|application| application.aid.len())
    }

    /// Everything as it was.
    pub(super) fn setting(&self) -> Setting<'a> {
        let signed = &self.outcome.signed_records;
        let method = self.method().unwrap_or(Method::Dda);
        Setting {
            card: self.card(),
            rid: self.outcome.aid.first_chunk().copied().unwrap_or_default(),
            keys: &self.terminal.keys,
            static_data: StaticData::new(&signed.bytes, signed.not_a_template, self.card(), method).ok(),
            today: self.transaction.date,
        }
    }

    /// The records read, in the order of the AFL; none when the log does not show how they were signed.
    pub(super) fn records(&self) -> impl Iterator<Item = Record<'a>> + use<'a, '_> {
        let records = self.records.get_or_init(|| records(self.outcome));
        records.iter().filter_map(|read| read.record(self.outcome))
    }

    /// The exchanges of the log.
    pub(super) fn exchanges(&self) -> impl DoubleEndedIterator<Item = Sent<'a>> + use<'a> {
        let exchanges = &self.outcome.log.exchanges;
        exchanges.iter().enumerate().map(|(at, exchange)| Sent::new(at, exchange))
    }

    /// The last GET PROCESSING OPTIONS that the card accepted, or else the last one.
    pub(super) fn initiation(&self) -> Option<Sent<'a>> {
        initiation(self.outcome)
    }

    /// The last exchange with this instruction in this phase.
    pub(super) fn last(&self, ins: u8, phase: Phase) -> Option<Sent<'a>> {
        self.exchanges().rev().find(|sent| sent.ins() == ins && sent.phase == phase)
    }

    /// The values that the PDOL was filled with.
    pub(super) fn pdol_values(&self) -> &'a [u8] {
        let data = self.initiation().map_or(&[][..], |sent| sent.data);
        tlv::find(data, tag::COMMAND_TEMPLATE_83).ok().flatten().map_or(&[], |template| template.value)
    }
}

impl<'a> Sent<'a> {
    fn new(at: usize, exchange: &'a LoggedExchange) -> Self {
        let command = &*exchange.command;
        let data = match command {
            [_, _, _, _, length, rest @ ..] => rest.get(..usize::from(*length)).unwrap_or(&[]),
            _ => &[],
        };
        let answer = exchange.response.as_deref().and_then(|response| response.strip_suffix(&[0x90, 0x00]));
        Self {
            at,
            exchange: exchange.number,
            phase: exchange.phase,
            header: command.first_chunk().copied().unwrap_or_default(),
            data,
            answer,
        }
    }

    pub(super) fn ins(&self) -> u8 {
        self.header[1]
    }

    pub(super) fn place(&self) -> Place {
        Place::exchange(self.exchange)
    }

    /// The objects of an answer in format 2.
    pub(super) fn objects(&self) -> &'a [u8] {
        let template = tlv::find(self.answer.unwrap_or(&[]), tag::RESPONSE_FORMAT_2_77).ok().flatten();
        template.map_or(&[], |template| template.value)
    }

    /// The dynamic signature in the answer, in either format.
    pub(super) fn signature(&self) -> Option<&'a [u8]> {
        let format_1 = tlv::find(self.answer?, tag::RESPONSE_FORMAT_1_80).ok().flatten();
        let format_2 = || tlv::find(self.objects(), tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B).ok().flatten();
        format_1.filter(|_| self.ins() == ins::INTERNAL_AUTHENTICATE).or_else(format_2).map(|object| object.value)
    }
}

impl Read {
    fn record(self, outcome: &Outcome) -> Option<Record<'_>> {
        let exchange = outcome.log.exchanges.get(self.at)?;
        Record::new(self.name, self.signed, &Sent::new(self.at, exchange))
    }
}

impl<'a> Record<'a> {
    fn new(name: RecordName, signed: bool, sent: &Sent<'a>) -> Option<Self> {
        let whole = sent.answer?;
        let mut objects = tlv::Reader::strict(whole);
        let template = objects.next().and_then(Result::ok).filter(|first| first.tag == tag::READ_RECORD_TEMPLATE_70);
        let inside = template.filter(|_| objects.next().is_none()).map(|template| template.value);
        Some(Self { name, exchange: sent.exchange, signed, whole, inside })
    }

    /// Files 11 to 30 are signed with their template (`EMV 4.4 Book 3, 10.3`).
    pub(super) fn rule_is_whole(&self) -> bool {
        self.name.0 > 10
    }

    /// The bytes that the rule says are signed; `None` where it says that authentication has failed.
    pub(super) fn as_signed(&self) -> Option<&'a [u8]> {
        if self.rule_is_whole() { self.inside.map(|_| self.whole) } else { self.inside }
    }

    pub(super) fn place(&self) -> Place {
        Place { record: Some(self.name), ..Place::exchange(self.exchange) }
    }
}

fn initiation(outcome: &Outcome) -> Option<Sent<'_>> {
    let numbered = outcome.log.exchanges.iter().enumerate().map(|(at, exchange)| Sent::new(at, exchange));
    let all = numbered.rev().filter(|sent| sent.ins() == ins::GET_PROCESSING_OPTIONS);
    all.clone().find(|sent| sent.answer.is_some()).or_else(|| all.clone().next())
}

/// The records in the order of the AFL, as long as they make up what the kernel took for signed.
fn records(outcome: &Outcome) -> Vec<Read> {
    let afl = outcome.card.value(tag::AFL_94).and_then(|value| Afl::parse(value).ok());
    let start = initiation(outcome).map_or(0, |sent| sent.at.saturating_add(1));
    let numbered = outcome.log.exchanges.iter().enumerate().skip(start).map(|(at, exchange)| Sent::new(at, exchange));
    let read: Vec<Sent<'_>> = numbered.filter(|sent| sent.ins() == ins::READ_RECORD).collect();
    let entries = afl.iter().flat_map(Afl::entries);
    let names = entries.flat_map(|entry| entry.records().map(move |(number, signed)| ((entry.sfi, number), signed)));
    let record = |(name, signed)| {
        let (sfi, number) = name;
        let wanted = |sent: &&Sent<'_>| sent.header[2] == number && sent.header[3] >> 3 == sfi;
        Some(Read { name, signed, at: read.iter().find(wanted)?.at })
    };
    let records: Vec<Read> = names.filter_map(record).collect();
    let signed = records.iter().filter(|read| read.signed);
    let signed = signed.filter_map(|read| read.record(outcome)?.as_signed());
    let complete = signed.flatten().eq(&outcome.signed_records.bytes);
    if complete { records } else { Vec::new() }
}

/// A copy of `card` with other values; `None` takes the object away.
pub(super) fn with<V: AsRef<[u8]>>(card: &CardData, changes: &[(Tag, Option<V>)]) -> CardData {
    let mut copy = CardData::default();
    for (tag, value) in card.iter().filter(|(tag, _)| !changes.iter().any(|(changed, _)| changed == tag)) {
        copy.put(tag, value, card.place(tag));
    }
    for (tag, value) in changes.iter().filter_map(|(tag, value)| Some((*tag, value.as_ref()?.as_ref()))) {
        copy.put(tag, value, card.place(tag));
    }
    copy
}
