//! GENERATE AC: what is asked (`EMV Contactless Book C-2, 7.6`) and what becomes of the answer (state S9 and S910).

mod answer;
mod track_2;

use alloc::vec::Vec;

use apdu::{
    Card, Command, Dol, tag,
    tag::k2,
    value::{Cid, CryptogramType, tvr},
};

use super::{
    CONTEXT, Learned, balance,
    capabilities::CDA_OVER_EVERY_CRYPTOGRAM,
    configuration::TerminalStore,
    data_exchange::{DataExchange, When},
    data_storage::{self, Plan},
    mode::Mode,
    objects,
    outcome::{self, Failure, message, second_tap, show, valid, wants_second_tap, x2, x5},
    restrain, torn,
};
use crate::{
    contact::generate_ac::Request,
    contactless::{
        kernel::{Exit, Started},
        outcome::{L2, MessageId, OutcomeKind, Status, TapOutcome},
    },
    finding::{Evidence, Fact, Finding, Phase, Reason, Severity},
    outcome::{Cryptogram, Outcome},
    point_of_sale::PointOfSale,
    session::{NoReply, Reply, Session},
    terminal::data::dol_values_in,
};

pub(super) use answer::Answer;

/// A cryptogram that is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// Reference control parameter.
    pub request: Request,
    /// The card is to store data.
    pub writes: bool,
}

/// GAC.1 to .22: which cryptogram, with or without a signature, with or without data to store.
pub(super) fn prepare(out: &mut Outcome, learned: &Learned, cryptogram: CryptogramType) -> Result<Asked, Failure> {
    let failed = out.tvr.has(tvr::CDA_FAILED);
    if learned.storage.reads && !failed {
        return Ok(match data_storage::plan(out, cryptogram)? {
            Plan::Read => Asked { request: Request { cryptogram, signature: true }, writes: false },
            Plan::Write(cryptogram) => Asked { request: Request { cryptogram, signature: true }, writes: true },
        });
    }
    if learned.authentication.cda && !failed && !learned.storage.reads {
        let signature = cryptogram != CryptogramType::Aac || signs_every_cryptogram(out);
        return Ok(Asked { request: Request { cryptogram, signature }, writes: false });
    }
    // Whoever has verified the cardholder has to prove that it is the card.
    let cryptogram = if learned.options.on_device_cvm { CryptogramType::Aac } else { cryptogram };
    Ok(Asked { request: Request { cryptogram, signature: false }, writes: false })
}

fn signs_every_cryptogram(out: &Outcome) -> bool {
    let capabilities: apdu::Bits<3> =
        out.card.array(k2::APPLICATION_CAPABILITIES_INFORMATION_9F5D).map(apdu::Bits).unwrap_or_default();
    capabilities.has(CDA_OVER_EVERY_CRYPTOGRAM)
}

/// Asks for the cryptogram: S9, or S11 after a recovery that the card refused (`torn` is then what was torn).
pub(super) async fn generate<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    started: &mut Started<'_>,
    learned: &mut Learned,
    torn: Option<torn::Record>,
) -> Result<TapOutcome, Exit> {
    session.enter(Phase::FirstGenerateAc);
    let asked = match prepare(out, learned, learned.cryptogram) {
        Ok(asked) => asked,
        Err(failure) => return Err(failure.leave(session, x2())),
    };
    if asked.request.cryptogram == CryptogramType::Aac && learned.cryptogram != CryptogramType::Aac {
        // It is not asked for what the action analysis wants because nothing proves that it is the card.
        let bits = [tvr::CDA_FAILED, tvr::ICC_DATA_MISSING, tvr::ODA_NOT_PERFORMED];
        bits.into_iter().for_each(|bit| session.raise(bit, Severity::Cause));
    }
    let values = values(out, asked).map_err(|failure| failure.leave(session, x2()))?;
    out.terminal.set(k2::CDOL1_RELATED_DATA_DF8107, &values);
    out.terminal.set(k2::REFERENCE_CONTROL_DF8114, &[asked.request.reference_control()]);
    let command = Command::generate_ac(asked.request.reference_control(), &values);
    let reply = match session.exchange_built(command, Reason::GenacCdolLength).await {
        Ok(reply) => reply,
        Err(NoReply::L1(error)) => return Err(torn::left(session, out, started, asked, torn, error)),
        Err(NoReply::Stop(stop)) => return Err(stop.into()),
    };
    let asked = really_asked(out, asked, &values, &reply);
    let answered = accept(session, out, learned, asked, &reply).await;
    if answered.is_err() {
        torn::tell_replaced(out, torn);
    }
    answered
}

/// What really went out, which a recording of another reader decides: the card signs that.
fn really_asked(out: &mut Outcome, asked: Asked, values: &[u8], reply: &Reply) -> Asked {
    let sent = reply.sent(values);
    out.terminal.set(k2::CDOL1_RELATED_DATA_DF8107, sent);
    let dol = out.card.value(tag::CDOL1_8C).and_then(|list| Dol::parse(list).ok());
    let number = dol.and_then(|dol| sent.get(dol.range_of(tag::UNPREDICTABLE_NUMBER_9F37)?));
    if let Some(number) = number {
        out.terminal.set(tag::UNPREDICTABLE_NUMBER_9F37, number);
    }
    let request = Request::from_reference_control(reply.sent_p1(asked.request.reference_control()));
    Asked { request, ..asked }
}

/// The values of CDOL1, and of the DSDOL when data are to be stored.
fn values(out: &mut Outcome, asked: Asked) -> Result<Vec<u8>, Failure> {
    out.terminal.set(tag::TVR_95, &out.tvr.0);
    let list = objects::require(&out.card, tag::CDOL1_8C)?;
    let dol = Dol::parse(list).map_err(|error| {
        let evidence = Evidence::found(Fact::DataObjectList, list).at(out.card.place(tag::CDOL1_8C));
        objects::parsing(evidence.offset(error.offset))
    })?;
    let mut values = dol_values_in(CONTEXT, &dol, &out.terminal, Some(&out.card));
    if asked.writes {
        values.extend(data_storage::values(out)?);
    }
    Ok(values)
}

async fn accept<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    learned: &mut Learned,
    asked: Asked,
    reply: &Reply,
) -> Result<TapOutcome, Exit> {
    let answer = Answer::take(reply, out);
    let answer = answer.map_err(|failure| failure.leave(session, x5(out, asked.writes)))?;
    conclude(session, out, learned, asked, answer).await
}

/// From the cryptogram to the outcome (S910): what the card says is checked when it may leave.
pub(super) async fn conclude<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    learned: &mut Learned,
    asked: Asked,
    answer: Answer,
) -> Result<TapOutcome, Exit> {
    let cid = answer.check(out, asked.request).map_err(|failure| failure.leave(session, x5(out, asked.writes)))?;
    balance::after_ac(session, out).await?;
    if learned.exchange.after.is_empty() {
        card_may_leave(session, out);
    }
    let checked = check(session, out, learned, asked, &answer, cid);
    checked.map_err(|failure| failure.leave(session, x5(out, asked.writes)))?;
    keep(out, asked.request, cid);
    write_after(session, out, &mut learned.exchange).await?;
    if wants_second_tap(out) {
        return Ok(second_tap(session, out, Mode::Emv));
    }
    let decision = cid.cryptogram_type();
    let outcome = valid(out, decision, learned.verified);
    if decision == CryptogramType::Aac && asked.request.cryptogram != CryptogramType::Aac {
        // Only where this is the end of it.
        let declined = outcome.outcome == OutcomeKind::Declined;
        session.report_all(declined_by_card(out, if declined { Severity::Decline } else { Severity::Fatal }));
    }
    Ok(outcome)
}

/// Nothing more is wanted of the card.
fn card_may_leave<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome) {
    let request = message(out, MessageId::Clear, Status::CardReadSuccessfully);
    show(session, out, outcome::at_once(request));
}

async fn write_after<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    exchange: &mut DataExchange,
) -> Result<(), Exit> {
    if exchange.after.is_empty() {
        return Ok(());
    }
    exchange.write(session, out, When::AfterAc).await?;
    card_may_leave(session, out);
    Ok(())
}

/// With a signature (S910.1 and following) or without one (S910.30 and following).
fn check<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    learned: &Learned,
    asked: Asked,
    answer: &Answer,
    cid: Cid,
) -> Result<(), Failure> {
    if out.card.has(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B) {
        answer.check_signature(session, out, learned, asked)?;
        return restrain::keys(session, out);
    }
    objects::require(&out.card, tag::APPLICATION_CRYPTOGRAM_9F26).map(drop)?;
    let aac = cid.cryptogram_type() == CryptogramType::Aac;
    let asked_aac_signed = asked.request.signature && asked.request.cryptogram == CryptogramType::Aac;
    if (aac && (learned.storage.reads || asked_aac_signed)) || (!aac && asked.request.signature) {
        let place = answer.place.tag(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
        let missing = Evidence::missing(Fact::DataObject, tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B).at(place);
        return Err(Failure::new(Finding::new(Reason::OdaCdaNoSdad).with(missing), L2::CardDataError));
    }
    if !aac && out.tvr.has(tvr::RELAY_RESISTANCE_PERFORMED) {
        track_2::fill(out);
    }
    Ok(())
}

/// Writes down what the card gave.
fn keep(out: &mut Outcome, request: Request, cid: Cid) {
    let issuer_data = out.card.value(tag::ISSUER_APPLICATION_DATA_9F10).unwrap_or_default().to_vec();
    out.cryptograms.push(Cryptogram {
        asked: request.cryptogram,
        signature_asked: request.signature,
        cid,
        cryptogram: out.card.array(tag::APPLICATION_CRYPTOGRAM_9F26),
        atc: out.card.array(tag::ATC_9F36).unwrap_or_default(),
        issuer_data,
    });
}

/// The card's own decision, and what it says about it.
fn declined_by_card(out: &Outcome, severity: Severity) -> Vec<Finding> {
    let Some(cryptogram) = out.cryptograms.last() else { return Vec::new() };
    let given = Evidence::compared(Fact::CryptogramGiven, [cryptogram.asked.bits()], [cryptogram.cid.0]);
    let given = given.at(out.card.place(tag::CRYPTOGRAM_INFORMATION_DATA_9F27));
    let mut findings = crate::contact::complete::card_results::reasons(cryptogram, &out.aid);
    findings.push(Finding::new(Reason::CardDeclinedFirstGac).severity(severity).with(given));
    findings
}
