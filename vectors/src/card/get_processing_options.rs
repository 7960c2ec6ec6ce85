//! GET PROCESSING OPTIONS (`EMV 4.4 Book 3, 6.5.8`): the transaction starts and the counter moves.

use apdu::{Command, StatusWord, tag, tlv};

use super::chip::Application;
use super::profile::Format;
use super::reply::{Answer, parameters, sw};
use super::transaction::{Phase, Transaction};
use crate::dol;
use crate::template::{object, template};

pub(super) fn get_processing_options(
    application: &mut Application,
    transaction: &mut Transaction,
    command: &Command,
) -> Answer {
    let values = pdol_values(application, transaction, command)?;
    application.atc = application.atc.checked_add(1).ok_or(sw::CONDITIONS_NOT_SATISFIED)?;
    transaction.phase = Phase::Initiated;
    transaction.received = values.to_vec();
    transaction.values = dol::split(&application.profile.pdol, values);
    transaction.facts.tries_left = application.tries_left;
    Ok(options(application).into())
}

/// The values of the PDOL, when the command is right and comes in time.
pub(super) fn pdol_values<'c>(
    application: &Application,
    transaction: &Transaction,
    command: &'c Command,
) -> Result<&'c [u8], StatusWord> {
    parameters(command, 0x00, 0x00)?;
    if transaction.phase != Phase::Selected {
        return Err(sw::CONDITIONS_NOT_SATISFIED);
    }
    let values = tlv::find(command.data(), tag::COMMAND_TEMPLATE_83).ok().flatten().ok_or(sw::WRONG_DATA)?;
    if values.raw.len() != command.data().len() || values.value.len() != dol::length(&application.profile.pdol) {
        return Err(sw::WRONG_LENGTH);
    }
    Ok(values.value)
}

fn options(application: &Application) -> Vec<u8> {
    let (aip, afl) = (&application.announced_aip, &application.afl);
    match application.profile.options_format {
        Format::One => object(tag::RESPONSE_FORMAT_1_80, &[&aip[..], afl].concat()),
        Format::Two => template(tag::RESPONSE_FORMAT_2_77, &[object(tag::AIP_82, aip), object(tag::AFL_94, afl)]),
    }
}
