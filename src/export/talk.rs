//! The exchanges of a recording, to be changed in place: nothing ever changes its length.

use std::{ops::Range, time::Duration};

use apdu::{Tag, command::ins};
use readers::{
    Transcript,
    trace::Trace,
    transcript::{Line, RecordedCommand},
};

/// One command and what came back.
#[derive(Clone)]
pub(super) struct Talk {
    /// Header, Lc, data, Le.
    pub command: Vec<u8>,
    /// Data and status word.
    pub response: Option<Vec<u8>>,
    pub elapsed: Duration,
    /// The data was a secret, and hidden by the recorder or to be hidden by us.
    pub is_secret: bool,
}

impl Talk {
    pub fn ins(&self) -> u8 {
        self.command.get(1).copied().unwrap_or_default()
    }

    pub fn cla(&self) -> u8 {
        self.command.first().copied().unwrap_or_default()
    }

    /// The data field of the command.
    pub fn data(&self) -> &[u8] {
        self.command.get(self.data_range()).unwrap_or(&[])
    }

    pub fn data_mut(&mut self) -> &mut [u8] {
        let range = self.data_range();
        self.command.get_mut(range).unwrap_or(&mut [])
    }

    fn data_range(&self) -> Range<usize> {
        let announced = self.command.get(4).filter(|_| self.command.len() > 5).copied().unwrap_or_default();
        5..usize::from(announced).saturating_add(5).min(self.command.len())
    }

    /// The answer without its status word.
    pub fn answer(&self) -> &[u8] {
        self.response.as_deref().and_then(<[u8]>::split_last_chunk::<2>).map_or(&[], |(data, _)| data)
    }

    pub fn answer_mut(&mut self) -> &mut [u8] {
        self.response.as_deref_mut().and_then(<[u8]>::split_last_chunk_mut::<2>).map_or(&mut [], |(data, _)| data)
    }

    pub fn is_good(&self) -> bool {
        matches!(self.response.as_deref(), Some([.., 0x90, 0x00]))
    }

    /// SFI and number of the record that is read.
    pub fn record(&self) -> Option<(u8, u8)> {
        match *self.command {
            [_, ins::READ_RECORD, number, reference, ..] => Some((reference >> 3, number)),
            _ => None,
        }
    }

    /// The name of the application or directory that is selected.
    pub fn selects(&self) -> Option<&[u8]> {
        (self.ins() == ins::SELECT).then(|| self.data())
    }
}

/// The value inside the template with this tag that `answer` begins with.
pub(super) fn inside(answer: &[u8], template: Tag) -> Option<&[u8]> {
    let object = apdu::tlv::Reader::strict(answer).next()?.ok()?;
    (object.tag == template).then_some(object.value)
}

/// What a recording of any program has, the steps of the transport joined.
pub(super) fn of_trace(trace: &Trace) -> Vec<Talk> {
    let joined = trace.joined();
    let talks = joined.iter().map(|exchange| Talk {
        command: exchange.command.as_bytes().to_vec(),
        response: exchange.response.as_deref().filter(|response| response.len() >= 2).map(<[u8]>::to_vec),
        elapsed: exchange.elapsed.unwrap_or_default(),
        is_secret: exchange.command.is_secret(),
    });
    talks.collect()
}

/// What a transcript has: an exchange for each command, in order.
pub(super) fn of_transcript(transcript: &Transcript) -> Vec<Talk> {
    let (mut talks, mut awaits): (Vec<Talk>, bool) = (Vec::new(), false);
    for line in &transcript.lines {
        match line {
            Line::Command(command) => {
                awaits = true;
                let bytes = command.command().map_or_else(|| hidden(command), |known| known.as_bytes().to_vec());
                let is_secret = command.command().is_none();
                talks.push(Talk { command: bytes, response: None, elapsed: Duration::ZERO, is_secret });
            }
            Line::Response(exchange) => {
                if let Some(talk) = talks.last_mut().filter(|_| awaits) {
                    awaits = false;
                    talk.response = Some(exchange.response.as_bytes().to_vec());
                    talk.elapsed = exchange.elapsed;
                }
            }
            Line::PinPad(_) | Line::Fault(_) => awaits = false,
            _ => {}
        }
    }
    talks
}

/// Header and Lc, which is what there is of a command whose data is hidden.
fn hidden(command: &RecordedCommand) -> Vec<u8> {
    let written = command.to_string();
    let length = written.split(' ').nth(1).and_then(|length| u8::from_str_radix(length, 16).ok());
    command.header().into_iter().chain(length).collect()
}

/// Where the attempts are: a new one begins with the first SELECT after an application was put to use.
pub(super) fn attempts(talks: &[Talk]) -> Vec<Range<usize>> {
    let (mut found, mut start) = (Vec::new(), 0);
    let (mut begun, mut application) = (false, false);
    for (at, talk) in talks.iter().enumerate() {
        if let Some(name) = talk.selects() {
            if begun {
                found.push(start..at);
                start = at;
            }
            (begun, application) = (false, talk.is_good() && !is_directory(name));
        }
        begun |= application && is_use(talk);
    }
    found.push(start..talks.len());
    found
}

pub(super) fn is_directory(name: &[u8]) -> bool {
    matches!(name, b"1PAY.SYS.DDF01" | b"2PAY.SYS.DDF01")
}

fn is_use(talk: &Talk) -> bool {
    let uses =
        [ins::GET_PROCESSING_OPTIONS, ins::READ_RECORD, ins::GENERATE_AC, ins::INTERNAL_AUTHENTICATE, ins::VERIFY];
    uses.contains(&talk.ins())
}
