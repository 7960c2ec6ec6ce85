//! What a command is called, for people.

use super::{Command, ins};

/// The name of the command with this instruction and class byte; `unknown command` when no table has it.
pub fn name(ins: u8, cla: u8) -> &'static str {
    match cla {
        0xFF => "reader command",
        0x80..=0x8F => proprietary(ins).or_else(|| interindustry(ins)).unwrap_or("unknown command"),
        _ => interindustry(ins).or_else(|| proprietary(ins)).unwrap_or("unknown command"),
    }
}

impl Command {
    /// What the command is called.
    pub fn name(&self) -> &'static str {
        let [cla, ins, ..] = self.header();
        name(ins, cla)
    }
}

/// Commands of ISO/IEC 7816-4 and -8.
fn interindustry(ins: u8) -> Option<&'static str> {
    Some(match ins {
        0x0E => "ERASE BINARY",
        ins::VERIFY | 0x21 => "VERIFY",
        0x22 => "MANAGE SECURITY ENVIRONMENT",
        ins::PIN_CHANGE_UNBLOCK => "CHANGE REFERENCE DATA",
        0x2A => "PERFORM SECURITY OPERATION",
        0x2C => "RESET RETRY COUNTER",
        0x70 => "MANAGE CHANNEL",
        ins::EXTERNAL_AUTHENTICATE => "EXTERNAL AUTHENTICATE",
        ins::GET_CHALLENGE => "GET CHALLENGE",
        ins::INTERNAL_AUTHENTICATE => "INTERNAL AUTHENTICATE",
        ins::SELECT => "SELECT",
        0xB0 | 0xB1 => "READ BINARY",
        ins::READ_RECORD | 0xB3 => "READ RECORD",
        ins::GET_RESPONSE => "GET RESPONSE",
        0xC2 => "ENVELOPE",
        ins::GET_DATA | 0xCB => "GET DATA",
        0xD0 | 0xD1 => "WRITE BINARY",
        0xD6 | 0xD7 => "UPDATE BINARY",
        ins::PUT_DATA | 0xDB => "PUT DATA",
        ins::UPDATE_RECORD | 0xDD => "UPDATE RECORD",
        0xE2 => "APPEND RECORD",
        _ => return None,
    })
}

/// Commands of EMV and its kernels, in the proprietary classes.
fn proprietary(ins: u8) -> Option<&'static str> {
    Some(match ins {
        ins::APPLICATION_BLOCK => "APPLICATION BLOCK",
        ins::APPLICATION_UNBLOCK => "APPLICATION UNBLOCK",
        ins::CARD_BLOCK => "CARD BLOCK",
        ins::PIN_CHANGE_UNBLOCK => "PIN CHANGE/UNBLOCK",
        0x2A => "COMPUTE CRYPTOGRAPHIC CHECKSUM",
        0x32 => "READ DATA",
        0x34 => "WRITE DATA",
        ins::GET_PROCESSING_OPTIONS => "GET PROCESSING OPTIONS",
        ins::GENERATE_AC => "GENERATE APPLICATION CRYPTOGRAM",
        0xD0 => "RECOVER APPLICATION CRYPTOGRAM",
        0xEA => "EXCHANGE RELAY RESISTANCE DATA",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_decides_between_two_names() {
        assert_eq!(Command::generate_ac(0x80, &[]).unwrap().name(), "GENERATE APPLICATION CRYPTOGRAM");
        assert_eq!(name(0x2A, 0x80), "COMPUTE CRYPTOGRAPHIC CHECKSUM");
        assert_eq!(name(0x2A, 0x00), "PERFORM SECURITY OPERATION");
        assert_eq!(name(ins::PIN_CHANGE_UNBLOCK, 0x8C), "PIN CHANGE/UNBLOCK");
        assert_eq!(name(ins::GET_DATA, 0x80), "GET DATA");
        assert_eq!(name(ins::CARD_BLOCK, 0x84), "CARD BLOCK");
        assert_eq!(name(0xCA, 0xFF), "reader command");
        assert_eq!(name(0x55, 0x00), "unknown command");
    }
}
