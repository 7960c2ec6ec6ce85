//! The two ways a card can be read (`EMV Contactless Book C-2, 3.3`), and what card and reader have in common.

use apdu::{
    Bits, tag,
    value::{Aip, aip},
};

use super::configuration::{TerminalStore, kernel_configuration};
use crate::{
    outcome::Outcome,
    store::{CardData, TerminalData},
};

/// How the card is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Chip data and a cryptogram.
    Emv,
    /// Track data and a checksum.
    MagStripe,
}

impl Mode {
    /// The mode both sides have: EMV mode before mag-stripe mode.
    pub fn choose(card: Aip, terminal: &TerminalData) -> Option<Self> {
        if card.has(aip::EMV_MODE) && !terminal.configured(kernel_configuration::EMV_NOT_SUPPORTED) {
            return Some(Self::Emv);
        }
        (!terminal.configured(kernel_configuration::MAG_STRIPE_NOT_SUPPORTED)).then_some(Self::MagStripe)
    }

    /// The mode of a run that has come this far.
    pub fn of(out: &Outcome) -> Self {
        let card = aip_of(&out.card);
        if out.card.has(tag::AIP_82) { Self::choose(card, &out.terminal).unwrap_or(Self::Emv) } else { Self::Emv }
    }
}

/// Application interchange profile (`82`); zeros without one.
pub(super) fn aip_of(card: &CardData) -> Aip {
    card.array(tag::AIP_82).map(Bits).unwrap_or_default()
}

/// On-device cardholder verification on both sides.
pub(super) fn on_device_cvm(card: Aip, terminal: &TerminalData) -> bool {
    card.has(aip::ON_DEVICE_CVM) && terminal.configured(kernel_configuration::ON_DEVICE_CVM)
}
