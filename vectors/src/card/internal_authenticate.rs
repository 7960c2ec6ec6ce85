//! INTERNAL AUTHENTICATE (`EMV 4.4 Book 3, 6.5.9`, `Book 2, 6.5`).

use apdu::{Command, tag};

use super::alteration::Signed;
use super::chip::Application;
use super::profile::Format;
use super::reply::{Answer, parameters, sw};
use super::transaction::{Phase, Transaction};
use crate::dol;
use crate::pki::signed_dynamic_data;
use crate::template::{object, template};

pub(super) fn internal_authenticate(
    application: &mut Application,
    transaction: &mut Transaction,
    command: &Command,
) -> Answer {
    parameters(command, 0x00, 0x00)?;
    if !application.profile.authentication.dda {
        return Err(sw::INSTRUCTION_NOT_SUPPORTED);
    }
    if transaction.phase != Phase::Initiated {
        return Err(sw::CONDITIONS_NOT_SATISFIED);
    }
    // Without a DDOL of its own the card goes by the one terminals have.
    let wanted = application.profile.ddol.as_ref().map_or(4, |ddol| dol::length(ddol));
    if command.data().len() != wanted {
        return Err(sw::WRONG_LENGTH);
    }
    let number = application.numbers.draw();
    let wrong = application.wrong(Signed::Dynamic);
    let signature = signed_dynamic_data(&application.icc_key, &number, command.data(), &wrong);
    transaction.facts.dda = true;
    Ok(match application.profile.dda_format {
        Format::One => object(tag::RESPONSE_FORMAT_1_80, &signature),
        Format::Two => {
            template(tag::RESPONSE_FORMAT_2_77, &[object(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B, &signature)])
        }
    }
    .into())
}
