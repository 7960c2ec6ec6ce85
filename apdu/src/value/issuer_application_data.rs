//! Issuer application data, tag 9F10, where its layout is publicly known: M/Chip, the common core definition
//! (`EMV 4.4 Book 3, Annex C9`), and what Visa's and UnionPay's cards are known to send.
//!
//! Nothing in the data names its layout for certain. [`IssuerApplicationData::parse`] asks for every fixed byte a layout
//! has, and for the payment system where two layouts look alike; what fits none stays unread.

use core::ops::Range;

use super::cid::CryptogramType;
use crate::dictionary::Context;

pub mod results;

pub use results::Results;

/// How issuer application data are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Visa formats 0, 1 and 3: length 06, key index, cryptogram version, four bytes of results, data of the issuer.
    VisaShort,
    /// Visa formats 2 and 4: length 1F, cryptogram version, key index, five bytes of results, data of the issuer.
    VisaLong,
    /// UnionPay and PBOC: length 07, key index, cryptogram version, four bytes of results, algorithm, data of the issuer.
    UnionPay,
    /// M/Chip: key index, cryptogram version, six bytes of results, two bytes of the signature, counters.
    MChip,
    /// Common core definition: length 0F, format and cryptogram version, key index, five bytes of results, counters,
    /// length 0F, data of the issuer.
    Common,
}

/// One field of issuer application data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Length of what follows.
    Length,
    /// Derivation key index: which of the issuer's keys the card's keys come from.
    KeyIndex,
    /// Cryptogram version number.
    CryptogramVersion,
    /// Card verification results.
    Results,
    /// Cryptographic algorithm (UnionPay): 01 Triple DES, 04 SM4.
    Algorithm,
    /// Data authentication code or the ICC dynamic number's first two bytes, as the terminal had them.
    SignatureCode,
    /// Counters and accumulators, possibly enciphered.
    Counters,
    /// Transaction counter at the last online transaction.
    LastOnlineCounter,
    /// Which data of the issuer follow.
    DiscretionaryOption,
    /// What the issuer chose to have there.
    Discretionary,
}

/// Issuer application data whose layout is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssuerApplicationData<'a> {
    layout: Layout,
    bytes: &'a [u8],
}

impl<'a> IssuerApplicationData<'a> {
    /// Recognises the layout of `bytes`; `None` when it is that of no payment system known here, or of another than
    /// `context`.
    pub fn parse(bytes: &'a [u8], context: Context) -> Option<Self> {
        let layout = Layout::of(bytes).filter(|layout| layout.may_be_of(context))?;
        Some(Self { layout, bytes })
    }

    /// The layout.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Derivation key index.
    pub fn key_index(&self) -> u8 {
        self.byte(Field::KeyIndex)
    }

    /// Cryptogram version number; of the common core definition also the format, in the upper digit.
    pub fn cryptogram_version(&self) -> u8 {
        self.byte(Field::CryptogramVersion)
    }

    /// What the card remembers of the transaction.
    pub fn results(&self) -> Results {
        let field = self.field(Field::Results).unwrap_or(&[]);
        Results::new(self.layout, field)
    }

    /// The first field of this kind.
    pub fn field(&self, wanted: Field) -> Option<&'a [u8]> {
        let (_, range) = self.fields().find(|(field, _)| *field == wanted)?;
        self.bytes.get(range)
    }

    /// Every field with its place, in order; together they are all the bytes.
    pub fn fields(&self) -> impl Iterator<Item = (Field, Range<usize>)> + use<'a> {
        let mut at: usize = 0;
        let length = self.bytes.len();
        let fixed = self.layout.fixed(length).iter().copied();
        let rest = self.layout.rest(self.bytes);
        let placed = fixed.chain(rest).map(move |(field, size)| {
            let start = at;
            at = at.saturating_add(size).min(length);
            (field, start..at)
        });
        placed.filter(|(_, range)| !range.is_empty())
    }

    fn byte(&self, field: Field) -> u8 {
        self.field(field).and_then(|bytes| bytes.first()).copied().unwrap_or(0)
    }
}

const VISA_SHORT: &[(Field, usize)] =
    &[(Field::Length, 1), (Field::KeyIndex, 1), (Field::CryptogramVersion, 1), (Field::Results, 4)];
const VISA_LONG: &[(Field, usize)] = &[
    (Field::Length, 1),
    (Field::CryptogramVersion, 1),
    (Field::KeyIndex, 1),
    (Field::Results, 5),
    (Field::DiscretionaryOption, 1),
    (Field::Discretionary, 23),
];
const UNION_PAY: &[(Field, usize)] = &[
    (Field::Length, 1),
    (Field::KeyIndex, 1),
    (Field::CryptogramVersion, 1),
    (Field::Results, 4),
    (Field::Algorithm, 1),
];
const M_CHIP: &[(Field, usize)] = &[
    (Field::KeyIndex, 1),
    (Field::CryptogramVersion, 1),
    (Field::Results, 6),
    (Field::SignatureCode, 2),
    (Field::Counters, 8),
    (Field::LastOnlineCounter, 2),
];
const M_CHIP_TWO_SETS: &[(Field, usize)] = &[
    (Field::KeyIndex, 1),
    (Field::CryptogramVersion, 1),
    (Field::Results, 6),
    (Field::SignatureCode, 2),
    (Field::Counters, 16),
    (Field::LastOnlineCounter, 2),
];
const COMMON: &[(Field, usize)] = &[
    (Field::Length, 1),
    (Field::CryptogramVersion, 1),
    (Field::KeyIndex, 1),
    (Field::Results, 5),
    (Field::Counters, 8),
    (Field::Length, 1),
    (Field::Discretionary, 15),
];

impl Layout {
    fn of(bytes: &[u8]) -> Option<Self> {
        match (bytes, bytes.len()) {
            ([0x0F, 0xA0..=0xAF, ..], 32) if bytes.get(16) == Some(&0x0F) => Some(Self::Common),
            ([0x1F, 0x20..=0x2F | 0x40..=0x4F, ..], 32) => Some(Self::VisaLong),
            ([0x06, _, 0x00..=0x1F | 0x30..=0x3F, 0x03, _, _, _, ..], _) => Some(Self::VisaShort),
            ([0x07, _, _, 0x03, _, _, _, _, ..], _) => Some(Self::UnionPay),
            ([_, 0x10..=0x1F, ..], 18 | 20 | 26 | 28) => Some(Self::MChip),
            _ => None,
        }
    }

    /// The payment system whose layout it is; the common core definition may be on any card.
    fn owner(self) -> Option<Context> {
        match self {
            Self::VisaShort | Self::VisaLong => Some(Context::Visa),
            Self::UnionPay => Some(Context::UnionPay),
            Self::MChip => Some(Context::Mastercard),
            Self::Common => None,
        }
    }

    /// Where the payment system is not known, its layout is no reason against it.
    fn may_be_of(self, context: Context) -> bool {
        context == Context::Emv || self.owner().is_none_or(|owner| owner == context)
    }

    /// The fields before the issuer's data, with their lengths.
    fn fixed(self, length: usize) -> &'static [(Field, usize)] {
        match self {
            Self::VisaShort => VISA_SHORT,
            Self::VisaLong => VISA_LONG,
            Self::UnionPay => UNION_PAY,
            Self::MChip if length < 26 => M_CHIP,
            Self::MChip => M_CHIP_TWO_SETS,
            Self::Common => COMMON,
        }
    }

    /// What follows the fixed fields of Visa's short layout and of UnionPay's: a length, and that much of the issuer's.
    fn rest(self, bytes: &[u8]) -> [(Field, usize); 2] {
        let start = match self {
            Self::VisaShort => 7,
            Self::UnionPay => 8,
            _ => bytes.len(),
        };
        let rest = bytes.len().saturating_sub(start);
        match bytes.get(start) {
            Some(length) if usize::from(*length) == rest.saturating_sub(1) => {
                [(Field::Length, 1), (Field::Discretionary, usize::from(*length))]
            }
            _ => [(Field::Discretionary, rest), (Field::Discretionary, 0)],
        }
    }
}

/// The kind of cryptogram in two bits of card verification results, where `10` in the place of the second one says that
/// it was not asked for.
fn cryptogram(bits: u8) -> CryptogramType {
    CryptogramType::from_bits(bits << 6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{borrow::ToOwned, vec::Vec};
    use proptest::prelude::*;

    fn parsed(hex: &str, context: Context) -> Option<(Layout, Vec<(Field, usize)>)> {
        let bytes = hex::decode(hex).unwrap();
        let data = IssuerApplicationData::parse(&bytes, context)?;
        Some((data.layout(), data.fields().map(|(field, range)| (field, range.len())).collect()))
    }

    #[test]
    fn each_layout_is_told_by_its_fixed_bytes() {
        let layout = |hex: &str| parsed(hex, Context::Emv).map(|(layout, _)| layout);
        assert_eq!(layout("06010A03A0A000"), Some(Layout::VisaShort));
        assert_eq!(layout("06011203A00000"), Some(Layout::VisaShort));
        assert_eq!(layout(&("1F220100A00000080F".to_owned() + &"00".repeat(23))), Some(Layout::VisaLong));
        assert_eq!(layout("07010103A0A01001"), Some(Layout::UnionPay));
        assert_eq!(layout("0110A00003220000000000000000000000FF"), Some(Layout::MChip));
        assert_eq!(
            layout(&("0FA501A228000000".to_owned() + &"00".repeat(8) + "0F" + &"00".repeat(15))),
            Some(Layout::Common)
        );
        assert_eq!(layout("06012203A0A000"), None, "format 2 is never short");
        assert_eq!(layout("06010A03A0A0"), None);
        assert_eq!(layout(""), None);
    }

    #[test]
    fn another_payment_system_is_not_guessed_at() {
        assert_eq!(parsed("07010103A0A01001", Context::Jcb), None);
        assert_eq!(parsed("06010A03A0A000", Context::Amex), None);
        assert!(parsed("07010103A0A01001", Context::UnionPay).is_some());
    }

    #[test]
    fn fields_are_in_their_places() {
        use Field::*;
        let (_, fields) = parsed("07010103A0A010010A010000000000FFFFFFFF", Context::UnionPay).unwrap();
        let expected = [
            (Length, 1),
            (KeyIndex, 1),
            (CryptogramVersion, 1),
            (Results, 4),
            (Algorithm, 1),
            (Length, 1),
            (Discretionary, 10),
        ];
        assert_eq!(fields, expected);
        let (_, fields) = parsed("06010A03A0A000FFEE", Context::Visa).unwrap();
        assert_eq!(fields.last(), Some(&(Discretionary, 2)), "no length that fits");
        let bytes = hex::decode("0214A5000322000012340000000000000000AABB").unwrap();
        let data = IssuerApplicationData::parse(&bytes, Context::Mastercard).unwrap();
        assert_eq!((data.key_index(), data.cryptogram_version()), (2, 0x14));
        assert_eq!(data.field(SignatureCode), Some(&[0x12, 0x34][..]));
        assert_eq!(data.field(LastOnlineCounter), Some(&[0xAA, 0xBB][..]));
    }

    proptest! {
        #[test]
        fn fields_cover_every_byte_once(mut bytes in proptest::collection::vec(any::<u8>(), 0..40), start in 0usize..6) {
            let starts: [&[u8]; 6] = [&[], &[6, 1, 10, 3], &[0x1F, 0x22], &[7, 1, 1, 3], &[1, 0x10], &[0x0F, 0xA5]];
            bytes.iter_mut().zip(starts[start]).for_each(|(byte, fixed)| *byte = *fixed);
            for context in Context::ALL {
                let Some(data) = IssuerApplicationData::parse(&bytes, context) else { continue };
                let mut end = 0;
                for (_, range) in data.fields() {
                    prop_assert_eq!(range.start, end);
                    end = range.end;
                }
                prop_assert_eq!(end, bytes.len());
                prop_assert_eq!(data.results().as_bytes().len(), data.field(Field::Results).unwrap().len());
            }
        }
    }
}
