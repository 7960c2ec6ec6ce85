//! One mutant, run: the recorded card with something changed, and the real software card from where the terminal does
//! something else than it did.

use std::{cell::Cell, panic::AssertUnwindSafe, rc::Rc, time::Duration};

use emvident::{
    apdu::{Card, Command, Exchange, Fault, Presence, Response, value::pan::Pan},
    kernel::{
        Outcome, PointOfSale, Terminal,
        contactless::UserInterfaceRequest,
        point_of_sale::{
            Answer, Authorisation, AuthorisationRequest, Candidate, DataAnswer, DataRequest, Message, OnlinePinEntry,
            OnlinePinRequest, PinEntry, PinRequest, RandomPurpose,
        },
        stepper::blocking,
        transact,
    },
    scripted::Scripted,
};
use vectors::SoftwareCard;

use super::{
    baseline::{Baseline, Event},
    mutant::Change,
};

/// EXCHANGE RELAY RESISTANCE DATA.
const RELAY_RESISTANCE: u8 = 0xEA;

/// Runs the transaction of `baseline` with `change`; `None` when the kernel panicked.
pub fn run(baseline: &Baseline, change: &Change) -> Option<Outcome> {
    run_on(baseline, &baseline.terminal, change)
}

/// As [`run`], on another terminal.
pub fn run_on(baseline: &Baseline, terminal: &Terminal, change: &Change) -> Option<Outcome> {
    let mut people = baseline.people();
    let live = change.card.as_deref().cloned();
    people.card_is_live.set(live.is_some());
    let card_is_live = people.card_is_live.clone();
    let mut card = Actor { baseline, change, at: 0, live, card_is_live };
    let run = AssertUnwindSafe(|| blocking(transact(&mut card, &mut people, terminal, &baseline.transaction)));
    std::panic::catch_unwind(run).ok().map(|outcome| outcome.expect("no card waits"))
}

/// The card of a mutant.
struct Actor<'a> {
    baseline: &'a Baseline,
    change: &'a Change,
    /// The next event.
    at: usize,
    /// The software card, once what is asked of it is not what was recorded.
    live: Option<SoftwareCard>,
    card_is_live: Rc<Cell<bool>>,
}

impl Actor<'_> {
    fn live(&mut self) -> &mut SoftwareCard {
        let last = self.baseline.cards.len() - 1;
        let before = &self.baseline.cards[self.at.min(last)];
        self.card_is_live.set(true);
        self.live.get_or_insert_with(|| before.clone())
    }

    fn recorded(&self) -> Option<&Event> {
        self.baseline.events.get(self.at).filter(|_| self.live.is_none())
    }

    /// What the card is asked: a wedge may have changed it.
    fn as_the_card_sees(&self, command: &Command) -> Option<Command> {
        match &self.change.command {
            Some(wedge) if wedge.at == self.at => Command::from_bytes(&wedge.apply(command.as_bytes())).ok(),
            _ => Some(command.clone()),
        }
    }

    async fn answered(&mut self, command: &Command) -> Result<Exchange, Fault> {
        let Some(command) = self.as_the_card_sees(command) else {
            self.live();
            return Ok(exchange(&[0x67, 0x00], Duration::ZERO));
        };
        match self.recorded() {
            Some(Event::Answered { command: recorded, exchange }) if recorded == command.as_bytes() => {
                Ok(exchange.clone())
            }
            _ => self.live().transmit(&command).await,
        }
    }

    /// The changed answer. Relay resistance is tried again when it failed: then every answer is changed in the same way.
    fn changed(&self, command: &Command, answered: &Exchange) -> Option<Vec<u8>> {
        let here = self.change.responses.iter().find(|(at, _)| *at == self.at);
        if let Some((_, bytes)) = here {
            // After an earlier change the terminal may be further on: this answer is to something it did not ask.
            let is_asked = self.baseline.exchange(self.at).is_some_and(|(asked, _)| asked[1] == command.ins());
            return is_asked.then(|| bytes.clone());
        }
        let tried = |at: usize| self.baseline.exchange(at).filter(|(asked, _)| asked[1] == command.ins());
        let before = self.change.responses.iter().filter(|(at, _)| *at < self.at && command.ins() == RELAY_RESISTANCE);
        let (recorded, new) = before.filter_map(|(at, new)| Some((tried(*at)?.1, new))).next()?;
        let now = answered.response.as_bytes();
        let same_length = new.len() == recorded.len() && now.len() == recorded.len();
        let changed = now.iter().zip(recorded).zip(new).map(|((now, old), new)| now ^ old ^ new);
        Some(if same_length { changed.collect() } else { new.clone() })
    }

    /// The answer recorded at another place, where answers change places.
    fn elsewhere(&self) -> Option<&Exchange> {
        let source = self.change.places.as_ref()?.get(self.at).copied().filter(|source| *source != self.at)?;
        match self.baseline.events.get(source)? {
            Event::Answered { exchange, .. } => Some(exchange),
            _ => None,
        }
    }
}

fn exchange(response: &[u8], elapsed: Duration) -> Exchange {
    Exchange { response: Response::from_bytes(response).expect("a response"), elapsed }
}

impl Card for Actor<'_> {
    async fn activate(&mut self) -> Result<Presence, Fault> {
        let presence = match self.recorded() {
            Some(Event::Activated(presence)) => *presence,
            _ => self.live().activate().await?,
        };
        self.at += 1;
        Ok(presence)
    }

    async fn field_off(&mut self, duration: Duration) -> Result<(), Fault> {
        if !matches!(self.recorded(), Some(Event::FieldOff)) {
            self.live().field_off(duration).await?;
        }
        self.at += 1;
        Ok(())
    }

    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        let moved = self.elsewhere().cloned();
        let answered = self.answered(command).await?;
        let answered = moved.unwrap_or(answered);
        let changed = self.changed(command, &answered);
        let answered = match changed.map(|bytes| Response::from_bytes(&bytes)) {
            None => answered,
            Some(Ok(response)) => Exchange { response, ..answered },
            // An answer longer than any reader takes never gets here.
            Some(Err(_)) => return Err(Fault::Length),
        };
        self.at += 1;
        Ok(answered)
    }

    fn atr(&self) -> &[u8] {
        &self.baseline.atr
    }
}

/// People who follow the script, and a host that answers what it answered the first time, then approves: nothing that was
/// changed on the way is found out there. Only a card that answers for itself gets the issuer's own approval, when that
/// approves, since the card would not take another.
pub struct People {
    card_is_live: Rc<Cell<bool>>,
    people: Scripted,
    recorded: Option<std::vec::IntoIter<Authorisation>>,
    heard: Vec<Authorisation>,
}

impl People {
    pub fn new(people: Scripted, recorded: Vec<Authorisation>) -> Self {
        Self { people, recorded: Some(recorded.into_iter()), heard: Vec::new(), card_is_live: Rc::default() }
    }

    /// The host is asked, and its answers are kept.
    pub fn asking(people: Scripted) -> Self {
        Self { people, recorded: None, heard: Vec::new(), card_is_live: Rc::default() }
    }

    pub fn into_authorisations(self) -> Vec<Authorisation> {
        self.heard
    }
}

fn is_approval(said: &Authorisation) -> bool {
    matches!(said, Authorisation::Answered(answer) if answer.response_code == *b"00")
}

/// What proves the answer to one card proves nothing to one that made another cryptogram.
fn without_proof(said: Authorisation) -> Authorisation {
    match said {
        Authorisation::Answered(answer) => {
            Authorisation::Answered(Answer { issuer_authentication_data: None, ..answer })
        }
        unable => unable,
    }
}

fn approval() -> Authorisation {
    Authorisation::Answered(Answer {
        response_code: *b"00",
        issuer_authentication_data: None,
        scripts: Vec::new(),
        authorisation_code: None,
    })
}

impl PointOfSale for People {
    fn random(&mut self, purpose: RandomPurpose, out: &mut [u8]) {
        self.people.random(purpose, out);
    }

    fn show(&mut self, _: Message) {}

    fn user_interface(&mut self, _: &UserInterfaceRequest) {}

    async fn choose_application(&mut self, candidates: &[Candidate]) -> Option<usize> {
        self.people.choose_application(candidates).await
    }

    async fn confirm_application(&mut self, candidate: &Candidate) -> bool {
        self.people.confirm_application(candidate).await
    }

    async fn enter_pin(&mut self, request: &PinRequest) -> PinEntry {
        self.people.enter_pin(request).await
    }

    async fn enter_online_pin(&mut self, request: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        self.people.enter_online_pin(request).await
    }

    async fn recent_amount(&mut self, pan: &Pan, number: Option<u8>) -> u64 {
        self.people.recent_amount(pan, number).await
    }

    async fn authorise(&mut self, request: &AuthorisationRequest<'_>) -> Authorisation {
        match &mut self.recorded {
            Some(recorded) => {
                let before = recorded.next().unwrap_or_else(approval);
                if !self.card_is_live.get() {
                    return before;
                }
                let now = self.people.authorise(request).await;
                if is_approval(&now) { now } else { without_proof(before) }
            }
            None => {
                let heard = self.people.authorise(request).await;
                self.heard.push(heard.clone());
                heard
            }
        }
    }

    async fn refer(&mut self) -> bool {
        self.people.refer().await
    }

    async fn exchange_data(&mut self, request: &DataRequest) -> DataAnswer {
        self.people.exchange_data(request).await
    }
}
