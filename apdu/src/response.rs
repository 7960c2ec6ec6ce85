//! Response APDUs and status words.

use core::fmt;

use crate::Octets;

/// The longest response of a short command: 256 data bytes and the status word.
pub const MAX_RESPONSE: usize = 258;

/// One response APDU: up to 256 data bytes and the status word.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    bytes: Octets,
}

/// The bytes are no response APDU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// Fewer than the two bytes of a status word.
    #[error("{0} bytes hold no status word")]
    TooShort(usize),
    /// More than 256 data bytes.
    #[error("{0} bytes are more than a short response can hold (258)")]
    TooLong(usize),
}

impl Response {
    /// Takes a whole response: data, SW1, SW2.
    ///
    /// # Errors
    /// [`ResponseError`] for fewer than 2 or more than 258 bytes.
    pub fn from_bytes(apdu: &[u8]) -> Result<Self, ResponseError> {
        match apdu.len() {
            length @ 0..2 => Err(ResponseError::TooShort(length)),
            2..=MAX_RESPONSE => Ok(Self { bytes: apdu.into() }),
            length => Err(ResponseError::TooLong(length)),
        }
    }

    /// A response from its parts.
    ///
    /// # Errors
    /// [`ResponseError::TooLong`] for more than 256 data bytes.
    pub fn new(data: &[u8], status: StatusWord) -> Result<Self, ResponseError> {
        let length = data.len().saturating_add(2);
        if length > MAX_RESPONSE {
            return Err(ResponseError::TooLong(length));
        }
        Ok(Self { bytes: Octets::of_parts(&[data, &status.0.to_be_bytes()]) })
    }

    /// A response of a status word alone.
    pub fn status_only(status: StatusWord) -> Self {
        Self { bytes: status.0.to_be_bytes()[..].into() }
    }

    /// Data, SW1 and SW2.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The data without the status word.
    pub fn data(&self) -> &[u8] {
        self.as_bytes().split_last_chunk::<2>().map_or(&[], |(data, _)| data)
    }

    /// The status word.
    pub fn status(&self) -> StatusWord {
        self.as_bytes().last_chunk::<2>().map_or(StatusWord(0), |sw| StatusWord(u16::from_be_bytes(*sw)))
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({} data bytes, {})", self.data().len(), self.status())
    }
}

/// SW1 SW2 of a response.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatusWord(pub u16);

impl StatusWord {
    /// `9000`: done.
    pub const OK: Self = Self(0x9000);

    /// Whether this is `9000`.
    pub fn is_ok(self) -> bool {
        self == Self::OK
    }

    /// SW1.
    pub fn sw1(self) -> u8 {
        self.0.to_be_bytes()[0]
    }

    /// SW2.
    pub fn sw2(self) -> u8 {
        self.0.to_be_bytes()[1]
    }

    /// The counter of `63Cx`: tries left after a failed verification.
    pub fn tries_left(self) -> Option<u8> {
        (self.0 & 0xFFF0 == 0x63C0).then_some(self.sw2() & 0x0F)
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl fmt::Debug for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SW {self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, vec};
    use proptest::prelude::*;

    #[test]
    fn data_is_not_printed() {
        let response = Response::new(&[0x5A, 0x08, 0x47, 0x61], StatusWord::OK).unwrap();
        assert_eq!(format!("{response:?}"), "Response(4 data bytes, 9000)");
    }

    #[test]
    fn counters_are_read_from_63cx_alone() {
        assert_eq!(StatusWord(0x63C2).tries_left(), Some(2));
        assert_eq!(StatusWord(0x63C0).tries_left(), Some(0));
        assert_eq!(StatusWord(0x6300).tries_left(), None);
        assert_eq!(StatusWord(0x6983).tries_left(), None);
    }

    #[test]
    fn what_is_no_short_response_is_refused() {
        assert_eq!(Response::from_bytes(&[0x90]), Err(ResponseError::TooShort(1)));
        assert_eq!(Response::from_bytes(&vec![0; 259]), Err(ResponseError::TooLong(259)));
        assert_eq!(Response::new(&vec![0; 257], StatusWord::OK), Err(ResponseError::TooLong(259)));
    }

    proptest! {
        #[test]
        fn parts_survive(data in proptest::collection::vec(any::<u8>(), 0..=256), word: u16) {
            let response = Response::new(&data, StatusWord(word)).unwrap();
            prop_assert_eq!(response.data(), &data);
            prop_assert_eq!(response.status(), StatusWord(word));
            prop_assert_eq!(Response::from_bytes(response.as_bytes()).unwrap(), response);
        }
    }
}
