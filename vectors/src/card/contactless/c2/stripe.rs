//! Mag-stripe mode (`EMV Contactless Book C-2, 3.3 and 5.2`): tracks with room for a checksum over the reader's number.

use apdu::{Command, tag, tag::k2};

use super::personality;
use crate::card::chip::Application;
use crate::card::profile;
use crate::card::reply::{Answer, sw};
use crate::card::transaction::{Phase, Transaction};
use crate::cvc3::{self, TRACK_1, TRACK_2};
use crate::dol;
use crate::template::{object, template};

/// What the first record holds.
pub(super) fn objects(application: &profile::Application, track_1: bool) -> Vec<Vec<u8>> {
    let mut objects = vec![
        object(k2::TRACK_2_DATA_9F6B, &cvc3::track_2(application)),
        object(k2::PCVC3_TRACK_2_9F65, &TRACK_2.checksum.to_be_bytes()),
        object(k2::PUNATC_TRACK_2_9F66, &TRACK_2.numbers.to_be_bytes()),
        object(k2::NATC_TRACK_2_9F67, &[TRACK_2.counter_digits]),
    ];
    if track_1 {
        let wide = |bits: u16| [&[0; 4], &bits.to_be_bytes()[..]].concat();
        objects.extend([
            object(tag::TRACK_1_DATA_56, &cvc3::track_1(application)),
            object(k2::PCVC3_TRACK_1_9F62, &wide(TRACK_1.checksum)),
            object(k2::PUNATC_TRACK_1_9F63, &wide(TRACK_1.numbers)),
            object(k2::NATC_TRACK_1_9F64, &[TRACK_1.counter_digits]),
        ]);
    }
    objects
}

/// The values of the default UDOL.
const UDOL: [u8; 3] = [0x9F, 0x6A, 0x04];

/// COMPUTE CRYPTOGRAPHIC CHECKSUM.
pub(super) fn checksum(application: &mut Application, transaction: &mut Transaction, command: &Command) -> Answer {
    if command.header() != [0x80, 0x2A, 0x8E, 0x80] || transaction.phase != Phase::Initiated {
        return Err(sw::CONDITIONS_NOT_SATISFIED);
    }
    let number: [u8; 4] = command.data().try_into().map_err(|_| sw::WRONG_LENGTH)?;
    transaction.values.extend(dol::split(&UDOL, &number));
    transaction.phase = Phase::Complete;
    let counter = application.atc.to_be_bytes();
    let key = cvc3::key(&application.profile.pan, application.profile.sequence.unwrap_or(0));
    let (first, second) = (cvc3::track_1(&application.profile), cvc3::track_2(&application.profile));
    let personality = personality(application)?;
    let interaction = personality.interaction.pop_front();
    let mut objects = vec![object(tag::ATC_9F36, &counter)];
    let refuses = interaction.is_some_and(|[_, second, third]| (second & 0x03) | (third & 0x0F) != 0);
    objects.extend(interaction.map(|value| object(k2::POS_CARDHOLDER_INTERACTION_DF4B, &value)));
    if !refuses {
        objects.push(object(k2::CVC3_TRACK_2_9F61, &cvc3::checksum(&key, &second, number, counter)));
        if personality.track_1 {
            objects.push(object(k2::CVC3_TRACK_1_9F60, &cvc3::checksum(&key, &first, number, counter)));
        }
    }
    Ok(template(tag::RESPONSE_FORMAT_2_77, &objects).into())
}
