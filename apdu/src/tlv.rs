//! BER-TLV as EMV uses it (`EMV 4.4 Book 3, Annex B`): tags of one to three bytes, definite lengths of up to three
//! bytes, `00` padding between objects.

use alloc::vec::Vec;
use core::fmt;

use crate::Tag;

/// Templates nested deeper than this are refused.
pub const MAX_DEPTH: u8 = 8;

/// One data object inside a byte string.
///
/// `Debug` hides the value: it may be an account number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The tag.
    pub tag: Tag,
    /// The value field.
    pub value: &'a [u8],
    /// Tag, length and value as they stand in the input.
    pub raw: &'a [u8],
    /// Where the tag starts, in bytes from the start of the input.
    pub offset: usize,
}

impl<'a> Tlv<'a> {
    /// Where the value starts, in bytes from the start of the input.
    pub fn value_offset(&self) -> usize {
        self.offset.saturating_add(self.raw.len().saturating_sub(self.value.len()))
    }

    /// The objects inside a constructed value, with offsets counted from the start of the outer input.
    pub fn children(&self) -> Reader<'a> {
        Reader { rest: self.value, offset: self.value_offset(), rules: Rules::Strict }
    }
}

impl fmt::Debug for Tlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tlv({}, {} bytes, offset {})", self.tag, self.value.len(), self.offset)
    }
}

/// What is wrong with a byte string, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("offset {offset}: {cause}")]
pub struct Error {
    /// Bytes from the start of the input.
    pub offset: usize,
    /// What is wrong there.
    pub cause: Cause,
}

/// The ways a byte string can fail to be BER-TLV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The input ends inside a tag.
    #[error("the data ends inside a tag")]
    TagCut,
    /// The tag has more than three bytes.
    #[error("the tag is longer than three bytes")]
    TagTooLong,
    /// The input ends inside a length.
    #[error("the data ends inside a length")]
    LengthCut,
    /// The indefinite length 80, which EMV does not allow.
    #[error("length 80 (indefinite) is not allowed")]
    LengthIndefinite,
    /// A length field of more than three bytes.
    #[error("the length field is longer than three bytes")]
    LengthTooLong,
    /// The value runs over the end of the input.
    #[error("the value needs {needed} bytes and {available} are there")]
    ValueCut {
        /// Bytes the length field announces.
        needed: usize,
        /// Bytes that are there.
        available: usize,
    },
    /// Templates nested deeper than [`MAX_DEPTH`].
    #[error("templates are nested too deep")]
    TooDeep,
}

/// How to treat fillers that the rules do not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// `00` padding only.
    Strict,
    /// Also `FF` where a tag would start: seen in the field, not in the rules.
    Lenient,
}

/// Iterates over the data objects of one level, without copying.
///
/// After an error the iteration ends. `Debug` hides the input.
#[derive(Clone)]
pub struct Reader<'a> {
    /// What is not yet read; empty after an error.
    rest: &'a [u8],
    /// Where it starts, in bytes from the start of the outer input.
    offset: usize,
    rules: Rules,
}

impl<'a> Reader<'a> {
    /// Reads by the rules of EMV.
    pub fn strict(input: &'a [u8]) -> Self {
        Self { rest: input, offset: 0, rules: Rules::Strict }
    }

    /// Reads by the rules of EMV, and skips `FF` fillers.
    pub fn lenient(input: &'a [u8]) -> Self {
        Self { rules: Rules::Lenient, ..Self::strict(input) }
    }

    #[inline]
    fn skip_padding(&mut self) {
        while let [filler, rest @ ..] = self.rest
            && (*filler == 0x00 || (*filler == 0xFF && self.rules == Rules::Lenient))
        {
            self.rest = rest;
            // An offset counts bytes of a slice that exists.
            self.offset = self.offset.wrapping_add(1);
        }
    }

    #[inline]
    fn object(&mut self) -> Result<Tlv<'a>, Error> {
        let object = object_at(self.rest, self.offset)?;
        self.rest = self.rest.get(object.raw.len()..).unwrap_or(&[]);
        self.offset = self.offset.wrapping_add(object.raw.len());
        Ok(object)
    }
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reader(at {}, {} bytes left, {:?})", self.offset, self.rest.len(), self.rules)
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Tlv<'a>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.skip_padding();
        if self.rest.is_empty() {
            return None;
        }
        let object = self.object();
        if object.is_err() {
            self.rest = &[];
        }
        Some(object)
    }
}

/// The object that `input` begins with.
#[inline]
fn object_at(input: &[u8], offset: usize) -> Result<Tlv<'_>, Error> {
    match short_object(input, offset) {
        Some(object) => Ok(object),
        None => long_object(input, offset),
    }
}

/// Most objects of cards: a short header, and everything there.
#[inline]
fn short_object(input: &[u8], offset: usize) -> Option<Tlv<'_>> {
    let (tag, length, size) = short_header(input)?;
    let end = size.wrapping_add(length);
    let (Some(raw), Some(value)) = (input.get(..end), input.get(size..end)) else { return None };
    Some(Tlv { tag, value, raw, offset })
}

/// A tag of one or two bytes with a length of one: tag, length of the value, bytes of the header.
#[inline]
fn short_header(input: &[u8]) -> Option<(Tag, usize, usize)> {
    match *input {
        [tag, length, ..] if tag & 0x1F != 0x1F && length < 0x80 => {
            Some((Tag::new(u32::from(tag)), usize::from(length), 2))
        }
        [first, second, length, ..] if first & 0x1F == 0x1F && second & 0x80 == 0 && length < 0x80 => {
            Some((Tag::new(u32::from_be_bytes([0, 0, first, second])), usize::from(length), 3))
        }
        _ => None,
    }
}

/// Every other form, and what is wrong with what is no object.
#[cold]
#[inline(never)]
fn long_object(input: &[u8], offset: usize) -> Result<Tlv<'_>, Error> {
    let (tag, tag_size) = parse_tag(input).map_err(|cause| error(offset, 0, cause))?;
    let after_tag = input.get(tag_size..).unwrap_or(&[]);
    let (length, length_size) = parse_length(after_tag).map_err(|cause| error(offset, tag_size, cause))?;
    let size = tag_size.saturating_add(length_size);
    let end = size.saturating_add(length);
    let (Some(raw), Some(value)) = (input.get(..end), input.get(size..end)) else {
        let available = input.len().saturating_sub(size);
        return Err(error(offset, size, Cause::ValueCut { needed: length, available }));
    };
    Ok(Tlv { tag, value, raw, offset })
}

fn error(offset: usize, further: usize, cause: Cause) -> Error {
    Error { offset: offset.saturating_add(further), cause }
}

pub(crate) fn parse_tag(input: &[u8]) -> Result<(Tag, usize), Cause> {
    match *input {
        [first, ..] if first & 0x1F != 0x1F => Ok((Tag::new(u32::from(first)), 1)),
        [first, second, ..] if second & 0x80 == 0 => Ok((Tag::new(u32::from_be_bytes([0, 0, first, second])), 2)),
        [first, second, third, ..] if third & 0x80 == 0 => {
            Ok((Tag::new(u32::from_be_bytes([0, first, second, third])), 3))
        }
        [_, _, _, ..] => Err(Cause::TagTooLong),
        _ => Err(Cause::TagCut),
    }
}

/// The tag that `input` begins with, and what follows it: for lists of tags alone. `None` at the end or where a tag is cut.
pub fn split_tag(input: &[u8]) -> Option<(Tag, &[u8])> {
    let (tag, length) = parse_tag(input).ok()?;
    Some((tag, input.get(length..)?))
}

fn parse_length(input: &[u8]) -> Result<(usize, usize), Cause> {
    match *input {
        [] => Err(Cause::LengthCut),
        [short, ..] if short < 0x80 => Ok((usize::from(short), 1)),
        [0x80, ..] => Err(Cause::LengthIndefinite),
        [0x81, length, ..] => Ok((usize::from(length), 2)),
        [0x82, high, low, ..] => Ok((usize::from(u16::from_be_bytes([high, low])), 3)),
        [0x81 | 0x82, ..] => Err(Cause::LengthCut),
        _ => Err(Cause::LengthTooLong),
    }
}

/// The first object with `tag` on the top level of `input`.
///
/// # Errors
/// The first error before that object.
pub fn find(input: &[u8], tag: Tag) -> Result<Option<Tlv<'_>>, Error> {
    for object in Reader::strict(input) {
        let object = object?;
        if object.tag == tag {
            return Ok(Some(object));
        }
    }
    Ok(None)
}

/// Calls `visit` for every object of `input`, outer before inner, with its depth (0 outermost).
///
/// # Errors
/// The first error, or [`Cause::TooDeep`] below [`MAX_DEPTH`].
pub fn walk<'a>(input: &'a [u8], visit: &mut impl FnMut(Tlv<'a>, u8)) -> Result<(), Error> {
    let mut walk = Walk { at: 0, end: input.len(), depth: 0, ends: [0; MAX_DEPTH as usize] };
    loop {
        let rest = input.get(walk.at..walk.end).unwrap_or(&[]);
        match rest {
            [] if walk.depth == 0 => return Ok(()),
            [] => walk.leave(),
            [0x00, ..] => walk.at = walk.at.wrapping_add(1),
            // Two calls, so that the short way keeps its object in registers: this is the innermost loop of everything.
            _ => match short_object(rest, walk.at) {
                Some(object) => walk.pass(object, visit)?,
                None => walk.pass(long_object(rest, walk.at)?, visit)?,
            },
        }
    }
}

/// A walk in progress: where it is, and where the templates it is inside of end.
struct Walk {
    at: usize,
    end: usize,
    depth: u8,
    ends: [usize; MAX_DEPTH as usize],
}

impl Walk {
    /// Visits an object, and goes inside it or past it.
    #[inline]
    fn pass<'a>(&mut self, object: Tlv<'a>, visit: &mut impl FnMut(Tlv<'a>, u8)) -> Result<(), Error> {
        let Some(end) = self.ends.get_mut(usize::from(self.depth)) else {
            return Err(error(object.offset, 0, Cause::TooDeep));
        };
        visit(object, self.depth);
        let after = self.at.wrapping_add(object.raw.len());
        if object.tag.is_constructed() {
            *end = self.end;
            self.depth = self.depth.wrapping_add(1);
            (self.at, self.end) = (object.value_offset(), after);
        } else {
            self.at = after;
        }
        Ok(())
    }

    /// Goes on behind the innermost template.
    #[inline]
    fn leave(&mut self) {
        self.depth = self.depth.wrapping_sub(1);
        self.end = self.ends.get(usize::from(self.depth)).copied().unwrap_or_default();
    }
}

/// Appends one data object to `out`, with the shortest length field.
pub fn write(out: &mut Vec<u8>, tag: Tag, value: &[u8]) {
    out.extend_from_slice(tag.bytes().as_ref());
    write_length(out, value.len());
    out.extend_from_slice(value);
}

/// Appends a BER length of up to 65,535 to `out`; a longer one is cut to that.
pub fn write_length(out: &mut Vec<u8>, length: usize) {
    let length = u16::try_from(length).unwrap_or(u16::MAX);
    let [high, low] = length.to_be_bytes();
    match length {
        0..=0x7F => out.push(low),
        0x80..=0xFF => out.extend_from_slice(&[0x81, low]),
        _ => out.extend_from_slice(&[0x82, high, low]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag;
    use alloc::vec;
    use proptest::prelude::*;

    fn fault(input: &[u8]) -> Error {
        Reader::strict(input).find_map(Result::err).unwrap()
    }

    #[test]
    fn objects_carry_their_place() {
        let input = [0x00, 0x70, 0x06, 0x9F, 0x36, 0x01, 0xAA, 0x00, 0x00, 0x82, 0x00];
        let mut seen = Vec::new();
        walk(&input, &mut |object, depth| seen.push((depth, object.tag, object.offset, object.value_offset())))
            .unwrap();
        assert_eq!(seen, [(0, tag::READ_RECORD_TEMPLATE_70, 1, 3), (1, tag::ATC_9F36, 3, 6), (0, tag::AIP_82, 9, 11),]);
    }

    /// The short way is there for speed alone: taken where it can be, it comes to what the long way comes to.
    #[test]
    fn the_short_way_is_the_long_way() {
        let mut input = [0x5A; 140];
        for [first, second] in (0..=u16::MAX).map(u16::to_be_bytes) {
            for third in [0x00, 0x01, 0x7F, 0x80, 0x81, 0xFF] {
                input[..3].copy_from_slice(&[first, second, third]);
                let is_short = if first & 0x1F == 0x1F { second < 0x80 && third < 0x80 } else { second < 0x80 };
                let short = short_object(&input, 7);
                assert_eq!(short.is_some(), is_short, "{:02X?}", &input[..3]);
                assert!(short.is_none_or(|object| Ok(object) == long_object(&input, 7)), "{:02X?}", &input[..3]);
            }
        }
    }

    #[test]
    fn a_length_is_written_as_short_as_it_goes_and_cut_at_two_bytes() {
        for (length, expected) in [
            (0, &[0x00][..]),
            (0x7F, &[0x7F]),
            (0x80, &[0x81, 0x80]),
            (0xFF, &[0x81, 0xFF]),
            (0x100, &[0x82, 0x01, 0x00]),
            (0xFFFF, &[0x82, 0xFF, 0xFF]),
            (0x1_0000, &[0x82, 0xFF, 0xFF]),
        ] {
            let mut out = Vec::new();
            write_length(&mut out, length);
            assert_eq!(out, expected, "{length:#X}");
        }
    }

    #[test]
    fn each_fault_has_its_cause_and_offset() {
        assert_eq!(fault(&[0x82, 0x00, 0x9F]), Error { offset: 2, cause: Cause::TagCut });
        assert_eq!(fault(&[0x9F, 0x81]), Error { offset: 0, cause: Cause::TagCut });
        assert_eq!(fault(&[0x9F, 0x81, 0x81, 0x01, 0x00]), Error { offset: 0, cause: Cause::TagTooLong });
        assert_eq!(fault(&[0x9F, 0x36]), Error { offset: 2, cause: Cause::LengthCut });
        assert_eq!(fault(&[0x90, 0x82, 0x01]), Error { offset: 1, cause: Cause::LengthCut });
        assert_eq!(fault(&[0x70, 0x80, 0x00, 0x00]), Error { offset: 1, cause: Cause::LengthIndefinite });
        assert_eq!(fault(&[0x70, 0x83, 0, 0, 0]), Error { offset: 1, cause: Cause::LengthTooLong });
        let cut = Cause::ValueCut { needed: 2, available: 1 };
        assert_eq!(fault(&[0x82, 0x02, 0x01]), Error { offset: 2, cause: cut });
        let mut inner = None;
        let _ = walk(&[0x70, 0x03, 0x82, 0x02, 0x01], &mut |_, _| ()).map_err(|error| inner = Some(error));
        assert_eq!(inner, Some(Error { offset: 4, cause: cut }));
    }

    #[test]
    fn an_indefinite_length_is_none_however_much_follows() {
        for tag in [[0x70].as_slice(), &[0x9F, 0x36], &[0xDF, 0x81, 0x16]] {
            let input = [tag, &[0x80], &[0; 200]].concat();
            assert_eq!(fault(&input), Error { offset: tag.len(), cause: Cause::LengthIndefinite });
        }
    }

    #[test]
    fn a_list_of_tags_is_taken_apart_to_its_end() {
        let after = |input: &'static [u8]| split_tag(input).map(|(tag, after)| (tag.number(), after));
        assert_eq!(after(&[0x95, 0x9F, 0x37]), Some((0x95, [0x9F, 0x37].as_slice())));
        assert_eq!(after(&[0x9F, 0x37]), Some((0x9F37, [].as_slice())));
        assert_eq!(after(&[0xDF, 0x81, 0x16, 0x95]), Some((0x00DF_8116, [0x95].as_slice())));
        assert_eq!([after(&[]), after(&[0x9F]), after(&[0xDF, 0x81])], [None; 3]);
    }

    #[test]
    fn values_are_not_printed() {
        let input = [0x5A, 0x02, 0x47, 0x61];
        assert_eq!(alloc::format!("{:?}", Reader::strict(&input)), "Reader(at 0, 4 bytes left, Strict)");
        assert_eq!(alloc::format!("{:?}", find(&input, tag::PAN_5A).unwrap().unwrap()), "Tlv(5A, 2 bytes, offset 0)");
    }

    #[test]
    fn nesting_has_an_end() {
        let nest = |levels: usize| {
            (0..levels).fold(vec![], |inside, _| {
                let mut outside = Vec::new();
                write(&mut outside, tag::READ_RECORD_TEMPLATE_70, &inside);
                outside
            })
        };
        assert!(walk(&nest(usize::from(MAX_DEPTH)), &mut |_, _| ()).is_ok());
        let error = walk(&nest(5000), &mut |_, _| ()).unwrap_err();
        assert_eq!(error.cause, Cause::TooDeep);
    }

    #[test]
    fn only_lenient_readers_skip_ff() {
        let input = [0xFF, 0xFF, 0x82, 0x01, 0x00, 0xFF];
        assert_eq!(Reader::lenient(&input).collect::<Result<Vec<_>, _>>().unwrap().len(), 1);
        assert!(Reader::strict(&input).any(|object| object.is_err()));
    }

    #[test]
    fn the_first_of_several_is_found() {
        let input = [0x82, 0x01, 0x01, 0x82, 0x01, 0x02, 0x95];
        assert_eq!(find(&input, tag::AIP_82).unwrap().unwrap().value, [0x01]);
        assert_eq!(find(&input[..6], tag::TVR_95), Ok(None));
        assert!(find(&input, tag::TVR_95).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(objects in proptest::collection::vec((0usize..150, proptest::collection::vec(any::<u8>(), 0..300)), 0..8)) {
            let objects: Vec<(Tag, Vec<u8>)> =
                objects.into_iter().map(|(at, value)| (tag::CORE[at % tag::CORE.len()], value)).collect();
            let mut written = Vec::new();
            for (tag, value) in &objects {
                write(&mut written, *tag, value);
            }
            let read: Vec<(Tag, Vec<u8>)> =
                Reader::strict(&written).map(|object| object.map(|object| (object.tag, object.value.to_vec())).unwrap()).collect();
            prop_assert_eq!(read, objects);
        }

        #[test]
        fn any_bytes_are_read_without_panic_and_offsets_point_at_them(input in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut places = Vec::new();
            let result = walk(&input, &mut |object, _| places.push((object.offset, object.raw.to_vec())));
            for (offset, raw) in places {
                prop_assert_eq!(&input[offset..offset + raw.len()], &raw);
            }
            if let Err(error) = result {
                prop_assert!(error.offset <= input.len());
            }
            prop_assert!(Reader::lenient(&input).count() <= input.len());
        }
    }
}
