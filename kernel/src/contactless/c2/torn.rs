//! Torn transactions (`EMV Contactless Book C-2, 3.7`): the card left while it made its cryptogram. When it comes back it is
//! asked for that cryptogram again: states S10 and S11.

use alloc::vec::Vec;

use apdu::{
    Card, Command, Dol, Tag, tag,
    tag::k2,
    tlv,
    value::{
        CryptogramType, CvmMethod, CvmResults,
        date::{Date, Time},
    },
};

use super::{
    CONTEXT, Learned,
    configuration::TerminalStore,
    data_storage::check_same_summary,
    generate_ac::{self, Answer, Asked},
    outcome::{Verified, x4, x5},
};
use crate::{
    contact::generate_ac::Request,
    contactless::{
        kernel::{Exit, Started},
        outcome::{Cvm, L1, TapOutcome},
    },
    finding::{Evidence, Fact, Finding, Phase, Reason},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::{NoReply, Reply, Session},
    store::{CardData, TerminalData},
    terminal::data::dol_values_in,
};

/// What is kept of a torn transaction. The values hide and wipe themselves.
#[derive(Clone, Debug)]
pub struct Record {
    objects: TerminalData,
    date: Date,
    time: Time,
}

/// Its members.
const MEMBERS: [Tag; 30] = [
    tag::AMOUNT_AUTHORISED_9F02,
    tag::AMOUNT_OTHER_9F03,
    tag::PAN_5A,
    tag::PAN_SEQUENCE_NUMBER_5F34,
    k2::BALANCE_BEFORE_AC_DF8104,
    k2::CDOL1_RELATED_DATA_DF8107,
    tag::CVM_RESULTS_9F34,
    k2::DRDOL_RELATED_DATA_DF8113,
    k2::DS_SUMMARY_1_9F7D,
    k2::IDS_STATUS_DF8128,
    tag::IFD_SERIAL_NUMBER_9F1E,
    k2::PDOL_RELATED_DATA_DF8111,
    k2::REFERENCE_CONTROL_DF8114,
    tag::TERMINAL_CAPABILITIES_9F33,
    tag::TERMINAL_COUNTRY_CODE_9F1A,
    tag::TERMINAL_TYPE_9F35,
    tag::TVR_95,
    k2::TRANSACTION_CATEGORY_CODE_9F53,
    tag::TRANSACTION_CURRENCY_CODE_5F2A,
    tag::TRANSACTION_DATE_9A,
    tag::TRANSACTION_TIME_9F21,
    tag::TRANSACTION_TYPE_9C,
    tag::UNPREDICTABLE_NUMBER_9F37,
    k2::TERMINAL_ENTROPY_DF8301,
    k2::DEVICE_ENTROPY_DF8302,
    k2::MINIMUM_PROCESSING_TIME_DF8303,
    k2::MAXIMUM_PROCESSING_TIME_DF8304,
    k2::DEVICE_TRANSMISSION_TIME_DF8305,
    k2::MEASURED_PROCESSING_TIME_DF8306,
    k2::RRP_COUNTER_DF8307,
];

/// IDS status: data are being written.
const WRITES: u8 = 0x40;

impl Record {
    fn of(out: &Outcome, date: Date, time: Time) -> Self {
        let mut objects = TerminalData::default();
        for tag in MEMBERS {
            if let Some(value) = out.terminal.value(tag).or_else(|| out.card.value(tag)) {
                objects.set(tag, value);
            }
        }
        Self { objects, date, time }
    }

    fn is_of(&self, card: &CardData) -> bool {
        [tag::PAN_5A, tag::PAN_SEQUENCE_NUMBER_5F34].into_iter().all(|tag| self.objects.value(tag) == card.value(tag))
    }

    fn writes(&self) -> bool {
        self.objects.byte(k2::IDS_STATUS_DF8128) & WRITES != 0
    }

    /// When it was torn, in seconds of the terminal's clock.
    fn seconds(&self) -> i64 {
        seconds(self.date, self.time)
    }

    /// The members as data objects, one after the other: the value of `FF8101`.
    pub fn value(&self) -> Vec<u8> {
        let mut value = Vec::new();
        self.objects.iter().for_each(|(tag, object)| tlv::write(&mut value, tag, object));
        value
    }
}

/// The torn transactions a reader remembers, the oldest first.
#[derive(Clone, Debug, Default)]
pub struct Log {
    records: Vec<Record>,
}

impl Log {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// CLEAN: takes out what is older than `lifetime` seconds (`DF811C`) at this date and time.
    pub fn clean(&mut self, date: Date, time: Time, lifetime: u16) -> Vec<Record> {
        let oldest = seconds(date, time).saturating_sub(i64::from(lifetime));
        let (old, young) = core::mem::take(&mut self.records).into_iter().partition(|record| record.seconds() < oldest);
        self.records = young;
        old
    }

    /// Keeps one more; of more than `limit` the oldest has to go.
    fn keep(&mut self, record: Record, limit: u8) -> Option<Record> {
        let full = self.records.len() >= usize::from(limit);
        let removed = (full && !self.records.is_empty()).then(|| self.records.remove(0));
        self.records.push(record);
        removed
    }

    fn find(&self, card: &CardData) -> Option<usize> {
        self.records.iter().position(|record| record.is_of(card))
    }
}

/// Seconds since a day long ago (the days of the civil calendar, counted from March).
fn seconds(date: Date, time: Time) -> i64 {
    let (year, month, day) = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    let (year, month) =
        if month <= 2 { (year.saturating_sub(1), month.saturating_add(9)) } else { (year, month.saturating_sub(3)) };
    let of_years =
        year.saturating_mul(365).saturating_add(year / 4).saturating_sub(year / 100).saturating_add(year / 400);
    let of_months = month.saturating_mul(153).saturating_add(2) / 5;
    let days = of_years.saturating_add(of_months).saturating_add(day);
    let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(i64::from);
    let in_day = hour.saturating_mul(3600).saturating_add(minute.saturating_mul(60)).saturating_add(second);
    days.saturating_mul(86_400).saturating_add(in_day)
}

/// Whether torn transactions are recovered: the reader keeps some, and the card can.
fn supported(out: &Outcome) -> bool {
    let list = out.card.value(k2::DRDOL_9F51).is_some_and(|list| !list.is_empty());
    out.terminal.byte(k2::TORN_RECORDS_DF811D) != 0 && list
}

/// The card left during GENERATE AC (S9 and S11).
pub(super) fn left<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    started: &mut Started<'_>,
    asked: Asked,
    replaced: Option<Record>,
    error: L1,
) -> Exit {
    tell_replaced(out, replaced);
    if !supported(out) && asked.writes {
        // Nobody will know what of it was written.
        session.report(Finding::new(Reason::KTorn).fatal());
        return TapOutcome { error: x4(error).error, ..x5(out, true) }.into();
    }
    if !supported(out) {
        return x4(error).into();
    }
    let drdol = out.card.value(k2::DRDOL_9F51).and_then(|list| Dol::parse(list).ok());
    let values = drdol.map(|dol| dol_values_in(CONTEXT, &dol, &out.terminal, Some(&out.card))).unwrap_or_default();
    out.terminal.set(k2::DRDOL_RELATED_DATA_DF8113, &values);
    let record = Record::of(out, session.transaction.date, session.transaction.time);
    let limit = out.terminal.byte(k2::TORN_RECORDS_DF811D);
    if let Some(oldest) = started.memory.torn.keep(record, limit) {
        out.terminal.set(k2::TORN_RECORD_FF8101, &oldest.value());
    }
    let kept = Evidence::found(Fact::Limit, started.memory.torn.len()).in_tag(k2::TORN_RECORD_FF8101);
    session.report(Finding::new(Reason::KTorn).with(kept));
    x4(error).into()
}

/// A record that is gone for good has to be told when data were being written to the card.
pub(super) fn tell_replaced(out: &mut Outcome, replaced: Option<Record>) {
    if let Some(record) = replaced.filter(Record::writes) {
        out.terminal.set(k2::TORN_RECORD_FF8101, &record.value());
    }
}

/// The cryptogram of this tap: the one a torn transaction of this card is owed, or a new one.
pub(super) async fn recover_or_generate<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    started: &mut Started<'_>,
    learned: &mut Learned,
) -> Result<TapOutcome, Exit> {
    let torn = started.memory.torn.find(&out.card).filter(|_| supported(out));
    match torn {
        Some(at) => recover(session, out, started, learned, at).await,
        None => generate_ac::generate(session, out, started, learned, None).await,
    }
}

/// S10: RECOVER AC.
async fn recover<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    started: &mut Started<'_>,
    learned: &mut Learned,
    at: usize,
) -> Result<TapOutcome, Exit> {
    session.enter(Phase::TornRecovery);
    let Some(record) = started.memory.torn.records.get(at) else {
        return generate_ac::generate(session, out, started, learned, None).await;
    };
    let values = record.objects.value(k2::DRDOL_RELATED_DATA_DF8113).unwrap_or(&[]);
    let reply = match session.exchange_built(Command::recover_ac(values), Reason::GenacCdolLength).await {
        Ok(reply) => reply,
        Err(NoReply::L1(error)) => return Err(x4(error).into()),
        Err(NoReply::Stop(stop)) => return Err(stop.into()),
    };
    let record = started.memory.torn.records.remove(at);
    if !reply.status().is_ok() {
        return generate_ac::generate(session, out, started, learned, Some(record)).await;
    }
    recovered(session, out, learned, &record, &reply).await
}

/// The cryptogram of the torn transaction, judged by what was asked for then.
async fn recovered<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    learned: &mut Learned,
    record: &Record,
    reply: &Reply,
) -> Result<TapOutcome, Exit> {
    let summary = record.objects.value(k2::DS_SUMMARY_1_9F7D);
    let asked = restore(out, learned, record);
    let answer = check_same_summary(out, summary).and_then(|()| Answer::format_2(reply, out));
    let answer = answer.map_err(|failure| failure.leave(session, x5(out, asked.writes)))?;
    generate_ac::conclude(session, out, learned, asked, answer).await
}

/// Puts the torn transaction back.
fn restore(out: &mut Outcome, learned: &mut Learned, record: &Record) -> Asked {
    record.objects.iter().filter(|(tag, _)| !out.card.has(*tag)).for_each(|(tag, value)| out.terminal.set(tag, value));
    out.tvr = out.terminal.bits(tag::TVR_95);
    let results = CvmResults(out.terminal.array(tag::CVM_RESULTS_9F34).unwrap_or_default());
    out.cvm_results = Some(results);
    let cvm = match (results.method(), results.0) {
        (_, [0x01, 0x00, 0x02]) => Cvm::ConfirmationCodeVerified,
        (Some(CvmMethod::OnlinePin), _) => Cvm::OnlinePin,
        (Some(CvmMethod::Signature), _) => Cvm::ObtainSignature,
        _ => Cvm::NoCvm,
    };
    learned.verified = Verified { cvm, receipt: cvm == Cvm::ObtainSignature || super::over_cvm_limit(out) };
    let control = out.terminal.byte(k2::REFERENCE_CONTROL_DF8114);
    let request = Request { cryptogram: CryptogramType::from_bits(control), signature: control & 0x10 != 0 };
    learned.cryptogram = request.cryptogram;
    Asked { request, writes: record.writes() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(day: u8, hour: u8) -> Record {
        let (date, time) = (Date::new(2026, 3, day).unwrap(), Time::new(hour, 0, 0).unwrap());
        Record::of(&Outcome::default(), date, time)
    }

    #[test]
    fn a_full_log_loses_its_oldest_record() {
        let mut log = Log::default();
        assert!(log.keep(record(1, 1), 2).is_none());
        assert!(log.keep(record(1, 2), 2).is_none());
        let removed = log.keep(record(1, 3), 2).unwrap();
        assert_eq!((removed.time.hour(), log.len()), (1, 2));
    }

    #[test]
    fn cleaning_takes_what_is_too_old_even_over_the_end_of_a_month() {
        let mut log = Log::default();
        log.keep(Record::of(&Outcome::default(), Date::new(2026, 2, 28).unwrap(), Time::new(23, 59, 0).unwrap()), 9);
        log.keep(record(1, 0), 9);
        let (date, time) = (Date::new(2026, 3, 1).unwrap(), Time::new(0, 4, 0).unwrap());
        assert_eq!(log.clean(date, time, 300).len(), 0, "five minutes exactly are not too old");
        assert_eq!(log.clean(date, time, 299).len(), 1);
        assert_eq!(log.len(), 1);
    }
}
