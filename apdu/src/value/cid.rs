//! Cryptogram information data, tag 9F27 (`EMV 4.4 Book 3, 6.5.5.4`).

use core::fmt;

/// Cryptogram information data, tag 9F27.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cid(pub u8);

/// What kind of cryptogram a card gave or a terminal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CryptogramType {
    /// Application authentication cryptogram: declined.
    Aac,
    /// Transaction certificate: approved offline, or after the issuer's answer.
    Tc,
    /// Authorisation request cryptogram: go online.
    Arqc,
    /// A code the rules reserve.
    Rfu,
}

/// Why the card decided as it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReasonCode {
    /// No information.
    None,
    /// Service not allowed.
    ServiceNotAllowed,
    /// PIN try limit exceeded.
    PinTryLimitExceeded,
    /// Issuer authentication failed.
    IssuerAuthenticationFailed,
    /// A code the rules reserve (4 to 7).
    Rfu(u8),
}

impl Cid {
    /// The kind of cryptogram.
    pub fn cryptogram_type(self) -> CryptogramType {
        CryptogramType::from_bits(self.0)
    }

    /// Whether the card asks for an advice message.
    pub fn advice_required(self) -> bool {
        self.0 & 0x08 != 0
    }

    /// Why the card decided as it did.
    pub fn reason(self) -> ReasonCode {
        match self.0 & 0x07 {
            0 => ReasonCode::None,
            1 => ReasonCode::ServiceNotAllowed,
            2 => ReasonCode::PinTryLimitExceeded,
            3 => ReasonCode::IssuerAuthenticationFailed,
            code => ReasonCode::Rfu(code),
        }
    }

    /// The two bits a payment system uses for itself (bits 6 and 5).
    pub fn payment_system_bits(self) -> u8 {
        (self.0 >> 4) & 0x03
    }
}

impl CryptogramType {
    /// The kind in the upper two bits of a cryptogram information data byte or a GENERATE AC reference control parameter.
    pub fn from_bits(byte: u8) -> Self {
        match byte >> 6 {
            0 => Self::Aac,
            1 => Self::Tc,
            2 => Self::Arqc,
            _ => Self::Rfu,
        }
    }

    /// The upper two bits that say this kind.
    pub fn bits(self) -> u8 {
        match self {
            Self::Aac => 0x00,
            Self::Tc => 0x40,
            Self::Arqc => 0x80,
            Self::Rfu => 0xC0,
        }
    }
}

impl fmt::Display for CryptogramType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aac => "AAC",
            Self::Tc => "TC",
            Self::Arqc => "ARQC",
            Self::Rfu => "RFU",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_keeps_its_kind() {
        for byte in 0..=u8::MAX {
            assert_eq!(Cid(byte).cryptogram_type().bits(), byte & 0xC0);
        }
        assert_eq!(Cid(0x80).cryptogram_type(), CryptogramType::Arqc);
        assert_eq!(Cid(0x40).cryptogram_type(), CryptogramType::Tc);
    }

    #[test]
    fn advice_and_reason_are_apart() {
        let cid = Cid(0x0A);
        assert!(cid.advice_required());
        assert_eq!(cid.reason(), ReasonCode::PinTryLimitExceeded);
        assert_eq!(Cid(0x3D).reason(), ReasonCode::Rfu(5));
        assert_eq!(Cid(0x30).payment_system_bits(), 3);
        assert!(!Cid(0x07).advice_required());
    }
}
