//! Issuer authentication data (tag `91`): made by the host, checked by the card.

use apdu::tag;

use super::Version;
use crate::dol::Values;
use crate::symmetric::{Key, arpc, tdes::Block};

/// What the issuer tells the card with its cryptogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The issuer approves.
    pub approved: bool,
    /// The two-byte response code of method 1.
    pub response_code: [u8; 2],
    /// The card status update of method 2; zeros under method 1.
    pub status_update: [u8; 4],
}

impl Approval {
    /// Approved or not, with the authorisation response code of the message.
    pub fn new(approved: bool, response_code: [u8; 2]) -> Self {
        let status_update = if approved { [0x00, 0x82, 0x00, 0x00] } else { [0; 4] };
        Self { approved, response_code, status_update }
    }

    /// The response code the card is told: Mastercard has one of its own.
    fn code(&self, version: Version) -> [u8; 2] {
        match (version, self.approved) {
            (Version::MChip10 | Version::MChip14, true) => [0x00, 0x10],
            (Version::MChip10 | Version::MChip14, false) => [0x00, 0x00],
            _ => self.response_code,
        }
    }
}

fn uses_status_update(version: Version) -> bool {
    matches!(version, Version::Visa18 | Version::Common)
}

/// The key of the response cryptogram: M/Chip `10` uses the master key, the others what the cryptogram used.
fn key(version: Version, master: &Key, values: &Values) -> Option<Key> {
    match version {
        Version::MChip10 => Some(master.clone()),
        _ => version.session_key(master, values),
    }
}

/// The value of tag `91` in answer to the ARQC in `values`, tag `9F26`; `None` when there is none.
pub fn issuer_authentication_data(
    version: Version,
    master: &Key,
    values: &Values,
    approval: Approval,
) -> Option<Vec<u8>> {
    let (key, arqc) = (key(version, master, values)?, arqc(values)?);
    if uses_status_update(version) {
        let update = approval.status_update;
        return Some([arpc::method_2(&key, arqc, update, &[]), update].concat());
    }
    let code = approval.code(version);
    Some([&arpc::method_1(&key, arqc, code)[..], &code].concat())
}

/// What the issuer said, when its cryptogram is right.
pub fn verify_issuer_authentication(version: Version, master: &Key, values: &Values, data: &[u8]) -> Option<Approval> {
    let (key, arqc) = (key(version, master, values)?, arqc(values)?);
    if uses_status_update(version) {
        let (claimed, rest) = data.split_first_chunk::<4>()?;
        let (update, proprietary) = rest.split_first_chunk::<4>()?;
        let right = arpc::method_2(&key, arqc, *update, proprietary) == *claimed;
        let approved = update[1] & 0x80 != 0;
        return right.then_some(Approval { approved, response_code: [0; 2], status_update: *update });
    }
    let (claimed, rest) = data.split_first_chunk::<8>()?;
    let (code, _) = rest.split_first_chunk::<2>()?;
    let right = arpc::method_1(&key, arqc, *code) == *claimed;
    right.then_some(Approval { approved: approves(version, *code), response_code: *code, status_update: [0; 4] })
}

fn approves(version: Version, code: [u8; 2]) -> bool {
    match version {
        Version::MChip10 | Version::MChip14 => code[1] & 0x10 != 0,
        _ => matches!(&code, b"00" | b"08" | b"10" | b"11"),
    }
}

fn arqc(values: &Values) -> Option<Block> {
    values.get(&tag::APPLICATION_CRYPTOGRAM_9F26)?.as_slice().try_into().ok()
}
