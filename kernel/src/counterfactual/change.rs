//! What can be changed.

use alloc::vec::Vec;

use apdu::{Tag, value::date::Date};

use crate::{
    crypto::rsa::Exponent,
    finding::{Place, Value},
};

/// A registered application provider identifier: whose CA key it is.
pub type Rid = [u8; 5];

/// SFI and number of a record.
pub type RecordName = (u8, u8);

macro_rules! changes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* } = $id:literal;)*) => {
        /// One thing that is otherwise.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Change {
            $($(#[$doc])* $name { $($(#[$field_doc])* $field: $type,)* },)*
        }

        impl Change {
            /// Stable kebab-case id.
            pub const fn id(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $id,)*
                }
            }

            /// The ids of all changes.
            pub const IDS: &'static [&'static str] = &[$($id,)*];
        }
    };
}

changes! {
    /// The terminal has the CA key that the card names; it is published.
    KnownCaKey {
        /// Its RID.
        rid: Rid,
        /// Its index.
        index: u8,
    } = "known-ca-key";
    /// Another CA key of the same RID.
    OtherCaKeyIndex {
        /// The RID.
        rid: Rid,
        /// The index of the key that does it.
        index: u8,
        /// The terminal has it.
        loaded: bool,
    } = "other-ca-key-index";
    /// The CA key of the same index under another RID.
    OtherCaKeyRid {
        /// The RID of the key that does it.
        rid: Rid,
        /// The index.
        index: u8,
        /// The terminal has it.
        loaded: bool,
    } = "other-ca-key-rid";
    /// A CA key of another RID and another index.
    OtherCaKey {
        /// Its RID.
        rid: Rid,
        /// Its index.
        index: u8,
        /// The terminal has it.
        loaded: bool,
    } = "other-ca-key";
    /// The terminal's CA key without its damage: a known key that differs from it in these bytes only does it.
    RepairedCaKey {
        /// The RID of the known key.
        rid: Rid,
        /// The index of the known key.
        index: u8,
        /// The bytes of the modulus that differ.
        offsets: Vec<u16>,
    } = "repaired-ca-key";
    /// The CA key that the terminal refused or that was withdrawn, used all the same: it is the right one.
    UncheckedCaKey {
        /// Its RID.
        rid: Rid,
        /// Its index.
        index: u8,
    } = "unchecked-ca-key";
    /// The terminal's CA key with another exponent.
    CaKeyExponent {
        /// Its RID.
        rid: Rid,
        /// Its index.
        index: u8,
        /// The exponent that does it.
        exponent: Exponent,
    } = "other-ca-key-exponent";
    /// No remainder beside the certificate.
    RemainderLeftOut {
        /// The remainder.
        tag: Tag,
    } = "remainder-left-out";
    /// A shorter remainder.
    RemainderTrimmed {
        /// The remainder.
        tag: Tag,
        /// Bytes cut off at its start.
        start: usize,
        /// Bytes that remain.
        length: usize,
    } = "remainder-trimmed";
    /// The remainder that stands under another tag.
    RemainderElsewhere {
        /// The remainder.
        tag: Tag,
        /// Where it stands.
        from: Tag,
    } = "remainder-elsewhere";
    /// Another exponent beside the certificate.
    Exponent {
        /// The exponent's tag.
        tag: Tag,
        /// The exponent that does it.
        exponent: Exponent,
    } = "other-exponent";
    /// The AIP is no part of the static data.
    AipLeftOut {} = "aip-left-out";
    /// The AIP is the last part of the static data.
    AipAdded {} = "aip-added";
    /// The AIP that was signed.
    Aip {
        /// The one that was signed.
        signed: [u8; 2],
        /// The one that the card gave.
        given: [u8; 2],
    } = "other-aip";
    /// A record that is said to be signed is not.
    RecordLeftOut {
        /// The record.
        record: RecordName,
    } = "record-left-out";
    /// A record that is not said to be signed is.
    RecordAdded {
        /// The record.
        record: RecordName,
    } = "record-added";
    /// The signed records in another order.
    RecordOrder {
        /// The records in the order they were signed.
        order: Vec<RecordName>,
    } = "other-record-order";
    /// Template 70 around records that are signed without it, or none around those that are signed with it.
    RecordForm {
        /// The record; `None` means all of them.
        record: Option<RecordName>,
        /// The template was signed too.
        whole: bool,
    } = "other-record-form";
    /// An object of a signed record with the value that it has elsewhere.
    Object {
        /// The object.
        tag: Tag,
        /// The record it is in, when it is in one.
        record: Option<RecordName>,
        /// Bytes of its value that differ; empty when its length differs.
        offsets: Vec<u16>,
        /// The value that was signed, when it may be kept.
        value: Option<Value>,
        /// Where that value stands.
        source: Source,
    } = "original-object";
    /// One byte that has another value.
    Byte {
        /// Where it is: in a record or an answer, or in what the terminal sent.
        place: Place,
        /// The value that was signed, when it may be shown.
        signed: Option<u8>,
        /// The value that was found, when it may be shown.
        found: Option<u8>,
    } = "original-byte";
    /// The PAN sequence number in another number of bytes.
    SequenceNumberLength {
        /// The number of bytes that does it.
        length: usize,
    } = "other-sequence-number-length";
    /// Another DDOL.
    Ddol {
        /// The list that does it.
        list: Vec<u8>,
    } = "other-ddol";
    /// The values of the DDOL in another order.
    DdolOrder {
        /// The tags in the order that does it.
        order: Vec<Tag>,
    } = "other-ddol-order";
    /// Another unpredictable number.
    UnpredictableNumber {
        /// The one that was signed.
        value: [u8; 4],
        /// The exchange it was sent in; `None` when it was never sent.
        exchange: Option<u16>,
    } = "other-unpredictable-number";
    /// The signature in the form of a contactless card.
    SignedFormat {
        /// The format byte inside the signature.
        format: u8,
        /// What the signature covers.
        input: SignedInput,
    } = "other-signed-format";
    /// Other parts, or the parts in another order, in the hash over the transaction's data.
    TransactionData {
        /// The parts that do it.
        parts: Composition,
    } = "other-transaction-data";
    /// The cryptogram information that stands in the signature, in the clear as well.
    Decision {
        /// The one that was signed.
        signed: u8,
        /// The one in the clear.
        given: u8,
    } = "decision-as-signed";
    /// Another date of the transaction.
    Date {
        /// The first day that does it, when there is one.
        from: Option<Date>,
        /// The last day that does it, when there is one.
        to: Option<Date>,
    } = "other-date";
    /// As many bytes as the card's list asks for.
    ListLength {
        /// The list.
        list: Tag,
        /// Bytes it asks for.
        expected: usize,
        /// Bytes that were sent.
        sent: usize,
    } = "right-list-length";
}

/// Where a value that was signed still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// In the track 2 image (`57`).
    Track2,
    /// In the chip's own card number (`5A`).
    CardNumber,
    /// In the chip's own expiration date (`5F24`).
    ExpirationDate,
    /// In the card's certificate.
    Certificate,
    /// In another answer of the card.
    Exchange(u16),
}

impl Source {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Track2 => "track-2",
            Self::CardNumber => "card-number",
            Self::ExpirationDate => "expiration-date",
            Self::Certificate => "certificate",
            Self::Exchange(_) => "exchange",
        }
    }
}

/// What a dynamic signature covers besides its own contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignedInput {
    /// What INTERNAL AUTHENTICATE was sent.
    AsSent,
    /// The unpredictable number: fDDA version 00.
    FddaVersion00,
    /// Unpredictable number, amount, currency and card authentication related data (`9F69`): fDDA version 01.
    FddaVersion01,
}

impl SignedInput {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::AsSent => "as-sent",
            Self::FddaVersion00 => "fdda-version-00",
            Self::FddaVersion01 => "fdda-version-01",
        }
    }
}

/// The parts of the hash over a transaction's data (`EMV 4.4 Book 2, 6.6`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Composition {
    /// What of the PDOL is in it.
    pub pdol: PdolPart,
    /// The values for CDOL1 are in it.
    pub cdol1: bool,
    /// The values for CDOL2 are in it.
    pub cdol2: bool,
    /// The objects of the answer are sorted by tag.
    pub sorted: bool,
}

/// What of the PDOL is in a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PdolPart {
    /// The values, as the rule says.
    Values,
    /// The values in their template (`83`).
    Template,
    /// Nothing.
    Nothing,
}

impl PdolPart {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Values => "values",
            Self::Template => "template",
            Self::Nothing => "nothing",
        }
    }
}
