//! What was checked along a certificate chain, in order: for those who want to see everything, also what passed.

use alloc::vec::Vec;

use apdu::value::{Cid, Date, Pan};

use crate::finding::{Fact, Finding};

/// The certificates and signatures looked at, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainReport {
    /// One step per certificate or signature.
    pub steps: Vec<Step>,
}

impl ChainReport {
    /// Runs one step and keeps what it checked, however it ended.
    pub(super) fn step<T, E>(
        &mut self,
        certificate: Certificate,
        run: impl FnOnce(&mut Step) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut step = Step::new(certificate);
        let result = run(&mut step);
        step.end(&result);
        self.steps.push(step);
        result
    }
}

/// One certificate or signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub certificate: Certificate,
    /// What was checked, in order; only the last can have failed.
    pub checks: Vec<Check>,
    /// What was inside.
    pub recovered: Recovered,
}

impl Step {
    pub(super) fn new(certificate: Certificate) -> Self {
        Self { certificate, checks: Vec::with_capacity(12), recovered: Recovered::default() }
    }

    /// Whether every check passed.
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.passed)
    }

    /// Ends the step. One that ended in an error has a check that failed: without one, something to be checked was not
    /// there.
    pub(super) fn end<T, E>(&mut self, result: &Result<T, E>) {
        if result.is_err() && self.passed() {
            self.checks.push(Check { fact: Fact::DataObject, passed: false });
        }
    }

    /// Keeps the check, and makes it a finding when it failed.
    pub(super) fn check(&mut self, fact: Fact, passed: bool, finding: impl FnOnce() -> Finding) -> Result<(), Finding> {
        self.checks.push(Check { fact, passed });
        if passed { Ok(()) } else { Err(finding()) }
    }
}

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Certificate {
    /// The CA public key in the terminal.
    CaKey,
    /// The issuer public key certificate (`90`).
    Issuer,
    /// The ICC public key certificate (`9F46`).
    Icc,
    /// The ICC PIN encipherment public key certificate (`9F2D`).
    IccPin,
    /// The signed static application data (`93`).
    StaticSignature,
    /// The signed dynamic application data (`9F4B`).
    DynamicSignature,
}

impl Certificate {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::CaKey => "ca-key",
            Self::Issuer => "issuer-certificate",
            Self::Icc => "icc-certificate",
            Self::IccPin => "icc-pin-certificate",
            Self::StaticSignature => "static-signature",
            Self::DynamicSignature => "dynamic-signature",
        }
    }
}

/// One check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub fact: Fact,
    /// Whether it was as the rule wants it.
    pub passed: bool,
}

/// What a certificate or signature said; only what this kind of step has is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// The CA key: RID and index.
    pub ca_key: Option<([u8; 5], u8)>,
    /// The issuer identifier: first digits of the card number, filled with F.
    pub issuer_identifier: Option<[u8; 4]>,
    /// The card number.
    pub pan: Option<Pan>,
    /// The last day the certificate, or the CA key, is good.
    pub expiry: Option<Date>,
    /// The certificate's serial number.
    pub serial: Option<[u8; 3]>,
    /// The length of the key inside, in bits.
    pub key_bits: Option<usize>,
    /// The modulus of the key inside, when the key is good.
    pub modulus: Option<Vec<u8>>,
    /// The data authentication code (`9F45`).
    pub data_authentication_code: Option<[u8; 2]>,
    /// The ICC dynamic number (`9F4C`).
    pub icc_dynamic_number: Option<super::IccDynamicNumber>,
    /// The cryptogram information data (`9F27`) inside the signature of CDA, also when a later check of it failed.
    pub cryptogram_information: Option<Cid>,
}
