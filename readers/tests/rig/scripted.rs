//! A card that answers by a list of command prefixes: just enough to exercise a reader.

use std::{future::Future, thread, time::Duration};

use apdu::{Card, Command, Exchange, Fault, Response};

/// T=1, as EMV wants it.
pub const ATR_T1: &str = "3BE000FF8131FE4514";
/// T=0, as EMV wants it.
#[allow(dead_code, reason = "only one of the rigs speaks T=0")]
pub const ATR_T0: &str = "3B600000";

/// What to do on a command.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "each rig uses its own half")]
pub enum Say {
    /// Answer these bytes.
    Hex(&'static str),
    /// Answer that many bytes `AA` and `9000`.
    Long(usize),
    /// Leave the reader without an answer.
    Leave,
    /// Answer `9000` after so many milliseconds.
    Late(u64),
}

/// The card: the first rule whose prefix fits decides, else `6D00`.
pub struct Scripted {
    atr: Vec<u8>,
    rules: &'static [(&'static str, Say)],
}

impl Scripted {
    pub fn new(atr: &str, rules: &'static [(&'static str, Say)]) -> Self {
        Self { atr: hex::decode(atr).unwrap(), rules }
    }

    fn answer(&self, command: &Command) -> Result<Vec<u8>, Fault> {
        let command = hex::encode_upper(command.as_bytes());
        let rule = self.rules.iter().find(|(prefix, _)| command.starts_with(prefix));
        match rule.map_or(Say::Hex("6D00"), |(_, say)| *say) {
            Say::Hex(bytes) => Ok(hex::decode(bytes).unwrap()),
            Say::Long(length) => Ok([vec![0xAA; length], vec![0x90, 0]].concat()),
            Say::Leave => Err(Fault::Removed),
            Say::Late(time) => {
                thread::sleep(Duration::from_millis(time));
                Ok(vec![0x90, 0])
            }
        }
    }
}

impl Card for Scripted {
    fn transmit(&mut self, command: &Command) -> impl Future<Output = Result<Exchange, Fault>> {
        let response = self.answer(command).map(|bytes| Response::from_bytes(&bytes).unwrap());
        std::future::ready(response.map(|response| Exchange { response, elapsed: Duration::ZERO }))
    }

    fn atr(&self) -> &[u8] {
        &self.atr
    }
}

/// The answer to a command, both in hexadecimal.
pub fn ask(card: &mut impl Card, command: &str) -> Result<String, Fault> {
    let command = Command::from_bytes(&hex::decode(command).unwrap()).unwrap();
    emvident_readers::wait(card.transmit(&command)).map(|exchange| hex::encode_upper(exchange.response.as_bytes()))
}
