//! The data dictionary: the only place that describes tags (`EMV 4.4 Book 3, Annex A`, the contactless Books and the
//! schemes' own tags).
//!
//! Decoders, masking, DOL handling and format checks all read these tables. The same number can mean different things
//! to different payment systems, so a lookup names its [`Context`].

use crate::Tag;

mod check;
mod context;
mod table;

mod amex;
mod discover;
mod download;
mod emv;
mod jcb;
mod kernel8;
mod mastercard;
mod unionpay;
mod visa;

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
    /// A multiple of `of`, not zero, up to `max`.
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
            Self::Multiple { of, max } => (1..=max).contains(&length) && length.is_multiple_of(of),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn all() -> impl Iterator<Item = &'static Entry> {
        Context::ALL.into_iter().flat_map(|context| entries(context).iter())
    }

    #[test]
    fn every_table_is_sorted_and_names_a_tag_once() {
        for context in Context::ALL {
            let table = entries(context);
            assert!(!table.is_empty());
            for pair in table.windows(2) {
                assert!(pair[0].tag < pair[1].tag, "{} before {} in {context:?}", pair[0].tag, pair[1].tag);
            }
            assert!(table.iter().all(|entry| entry.context == context));
        }
    }

    #[test]
    fn every_named_tag_is_described_and_can_be_read_back_from_its_bytes() {
        let kernels =
            [(tag::k2::CORE, Context::Mastercard), (tag::k3::CORE, Context::Visa), (tag::k7::CORE, Context::UnionPay)];
        for (named, context) in kernels.into_iter().chain([(tag::CORE, Context::Emv)]) {
            named.iter().for_each(|named| assert!(lookup(*named, context).is_some(), "{named}"));
        }
        for entry in all() {
            let bytes = entry.tag.bytes();
            let (parsed, length) = crate::tlv::parse_tag(bytes.as_ref()).unwrap();
            assert_eq!((parsed, length), (entry.tag, bytes.as_ref().len()), "{}", entry.name);
        }
    }

    #[test]
    fn the_context_decides_first() {
        let name = |number, context| lookup(Tag::new(number), context).map(|entry| entry.name);
        assert_eq!(name(0x9F6E, Context::Visa), Some("Form factor indicator (FFI)"));
        assert_eq!(name(0x9F6E, Context::Mastercard), Some("Third party data"));
        assert_eq!(name(0x9F6E, Context::Emv), None);
        assert_eq!(name(0x9F36, Context::Mastercard), Some("Application transaction counter (ATC)"));
        assert_eq!(name(0x9F5B, Context::Visa), Some("Issuer script results"));
        assert_eq!(name(0x9F5B, Context::Mastercard), Some("DSDOL"));
    }

    #[test]
    fn contexts_follow_from_the_aid() {
        assert_eq!(Context::from_aid(&[0xA0, 0, 0, 0, 3, 0x10, 0x10]), Context::Visa);
        assert_eq!(Context::from_aid(&[0xA0, 0, 0, 3, 0x33, 1, 1, 1]), Context::UnionPay);
        assert_eq!(Context::from_aid(&[0xA0, 0, 0, 0]), Context::Emv);
        assert_eq!(Context::from_aid(&[]), Context::Emv);
    }

    #[test]
    fn what_comes_from_a_card_names_templates_that_exist() {
        for entry in all() {
            assert!(entry.templates.is_empty() || entry.source == Source::Card || entry.source == Source::Issuer);
            for template in entry.templates {
                assert!(template.is_constructed() || *template == tag::RESPONSE_FORMAT_1_80, "{}", entry.name);
                assert!(lookup(*template, Context::Emv).is_some(), "{}", entry.name);
            }
        }
    }

    #[test]
    fn account_track_and_pin_data_are_never_public() {
        let care = |number, context| lookup(Tag::new(number), context).unwrap().sensitivity;
        for number in [0x5A, 0x5F20, 0x5F24, 0x5F34, 0x5F53, 0x9F0B, 0x9F19, 0x9F24, 0x9F25, 0x9F2D, 0x9F46] {
            assert_eq!(care(number, Context::Emv), Sensitivity::Account, "{number:X}");
        }
        for number in [0x56, 0x57, 0x9F1F, 0x9F20] {
            assert_eq!(care(number, Context::Emv), Sensitivity::Track, "{number:X}");
        }
        for number in (0x9F60..=0x9F67).chain([0x9F6B, 0xDF812A, 0xDF812B]) {
            assert_eq!(care(number, Context::Mastercard), Sensitivity::Track, "{number:X}");
        }
        assert_eq!(care(0x99, Context::Emv), Sensitivity::Secret);
        assert_eq!(care(0x9F61, Context::UnionPay), Sensitivity::Account);
    }

    #[test]
    fn values_are_checked_for_length_then_coding() {
        let fault = |number, value: &[u8]| {
            lookup(Tag::new(number), Context::Emv).unwrap().check(value).map_err(|error| error.fault)
        };
        assert_eq!(fault(0x5F24, &[0x26, 0x12, 0x31]), Ok(()));
        assert_eq!(fault(0x5F24, &[0x26, 0x1A, 0x31]), Err(FormatFault::NotDigits { offset: 1 }));
        let expected = Length::Exact(3);
        assert_eq!(fault(0x5F24, &[0x26, 0x12]), Err(FormatFault::Length { found: 2, expected }));
        assert_eq!(fault(0x5A, &[0x47, 0x61, 0x7F, 0xFF]), Ok(()));
        assert_eq!(fault(0x5A, &[0x47, 0x61, 0x7F, 0xF1]), Err(FormatFault::NotCompressed { offset: 3 }));
        assert_eq!(fault(0x5A, &[0x47, 0xF1, 0xFF]), Err(FormatFault::NotCompressed { offset: 1 }));
        assert_eq!(fault(0x5A, &[0x47, 0xA1]), Err(FormatFault::NotCompressed { offset: 1 }));
        assert_eq!(fault(0x5F20, b"A/B\x07"), Err(FormatFault::Character { offset: 3 }));
        assert_eq!(fault(0x5F2D, b"zhen"), Ok(()));
        assert!(fault(0x5F2D, b"zhe").is_err());
        assert!(fault(0x94, &[]).is_err());
        assert_eq!(fault(0x5F55, b"C1"), Err(FormatFault::Character { offset: 1 }));
        assert_eq!(fault(0x9F32, &[3]), Ok(()));
        assert!(fault(0x9F32, &[0, 3]).is_err());
    }

    proptest! {
        #[test]
        fn any_value_is_checked_without_panic(value in proptest::collection::vec(any::<u8>(), 0..40)) {
            for entry in all() {
                let _ = entry.check(&value);
            }
        }

        #[test]
        fn compressed_values_are_what_an_account_number_reads(value in proptest::collection::vec(any::<u8>(), 1..=10)) {
            let entry = lookup(tag::PAN_5A, Context::Emv).unwrap();
            prop_assert_eq!(entry.check(&value).is_ok(), crate::value::bcd::compressed_length(&value).is_some());
        }

        #[test]
        fn padded_digits_are_accepted(digits in proptest::collection::vec(0u8..=9, 0..=19)) {
            let entry = lookup(tag::PAN_5A, Context::Emv).unwrap();
            let value: Vec<u8> = crate::value::bcd::compress::<10>(&digits).to_vec();
            prop_assert_eq!(entry.check(&value), Ok(()));
        }
    }
}
