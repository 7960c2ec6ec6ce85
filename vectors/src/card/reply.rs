//! What a command leads to.

use apdu::{Fault, Response, StatusWord};

/// Data and status word, or the status word of a refusal.
pub(super) type Answer = Result<Reply, StatusWord>;

/// Data and status word.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) data: Vec<u8>,
    pub(super) status: StatusWord,
}

impl From<Vec<u8>> for Reply {
    fn from(data: Vec<u8>) -> Self {
        Self { data, status: StatusWord::OK }
    }
}

impl From<StatusWord> for Reply {
    fn from(status: StatusWord) -> Self {
        Self { data: Vec::new(), status }
    }
}

impl Reply {
    /// As it goes out; data that fit no short response are an error of the card.
    pub(super) fn response(self) -> Result<Response, Fault> {
        Ok(Response::new(&self.data, self.status).unwrap_or_else(|_| Response::status_only(sw::NO_DIAGNOSIS)))
    }
}

/// Status words of refusals.
pub(super) mod sw {
    use apdu::StatusWord;

    pub(in crate::card) const FILE_INVALIDATED: StatusWord = StatusWord(0x6283);
    pub(in crate::card) const AUTHENTICATION_FAILED: StatusWord = StatusWord(0x6300);
    pub(in crate::card) const WRONG_LENGTH: StatusWord = StatusWord(0x6700);
    pub(in crate::card) const METHOD_BLOCKED: StatusWord = StatusWord(0x6983);
    pub(in crate::card) const REFERENCE_INVALIDATED: StatusWord = StatusWord(0x6984);
    pub(in crate::card) const CONDITIONS_NOT_SATISFIED: StatusWord = StatusWord(0x6985);
    pub(in crate::card) const SEE_PHONE: StatusWord = StatusWord(0x6986);
    pub(in crate::card) const MAC_MISSING: StatusWord = StatusWord(0x6987);
    pub(in crate::card) const MAC_WRONG: StatusWord = StatusWord(0x6988);
    pub(in crate::card) const WRONG_DATA: StatusWord = StatusWord(0x6A80);
    pub(in crate::card) const FUNCTION_NOT_SUPPORTED: StatusWord = StatusWord(0x6A81);
    pub(in crate::card) const FILE_NOT_FOUND: StatusWord = StatusWord(0x6A82);
    pub(in crate::card) const RECORD_NOT_FOUND: StatusWord = StatusWord(0x6A83);
    pub(in crate::card) const WRONG_PARAMETERS: StatusWord = StatusWord(0x6A86);
    pub(in crate::card) const DATA_NOT_FOUND: StatusWord = StatusWord(0x6A88);
    pub(in crate::card) const INSTRUCTION_NOT_SUPPORTED: StatusWord = StatusWord(0x6D00);
    pub(in crate::card) const CLASS_NOT_SUPPORTED: StatusWord = StatusWord(0x6E00);
    pub(in crate::card) const NO_DIAGNOSIS: StatusWord = StatusWord(0x6F00);

    /// `63Cx`: so many tries left.
    pub(in crate::card) fn tries_left(tries: u8) -> StatusWord {
        StatusWord(0x63C0 | u16::from(tries.min(15)))
    }
}

/// Refuses any P1 and P2 but these.
pub(super) fn parameters(command: &apdu::Command, p1: u8, p2: u8) -> Result<(), StatusWord> {
    let [_, _, first, second] = command.header();
    ((first, second) == (p1, p2)).then_some(()).ok_or(sw::WRONG_PARAMETERS)
}
