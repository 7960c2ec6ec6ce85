//! Start D: kernel activation (`EMV Contactless Book B, 3.4.1`), and what all kernels have in common.

use alloc::vec::Vec;

use apdu::{Card, Tag, tag, value::pan::Pan};

use super::{
    c2, c3, c7,
    combination::Combination,
    entry_point,
    kernel_id::KernelId,
    memory::Memory,
    outcome::{L1, Start, TapOutcome},
    pre_process::Indicators,
    select::Selected,
};
use crate::{
    finding::{Evidence, Fact, Finding, Place, Reason},
    outcome::Outcome,
    point_of_sale::{Answer, PointOfSale, RandomPurpose},
    session::{NoReply, Session, Stop},
    store::{CardData, TerminalData},
    terminal::{ApplicationParameters, data::terminal_data},
};

/// What a kernel is started with.
#[derive(Debug)]
pub struct Started<'a> {
    /// The combination.
    pub combination: &'a Combination,
    /// What pre-processing found, with the kernel's copy of the terminal transaction qualifiers.
    pub indicators: &'a Indicators,
    /// The final SELECT and its answer.
    pub selected: &'a Selected,
    /// Where Entry Point began: at [`Start::D`] there was no new SELECT, and `selected` is the one before.
    pub start: Start,
    /// The terminal has started Entry Point again after an outcome (the Restart flag of `EMV Contactless Book A, 8.1.1.20`).
    pub restarted: bool,
    /// What the issuer said, when the kernel is started again after an online request.
    pub issuer: Option<&'a Answer>,
    /// What the reader remembers.
    pub memory: &'a mut Memory,
}

/// Why a kernel leaves its flow.
#[derive(Debug)]
pub enum Exit {
    /// With an outcome.
    Outcome(alloc::boxed::Box<TapOutcome>),
    /// Because the transaction cannot go on at all.
    Stop(Stop),
}

impl From<Stop> for Exit {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<TapOutcome> for Exit {
    fn from(outcome: TapOutcome) -> Self {
        Self::Outcome(alloc::boxed::Box::new(outcome))
    }
}

impl Exit {
    /// What a missing answer means: `on_l1` says what a kernel does about an error of transmission.
    pub fn of(no_reply: NoReply, on_l1: impl FnOnce(L1) -> TapOutcome) -> Self {
        match no_reply {
            NoReply::L1(error) => on_l1(error).into(),
            NoReply::Stop(stop) => stop.into(),
        }
    }
}

/// Kernel 1 of earlier Books, which takes Visa cards without qualifiers. It is not here.
pub(super) const KERNEL_1: KernelId = KernelId::International(1);

/// Who runs a kernel. [`BuiltIn`] runs those of this crate; a program with a domestic kernel of its own can put it beside
/// them.
pub trait Kernels {
    /// Runs the kernel of `started.combination`, from GET PROCESSING OPTIONS to its outcome. `out` holds the terminal's data
    /// objects and takes what the kernel learns.
    ///
    /// # Errors
    /// [`Exit`] where the flow of the kernel leaves before its end.
    fn run<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
        started: &mut Started<'_>,
    ) -> impl Future<Output = Result<TapOutcome, Exit>>;
}

/// The kernels of this crate. A kernel that is not there is never replaced by another.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuiltIn;

impl Kernels for BuiltIn {
    async fn run<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
        started: &mut Started<'_>,
    ) -> Result<TapOutcome, Exit> {
        match started.combination.kernel {
            KernelId::C2 => c2::run(session, out, started).await,
            KernelId::C3 => c3::run(session, out, started).await,
            KernelId::C7 => c7::run(session, out, started).await,
            kernel => {
                unknown(session, kernel);
                Ok(entry_point::no_such_kernel())
            }
        }
    }
}

/// Runs the kernel of the combination.
///
/// # Errors
/// [`Stop`] when the transaction cannot go on at all.
pub(super) async fn run<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    mut started: Started<'_>,
    kernels: &mut impl Kernels,
) -> Result<TapOutcome, Stop> {
    begin(session, out, &started);
    kernels.run(session, out, &mut started).await.or_else(|exit| match exit {
        Exit::Outcome(outcome) => Ok(*outcome),
        Exit::Stop(stop) => Err(stop),
    })
}

pub(super) fn unknown<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, kernel: KernelId) -> Stop {
    let evidence = Evidence::found(Fact::KernelIdentifier, kernel.value()).in_tag(tag::KERNEL_IDENTIFIER_9F2A);
    session.stop(Finding::new(Reason::EpKernelIdUnsupported).with(evidence))
}

/// Forgets what an earlier activation learned, and lays out the terminal's data with a new unpredictable number
/// (`EMV Contactless Book A, 8.1.1.8`).
fn begin<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &mut Outcome, started: &Started<'_>) {
    let Started { combination, indicators, selected, .. } = started;
    if combination.kernel == KernelId::C3 && started.issuer.is_some() {
        // What the issuer sends to a card of kernel 3 changes nothing of a transaction that is decided.
        return;
    }
    let mut number = [0; 4];
    session.point_of_sale.random(RandomPurpose::UnpredictableNumber, &mut number);
    out.aid.clone_from(&selected.name);
    (out.tvr, out.tsi) = Default::default();
    (out.cvm_results, out.cvm, out.chain) = Default::default();
    (out.signed_records, out.card) = Default::default();
    out.terminal = data(session, combination, &selected.name, number);
    if let Some(ttq) = indicators.ttq {
        out.terminal.put(tag::k3::TTQ_9F66, &ttq.0, Place::default());
    }
}

/// The terminal's data objects for this kernel: its own ones come last, so that they stand.
fn data<C, P>(
    session: &Session<'_, C, P>,
    combination: &Combination,
    name: &[u8],
    unpredictable_number: [u8; 4],
) -> TerminalData {
    let application = ApplicationParameters::of(&combination.aid);
    let mut data = terminal_data(session.terminal, &application, name, session.transaction, unpredictable_number);
    let mut put = |tag: Tag, value: &[u8]| data.put(tag, value, Place::default());
    put(tag::POS_ENTRY_MODE_9F39, &[POS_ENTRY_MODE_CONTACTLESS]);
    put(tag::KERNEL_IDENTIFIER_9F2A, combination.kernel.value());
    combination.data.iter().for_each(|(tag, value)| put(*tag, value));
    data
}

/// POS entry mode of a card read by its contactless chip (ISO 8583: 07).
const POS_ENTRY_MODE_CONTACTLESS: u8 = 0x07;

/// The card number, from its own object or from track 2, be it that of mag-stripe mode.
pub fn pan(card: &CardData) -> Option<Pan> {
    let own = card.value(tag::PAN_5A).and_then(|value| Pan::from_compressed(value).ok());
    own.or_else(|| {
        let track = card.value(tag::TRACK_2_EQUIVALENT_DATA_57).or_else(|| card.value(tag::k2::TRACK_2_DATA_9F6B))?;
        apdu::value::Track2::from_bytes(track).ok().map(|track| track.pan)
    })
}

/// Those of `tags` that are there, card data first.
pub fn record(card: &CardData, terminal: &TerminalData, tags: &[Tag]) -> Vec<(Tag, Vec<u8>)> {
    let value = |tag: Tag| card.value(tag).or_else(|| terminal.value(tag));
    tags.iter().filter_map(|tag| Some((*tag, value(*tag)?.to_vec()))).collect()
}
