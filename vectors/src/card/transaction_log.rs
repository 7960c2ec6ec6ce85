//! The transaction log (`EMV 4.4 Book 3, Annex D`): cyclic, newest first.

use apdu::{Tag, tag};

use super::chip::Application;
use crate::dol::{self, Values};

/// SFI of the log.
pub(super) const SFI: u8 = 11;
/// How many transactions are kept.
pub(super) const RECORDS: u8 = 10;

/// Log format: date, time, both amounts, country, currency, merchant, type, counter.
pub(super) const FORMAT: [u8; 25] = [
    0x9A, 0x03, 0x9F, 0x21, 0x03, 0x9F, 0x02, 0x06, 0x9F, 0x03, 0x06, 0x9F, 0x1A, 0x02, 0x5F, 0x2A, 0x02, 0x9F, 0x4E,
    0x14, 0x9C, 0x01, 0x9F, 0x36, 0x02,
];

/// Writes an approved transaction; values the terminal did not give are zeros.
pub(super) fn write(application: &mut Application, values: &Values) {
    if !application.profile.log {
        return;
    }
    for number in (1..RECORDS).rev() {
        if let Some(record) = application.records.remove(&(SFI, number)) {
            application.records.insert((SFI, number.saturating_add(1)), record);
        }
    }
    let record = dol::entries(&FORMAT).into_iter().flat_map(|(tag, length)| value(application, values, tag, length));
    let record = record.collect();
    application.records.insert((SFI, 1), record);
}

fn value(application: &Application, values: &Values, wanted: Tag, length: usize) -> Vec<u8> {
    let own = (wanted == tag::ATC_9F36).then(|| application.atc.to_be_bytes().to_vec());
    let mut value = own.or_else(|| values.get(&wanted).cloned()).unwrap_or_default();
    value.resize(length, 0);
    value
}
