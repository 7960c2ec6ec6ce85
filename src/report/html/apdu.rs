//! The exchanges with every byte that may be shown, and what the bytes say.

use apdu::{
    command::ins,
    dictionary::Context,
    tag::{CDOL1_8C, CDOL2_8D, DDOL_9F49, PDOL_9F38},
    tlv,
};
use kernel::{Outcome, Phase, observe::Observation, session::LoggedExchange};
use readers::trace::Joined;

use super::octets::Octets;
use crate::report::exchange::ExchangeView;

/// What is signed dynamically when the card has no list: the unpredictable number (`EMV 4.4 Book 2, 6.5.1`).
const DEFAULT_DDOL: &[u8] = &[0x9F, 0x37, 0x04];

/// Every exchange of a transaction, and those around it that are no part of it.
#[derive(Debug, Default)]
pub(in crate::report) struct Apdus {
    pub exchanges: Vec<Apdu>,
    pub unused: Vec<(ExchangeView, Apdu)>,
}

/// One exchange.
#[derive(Debug)]
pub(in crate::report) struct Apdu {
    pub number: u16,
    pub command: Octets,
    pub response: Option<Octets>,
}

impl Apdus {
    pub fn new(outcome: &Outcome) -> Self {
        let mut reader = Reader::new(outcome);
        Self { exchanges: outcome.log.exchanges.iter().map(|one| reader.read(one)).collect(), unused: Vec::new() }
    }

    /// Those of a recording, the ones that the transaction did without among them.
    pub fn of_recording(observation: &Observation, recording: &[Joined<'_>]) -> Self {
        let mut reader = Reader::new(&observation.outcome);
        let place = |number: u32| {
            recording.binary_search_by_key(&usize::try_from(number).ok(), |one| Some(*one.numbers.start()))
        };
        let unused = observation.unused.iter().filter_map(|number| recording.get(place(*number).ok()?));
        let logged = unused.filter_map(logged);
        let unused = logged.map(|one| (ExchangeView::new(&one, reader.context), reader.read(&one))).collect();
        Self { unused, ..Self::new(&observation.outcome) }
    }

    /// The exchange with this number.
    pub fn find(&self, number: u16) -> Option<&Apdu> {
        self.exchanges.iter().find(|apdu| apdu.number == number)
    }
}

/// An exchange of a recording as the log of a transaction has it.
fn logged(exchange: &Joined<'_>) -> Option<LoggedExchange> {
    Some(LoggedExchange {
        number: u16::try_from(*exchange.numbers.start()).ok()?,
        phase: Phase::Completion,
        command: exchange.command.as_bytes().into(),
        response: exchange.response.as_deref().map(Into::into),
        elapsed: exchange.elapsed.unwrap_or_default(),
    })
}

/// Reads exchanges in order, to know which list the data of a command were made for.
struct Reader<'a> {
    outcome: &'a Outcome,
    context: Context,
    pdol: Option<Vec<u8>>,
    cryptograms: usize,
}

impl<'a> Reader<'a> {
    fn new(outcome: &'a Outcome) -> Self {
        Self { outcome, context: Context::from_aid(&outcome.aid), pdol: None, cryptograms: 0 }
    }

    fn read(&mut self, exchange: &LoggedExchange) -> Apdu {
        let instruction = exchange.command.get(1).copied().unwrap_or_default();
        let list = self.list(instruction);
        let response = exchange.response.as_deref();
        if instruction == ins::SELECT {
            self.pdol = response.and_then(pdol_in);
        }
        Apdu {
            number: exchange.number,
            command: Octets::command(&exchange.command, self.context, list.as_deref()),
            response: response.map(|response| Octets::response(response, instruction, self.context)),
        }
    }

    /// The list whose values the data of a command are.
    fn list(&mut self, instruction: u8) -> Option<Vec<u8>> {
        let own = |tag| self.outcome.card.value(tag).map(<[u8]>::to_vec);
        match instruction {
            ins::GET_PROCESSING_OPTIONS => self.pdol.clone(),
            ins::INTERNAL_AUTHENTICATE => own(DDOL_9F49).or_else(|| Some(DEFAULT_DDOL.to_vec())),
            ins::GENERATE_AC => {
                let list = own(if self.cryptograms == 0 { CDOL1_8C } else { CDOL2_8D });
                self.cryptograms = self.cryptograms.saturating_add(1);
                list
            }
            _ => None,
        }
    }
}

/// The list of an application's file control information.
fn pdol_in(answer: &[u8]) -> Option<Vec<u8>> {
    let (data, _) = answer.split_last_chunk::<2>()?;
    let mut found = None;
    // What comes before an error is worth as much as without it.
    let _ = tlv::walk(data, &mut |object, _| {
        if object.tag == PDOL_9F38 {
            found = Some(object.value.to_vec());
        }
    });
    found
}
