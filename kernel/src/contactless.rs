//! The contactless transaction (`EMV Contactless Books A and B`): the other flow chart. Entry Point's four starts are its
//! boxes, and the kernels are siblings behind the last one.

pub mod pre_process;
pub mod activate;
pub mod directory;
pub mod candidates;
pub mod select;
pub mod kernel;
pub mod c2;
pub mod c3;
pub mod c7;
pub mod ctq;
pub mod complete;
pub mod combination;
pub mod kernel_id;
pub mod memory;
pub mod outcome;

use alloc::vec::Vec;

use apdu::Card;

pub use combination::{Combination, Contactless};
pub use kernel_id::KernelId;
pub use memory::Memory;
pub use outcome::{Activation, OutcomeKind, Start, TapOutcome, UserInterfaceRequest};

use crate::{
    finding::{Evidence, Fact, Finding, Phase, Reason},
    outcome::Outcome,
    point_of_sale::{Answer, PointOfSale},
    session::{NoReply, Session, Stop},
    terminal::Terminal,
    transaction::Transaction,
};

use candidates::{Candidate, candidates, none_found};
use directory::Entry;
use outcome::{MessageId, Status};
use pre_process::{PreProcessed, nothing_allowed, pre_process};
use select::Selected;

/// A card that asks to be presented again more often than this is refused.
const MAX_ACTIVATIONS: usize = 16;

/// What Entry Point saw of a transaction.
#[derive(Debug, Default)]
pub struct Tap {
    /// The combinations of the transaction type, and what pre-processing made of them.
    pub pre_processed: Vec<PreProcessed>,
    /// What the card's directory lists.
    pub entries: Vec<Entry>,
    /// Every kernel activation, in order.
    pub activations: Vec<Activation>,
    /// The final outcome.
    pub outcome: Option<TapOutcome>,
}

/// Runs one contactless transaction, from pre-processing to what the issuer says. Dropping the future is the cancel key.
pub async fn purchase<C: Card, P: PointOfSale>(
    card: &mut C,
    point_of_sale: &mut P,
    terminal: &Terminal,
    transaction: &Transaction,
    memory: &mut Memory,
) -> Outcome {
    let mut session = Session::new(card, point_of_sale, terminal, transaction);
    let mut out = Outcome { tap: Some(Tap::default()), ..Outcome::default() };
    let ended = flow(&mut session, &mut out, memory).await;
    complete::conclude(&mut session, &mut out, ended);
    out.log = session.into_log();
    out
}

/// What Entry Point keeps while a transaction lasts (`EMV Contactless Book B, 2.2`).
struct EntryPoint<'m> {
    pre_processed: Vec<PreProcessed>,
    candidates: Vec<Candidate>,
    /// Where it begins.
    start: Start,
    /// What an outcome wants shown at the restart.
    ui_on_restart: Option<UserInterfaceRequest>,
    /// What the issuer said, for a card that is presented a second time.
    issuer: Option<Answer>,
    /// The finding that cost the first candidate its place since the last activation, as an index.
    lost: Option<usize>,
    memory: &'m mut Memory,
}

/// The chart: pre-processing, Entry Point to a final outcome, the terminal's part, and again where the outcome says so.
async fn flow<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    memory: &mut Memory,
) -> Result<(), Stop> {
    session.enter(Phase::PreProcessing);
    let pre_processed = pre_process(session.terminal, session.transaction);
    out.tap_mut().pre_processed.clone_from(&pre_processed);
    if pre_processed.iter().all(|one| one.indicators.not_allowed.is_some()) {
        let finding = nothing_allowed(session.terminal, session.transaction, &pre_processed);
        session.report(finding.fatal());
        let outcome = TapOutcome::new(OutcomeKind::TryAnotherInterface);
        let outcome = outcome.shows(MessageId::InsertOrSwipe, Status::ProcessingError);
        process_outcome(session, &outcome).await?;
        return complete::complete(session, out, outcome).await.map(drop);
    }
    let mut entry_point = EntryPoint {
        pre_processed,
        candidates: Vec::new(),
        start: Start::B,
        ui_on_restart: None,
        issuer: None,
        lost: None,
        memory,
    };
    for _ in 0..MAX_ACTIVATIONS {
        let outcome = entry_point.run(session, out).await?;
        match complete::complete(session, out, outcome).await? {
            None => return Ok(()),
            Some(restart) => entry_point.restart(restart),
        }
    }
    Err(entry_point.too_often(session))
}

impl EntryPoint<'_> {
    /// Starts B, C and D, until an outcome is final (`EMV Contactless Book B, 3.5.1`).
    async fn run<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Result<TapOutcome, Stop> {
        for _ in 0..MAX_ACTIVATIONS {
            if self.start == Start::B {
                self.lost = None;
                activate::activate(session, self.ui_on_restart.take()).await?;
            }
            session.enter(Phase::Selection);
            let before = session.log().findings.len();
            let (candidate, selected) = match self.select_combination(session, out).await {
                Ok(Some(selected)) => selected,
                Ok(None) => return self.nothing_left(session).await,
                Err(NoReply::L1(_)) => {
                    self.keep_loss(session, before);
                    self.start = Start::B;
                    continue;
                }
                Err(NoReply::Stop(stop)) => return Err(stop),
            };
            let outcome = self.activate_kernel(session, out, &candidate, &selected).await?;
            self.keep_loss(session, before);
            process_outcome(session, &outcome).await?;
            match outcome.outcome {
                OutcomeKind::TryAgain => {
                    (self.start, self.ui_on_restart) = (Start::B, outcome.ui_on_restart);
                }
                OutcomeKind::SelectNext => {
                    self.candidates.retain(|other| *other != candidate);
                    self.start = Start::C;
                }
                _ => return Ok(outcome),
            }
        }
        Err(self.too_often(session))
    }

    /// Start C: the next candidate that lets itself be selected.
    async fn select_combination<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Result<Option<(Candidate, Selected)>, NoReply> {
        let contactless = &session.terminal.contactless;
        let before = session.log().findings.len();
        if self.start == Start::B && self.issuer.is_none() {
            let entries = directory::entries(session).await?;
            self.candidates = candidates(contactless, &self.pre_processed, &entries);
            if self.candidates.is_empty() && !entries.is_empty() {
                session.report(none_found(contactless, &self.pre_processed, &entries));
            }
            out.tap_mut().entries = entries;
        }
        while let Some(candidate) = self.candidates.first().cloned() {
            if let Some(combination) = self.combination(session.terminal, &candidate)
                && let Some(selected) = select::select(session, candidate.name(combination), combination).await?
            {
                return Ok(Some((candidate, selected)));
            }
            if self.issuer.is_some() {
                return Ok(None);
            }
            self.candidates.remove(0);
            self.keep_loss(session, before);
        }
        self.keep_loss(session, before);
        Ok(None)
    }

    fn combination<'t>(&self, terminal: &'t Terminal, candidate: &Candidate) -> Option<&'t Combination> {
        let pre_processed = self.pre_processed.get(candidate.combination)?;
        terminal.contactless.combinations.get(pre_processed.combination)
    }

    /// No candidate is left (`EMV Contactless Book B, 3.3.2.7`).
    async fn nothing_left<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
    ) -> Result<TapOutcome, Stop> {
        self.lost.and_then(|lost| session.raise_to_fatal(lost));
        let outcome = TapOutcome::new(OutcomeKind::EndApplication);
        let outcome = outcome.shows(MessageId::TryAnotherCard, Status::ReadyToRead);
        process_outcome(session, &outcome).await?;
        Ok(outcome)
    }

    /// Keeps what cost the first candidate its place.
    fn keep_loss<C: Card, P: PointOfSale>(&mut self, session: &Session<'_, C, P>, before: usize) {
        self.lost = self.lost.or_else(|| session.worst_since(before));
    }

    /// A card keeps asking to be presented again.
    fn too_often<C: Card, P: PointOfSale>(&self, session: &mut Session<'_, C, P>) -> Stop {
        self.lost.and_then(|lost| session.raise_to_fatal(lost)).unwrap_or_else(|| {
            let evidence = Evidence::found(Fact::Limit, MAX_ACTIVATIONS);
            session.stop(Finding::new(Reason::EpSelectFailed).with(evidence))
        })
    }

    /// Start D: the kernel.
    async fn activate_kernel<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
        candidate: &Candidate,
        selected: &Selected,
    ) -> Result<TapOutcome, Stop> {
        session.enter(Phase::Initiation);
        let (Some(combination), Some(pre_processed)) =
            (self.combination(session.terminal, candidate), self.pre_processed.get(candidate.combination))
        else {
            return Err(session.stop(Finding::new(Reason::EpNoCombination)));
        };
        let started = kernel::Started {
            combination,
            indicators: &pre_processed.indicators,
            selected,
            issuer: self.issuer.as_ref(),
            memory: self.memory,
        };
        let outcome = kernel::run(session, out, started).await?;
        let name = selected.name.clone();
        out.tap_mut().activations.push(Activation { kernel: combination.kernel, name, outcome: outcome.clone() });
        Ok(outcome)
    }

    /// Begins again where the outcome said (`EMV Contactless Book A, 8.1.1.20`).
    fn restart(&mut self, restart: complete::Restart) {
        self.start = restart.start;
        self.ui_on_restart = restart.ui;
        self.issuer = restart.issuer;
    }
}

/// What is due with every outcome: what it shows, then the field (`EMV Contactless Book B, 3.5.1`).
async fn process_outcome<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    outcome: &TapOutcome,
) -> Result<(), Stop> {
    session.enter(Phase::Outcome);
    if let Some(request) = &outcome.ui_on_outcome {
        session.point_of_sale.user_interface(request);
    }
    match outcome.field_off {
        Some(hold) => session.field_off(hold).await,
        None => Ok(()),
    }
}
