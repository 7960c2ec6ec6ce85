//! Data exchange with the terminal's application (`EMV Contactless Book C-2, 3.5`): what it wants read of the card, what it
//! wants written to it, and what the kernel wants of it. DEK is the question, DET the answer.

use alloc::vec::Vec;
use core::time::Duration;

use apdu::{
    Card, Command, Dol, Tag,
    dictionary::{Source, lookup},
    tag,
    tag::k2,
    tlv::{self, Reader},
};

use super::{
    CONTEXT,
    configuration::TerminalStore,
    outcome::{x3, x4},
};
use crate::{
    contactless::{kernel::Exit, outcome::L3},
    finding::{Evidence, Fact, Finding, Reason},
    outcome::Outcome,
    point_of_sale::{DataAnswer, DataRequest, PointOfSale},
    session::Session,
};

/// A terminal that always wants something else is not asked more often.
const MAX_QUESTIONS: usize = 16;
/// More objects of one card nobody reads or writes in one tap.
const MAX_OBJECTS: usize = 64;

/// What is open between kernel and terminal.
#[derive(Debug, Default)]
pub(super) struct DataExchange {
    /// Tags to read yet.
    to_read: Vec<Tag>,
    /// Data needed.
    needed: Vec<Tag>,
    /// Data to send.
    to_send: Vec<(Tag, Vec<u8>)>,
    /// Tags to write yet before the cryptogram.
    pub before: Vec<(Tag, Vec<u8>)>,
    /// Tags to write yet after it.
    pub after: Vec<(Tag, Vec<u8>)>,
}

/// When data are written to the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Before the cryptogram: S12.
    BeforeAc,
    /// After it: S15.
    AfterAc,
}

impl DataExchange {
    /// S2: what the configuration wants read and written, and what the card wants to know that the terminal has yet to
    /// say.
    pub async fn begin<C: Card, P: PointOfSale>(
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Result<Self, Exit> {
        let mut exchange = Self::default();
        exchange.take_lists(out);
        exchange.need_members(out, tag::PDOL_9F38);
        if out.terminal.asked_for(k2::TAGS_TO_READ_DF8112) {
            exchange.needed.push(k2::TAGS_TO_READ_DF8112);
        }
        exchange.settle(session, out).await?;
        Ok(exchange)
    }

    /// Members of a list of the card that are there and empty: only the terminal can fill them.
    pub fn need_members(&mut self, out: &Outcome, list: Tag) {
        let dol = Dol::parse(out.card.value(list).unwrap_or(&[]));
        let members = dol.into_iter().flat_map(|dol| dol.entries().map(|entry| entry.tag).collect::<Vec<_>>());
        let open = members.filter(|tag| out.terminal.asked_for(*tag));
        self.needed.extend(open.collect::<Vec<_>>());
        self.needed.truncate(MAX_OBJECTS);
    }

    /// One more object for the terminal.
    pub fn send(&mut self, tag: Tag, value: &[u8]) {
        if self.to_send.len() < MAX_OBJECTS {
            self.to_send.push((tag, value.to_vec()));
        }
    }

    /// Reads what only GET DATA gives (S5).
    pub async fn read_wanted<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Result<(), Exit> {
        while let Some(at) = self.to_read.iter().position(|tag| is_get_data(*tag) && !out.card.has(*tag)) {
            let wanted = self.to_read.swap_remove(at);
            let command = Command::get_data(u16::try_from(wanted.number()).unwrap_or_default());
            let reply = session.exchange(&command).await.map_err(|none| Exit::of(none, x4))?;
            let value = reply.object(wanted).unwrap_or(&[]).to_vec();
            out.card.put(wanted, &value, reply.place());
            self.send(wanted, &value);
        }
        Ok(())
    }

    /// S456: everything is read; what the terminal wants of it is sent, what is not there as empty.
    pub async fn finish_reading<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Result<(), Exit> {
        for list in [tag::CDOL1_8C, k2::DSDOL_9F5B] {
            self.need_members(out, list);
        }
        for _ in 0..MAX_QUESTIONS {
            self.send_what_was_read(out);
            self.settle(session, out).await?;
            self.read_wanted(session, out).await?;
            if self.to_read.is_empty() && self.to_send.is_empty() {
                break;
            }
        }
        Ok(())
    }

    fn send_what_was_read(&mut self, out: &Outcome) {
        let (get_data, here) = core::mem::take(&mut self.to_read)
            .into_iter()
            .partition(|tag: &Tag| is_get_data(*tag) && !out.card.has(*tag));
        self.to_read = get_data;
        for tag in here {
            let value = out.card.value(tag).or_else(|| out.terminal.value(tag));
            self.send(tag, value.unwrap_or(&[]));
        }
    }

    /// S6: waits until the terminal lets the first write go on (`DF8110`).
    pub async fn wait_for_go<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Result<(), Exit> {
        let flag = k2::PROCEED_TO_FIRST_WRITE_DF8110;
        for _ in 0..MAX_QUESTIONS {
            match out.terminal.value(flag) {
                Some([]) => self.needed.push(flag),
                Some([0, ..]) => self.ask(session, out, &[flag]).await?,
                _ => return Ok(()),
            }
            self.settle(session, out).await?;
        }
        Err(timed_out(session, &[flag]))
    }

    /// Asks until nothing is needed any more.
    async fn settle<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Result<(), Exit> {
        for _ in 0..MAX_QUESTIONS {
            if self.needed.is_empty() && self.to_send.is_empty() {
                return Ok(());
            }
            let needed = core::mem::take(&mut self.needed);
            self.ask(session, out, &needed).await?;
            self.needed = needed.into_iter().filter(|tag| out.terminal.asked_for(*tag)).collect();
        }
        Err(timed_out(session, &self.needed))
    }

    /// DEK, and what DET brings.
    async fn ask<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
        needed: &[Tag],
    ) -> Result<(), Exit> {
        let time_out = Duration::from_millis(out.terminal.number(k2::TIME_OUT_DF8127));
        let to_send = core::mem::take(&mut self.to_send);
        let request = DataRequest { needed: needed.to_vec(), to_send, time_out };
        match session.point_of_sale.exchange_data(&request).await {
            DataAnswer::Data(data) => {
                self.take(out, data);
                Ok(())
            }
            DataAnswer::TimedOut if needed.is_empty() => Ok(()),
            DataAnswer::TimedOut => Err(timed_out(session, needed)),
            DataAnswer::Stop => {
                session.report(Finding::new(Reason::KDataExchangeStop).fatal());
                Err(x3(L3::Stop).into())
            }
        }
    }

    /// DET: what is the terminal's own replaces what was there; lists are added to those that are open.
    fn take(&mut self, out: &mut Outcome, data: Vec<(Tag, Vec<u8>)>) {
        for (tag, value) in data.into_iter().take(MAX_OBJECTS) {
            let is_terminal_data = lookup(tag, CONTEXT).is_some_and(|entry| entry.source == Source::Terminal);
            if is_terminal_data || is_list(tag) {
                out.terminal.set(tag, &value);
            }
        }
        self.take_lists(out);
    }

    /// Moves the lists out of the terminal's data, so that each is followed once.
    fn take_lists(&mut self, out: &mut Outcome) {
        if let Some(list) = taken(out, k2::TAGS_TO_READ_DF8112) {
            self.to_read.extend(tags(&list));
            self.to_read.truncate(MAX_OBJECTS);
        }
        for (list, open) in
            [(k2::TAGS_TO_WRITE_BEFORE_FF8102, &mut self.before), (k2::TAGS_TO_WRITE_AFTER_FF8103, &mut self.after)]
        {
            if let Some(objects) = taken(out, list) {
                let objects = Reader::strict(&objects).map_while(Result::ok);
                open.extend(objects.map(|object| (object.tag, object.value.to_vec())));
                open.truncate(MAX_OBJECTS);
            }
        }
    }

    /// PUT DATA, before the cryptogram (S12) or after it (S15). A refusal ends the writing and nothing else; an error of
    /// transmission before the cryptogram ends the tap.
    pub async fn write<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
        when: When,
    ) -> Result<(), Exit> {
        let (list, status) = match when {
            When::BeforeAc => (&mut self.before, k2::PRE_AC_PUT_DATA_STATUS_DF810F),
            When::AfterAc => (&mut self.after, k2::POST_AC_PUT_DATA_STATUS_DF810E),
        };
        let list = core::mem::take(list);
        if list.is_empty() {
            return Ok(());
        }
        out.terminal.set(status, &[0x00]);
        for (tag, value) in &list {
            let command = Command::put_data(u16::try_from(tag.number()).unwrap_or_default(), value);
            match session.exchange_built(command, Reason::DataFormat).await {
                Ok(reply) if reply.status().is_ok() => {}
                Ok(_) => return Ok(()),
                Err(crate::session::NoReply::L1(_)) if when == When::AfterAc => return Ok(()),
                Err(none) => return Err(Exit::of(none, x4)),
            }
        }
        out.terminal.set(status, &[0x80]);
        Ok(())
    }
}

/// The value of a list that is there and not empty, which is gone then.
fn taken(out: &mut Outcome, list: Tag) -> Option<Vec<u8>> {
    let value = out.terminal.given(list)?.to_vec();
    out.terminal.set(list, DONE);
    Some(value)
}

/// A list of nothing: neither asked for nor open.
const DONE: &[u8] = &[0x00];

fn is_list(tag: Tag) -> bool {
    matches!(tag, k2::TAGS_TO_READ_DF8112 | k2::TAGS_TO_WRITE_BEFORE_FF8102 | k2::TAGS_TO_WRITE_AFTER_FF8103)
}

/// The tags of a list, one after the other.
fn tags(list: &[u8]) -> Vec<Tag> {
    let mut rest = list;
    let mut tags = Vec::new();
    while let Some((tag, after)) = tlv::split_tag(rest) {
        if tag.number() != 0 {
            tags.push(tag);
        }
        rest = after;
    }
    tags
}

/// What a card keeps outside its records and gives to GET DATA.
fn is_get_data(tag: Tag) -> bool {
    matches!(tag.number(), 0x9F50 | 0x9F70..=0x9F79)
}

fn timed_out<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, needed: &[Tag]) -> Exit {
    let evidence = Evidence::missing(Fact::DataObject, needed.to_vec());
    session.report(Finding::new(Reason::KDataExchangeTimeout).with(evidence).fatal());
    x3(L3::TimeOut).into()
}
