//! The card's side of T=0: turns a card that answers whole commands into one that says `61xx` and `6Cxx`.

use std::io;

/// A command already answered by the card, whose data waits.
#[derive(Default)]
pub(super) struct T0Card {
    waiting: Option<Waiting>,
}

struct Waiting {
    /// What fetches the data: GET RESPONSE, or the same command with the right length.
    fetched_by: [u8; 4],
    data: Vec<u8>,
    status: [u8; 2],
}

const GET_RESPONSE: [u8; 4] = [0x00, 0xC0, 0x00, 0x00];

impl T0Card {
    /// Answers one TPDU; `apdu` passes a whole command to the card. Nothing when the TPDU has the wrong length, as
    /// when a case 4 command still has its Le: a reader refuses that.
    ///
    /// The card runs a command once, however many TPDUs its answer takes.
    pub(super) fn answer(
        &mut self,
        tpdu: &[u8],
        apdu: &mut dyn FnMut(&[u8]) -> io::Result<Vec<u8>>,
    ) -> io::Result<Option<Vec<u8>>> {
        let Some((header, rest)) = tpdu.split_first_chunk::<4>() else { return Ok(None) };
        let p3 = rest.first().copied().unwrap_or(0);
        let carries_data = rest.len() > 1;
        if carries_data && rest.len() != usize::from(p3).saturating_add(1) {
            return Ok(None);
        }
        if self.waiting.as_ref().is_some_and(|waiting| !carries_data && waiting.fetched_by == *header) {
            return Ok(Some(self.fetch(p3)));
        }
        let answer = apdu(tpdu)?;
        let Some((data, status)) = answer.split_last_chunk::<2>() else { return Ok(Some(answer)) };
        if data.is_empty() {
            self.waiting = None;
            return Ok(Some(answer));
        }
        let fetched_by = if carries_data { GET_RESPONSE } else { *header };
        self.waiting = Some(Waiting { fetched_by, data: data.to_vec(), status: *status });
        Ok(Some(if carries_data { announce(data.len(), *status) } else { self.fetch(p3) }))
    }

    /// Gives the waiting data when exactly that much is asked for, else says how much there is.
    fn fetch(&mut self, p3: u8) -> Vec<u8> {
        let asked = if p3 == 0 { 256 } else { usize::from(p3) };
        match self.waiting.take() {
            Some(waiting) if waiting.data.len() == asked => [waiting.data, waiting.status.to_vec()].concat(),
            Some(waiting) => {
                let length = low_byte(waiting.data.len());
                self.waiting = Some(waiting);
                vec![0x6C, length]
            }
            None => vec![0x69, 0x85],
        }
    }
}

/// The answer to a case 4 command: how much data waits, or the warning it comes with.
fn announce(length: usize, status: [u8; 2]) -> Vec<u8> {
    match status {
        [0x62 | 0x63, _] => status.to_vec(),
        _ => vec![0x61, low_byte(length)],
    }
}

/// A length of up to 256 as one byte: 256 is 0.
fn low_byte(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_runs_once_however_its_answer_is_fetched() {
        let mut runs = 0;
        let mut card = T0Card::default();
        let mut say = |tpdu: &str, answer: &'static str| {
            let answer = card.answer(&hex::decode(tpdu).unwrap(), &mut |_| {
                runs += 1;
                Ok(hex::decode(answer).unwrap())
            });
            answer.unwrap().map(hex::encode_upper)
        };
        assert_eq!(say("00B2010C00", "7001AA9000").as_deref(), Some("6C03"));
        assert_eq!(say("00B2010C03", "").as_deref(), Some("7001AA9000"));
        assert_eq!(say("00A4040001AA", "6F006283").as_deref(), Some("6283"));
        assert_eq!(say("00C0000000", "").as_deref(), Some("6C02"));
        assert_eq!(say("00C0000002", "").as_deref(), Some("6F006283"));
        assert_eq!(say("80AE800001AA", "77009000").as_deref(), Some("6102"));
        assert_eq!(say("00A4040001AA00", ""), None);
        assert_eq!(runs, 3);
    }
}
