//! Commands of issuer scripts against those that issuers send. Whoever stands between host and terminal can put any command
//! into a script: a SELECT, a VERIFY, a GENERATE AC in the terminal's name.

use apdu::{
    Command,
    command::ins::{APPLICATION_BLOCK, APPLICATION_UNBLOCK, CARD_BLOCK, PIN_CHANGE_UNBLOCK, PUT_DATA, UPDATE_RECORD},
    tag,
};

use crate::finding::{Certainty, Evidence, Fact, Finding, Reason, Severity};

/// Post-issuance commands (`EMV 4.4 Book 3, 6.5`, and those of the common core definition), with UPDATE BINARY and PUT KEY
/// of the platforms cards are built on (ISO/IEC 7816-4; GlobalPlatform Card Specification 2.3, 11.8).
const INSTRUCTIONS: [u8; 8] =
    [APPLICATION_BLOCK, APPLICATION_UNBLOCK, CARD_BLOCK, PIN_CHANGE_UNBLOCK, PUT_DATA, UPDATE_RECORD, 0xD6, 0xD8];

/// Secure messaging in the class byte, of the interindustry classes and of the proprietary one (`EMV 4.4 Book 3, 6.3.2`).
const SECURE_CLASSES: [u8; 4] = [0x04, 0x0C, 0x84, 0x8C];

/// A command that is none of an issuer's, or that is not secured.
pub fn check(command: &Command, number: u8, identifier: [u8; 4]) -> Option<Finding> {
    let [class, instruction, ..] = command.header();
    if INSTRUCTIONS.contains(&instruction) && SECURE_CLASSES.contains(&class) {
        return None;
    }
    let finding = Finding::new(Reason::ScriptInstructionUnusual).severity(Severity::Info).certainty(Certainty::Likely);
    let which = Evidence::found(Fact::ScriptIdentifier, identifier).in_tag(tag::ISSUER_SCRIPT_IDENTIFIER_9F18);
    let header = Evidence::found(Fact::ScriptCommand, [class, instruction]).in_tag(tag::ISSUER_SCRIPT_COMMAND_86);
    Some(finding.with(header).with(Evidence::found(Fact::ScriptCommand, number)).with(which))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unusual(hex: &str) -> bool {
        check(&Command::from_bytes(&hex::decode(hex).unwrap()).unwrap(), 1, [0; 4]).is_some()
    }

    #[test]
    fn what_issuers_send_is_silent() {
        for command in
            ["8424000000", "841E000004AABBCCDD", "8C18000004AABBCCDD", "04DA9F58050100000000", "04DC010C0100"]
        {
            assert!(!unusual(command), "{command}");
        }
    }

    #[test]
    fn what_no_issuer_sends_is_told() {
        let commands = ["00A4040000", "80AE400000", "002000800824123456FFFFFFFF", "8024000000", "84CA9F1700"];
        for command in commands {
            assert!(unusual(command), "{command}");
        }
    }
}
