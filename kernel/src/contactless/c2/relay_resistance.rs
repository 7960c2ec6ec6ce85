//! Relay resistance: state SR1 (`EMV Contactless Book C-2, 3.10 and 6.5`). The card says how long it takes; the reader
//! measures.

use alloc::vec::Vec;

use apdu::{
    Bit, Card, Command, tag,
    tag::k2,
    value::{Tvr, aip, tvr},
};

use super::{
    configuration::{TerminalStore, kernel_configuration::RELAY_RESISTANCE},
    initiate::Options,
    objects,
    outcome::{Failure, x2, x4},
    restrain,
};
use crate::{
    contactless::{kernel::Exit, outcome::L2},
    finding::{Evidence, Fact, Finding, Place, Reason},
    outcome::Outcome,
    point_of_sale::{PointOfSale, RandomPurpose},
    session::{Reply, Session},
    store::TerminalData,
};

/// How often it is tried again.
const RETRIES: u8 = 2;

/// What was exchanged last: the card signs the same.
pub(super) const EXCHANGED: [apdu::Tag; 5] = [
    k2::TERMINAL_ENTROPY_DF8301,
    k2::DEVICE_ENTROPY_DF8302,
    k2::MINIMUM_PROCESSING_TIME_DF8303,
    k2::MAXIMUM_PROCESSING_TIME_DF8304,
    k2::DEVICE_TRANSMISSION_TIME_DF8305,
];

/// Measures how far away the card is, where both sides can. Gives the TVR bits it sets.
pub(super) async fn perform<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    options: &Options,
) -> Result<Tvr, Exit> {
    let configured = out.terminal.configured(RELAY_RESISTANCE) || restrain::wants_distance(session, options);
    if !options.aip.has(aip::RELAY_RESISTANCE) || !configured {
        return Ok(Tvr::ZERO.with(tvr::RELAY_RESISTANCE_NOT_PERFORMED));
    }
    for tries in 0..=RETRIES {
        out.terminal.set(k2::RRP_COUNTER_DF8307, &[tries]);
        let times = exchange(session, out).await?;
        if times.is_too_fast() {
            return Err(times.too_fast().leave(session, x2()));
        }
        if !times.is_too_slow() || tries == RETRIES {
            return Ok(times.judge(session));
        }
        new_number(session, &mut out.terminal);
    }
    Ok(Tvr::ZERO)
}

/// Every try has an unpredictable number of its own; that of the last one stays.
fn new_number<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, terminal: &mut TerminalData) {
    let mut number = [0; 4];
    session.point_of_sale.random(RandomPurpose::UnpredictableNumber, &mut number);
    terminal.set(tag::UNPREDICTABLE_NUMBER_9F37, &number);
}

async fn exchange<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &mut Outcome) -> Result<Times, Exit> {
    let entropy: [u8; 4] = out.terminal.array(tag::UNPREDICTABLE_NUMBER_9F37).unwrap_or_default();
    out.terminal.set(k2::TERMINAL_ENTROPY_DF8301, &entropy);
    let command = Command::exchange_relay_resistance_data(entropy);
    let reply = session.exchange_built(command, Reason::KRrpMismatch).await;
    let reply = reply.map_err(|none| Exit::of(none, x4))?;
    if !reply.status().is_ok() {
        return Err(Failure::status(Reason::KRrpMismatch, &reply).leave(session, x2()));
    }
    let answer = answer(&reply).map_err(|failure| failure.leave(session, x2()))?;
    let times = Times::new(&reply, &answer, &out.terminal);
    EXCHANGED.iter().skip(1).zip(answer.fields()).for_each(|(tag, field)| out.terminal.set(*tag, field));
    let measured = u16::try_from(times.measured).unwrap_or(u16::MAX);
    out.terminal.set(k2::MEASURED_PROCESSING_TIME_DF8306, &measured.to_be_bytes());
    Ok(times)
}

/// What the card answered.
struct Answer {
    bytes: [u8; 10],
}

fn answer(reply: &Reply) -> Result<Answer, Failure> {
    let wrong = |evidence: Evidence| {
        let finding = Finding::new(Reason::KRrpMismatch).with(evidence.at(reply.place()));
        Failure::new(finding, L2::ParsingError)
    };
    let object = objects::whole(reply.data(), &[tag::RESPONSE_FORMAT_1_80], reply.place());
    let object = object.map_err(|_| wrong(Evidence::missing(Fact::Template, tag::RESPONSE_FORMAT_1_80)))?;
    match object.value.try_into() {
        Ok(bytes) => Ok(Answer { bytes }),
        Err(_) => Err(wrong(Evidence::compared(Fact::Length, 10_u8, object.value.len()))),
    }
}

impl Answer {
    /// Entropy, minimum, maximum, transmission time.
    fn fields(&self) -> [&[u8]; 4] {
        let [entropy @ .., _, _, _, _, _, _] = &self.bytes;
        let [_, _, _, _, minimum @ .., _, _, _, _] = &self.bytes;
        let [_, _, _, _, _, _, maximum @ .., _, _] = &self.bytes;
        let [_, _, _, _, _, _, _, _, transmission @ ..] = &self.bytes;
        [entropy, minimum, maximum, transmission]
    }

    fn times(&self) -> [u64; 3] {
        let [_, minimum, maximum, transmission] = self.fields();
        [minimum, maximum, transmission]
            .map(|field| field.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }
}

/// One try in units of 100 microseconds.
struct Times {
    measured: u64,
    /// What the card says.
    minimum: u64,
    maximum: u64,
    transmission: u64,
    /// What the reader expects and allows.
    expected_transmission: u64,
    minimum_grace: u64,
    maximum_grace: u64,
    accuracy: u64,
    mismatch: u64,
    place: Place,
}

impl Times {
    fn new(reply: &Reply, answer: &Answer, terminal: &TerminalData) -> Self {
        let [minimum, maximum, transmission] = answer.times();
        let expected_transmission = terminal.number(k2::EXPECTED_RESPONSE_TIME_DF8135);
        let elapsed = u64::try_from(reply.elapsed.as_micros() / 100).unwrap_or(u64::MAX);
        let measured = elapsed
            .saturating_sub(terminal.number(k2::EXPECTED_COMMAND_TIME_DF8134))
            .saturating_sub(transmission.min(expected_transmission));
        Self {
            measured,
            minimum,
            maximum,
            transmission,
            expected_transmission,
            minimum_grace: terminal.number(k2::MINIMUM_RELAY_RESISTANCE_GRACE_DF8132),
            maximum_grace: terminal.number(k2::MAXIMUM_RELAY_RESISTANCE_GRACE_DF8133),
            accuracy: terminal.number(k2::RELAY_RESISTANCE_ACCURACY_DF8136),
            mismatch: u64::from(terminal.byte(k2::RELAY_RESISTANCE_MISMATCH_DF8137)),
            place: reply.place(),
        }
    }

    fn is_too_fast(&self) -> bool {
        self.measured < self.minimum.saturating_sub(self.minimum_grace)
    }

    fn limit(&self) -> u64 {
        self.maximum.saturating_add(self.maximum_grace)
    }

    fn is_too_slow(&self) -> bool {
        self.measured > self.limit()
    }

    /// The times of card and reader do not fit each other.
    fn is_over_threshold(&self) -> bool {
        let (card, reader) = (self.transmission, self.expected_transmission);
        let ratio = |of: u64, to: u64| of.saturating_mul(100).checked_div(to);
        let differ = |ratio: Option<u64>| ratio.is_some_and(|ratio| ratio < self.mismatch);
        let comparable = card != 0 && reader != 0;
        let far = self.measured.saturating_sub(self.minimum) > self.accuracy;
        comparable && (differ(ratio(card, reader)) || differ(ratio(reader, card)) || far)
    }

    fn too_fast(&self) -> Failure {
        let least = self.minimum.saturating_sub(self.minimum_grace);
        let evidence = self.compared(least).in_tag(k2::MINIMUM_PROCESSING_TIME_DF8303);
        Failure::new(Finding::new(Reason::KRrpTooFast).with(evidence), L2::CardDataError)
    }

    fn compared(&self, limit: u64) -> Evidence {
        Evidence::compared(Fact::Limit, limit, self.measured).at(self.place)
    }

    /// The bits of the last try, and the findings behind them.
    fn judge<C: Card, P: PointOfSale>(&self, session: &mut Session<'_, C, P>) -> Tvr {
        let mut bits: Vec<Bit> = [tvr::RELAY_RESISTANCE_PERFORMED].into();
        if self.is_too_slow() {
            let evidence = self.compared(self.limit()).in_tag(k2::MAXIMUM_PROCESSING_TIME_DF8304);
            let finding = Finding::new(Reason::KRrpTooSlow).sets(tvr::RELAY_RESISTANCE_TIME_LIMITS_EXCEEDED);
            session.report(finding.with(evidence));
            bits.push(tvr::RELAY_RESISTANCE_TIME_LIMITS_EXCEEDED);
        }
        if self.is_over_threshold() {
            let times = Evidence::compared(Fact::Limit, self.expected_transmission, self.transmission);
            let finding = Finding::new(Reason::KRrpThreshold).sets(tvr::RELAY_RESISTANCE_THRESHOLD_EXCEEDED);
            let finding = finding.with(times.at(self.place).in_tag(k2::DEVICE_TRANSMISSION_TIME_DF8305));
            session.report(finding.with(self.compared(self.minimum.saturating_add(self.accuracy))));
            bits.push(tvr::RELAY_RESISTANCE_THRESHOLD_EXCEEDED);
        }
        bits.into_iter().fold(Tvr::ZERO, Tvr::with)
    }
}
