//! A card that answers from a recording, whatever the order and the details in which it is asked.

use alloc::{rc::Rc, vec, vec::Vec};
use core::cell::RefCell;

use apdu::{
    Card, Command, Dol, Exchange, Fault, PinPadRequest, Presence, Response, StatusWord, Tag, command::ins, tag, tlv,
};

use super::{Difference, Recovered, Seen, contactless};
use crate::contact::select::fci::Fci;

/// A recording being asked: which exchanges were used, and for what.
pub(super) struct Tape<'a> {
    seen: &'a [Seen<'a>],
    used: Vec<bool>,
    last: u32,
    numbers: Vec<u32>,
    differences: Vec<Difference>,
    lists: Lists<'a>,
    aid: &'a [u8],
    cryptograms: usize,
    /// Of a tap: the files and numbers of the records that the AFL names and nothing signs.
    unsigned: Vec<(u8, u8)>,
    is_tap: bool,
}

/// Commands of kernel 2 that have an INS in common with others.
const COMPUTE_CRYPTOGRAPHIC_CHECKSUM: u8 = 0x2A;
const RECOVER_AC: u8 = 0xD0;

/// The lists that command data are compared by.
struct Lists<'a> {
    pdol: &'a [u8],
    cdol1: &'a [u8],
    cdol2: &'a [u8],
    ddol: &'a [u8],
}

impl<'a> Tape<'a> {
    pub(super) fn new(seen: &'a [Seen<'a>], recovered: &'a Recovered) -> Rc<RefCell<Self>> {
        let list = |tag: Tag| recovered.card.value(tag).unwrap_or(&[]);
        let lists = Lists {
            pdol: list(tag::PDOL_9F38),
            cdol1: list(tag::CDOL1_8C),
            cdol2: list(tag::CDOL2_8D),
            ddol: recovered.card.value(tag::DDOL_9F49).unwrap_or(&[0x9F, 0x37, 0x04]),
        };
        Rc::new(RefCell::new(Self {
            seen,
            used: vec![false; seen.len()],
            last: seen.first().map_or(0, |first| first.number.saturating_sub(1)),
            numbers: Vec::with_capacity(seen.len()),
            differences: Vec::new(),
            lists,
            aid: &recovered.aid,
            cryptograms: 0,
            is_tap: recovered.is_tap(),
            unsigned: if recovered.is_tap() { contactless::unsigned_records(recovered) } else { Vec::new() },
        }))
    }

    /// Whether a command with this INS is still unused.
    pub(super) fn has_unused(&self, ins: u8) -> bool {
        self.unused(|exchange| exchange.ins() == ins).is_some()
    }

    fn unused(&self, matches: impl Fn(&Seen<'_>) -> bool) -> Option<usize> {
        let mut all = self.seen.iter().zip(&self.used);
        all.position(|(exchange, used)| !used && matches(exchange))
    }

    fn any(&self, matches: impl Fn(&Seen<'_>) -> bool) -> Option<usize> {
        self.unused(&matches).or_else(|| self.seen.iter().position(matches))
    }

    /// The exchange that answers `command`: the same command if it was recorded, else, for a command whose data come from
    /// the terminal, the next one of its kind.
    fn find(&self, command: &Command) -> Option<usize> {
        let header = command.header();
        let same = |exchange: &Seen<'_>| {
            exchange.command.starts_with(&header) && exchange.data() == command.data() && exchange.response.is_some()
        };
        let is_tap = self.is_tap;
        let kind = |exchange: &Seen<'_>| exchange.ins() == command.ins() && (exchange.response.is_some() || !is_tap);
        match command.ins() {
            ins::SELECT => self.any(same).or_else(|| self.any(|exchange| names(exchange, command.data()))),
            ins::READ_RECORD | ins::GET_DATA => self.any(same),
            // A PIN in the clear is no answer to an enciphered one.
            ins::VERIFY => self.unused(|exchange| exchange.command.starts_with(&header)).or_else(|| self.unused(kind)),
            ins::GET_PROCESSING_OPTIONS
            | ins::INTERNAL_AUTHENTICATE
            | ins::GENERATE_AC
            | ins::EXCHANGE_RELAY_RESISTANCE_DATA
            | COMPUTE_CRYPTOGRAPHIC_CHECKSUM
            | RECOVER_AC
            | ins::GET_CHALLENGE
            | ins::EXTERNAL_AUTHENTICATE => self.unused(kind),
            _ => self.unused(same),
        }
    }

    fn answer(&mut self, command: &Command) -> Result<(Exchange, Option<Command>), Fault> {
        let Some(at) = self.find(command) else { return self.not_recorded(command) };
        let Some(seen) = self.seen.get(at).copied() else { return Err(Fault::RecordingEnds) };
        if let Some(used) = self.used.get_mut(at) {
            *used = true;
        }
        self.last = seen.number;
        self.numbers.push(seen.number);
        self.compare(command, &seen);
        self.cryptograms = self.cryptograms.saturating_add(usize::from(command.ins() == ins::GENERATE_AC));
        let response = Response::from_bytes(seen.response.unwrap_or(&[])).map_err(|_| Fault::RecordingEnds)?;
        let really = Some(seen.command).filter(|really| *really != command.as_bytes());
        let really = really.and_then(|really| Command::from_bytes(really).ok());
        let untimed = seen.elapsed.is_zero() && command.ins() == ins::EXCHANGE_RELAY_RESISTANCE_DATA;
        let elapsed = if untimed { contactless::time_within(response.data()) } else { seen.elapsed };
        Ok((Exchange { response, elapsed }, really))
    }

    /// A card object that was not asked for counts as not given; any other gap ends the recording.
    fn not_recorded(&mut self, command: &Command) -> Result<(Exchange, Option<Command>), Fault> {
        if let Some(at) = self.unanswered(command) {
            return self.leave(at);
        }
        self.numbers.push(0);
        let status = match command.ins() {
            ins::SELECT if command.data() == b"2PAY.SYS.DDF01" && !self.aid.is_empty() => return self.directory(),
            ins::GET_DATA => 0x6A88,
            ins::SELECT => 0x6A82,
            ins::READ_RECORD if self.goes_on_without(command) => return self.empty_record(command),
            _ => {
                self.differences.push(Difference::NotRecorded { header: command.header(), after: self.last });
                return Err(Fault::RecordingEnds);
            }
        };
        let response = Response::status_only(StatusWord(status));
        Ok((Exchange { response, elapsed: core::time::Duration::ZERO }, None))
    }

    /// The exchange of a tap that has this command and no answer.
    fn unanswered(&self, command: &Command) -> Option<usize> {
        let [_, ours, p1, p2] = command.header();
        let names = |seen: &Seen<'_>| {
            ours != ins::READ_RECORD || matches!(seen.command, [_, _, one, other, ..] if (*one, *other) == (p1, p2))
        };
        self.unused(|seen| seen.ins() == ours && seen.response.is_none() && names(seen)).filter(|_| self.is_tap)
    }

    /// A command without an answer: the card has left the field.
    fn leave(&mut self, at: usize) -> Result<(Exchange, Option<Command>), Fault> {
        let number = self.seen.get(at).map_or(0, |seen| seen.number);
        self.used.get_mut(at).into_iter().for_each(|used| *used = true);
        self.numbers.push(number);
        Err(Fault::Removed)
    }

    /// Whether the recording only leaves out this record, which nothing signs, and has what follows it.
    fn goes_on_without(&self, command: &Command) -> bool {
        let [_, _, number, file] = command.header();
        let follows = |ins: &u8| self.has_unused(*ins);
        self.unsigned.contains(&(file >> 3, number)) && [ins::READ_RECORD, ins::GENERATE_AC].iter().any(follows)
    }

    /// A record nobody knows stands empty.
    fn empty_record(&mut self, command: &Command) -> Result<(Exchange, Option<Command>), Fault> {
        self.differences.push(Difference::NotRecorded { header: command.header(), after: self.last });
        let response = Response::new(&[0x70, 0x00], StatusWord::OK).map_err(|_| Fault::RecordingEnds)?;
        Ok((Exchange { response, elapsed: core::time::Duration::ZERO }, None))
    }

    /// The contactless directory that a recording without one must have followed from.
    fn directory(&self) -> Result<(Exchange, Option<Command>), Fault> {
        let directory = contactless::directory_of(self.aid);
        let response = Response::new(&directory, StatusWord::OK).map_err(|_| Fault::RecordingEnds)?;
        Ok((Exchange { response, elapsed: core::time::Duration::ZERO }, None))
    }

    fn compare(&mut self, command: &Command, seen: &Seen<'_>) {
        let list = match command.ins() {
            ins::GET_PROCESSING_OPTIONS => return self.compare_options(command, seen),
            ins::INTERNAL_AUTHENTICATE => self.lists.ddol,
            ins::GENERATE_AC if self.cryptograms == 0 => self.lists.cdol1,
            ins::GENERATE_AC => self.lists.cdol2,
            _ => return,
        };
        let [_, _, ours, _] = command.header();
        if ours != seen.p1() {
            self.differences.push(Difference::Request { exchange: seen.number, ours, theirs: seen.p1() });
        }
        self.differences.extend(differing(list, command.data(), seen.data(), seen.number));
    }

    fn compare_options(&mut self, command: &Command, seen: &Seen<'_>) {
        let (ours, theirs) = (options(command.data()), options(seen.data()));
        self.differences.extend(differing(self.lists.pdol, ours, theirs, seen.number));
    }
}

/// The values inside the command template.
fn options(field: &[u8]) -> &[u8] {
    tlv::find(field, tag::COMMAND_TEMPLATE_83).ok().flatten().map_or(&[], |template| template.value)
}

/// How two fillings of a list differ.
fn differing(list: &[u8], ours: &[u8], theirs: &[u8], exchange: u32) -> Vec<Difference> {
    if ours == theirs {
        return Vec::new();
    }
    if ours.len() != theirs.len() {
        return vec![Difference::Length { exchange, ours: ours.len(), theirs: theirs.len() }];
    }
    let Ok(dol) = Dol::parse(list) else { return Vec::new() };
    let mut start = 0_usize;
    let values = dol.entries().filter_map(|entry| {
        let end = start.saturating_add(usize::from(entry.length));
        let place = core::mem::replace(&mut start, end)..end;
        let (tag, ours, theirs) = (entry.tag, ours.get(place.clone())?, theirs.get(place)?);
        let differ = ours != theirs && decides(tag);
        differ.then(|| Difference::Value { exchange, tag, ours: ours.to_vec(), theirs: theirs.to_vec() })
    });
    values.collect()
}

/// Whether a difference in this object says something: it was decided, or came from the card or the issuer. The terminal's
/// own configuration and clock are the recording's; the TVR has a difference of its own.
fn decides(tag: Tag) -> bool {
    use apdu::dictionary::{Context, Source, lookup};
    let given = lookup(tag, Context::Emv).is_some_and(|entry| matches!(entry.source, Source::Card | Source::Issuer));
    given || matches!(tag, tag::CVM_RESULTS_9F34 | tag::TC_HASH_VALUE_98)
}

/// Whether a recorded SELECT found the application `name`.
fn names(exchange: &Seen<'_>, name: &[u8]) -> bool {
    let fci = exchange.answer().filter(|_| exchange.ins() == ins::SELECT).and_then(|answer| Fci::parse(answer).ok());
    fci.is_some_and(|fci| fci.df_name == name)
}

/// The card side of a recording.
pub(super) struct RecordedCard<'a> {
    tape: Rc<RefCell<Tape<'a>>>,
    sent: Option<Command>,
    presented: bool,
}

impl<'a> RecordedCard<'a> {
    pub(super) fn new(tape: &Rc<RefCell<Tape<'a>>>) -> Self {
        Self { tape: tape.clone(), sent: None, presented: false }
    }
}

impl Card for RecordedCard<'_> {
    /// An attempt is one presentment; the next one is an attempt of its own.
    async fn activate(&mut self) -> Result<Presence, Fault> {
        if core::mem::replace(&mut self.presented, true) { Err(Fault::RecordingEnds) } else { Ok(Presence::One) }
    }

    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        self.sent = None;
        let (exchange, really) = self.tape.borrow_mut().answer(command)?;
        self.sent = really;
        Ok(exchange)
    }

    fn atr(&self) -> &[u8] {
        &[]
    }

    fn sent(&self) -> Option<&Command> {
        self.sent.as_ref()
    }

    async fn verify_on_pin_pad(&mut self, _: &PinPadRequest) -> Result<Exchange, Fault> {
        Err(Fault::Unsupported)
    }
}

/// What the tape holds at the end: differences, numbers of the exchanges used in order, numbers of those not used.
pub(super) fn finish(tape: Rc<RefCell<Tape<'_>>>) -> (Vec<Difference>, Vec<u32>, Vec<u32>) {
    let mut tape = tape.borrow_mut();
    let unused = tape.seen.iter().zip(&tape.used).filter(|(_, used)| !**used).map(|(seen, _)| seen.number).collect();
    (core::mem::take(&mut tape.differences), core::mem::take(&mut tape.numbers), unused)
}
