//! Between terminal and card: what is recorded there, and what is changed on either side of the recording.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use emvident::{
    apdu::{Card, Command, Exchange as Answered, Fault, command::ins},
    kernel::{Outcome, contact::purchase},
    readers::wait,
    vectors::SoftwareCard,
};

use super::good::{Good, Laid};

/// A change to the data of one command.
#[derive(Clone, Debug)]
pub struct Rewrite {
    pub ins: u8,
    /// Which of the commands with this INS, from 1.
    pub time: usize,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    /// XOR into the values.
    Flip(usize, u8),
    /// One byte less.
    Shorter,
    /// One byte more.
    Longer,
    /// Another P1.
    P1(u8),
}

/// One recorded exchange.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub command: Vec<u8>,
    pub response: Option<Vec<u8>>,
}

struct Line<'g> {
    card: SoftwareCard,
    good: &'g Good,
    times: BTreeMap<u8, usize>,
    recorded: Rc<RefCell<Vec<Exchange>>>,
}

impl Card for Line<'_> {
    async fn transmit(&mut self, command: &Command) -> Result<Answered, Fault> {
        let time = self.times.entry(command.ins()).or_default();
        *time += 1;
        let sent = rewritten(command, &self.good.misbuilt, *time);
        let arrived = rewritten(&sent, &self.good.in_transit, *time);
        let answer = self.card.transmit(&arrived).await;
        let response = answer.as_ref().ok().map(|answer| answer.response.as_bytes().to_vec());
        self.recorded.borrow_mut().push(Exchange { command: sent.as_bytes().to_vec(), response });
        answer
    }

    fn atr(&self) -> &[u8] {
        self.card.atr()
    }
}

fn rewritten(command: &Command, all: &[Rewrite], time: usize) -> Command {
    let mine = all.iter().filter(|rewrite| rewrite.ins == command.ins() && rewrite.time == time);
    mine.fold(command.clone(), |command, rewrite| apply(&command, &rewrite.what))
}

fn apply(command: &Command, what: &What) -> Command {
    let mut header = command.header();
    // GET PROCESSING OPTIONS has its values in a template.
    let template = usize::from(command.ins() == ins::GET_PROCESSING_OPTIONS) * 2;
    let mut data = command.data().to_vec();
    match what {
        What::Flip(at, by) => data[template + at] ^= by,
        What::Shorter => {
            data.pop();
        }
        What::Longer => data.push(0),
        What::P1(p1) => header[2] = *p1,
    }
    if template == 2 {
        data[1] = (data.len() - 2) as u8;
    }
    Command::new(header, &data, command.le()).expect("a command")
}

/// Plays a transaction: what the terminal made of it, and what a tap on the line has.
pub fn play(good: &Good) -> (Outcome, Vec<Exchange>) {
    let Laid { card, mut people, terminal, transaction } = good.lay();
    let recorded = Rc::default();
    let mut line = Line { card, good, times: BTreeMap::new(), recorded: Rc::clone(&recorded) };
    let outcome = wait(purchase(&mut line, &mut people, &terminal, &transaction));
    let mut exchanges = recorded.take();
    if let Some((ins, with_command)) = good.ends_at
        && let Some(at) = exchanges.iter().position(|exchange| exchange.command[1] == ins)
    {
        exchanges.truncate(at + usize::from(with_command));
        exchanges.iter_mut().skip(at).for_each(|last| last.response = None);
    }
    (outcome, exchanges)
}

/// The recording that comes of the commands in `exchanges` when another card answers them: a terminal that notices nothing.
pub fn unnoticed(exchanges: &[Exchange], other: &Good) -> Vec<Exchange> {
    let mut card = other.lay().card;
    let answer = |exchange: &Exchange| {
        let command = Command::from_bytes(&exchange.command).expect("a command");
        let response = card.answer(&command).ok().map(|response| response.as_bytes().to_vec());
        Exchange { command: exchange.command.clone(), response }
    };
    exchanges.iter().map(answer).collect()
}

/// How a log is written down. Each holds the bytes both sides sent, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Arrows,
    Words,
    /// As a T=0 reader logs it: answers are fetched.
    Fetched,
    Json,
}

impl Written {
    pub const ALL: [Self; 4] = [Self::Arrows, Self::Words, Self::Fetched, Self::Json];

    pub fn write(self, exchanges: &[Exchange]) -> String {
        match self {
            Self::Arrows => labelled(exchanges, "-> ", "<- "),
            Self::Words => labelled(exchanges, "C-APDU: ", "R-APDU: "),
            Self::Fetched => labelled(&exchanges.iter().flat_map(fetched).collect::<Vec<_>>(), ">> ", "<< "),
            Self::Json if exchanges.iter().all(|exchange| exchange.response.is_some()) => {
                let pair = |exchange: &Exchange| {
                    let response = exchange.response.as_deref().unwrap_or_default();
                    format!(
                        "{{\"c\": \"{}\", \"r\": \"{}\"}}",
                        hex::encode_upper(&exchange.command),
                        hex::encode_upper(response)
                    )
                };
                format!("{{\"exchanges\": [{}]}}", exchanges.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
            Self::Json => Self::Arrows.write(exchanges),
        }
    }
}

fn labelled(exchanges: &[Exchange], command: &str, response: &str) -> String {
    let mut text = String::new();
    for exchange in exchanges {
        text.push_str(&format!("{command}{}\n", hex::encode_upper(&exchange.command)));
        if let Some(bytes) = &exchange.response {
            text.push_str(&format!("{response}{}\n", hex::encode_upper(bytes)));
        }
    }
    text
}

fn fetched(exchange: &Exchange) -> Vec<Exchange> {
    match exchange.response.as_deref() {
        Some([data @ .., 0x90, 0x00]) if !data.is_empty() && data.len() < 256 => {
            let length = data.len() as u8;
            let first = Exchange { command: exchange.command.clone(), response: Some(vec![0x61, length]) };
            let fetch =
                Exchange { command: vec![0, ins::GET_RESPONSE, 0, 0, length], response: exchange.response.clone() };
            vec![first, fetch]
        }
        _ => vec![exchange.clone()],
    }
}
