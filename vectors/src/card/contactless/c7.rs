//! An application as kernel 7 meets it (UnionPay; `EMV Contactless Book C-7`): one command tells its decision with the
//! cryptogram. Electronic cash is taken when the last record has been read.

mod decide;
mod purse;

use apdu::{
    Command, StatusWord,
    command::ins,
    tag,
    tag::k7,
    value::{Ttq, ttq},
};

use crate::card::alteration::Signed;
use crate::card::chip::Application;
use crate::card::get_data::get_data;
use crate::card::get_processing_options;
use crate::card::personalise::layout::track_2;
use crate::card::read_record::read_record;
use crate::card::reply::{Answer, sw};
use crate::card::transaction::{Phase, Transaction};
use crate::card::transaction_log;
use crate::cryptogram::{Kind, issuer_application_data};
use crate::dol::{self, Values};
use crate::pki::{DynamicFormat, signed_dynamic_data_of};
use crate::template::{object, template};

/// How it behaves.
#[derive(Clone, Debug)]
pub struct Personality {
    /// What it wants where authentication fails or it has expired: bits 6, 5 and 4 of the first byte of its qualifiers.
    pub wishes: u8,
    /// When it asks for an online PIN.
    pub pin: Wish,
    /// When it asks for a signature.
    pub signature: Wish,
    /// The cardholder's device has verified the cardholder.
    pub device: bool,
    /// It gives card transaction qualifiers (`9F6C`).
    pub gives_qualifiers: bool,
    /// It tells its decision (`9F27`), which otherwise stands in the issuer application data.
    pub tells_decision: bool,
    /// How long its card authentication related data (`9F69`) are; none for a card without them.
    pub related: Option<usize>,
}

/// When something is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Never.
    Never,
    /// When the reader says that the cardholder has to be verified.
    WhenRequired,
    /// Always.
    Always,
}

impl Default for Personality {
    fn default() -> Self {
        Self {
            wishes: 0,
            pin: Wish::Never,
            signature: Wish::Never,
            device: false,
            gives_qualifiers: true,
            tells_decision: true,
            related: Some(8),
        }
    }
}

/// The record whose content follows from each transaction; it is the last one.
pub(super) const DYNAMIC_RECORD: (u8, u8) = (4, 1);

/// Gives one of its fields a value, as text has it: `NAME:VALUE`.
pub(in crate::card) fn give(personality: &mut Personality, text: &str) -> Option<()> {
    let (name, value) = text.split_once(':')?;
    match name {
        "wishes" => personality.wishes = u8::from_str_radix(value, 16).ok()?,
        "pin" => personality.pin = Wish::named(value)?,
        "signature" => personality.signature = Wish::named(value)?,
        "device" => personality.device = value == "yes",
        "gives-qualifiers" => personality.gives_qualifiers = value == "yes",
        "tells-decision" => personality.tells_decision = value == "yes",
        "related" if value == "none" => personality.related = None,
        "related" => personality.related = Some(value.parse().ok()?),
        _ => return None,
    }
    Some(())
}

impl Wish {
    fn named(name: &str) -> Option<Self> {
        match name {
            "never" => Some(Self::Never),
            "when-required" => Some(Self::WhenRequired),
            "always" => Some(Self::Always),
            _ => None,
        }
    }

    fn applies(self, required: bool) -> bool {
        match self {
            Self::Never => false,
            Self::WhenRequired => required,
            Self::Always => true,
        }
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
        ins::READ_RECORD => read(application, transaction, command),
        ins::GET_DATA => get_data(application, command),
        _ => Err(sw::INSTRUCTION_NOT_SUPPORTED),
    }
}

/// The last record of a payment that the card has approved takes the money, and is the end of it.
fn read(application: &mut Application, transaction: &mut Transaction, command: &Command) -> Answer {
    let answer = read_record(Some(&application.records), command)?;
    let [_, _, number, reference] = command.header();
    let is_last = (reference >> 3, number) == DYNAMIC_RECORD;
    if is_last && transaction.phase == Phase::Initiated && transaction.facts.first == Some(Kind::Tc) {
        transaction.phase = Phase::Complete;
        purse::take(application, &transaction.values);
        transaction_log::write(application, &transaction.values);
    }
    Ok(answer)
}

fn get_processing_options(application: &mut Application, transaction: &mut Transaction, command: &Command) -> Answer {
    let values = get_processing_options::pdol_values(application, transaction, command)?;
    let super::Personality::C7(own) = application.profile.contactless.clone().ok_or(sw::NO_DIAGNOSIS)?.personality
    else {
        return Err(sw::NO_DIAGNOSIS);
    };
    application.atc = application.atc.checked_add(1).ok_or(sw::CONDITIONS_NOT_SATISFIED)?;
    transaction.phase = Phase::Initiated;
    transaction.values = dol::split(&application.profile.pdol, values);
    transaction.facts.tries_left = application.tries_left;
    let kind = decide::decide(application, &transaction.values);
    transaction.facts.first = Some(kind);
    Ok(template(tag::RESPONSE_FORMAT_2_77, &options(application, transaction, &own, kind)?).into())
}

/// The reader's qualifiers, as they came.
fn reader(values: &Values) -> Ttq {
    values.get(&k7::TTQ_9F66).and_then(|value| value.as_slice().try_into().ok()).map(apdu::Bits).unwrap_or_default()
}

/// Everything that one command has to tell.
fn options(
    application: &mut Application,
    transaction: &mut Transaction,
    own: &Personality,
    kind: Kind,
) -> Result<Vec<Vec<u8>>, StatusWord> {
    let reader = reader(&transaction.values);
    let qualifiers = own.qualifiers(reader);
    let signs = application.profile.authentication.dda && (kind == Kind::Tc || reader.has(ttq::ODA_FOR_ONLINE));
    let signs = signs && kind != Kind::Aac;
    let cryptogram = cryptogram(application, transaction)?;
    let mut objects = vec![object(tag::AIP_82, &application.announced_aip)];
    objects.extend(signs.then(|| object(tag::AFL_94, &application.afl)));
    objects.extend(cryptogram);
    objects.extend(own.tells_decision.then(|| object(tag::CRYPTOGRAM_INFORMATION_DATA_9F27, &[kind.bits()])));
    objects.push(track_2(&application.profile));
    let sequence = application.profile.sequence.filter(|_| !signs);
    objects.extend(sequence.map(|number| object(tag::PAN_SEQUENCE_NUMBER_5F34, &[number])));
    objects.extend(own.gives_qualifiers.then(|| object(k7::CTQ_9F6C, &qualifiers)));
    objects.extend(purse::told(application));
    if signs {
        objects.extend(sign(application, &transaction.values, own, qualifiers, kind));
    }
    Ok(objects)
}

/// Counter, cryptogram and issuer application data.
fn cryptogram(application: &Application, transaction: &mut Transaction) -> Result<[Vec<u8>; 3], StatusWord> {
    let (profile, atc) = (&application.profile, application.atc.to_be_bytes());
    let issuer_data = issuer_application_data(profile.version, profile.key_index, &transaction.facts);
    let own =
        [(tag::AIP_82, &application.aip[..]), (tag::ATC_9F36, &atc), (tag::ISSUER_APPLICATION_DATA_9F10, &issuer_data)];
    transaction.values.extend(own.map(|(tag, value)| (tag, value.to_vec())));
    let cryptogram = profile.version.cryptogram(&application.keys.cryptogram, &transaction.values);
    let cryptogram = cryptogram.ok_or(sw::CONDITIONS_NOT_SATISFIED)?;
    Ok([
        object(tag::ATC_9F36, &atc),
        object(tag::APPLICATION_CRYPTOGRAM_9F26, &cryptogram),
        object(tag::ISSUER_APPLICATION_DATA_9F10, &issuer_data),
    ])
}

impl Personality {
    /// Card transaction qualifiers for this reader.
    fn qualifiers(&self, reader: Ttq) -> [u8; 2] {
        let required = reader.has(ttq::CVM_REQUIRED);
        let pin = if self.pin.applies(required) { 0x80 } else { 0 };
        let signature = if self.signature.applies(required) { 0x40 } else { 0 };
        [pin | signature | self.wishes, if self.device { 0x80 } else { 0 }]
    }

    /// Version 01, a number of the card's own, the copy of the qualifiers, and what the issuer put behind them. Of a card
    /// without qualifiers the copy is zeros.
    fn related_data(&self, application: &mut Application, qualifiers: [u8; 2]) -> Option<Vec<u8>> {
        let [a, b, c, d, ..] = application.numbers.draw();
        let [first, second] = if self.gives_qualifiers { qualifiers } else { [0; 2] };
        let mut related = vec![0x01, a, b, c, d, first, second];
        related.resize(self.related?, 0x00);
        Some(related)
    }
}

/// The largest signature that fits into the answer beside everything else.
const FITS: usize = 128;

/// The signature, and the last record with what it covers; of a longer key the signature stands there too.
fn sign(
    application: &mut Application,
    values: &Values,
    own: &Personality,
    qualifiers: [u8; 2],
    kind: Kind,
) -> Option<Vec<u8>> {
    let related = own.related_data(application, qualifiers);
    let covered = [tag::UNPREDICTABLE_NUMBER_9F37, tag::AMOUNT_AUTHORISED_9F02, tag::TRANSACTION_CURRENCY_CODE_5F2A];
    let mut covered: Vec<u8> = covered.iter().filter_map(|tag| values.get(tag)).flatten().copied().collect();
    covered.extend(related.iter().flatten());
    let format = if kind == Kind::Tc { DynamicFormat::Offline } else { DynamicFormat::Online };
    let (number, wrong) = (application.atc.to_be_bytes(), application.wrong(Signed::Dynamic));
    let signature = signed_dynamic_data_of(format, &application.icc_key, &number, &covered, &wrong);
    let fits = signature.len() <= FITS;
    let signature = object(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B, &signature);
    let mut last: Vec<Vec<u8>> = Vec::new();
    last.extend(related.map(|related| object(k7::CARD_AUTHENTICATION_RELATED_DATA_9F69, &related)));
    last.extend((!fits).then(|| signature.clone()));
    application.records.insert(DYNAMIC_RECORD, template(tag::READ_RECORD_TEMPLATE_70, &last));
    fits.then_some(signature)
}
