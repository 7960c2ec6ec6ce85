//! Configuration of the kernel: its data objects, with the values that stand where none is configured
//! (`EMV Contactless Book C-2, 4.2` and Annex A).

use apdu::{Bit, Bits, Tag, tag, tag::k2, value::bcd};

use crate::{finding::Place, store::TerminalData};

/// Kernel configuration (`DF811B`).
pub(super) mod kernel_configuration {
    use apdu::Bit;

    /// Mag-stripe mode is not supported.
    pub const MAG_STRIPE_NOT_SUPPORTED: Bit = Bit::new(1, 8);
    /// EMV mode is not supported.
    pub const EMV_NOT_SUPPORTED: Bit = Bit::new(1, 7);
    /// On-device cardholder verification is supported.
    pub const ON_DEVICE_CVM: Bit = Bit::new(1, 6);
    /// Relay resistance is supported.
    pub const RELAY_RESISTANCE: Bit = Bit::new(1, 5);
}

/// Without these in the configuration, these values stand.
const DEFAULTS: [(Tag, &[u8]); 36] = [
    (tag::ADDITIONAL_TERMINAL_CAPABILITIES_9F40, &[0; 5]),
    (tag::TERMINAL_COUNTRY_CODE_9F1A, &[0; 2]),
    (tag::TERMINAL_TYPE_9F35, &[0]),
    (tag::TRANSACTION_TYPE_9C, &[0]),
    (k2::CARD_DATA_INPUT_CAPABILITY_DF8117, &[0]),
    (k2::CVM_CAPABILITY_REQUIRED_DF8118, &[0]),
    (k2::CVM_CAPABILITY_NOT_REQUIRED_DF8119, &[0]),
    (k2::DEFAULT_UDOL_DF811A, &[0x9F, 0x6A, 0x04]),
    (k2::HOLD_TIME_DF8130, &[0x0D]),
    (k2::KERNEL_CONFIGURATION_DF811B, &[0x00]),
    (k2::KERNEL_ID_DF810C, &[0x02]),
    (k2::MAG_STRIPE_APPLICATION_VERSION_9F6D, &[0x00, 0x01]),
    (k2::MAG_STRIPE_CVM_REQUIRED_DF811E, &[0xF0]),
    (k2::MAG_STRIPE_CVM_NOT_REQUIRED_DF812C, &[0xF0]),
    (k2::TORN_LIFETIME_DF811C, &[0x01, 0x2C]),
    (k2::TORN_RECORDS_DF811D, &[0x00]),
    (k2::MESSAGE_HOLD_TIME_DF812D, &[0x00, 0x00, 0x13]),
    (k2::MAXIMUM_RELAY_RESISTANCE_GRACE_DF8133, &[0x00, 0x32]),
    (k2::MINIMUM_RELAY_RESISTANCE_GRACE_DF8132, &[0x00, 0x14]),
    (k2::EXPECTED_COMMAND_TIME_DF8134, &[0x00, 0x12]),
    (k2::EXPECTED_RESPONSE_TIME_DF8135, &[0x00, 0x18]),
    (k2::RELAY_RESISTANCE_ACCURACY_DF8136, &[0x01, 0x2C]),
    (k2::RELAY_RESISTANCE_MISMATCH_DF8137, &[0x32]),
    (k2::READER_FLOOR_LIMIT_DF8123, &[0; 6]),
    (k2::TRANSACTION_LIMIT_DF8124, &[0; 6]),
    (k2::TRANSACTION_LIMIT_ON_DEVICE_CVM_DF8125, &[0; 6]),
    (k2::CVM_REQUIRED_LIMIT_DF8126, &[0; 6]),
    (k2::SECURITY_CAPABILITY_DF811F, &[0]),
    (k2::TAC_DEFAULT_DF8120, TAC),
    (k2::TAC_DENIAL_DF8121, TAC),
    (k2::TAC_ONLINE_DF8122, TAC),
    (k2::TIME_OUT_DF8127, &[0x01, 0xF4]),
    (k2::PHONE_MESSAGE_TABLE_DF8131, PHONE_MESSAGES),
    // What the kernel itself counts and notes.
    (k2::MOBILE_SUPPORT_INDICATOR_9F7E, &[0x01]),
    (k2::RRP_COUNTER_DF8307, &[0]),
    (k2::IDS_STATUS_DF8128, &[0]),
];

const TAC: &[u8] = &[0x84, 0x00, 0x00, 0x00, 0x0C];

/// Rows of mask, value, message and status: what a phone wants its holder to do.
const PHONE_MESSAGES: &[u8] = &[
    0x00, 0x00, 0x01, 0x00, 0x00, 0x01, 0x20, 0x00, //
    0x00, 0x08, 0x00, 0x00, 0x08, 0x00, 0x20, 0x00, //
    0x00, 0x04, 0x00, 0x00, 0x04, 0x00, 0x20, 0x00, //
    0x00, 0x01, 0x00, 0x00, 0x01, 0x00, 0x20, 0x00, //
    0x00, 0x02, 0x00, 0x00, 0x02, 0x00, 0x20, 0x00, //
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x07, 0x00,
];

/// The version of the kernel's rules that cards may name (`9F09`).
const VERSION: [u8; 2] = [0x00, 0x02];

/// Puts the defaults where the configuration, `configured`, has nothing, and what every run begins with.
pub(super) fn complete(terminal: &mut TerminalData, configured: &[(Tag, alloc::vec::Vec<u8>)]) {
    DEFAULTS.iter().for_each(|(tag, value)| {
        if !terminal.has(*tag) {
            terminal.set(*tag, value);
        }
    });
    if !configured.iter().any(|(tag, _)| *tag == tag::APPLICATION_VERSION_TERMINAL_9F09) {
        terminal.set(tag::APPLICATION_VERSION_TERMINAL_9F09, &VERSION);
    }
    terminal.set(tag::CVM_RESULTS_9F34, &[0; 3]);
    let input = terminal.byte(k2::CARD_DATA_INPUT_CAPABILITY_DF8117);
    let security = terminal.byte(k2::SECURITY_CAPABILITY_DF811F);
    terminal.set(tag::TERMINAL_CAPABILITIES_9F33, &[input, 0x00, security]);
}

/// Reading the kernel's objects from the terminal's data, and writing them.
pub(super) trait TerminalStore {
    /// Puts a value.
    fn set(&mut self, tag: Tag, value: &[u8]);
    /// The first byte of a value; zero without one.
    fn byte(&self, tag: Tag) -> u8;
    /// A binary number.
    fn number(&self, tag: Tag) -> u64;
    /// A number in digits: minor units.
    fn amount(&self, tag: Tag) -> u64;
    /// Whether a bit of the kernel configuration is set.
    fn configured(&self, bit: Bit) -> bool;
    /// A bit string; zeros without one.
    fn bits<const N: usize>(&self, tag: Tag) -> Bits<N>;
    /// Whether the object is there and empty: it is wanted from the card or from the terminal.
    fn asked_for(&self, tag: Tag) -> bool;
    /// The value, when it is there and not empty.
    fn given(&self, tag: Tag) -> Option<&[u8]>;
}

impl TerminalStore for TerminalData {
    fn set(&mut self, tag: Tag, value: &[u8]) {
        self.put(tag, value, Place::default());
    }

    fn byte(&self, tag: Tag) -> u8 {
        self.value(tag).and_then(|value| value.first()).copied().unwrap_or_default()
    }

    fn number(&self, tag: Tag) -> u64 {
        let value = self.value(tag).unwrap_or(&[]);
        value.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
    }

    fn amount(&self, tag: Tag) -> u64 {
        self.value(tag).and_then(bcd::to_number).unwrap_or_default()
    }

    fn configured(&self, bit: Bit) -> bool {
        Bits([self.byte(k2::KERNEL_CONFIGURATION_DF811B)]).has(bit)
    }

    fn bits<const N: usize>(&self, tag: Tag) -> Bits<N> {
        self.array(tag).map(Bits).unwrap_or_default()
    }

    fn asked_for(&self, tag: Tag) -> bool {
        self.value(tag).is_some_and(<[u8]>::is_empty)
    }

    fn given(&self, tag: Tag) -> Option<&[u8]> {
        self.value(tag).filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_configured_stands_and_the_rest_has_its_default() {
        let mut terminal = TerminalData::default();
        terminal.set(k2::TORN_RECORDS_DF811D, &[3]);
        terminal.set(k2::SECURITY_CAPABILITY_DF811F, &[0x08]);
        terminal.set(tag::APPLICATION_VERSION_TERMINAL_9F09, &[0, 0]);
        complete(&mut terminal, &[]);
        assert_eq!(terminal.byte(k2::TORN_RECORDS_DF811D), 3);
        assert_eq!(terminal.number(k2::TORN_LIFETIME_DF811C), 300);
        assert_eq!(terminal.value(tag::TERMINAL_CAPABILITIES_9F33), Some(&[0x00, 0x00, 0x08][..]));
        assert_eq!(terminal.value(tag::APPLICATION_VERSION_TERMINAL_9F09), Some(&VERSION[..]));
        assert_eq!(terminal.amount(k2::TRANSACTION_LIMIT_DF8124), 0);
    }
}
