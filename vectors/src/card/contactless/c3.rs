//! An application as kernel 3 meets it (Visa; `EMV Contactless Book C-3`): one command tells everything but the records,
//! with the cryptogram, and where the card approves itself, with its signature.

mod decide;

use apdu::{Command, command::ins, tag, tag::k3};

use crate::card::alteration::Signed;
use crate::card::chip::Application;
use crate::card::external_authenticate::external_authenticate;
use crate::card::get_data::get_data;
use crate::card::get_processing_options;
use crate::card::personalise::layout::track_2;
use crate::card::read_record::read_record;
use crate::card::reply::{Answer, sw};
use crate::card::script::script;
use crate::card::transaction::{Phase, Transaction};
use crate::cryptogram::{Kind, issuer_application_data};
use crate::dol::{self, Values};
use crate::pki::{DynamicFormat, signed_dynamic_data_of};
use crate::template::{object, template};

/// How it behaves.
#[derive(Clone, Debug)]
pub struct Personality {
    /// Card transaction qualifiers (`9F6C`).
    pub qualifiers: Option<[u8; 2]>,
    /// What they say besides when the reader wants the cardholder verified.
    pub verification: [u8; 2],
    /// Their copy in the card authentication related data, where that is another one.
    pub signed_qualifiers: Option<[u8; 2]>,
    /// Where the card authentication related data (`9F69`) stand.
    pub related: Place,
    /// Where the signature (`9F4B`) stands.
    pub signature: Place,
    /// It signs also when it asks to go online.
    pub signs_online: bool,
    /// It tells its decision (`9F27`), which otherwise stands in the issuer application data.
    pub tells_decision: bool,
    /// Available offline spending amount (`9F5D`), minor units: more than this goes online.
    pub spending: Option<u64>,
    /// A phone whose owner has not consented: it asks once to be looked at.
    pub locked: bool,
    /// What it sent to the issuer, for what the issuer may send back.
    pub(crate) waiting: Option<(Values, [u8; 8])>,
}

/// Where an object stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the answer to GET PROCESSING OPTIONS.
    Options,
    /// In a record.
    Record,
    /// Nowhere.
    Nowhere,
}

impl Default for Personality {
    fn default() -> Self {
        Self {
            qualifiers: Some([0x00, 0x00]),
            verification: [0x00, 0x00],
            signed_qualifiers: None,
            related: Place::Record,
            signature: Place::Options,
            signs_online: false,
            tells_decision: true,
            spending: None,
            locked: false,
            waiting: None,
        }
    }
}

/// The record whose content follows from each transaction.
pub(super) const DYNAMIC_RECORD: (u8, u8) = (4, 1);

/// Whether a contactless application has this record of the contact layout: what is signed, and the certificates.
pub(super) fn keeps(record: (u8, u8)) -> bool {
    record == (2, 1) || record.0 == 3
}

/// Gives one of its fields a value, as text has it: `NAME:VALUE`.
pub(in crate::card) fn give(personality: &mut Personality, text: &str) -> Option<()> {
    let (name, value) = text.split_once(':')?;
    let qualifiers = || <[u8; 2]>::try_from(hex::decode(value).ok()?).ok();
    match name {
        "ctq" if value == "none" => personality.qualifiers = None,
        "ctq" => personality.qualifiers = Some(qualifiers()?),
        "verification" => personality.verification = qualifiers()?,
        "signed-ctq" => personality.signed_qualifiers = Some(qualifiers()?),
        "related" => personality.related = Place::named(value)?,
        "signature" => personality.signature = Place::named(value)?,
        "signs-online" => personality.signs_online = value == "yes",
        "tells-decision" => personality.tells_decision = value == "yes",
        "spending" => personality.spending = Some(value.parse().ok()?),
        "locked" => personality.locked = value == "yes",
        _ => return None,
    }
    Some(())
}

impl Place {
    fn named(name: &str) -> Option<Self> {
        [("options", Self::Options), ("record", Self::Record), ("nowhere", Self::Nowhere)]
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, place)| place)
    }
}

/// Answers one command to the selected application.
pub(in crate::card) fn command(
    application: &mut Application,
    transaction: &mut Transaction,
    command: &Command,
) -> Answer {
    match command.ins() {
        ins::GET_PROCESSING_OPTIONS => get_processing_options(application, transaction, command),
        ins::READ_RECORD => read_record(Some(&application.records), command),
        ins::GET_DATA => get_data(application, command),
        _ => update(application, transaction, command),
    }
}

fn personality(application: &mut Application) -> Option<&mut Personality> {
    match &mut application.profile.contactless.as_mut()?.personality {
        super::Personality::C3(personality) => Some(personality),
        _ => None,
    }
}

fn get_processing_options(application: &mut Application, transaction: &mut Transaction, command: &Command) -> Answer {
    let values = get_processing_options::pdol_values(application, transaction, command)?;
    if let Some(personality) = personality(application).filter(|personality| personality.locked) {
        personality.locked = false;
        return Err(sw::SEE_PHONE);
    }
    application.atc = application.atc.checked_add(1).ok_or(sw::CONDITIONS_NOT_SATISFIED)?;
    transaction.phase = Phase::Online;
    transaction.values = dol::split(&application.profile.pdol, values);
    let kind = decide::decide(application, &transaction.values);
    options(application, transaction, kind)
}

/// Everything that one command has to tell.
fn options(application: &mut Application, transaction: &mut Transaction, kind: Kind) -> Answer {
    let own = personality(application).map(|own| own.asked_by(&transaction.values)).unwrap_or_default();
    let cryptogram = cryptogram(application, transaction, kind).ok_or(sw::CONDITIONS_NOT_SATISFIED)?;
    let signs = application.profile.authentication.dda && (kind == Kind::Tc || kind == Kind::Arqc && own.signs_online);
    let related = own.related_data(application);
    let signature = signs.then(|| sign(application, &transaction.values, &related, kind));
    let at = |place: Place, wanted: Place, object: Option<Vec<u8>>| object.filter(|_| place == wanted);
    let dynamic = |wanted| {
        let related = Some(object(k3::CARD_AUTHENTICATION_RELATED_DATA_9F69, &related));
        let needed = related.filter(|_| signs || own.related == Place::Options);
        let signature = signature.as_ref().map(|value| object(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B, value));
        [at(own.signature, wanted, signature), at(own.related, wanted, needed)].into_iter().flatten()
    };
    if signs {
        let record = template(tag::READ_RECORD_TEMPLATE_70, &dynamic(Place::Record).collect::<Vec<_>>());
        application.records.insert(DYNAMIC_RECORD, record);
    }
    let value = |tag| transaction.values.get(&tag).cloned().unwrap_or_default();
    let sequence = application.profile.sequence.filter(|_| !signs);
    let objects = [
        Some(object(tag::AIP_82, &application.announced_aip)),
        signs.then(|| object(tag::AFL_94, &application.afl)),
        Some(track_2(&application.profile)),
        sequence.map(|number| object(tag::PAN_SEQUENCE_NUMBER_5F34, &[number])),
        Some(object(tag::ISSUER_APPLICATION_DATA_9F10, &value(tag::ISSUER_APPLICATION_DATA_9F10))),
        Some(object(tag::APPLICATION_CRYPTOGRAM_9F26, &cryptogram)),
        own.tells_decision.then(|| object(tag::CRYPTOGRAM_INFORMATION_DATA_9F27, &[kind.bits()])),
        Some(object(tag::ATC_9F36, &application.atc.to_be_bytes())),
        own.spending.map(|amount| object(k3::AVAILABLE_OFFLINE_SPENDING_AMOUNT_9F5D, &decide::numeric(amount))),
        own.qualifiers.map(|qualifiers| object(k3::CTQ_9F6C, &qualifiers)),
        Some(object(k3::FORM_FACTOR_INDICATOR_9F6E, if own.is_phone() { &PHONE } else { &CARD })),
    ];
    let objects: Vec<Vec<u8>> = objects.into_iter().flatten().chain(dynamic(Place::Options)).collect();
    Ok(template(tag::RESPONSE_FORMAT_2_77, &objects).into())
}

/// In byte 2 of the terminal transaction qualifiers.
const CVM_REQUIRED: u8 = 0x40;

/// A card, read through the air by a technology that the reader is to fill in.
const CARD: [u8; 4] = [0x20, 0x70, 0x00, 0x00];
/// The same of a phone.
const PHONE: [u8; 4] = [0x23, 0x70, 0x00, 0x00];

impl Personality {
    /// Whether it has verified its owner, as only a phone can.
    fn is_phone(&self) -> bool {
        self.qualifiers.is_some_and(|[_, second]| second & 0x80 != 0)
    }

    /// The same for this transaction: with what the card wants when the reader verifies the cardholder.
    fn asked_by(&self, values: &Values) -> Self {
        let reader = values.get(&k3::TTQ_9F66).and_then(|value| value.get(1)).copied().unwrap_or_default();
        let required = reader & CVM_REQUIRED != 0;
        let [first, second] = if required { self.verification } else { [0, 0] };
        let qualifiers = self.qualifiers.map(|[one, two]| [one | first, two | second]);
        Self { qualifiers, ..self.clone() }
    }

    /// Version 01, a number of the card's own, the copy of the qualifiers, and one byte of the issuer's.
    fn related_data(&self, application: &mut Application) -> Vec<u8> {
        let [a, b, c, d, ..] = application.numbers.draw();
        let [first, second] = self.signed_qualifiers.or(self.qualifiers).unwrap_or_default();
        vec![0x01, a, b, c, d, first, second, 0x00]
    }
}

fn sign(application: &Application, values: &Values, related: &[u8], kind: Kind) -> Vec<u8> {
    let covered = [tag::UNPREDICTABLE_NUMBER_9F37, tag::AMOUNT_AUTHORISED_9F02, tag::TRANSACTION_CURRENCY_CODE_5F2A];
    let sent: Vec<u8> = covered.iter().filter_map(|tag| values.get(tag)).flatten().copied().collect();
    let format = if kind == Kind::Tc { DynamicFormat::Offline } else { DynamicFormat::Online };
    let (number, wrong) = (application.atc.to_be_bytes(), application.wrong(Signed::Dynamic));
    signed_dynamic_data_of(format, &application.icc_key, &number, &[&sent[..], related].concat(), &wrong)
}

/// The cryptogram, kept for what the issuer may answer.
fn cryptogram(application: &mut Application, transaction: &mut Transaction, kind: Kind) -> Option<[u8; 8]> {
    let profile = &application.profile;
    transaction.facts.first = Some(kind);
    transaction.facts.tries_left = profile.pin_tries;
    let issuer_data = issuer_application_data(profile.version, profile.key_index, &transaction.facts);
    let atc = application.atc.to_be_bytes();
    transaction.values.insert(tag::AIP_82, application.aip.to_vec());
    transaction.values.insert(tag::ATC_9F36, atc.to_vec());
    transaction.values.insert(tag::ISSUER_APPLICATION_DATA_9F10, issuer_data);
    let cryptogram = profile.version.cryptogram(&application.keys.cryptogram, &transaction.values)?;
    transaction.values.insert(tag::APPLICATION_CRYPTOGRAM_9F26, cryptogram.to_vec());
    let values = transaction.values.clone();
    personality(application)?.waiting = Some((values, cryptogram));
    Some(cryptogram)
}

/// What the issuer sends to a card that is presented again (`EMV Contactless Book C-3, 6`).
fn update(application: &mut Application, transaction: &mut Transaction, command: &Command) -> Answer {
    let waiting = personality(application).and_then(|personality| personality.waiting.clone());
    let (values, cryptogram) = waiting.ok_or(sw::CONDITIONS_NOT_SATISFIED)?;
    if transaction.phase == Phase::Selected {
        transaction.phase = Phase::Online;
        transaction.values = values;
        transaction.cryptogram = Some(cryptogram);
    }
    match command.ins() {
        ins::EXTERNAL_AUTHENTICATE => external_authenticate(application, transaction, command),
        _ => script(application, transaction, command),
    }
}
