//! What a personalised card holds, and what of it lasts when the power goes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::alteration::Signed;
use super::numbers::Numbers;
use super::profile;
use crate::issuer_keys::CardKeys;
use crate::pki::{Defects, PrivateKey};
use crate::secret::Pin;

/// Name of the payment system directory.
pub(super) const PSE: &[u8] = b"1PAY.SYS.DDF01";

/// Records by SFI and number.
pub(super) type Files = BTreeMap<(u8, u8), Vec<u8>>;

/// Everything that lasts.
#[derive(Clone)]
pub(super) struct Chip {
    pub(super) blocked: bool,
    pub(super) directory: Option<Directory>,
    /// The FCI of the contactless directory.
    pub(super) contactless_directory: Option<Vec<u8>>,
    pub(super) applications: Vec<Application>,
}

/// The payment system directory.
#[derive(Clone)]
pub(super) struct Directory {
    pub(super) fci: Vec<u8>,
    pub(super) records: Files,
    pub(super) blocked: bool,
}

/// An application as it is on the chip.
#[derive(Clone)]
pub(super) struct Application {
    pub(super) profile: profile::Application,
    pub(super) fci: Vec<u8>,
    /// The AIP the card counts with.
    pub(super) aip: [u8; 2],
    /// The AIP it announces, which an alteration can make another.
    pub(super) announced_aip: Vec<u8>,
    pub(super) afl: Vec<u8>,
    pub(super) records: Files,
    pub(super) icc_key: Arc<PrivateKey>,
    /// The key for enciphered PINs, when there is one.
    pub(super) pin_key: Option<Arc<PrivateKey>>,
    pub(super) defects: BTreeMap<Signed, Defects>,
    pub(super) keys: CardKeys,
    pub(super) blocked: bool,
    pub(super) atc: u16,
    pub(super) last_online_atc: u16,
    pub(super) pin: Option<Pin>,
    pub(super) tries_left: u8,
    pub(super) data: BTreeMap<u16, Vec<u8>>,
    pub(super) numbers: Numbers,
}

impl Application {
    /// What is to be wrong in a signature.
    pub(super) fn wrong(&self, signed: Signed) -> Defects {
        self.defects.get(&signed).cloned().unwrap_or_default()
    }
}
