//! Signed dynamic application data, tag 9F4B: what DDA and CDA share (`EMV 4.4 Book 2, 6.5 and 6.6`).

use core::fmt;

use apdu::tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B;

use crate::{
    finding::{Evidence, Fact, Finding, Place, Reason},
    seeded::{Bug, bug},
};

use super::{
    IccKey,
    report::Step,
    signed_data::{Kind, Opened, Reasons},
};

const SIGNED: Kind = Kind {
    tag: SIGNED_DYNAMIC_APPLICATION_DATA_9F4B,
    format: 0x05,
    hash_algorithm_at: 2,
    reasons: Reasons {
        length: Reason::OdaSdadLength,
        recover: Reason::OdaSdadRecover,
        format: Reason::OdaSdadFormat,
        hash_algorithm: Reason::OdaSdadHashAlg,
        hash: Reason::OdaSdadHash,
    },
};

/// As contactless cards sign a transaction that goes online.
const SIGNED_ONLINE: Kind = Kind { format: 0x95, ..SIGNED };

const LENGTH_AT: usize = 3;
pub(super) const DATA_AT: usize = 4;

/// The fields of the signature that are neither dynamic data nor padding: header, format, hash algorithm, length, hash
/// and trailer.
const FIXED_LENGTH: usize = 25;

/// A number the card makes for each signature, tag 9F4C: 2 to 8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IccDynamicNumber {
    bytes: [u8; 8],
    length: u8,
}

impl IccDynamicNumber {
    fn new(value: &[u8]) -> Option<Self> {
        let length = u8::try_from(value.len()).ok().filter(|length| (2..=8).contains(length))?;
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(value).for_each(|(place, byte)| *place = *byte);
        Some(Self { bytes, length })
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or(&[])
    }
}

impl fmt::Debug for IccDynamicNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IccDynamicNumber(")?;
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02X}"))?;
        f.write_str(")")
    }
}

/// An opened signature: its frame is right, its hash not yet checked.
pub(super) struct SignedDynamicData(pub Opened);

impl SignedDynamicData {
    pub fn open(key: &IccKey, signature: &[u8], place: Place, step: &mut Step) -> Result<Self, Finding> {
        SIGNED.open(signature, place.tag(SIGNED.tag), step, |input| key.key.apply(input)).map(Self)
    }

    pub fn open_online(key: &IccKey, signature: &[u8], place: Place, step: &mut Step) -> Result<Self, Finding> {
        SIGNED_ONLINE.open(signature, place.tag(SIGNED.tag), step, |input| key.key.apply(input)).map(Self)
    }

    /// Checks that the signature covers `terminal_data`; the ICC dynamic number is all that is inside.
    pub fn check_contents(&self, terminal_data: &[u8], step: &mut Step) -> Result<IccDynamicNumber, Finding> {
        if !bug(Bug::SkipDynamicHash) {
            self.0
                .check_hash(step, [terminal_data])
                .map_err(|finding| finding.with(Evidence::found(Fact::DataObjectList, terminal_data.len())))?;
        }
        self.split(step).map(|(number, _)| number)
    }

    /// The ICC dynamic number, and the dynamic data after it.
    pub fn split(&self, step: &mut Step) -> Result<(IccDynamicNumber, &[u8]), Finding> {
        let stated = usize::from(self.0.byte(LENGTH_AT));
        let limit = self.0.bytes().len().saturating_sub(FIXED_LENGTH);
        let stated = if bug(Bug::AnyDataLength) { stated.min(limit) } else { stated };
        step.check(Fact::DynamicDataLength, stated <= limit, || self.bad_length(LENGTH_AT, limit, stated))?;
        let data = self.0.up_to_hash(DATA_AT).get(..stated).unwrap_or(&[]);
        let (number_length, rest) = data.split_first().map_or((0, data), |(length, rest)| (usize::from(*length), rest));
        let number = rest.get(..number_length).and_then(IccDynamicNumber::new);
        step.check(Fact::DynamicDataLength, number.is_some(), || self.bad_length(DATA_AT, 8, number_length))?;
        step.recovered.icc_dynamic_number = number;
        let number = number.ok_or_else(|| self.bad_length(DATA_AT, 8, number_length))?;
        Ok((number, rest.get(number_length..).unwrap_or(&[])))
    }

    /// A length inside the dynamic data that is not possible.
    pub fn bad_length(&self, at: usize, limit: usize, found: usize) -> Finding {
        Finding::new(Reason::OdaSdadLdd).with(self.0.compared(Fact::DynamicDataLength, at, limit, found))
    }
}
