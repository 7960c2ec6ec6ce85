//! What is made otherwise, or wrong, on a card, written as one line of text.
//!
//! ```text
//! with FIELD=VALUE               personalised so, consistently; see below
//! sign OBJECT FIELD=HEX          before signing; OBJECT: issuer icc pin static dynamic first second,
//!                                FIELD: header format identifier expiry serial hash-algorithm key-algorithm key-length
//!                                exponent-length padding hash trailer remainder exponent data-length data number cid
//!                                cryptogram transaction-hash hashed-data; fields of fixed length are cut or filled with 00
//! set TAG=HEX                    after signing, in the record that holds TAG; also: remove TAG, duplicate TAG,
//!                                flip TAG@OFFSET=HEX (XOR into its value), shorten TAG=N, extend TAG=HEX
//! record SFI.NR EDIT             after signing, in one record; replace makes one that is not there
//! directory NR EDIT              in a record of the payment system directory
//! pse EDIT                       in the directory's FCI
//! ppse EDIT                      in the contactless directory's FCI
//! fci EDIT                       in every application's FCI
//! aip HEX | afl HEX              what GET PROCESSING OPTIONS announces
//! force first|second aac|arqc|tc which cryptogram the card makes, whatever was asked
//! answer WHICH EDIT              in one response; WHICH: #N (N-th command since reset), or a command's name or INS in hex,
//!                                with :K for its K-th time only; also: sw HEX (status alone), status HEX (data kept),
//!                                fault NAME (no answer at all)
//! tap N answer WHICH EDIT        the same, only at the N-th time the card comes into a contactless field
//! ```
//!
//! Names of commands: select gpo read get-data challenge verify internal-auth gac external-auth get-response. Names of
//! faults: removed timeout transmission mute unplugged reset length protocol internal.
//!
//! An EDIT is one of `set [PARENT/]TAG=HEX`, `add [PARENT/]TAG=HEX` (even when it is there), `remove TAG`, `duplicate TAG`,
//! `flip OFFSET=HEX`, `flip TAG@OFFSET=HEX`, `shorten TAG=N`, `extend TAG=HEX`, `template TAG`, `replace HEX`, `append HEX`,
//! `truncate N` (bytes off the end), `drop` (no such record). Numbers are decimal.
//!
//! FIELD of `with`, for the first application: `aid label priority preferred-name languages pan sequence cardholder
//! effective expiration country currency usage version-number service-code pdol cdol1 cdol2 ddol cvm-list action-codes
//! offline-limits terminal-risk-management authority issuer-key icc-key pin-key methods aip-is-signed
//! issuer-authentication formats pin pin-tries-left atc last-online-atc first second data`. Bytes are hex, counters
//! decimal, `none` where a field can be absent, `yes` or `no`; `action-codes=DENIAL/ONLINE/DEFAULT`,
//! `offline-limits=LOWER/UPPER`, `issuer-key=BYTES/EXPONENT`, `icc-key=patterned` (CVE-2017-15361), `methods=dda+cda`,
//! `formats=112` (GET PROCESSING OPTIONS, INTERNAL AUTHENTICATE, GENERATE AC), `first=at-most-arqc`,
//! `issuer-authentication=command+mandatory`, `preferred-name=NAME/TABLE`, `data=9F79:HEX`;
//! `c2=NAME:VALUE` with kernel 2: `emv-mode`,
//! `on-device-cvm`, `stripe` and `track-1`, `relay` (minimum, maximum, transmission and real times in 100 µs: `10/50/24/72`),
//! `capabilities`, `third-party-data` and `recovery` (hex), `interaction` (hex, one a tap: `000100/001000`), `stored` (hex),
//! `broken-storage`; `c3=NAME:VALUE` with kernel 3: `ctq`, `verification` and `signed-ctq` (hex), `related` and
//! `signature` (`options`, `record`, `nowhere`), `signs-online`, `tells-decision`, `locked`, `spending` (minor units);
//! `c7=NAME:VALUE` with kernel 7: `wishes` (hex), `pin` and `signature` (`never`, `when-required`, `always`), `device`,
//! `gives-qualifiers`, `tells-decision`, `related` (bytes, or `none`).

mod edit;
mod feature;
mod parse;
mod tree;

use apdu::{Command, Fault, StatusWord};

pub use edit::{Edit, Place};
pub use feature::Feature;

use crate::cryptogram::Kind;
use crate::pki::Field;

/// One thing made wrong, parsed from its text.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub enum Alteration {
    /// The first application is personalised otherwise.
    With(Feature),
    /// A field of a certificate or signature has another value, and is signed so.
    Sign(Signed, Field, Vec<u8>),
    /// The record that holds the tag this edit names is changed after signing.
    Holder(Edit),
    /// A record of the applications is changed after signing: SFI, number.
    Record(u8, u8, Edit),
    /// A record of the payment system directory is changed.
    Directory(u8, Edit),
    /// The FCI of the payment system directory is changed.
    Pse(Edit),
    /// The FCI of the contactless directory is changed.
    Ppse(Edit),
    /// The FCI of every application is changed.
    Fci(Edit),
    /// GET PROCESSING OPTIONS announces another AIP than the signed one.
    Aip(Vec<u8>),
    /// GET PROCESSING OPTIONS announces another AFL.
    Afl(Vec<u8>),
    /// The card makes this cryptogram whatever it was asked; `true` for the second GENERATE AC.
    Force(bool, Kind),
    /// A response is changed.
    Answer(Which, Change),
    /// A response is changed, at one activation in a contactless field alone, counted from 1.
    AnswerAtTap(usize, Which, Change),
}

/// The text is no alteration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no alteration: {expected}")]
pub struct NotAnAlteration {
    text: String,
    expected: &'static str,
}

/// A signed object of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signed {
    /// Issuer certificate.
    Issuer,
    /// ICC certificate.
    Icc,
    /// ICC PIN encipherment certificate.
    Pin,
    /// Signed static application data.
    Static,
    /// Signed dynamic application data of INTERNAL AUTHENTICATE.
    Dynamic,
    /// CDA signature of the first GENERATE AC.
    First,
    /// CDA signature of the second GENERATE AC.
    Second,
}

/// Which response is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The response to the N-th command since reset, from 1.
    Number(usize),
    /// The responses to one instruction, or the K-th of them only, from 1.
    Instruction(u8, Option<usize>),
}

/// What happens to a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Its data are changed.
    Data(Edit),
    /// It is this status word alone.
    StatusOnly(StatusWord),
    /// Its status word is this one.
    Status(StatusWord),
    /// There is none.
    Fault(Fault),
}

impl Which {
    /// Whether the response to this command is meant: the `number`-th in all and the `time`-th of its instruction.
    pub fn means(self, command: &Command, number: usize, time: usize) -> bool {
        match self {
            Self::Number(wanted) => wanted == number,
            Self::Instruction(ins, wanted) => ins == command.ins() && wanted.is_none_or(|wanted| wanted == time),
        }
    }
}
