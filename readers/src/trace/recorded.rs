//! Our own transcripts.

use super::{
    Error, Exchange, Format, MAX_EXCHANGES, Reason, Trace, TracedCommand, error::found, excerpt, lines, octets,
    skipped::Skips,
};
use crate::transcript::{self, Line, RecordedCommand, Transcript};

/// VERIFY with a plaintext PIN, as a reader with a pad sends it (`EMV 4.4 Book 3, 6.5.12`): header and Lc.
const VERIFY: [u8; 5] = [0x00, 0x20, 0x00, 0x80, 0x08];

pub(super) fn read(text: &[u8]) -> Result<Trace, Error> {
    let text = std::str::from_utf8(text).map_err(|error| not_utf_8(text, error.valid_up_to()))?;
    let transcript = Transcript::parse(text)?;
    let (exchanges, skipped) = exchanges(text, &transcript)?;
    let atr = Some(&transcript.header.atr).filter(|atr| !atr.is_empty()).cloned();
    Ok(Trace { format: Format::Transcript, atr, exchanges, skipped, transcript: Some(transcript) })
}

impl From<transcript::Error> for Error {
    fn from(error: transcript::Error) -> Self {
        Self::malformed(error.line, error.column, error.expected, excerpt(error.found.as_bytes()))
    }
}

fn not_utf_8(text: &[u8], at: usize) -> Error {
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, &[]));
    let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
    let start = memchr::memrchr(b'\n', before).map_or(0, |end| end.saturating_add(1));
    let column = lines::column(before.get(start..).unwrap_or(&[]), before.len());
    Error::malformed(line, column, "UTF-8", found(rest.get(..1).unwrap_or(&[])))
}

/// Every line below the header that is not blank is one event.
fn exchanges(text: &str, transcript: &Transcript) -> Result<(Vec<Exchange>, Skips), Error> {
    let body = (1..).zip(text.lines()).skip_while(|(_, line)| !line.is_empty());
    let numbers = body.filter(|(_, line)| !line.trim().is_empty()).map(|(number, _)| number);
    let (mut exchanges, mut skipped) = (Vec::new(), Skips::default());
    for (number, line) in numbers.zip(&transcript.lines) {
        match line {
            Line::Command(command) => exchanges.push(sent(recorded(command), number)),
            Line::PinPad(_) => exchanges.push(sent(TracedCommand::from(VERIFY.to_vec()), number)),
            Line::Response(answer) => match exchanges.last_mut().filter(|exchange| exchange.response.is_none()) {
                Some(exchange) => answered(exchange, answer),
                None => {
                    skipped.add((number, 1), Reason::ResponseWithoutCommand, || answer.response.status().to_string())
                }
            },
            // No answer came, or it is between the program and the point of sale.
            _ => {}
        }
        if exchanges.len() > MAX_EXCHANGES {
            return Err(Error::too_many_exchanges(number));
        }
    }
    Ok((exchanges, skipped))
}

fn sent(command: TracedCommand, line: usize) -> Exchange {
    Exchange { command, response: None, line, elapsed: None }
}

fn answered(exchange: &mut Exchange, answer: &apdu::Exchange) {
    exchange.response = Some(answer.response.as_bytes().into());
    exchange.elapsed = Some(answer.elapsed);
}

/// The command's bytes; of one whose data is hidden, header and Lc, which stand before the stars.
fn recorded(command: &RecordedCommand) -> TracedCommand {
    let mut bytes = Vec::new();
    match command.command() {
        Some(command) => bytes.extend_from_slice(command.as_bytes()),
        None => {
            let _run = octets::run(command.to_string().as_bytes(), 0, &mut bytes);
        }
    }
    TracedCommand::from(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pin_pads_faults_and_lost_answers_have_their_place() {
        let text = "emvident transcript 1\npin-pad: yes\n\n: Please wait\n\n< 9000 1us\n% 4 12 30000000us\n< 63C2 5us\n# removed\n> 80CA9F36 00\n! removed\n";
        let trace = read(text.as_bytes()).unwrap();
        let [verify, get_data] = &*trace.exchanges else { panic!("{trace:?}") };
        assert_eq!((&*verify.command, verify.command.hidden(), verify.line), (&VERIFY[..], 8, 7));
        assert_eq!(verify.status().unwrap().0, 0x63C2);
        assert_eq!((&*get_data.command, get_data.line), (&[0x80, 0xCA, 0x9F, 0x36, 0][..], 10));
        assert!(get_data.response.is_none());
        let [lost] = &*trace.skipped else { panic!("{trace:?}") };
        assert_eq!((lost.line, lost.reason, lost.excerpt.as_str()), (6, Reason::ResponseWithoutCommand, "9000"));
    }
}
