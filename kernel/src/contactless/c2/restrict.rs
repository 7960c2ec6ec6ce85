//! Processing restrictions (`EMV Contactless Book C-2, 7.7, PRE`): those of EMV, where the leave for goods or for services
//! is enough for a purchase.

use apdu::{tag, value::AdditionalTerminalCapabilities, value::TerminalType};

use super::configuration::TerminalStore;
use crate::{
    contact::restrict::{PointOfUse, Restrictions, restrict_at},
    outcome::Outcome,
    transaction::Transaction,
};

/// Goods and services.
const SELLS: [apdu::Bit; 2] =
    [apdu::value::additional_terminal_capabilities::GOODS, apdu::value::additional_terminal_capabilities::SERVICES];

/// What the restrictions make of the card.
pub(super) fn restrict(out: &Outcome, transaction: &Transaction) -> Restrictions {
    let sells: AdditionalTerminalCapabilities = out.terminal.bits(tag::ADDITIONAL_TERMINAL_CAPABILITIES_9F40);
    let terminal = PointOfUse {
        terminal_type: TerminalType(out.terminal.byte(tag::TERMINAL_TYPE_9F35)),
        additional_capabilities: SELLS.into_iter().fold(sells, AdditionalTerminalCapabilities::with),
        country: out.terminal.array(tag::TERMINAL_COUNTRY_CODE_9F1A).unwrap_or_default(),
        version: out.terminal.array(tag::APPLICATION_VERSION_TERMINAL_9F09).unwrap_or_default(),
    };
    restrict_at(&out.card, &terminal, transaction)
}
