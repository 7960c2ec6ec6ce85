//! What became of a transaction, and everything a report needs to say why.

use alloc::vec::Vec;

use apdu::{
    Bit, Tag, tag,
    value::{Tsi, Tvr, cid::Cid, cvm::CvmResults},
};

use crate::{
    contact::{
        analyse::ActionAnalysis, go_online::CHIP_DATA, read::SignedRecords, scripts::ScriptResult,
        verify_cardholder::CvmStory,
    },
    contactless::Tap,
    oda::ChainReport,
    point_of_sale::Candidate,
    session::Log,
    store::{CardData, TerminalData},
};

/// The end of a transaction.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was decided.
    pub decision: Decision,
    /// Who decided it.
    pub decided_by: Decider,
    /// The applications card and terminal had in common, in the order they were offered.
    pub candidates: Vec<Candidate>,
    /// The AID the transaction ran with.
    pub aid: Vec<u8>,
    /// Terminal verification results at the end.
    pub tvr: Tvr,
    /// Transaction status information at the end.
    pub tsi: Tsi,
    /// CVM results (`9F34`).
    pub cvm_results: Option<CvmResults>,
    /// Every CVM rule visited.
    pub cvm: CvmStory,
    /// The certificate chain as far as it was followed.
    pub chain: ChainReport,
    /// The records to be authenticated, as the certificates sign them.
    pub signed_records: SignedRecords,
    /// Every action analysis made, in order.
    pub analyses: Vec<ActionAnalysis>,
    /// What GENERATE AC was asked for and gave, first and second.
    pub cryptograms: Vec<Cryptogram>,
    /// Whether the transaction went online and got an answer.
    pub online: bool,
    /// Authorisation response code (`8A`): the issuer's, or Y1, Z1, Y3, Z3.
    pub response_code: Option<[u8; 2]>,
    /// The receipt needs a signature line.
    pub signature_required: bool,
    /// The card asked for an advice to be sent.
    pub advice: bool,
    /// The issuer may have approved something that did not happen: reverse it.
    pub reversal: bool,
    /// Issuer script results (`9F5B`), one per script.
    pub scripts: Vec<ScriptResult>,
    /// What Entry Point saw; only of a contactless transaction.
    pub tap: Option<Tap>,
    /// What the card gave.
    pub card: CardData,
    /// What the terminal and the issuer gave, as it stood at the end.
    pub terminal: TerminalData,
    /// Findings and exchanges.
    pub log: Log,
}

impl Outcome {
    /// What a batch keeps: what the issuer gets, but for the cashback (`EMV 4.4 Book 4, 12.2.1`).
    pub fn batch_data(&self) -> impl Iterator<Item = (Tag, &[u8])> {
        let kept = CHIP_DATA.into_iter().filter(|tag| *tag != tag::AMOUNT_OTHER_9F03);
        kept.filter_map(|tag| Some((tag, self.card.value(tag).or_else(|| self.terminal.value(tag))?)))
    }

    /// What Entry Point saw, to write to.
    pub(crate) fn tap_mut(&mut self) -> &mut Tap {
        self.tap.get_or_insert_default()
    }
}

/// What was decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Approved.
    Approved,
    /// Declined.
    Declined,
    /// Ended without a decision.
    #[default]
    NotCompleted,
}

impl Decision {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::NotCompleted => "not-completed",
        }
    }
}

/// Who decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Decider {
    /// The card, by its cryptogram.
    Card,
    /// The terminal, by its action codes or because a check failed.
    Terminal,
    /// The issuer.
    Issuer,
    /// The attendant, after a referral.
    Attendant,
    /// The cardholder, by cancelling or refusing.
    Cardholder,
    /// Nobody: reader or transport failed.
    #[default]
    Nobody,
}

impl Decider {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Terminal => "terminal",
            Self::Issuer => "issuer",
            Self::Attendant => "attendant",
            Self::Cardholder => "cardholder",
            Self::Nobody => "nobody",
        }
    }
}

/// One GENERATE AC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cryptogram {
    /// What was asked for.
    pub asked: apdu::value::cid::CryptogramType,
    /// Whether a CDA signature was asked for.
    pub signature_asked: bool,
    /// What the card answered.
    pub cid: Cid,
    /// The application cryptogram (`9F26`), when it could be read.
    pub cryptogram: Option<[u8; 8]>,
    /// Application transaction counter (`9F36`).
    pub atc: [u8; 2],
    /// Issuer application data (`9F10`); empty when the card gave none.
    pub issuer_data: Vec<u8>,
}

/// Marks which bit of the TVR met which action codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaskHit {
    /// The TVR bit.
    pub bit: Bit,
    /// It is set in the terminal's action code.
    pub in_tac: bool,
    /// It is set in the issuer's action code.
    pub in_iac: bool,
}
