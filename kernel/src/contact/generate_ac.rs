//! GENERATE AC, first and second (`EMV 4.4 Book 3, 6.5.5 and 9`).

mod cdol;
mod response;
mod signature;

use apdu::{
    Card, Command, Tag, tag,
    value::{
        Tsi, Tvr,
        cid::{Cid, CryptogramType},
        tsi,
    },
};

pub use cdol::CdolValues;
use cdol::cdol_values;
use response::GeneratedAc;

use super::authenticate::Authentication;
use crate::{
    finding::{Evidence, Fact, Finding, Place, Reason},
    oda::ChainReport,
    outcome::Decider,
    point_of_sale::PointOfSale,
    seeded::{Bug, bug},
    session::{Session, Stop},
    store::{CardData, TerminalData},
    terminal::ApplicationParameters,
};

/// What to ask the card for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The cryptogram.
    pub cryptogram: CryptogramType,
    /// A CDA signature over it. Never asked with an AAC.
    pub signature: bool,
}

impl Request {
    /// Asks for an AAC.
    pub const fn aac() -> Self {
        Self { cryptogram: CryptogramType::Aac, signature: false }
    }

    /// Asks for a TC.
    pub const fn tc(signature: bool) -> Self {
        Self { cryptogram: CryptogramType::Tc, signature }
    }

    /// The reference control parameter P1.
    pub fn reference_control(self) -> u8 {
        let signature = if self.signature { 0x10 } else { 0x00 };
        self.cryptogram.bits() | signature
    }

    /// The request with this reference control parameter.
    pub(crate) fn from_reference_control(p1: u8) -> Self {
        Self { cryptogram: CryptogramType::from_bits(p1), signature: p1 & 0x18 == 0x10 }
    }

    /// Whether a card may answer `given`: never more than was asked for.
    pub fn allows(self, given: CryptogramType) -> bool {
        match given {
            _ if bug(Bug::AcceptHigherCryptogram) => true,
            CryptogramType::Aac => true,
            CryptogramType::Arqc => self.cryptogram != CryptogramType::Aac,
            CryptogramType::Tc => self.cryptogram == CryptogramType::Tc,
            CryptogramType::Rfu => false,
        }
    }

    /// Who declines when the card answers with an AAC.
    pub fn who_declined(self) -> Decider {
        if self.cryptogram == CryptogramType::Aac { Decider::Terminal } else { Decider::Card }
    }
}

/// What a GENERATE AC is made from.
pub struct Inputs<'a> {
    /// What the card gave.
    pub card: &'a CardData,
    /// What the terminal gives; its verification results are brought up to date here.
    pub terminal: &'a mut TerminalData,
    /// The application's parameters.
    pub application: &'a ApplicationParameters,
    /// Who checks a signature.
    pub authentication: &'a Authentication,
    /// The PDOL values as sent, part of what a signature covers.
    pub pdol_values: &'a [u8],
    /// TVR so far.
    pub tvr: Tvr,
    /// TSI so far.
    pub tsi: Tsi,
}

/// An answered and checked GENERATE AC.
#[derive(Debug)]
pub struct Answered {
    /// What was asked for.
    pub request: Request,
    /// What the card decided: the signed decision when there is one, else the one in the clear.
    pub decision: CryptogramType,
    /// A signature was asked for and is wrong or missing.
    pub signature_failed: bool,
    /// Cryptogram information data.
    pub cid: Cid,
    /// Application transaction counter.
    pub atc: [u8; 2],
    /// The application cryptogram, in the clear or out of the signature.
    pub cryptogram: Option<[u8; 8]>,
    /// The objects of the answer.
    pub card: CardData,
    /// TVR bits.
    pub tvr: Tvr,
    /// TSI bits.
    pub tsi: Tsi,
    /// The checks of the signature.
    pub chain: ChainReport,
    /// What was sent.
    pub values: CdolValues,
}

/// Sends the first GENERATE AC.
///
/// # Errors
/// [`Stop`] when the card refuses, answers what cannot be read, or answers more than it was asked for.
pub async fn first<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    inputs: Inputs<'_>,
    request: Request,
) -> Result<Answered, Stop> {
    let mut sent = prepare(session, inputs, tag::CDOL1_8C)?;
    let ac = generate(session, request, &mut sent).await?.map_err(|finding| session.stop(finding))?;
    let request = ac.request;
    if !request.allows(ac.cid.cryptogram_type()) {
        return Err(session.stop(logic_error(request, &ac)));
    }
    Ok(check(session, &sent, request, ac, None))
}

/// Sends the second GENERATE AC. What would end the transaction at the first is only a finding here, and `None`: the
/// transaction is declined then. A TC that was not asked for, and an ARQC, count as an AAC.
///
/// # Errors
/// [`Stop`] when the card does not answer at all.
pub async fn second<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    inputs: Inputs<'_>,
    request: Request,
    first: &Answered,
) -> Result<Option<Answered>, Stop> {
    let mut sent = prepare(session, inputs, tag::CDOL2_8D)?;
    let ac = match generate(session, request, &mut sent).await? {
        Ok(ac) => ac,
        Err(finding) => {
            session.report(finding);
            return Ok(None);
        }
    };
    let (request, given) = (ac.request, ac.cid.cryptogram_type());
    if !request.allows(given) || given == CryptogramType::Arqc {
        session.report(logic_error(request, &ac));
        return Ok(Some(unchecked(&sent, CryptogramType::Aac, ac)));
    }
    Ok(Some(check(session, &sent, request, ac, Some(&first.values))))
}

/// A list filled and ready to send, with what its answer will be checked against.
struct Sent<'a> {
    values: CdolValues,
    list: &'a [u8],
    /// Where the list stands.
    place: Place,
    authentication: &'a Authentication,
    pdol_values: &'a [u8],
}

fn prepare<'a, C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    inputs: Inputs<'a>,
    list: Tag,
) -> Result<Sent<'a>, Stop> {
    let Inputs { card, terminal, application, authentication, pdol_values, tvr, tsi } = inputs;
    terminal.put(tag::TSI_9B, &tsi.0, Place::default());
    match cdol_values(list, card, terminal, application, tvr) {
        Ok(values) => {
            session.report_all(values.default_tdol.clone());
            let (place, list) = (card.place(list), card.value(list).unwrap_or(&[]));
            Ok(Sent { values, list, place, authentication, pdol_values })
        }
        Err(finding) => Err(session.stop(finding)),
    }
}

async fn generate<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    request: Request,
    sent: &mut Sent<'_>,
) -> Result<Result<GeneratedAc, Finding>, Stop> {
    let command = Command::generate_ac(request.reference_control(), &sent.values.bytes);
    let reply = session.transmit_built(command, Reason::GenacCdolLength).await?;
    sent.values.really_sent(sent.list, &reply);
    if reply.status().is_ok() {
        let request = Request::from_reference_control(reply.sent_p1(request.reference_control()));
        return Ok(GeneratedAc::parse(&reply, request));
    }
    let reason = match reply.status().0 {
        0x6700 | 0x6A80 => Reason::GenacCdolLength,
        _ => Reason::GenacSw,
    };
    let length = Evidence::found(Fact::Length, sent.values.bytes.len()).at(sent.place);
    Ok(Err(Finding::new(reason).with(reply.evidence()).with(length)))
}

/// Checks the signature, when one was asked for and the card did not decline.
fn check<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    sent: &Sent<'_>,
    request: Request,
    ac: GeneratedAc,
    first: Option<&CdolValues>,
) -> Answered {
    let decision = ac.cid.cryptogram_type();
    let unsigned = bug(Bug::AcceptUnsignedTc) && !ac.card.has(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
    if !request.signature || decision == CryptogramType::Aac || unsigned {
        return unchecked(sent, decision, ac);
    }
    signature::check(session, sent, ac, first)
}

/// What the card answered in the clear.
fn unchecked(sent: &Sent<'_>, decision: CryptogramType, ac: GeneratedAc) -> Answered {
    Answered {
        request: ac.request,
        decision,
        signature_failed: false,
        cid: ac.cid,
        atc: ac.atc,
        cryptogram: ac.cryptogram,
        card: ac.card,
        tvr: sent.values.tvr(),
        tsi: Tsi::ZERO.with(tsi::CARD_RISK_MANAGEMENT_PERFORMED),
        chain: ChainReport::default(),
        values: sent.values.clone(),
    }
}

fn logic_error(request: Request, ac: &GeneratedAc) -> Finding {
    let evidence = Evidence::compared(Fact::CryptogramGiven, [request.cryptogram.bits()], [ac.cid.0]);
    Finding::new(Reason::GenacLogicError).with(evidence.at(ac.place).in_tag(tag::CRYPTOGRAM_INFORMATION_DATA_9F27))
}
