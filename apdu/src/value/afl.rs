//! Application file locator, tag 94 (`EMV 4.4 Book 3, 10.2`).

use core::fmt;

const MAX: usize = 252;

/// A checked application file locator, which records to read and which of them are signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Afl {
    bytes: [u8; MAX],
    length: u8,
}

/// One line of an application file locator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AflEntry {
    /// Short file identifier, 1 to 30.
    pub sfi: u8,
    /// First record to read.
    pub first: u8,
    /// Last record to read.
    pub last: u8,
    /// How many of them, from the first on, are static data to be authenticated.
    pub signed: u8,
}

/// What is wrong with an application file locator, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("offset {offset}: {cause}")]
pub struct Error {
    /// Bytes from the start of the value.
    pub offset: usize,
    /// What is wrong there.
    pub cause: Cause,
}

/// The ways an application file locator can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// No entry.
    #[error("the locator is empty")]
    Empty,
    /// The length is no multiple of four.
    #[error("{0} bytes are not whole entries of four bytes")]
    NotWholeEntries(usize),
    /// More entries than a card can send.
    #[error("{0} bytes are more than 252")]
    TooLong(usize),
    /// The file identifier is 0 or 31.
    #[error("the short file identifier in {0:02X} is not 1 to 30")]
    Sfi(u8),
    /// The three bits beside the file identifier are not zero.
    #[error("the lowest three bits of {0:02X} are not zero")]
    SfiLowBits(u8),
    /// The first record is 0.
    #[error("the first record is 0")]
    FirstRecordZero,
    /// The last record comes before the first.
    #[error("the last record {last} comes before the first, {first}")]
    LastBeforeFirst {
        /// First record.
        first: u8,
        /// Last record.
        last: u8,
    },
    /// More signed records than records.
    #[error("{signed} signed records of {records}")]
    SignedBeyondLast {
        /// Records said to be signed.
        signed: u8,
        /// Records of the entry.
        records: u8,
    },
}

impl Afl {
    /// Checks a locator against every rule for it.
    ///
    /// # Errors
    /// [`Error`] with the first byte that breaks a rule.
    pub fn parse(value: &[u8]) -> Result<Self, Error> {
        let whole = |cause| Error { offset: 0, cause };
        let (entries, rest) = value.as_chunks::<4>();
        if value.is_empty() {
            return Err(whole(Cause::Empty));
        }
        if !rest.is_empty() {
            return Err(whole(Cause::NotWholeEntries(value.len())));
        }
        let mut bytes = [0; MAX];
        bytes.get_mut(..value.len()).ok_or(whole(Cause::TooLong(value.len())))?.copy_from_slice(value);
        for (at, entry) in (0..).step_by(4).zip(entries) {
            check(*entry).map_err(|(offset, cause)| Error { offset: offset.saturating_add(at), cause })?;
        }
        Ok(Self { bytes, length: u8::try_from(value.len()).unwrap_or(u8::MAX) })
    }

    /// The locator as the card sent it.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or(&[])
    }

    /// The entries, in the order to read them.
    pub fn entries(&self) -> impl Iterator<Item = AflEntry> + '_ {
        self.as_bytes().as_chunks::<4>().0.iter().map(|entry| AflEntry::from_bytes(*entry))
    }

    /// Whether any record is to be authenticated.
    pub fn has_signed_records(&self) -> bool {
        self.entries().any(|entry| entry.signed > 0)
    }
}

impl AflEntry {
    fn from_bytes([sfi, first, last, signed]: [u8; 4]) -> Self {
        Self { sfi: sfi >> 3, first, last, signed }
    }

    /// The four bytes of the entry.
    pub fn to_bytes(self) -> [u8; 4] {
        [self.sfi << 3, self.first, self.last, self.signed]
    }

    /// The record numbers to read, each with whether it is signed.
    pub fn records(self) -> impl Iterator<Item = (u8, bool)> {
        (self.first..=self.last).map(move |record| (record, record.saturating_sub(self.first) < self.signed))
    }
}

/// The first rule an entry breaks, with the place of the byte in the entry.
fn check([sfi, first, last, signed]: [u8; 4]) -> Result<(), (usize, Cause)> {
    let records = last.saturating_sub(first).saturating_add(1);
    if matches!(sfi >> 3, 0 | 31) {
        return Err((0, Cause::Sfi(sfi)));
    }
    if sfi & 0x07 != 0 {
        return Err((0, Cause::SfiLowBits(sfi)));
    }
    if first == 0 {
        return Err((1, Cause::FirstRecordZero));
    }
    if last < first {
        return Err((2, Cause::LastBeforeFirst { first, last }));
    }
    if signed > records {
        return Err((3, Cause::SignedBeyondLast { signed, records }));
    }
    Ok(())
}

impl fmt::Debug for Afl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Afl(")?;
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02X}"))?;
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn entries_name_their_records() {
        let afl = Afl::parse(&[0x08, 0x01, 0x03, 0x02, 0x10, 0x05, 0x05, 0x00]).unwrap();
        let entries: Vec<_> = afl.entries().collect();
        assert_eq!(entries[0], AflEntry { sfi: 1, first: 1, last: 3, signed: 2 });
        assert_eq!(entries[0].records().collect::<Vec<_>>(), [(1, true), (2, true), (3, false)]);
        assert_eq!(entries[1].records().collect::<Vec<_>>(), [(5, false)]);
        assert!(afl.has_signed_records());
    }

    #[test]
    fn each_rule_is_its_own_fault_at_its_byte() {
        let fault = |value: &[u8]| {
            let error = Afl::parse(value).unwrap_err();
            (error.offset, error.cause)
        };
        assert_eq!(fault(&[]), (0, Cause::Empty));
        assert_eq!(fault(&[0x08, 1, 1]), (0, Cause::NotWholeEntries(3)));
        assert_eq!(fault(&[0x08; 256]), (0, Cause::TooLong(256)));
        assert_eq!(fault(&[0x00, 1, 1, 0]), (0, Cause::Sfi(0x00)));
        assert_eq!(fault(&[0x08, 1, 1, 0, 0xF8, 1, 1, 0]), (4, Cause::Sfi(0xF8)));
        assert_eq!(fault(&[0x0C, 1, 1, 0]), (0, Cause::SfiLowBits(0x0C)));
        assert_eq!(fault(&[0x08, 0, 1, 0]), (1, Cause::FirstRecordZero));
        assert_eq!(fault(&[0x08, 3, 2, 0]), (2, Cause::LastBeforeFirst { first: 3, last: 2 }));
        assert_eq!(fault(&[0x08, 1, 2, 3]), (3, Cause::SignedBeyondLast { signed: 3, records: 2 }));
    }

    proptest! {
        #[test]
        fn a_locator_is_the_sum_of_its_entries(value in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(afl) = Afl::parse(&value) {
                prop_assert_eq!(afl.entries().flat_map(AflEntry::to_bytes).collect::<Vec<_>>(), value);
            }
        }

        #[test]
        fn every_lawful_entry_is_accepted(sfi in 1u8..=30, first in 1u8..=255, more in 0u8..=255, signed: u8) {
            let last = first.saturating_add(more);
            let signed = signed % (last - first).saturating_add(1);
            let entry = AflEntry { sfi, first, last, signed };
            let afl = Afl::parse(&entry.to_bytes()).unwrap();
            prop_assert_eq!(afl.entries().collect::<Vec<_>>(), [entry]);
            prop_assert_eq!(entry.records().filter(|(_, signed)| *signed).count(), usize::from(signed));
        }
    }
}
