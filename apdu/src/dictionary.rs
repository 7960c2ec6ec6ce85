//! The data dictionary: the only place that describes tags (`EMV 4.4 Book 3, Annex A`, the contactless Books and the
//! schemes' own tags).
//!
//! Decoders, masking, DOL handling and format checks all read these tables. The same number can mean different things
//! to different payment systems, so a lookup names its [`Context`].

use crate::Tag;

mod check;
mod context;
mod table;

mod emv;

pub use check::{FormatError, FormatFault};
pub use context::Context;

/// What the dictionary says about one tag in one context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The tag.
    pub tag: Tag,
    /// What the data object is called.
    pub name: &'static str,
    /// How the value is coded.
    pub format: Format,
    /// How long the value is, in bytes.
    pub length: Length,
    /// Who provides the value.
    pub source: Source,
    /// The templates a card may return it in; empty when it comes from elsewhere, alone, or no rule is known.
    pub templates: &'static [Tag],
    /// How much care its value needs when it is shown or kept.
    pub sensitivity: Sensitivity,
    /// Where this meaning holds.
    pub context: Context,
}

/// How a value is coded (`EMV 4.4 Book 3, 4.3`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Letters, one per byte.
    A,
    /// Letters and digits, one per byte.
    An,
    /// Letters, digits and special characters, one per byte.
    Ans,
    /// Binary: numbers and bit strings.
    B,
    /// Digits, two per byte, from the left, filled with F on the right.
    Cn,
    /// Digits, two per byte, to the right, filled with 0 on the left.
    N,
    /// Structured or of several codings.
    Var,
}

/// How long a value may be, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Length {
    /// Exactly this long.
    Exact(u16),
    /// From the first to the second, both included.
    Range(u16, u16),
    /// One of these.
    OneOf(&'static [u16]),
    /// A multiple of `of`, up to `max`.
    Multiple {
        /// The unit.
        of: u16,
        /// The longest.
        max: u16,
    },
    /// Any length.
    Var,
}

impl Length {
    /// Whether a value of `length` bytes is as long as it should be.
    pub fn allows(self, length: usize) -> bool {
        let Ok(length) = u16::try_from(length) else { return self == Self::Var };
        match self {
            Self::Exact(exact) => length == exact,
            Self::Range(shortest, longest) => (shortest..=longest).contains(&length),
            Self::OneOf(lengths) => lengths.contains(&length),
            Self::Multiple { of, max } => length <= max && length.checked_rem(of) == Some(0),
            Self::Var => true,
        }
    }
}

/// Who provides a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The card.
    Card,
    /// The terminal: its configuration, the transaction, the people in front of it.
    Terminal,
    /// The issuer, in the online response. For some of these the terminal puts a value in when there is no response.
    Issuer,
    /// The kernel itself, while it works.
    Kernel,
}

/// How much care a value needs when it is shown or kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sensitivity {
    /// May be shown.
    Public,
    /// Spendable or linkable to a person, a card or a place: cryptograms, counters, serial numbers, balances.
    Linkable,
    /// Account and cardholder data: masked unless somebody asks for it.
    Account,
    /// Track data and what verification codes are made of: never shown, never stored.
    Track,
    /// PINs and keys: never leave the call they are needed in.
    Secret,
}

/// What `tag` means in `context`: the context's own meaning first, then the one all of EMV shares.
pub fn lookup(tag: Tag, context: Context) -> Option<&'static Entry> {
    find(context.table(), tag).or_else(|| find(emv::TABLE, tag))
}

/// Every entry of one context, sorted by tag.
pub fn entries(context: Context) -> &'static [Entry] {
    context.table()
}

fn find(table: &'static [Entry], tag: Tag) -> Option<&'static Entry> {
    table.binary_search_by_key(&tag, |entry| entry.tag).ok().and_then(|at| table.get(at))
}
