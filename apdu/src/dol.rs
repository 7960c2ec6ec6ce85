//! Data object lists: what a card asks for, and the exact way to give it (`EMV 4.4 Book 3, 5.4`).

use alloc::vec::Vec;
use core::ops::Range;

use crate::{
    Tag,
    dictionary::{self, Context, Format},
    tlv,
};

/// A checked data object list: pairs of a tag and a length byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dol<'a> {
    raw: &'a [u8],
}

/// One wish of a data object list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The data object asked for.
    pub tag: Tag,
    /// How many bytes of it.
    pub length: u8,
    /// Where its tag starts, in bytes from the start of the list.
    pub offset: usize,
}

/// What is wrong with a list, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("offset {offset}: {cause}")]
pub struct Error {
    /// Bytes from the start of the list.
    pub offset: usize,
    /// What is wrong there.
    pub cause: Cause,
}

/// The ways a byte string can fail to be a data object list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The list ends inside a tag.
    #[error("the list ends inside a tag")]
    TagCut,
    /// A tag has more than three bytes.
    #[error("the tag is longer than three bytes")]
    TagTooLong,
    /// The list ends after a tag, with no length.
    #[error("the list ends where a length should be")]
    LengthMissing,
}

impl<'a> Dol<'a> {
    /// Checks that `raw` is a list of tags and lengths; an empty one is a list that asks for nothing.
    ///
    /// # Errors
    /// [`Error`] with the place of the first tag that is cut, too long or has no length.
    pub fn parse(raw: &'a [u8]) -> Result<Self, Error> {
        let mut offset: usize = 0;
        while let Some(entry) = entry_at(raw, offset) {
            let (_, next) = entry?;
            offset = next;
        }
        Ok(Self { raw })
    }

    /// The list as the card sent it.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.raw
    }

    /// What it asks for, in order.
    pub fn entries(&self) -> impl Iterator<Item = Entry> + use<'a> {
        let raw = self.raw;
        let mut offset: usize = 0;
        core::iter::from_fn(move || {
            let (entry, next) = entry_at(raw, offset)?.ok()?;
            offset = next;
            Some(entry)
        })
    }

    /// Whether it asks for `tag`.
    pub fn contains(&self, tag: Tag) -> bool {
        self.entries().any(|entry| entry.tag == tag)
    }

    /// How many bytes the filled list has.
    pub fn total_length(&self) -> usize {
        self.entries().map(|entry| usize::from(entry.length)).sum()
    }

    /// Where the first value of `tag` stands in the filled list.
    pub fn range_of(&self, tag: Tag) -> Option<Range<usize>> {
        let mut start: usize = 0;
        for entry in self.entries() {
            let end = start.saturating_add(usize::from(entry.length));
            if entry.tag == tag {
                return Some(start..end);
            }
            start = end;
        }
        None
    }

    /// Appends the values asked for to `out`, each exactly as long as asked for.
    ///
    /// `source` gives the value the terminal has for a tag; `None` when it knows no such data object or holds no value
    /// for it now. Those, and all constructed data objects, become zeros.
    pub fn fill<'s>(&self, out: &mut Vec<u8>, source: impl FnMut(Tag) -> Option<&'s [u8]>) {
        self.fill_in(Context::Emv, out, source);
    }

    /// As [`Dol::fill`], with the formats of a payment system's own data objects.
    pub fn fill_in<'s>(&self, context: Context, out: &mut Vec<u8>, mut source: impl FnMut(Tag) -> Option<&'s [u8]>) {
        for entry in self.entries() {
            let length = usize::from(entry.length);
            let value = if entry.tag.is_constructed() { None } else { source(entry.tag) };
            match value {
                Some(value) => fit(value, length, format_of(entry.tag, context), out),
                None => out.extend(core::iter::repeat_n(0, length)),
            }
        }
    }
}

/// A tag the terminal has a value for but the dictionary no line is an acquirer's own: binary.
fn format_of(tag: Tag, context: Context) -> Format {
    dictionary::lookup(tag, context).map_or(Format::B, |entry| entry.format)
}

/// The entry at `offset` and where the next one starts; `None` at the end.
fn entry_at(raw: &[u8], offset: usize) -> Option<Result<(Entry, usize), Error>> {
    let rest = raw.get(offset..).filter(|rest| !rest.is_empty())?;
    let (tag, tag_length) = match tlv::parse_tag(rest) {
        Ok(parsed) => parsed,
        Err(tlv::Cause::TagTooLong) => return Some(Err(Error { offset, cause: Cause::TagTooLong })),
        Err(_) => return Some(Err(Error { offset, cause: Cause::TagCut })),
    };
    let at = offset.saturating_add(tag_length);
    Some(match raw.get(at) {
        Some(length) => Ok((Entry { tag, length: *length, offset }, at.saturating_add(1))),
        None => Err(Error { offset: at, cause: Cause::LengthMissing }),
    })
}

/// Appends `value` to `out`, cut or padded to `length` bytes as its format asks for (`EMV 4.4 Book 3, 5.4`).
///
/// Numeric values lose their leftmost bytes or gain `00` on the left; compressed numeric ones lose their rightmost or
/// gain `FF` on the right; all others lose their rightmost or gain `00` on the right.
pub fn fit(value: &[u8], length: usize, format: Format, out: &mut Vec<u8>) {
    let missing = length.saturating_sub(value.len());
    let excess = value.len().saturating_sub(length);
    let (cut, left, right) = match format {
        Format::N => (value.get(excess..), Some(0x00), None),
        Format::Cn => (value.get(..value.len().min(length)), None, Some(0xFF)),
        _ => (value.get(..value.len().min(length)), None, Some(0x00)),
    };
    out.extend(left.into_iter().flat_map(|byte| core::iter::repeat_n(byte, missing)));
    out.extend_from_slice(cut.unwrap_or(&[]));
    out.extend(right.into_iter().flat_map(|byte| core::iter::repeat_n(byte, missing)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag;
    use proptest::prelude::*;

    fn fitted(value: &[u8], length: usize, format: Format) -> Vec<u8> {
        let mut out = Vec::new();
        fit(value, length, format, &mut out);
        out
    }

    #[test]
    fn each_format_is_cut_and_padded_on_its_own_side() {
        let value = [0x12, 0x34, 0x56];
        assert_eq!(fitted(&value, 2, Format::N), [0x34, 0x56]);
        assert_eq!(fitted(&value, 5, Format::N), [0x00, 0x00, 0x12, 0x34, 0x56]);
        assert_eq!(fitted(&value, 2, Format::Cn), [0x12, 0x34]);
        assert_eq!(fitted(&value, 5, Format::Cn), [0x12, 0x34, 0x56, 0xFF, 0xFF]);
        for format in [Format::A, Format::An, Format::Ans, Format::B, Format::Var] {
            assert_eq!(fitted(&value, 2, format), [0x12, 0x34]);
            assert_eq!(fitted(&value, 5, format), [0x12, 0x34, 0x56, 0x00, 0x00]);
        }
        assert_eq!(fitted(&value, 0, Format::N), []);
    }

    #[test]
    fn a_list_is_filled_in_order_with_zeros_for_what_is_not_there() {
        // Amount, country, an unknown tag, a constructed one, the unpredictable number.
        let raw = [0x9F, 0x02, 0x06, 0x9F, 0x1A, 0x03, 0xDF, 0x22, 0x02, 0xBF, 0x4E, 0x01, 0x9F, 0x37, 0x04];
        let dol = Dol::parse(&raw).unwrap();
        let mut out = Vec::new();
        dol.fill(&mut out, |tag| match tag {
            tag::AMOUNT_AUTHORISED_9F02 => Some(&[0, 0, 0, 0, 0x12, 0x34]),
            tag::TERMINAL_COUNTRY_CODE_9F1A => Some(&[0x01, 0x56]),
            tag::BIOMETRIC_VERIFICATION_DATA_BF4E => Some(&[0x77]),
            tag::UNPREDICTABLE_NUMBER_9F37 => Some(&[1, 2, 3, 4]),
            _ => None,
        });
        assert_eq!(out, [0, 0, 0, 0, 0x12, 0x34, 0x00, 0x01, 0x56, 0, 0, 0, 1, 2, 3, 4]);
        assert_eq!(dol.total_length(), out.len());
        assert_eq!(&out[dol.range_of(tag::UNPREDICTABLE_NUMBER_9F37).unwrap()], [1, 2, 3, 4]);
        assert!(dol.contains(tag::TERMINAL_COUNTRY_CODE_9F1A) && !dol.contains(tag::TVR_95));
        assert!(!Dol::parse(&[0x95, 0x05]).unwrap().contains(tag::TERMINAL_COUNTRY_CODE_9F1A));
        assert_eq!(dol.as_bytes(), raw);
        assert!(dol.range_of(tag::TVR_95).is_none());
    }

    #[test]
    fn faults_are_placed() {
        let fault = |raw: &[u8]| Dol::parse(raw).unwrap_err();
        assert_eq!(fault(&[0x95, 0x05, 0x9F]), Error { offset: 2, cause: Cause::TagCut });
        assert_eq!(fault(&[0x95, 0x05, 0x9F, 0x37]), Error { offset: 4, cause: Cause::LengthMissing });
        assert_eq!(fault(&[0x9F, 0x80, 0x80, 0x01, 0x00]), Error { offset: 0, cause: Cause::TagTooLong });
        assert_eq!(Dol::parse(&[]).unwrap().total_length(), 0);
    }

    proptest! {
        #[test]
        fn any_bytes_parse_or_fail_without_panic(raw in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(dol) = Dol::parse(&raw) {
                let mut out = Vec::new();
                dol.fill(&mut out, |_| Some(&[0x12, 0x34, 0x56]));
                prop_assert_eq!(out.len(), dol.total_length());
                let rebuilt: Vec<u8> = dol
                    .entries()
                    .flat_map(|entry| entry.tag.bytes().as_ref().iter().copied().chain([entry.length]).collect::<Vec<_>>())
                    .collect();
                prop_assert_eq!(rebuilt, raw);
            }
        }

        #[test]
        fn fitting_keeps_the_significant_end(value in proptest::collection::vec(any::<u8>(), 0..20), length in 0usize..30) {
            let numeric = fitted(&value, length, Format::N);
            let kept = value.len().min(length);
            prop_assert_eq!(&numeric[length - kept..], &value[value.len() - kept..]);
            let binary = fitted(&value, length, Format::B);
            prop_assert_eq!(&binary[..kept], &value[..kept]);
        }
    }
}
