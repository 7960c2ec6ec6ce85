//! The fields after the separator, with the position of what is wrong in them.

use apdu::value::{Date, ServiceCode};
use zeroize::Zeroizing;

use super::{
    Part,
    frame::{Fault, FaultKind, is_separator},
};

/// What follows the account number, or the name on track 1.
pub(super) struct Fields<'b> {
    bytes: &'b [u8],
    position: usize,
    cut: bool,
    /// What is wrong, in order.
    pub faults: Vec<Fault>,
}

impl<'b> Fields<'b> {
    /// The fields in `bytes`, of which the first has this position.
    pub fn new(bytes: &'b [u8], position: usize) -> Self {
        Self { bytes, position, cut: false, faults: Vec::new() }
    }

    /// YYMM.
    pub fn expiry(&mut self) -> Part<[u8; 2]> {
        let month = self.position.saturating_add(2);
        let expiry = self.field::<4>().and_then(|[y1, y2, m1, m2]| Some([(y1 << 4) | y2, (m1 << 4) | m2]));
        if expiry.given().is_some_and(|expiry| Date::from_yymm(expiry).is_err()) {
            self.faults.push(Fault { kind: FaultKind::Month, position: month });
            return Part::Unreadable;
        }
        expiry
    }

    /// The service code.
    pub fn service_code(&mut self) -> Part<ServiceCode> {
        self.field::<3>().and_then(ServiceCode::from_digits)
    }

    /// The digit values of all that is left.
    pub fn rest(&mut self) -> Zeroizing<Vec<u8>> {
        self.refuse_others(self.bytes);
        Zeroizing::new(self.bytes.iter().map(|byte| byte & 0x0F).collect())
    }

    /// The digit values of a field of fixed length, for which a separator may stand.
    fn field<const N: usize>(&mut self) -> Part<[u8; N]> {
        if self.bytes.first().is_some_and(|byte| is_separator(*byte) || *byte == b'^') {
            self.advance(1);
            return Part::LeftOut;
        }
        match self.bytes.first_chunk::<N>() {
            Some(field) => {
                let readable = self.refuse_others(field);
                self.advance(N);
                if readable { Part::Given(field.map(|byte| byte & 0x0F)) } else { Part::Unreadable }
            }
            None => {
                self.end_early();
                Part::Unreadable
            }
        }
    }

    /// The first field that is cut is a fault; the ones after it are not there either.
    fn end_early(&mut self) {
        self.advance(self.bytes.len());
        if !self.cut {
            self.faults.push(Fault { kind: FaultKind::Cut, position: self.position });
        }
        self.cut = true;
    }

    /// Whether `bytes`, which come next, are digits.
    fn refuse_others(&mut self, bytes: &[u8]) -> bool {
        let other = first_other(bytes);
        let fault = |at: usize| Fault { kind: FaultKind::NotADigit, position: self.position.saturating_add(at) };
        self.faults.extend(other.map(fault));
        other.is_none()
    }

    fn advance(&mut self, count: usize) {
        self.bytes = self.bytes.get(count..).unwrap_or(&[]);
        self.position = self.position.saturating_add(count);
    }
}

/// The first that is no digit.
pub(super) fn first_other(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| !byte.is_ascii_digit())
}
