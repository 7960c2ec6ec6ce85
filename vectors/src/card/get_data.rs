//! GET DATA (`EMV 4.4 Book 3, 6.5.7`): counters, the log format, and the issuer's own objects.

use apdu::{Command, Tag, tag};

use super::chip::Application;
use super::reply::{Answer, sw};
use super::transaction_log;
use crate::template::object;

pub(super) fn get_data(application: &Application, command: &Command) -> Answer {
    let [_, _, p1, p2] = command.header();
    if !command.data().is_empty() {
        return Err(sw::WRONG_LENGTH);
    }
    let number = u16::from_be_bytes([p1, p2]);
    let wanted = Tag::new(u32::from(number));
    let value = match wanted {
        tag::ATC_9F36 => Some(application.atc.to_be_bytes().to_vec()),
        tag::LAST_ONLINE_ATC_9F13 => Some(application.last_online_atc.to_be_bytes().to_vec()),
        tag::PIN_TRY_COUNTER_9F17 => application.pin.as_ref().map(|_| vec![application.tries_left]),
        tag::LOG_FORMAT_9F4F => application.profile.log.then(|| transaction_log::FORMAT.to_vec()),
        _ => application.data.get(&number).cloned(),
    };
    value.map(|value| object(wanted, &value).into()).ok_or(sw::DATA_NOT_FOUND)
}
