//! What a T=0 conversation amounts to: one command, one response (`EMV 4.4 Book 1, 9.2.2` and `9.3.1`).

use std::{borrow::Cow, ops::RangeInclusive, time::Duration};

use apdu::{StatusWord, command::ins};

use super::{Exchange, Trace, TracedCommand, shape};

/// One logical exchange: the command as it was meant, the response it got in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined<'a> {
    /// The command.
    pub command: Cow<'a, TracedCommand>,
    /// All its data and the status word that ended it, or nothing.
    pub response: Option<Cow<'a, [u8]>>,
    /// The exchanges it is made of, by number from 1.
    pub numbers: RangeInclusive<usize>,
    /// The line of the command.
    pub line: usize,
    /// The time of all of them, if the trace tells it for each.
    pub elapsed: Option<Duration>,
}

impl Joined<'_> {
    /// The status word that ended it.
    pub fn status(&self) -> Option<StatusWord> {
        self.response.as_deref().and_then(shape::status)
    }
}

impl Trace {
    /// The exchanges with `61xx` and GET RESPONSE, warnings and GET RESPONSE, `6Cxx` and the repeated command, and
    /// procedure bytes put together. What belongs to no such conversation stays as it is.
    pub fn joined(&self) -> Vec<Joined<'_>> {
        let mut joined = Vec::with_capacity(self.exchanges.len());
        let mut rest = self.exchanges.as_slice();
        let mut number = 1_usize;
        while let [first, others @ ..] = rest {
            let mut talk = Conversation::new(first);
            let count = others.iter().take_while(|next| talk.takes(next)).count();
            let end = number.saturating_add(count);
            joined.push(talk.ended(number..=end));
            rest = others.get(count..).unwrap_or(&[]);
            number = end.saturating_add(1);
        }
        joined
    }
}

struct Conversation<'a> {
    first: &'a Exchange,
    last: &'a Exchange,
    command: Cow<'a, TracedCommand>,
    /// Data from responses before the last.
    data: Vec<u8>,
    /// A warning that GET RESPONSE did not replace.
    warning: Option<StatusWord>,
    elapsed: Option<Duration>,
}

impl<'a> Conversation<'a> {
    fn new(first: &'a Exchange) -> Self {
        let (command, elapsed) = (Cow::Borrowed(&first.command), first.elapsed);
        Self { first, last: first, command, data: Vec::new(), warning: None, elapsed }
    }

    /// Takes `next` if it goes on with what the last response left open.
    fn takes(&mut self, next: &'a Exchange) -> bool {
        let Some(response) = self.last.response.as_deref() else { return false };
        let goes_on = match (response, shape::status(response).map(|status| status.sw1())) {
            ([byte], _) => self.takes_data(*byte, next),
            ([_, sw2], Some(0x6C)) => repeats(&self.last.command, &next.command, *sw2),
            ([data @ .., _, _], Some(0x61)) if is_get_response(&next.command) => {
                self.data.extend_from_slice(data);
                true
            }
            ([_, _], Some(0x62 | 0x63)) if self.command.len() > 5 && is_get_response(&next.command) => {
                self.warning = shape::status(response);
                true
            }
            _ => false,
        };
        if goes_on {
            self.last = next;
            self.elapsed = self.elapsed.zip(next.elapsed).map(|(sum, more)| sum.saturating_add(more));
        }
        goes_on
    }

    /// The card has asked for the data that P3 announced; the next line is some of it.
    fn takes_data(&mut self, byte: u8, next: &Exchange) -> bool {
        let announced = self.first.command.get(4).map_or(5, |p3| usize::from(*p3).saturating_add(5));
        let asked = shape::is_procedure_byte(byte, &self.first.command) && self.command.len() >= 5;
        let whole = self.command.len().saturating_add(next.command.len());
        if !asked || whole > announced {
            return false;
        }
        let bytes = [self.command.as_bytes(), next.command.as_bytes()].concat();
        self.command = Cow::Owned(TracedCommand::from(bytes));
        true
    }

    fn ended(self, numbers: RangeInclusive<usize>) -> Joined<'a> {
        let response = self.last.response.as_deref().map(|last| {
            let last = without_procedure_byte(&self.last.command, last);
            self.response(last)
        });
        Joined { command: self.command, response, numbers, line: self.first.line, elapsed: self.elapsed }
    }

    fn response(&self, last: &'a [u8]) -> Cow<'a, [u8]> {
        let warning = self.warning.filter(|_| shape::status(last) == Some(StatusWord::OK));
        if self.data.is_empty() && warning.is_none() {
            return Cow::Borrowed(last);
        }
        let (data, status) = last.split_last_chunk::<2>().map_or((last, &[][..]), |(data, status)| (data, &status[..]));
        let warning = warning.map(|warning| warning.0.to_be_bytes());
        Cow::Owned([&*self.data, data, warning.as_ref().map_or(status, |bytes| &bytes[..])].concat())
    }
}

fn is_get_response(command: &[u8]) -> bool {
    matches!(command, [_, ins::GET_RESPONSE, 0, 0, _])
}

/// Whether `again` is `command` with the Le the card wants.
fn repeats(command: &[u8], again: &[u8], le: u8) -> bool {
    again.last() == Some(&le) && without_le(command) == without_le(again)
}

fn without_le(command: &[u8]) -> &[u8] {
    let end = match command {
        [_, _, _, _, lc, _, ..] => usize::from(*lc).saturating_add(5),
        _ => 4,
    };
    command.get(..end).unwrap_or(command)
}

/// A log of the wire has INS before the data it announces.
fn without_procedure_byte<'a>(command: &[u8], response: &'a [u8]) -> &'a [u8] {
    let [_, ins, _, _, le] = command else { return response };
    let announced = if *le == 0 { 256 } else { usize::from(*le) };
    match response {
        [byte, rest @ ..] if byte == ins && rest.len() == announced.saturating_add(2) => rest,
        _ => response,
    }
}
