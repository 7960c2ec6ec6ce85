//! Offline data authentication: which method, and its steps up to terminal action analysis (`EMV 4.4 Book 3, 10.3`;
//! Book 2, 5 and 6). The signature of CDA comes with the cryptogram and is checked there.

use alloc::vec::Vec;

use apdu::{
    Card, Command, Tag, tag, tlv,
    value::{Aip, Tsi, Tvr, cid::CryptogramType, date::Date, tsi, tvr},
};

use super::{generate_ac::Request, read::Records};
use crate::{
    finding::{Evidence, Fact, Finding, Reason, Severity},
    oda::{self, Chain, ChainReport, IccKey, Keys, Method, Purpose, StaticData},
    point_of_sale::PointOfSale,
    seeded::{Bug, bug},
    session::{Reply, Session, Stop},
    store::{CardData, TerminalData},
    terminal::{ApplicationParameters, CdaMode, Terminal, data::dol_values},
};

/// What offline data authentication came to.
#[derive(Debug, Default)]
pub struct Authentication {
    /// TVR bits.
    pub tvr: Tvr,
    /// TSI bits.
    pub tsi: Tsi,
    /// The certificates followed and the checks made.
    pub chain: ChainReport,
    /// The card's key, ready to check the signature of CDA.
    signing_keys: Option<Keys>,
    /// What a signature proved: the data authentication code (`9F45`) or the ICC dynamic number (`9F4C`).
    pub proved: Option<(Tag, Vec<u8>)>,
}

/// What the methods work on.
struct Inputs<'a> {
    chain: Chain<'a>,
    method: Method,
    card: &'a CardData,
    terminal: &'a TerminalData,
    records: &'a Records,
    application: &'a ApplicationParameters,
}

/// Authenticates the card by the best method both sides have.
///
/// # Errors
/// [`Stop`] when the card refuses INTERNAL AUTHENTICATE or answers what cannot be read.
pub async fn authenticate<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    card: &CardData,
    terminal: &TerminalData,
    profile: Aip,
    application: &ApplicationParameters,
    records: &Records,
) -> Result<Authentication, Stop> {
    let method = match Method::choose(&profile, &session.terminal.capabilities) {
        Ok(method) => method,
        Err(finding) => return Ok(not_performed(session, finding)),
    };
    let chain =
        chain(session.terminal, card, &application.aid, session.transaction.date, Purpose::Authentication(method));
    let inputs = Inputs { chain, method, card, terminal, records, application };
    let mut authentication = Authentication::default();
    method.selected_bit().into_iter().for_each(|bit| authentication.tvr.set(bit));
    let result = match method {
        Method::Sda => static_data_authentication(&inputs, &mut authentication),
        Method::Dda => dynamic_data_authentication(session, &inputs, &mut authentication).await?,
        Method::Cda => prepare_combined(&inputs, &mut authentication),
    };
    authentication.conclude(session, method, result);
    Ok(authentication)
}

fn not_performed<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, finding: Finding) -> Authentication {
    let bit = tvr::ODA_NOT_PERFORMED;
    session.report(finding);
    session.report(Finding::new(Reason::OdaNotPerformed).severity(Severity::Info).sets(bit));
    Authentication { tvr: Tvr::ZERO.with(bit), ..Authentication::default() }
}

/// The certificate chain of one card under this terminal's keys.
pub(crate) fn chain<'a>(
    terminal: &'a Terminal,
    card: &'a CardData,
    aid: &[u8],
    today: Date,
    purpose: Purpose,
) -> Chain<'a> {
    let rid = aid.first_chunk::<5>().copied().unwrap_or_default();
    Chain { card, rid, keys: &terminal.keys, revocations: &terminal.revocations, today, purpose }
}

/// The key a PIN is enciphered under: a key of its own, or the card's own one.
///
/// # Errors
/// Why there is none.
pub fn pin_key(
    terminal: &Terminal,
    today: Date,
    card: &CardData,
    application: &ApplicationParameters,
    records: &Records,
    report: &mut ChainReport,
) -> Result<IccKey, Vec<Finding>> {
    let chain = chain(terminal, card, &application.aid, today, Purpose::PinEncipherment);
    let signed = &records.signed;
    // Which method the static data were for makes no difference to a PIN: no bit is set either way.
    let static_data = StaticData::new(&signed.bytes, signed.not_a_template, card, Method::Dda).ok();
    oda::pin_key::recover(&chain, static_data.as_ref(), report)
}

impl<'a> Inputs<'a> {
    fn static_data(&self) -> Result<StaticData<'a>, Vec<Finding>> {
        let signed = &self.records.signed;
        StaticData::new(&signed.bytes, signed.not_a_template, self.card, self.method)
            .map_err(|finding| [finding].into())
    }
}

fn static_data_authentication(inputs: &Inputs<'_>, to: &mut Authentication) -> Result<(), Vec<Finding>> {
    let static_data = inputs.static_data()?;
    let code = inputs.chain.authenticate_static_data(&static_data, &mut to.chain)?;
    to.proved = Some((tag::DATA_AUTHENTICATION_CODE_9F45, code.to_vec()));
    Ok(())
}

/// Recovers the keys; the signature comes with the cryptogram.
fn prepare_combined(inputs: &Inputs<'_>, to: &mut Authentication) -> Result<(), Vec<Finding>> {
    let static_data = inputs.static_data()?;
    to.signing_keys = Some(inputs.chain.recover_keys(&static_data, &mut to.chain)?);
    Ok(())
}

async fn dynamic_data_authentication<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    inputs: &Inputs<'_>,
    to: &mut Authentication,
) -> Result<Result<(), Vec<Finding>>, Stop> {
    let keys = inputs.static_data().and_then(|data| inputs.chain.recover_keys(&data, &mut to.chain));
    let keys = match keys {
        Ok(keys) => keys,
        Err(findings) => return Ok(Err(findings)),
    };
    let dol = match oda::dda::choose_ddol(inputs.card, inputs.application.default_ddol.as_deref()) {
        Ok(dol) => dol,
        Err(finding) => return Ok(Err([finding].into())),
    };
    let values = dol_values(&dol, inputs.terminal, Some(inputs.card));
    let reply = session.transmit_built(Command::internal_authenticate(&values), Reason::OdaIntAuthSw).await?;
    let signature = signature(&reply).map_err(|finding| session.stop(finding))?;
    let place = reply.place().tag(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
    Ok(match oda::dda::verify(&keys.icc, signature, place, reply.sent(&values), &mut to.chain) {
        Ok(number) => {
            to.proved = Some((tag::ICC_DYNAMIC_NUMBER_9F4C, number.as_bytes().to_vec()));
            Ok(())
        }
        Err(finding) => Err([finding].into()),
    })
}

/// The signature in either response format of INTERNAL AUTHENTICATE.
fn signature(reply: &Reply) -> Result<&[u8], Finding> {
    if !reply.status().is_ok() {
        return Err(Finding::new(Reason::OdaIntAuthSw).with(reply.evidence()));
    }
    let wrong = |evidence: Evidence| Finding::new(Reason::OdaIntAuthResponse).with(evidence.at(reply.place()));
    let missing = || wrong(Evidence::missing(Fact::DataObject, tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B));
    let broken = |offset| wrong(Evidence::found(Fact::TlvError, reply.data()).offset(offset));
    let template = reply.template().ok_or_else(missing)?.map_err(broken)?;
    match template.tag {
        tag::RESPONSE_FORMAT_1_80 => Ok(template.value),
        tag::RESPONSE_FORMAT_2_77 => tlv::find(template.value, tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B)
            .map_err(|error| broken(error.offset))?
            .map(|object| object.value)
            .ok_or_else(missing),
        other => Err(wrong(Evidence::compared(Fact::Template, tag::RESPONSE_FORMAT_2_77, other))),
    }
}

impl Authentication {
    /// Turns a method's result into verification results. CDA that got this far has not ended yet.
    fn conclude<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        method: Method,
        result: Result<(), Vec<Finding>>,
    ) {
        if result.is_err() || method != Method::Cda {
            self.tsi.set(tsi::ODA_PERFORMED);
        }
        let Err(findings) = result else { return };
        if bug(Bug::ForgetFailedBit) {
            return session.report_all(findings);
        }
        self.tvr.set(method.failed_bit());
        findings.iter().filter_map(|finding| finding.tvr).for_each(|bit| self.tvr.set(bit));
        session.report_all(findings);
    }

    /// The key that checks a CDA signature; `None` when CDA was not agreed or has failed already.
    pub fn signing_key(&self) -> Option<&IccKey> {
        self.signing_keys.as_ref().map(|keys| &keys.icc)
    }

    /// Whether a CDA signature can be asked for.
    pub fn can_sign(&self) -> bool {
        self.signing_keys.is_some()
    }

    /// The first GENERATE AC for what the action analysis wants (`EMV 4.4 Book 2, 6.6 and Annex D4`).
    pub fn first_request(&self, cryptogram: CryptogramType, mode: CdaMode) -> Request {
        let wanted = match cryptogram {
            CryptogramType::Tc => true,
            CryptogramType::Arqc => mode.signs_arqc(),
            CryptogramType::Aac | CryptogramType::Rfu => false,
        };
        Request { cryptogram, signature: wanted && self.can_sign() }
    }

    /// "Not performed", while CDA was agreed and `request` asks for no signature. The rule speaks of an ARQC, the flow
    /// chart beside it also of an AAC: both are followed.
    pub fn not_performed_by(&self, request: Request) -> Tvr {
        let open = self.can_sign() && !request.signature;
        if open { Tvr::ZERO.with(tvr::ODA_NOT_PERFORMED) } else { Tvr::ZERO }
    }

    /// Takes back what [`Authentication::not_performed_by`] set, before anything follows the first cryptogram.
    pub fn clear_not_performed(&self, tvr: &mut Tvr) {
        if self.can_sign() {
            tvr.clear(tvr::ODA_NOT_PERFORMED);
        }
    }
}
