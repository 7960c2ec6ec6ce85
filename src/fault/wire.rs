//! What sits between card and terminal: a wedge, a relay, a reader that fails.

use std::{collections::BTreeMap, time::Duration};

use apdu::{Card, Command, Exchange, Fault, Presence, Response, StatusWord};
use vectors::{
    SoftwareCard,
    card::alteration::{Change, Edit, Which},
};

/// One thing that is done on the way.
#[derive(Clone, Debug)]
pub struct Rule {
    /// To which commands.
    pub when: Meant,
    /// What.
    pub what: What,
}

/// The commands a rule means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Every one.
    All,
    /// These.
    One(Which),
}

/// What is done.
#[derive(Clone, Debug)]
pub enum What {
    /// The answer is made here; the card never sees the command.
    Answer(Change),
    /// The card gets other data.
    Command(Edit),
    /// The card gets another P1.
    P1(u8),
    /// The reader fails; `true` when the card has acted already.
    Fault(Fault, bool),
    /// The answer comes later.
    Delay(Duration),
    /// The answer has only so many bytes, status word included.
    Short(usize),
    /// The answer before comes again.
    Repeat,
    /// From here on another card answers.
    Swap(String),
    /// The answer of an earlier transaction comes again.
    Replay,
}

/// The answers of an earlier transaction: by instruction, in order.
pub type Earlier = BTreeMap<u8, Vec<Response>>;

/// A card with something in between.
pub struct Wire<C> {
    card: C,
    rules: Vec<Rule>,
    other: Option<SoftwareCard>,
    swapped: bool,
    earlier: Earlier,
    number: usize,
    times: BTreeMap<u8, usize>,
    last: Option<Response>,
}

impl<C> Wire<C> {
    /// Does what `rules` say; `other` is the card that is swapped in, `earlier` what is replayed.
    pub fn new(card: C, rules: Vec<Rule>, other: Option<SoftwareCard>, earlier: Earlier) -> Self {
        let times = BTreeMap::new();
        Self { card, rules, other, swapped: false, earlier, number: 0, times, last: None }
    }

    fn due(&self, command: &Command) -> Vec<What> {
        let time = self.time(command);
        let means = |rule: &&Rule| match rule.when {
            Meant::All => true,
            Meant::One(which) => which.means(command, self.number, time),
        };
        self.rules.iter().filter(means).map(|rule| rule.what.clone()).collect()
    }

    fn time(&self, command: &Command) -> usize {
        self.times.get(&command.ins()).copied().unwrap_or_default()
    }

    fn count(&mut self, command: &Command) {
        self.number = self.number.saturating_add(1);
        let time = self.times.entry(command.ins()).or_default();
        *time = time.saturating_add(1);
    }

    fn start_again(&mut self) {
        self.number = 0;
        self.times.clear();
    }

    /// The answer of the earlier transaction to the same command, the same time.
    fn replayed(&self, command: &Command) -> Option<Response> {
        let place = self.time(command).checked_sub(1)?;
        self.earlier.get(&command.ins())?.get(place).cloned()
    }
}

impl What {
    fn on_command(&self, command: Command) -> Command {
        let [class, ins, p1, p2] = command.header();
        let changed = match self {
            Self::Command(edit) => {
                let data = edit.apply(command.data()).unwrap_or_default();
                Command::new([class, ins, p1, p2], &data, command.le())
            }
            Self::P1(p1) => Command::new([class, ins, *p1, p2], command.data(), command.le()),
            _ => return command,
        };
        changed.unwrap_or(command)
    }

    fn on_answer(&self, exchange: Exchange, last: Option<&Response>) -> Result<Exchange, Fault> {
        let Exchange { response, elapsed } = exchange;
        match self {
            Self::Fault(fault, _) => Err(*fault),
            Self::Delay(time) => Ok(Exchange { response, elapsed: elapsed.saturating_add(*time) }),
            Self::Short(bytes) => {
                let short = response.as_bytes().get(..*bytes).unwrap_or(response.as_bytes());
                Response::from_bytes(short)
                    .map(|response| Exchange { response, elapsed })
                    .map_err(|_| Fault::Transmission)
            }
            Self::Repeat => Ok(Exchange { response: last.cloned().unwrap_or(response), elapsed }),
            _ => Ok(Exchange { response, elapsed }),
        }
    }
}

/// The answer that a change makes of nothing and `9000`.
fn made(change: &Change) -> Result<Response, Fault> {
    let answer = |data: &[u8], status| Response::new(data, status).map_err(|_| Fault::Length);
    match change {
        Change::Data(edit) => answer(&edit.apply(&[]).unwrap_or_default(), StatusWord::OK),
        Change::StatusOnly(status) | Change::Status(status) => answer(&[], *status),
        Change::Fault(fault) => Err(*fault),
    }
}

impl<C: Card> Wire<C> {
    async fn ask(&mut self, command: &Command, due: &[What]) -> Result<Exchange, Fault> {
        let elapsed = Duration::from_millis(1);
        for what in due {
            match what {
                What::Answer(change) => return made(change).map(|response| Exchange { response, elapsed }),
                What::Fault(fault, false) => return Err(*fault),
                What::Swap(_) => self.swapped = true,
                What::Replay => {
                    let replayed = self.replayed(command).map(|response| Exchange { response, elapsed });
                    return replayed.ok_or(Fault::Timeout);
                }
                _ => {}
            }
        }
        let command = due.iter().fold(command.clone(), |command, what| what.on_command(command));
        let answer = self.card.transmit(&command).await;
        match &mut self.other {
            Some(other) => {
                let instead = other.transmit(&command).await;
                if self.swapped { instead } else { answer }
            }
            None => answer,
        }
    }
}

impl<C: Card> Card for Wire<C> {
    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        self.count(command);
        let due = self.due(command);
        let exchange = self.ask(command, &due).await?;
        let last = self.last.replace(exchange.response.clone());
        due.iter().try_fold(exchange, |exchange, what| what.on_answer(exchange, last.as_ref()))
    }

    fn atr(&self) -> &[u8] {
        self.card.atr()
    }

    async fn activate(&mut self) -> Result<Presence, Fault> {
        self.start_again();
        if let Some(other) = &mut self.other {
            other.activate().await?;
        }
        self.card.activate().await
    }

    async fn field_off(&mut self, duration: Duration) -> Result<(), Fault> {
        self.start_again();
        self.card.field_off(duration).await
    }
}
