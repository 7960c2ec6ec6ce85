//! What is wrong with the input, and where, in no language.

use apdu::{
    atr,
    dictionary::{FormatFault, Length},
    dol, tlv,
    value::{afl, cvm},
};

/// Something wrong: which rule, where, and what the rule expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Bytes from the start of the input.
    pub offset: usize,
    /// The stable name of the rule.
    pub key: &'static str,
    /// What was expected and found, by stable names.
    pub details: Vec<(&'static str, String)>,
}

impl Problem {
    /// A problem that needs no details.
    pub fn new(key: &'static str, offset: usize) -> Self {
        Self { offset, key, details: Vec::new() }
    }

    /// The same with a detail.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.details.push((name, value.to_string()));
        self
    }

    /// A value of the wrong length.
    pub fn length(offset: usize, found: usize, expected: Length) -> Self {
        let problem = match expected {
            Length::Exact(exact) => Self::new("length-exact", offset).with("expected", exact),
            Length::Range(least, most) => Self::new("length-range", offset).with("least", least).with("most", most),
            Length::OneOf(_) => Self::new("length-one-of", offset).with("expected", list(expected)),
            Length::Multiple { of, max } => Self::new("length-multiple", offset).with("of", of).with("most", max),
            Length::Var => Self::new("length-other", offset),
        };
        problem.with("found", found)
    }

    /// Data that are not BER-TLV; `base` is where they start.
    pub(super) fn tlv(cause: tlv::Cause, offset: usize) -> Self {
        match cause {
            tlv::Cause::TagCut => Self::new("tag-cut", offset),
            tlv::Cause::TagTooLong => Self::new("tag-too-long", offset),
            tlv::Cause::LengthCut => Self::new("length-cut", offset),
            tlv::Cause::LengthIndefinite => Self::new("length-indefinite", offset),
            tlv::Cause::LengthTooLong => Self::new("length-too-long", offset),
            tlv::Cause::ValueCut { needed, available } => {
                Self::new("value-cut", offset).with("needed", needed).with("available", available)
            }
            tlv::Cause::TooDeep => Self::new("too-deep", offset).with("most", tlv::MAX_DEPTH),
            _ => Self::new("not-data-objects", offset),
        }
    }

    /// A value that is not coded as its data object asks for.
    pub(super) fn format(fault: FormatFault, base: usize) -> Self {
        let at = |offset: usize| base.saturating_add(offset);
        match fault {
            FormatFault::Length { found, expected } => Self::length(base, found, expected),
            FormatFault::NotDigits { offset } => Self::new("not-digits", at(offset)),
            FormatFault::NotCompressed { offset } => Self::new("not-compressed", at(offset)),
            FormatFault::Character { offset } => Self::new("character", at(offset)),
            _ => Self::new("format", base),
        }
    }

    /// Data that are no data object list.
    pub(super) fn dol(error: dol::Error, base: usize) -> Self {
        let offset = base.saturating_add(error.offset);
        match error.cause {
            dol::Cause::TagCut => Self::new("tag-cut", offset),
            dol::Cause::TagTooLong => Self::new("tag-too-long", offset),
            dol::Cause::LengthMissing => Self::new("list-length-missing", offset),
            _ => Self::new("not-a-list", offset),
        }
    }

    /// A file locator that breaks a rule.
    pub(super) fn afl(error: afl::Error, base: usize) -> Self {
        let offset = base.saturating_add(error.offset);
        match error.cause {
            afl::Cause::Empty => Self::new("afl-empty", offset),
            afl::Cause::NotWholeEntries(found) => Self::new("afl-length", offset).with("found", found),
            afl::Cause::TooLong(found) => Self::new("afl-too-long", offset).with("found", found),
            afl::Cause::Sfi(byte) => Self::new("afl-sfi", offset).with("found", hex(byte)),
            afl::Cause::SfiLowBits(byte) => Self::new("afl-sfi-bits", offset).with("found", hex(byte)),
            afl::Cause::FirstRecordZero => Self::new("afl-first-zero", offset),
            afl::Cause::LastBeforeFirst { first, last } => {
                Self::new("afl-order", offset).with("first", first).with("last", last)
            }
            afl::Cause::SignedBeyondLast { signed, records } => {
                Self::new("afl-signed", offset).with("signed", signed).with("records", records)
            }
            _ => Self::new("format", offset),
        }
    }

    /// A CVM list that is cut.
    pub(super) fn cvm_list(error: cvm::Error, base: usize) -> Self {
        match error {
            cvm::Error::AmountsCut(found) => Self::new("cvm-amounts", base).with("found", found),
            cvm::Error::RuleCut(found) => Self::new("cvm-rule", base).with("found", found),
            _ => Self::new("format", base),
        }
    }

    /// Bytes that are no answer to reset; `length` of them.
    pub(super) fn atr(error: atr::Error, length: usize) -> Self {
        match error {
            atr::Error::Empty => Self::new("atr-empty", 0),
            atr::Error::Start(found) => Self::new("atr-start", 0).with("found", hex(found)),
            atr::Error::Cut(character) => Self::new("atr-cut", length).with("expected", character),
            atr::Error::Trailing(found) => Self::new("atr-trailing", length.saturating_sub(found)).with("found", found),
            atr::Error::TooLong(found) => Self::new("atr-too-long", 33).with("found", found),
            _ => Self::new("format", 0),
        }
    }
}

fn hex(byte: u8) -> String {
    format!("{byte:02X}")
}

/// The lengths in digits, which need no language.
fn list(lengths: Length) -> String {
    match lengths {
        Length::OneOf(lengths) => lengths.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    }
}
