//! What a card remembers from SELECT to the last command of a transaction.

use crate::cryptogram::{Approval, Facts};
use crate::dol::Values;

/// How far the transaction is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Phase {
    /// Selected.
    #[default]
    Selected,
    /// GET PROCESSING OPTIONS done.
    Initiated,
    /// The first GENERATE AC gave an ARQC.
    Online,
    /// No more cryptograms.
    Complete,
}

/// One transaction on the card's side.
#[derive(Clone, Default)]
pub(super) struct Transaction {
    pub(super) phase: Phase,
    /// PDOL and CDOL values as they came, for the transaction data hash.
    pub(super) received: Vec<u8>,
    /// The values by tag, and the card's own that cryptograms need.
    pub(super) values: Values,
    /// The number of the last GET CHALLENGE, until a VERIFY uses it.
    pub(super) challenge: Option<[u8; 8]>,
    pub(super) facts: Facts,
    /// What the issuer said, once it proved itself.
    pub(super) approval: Option<Approval>,
    /// The first cryptogram, on which script keys depend.
    pub(super) cryptogram: Option<[u8; 8]>,
    /// Script commands received.
    pub(super) scripts: u64,
    /// The issuer has the card blocked.
    pub(super) card_block: bool,
    /// How long the last answer took, where that is scripted.
    pub(super) elapsed: Option<std::time::Duration>,
    /// How often the distance was measured, and what was exchanged last.
    pub(super) distances: usize,
    pub(super) distance: Vec<u8>,
    /// What CDA signs after the transaction data hash.
    pub(super) further: Vec<u8>,
    /// What else stands in the answer to GENERATE AC.
    pub(super) objects: Vec<Vec<u8>>,
}
