//! What T=0 and T=1 ask of whoever sends a command: `61xx`, `6Cxx`, and case 4 without Le (`EMV 4.4 Book 1, 9.3`).
//!
//! A PC/SC driver passes the bytes of a T=0 card as they come, so the steps below are ours. Nothing here knows PC/SC:
//! the reader is one function that sends one command TPDU and brings one answer.

use apdu::{Command, Fault, Response, StatusWord, command::ins};

/// The most TPDUs one command may cost; a card that asks for more is answered with [`Fault::Length`].
pub const MOST_ROUNDS: u8 = 16;

/// The transmission protocol that reader and card agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Character protocol: a TPDU carries data one way only.
    T0,
    /// Block protocol: the whole command goes out, the whole answer comes back.
    T1,
}

/// Sends `command` through `send`, which passes one TPDU to the card, and follows the card's transport status words to
/// the final answer.
///
/// `send` gets the command with the Le this protocol wants, then GET RESPONSE commands.
///
/// # Errors
/// What `send` reports; [`Fault::Length`] when the card asks for more than [`MOST_ROUNDS`] steps or chains more than
/// 256 data bytes.
pub fn transmit<S>(protocol: Protocol, command: &Command, send: S) -> Result<Response, Fault>
where
    S: FnMut(&Command) -> Result<Response, Fault>,
{
    let mut line = Line { send, rounds_left: MOST_ROUNDS };
    let answer = line.ask(&opening(protocol, command))?;
    if leaves_data_behind_warning(protocol, command, &answer) {
        line.fetch_behind(answer)
    } else {
        line.collect(answer)
    }
}

/// The command as its first TPDU: T=0 sends case 1 with `P3 = 00` and case 4 without Le.
fn opening(protocol: Protocol, command: &Command) -> Command {
    let rebuilt = match (protocol, command.data(), command.le()) {
        (Protocol::T0, [], None) => with_le(command, Some(0)),
        (Protocol::T0, [_, ..], Some(_)) => with_le(command, None),
        _ => None,
    };
    rebuilt.unwrap_or_else(|| command.clone())
}

/// The same command with another Le. It cannot fail: the data already stood in a command.
fn with_le(command: &Command, le: Option<u8>) -> Option<Command> {
    Command::new(command.header(), command.data(), le).ok()
}

fn get_response(le: u8) -> Result<Command, Fault> {
    Command::new([0x00, ins::GET_RESPONSE, 0x00, 0x00], &[], Some(le)).map_err(|_| Fault::Internal)
}

/// A T=0 card answers a case 4 command with a bare warning while the data waits for GET RESPONSE.
fn leaves_data_behind_warning(protocol: Protocol, command: &Command, answer: &Response) -> bool {
    let case_4 = !command.data().is_empty() && command.le().is_some();
    protocol == Protocol::T0 && case_4 && answer.data().is_empty() && is_warning(answer.status())
}

fn is_warning(status: StatusWord) -> bool {
    matches!(status.sw1(), 0x62 | 0x63)
}

struct Line<S> {
    send: S,
    rounds_left: u8,
}

impl<S: FnMut(&Command) -> Result<Response, Fault>> Line<S> {
    fn send(&mut self, command: &Command) -> Result<Response, Fault> {
        self.rounds_left = self.rounds_left.checked_sub(1).ok_or(Fault::Length)?;
        (self.send)(command)
    }

    /// Sends a command and, as often as the card answers `6Cxx`, again with `Le = xx`.
    fn ask(&mut self, command: &Command) -> Result<Response, Fault> {
        let mut answer = self.send(command)?;
        while let Some(corrected) = corrected(command, &answer) {
            answer = self.send(&corrected)?;
        }
        Ok(answer)
    }

    /// Follows `61xx` until the card has given all its data.
    fn collect(&mut self, first: Response) -> Result<Response, Fault> {
        let mut answer = first;
        if answer.status().sw1() != 0x61 {
            return Ok(answer);
        }
        let mut data = answer.data().to_vec();
        while answer.status().sw1() == 0x61 {
            answer = self.ask(&get_response(answer.status().sw2())?)?;
            data.extend_from_slice(answer.data());
        }
        if !carries_data(answer.status()) {
            return Ok(answer);
        }
        Response::new(&data, answer.status()).map_err(|_| Fault::Length)
    }

    /// Fetches the data that waits behind a warning; the warning stays the status word of the whole.
    fn fetch_behind(&mut self, warning: Response) -> Result<Response, Fault> {
        let fetched = self.ask(&get_response(0)?)?;
        let fetched = self.collect(fetched)?;
        if !carries_data(fetched.status()) {
            return Ok(warning);
        }
        Response::new(fetched.data(), warning.status()).map_err(|_| Fault::Length)
    }
}

/// The command to repeat after a bare `6Cxx`; a command without Le has nothing to correct.
fn corrected(command: &Command, answer: &Response) -> Option<Command> {
    command.le()?;
    let asks = answer.status().sw1() == 0x6C && answer.data().is_empty();
    if asks { with_le(command, Some(answer.status().sw2())) } else { None }
}

fn carries_data(status: StatusWord) -> bool {
    status.is_ok() || is_warning(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays `script`, lines of `command -> answer`, and checks that every TPDU is the one expected.
    fn play(protocol: Protocol, command: &str, script: &[(&str, &str)]) -> Result<String, Fault> {
        let mut script = script.iter();
        let command = Command::from_bytes(&hex::decode(command).unwrap()).unwrap();
        let result = transmit(protocol, &command, |tpdu| {
            let (expected, answer) = script.next().expect("no further TPDU is expected");
            assert_eq!(hex::encode_upper(tpdu.as_bytes()), *expected);
            Response::from_bytes(&hex::decode(answer).unwrap()).map_err(|_| Fault::Transmission)
        });
        assert_eq!(script.len(), 0, "TPDUs were not sent");
        result.map(|response| hex::encode_upper(response.as_bytes()))
    }

    fn t0(command: &str, script: &[(&str, &str)]) -> Result<String, Fault> {
        play(Protocol::T0, command, script)
    }

    #[test]
    fn case_1_goes_out_with_a_fifth_byte() {
        assert_eq!(t0("80160000", &[("8016000000", "9000")]).unwrap(), "9000");
    }

    #[test]
    fn case_2_is_repeated_with_the_length_the_card_names() {
        let script = [("00B2010C00", "6C03"), ("00B2010C03", "7001009000")];
        assert_eq!(t0("00B2010C00", &script).unwrap(), "7001009000");
    }

    #[test]
    fn case_2_may_announce_data_too() {
        let script = [("80CA9F1700", "6104"), ("00C0000004", "9F1701039000")];
        assert_eq!(t0("80CA9F1700", &script).unwrap(), "9F1701039000");
    }

    #[test]
    fn case_3_keeps_its_status() {
        let verify = "0020008008241234FFFFFFFFFF";
        assert_eq!(t0(verify, &[(verify, "63C2")]).unwrap(), "63C2");
        assert_eq!(t0(verify, &[(verify, "6C08")]).unwrap(), "6C08");
    }

    /// A case 4 SELECT of the name `3150`.
    const SELECT: &str = "00A4040002315000";
    /// The same as T=0 sends it.
    const SENT: &str = "00A40400023150";

    #[test]
    fn case_4_goes_out_without_le_and_its_answer_is_fetched() {
        let script = [(SENT, "6102"), ("00C0000002", "6F009000")];
        assert_eq!(t0(SELECT, &script).unwrap(), "6F009000");
    }

    #[test]
    fn case_4_may_end_without_data_or_with_an_error() {
        assert_eq!(t0(SELECT, &[(SENT, "9000")]).unwrap(), "9000");
        assert_eq!(t0(SELECT, &[(SENT, "6A82")]).unwrap(), "6A82");
    }

    #[test]
    fn case_4_without_le_cannot_be_corrected() {
        assert_eq!(t0(SELECT, &[(SENT, "6C02")]).unwrap(), "6C02");
    }

    #[test]
    fn data_behind_a_warning_is_fetched_and_the_warning_kept() {
        let script = [(SENT, "6283"), ("00C0000000", "6C02"), ("00C0000002", "6F009000")];
        assert_eq!(t0(SELECT, &script).unwrap(), "6F006283");
    }

    #[test]
    fn a_warning_without_data_behind_stands_alone() {
        let script = [(SENT, "6283"), ("00C0000000", "6985")];
        assert_eq!(t0(SELECT, &script).unwrap(), "6283");
    }

    #[test]
    fn a_warning_to_case_2_or_on_t1_is_final() {
        assert_eq!(t0("00B2010C00", &[("00B2010C00", "6281")]).unwrap(), "6281");
        assert_eq!(play(Protocol::T1, SELECT, &[(SELECT, "6283")]).unwrap(), "6283");
    }

    #[test]
    fn chained_answers_are_joined() {
        let script = [(SENT, "6102"), ("00C0000002", "6F046102"), ("00C0000002", "6C01"), ("00C0000001", "AA9000")];
        assert_eq!(t0(SELECT, &script).unwrap(), "6F04AA9000");
    }

    #[test]
    fn an_error_while_fetching_brings_no_data() {
        let script = [(SENT, "6102"), ("00C0000002", "6F046102"), ("00C0000002", "6F00")];
        assert_eq!(t0(SELECT, &script).unwrap(), "6F00");
    }

    #[test]
    fn t1_keeps_le_and_still_follows_raw_transport_words() {
        assert_eq!(play(Protocol::T1, SELECT, &[(SELECT, "6F009000")]).unwrap(), "6F009000");
        assert_eq!(play(Protocol::T1, "80160000", &[("80160000", "9000")]).unwrap(), "9000");
        let corrected = format!("{SENT}02");
        let script = [(SELECT, "6C02"), (corrected.as_str(), "6102"), ("00C0000002", "6F009000")];
        assert_eq!(play(Protocol::T1, SELECT, &script).unwrap(), "6F009000");
    }

    #[test]
    fn a_card_that_never_ends_is_stopped() {
        for endless in ["6110", "6C10", "AA6101"] {
            let mut sent = 0;
            let command = Command::from_bytes(&hex::decode("00B2010C00").unwrap()).unwrap();
            let result = transmit(Protocol::T0, &command, |_| {
                sent += 1;
                Ok(Response::from_bytes(&hex::decode(endless).unwrap()).unwrap())
            });
            assert_eq!((result, sent), (Err(Fault::Length), MOST_ROUNDS), "{endless}");
        }
    }

    #[test]
    fn more_than_256_joined_bytes_are_refused() {
        let half = format!("{}6180", "AA".repeat(128));
        let script =
            [(SENT, "6180"), ("00C0000080", half.as_str()), ("00C0000080", half.as_str()), ("00C0000080", "AA9000")];
        assert_eq!(t0(SELECT, &script), Err(Fault::Length));
    }

    #[test]
    fn a_fault_ends_the_exchange() {
        let command = Command::from_bytes(&hex::decode(SELECT).unwrap()).unwrap();
        assert_eq!(transmit(Protocol::T0, &command, |_| Err(Fault::Removed)), Err(Fault::Removed));
    }
}
