//! Where track 2 begins and ends in what a reader prints, and its check character (ISO/IEC 7811-6).

use serde::Serialize;
use zeroize::Zeroizing;

const START: u8 = b';';
const END: u8 = b'?';
/// Start of track 1.
const START_ONE: u8 = b'%';
/// Start of track 3 with many readers.
const START_THREE: u8 = b'+';

/// The check character at the end of a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Check {
    /// The reader checked it itself, or dropped it.
    NotGiven,
    /// It fits.
    Fits,
    /// It does not.
    Differs {
        /// Its value, 0 to 15.
        given: u8,
        /// That of the characters that were read.
        computed: u8,
    },
}

/// What is wrong with a track, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// Which character, counted from 1 within what was read.
    pub position: usize,
}

/// What can be wrong with a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// No track 2 at all.
    Empty,
    /// The reader says that it could not read the stripe.
    ReadError,
    /// The start sentinel is missing.
    NoStart,
    /// The end sentinel is missing.
    NoEnd,
    /// Something stands after the end that is no check character.
    AfterEnd,
    /// More than 37 characters between the sentinels.
    TooLong,
    /// No separator after the account number.
    NoSeparator,
    /// The account number has fewer than 8 digits or more than 19.
    NumberLength,
    /// Something that is no digit where one has to be.
    NotADigit,
    /// The track ends within expiry date or service code.
    Cut,
    /// No month.
    Month,
}

impl FaultKind {
    /// The id of its word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Empty => "fault-empty",
            Self::ReadError => "fault-read-error",
            Self::NoStart => "fault-no-start",
            Self::NoEnd => "fault-no-end",
            Self::AfterEnd => "fault-after-end",
            Self::TooLong => "fault-too-long",
            Self::NoSeparator => "fault-no-separator",
            Self::NumberLength => "fault-number-length",
            Self::NotADigit => "fault-not-a-digit",
            Self::Cut => "fault-cut",
            Self::Month => "fault-month",
        }
    }

    /// Whether it is one of reading; the others were written that way.
    pub const fn is_of_reading(self) -> bool {
        matches!(self, Self::Empty | Self::ReadError | Self::NoStart | Self::NoEnd | Self::AfterEnd)
    }
}

/// What stands between the sentinels.
pub(super) struct Frame {
    /// The characters; what is not ASCII became 255.
    pub body: Zeroizing<Vec<u8>>,
    /// The position of the first of them.
    pub first: usize,
    /// The check character.
    pub check: Check,
    /// What is wrong about the ends.
    pub faults: Vec<Fault>,
    /// What stands before track 2.
    pub before: Zeroizing<Vec<u8>>,
}

impl Frame {
    /// Finds track 2 in a line of a reader: between its sentinels, or the whole line when it has none.
    pub fn find(line: &str) -> Self {
        let bytes = |character: char| if character.is_ascii() { character as u8 } else { u8::MAX };
        let line: Zeroizing<Vec<u8>> = Zeroizing::new(line.trim().chars().map(bytes).collect());
        let start = line.iter().position(|byte| *byte == START);
        let from = match start {
            Some(at) => at.saturating_add(1),
            None if line.first() == Some(&START_ONE) => line.len(),
            None => 0,
        };
        let (before, inside) = line.split_at_checked(from).unwrap_or((&[], &line));
        let end = inside.iter().position(|byte| *byte == END);
        let (body, after) = inside.split_at_checked(end.unwrap_or(inside.len())).unwrap_or((inside, &[]));
        let first = from.saturating_add(1);
        let end_position = first.saturating_add(body.len());
        let mut faults = Vec::new();
        let mut fault = |kind, position| faults.push(Fault { kind, position });
        match (start, end) {
            (Some(_), None) => fault(FaultKind::NoEnd, end_position),
            (None, Some(_)) => fault(FaultKind::NoStart, 1),
            _ => {}
        }
        let given = match after_end(after.get(1..).unwrap_or(&[])) {
            Ok(given) => given,
            Err(()) => {
                fault(FaultKind::AfterEnd, end_position.saturating_add(1));
                None
            }
        };
        let body = if start.is_none() { without_padding(body) } else { body };
        Self {
            check: given.map_or(Check::NotGiven, |given| compare(given, body)),
            body: Zeroizing::new(body.to_vec()),
            first,
            faults,
            before: Zeroizing::new(before.to_vec()),
        }
    }
}

/// The check character after the end sentinel, when there is one; another track may follow.
fn after_end(after: &[u8]) -> Result<Option<u8>, ()> {
    match after {
        [] | [START_THREE, ..] | [START, _, ..] => Ok(None),
        [check @ b'0'..=b'?'] | [check @ b'0'..=b'?', START | START_THREE, ..] => Ok(Some(*check & 0x0F)),
        _ => Err(()),
    }
}

/// Tag 57 ends in F when its number of digits is odd.
fn without_padding(body: &[u8]) -> &[u8] {
    let padded = body.iter().any(|byte| matches!(byte, b'D' | b'd'));
    body.strip_suffix(b"F").or_else(|| body.strip_suffix(b"f")).filter(|_| padded).unwrap_or(body)
}

/// The check character makes the low four bits of all characters, sentinels and itself included, even.
fn compare(given: u8, body: &[u8]) -> Check {
    let nibble = |byte: &u8| if is_separator(*byte) { 0x0D } else { byte & 0x0F };
    let computed = body.iter().map(nibble).fold((START ^ END) & 0x0F, |sum, nibble| sum ^ nibble);
    if given == computed { Check::Fits } else { Check::Differs { given, computed } }
}

/// `=` on a stripe, D in tag 57.
pub(super) fn is_separator(byte: u8) -> bool {
    matches!(byte, b'=' | b'D' | b'd')
}
