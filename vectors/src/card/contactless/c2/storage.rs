//! An operator's data on the card (`EMV Contactless Book C-2, 3.6`).

use apdu::tag::k2;

use crate::card::profile;
use crate::symmetric::Key;
use crate::symmetric::tdes::pad_80;
use crate::template::object;

/// The slot and its summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storage {
    /// DSDOL (`9F5B`): what it wants to know before it writes.
    pub list: Vec<u8>,
    /// DS summary 1 (`9F7D`).
    pub summary: [u8; 8],
    /// DS slot availability (`9F5F`), of a slot nobody has.
    pub availability: u8,
    /// Operator's data (`9F54`), of a slot that somebody has.
    pub data: Option<Vec<u8>>,
    /// It says it has written and has not.
    pub broken: bool,
}

impl Default for Storage {
    fn default() -> Self {
        let list = vec![0xDF, 0x62, 0x01, 0xDF, 0x61, 0x08, 0xDF, 0x63, 0xA0];
        Self { list, summary: [0x11; 8], availability: 0x80, data: None, broken: false }
    }
}

impl Storage {
    /// What GET PROCESSING OPTIONS tells about the slot.
    pub(super) fn slot(&self) -> Vec<Vec<u8>> {
        let mut objects =
            vec![object(k2::DS_SUMMARY_1_9F7D, &self.summary), object(k2::DS_SLOT_MANAGEMENT_CONTROL_9F6F, &[0x80])];
        match &self.data {
            Some(data) => objects.push(object(k2::DS_ODS_CARD_9F54, data)),
            None => {
                objects.push(object(k2::DS_SLOT_AVAILABILITY_9F5F, &[self.availability]));
                objects.push(object(k2::DS_UNPREDICTABLE_NUMBER_9F7F, &[0xD5, 0x01, 0x02, 0x03]));
            }
        }
        objects
    }
}

/// DS ID (`9F5E`): card number and sequence number, filled on the left.
pub(super) fn identifier(application: &profile::Application) -> Vec<u8> {
    let digits = format!("{}{:02X}", application.pan.digits(), application.sequence.unwrap_or(0));
    let length = digits.len().div_ceil(2).max(8).saturating_mul(2);
    hex::decode(format!("{digits:0>length$}")).unwrap_or_default()
}

/// Writes what came behind CDOL1, and gives the summaries to be signed: before, and after when there was something to
/// write.
pub(super) fn write(storage: &mut Storage, key: &Key, stored: &[u8]) -> Vec<u8> {
    let before = storage.summary;
    if stored.is_empty() {
        return before.to_vec();
    }
    if !storage.broken {
        storage.summary = key.mac(&pad_80(&[&before, stored].concat()));
    }
    [before, storage.summary].concat()
}
