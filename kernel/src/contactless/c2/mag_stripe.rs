//! Mag-stripe mode: states S7, S13 and S14 (`EMV Contactless Book C-2, 6.9, 6.12, 6.13`). The card gives track data and a
//! checksum over a number of the reader; the checksum, the number and the counter are written into the tracks.

mod tracks;

use apdu::{Bit, Bits, Card, Command, Dol, tag, tag::k2, value::bcd};

use super::{
    CONTEXT, checks,
    configuration::TerminalStore,
    data_exchange::DataExchange,
    initiate::Options,
    mode::Mode,
    objects,
    outcome::{self, Failure, data_record, message, second_tap, show, wants_second_tap, x2, x4},
    read,
};
use crate::{
    contactless::{
        kernel::{Exit, Started},
        outcome::{Cvm, L2, MessageId, OutcomeKind, Status, TapOutcome},
    },
    finding::{Evidence, Fact, Finding, Phase, Reason, Severity},
    outcome::Outcome,
    point_of_sale::{PointOfSale, RandomPurpose},
    session::{NoReply, Reply, Session},
    terminal::data::dol_values_in,
};
use tracks::{Layout, Track};

/// POS cardholder interaction information (`DF4B`): the device has verified the cardholder.
const CVM_DONE: Bit = Bit::new(2, 5);
/// Mobile support indicator (`9F7E`): supported, and the cardholder is to be verified.
const CVM_REQUIRED: u8 = 0x03;
/// The wait after a failure doubles up to this many times.
const MAX_FAILURES: u8 = 5;

/// Runs the mode.
pub(super) async fn run<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    started: &mut Started<'_>,
    exchange: &mut DataExchange,
    options: &Options,
) -> Result<TapOutcome, Exit> {
    read::read(session, out, Mode::MagStripe, exchange).await?;
    session.enter(Phase::MagStripe);
    let layout = Layout::of(&out.card).map_err(|failure| failure.leave(session, x2()))?;
    layout.copy_discretionary_data(out);
    exchange.finish_reading(session, out).await?;
    exchange.wait_for_go(session, out).await?;
    checks::amount(session, out, options)?;
    draw_number(session, out, layout.number_digits);
    let asks_for_cvm = options.on_device_cvm && super::over_cvm_limit(out);
    if asks_for_cvm {
        out.terminal.set(k2::MOBILE_SUPPORT_INDICATOR_9F7E, &[CVM_REQUIRED]);
    }
    let reply = compute_checksum(session, out).await;
    let checksum = Checksum { asks_for_cvm, layout };
    match checksum.take(session, out, reply) {
        Ok(outcome) => {
            started.memory.checksum_failures = 0;
            Ok(outcome)
        }
        Err(exit) => Err(wait(session, started, exit).await),
    }
}

/// S78: the number of the reader, with as many digits as go into the tracks.
fn draw_number<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &mut Outcome, digits: u32) {
    let mut random = [0; 4];
    session.point_of_sale.random(RandomPurpose::UnpredictableNumber, &mut random);
    let limit = 10_u64.saturating_pow(digits.min(8));
    let number = u64::from(u32::from_be_bytes(random)).checked_rem(limit).unwrap_or_default();
    let number: [u8; 4] = bcd::from_number(number).unwrap_or_default();
    out.terminal.set(k2::UNPREDICTABLE_NUMBER_NUMERIC_9F6A, &number);
}

/// COMPUTE CRYPTOGRAPHIC CHECKSUM.
async fn compute_checksum<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
) -> Result<Reply, NoReply> {
    let own = out.card.value(k2::UDOL_9F69).filter(|list| !list.is_empty());
    let list = own.or_else(|| out.terminal.value(k2::DEFAULT_UDOL_DF811A)).unwrap_or(&[]);
    let values = Dol::parse(list).map(|dol| dol_values_in(CONTEXT, &dol, &out.terminal, Some(&out.card)));
    let command = Command::compute_cryptographic_checksum(&values.unwrap_or_default());
    session.exchange_built(command, Reason::DataFormat).await
}

/// What the answer is judged by.
struct Checksum {
    /// The device was asked to verify the cardholder: S14, else S13.
    asks_for_cvm: bool,
    layout: Layout,
}

impl Checksum {
    fn take<C: Card, P: PointOfSale>(
        &self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
        reply: Result<Reply, NoReply>,
    ) -> Result<TapOutcome, Exit> {
        let reply = reply.map_err(|none| Exit::of(none, x4))?;
        self.keep(out, &reply).map_err(|failure| failure.leave(session, x2()))?;
        if !out.card.has(k2::CVC3_TRACK_2_9F61) {
            return self.without_checksum(session, out);
        }
        show(session, out, outcome::at_once(message(out, MessageId::Clear, Status::CardReadSuccessfully)));
        let filled = self.layout.fill(out, self.number_digit(out));
        filled.and_then(|()| self.cvm(out)).map_or_else(
            |failure| Err(failure.leave(session, x2())),
            |(cvm, receipt)| {
                let mut outcome = TapOutcome::new(OutcomeKind::OnlineRequest);
                (outcome.cvm, outcome.receipt) = (cvm, receipt);
                outcome.data_record = Some(data_record(out, Mode::MagStripe));
                Ok(outcome)
            },
        )
    }

    fn keep(&self, out: &mut Outcome, reply: &Reply) -> Result<(), Failure> {
        if !reply.status().is_ok() {
            return Err(Failure::status(Reason::KMagCvc3Missing, reply));
        }
        let template = objects::whole(reply.data(), &[tag::RESPONSE_FORMAT_2_77], reply.place())?;
        objects::keep(template, reply.place(), &mut out.card, &out.terminal)?;
        objects::require(&out.card, tag::ATC_9F36)?;
        if self.asks_for_cvm {
            objects::require(&out.card, k2::POS_CARDHOLDER_INTERACTION_DF4B)?;
        }
        let told = out.card.has(k2::POS_CARDHOLDER_INTERACTION_DF4B);
        let has = |track: &Track| out.card.has(track.checksum);
        let lacks_second = !has(&tracks::TRACK_2) && !told;
        let lacks_first = has(&tracks::TRACK_2) && self.layout.has_track_1() && !has(&tracks::TRACK_1);
        for (lacks, track) in [(lacks_second, &tracks::TRACK_2), (lacks_first, &tracks::TRACK_1)] {
            if lacks {
                let missing = Evidence::missing(Fact::DataObject, track.checksum).at(reply.place());
                return Err(Failure::new(Finding::new(Reason::KMagCvc3Missing).with(missing), L2::CardDataMissing));
            }
        }
        Ok(())
    }

    /// The device gave no checksum: it wants its holder to do something, or it declines.
    fn without_checksum<C: Card, P: PointOfSale>(
        &self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Result<TapOutcome, Exit> {
        if wants_second_tap(out) {
            return Err(second_tap(session, out, Mode::MagStripe).into());
        }
        let missing = Evidence::missing(Fact::DataObject, k2::CVC3_TRACK_2_9F61);
        session.report(Finding::new(Reason::KMagCvc3Missing).severity(Severity::Decline).with(missing));
        let mut outcome = TapOutcome::new(OutcomeKind::Declined);
        outcome.ui_on_outcome = Some(message(out, MessageId::NotAuthorised, Status::NotReady));
        outcome.data_record = Some(data_record(out, Mode::MagStripe));
        Err(outcome.into())
    }

    /// The last digit of the track: how many digits of number there are, and five more when the device has verified its
    /// holder.
    fn number_digit(&self, out: &Outcome) -> u8 {
        let digits = u8::try_from(self.layout.number_digits).unwrap_or_default();
        if cvm_done(out) { digits.wrapping_add(5) % 10 } else { digits }
    }

    fn cvm(&self, out: &Outcome) -> Result<(Cvm, bool), Failure> {
        let over = super::over_cvm_limit(out);
        if !self.asks_for_cvm {
            let required = k2::MAG_STRIPE_CVM_REQUIRED_DF811E;
            let capability = if over { required } else { k2::MAG_STRIPE_CVM_NOT_REQUIRED_DF812C };
            let cvm = capability_cvm(out.terminal.byte(capability));
            return Ok((cvm, over || cvm == Cvm::ObtainSignature));
        }
        if cvm_done(out) {
            return Ok((Cvm::ConfirmationCodeVerified, over));
        }
        if !over {
            return Ok((Cvm::NoCvm, false));
        }
        let place = out.card.place(k2::POS_CARDHOLDER_INTERACTION_DF4B);
        let evidence = Evidence::found(Fact::DataObject, k2::POS_CARDHOLDER_INTERACTION_DF4B).at(place);
        Err(Failure::new(Finding::new(Reason::CvmFailed).with(evidence), L2::CardDataError))
    }
}

fn cvm_done(out: &Outcome) -> bool {
    let bits: Bits<3> = out.card.array(k2::POS_CARDHOLDER_INTERACTION_DF4B).map(Bits).unwrap_or_default();
    bits.has(CVM_DONE)
}

/// Mag-stripe CVM capability (`DF811E`, `DF812C`).
fn capability_cvm(capability: u8) -> Cvm {
    match capability >> 4 {
        0 => Cvm::NoCvm,
        1 => Cvm::ObtainSignature,
        2 => Cvm::OnlinePin,
        _ => Cvm::NotApplicable,
    }
}

/// After a failure the reader waits before it says so, the longer the more failures came one after the other, so that
/// nobody can have checksums computed in quick succession.
async fn wait<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, started: &mut Started<'_>, exit: Exit) -> Exit {
    let failures = started.memory.checksum_failures;
    started.memory.checksum_failures = failures.saturating_add(1).min(MAX_FAILURES);
    let units = 3_u8.saturating_mul(1_u8.checked_shl(u32::from(failures)).unwrap_or(u8::MAX));
    match session.field_off(units).await {
        Ok(()) => exit,
        Err(stop) => stop.into(),
    }
}
