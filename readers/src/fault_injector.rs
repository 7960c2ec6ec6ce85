//! A card that fails on purpose.

use std::time::Duration;

use apdu::{Card, Command, Exchange, Fault, PinPadRequest, Presence, Response, StatusWord};

/// A card that follows a list of [`Rule`]s where the real one would behave.
///
/// PIN pad verification counts as an exchange with INS 20.
pub struct FaultInjector<C> {
    card: C,
    rules: Vec<(Rule, usize)>,
    exchanges: usize,
    last: Option<Response>,
}

/// One misbehaviour: when, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The commands meant.
    pub when: When,
    /// Which of them: 1 the first, 2 the second; nothing for all of them.
    pub nth: Option<usize>,
    /// What happens.
    pub what: What,
}

/// The commands a rule means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// Every command.
    Always,
    /// The exchange of this number, from 1, whatever the command.
    Exchange(usize),
    /// Commands of this instruction.
    Instruction(u8),
    /// Commands that start with these bytes.
    Prefix(Vec<u8>),
}

/// A misbehaviour.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// The command never reaches the card.
    FaultBefore(Fault),
    /// The card acts on the command, the answer is lost.
    FaultAfter(Fault),
    /// Another status word; the data stays.
    Status(StatusWord),
    /// Another answer, data and status word; the card acts on the command all the same.
    Answer(Vec<u8>),
    /// The answer of the exchange before comes again.
    Repeat,
    /// Only so many bytes of the answer, status word counted; under two is a transmission error.
    Truncate(usize),
    /// These bytes over the answer's, from this offset; what would stand beyond its end is left out.
    Patch(usize, Vec<u8>),
    /// The first bytes equal to the first become the second.
    Replace(Vec<u8>, Vec<u8>),
    /// So much later: the time reported grows, nobody waits.
    Delay(Duration),
}

impl Rule {
    /// At the exchange of this number, from 1.
    pub fn at(exchange: usize, what: What) -> Self {
        Self { when: When::Exchange(exchange), nth: None, what }
    }

    /// On every command of this instruction.
    pub fn on(instruction: u8, what: What) -> Self {
        Self { when: When::Instruction(instruction), nth: None, what }
    }

    /// Only the `nth` of the commands meant, from 1.
    #[must_use]
    pub fn nth(self, nth: usize) -> Self {
        Self { nth: Some(nth), ..self }
    }
}

impl When {
    fn means(&self, exchange: usize, command: &[u8]) -> bool {
        match self {
            Self::Always => true,
            Self::Exchange(number) => *number == exchange,
            Self::Instruction(instruction) => command.get(1) == Some(instruction),
            Self::Prefix(prefix) => command.starts_with(prefix),
        }
    }
}

impl<C> FaultInjector<C> {
    /// Applies `rules` to `card`, in their order where several mean the same command.
    pub fn new(card: C, rules: impl IntoIterator<Item = Rule>) -> Self {
        let rules = rules.into_iter().map(|rule| (rule, 0)).collect();
        Self { card, rules, exchanges: 0, last: None }
    }

    /// The card again.
    pub fn into_inner(self) -> C {
        self.card
    }

    /// The misbehaviours due for this command.
    fn due(&mut self, command: &[u8]) -> Vec<What> {
        self.exchanges = self.exchanges.saturating_add(1);
        let exchange = self.exchanges;
        let mut due = Vec::new();
        for (rule, met) in self.rules.iter_mut().filter(|(rule, _)| rule.when.means(exchange, command)) {
            *met = met.saturating_add(1);
            if rule.nth.is_none_or(|nth| nth == *met) {
                due.push(rule.what.clone());
            }
        }
        due
    }

    fn disturb(&mut self, due: &[What], exchange: Exchange) -> Result<Exchange, Fault> {
        let last = self.last.replace(exchange.response.clone());
        due.iter().try_fold(exchange, |exchange, what| what.apply(exchange, last.as_ref()))
    }
}

fn fault_before(due: &[What]) -> Result<(), Fault> {
    let fault = due.iter().find_map(|what| if let What::FaultBefore(fault) = what { Some(*fault) } else { None });
    fault.map_or(Ok(()), Err)
}

impl What {
    fn apply(&self, exchange: Exchange, last: Option<&Response>) -> Result<Exchange, Fault> {
        let Exchange { response, mut elapsed } = exchange;
        let response = match self {
            Self::FaultBefore(fault) | Self::FaultAfter(fault) => return Err(*fault),
            Self::Status(status) => Response::new(response.data(), *status).map_err(|_| Fault::Length)?,
            Self::Answer(answer) => rebuild(answer)?,
            Self::Repeat => last.cloned().unwrap_or(response),
            Self::Truncate(length) => rebuild(response.as_bytes().get(..*length).unwrap_or(response.as_bytes()))?,
            Self::Patch(offset, bytes) => rebuild(&patched(response.as_bytes(), *offset, bytes))?,
            Self::Replace(old, new) => rebuild(&replaced(response.as_bytes(), old, new))?,
            Self::Delay(time) => {
                elapsed = elapsed.saturating_add(*time);
                response
            }
        };
        Ok(Exchange { response, elapsed })
    }
}

fn rebuild(bytes: &[u8]) -> Result<Response, Fault> {
    Response::from_bytes(bytes).map_err(|_| if bytes.len() < 2 { Fault::Transmission } else { Fault::Length })
}

fn patched(answer: &[u8], offset: usize, bytes: &[u8]) -> Vec<u8> {
    let mut answer = answer.to_vec();
    answer.iter_mut().skip(offset).zip(bytes).for_each(|(old, new)| *old = *new);
    answer
}

fn replaced(answer: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let found = answer.windows(old.len().max(1)).position(|window| window == old);
    let parts = found.and_then(|start| {
        let (before, rest) = answer.split_at_checked(start)?;
        Some([before, new, rest.strip_prefix(old)?].concat())
    });
    parts.unwrap_or_else(|| answer.to_vec())
}

impl<C: Card> Card for FaultInjector<C> {
    async fn activate(&mut self) -> Result<Presence, Fault> {
        self.card.activate().await
    }

    async fn field_off(&mut self, duration: Duration) -> Result<(), Fault> {
        self.card.field_off(duration).await
    }

    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        let due = self.due(command.as_bytes());
        fault_before(&due)?;
        let exchange = self.card.transmit(command).await?;
        self.disturb(&due, exchange)
    }

    fn atr(&self) -> &[u8] {
        self.card.atr()
    }

    fn has_pin_pad(&self) -> bool {
        self.card.has_pin_pad()
    }

    async fn verify_on_pin_pad(&mut self, request: &PinPadRequest) -> Result<Exchange, Fault> {
        let due = self.due(&[0x00, apdu::command::ins::VERIFY, 0x00, 0x80]);
        fault_before(&due)?;
        let exchange = self.card.verify_on_pin_pad(request).await?;
        self.disturb(&due, exchange)
    }
}

#[cfg(test)]
mod tests {
    use std::future::{Future, ready};

    use super::*;
    use crate::wait;

    /// Answers with the last byte of the command, `AA` and `9000`, and counts.
    struct Counting(usize);

    impl Card for Counting {
        fn transmit(&mut self, command: &Command) -> impl Future<Output = Result<Exchange, Fault>> {
            self.0 += 1;
            let data = [*command.as_bytes().last().unwrap(), 0xAA];
            ready(Ok(Exchange { response: Response::new(&data, StatusWord::OK).unwrap(), elapsed: Duration::ZERO }))
        }

        fn atr(&self) -> &[u8] {
            &[]
        }
    }

    /// Three READ RECORDs of records 1, 2, 3 answered in Le 01, 02, 03, and what became of them.
    fn three(rules: impl IntoIterator<Item = Rule>) -> ([Result<String, Fault>; 3], usize) {
        let mut card = FaultInjector::new(Counting(0), rules);
        let answers = [1, 2, 3].map(|record| {
            let command = Command::new([0x00, 0xB2, record, 0x0C], &[], Some(record)).unwrap();
            wait(card.transmit(&command)).map(|exchange| hex::encode_upper(exchange.response.as_bytes()))
        });
        (answers, card.into_inner().0)
    }

    fn ok(answer: &str) -> Result<String, Fault> {
        Ok(answer.to_owned())
    }

    #[test]
    fn rules_mean_an_exchange_an_instruction_or_a_prefix() {
        let status = || What::Status(StatusWord(0x6A83));
        assert_eq!(three([Rule::at(2, status())]).0, [ok("01AA9000"), ok("02AA6A83"), ok("03AA9000")]);
        assert_eq!(three([Rule::on(0xB2, status())]).0, [ok("01AA6A83"), ok("02AA6A83"), ok("03AA6A83")]);
        assert_eq!(three([Rule::on(0xB2, status()).nth(3)]).0, [ok("01AA9000"), ok("02AA9000"), ok("03AA6A83")]);
        assert_eq!(three([Rule::on(0xA4, status())]).0[0], ok("01AA9000"));
        let prefix = Rule { when: When::Prefix(vec![0x00, 0xB2, 0x02]), nth: None, what: status() };
        assert_eq!(three([prefix]).0, [ok("01AA9000"), ok("02AA6A83"), ok("03AA9000")]);
    }

    #[test]
    fn a_fault_before_spares_the_card_and_one_after_does_not() {
        let (answers, sent) = three([Rule::at(2, What::FaultBefore(Fault::Removed))]);
        assert_eq!((&answers[1], sent), (&Err(Fault::Removed), 2));
        let (answers, sent) = three([Rule::at(2, What::FaultAfter(Fault::Removed))]);
        assert_eq!((&answers[1], sent), (&Err(Fault::Removed), 3));
    }

    #[test]
    fn answers_can_be_changed_in_every_way() {
        let second = |what| three([Rule::at(2, what)]).0[1].clone();
        assert_eq!(second(What::Answer(vec![0x6F, 0])), ok("6F00"));
        assert_eq!(second(What::Repeat), ok("01AA9000"));
        assert_eq!(second(What::Truncate(3)), ok("02AA90"));
        assert_eq!(second(What::Truncate(1)), Err(Fault::Transmission));
        assert_eq!(second(What::Truncate(99)), ok("02AA9000"));
        assert_eq!(second(What::Patch(1, vec![0xBB])), ok("02BB9000"));
        assert_eq!(second(What::Patch(3, vec![1, 2, 3])), ok("02AA9001"));
        assert_eq!(second(What::Replace(vec![0xAA], vec![0xBB, 0xCC])), ok("02BBCC9000"));
        assert_eq!(second(What::Replace(vec![0xDD], vec![])), ok("02AA9000"));
        assert_eq!(second(What::Replace(vec![0xAA], vec![0; 300])), Err(Fault::Length));
    }

    #[test]
    fn rules_add_up_and_injectors_nest() {
        let patch = |offset, byte| Rule::at(1, What::Patch(offset, vec![byte]));
        let inner = FaultInjector::new(Counting(0), [patch(0, 7), Rule::at(1, What::Delay(Duration::from_secs(2)))]);
        let mut card = FaultInjector::new(inner, [patch(1, 8)]);
        let exchange = wait(card.transmit(&Command::read_record(1, 1))).unwrap();
        assert_eq!((exchange.response.data(), exchange.elapsed), (&[7, 8][..], Duration::from_secs(2)));
    }
}
