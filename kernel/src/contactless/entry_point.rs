//! Entry Point (`EMV Contactless Book B, 3`): its four starts, and what it does with the outcome of a kernel.

use alloc::vec::Vec;

use apdu::Card;

use super::{
    Combination, Kernels, MAX_ACTIVATIONS, Memory, OutcomeKind, Start, TapOutcome, UserInterfaceRequest, activate,
    candidates::{Candidate, candidates, none_found},
    complete::Restart,
    directory, kernel,
    outcome::{Activation, AlternateInterface, MessageId, Status},
    pre_process::{self, PreProcessed, nothing_allowed, pre_process},
    select::{self, Selected},
};
use crate::{
    finding::{Evidence, Fact, Finding, Phase, Reason},
    outcome::Outcome,
    point_of_sale::{Answer, PointOfSale},
    session::{NoReply, Session, Stop},
    terminal::Terminal,
};

/// What Entry Point keeps while a transaction lasts (`EMV Contactless Book B, 2.2`).
pub(super) struct EntryPoint<'m, K> {
    pre_processed: Vec<PreProcessed>,
    candidates: Vec<Candidate>,
    /// The combination the last kernel was started for.
    current: Option<(Candidate, Selected)>,
    /// Where it goes on.
    start: Start,
    /// The terminal has started it again after an outcome (`EMV Contactless Book A, 8.1.1.20`).
    restarted: bool,
    /// What the outcome behind the restart wants shown at it.
    ui_on_restart: Option<UserInterfaceRequest>,
    /// The same of an outcome that Entry Point itself goes on from, once.
    ui_once: Option<UserInterfaceRequest>,
    /// What the issuer said, for a card that is presented a second time.
    issuer: Option<Answer>,
    /// The finding that cost the first candidate its place since the last activation, as an index.
    lost: Option<usize>,
    memory: &'m mut Memory,
    kernels: &'m mut K,
}

impl<'m, K: Kernels> EntryPoint<'m, K> {
    /// As it stands before a transaction.
    pub fn new(terminal: &Terminal, memory: &'m mut Memory, kernels: &'m mut K) -> Self {
        Self {
            pre_processed: Vec::new(),
            candidates: Vec::new(),
            current: None,
            start: if terminal.contactless.autorun.is_some() { Start::B } else { Start::A },
            restarted: false,
            ui_on_restart: None,
            ui_once: None,
            issuer: None,
            lost: None,
            memory,
            kernels,
        }
    }

    /// Begins again where the outcome said (`EMV Contactless Book A, 8.1.1.19 and .20`).
    pub fn restart(&mut self, restart: Restart) {
        let Restart { start, ui, issuer } = restart;
        (self.start, self.ui_on_restart, self.issuer, self.restarted) = (start, ui, issuer, true);
        if start == Start::C {
            self.leave_current();
        }
    }

    /// From where it stands to an outcome that is final (`EMV Contactless Book B, 3.5.1`).
    ///
    /// # Errors
    /// [`Stop`] when the transaction cannot go on at all.
    pub async fn run<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Result<TapOutcome, Stop> {
        if self.start == Start::A
            && let Some(outcome) = self.pre_process(session, out)
        {
            process_outcome(session, &outcome).await?;
            return Ok(outcome);
        }
        for _ in 0..MAX_ACTIVATIONS {
            let Some(outcome) = self.once(session, out).await? else { continue };
            process_outcome(session, &outcome).await?;
            match outcome.outcome {
                OutcomeKind::TryAgain => (self.start, self.ui_once) = (Start::B, outcome.ui_on_restart),
                OutcomeKind::SelectNext => {
                    self.leave_current();
                    self.start = Start::C;
                }
                _ => return Ok(outcome),
            }
        }
        Err(self.too_often(session))
    }

    /// Starts B to D once; nothing when the card has to be activated again.
    async fn once<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Result<Option<TapOutcome>, Stop> {
        if self.start == Start::B {
            self.protocol_activation(session, out).await?;
        }
        let before = session.log().findings.len();
        if self.start != Start::D {
            session.enter(Phase::Selection);
            self.current = match self.select_combination(session, out).await {
                Ok(selected) => selected,
                Err(NoReply::L1(_)) => {
                    self.keep_loss(session, before);
                    self.start = Start::B;
                    return Ok(None);
                }
                Err(NoReply::Stop(stop)) => return Err(stop),
            };
        }
        let Some((candidate, selected)) = self.current.clone() else { return Ok(Some(self.nothing_left(session))) };
        let outcome = self.activate_kernel(session, out, &candidate, &selected).await?;
        self.keep_loss(session, before);
        Ok(Some(outcome))
    }

    /// Start A: an outcome when no combination is left for a card.
    fn pre_process<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Option<TapOutcome> {
        session.enter(Phase::PreProcessing);
        self.start = Start::B;
        self.pre_processed = pre_process(session.terminal, session.transaction);
        out.tap_mut().pre_processed.clone_from(&self.pre_processed);
        if self.pre_processed.iter().any(|one| one.indicators.not_allowed.is_none()) {
            return None;
        }
        let finding = nothing_allowed(session.terminal, session.transaction, &self.pre_processed);
        session.report(finding.fatal());
        let outcome = TapOutcome::new(OutcomeKind::TryAnotherInterface);
        Some(outcome.shows(MessageId::InsertOrSwipe, Status::ProcessingError))
    }

    /// Start B. A reader that begins here has not pre-processed; a card whose issuer sent something keeps its candidates.
    async fn protocol_activation<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Result<(), Stop> {
        if self.pre_processed.is_empty() {
            self.pre_processed = pre_process::without(session.terminal, session.transaction);
            out.tap_mut().pre_processed.clone_from(&self.pre_processed);
        }
        self.lost = None;
        let shown = self.ui_once.take().or(self.ui_on_restart);
        activate::activate(session, shown).await
    }

    /// Start C: the next candidate that lets itself be selected.
    async fn select_combination<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Result<Option<(Candidate, Selected)>, NoReply> {
        let before = session.log().findings.len();
        let again = self.start == Start::B && self.has_issuer_data();
        if self.start == Start::B && !again {
            self.list_candidates(session, out).await?;
        }
        let mut again = self.current.take().filter(|_| again).map(|(candidate, _)| candidate);
        while let Some(candidate) = again.take().or_else(|| self.candidates.first().cloned()) {
            if let Some(selected) = self.select(session, candidate.clone()).await? {
                return Ok(Some(selected));
            }
            self.candidates.retain(|other| *other != candidate);
            self.keep_loss(session, before);
            if self.has_issuer_data() {
                return Ok(None);
            }
        }
        self.keep_loss(session, before);
        Ok(None)
    }

    /// The candidate list, from the card's directory.
    async fn list_candidates<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
    ) -> Result<(), NoReply> {
        self.candidates.clear();
        let entries = directory::entries(session).await?;
        self.candidates = candidates(&session.terminal.contactless, &self.pre_processed, &entries);
        if self.candidates.is_empty() && !entries.is_empty() {
            let finding = none_found(session.terminal, session.transaction, &self.pre_processed, &entries);
            session.report(finding);
        }
        out.tap_mut().entries = entries;
        Ok(())
    }

    /// Selects one candidate, perhaps for another kernel than its combination names.
    async fn select<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        candidate: Candidate,
    ) -> Result<Option<(Candidate, Selected)>, NoReply> {
        let Some(combination) = self.combination(session.terminal, &candidate) else { return Ok(None) };
        let Some(selected) = select::select(session, candidate.name(combination)).await? else { return Ok(None) };
        if !select::wants_other_kernel(combination, &selected) {
            return Ok(Some((candidate, selected)));
        }
        let kernel_1 = self.with_kernel_1(session.terminal, &candidate);
        if kernel_1.is_none() {
            session.report(select::without_ttq(&selected));
        }
        Ok(kernel_1.map(|candidate| (candidate, selected)))
    }

    /// The same candidate for kernel 1, where the reader has it and follows a Book B that goes on with it.
    fn with_kernel_1(&self, terminal: &Terminal, candidate: &Candidate) -> Option<Candidate> {
        let combination = self.combination(terminal, candidate)?;
        let (at, _) = self.pre_processed.iter().enumerate().find(|(_, one)| {
            let other = terminal.contactless.combinations.get(one.combination);
            let same_aid = other.filter(|other| other.aid == combination.aid);
            one.indicators.not_allowed.is_none() && same_aid.is_some_and(|other| other.kernel == kernel::KERNEL_1)
        })?;
        let replaces = terminal.contactless.book_version == super::kernel_id::BookVersion::V2_5;
        replaces.then(|| Candidate { combination: at, ..candidate.clone() })
    }

    fn combination<'t>(&self, terminal: &'t Terminal, candidate: &Candidate) -> Option<&'t Combination> {
        let pre_processed = self.pre_processed.get(candidate.combination)?;
        terminal.contactless.combinations.get(pre_processed.combination)
    }

    /// Whether the issuer sent something that the card is to get (`EMV Contactless Book B, 3.3.2.1`).
    fn has_issuer_data(&self) -> bool {
        self.issuer.as_ref().is_some_and(Answer::has_emv_data)
    }

    /// The candidate whose kernel ran is none any more.
    fn leave_current(&mut self) {
        if let Some((left, _)) = &self.current {
            self.candidates.retain(|other| other.place != left.place || other.combination != left.combination);
        }
    }

    /// No candidate is left (`EMV Contactless Book B, 3.3.2.7`).
    fn nothing_left<C: Card, P: PointOfSale>(&mut self, session: &mut Session<'_, C, P>) -> TapOutcome {
        self.lost.filter(|_| !self.has_issuer_data()).and_then(|lost| session.raise_to_fatal(lost));
        TapOutcome::new(OutcomeKind::EndApplication).shows(MessageId::TryAnotherCard, Status::ReadyToRead)
    }

    /// Keeps what cost the first candidate its place.
    fn keep_loss<C: Card, P: PointOfSale>(&mut self, session: &Session<'_, C, P>, before: usize) {
        self.lost = self.lost.or_else(|| session.worst_since(before));
    }

    /// A card keeps asking to be presented again.
    pub fn too_often<C: Card, P: PointOfSale>(&self, session: &mut Session<'_, C, P>) -> Stop {
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
        let (start, restarted) = (self.start, self.restarted);
        let started = kernel::Started {
            combination,
            indicators: &pre_processed.indicators,
            selected,
            start,
            restarted,
            issuer: self.issuer.as_ref(),
            memory: self.memory,
        };
        let outcome = kernel::run(session, out, started, self.kernels).await?;
        out.tap_mut().activations.push(Activation {
            kernel: combination.kernel,
            name: selected.name.clone(),
            combination: pre_processed.combination,
            start,
            restarted,
            outcome: outcome.clone(),
        });
        Ok(outcome)
    }
}

/// What an outcome of Entry Point's own says when the reader has no kernel of the combination's number: the card can still
/// be read another way.
pub(super) fn no_such_kernel() -> TapOutcome {
    let outcome = TapOutcome::new(OutcomeKind::TryAnotherInterface);
    let outcome = outcome.shows(MessageId::InsertOrSwipe, Status::ProcessingError);
    TapOutcome { alternate_interface: AlternateInterface::ContactChip, ..outcome }
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
