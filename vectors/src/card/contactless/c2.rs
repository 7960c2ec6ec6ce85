//! An application as kernel 2 meets it (Mastercard; `EMV Contactless Book C-2`): chip data and a cryptogram with its CDA
//! signature, or tracks and a checksum; it measures its distance, keeps an operator's data, and gives a cryptogram that got
//! lost once more.

mod generate_ac;
mod storage;
mod stripe;
mod text;

use std::collections::VecDeque;
use std::time::Duration;

use apdu::{Command, StatusWord, Tag, command::ins, tag, tag::k2};

use crate::card::chip::Application;
use crate::card::get_data::get_data;
use crate::card::get_processing_options;
use crate::card::profile;
use crate::card::read_record::read_record;
use crate::card::reply::{Answer, parameters, sw};
use crate::card::transaction::{Phase, Transaction};
use crate::dol;
use crate::template::{object, template};

pub use storage::Storage;
pub(in crate::card) use text::give;

/// How it behaves.
#[derive(Clone, Debug)]
pub struct Personality {
    /// It knows EMV mode, and the AIP says so.
    pub emv_mode: bool,
    /// The device verifies its holder, and the AIP says so.
    pub on_device_cvm: bool,
    /// It answers EXCHANGE RELAY RESISTANCE DATA, and the AIP says so.
    pub relay_resistance: Option<RelayResistance>,
    /// Application capabilities information (`9F5D`).
    pub capabilities: Option<[u8; 3]>,
    /// Third party data (`9F6E`).
    pub third_party_data: Option<Vec<u8>>,
    /// POS cardholder interaction information (`DF4B`), one tap after the other; the last one stays.
    pub interaction: VecDeque<[u8; 3]>,
    /// DRDOL (`9F51`): it gives a cryptogram that got lost once more.
    pub recovery: Option<Vec<u8>>,
    /// An operator's data.
    pub storage: Option<Storage>,
    /// It has tracks for mag-stripe mode.
    pub stripe: bool,
    /// It has track 1 too.
    pub track_1: bool,
    /// The last cryptogram it gave, and the values it would be asked for again with.
    pub(crate) last: Option<Given>,
}

/// An answer that may get lost.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    answer: Vec<u8>,
    values: Vec<u8>,
}

/// What it says about its own speed, in units of 100 microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayResistance {
    /// Minimum time.
    pub minimum: u16,
    /// Maximum time.
    pub maximum: u16,
    /// Estimated transmission time.
    pub transmission: u16,
    /// How long it really takes, one try after the other; the last one stays.
    pub takes: Vec<u16>,
}

impl Default for Personality {
    fn default() -> Self {
        Self {
            emv_mode: true,
            on_device_cvm: false,
            relay_resistance: None,
            capabilities: None,
            third_party_data: None,
            interaction: VecDeque::new(),
            recovery: None,
            storage: None,
            stripe: false,
            track_1: false,
            last: None,
        }
    }
}

impl Personality {
    /// The AIP, from the one that its contacts would announce.
    pub(in crate::card) fn aip(&self, [first, _]: [u8; 2]) -> [u8; 2] {
        let bit = |set: bool, mask: u8| if set { mask } else { 0 };
        let second = bit(self.emv_mode, 0x80) | bit(self.relay_resistance.is_some(), 0x01);
        [(first & !0x60) | bit(self.on_device_cvm, 0x02), second]
    }

    /// What the FCI says besides.
    pub(in crate::card) fn fci_objects(&self, application: &profile::Application) -> Vec<Vec<u8>> {
        let capabilities = self.capabilities.map(|value| object(k2::APPLICATION_CAPABILITIES_INFORMATION_9F5D, &value));
        let id = self.storage.as_ref().map(|_| object(k2::DS_ID_9F5E, &storage::identifier(application)));
        capabilities.into_iter().chain(id).collect()
    }

    /// What the first record holds, when it is for mag-stripe mode.
    pub(in crate::card) fn stripe_objects(&self, application: &profile::Application) -> Option<Vec<Vec<u8>>> {
        self.stripe.then(|| stripe::objects(application, self.track_1))
    }

    /// What the records say besides, unsigned.
    pub(in crate::card) fn record_objects(&self) -> Vec<Vec<u8>> {
        let optional = |tag: Tag, value: Option<&Vec<u8>>| value.map(|value| object(tag, value));
        let objects = [
            optional(k2::DRDOL_9F51, self.recovery.as_ref()),
            optional(k2::THIRD_PARTY_DATA_9F6E, self.third_party_data.as_ref()),
            self.storage.as_ref().map(|storage| object(k2::DSDOL_9F5B, &storage.list)),
        ];
        objects.into_iter().flatten().collect()
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
        ins::EXCHANGE_RELAY_RESISTANCE_DATA => exchange_relay_resistance_data(application, transaction, command),
        ins::READ_RECORD => read_record(Some(&application.records), command),
        ins::GET_DATA => get_data(application, command),
        ins::PUT_DATA => put_data(application, command),
        ins::GENERATE_AC => generate_ac::generate_ac(application, transaction, command),
        ins::RECOVER_AC => generate_ac::recover_ac(application, command),
        ins::COMPUTE_CRYPTOGRAPHIC_CHECKSUM => stripe::checksum(application, transaction, command),
        _ => Err(sw::INSTRUCTION_NOT_SUPPORTED),
    }
}

fn personality(application: &mut Application) -> Result<&mut Personality, StatusWord> {
    match application.profile.contactless.as_mut().map(|contactless| &mut contactless.personality) {
        Some(super::Personality::C2(personality)) => Ok(personality),
        _ => Err(sw::INSTRUCTION_NOT_SUPPORTED),
    }
}

fn get_processing_options(application: &mut Application, transaction: &mut Transaction, command: &Command) -> Answer {
    let values = get_processing_options::pdol_values(application, transaction, command)?;
    application.atc = application.atc.checked_add(1).ok_or(sw::CONDITIONS_NOT_SATISFIED)?;
    transaction.phase = Phase::Initiated;
    transaction.received = values.to_vec();
    transaction.values = dol::split(&application.profile.pdol, values);
    transaction.facts.tries_left = application.tries_left;
    let mut objects = vec![object(tag::AIP_82, &application.announced_aip), object(tag::AFL_94, &application.afl)];
    let storage = personality(application)?.storage.clone();
    objects.extend(storage.iter().flat_map(Storage::slot));
    if application.profile.options_format == profile::Format::One && storage.is_none() {
        let values = [&application.announced_aip[..], &application.afl].concat();
        return Ok(object(tag::RESPONSE_FORMAT_1_80, &values).into());
    }
    Ok(template(tag::RESPONSE_FORMAT_2_77, &objects).into())
}

/// EXCHANGE RELAY RESISTANCE DATA: the answer takes as long as the personality says.
fn exchange_relay_resistance_data(
    application: &mut Application,
    transaction: &mut Transaction,
    command: &Command,
) -> Answer {
    parameters(command, 0x00, 0x00)?;
    let number = application.numbers.draw();
    let relay = personality(application)?.relay_resistance.as_ref().ok_or(sw::INSTRUCTION_NOT_SUPPORTED)?;
    let takes = relay.takes.get(transaction.distances).or(relay.takes.last()).copied().unwrap_or(relay.minimum);
    transaction.distances = transaction.distances.saturating_add(1);
    transaction.elapsed = Some(Duration::from_micros(u64::from(takes).saturating_mul(100)));
    let [times_1, times_2, times_3] = [relay.minimum, relay.maximum, relay.transmission].map(u16::to_be_bytes);
    let entropy = number.get(..4).unwrap_or(&number);
    let data = [entropy, &times_1, &times_2, &times_3].concat();
    transaction.distance = [command.data(), &data].concat();
    Ok(object(tag::RESPONSE_FORMAT_1_80, &data).into())
}

/// PUT DATA for the envelopes that nobody protects.
fn put_data(application: &mut Application, command: &Command) -> Answer {
    let [_, _, p1, p2] = command.header();
    let number = u16::from_be_bytes([p1, p2]);
    if !(0x9F75..=0x9F79).contains(&number) {
        return Err(sw::DATA_NOT_FOUND);
    }
    application.data.insert(number, command.data().to_vec());
    Ok(Vec::new().into())
}
