//! Doubts about the terminal as a whole.

use apdu::value::{
    additional_terminal_capabilities as additional,
    terminal_capabilities::{self as capabilities, TerminalCapabilities},
};
use kernel::{Terminal, oda::keys::Kind};

use super::Check;
use crate::decode::country_by_number;

pub(super) const CHECKS: &[Check<Terminal>] = &[
    ("lint-no-application", |_, terminal| terminal.applications.is_empty()),
    ("lint-country-unknown", |_, terminal| !country_is_known(terminal)),
    ("lint-no-authentication", |_, terminal| {
        !terminal.terminal_type.online_only() && !authenticates(terminal.capabilities)
    }),
    // Byte 2 of the capabilities is the methods, bytes 1 and 2 of the additional ones are the kinds of transaction.
    ("lint-no-verification", |_, terminal| terminal.capabilities.0[1] == 0),
    ("lint-pin-without-keys", |_, terminal| {
        let asks = PINS.iter().any(|pin| terminal.capabilities.has(*pin));
        asks && !terminal.additional_capabilities.has(additional::NUMERIC_KEYS)
    }),
    ("lint-online-pin-offline", |_, terminal| {
        terminal.terminal_type.offline_only() && terminal.capabilities.has(capabilities::ONLINE_PIN)
    }),
    ("lint-signature-unattended", |_, terminal| {
        terminal.terminal_type.unattended() && terminal.capabilities.has(capabilities::SIGNATURE)
    }),
    ("lint-nothing-to-do", |_, terminal| terminal.additional_capabilities.0[..2] == [0; 2]),
    ("lint-no-display", |_, terminal| {
        let display = if terminal.terminal_type.attended() {
            [additional::DISPLAY_ATTENDANT, additional::DISPLAY_CARDHOLDER].as_slice()
        } else {
            &[additional::DISPLAY_CARDHOLDER]
        };
        !display.iter().any(|display| terminal.additional_capabilities.has(*display))
    }),
    ("lint-test-keys", |_, terminal| terminal.keys.iter().any(|key| key.kind() == Kind::Test)),
];

/// The terminal performs some offline data authentication.
pub(super) fn authenticates(of: TerminalCapabilities) -> bool {
    [capabilities::SDA, capabilities::DDA, capabilities::CDA, capabilities::XDA].iter().any(|method| of.has(*method))
}

fn country_is_known(terminal: &Terminal) -> bool {
    let number = apdu::value::bcd::to_number(&terminal.country).and_then(|number| u16::try_from(number).ok());
    number.is_some_and(|number| country_by_number(number).is_some())
}

const PINS: [apdu::Bit; 4] = [
    capabilities::PLAINTEXT_OFFLINE_PIN,
    capabilities::ENCIPHERED_OFFLINE_PIN_RSA,
    capabilities::ENCIPHERED_OFFLINE_PIN_ECC,
    capabilities::ONLINE_PIN,
];
