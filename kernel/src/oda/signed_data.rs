//! What certificates and signatures have in common: a message recovered from an RSA signature, between a header and a
//! trailer, with a hash over itself and over what does not fit in (`EMV 4.4 Book 2, Annex A2.1`).

use apdu::Tag;

use crate::{
    crypto::{
        hash::{Sha1, Sha1Value},
        rsa::{self, Block},
    },
    finding::{Evidence, Fact, Finding, Place, Reason, Value},
    seeded::{Bug, bug},
};

use super::{keys, report::Step};

const HEADER: u8 = 0x6A;
const TRAILER: u8 = 0xBC;
const HASH_LENGTH: usize = 20;

/// What tells one kind of signed data from another.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub tag: Tag,
    pub format: u8,
    /// Where the hash algorithm indicator stands.
    pub hash_algorithm_at: usize,
    pub reasons: Reasons,
}

/// The reason each check gives when it fails.
#[derive(Clone, Copy)]
pub(super) struct Reasons {
    pub length: Reason,
    pub recover: Reason,
    pub format: Reason,
    pub hash_algorithm: Reason,
    pub hash: Reason,
}

/// Signed data whose frame is right: length, trailer, header, format and hash algorithm.
pub(super) struct Opened {
    kind: &'static Kind,
    block: Block,
    place: Place,
}

impl Kind {
    /// Recovers `signature` with `apply` and checks the frame, in the order of the Book.
    pub fn open(
        &'static self,
        signature: &[u8],
        place: Place,
        step: &mut Step,
        apply: impl FnOnce(&[u8]) -> Result<Block, rsa::Error>,
    ) -> Result<Opened, Finding> {
        let recovered = apply(signature);
        self.check_length(&recovered, place, step)?;
        if recovered.is_err() {
            step.check(Fact::Header, false, || self.not_below_modulus(place))?;
        }
        let block = recovered.map_err(|_| self.not_below_modulus(place))?;
        let opened = Opened { kind: self, block, place };
        if !bug(Bug::SkipTrailer) {
            opened.check_byte(Fact::Trailer, opened.trailer_at(), TRAILER, self.reasons.recover, step)?;
        }
        if !bug(Bug::SkipHeader) {
            opened.check_byte(Fact::Header, 0, HEADER, self.reasons.recover, step)?;
        }
        if !bug(Bug::SkipFormat) {
            opened.check_byte(Fact::Format, 1, self.format, self.reasons.format, step)?;
        }
        if !bug(Bug::SkipHashAlgorithm) {
            opened.check_hash_algorithm(step)?;
        }
        Ok(opened)
    }

    fn check_length(
        &self,
        recovered: &Result<Block, rsa::Error>,
        place: Place,
        step: &mut Step,
    ) -> Result<(), Finding> {
        let (expected, found) = match recovered {
            Err(rsa::Error::InputLength { expected, found }) => (*expected, *found),
            _ => (0, 0),
        };
        step.check(Fact::Length, expected == found, || {
            Finding::new(self.reasons.length).with(Evidence::compared(Fact::Length, expected, found).at(place))
        })
    }

    fn not_below_modulus(&self, place: Place) -> Finding {
        let evidence = Evidence::found(Fact::Header, "signature-not-below-modulus").at(place);
        Finding::new(self.reasons.recover).with(evidence)
    }
}

impl Opened {
    /// The recovered bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.block
    }

    /// The byte at `at`; every field before the variable part is inside the shortest modulus.
    pub fn byte(&self, at: usize) -> u8 {
        self.block.get(at).copied().unwrap_or(0)
    }

    /// The `N` bytes from `at`.
    pub fn array<const N: usize>(&self, at: usize) -> [u8; N] {
        self.block.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; N])
    }

    /// Everything from `at` up to the hash.
    pub fn up_to_hash(&self, at: usize) -> &[u8] {
        self.block.get(at..self.hash_at()).unwrap_or(&[])
    }

    /// Evidence of a comparison that failed inside the recovered data.
    pub fn compared(&self, fact: Fact, at: usize, expected: impl Into<Value>, found: impl Into<Value>) -> Evidence {
        Evidence::compared(fact, expected, found).at(self.place).offset(at)
    }

    /// Whether the hash is that of the recovered message followed by `parts`; on failure the evidence that it is not.
    pub fn compare_hash<'p>(&self, parts: impl IntoIterator<Item = &'p [u8]>) -> Result<(), Evidence> {
        let computed = parts.into_iter().fold(self.hash_of_message(), Sha1::and).value();
        let signed = self.signed_hash();
        if computed == signed || bug(Bug::SkipHash) {
            Ok(())
        } else {
            Err(self.compared(Fact::Hash, self.hash_at(), signed, computed))
        }
    }

    /// The hash of the recovered message, to go on with what did not fit in.
    pub fn hash_of_message(&self) -> Sha1 {
        let message = self.up_to_hash(1);
        if bug(Bug::RebuildPadding)
            && self.kind.format == 0x03
            && let Some((data, filler)) = message.split_at_checked(4)
        {
            return filler.iter().fold(Sha1::new().and(data), |hash, _| hash.and(&[0xBB]));
        }
        Sha1::new().and(message)
    }

    /// The hash that was signed.
    pub fn signed_hash(&self) -> Sha1Value {
        self.array(self.hash_at())
    }

    /// As [`Opened::compare_hash`], as a check of `step` that gives this kind's reason.
    pub fn check_hash<'p>(&self, step: &mut Step, parts: impl IntoIterator<Item = &'p [u8]>) -> Result<(), Finding> {
        let compared = self.compare_hash(parts);
        let passed = compared.is_ok();
        let finding = || compared.err().into_iter().fold(Finding::new(self.kind.reasons.hash), Finding::with);
        step.check(Fact::Hash, passed, finding)
    }

    /// Checks that the byte at `at` is `expected`.
    pub fn check_byte(
        &self,
        fact: Fact,
        at: usize,
        expected: u8,
        reason: Reason,
        step: &mut Step,
    ) -> Result<(), Finding> {
        let found = self.byte(at);
        step.check(fact, found == expected, || Finding::new(reason).with(self.compared(fact, at, [expected], [found])))
    }

    fn check_hash_algorithm(&self, step: &mut Step) -> Result<(), Finding> {
        let Kind { hash_algorithm_at, reasons, .. } = self.kind;
        self.check_byte(Fact::HashAlgorithm, *hash_algorithm_at, keys::SHA_1, reasons.hash_algorithm, step)
    }

    fn trailer_at(&self) -> usize {
        self.block.len().saturating_sub(1)
    }

    fn hash_at(&self) -> usize {
        self.trailer_at().saturating_sub(HASH_LENGTH)
    }
}
