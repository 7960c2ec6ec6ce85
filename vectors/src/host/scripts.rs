//! Issuer scripts with their MACs (`EMV 4.4 Book 3, 10.10`).

use apdu::{command::ins, tag};

use super::behaviour::Script;
use super::{Account, Pin};
use crate::cryptogram::Version;
use crate::symmetric::secure_messaging::{Channel, Style, visa_pin_block};
use crate::template::{object, template as put_together};

/// A script template: identifier, then one command or more.
pub(super) fn template(account: &Account<'_>, script: Script, before: bool) -> Vec<u8> {
    let outer = if before { tag::ISSUER_SCRIPT_TEMPLATE_1_71 } else { tag::ISSUER_SCRIPT_TEMPLATE_2_72 };
    if script == Script::Malformed {
        // The command says it is longer than the template.
        return object(outer, &[0x86, 0x7F, 0x84, 0x1E]);
    }
    let mut objects = vec![object(tag::ISSUER_SCRIPT_IDENTIFIER_9F18, &[0x00, 0x00, 0x00, 0x01])];
    objects.extend(commands(account, script).iter().map(|command| object(tag::ISSUER_SCRIPT_COMMAND_86, command)));
    put_together(outer, &objects)
}

fn commands(account: &Account<'_>, script: Script) -> Vec<Vec<u8>> {
    let channel = |index| account.channel(index);
    let bare = |instruction| vec![channel(0).command([0x84, instruction, 0x00, 0x00], &[])];
    match script {
        Script::PinUnblock => bare(ins::PIN_CHANGE_UNBLOCK),
        Script::ApplicationBlock => bare(ins::APPLICATION_BLOCK),
        Script::ApplicationUnblock => bare(ins::APPLICATION_UNBLOCK),
        Script::CardBlock => bare(ins::CARD_BLOCK),
        Script::PinChange => {
            let data = channel(0).encipher(&account.new_pin_block());
            vec![channel(0).command([0x84, ins::PIN_CHANGE_UNBLOCK, 0x00, 0x02], &data)]
        }
        Script::PutData => vec![
            channel(0).command([0x04, ins::PUT_DATA, 0x9F, 0x58], &[0x05]),
            channel(1).command([0x04, ins::PUT_DATA, 0x9F, 0x59], &[0x08]),
        ],
        Script::UpdateRecord => {
            let record = put_together(tag::READ_RECORD_TEMPLATE_70, &[object(tag::CARDHOLDER_NAME_5F20, b"NEW NAME/")]);
            vec![channel(0).command([0x04, ins::UPDATE_RECORD, 0x01, 0x0C], &record)]
        }
        Script::BadMac => bare(ins::APPLICATION_BLOCK).into_iter().map(spoiled).collect(),
        Script::Malformed => Vec::new(),
    }
}

fn spoiled(mut command: Vec<u8>) -> Vec<u8> {
    if let Some(last) = command.last_mut() {
        *last ^= 0xFF;
    }
    command
}

impl Account<'_> {
    fn channel(&self, index: u64) -> Channel {
        let keys = (&self.keys.integrity, &self.keys.confidentiality);
        let (atc, arqc) = (self.fixed(tag::ATC_9F36), self.fixed(tag::APPLICATION_CRYPTOGRAM_9F26));
        Channel::new(self.version.messaging(), keys, atc, arqc, index)
    }

    #[expect(clippy::expect_used, reason = "the literal is four digits")]
    fn new_pin_block(&self) -> [u8; 8] {
        let pin = Pin::new("4321").expect("digits");
        match Version::messaging(self.version) {
            Style::Visa | Style::UnionPay => visa_pin_block(&self.keys.cryptogram, &pin, None),
            Style::Mastercard | Style::Common => pin.block(2),
        }
    }
}
