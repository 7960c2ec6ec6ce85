//! The contact transaction (`EMV 4.4 Book 3, figure 7`): the flow chart. Each box is a module, in the order of the chart.

pub mod reset;
pub mod select;
pub mod initiate;
pub mod read;
pub mod authenticate;
pub mod restrict;
pub mod verify_cardholder;
pub mod manage_risk;
pub mod analyse;
pub mod generate_ac;
pub mod go_online;
pub mod scripts;
pub mod complete;
mod ledger;
mod restrain;

use apdu::{Card, value::cid::CryptogramType};

use crate::{
    finding::Phase,
    hardened,
    outcome::{Decider, Outcome},
    pin::OnlinePinBlock,
    point_of_sale::PointOfSale,
    session::{Session, Stop},
    terminal::{ApplicationParameters, Terminal},
    transaction::Transaction,
};

use analyse::{ActionCodes, analyse, analyse_unable_online};
use authenticate::Authentication;
use generate_ac::{Answered, Request};
use go_online::Online;
use initiate::{Initiated, Options};
use read::Records;
use scripts::When;
use verify_cardholder::PinRules;

/// Runs one transaction from the answer to reset to its completion. Dropping the future is the cancel key.
pub async fn purchase<C: Card, P: PointOfSale>(
    card: &mut C,
    point_of_sale: &mut P,
    terminal: &Terminal,
    transaction: &Transaction,
) -> Outcome {
    let mut session = Session::new(card, point_of_sale, terminal, transaction);
    let mut out = Outcome::default();
    let ended = flow(&mut session, &mut out).await;
    match ended.and_then(|()| session.ended_within_bounds(&out)) {
        Ok(()) => complete::finish(&mut session, &mut out),
        Err(stop) => complete::stopped(&mut session, &mut out, stop),
    }
    out.log = session.into_log();
    out
}

/// What the first half of the chart learned and the second half needs.
struct Learned<'a> {
    application: &'a ApplicationParameters,
    options: Options,
    records: Records,
    authentication: Authentication,
    online_pin: Option<OnlinePinBlock>,
}

/// The chart down to the card's first decision.
async fn flow<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &mut Outcome) -> Result<(), Stop> {
    reset::check_answer(session);
    session.enter(Phase::Selection);
    let mut candidates = select::candidates(session).await?;
    out.candidates = candidates.list().to_vec();
    let (application, options) = loop {
        session.enter(Phase::Selection);
        let selected = select::choose(session, &mut candidates).await?;
        session.enter(Phase::Initiation);
        let application = out.begin(session, selected)?;
        match initiate::initiate(session, &mut out.card, &out.terminal).await? {
            Initiated::Started(options) => break (application, options),
            // A refused application goes back to selection, and is not tried again.
            Initiated::Refused(finding) => candidates.drop_refused(session, &out.aid, finding)?,
        }
    };
    session.enter(Phase::ReadData);
    let records = read::read(session, &mut out.card).await?;
    out.signed_records = records.signed.clone();
    restrain::read_data(session, out)?;

    session.enter(Phase::Authentication);
    let (card, data) = (&out.card, &out.terminal);
    let authentication = authenticate::authenticate(session, card, data, options.aip, application, &records).await?;
    let authentication = out.authenticated(authentication);
    session.report_all(hardened::keys::warnings(session.terminal.policy, &out.chain));
    session.enter(Phase::Restrictions);
    let restrictions = restrict::restrict(&out.card, session.terminal, application, session.transaction);
    out.restricted(session, restrictions);
    session.enter(Phase::CardholderVerification);
    let (terminal, today) = (session.terminal, session.transaction.date);
    let rules = PinRules::new(terminal.policy, &out.chain);
    let pin_key = || authenticate::pin_key(terminal, today, &out.card, application, &records, &mut out.chain);
    let (card, aip, cvm) = (&out.card, options.aip, &mut out.cvm);
    let verification = verify_cardholder::verify_cardholder(session, card, aip, pin_key, rules, cvm).await?;
    let online_pin = out.verified(verification);
    session.enter(Phase::RiskManagement);
    let risk = manage_risk::manage_risk(session, &out.card, application).await?;
    out.risk_managed(risk);

    first_decision(session, out, &Learned { application, options, records, authentication, online_pin }).await
}

/// The action analysis and what the card makes of it.
async fn first_decision<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    learned: &Learned<'_>,
) -> Result<(), Stop> {
    session.enter(Phase::ActionAnalysis);
    let codes = ActionCodes::new(learned.application, &out.card);
    let analysis = analyse(out.tvr, codes, session.terminal.terminal_type);
    let request = restrain::first_request(session, out, &learned.authentication, analysis.request);
    out.analysed(session, analysis, request);
    session.enter(Phase::FirstGenerateAc);
    let first = first_ac(session, out, learned, request).await?;
    let distrusted = first.signature_failed || restrain::contradicts(session, out, &first);
    match first.decision {
        // A card whose signature is wrong is not trusted with a TC, and its ARQC goes to nobody.
        CryptogramType::Arqc if distrusted => {
            out.declined_offline(Decider::Terminal);
            second_ac(session, out, learned, &first, Request::aac()).await?;
        }
        _ if distrusted => out.declined_offline(Decider::Terminal),
        CryptogramType::Tc => out.approved(Decider::Card),
        CryptogramType::Arqc => after_arqc(session, out, learned, &first).await?,
        CryptogramType::Aac | CryptogramType::Rfu => out.declined_offline(first.request.who_declined()),
    }
    Ok(())
}

/// The chart from the card's ARQC to the final cryptogram.
async fn after_arqc<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    learned: &Learned<'_>,
    first: &Answered,
) -> Result<(), Stop> {
    session.enter(Phase::Online);
    let online = if session.terminal.terminal_type.offline_only() {
        Online::OfflineOnly
    } else {
        let pin = learned.online_pin.as_ref();
        go_online::go_online(session, &out.card, &out.terminal, &learned.records, pin).await
    };
    out.went_online(&online);
    learned.authentication.clear_not_performed(&mut out.tvr);
    let Some(answer) = online.answer() else {
        return unable_online(session, out, learned, first, &online).await;
    };
    let authenticated = go_online::authenticate_issuer(session, learned.options.aip, answer).await?;
    out.learn(authenticated.tvr, authenticated.tsi);
    let before = scripts::run(session, When::BeforeFinalAc, &answer.scripts).await?;
    out.ran_scripts(before);

    let sign = session.terminal.cda_mode.signs_final_tc() && learned.authentication.can_sign();
    let approves = restrain::approves(session, out, learned.options.aip, &online, &authenticated);
    let request = if approves { Request::tc(sign) } else { Request::aac() };
    let second = second_ac(session, out, learned, first, request).await?;
    let after = scripts::run(session, When::AfterFinalAc, &answer.scripts).await?;
    out.ran_scripts(after);
    out.finally(session, &online, request, second);
    Ok(())
}

/// The host could not be reached: the default action codes decide (`EMV 4.4 Book 3, 10.7`).
async fn unable_online<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    learned: &Learned<'_>,
    first: &Answered,
    online: &Online,
) -> Result<(), Stop> {
    session.enter(Phase::ActionAnalysis);
    let analysis = analyse_unable_online(out.tvr, ActionCodes::new(learned.application, &out.card));
    let request = restrain::without_issuer(session, out, &learned.authentication, analysis.request);
    out.analysed_unable_online(session, analysis, request, online);
    let second = second_ac(session, out, learned, first, request).await?;
    out.finally(session, online, request, second);
    Ok(())
}

async fn first_ac<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    learned: &Learned<'_>,
    request: Request,
) -> Result<Answered, Stop> {
    out.learn(learned.authentication.not_performed_by(request), apdu::value::Tsi::ZERO);
    let inputs = out.cryptogram_inputs(learned.application, &learned.authentication, &learned.options);
    let first = generate_ac::first(session, inputs, request).await?;
    Ok(out.answered(first))
}

async fn second_ac<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    learned: &Learned<'_>,
    first: &Answered,
    request: Request,
) -> Result<Option<Answered>, Stop> {
    session.enter(Phase::SecondGenerateAc);
    let inputs = out.cryptogram_inputs(learned.application, &learned.authentication, &learned.options);
    let second = generate_ac::second(session, inputs, request, first).await?;
    Ok(second.map(|second| out.answered(second)))
}

#[cfg(test)]
mod tests;
