//! Kernel 2 (Mastercard; `EMV Contactless Book C-2`): its flow chart. Each box is a module, in the order of the chart; the
//! Book's states are named S1 to S17 in them.

mod configuration;
mod objects;
mod mode;
mod data_exchange;
mod data_storage;
mod initiate;
mod relay_resistance;
mod read;
mod authenticate;
mod checks;
mod balance;
mod restrict;
mod verify_cardholder;
mod analyse;
mod generate_ac;
pub mod torn;
mod mag_stripe;
mod outcome;
mod restrain;

use apdu::{Card, dictionary::Context, tag, tag::k2, value::CryptogramType};

use super::{
    KernelId,
    kernel::{Exit, Started},
    outcome::{Cvm, TapOutcome},
    vouch::vouched,
};
use crate::{
    finding::{Finding, Phase, Reason, Severity},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
};

use authenticate::Authentication;
use configuration::TerminalStore;
use data_exchange::{DataExchange, When};
use data_storage::Storage;
use initiate::Options;
use mode::Mode;
use outcome::Verified;

/// Where the meanings of tags are looked up, whatever the AID.
const CONTEXT: Context = KernelId::C2.context();

/// Application capabilities information (`9F5D`).
mod capabilities {
    use apdu::Bit;

    pub const FIELD_OFF_DETECTION: Bit = Bit::new(2, 3);
    pub const BALANCE_READING: Bit = Bit::new(2, 2);
    pub const CDA_OVER_EVERY_CRYPTOGRAM: Bit = Bit::new(2, 1);
}

/// Runs the kernel.
///
/// # Errors
/// [`Exit`] where the transaction cannot go on at all.
pub async fn run<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    started: &mut Started<'_>,
) -> Result<TapOutcome, Exit> {
    let since = session.log().findings.len();
    let left = flow(session, out, started).await;
    session.revise(since, |finding| told_by_card(finding, out));
    match left {
        Ok(outcome) => Ok(outcome::complete(out, outcome)),
        Err(Exit::Outcome(outcome)) => Ok(outcome::complete(out, *outcome)),
        Err(stop) => Err(stop),
    }
}

/// A finding from what the card says of itself, now that its signatures are verified or are not: who vouches for it.
fn told_by_card(finding: Finding, out: &Outcome) -> Finding {
    let of_card = finding.evidence.iter().any(|seen| seen.place.exchange.is_some());
    let decided = match finding.phase {
        Phase::Restrictions | Phase::CardholderVerification => true,
        _ => matches!(finding.reason, Reason::KCidInconsistent | Reason::CardDeclinedFirstGac),
    };
    if of_card && decided { vouched(finding, out) } else { finding }
}

/// What the chart learned on its way to the cryptogram.
struct Learned {
    options: Options,
    exchange: DataExchange,
    storage: Storage,
    authentication: Authentication,
    verified: Verified,
    /// What the action analysis wants.
    cryptogram: CryptogramType,
}

/// The chart, down to the mode.
async fn flow<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    started: &mut Started<'_>,
) -> Result<TapOutcome, Exit> {
    configuration::complete(&mut out.terminal, &started.combination.data);
    initiate::start(session, out, started.selected)?;
    let mut exchange = DataExchange::begin(session, out).await?;
    let storage = data_storage::begin(out, &mut exchange);
    let options = initiate::initiate(session, out).await?;
    if options.mode == Mode::MagStripe {
        restrain::mag_stripe(session, out)?;
        return mag_stripe::run(session, out, started, &mut exchange, &options).await;
    }
    session.enter(Phase::RelayResistance);
    let distance = relay_resistance::perform(session, out, &options).await?;
    out.tvr |= distance;
    let storage = data_storage::take_slot(out, &mut exchange, storage);
    let cda = authenticate::choose(session, out, options.aip, storage.reads);
    let signed = read::read(session, out, Mode::Emv, &mut exchange).await?;
    out.signed_records.clone_from(&signed);
    let authentication = Authentication { cda, signed };
    let verified = Verified { cvm: Cvm::NoCvm, receipt: false };
    let cryptogram = CryptogramType::Aac;
    let learned = Learned { options, exchange, storage, authentication, verified, cryptogram };
    emv_mode(session, out, started, learned).await
}

/// The chart from the last record to the cryptogram: S456.
async fn emv_mode<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    started: &mut Started<'_>,
    mut learned: Learned,
) -> Result<TapOutcome, Exit> {
    session.enter(Phase::DataExchange);
    learned.exchange.finish_reading(session, out).await?;
    learned.exchange.wait_for_go(session, out).await?;
    session.enter(Phase::Authentication);
    checks::amount(session, out, &learned.options)?;
    checks::card_data(session, out, &learned)?;
    checks::take_capability(out);
    balance::before_ac(session, out).await?;
    restrain::card_number(session, out)?;
    session.enter(Phase::Restrictions);
    let restrictions = restrict::restrict(out, session.transaction);
    session.report_all(restrictions.findings);
    out.tvr |= restrictions.tvr;
    session.enter(Phase::CardholderVerification);
    learned.verified = verify(session, out, &learned.options);
    session.enter(Phase::RiskManagement);
    out.tvr |= checks::floor_limit(session, out);
    session.enter(Phase::ActionAnalysis);
    learned.cryptogram = decide(session, out, &learned.authentication);
    learned.exchange.write(session, out, When::BeforeAc).await?;
    torn::recover_or_generate(session, out, started, &mut learned).await
}

fn verify<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &mut Outcome, options: &Options) -> Verified {
    let verification = verify_cardholder::verify_cardholder(session, out, options);
    out.tvr |= verification.tvr;
    out.cvm_results = Some(verification.results);
    out.terminal.set(tag::CVM_RESULTS_9F34, &verification.results.0);
    let verified = verification.verified;
    Verified { receipt: verified.receipt || over_cvm_limit(out), ..verified }
}

fn decide<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    authentication: &Authentication,
) -> CryptogramType {
    let analysis = analyse::analyse(out);
    analysis.deciding_bits().for_each(|hit| session.raise(hit.bit, Severity::Cause));
    session.report_all(analysis.refusal(Reason::TaaDeniedOffline));
    let request = restrain::request(session, out, authentication, analysis.request);
    out.analyses.push(analysis);
    request
}

/// Whether the amount is above the reader CVM required limit.
fn over_cvm_limit(out: &Outcome) -> bool {
    out.terminal.amount(tag::AMOUNT_AUTHORISED_9F02) > out.terminal.amount(k2::CVM_REQUIRED_LIMIT_DF8126)
}
