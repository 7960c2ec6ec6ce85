//! Methods and conditions of a CVM rule (`EMV 4.4 Book 3, Annex C3`).

/// How a rule wants the cardholder verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CvmMethod {
    /// Fail CVM processing.
    Fail,
    /// Plaintext PIN verified by the card.
    PlaintextPin,
    /// Enciphered PIN verified online.
    OnlinePin,
    /// Plaintext PIN verified by the card, and signature.
    PlaintextPinAndSignature,
    /// Enciphered PIN verified by the card.
    EncipheredPin,
    /// Enciphered PIN verified by the card, and signature.
    EncipheredPinAndSignature,
    /// A biometric, verified by the card or online.
    Biometric {
        /// What is measured.
        modality: Biometric,
        /// Verified online rather than by the card.
        online: bool,
    },
    /// Signature.
    Signature,
    /// No CVM required.
    NoCvm,
    /// A payment system's own (20 to 2F).
    PaymentSystem(u8),
    /// An issuer's own (30 to 3E).
    Issuer(u8),
    /// A code the rules reserve.
    Unrecognised(u8),
}

/// What a biometric method measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Biometric {
    /// Face.
    Facial,
    /// Finger.
    Finger,
    /// Palm.
    Palm,
    /// Iris.
    Iris,
    /// Voice.
    Voice,
}

impl CvmMethod {
    /// The method a code says; the upper two bits of `code` are no part of it.
    pub fn from_code(code: u8) -> Self {
        match code & 0x3F {
            0x00 => Self::Fail,
            0x01 => Self::PlaintextPin,
            0x02 => Self::OnlinePin,
            0x03 => Self::PlaintextPinAndSignature,
            0x04 => Self::EncipheredPin,
            0x05 => Self::EncipheredPinAndSignature,
            code @ 0x06..=0x0F => Self::Biometric { modality: Biometric::from_code(code), online: code & 1 == 1 },
            0x1E => Self::Signature,
            0x1F => Self::NoCvm,
            code @ 0x20..=0x2F => Self::PaymentSystem(code),
            code @ 0x30..=0x3E => Self::Issuer(code),
            code => Self::Unrecognised(code),
        }
    }

    /// The code that says this method, 00 to 3F.
    pub fn code(self) -> u8 {
        match self {
            Self::Fail => 0x00,
            Self::PlaintextPin => 0x01,
            Self::OnlinePin => 0x02,
            Self::PlaintextPinAndSignature => 0x03,
            Self::EncipheredPin => 0x04,
            Self::EncipheredPinAndSignature => 0x05,
            Self::Biometric { modality, online } => modality.offline_code() | u8::from(online),
            Self::Signature => 0x1E,
            Self::NoCvm => 0x1F,
            Self::PaymentSystem(code) | Self::Issuer(code) | Self::Unrecognised(code) => code,
        }
    }

    /// Whether the card is asked to verify a PIN.
    pub fn needs_offline_pin(self) -> bool {
        self.needs_plaintext_pin() || self.needs_enciphered_pin()
    }

    /// Whether the card is asked to verify a plaintext PIN.
    pub fn needs_plaintext_pin(self) -> bool {
        matches!(self, Self::PlaintextPin | Self::PlaintextPinAndSignature)
    }

    /// Whether the card is asked to verify an enciphered PIN.
    pub fn needs_enciphered_pin(self) -> bool {
        matches!(self, Self::EncipheredPin | Self::EncipheredPinAndSignature)
    }

    /// Whether a signature is part of it.
    pub fn needs_signature(self) -> bool {
        matches!(self, Self::Signature | Self::PlaintextPinAndSignature | Self::EncipheredPinAndSignature)
    }
}

impl Biometric {
    fn from_code(code: u8) -> Self {
        match code >> 1 {
            0x03 => Self::Facial,
            0x04 => Self::Finger,
            0x05 => Self::Palm,
            0x06 => Self::Iris,
            _ => Self::Voice,
        }
    }

    fn offline_code(self) -> u8 {
        match self {
            Self::Facial => 0x06,
            Self::Finger => 0x08,
            Self::Palm => 0x0A,
            Self::Iris => 0x0C,
            Self::Voice => 0x0E,
        }
    }
}

/// When a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CvmCondition {
    /// Always.
    Always,
    /// Unattended cash.
    UnattendedCash,
    /// Neither unattended cash, nor manual cash, nor purchase with cashback.
    NotCashNorCashback,
    /// The terminal supports the method.
    TerminalSupports,
    /// Manual cash.
    ManualCash,
    /// Purchase with cashback.
    PurchaseWithCashback,
    /// In the application currency and under X.
    UnderX,
    /// In the application currency and over X.
    OverX,
    /// In the application currency and under Y.
    UnderY,
    /// In the application currency and over Y.
    OverY,
    /// A code the rules reserve (0A to 7F).
    Rfu(u8),
    /// A payment system's own (80 to FF).
    PaymentSystem(u8),
}

impl CvmCondition {
    /// The condition a code says.
    pub fn from_code(code: u8) -> Self {
        match code {
            0x00 => Self::Always,
            0x01 => Self::UnattendedCash,
            0x02 => Self::NotCashNorCashback,
            0x03 => Self::TerminalSupports,
            0x04 => Self::ManualCash,
            0x05 => Self::PurchaseWithCashback,
            0x06 => Self::UnderX,
            0x07 => Self::OverX,
            0x08 => Self::UnderY,
            0x09 => Self::OverY,
            0x0A..=0x7F => Self::Rfu(code),
            0x80..=0xFF => Self::PaymentSystem(code),
        }
    }

    /// The code that says this condition.
    pub fn code(self) -> u8 {
        match self {
            Self::Always => 0x00,
            Self::UnattendedCash => 0x01,
            Self::NotCashNorCashback => 0x02,
            Self::TerminalSupports => 0x03,
            Self::ManualCash => 0x04,
            Self::PurchaseWithCashback => 0x05,
            Self::UnderX => 0x06,
            Self::OverX => 0x07,
            Self::UnderY => 0x08,
            Self::OverY => 0x09,
            Self::Rfu(code) | Self::PaymentSystem(code) => code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_meaning() {
        for code in 0..=0x3F {
            assert_eq!(CvmMethod::from_code(code).code(), code);
            assert_eq!(CvmMethod::from_code(code | 0xC0).code(), code);
        }
        for code in 0..=u8::MAX {
            assert_eq!(CvmCondition::from_code(code).code(), code);
        }
        assert_eq!(CvmMethod::from_code(0x3F), CvmMethod::Unrecognised(0x3F));
        assert_eq!(CvmMethod::from_code(0x09), CvmMethod::Biometric { modality: Biometric::Finger, online: true });
    }

    #[test]
    fn combinations_need_both_parts() {
        let needs = |code| {
            let method = CvmMethod::from_code(code);
            (method.needs_plaintext_pin(), method.needs_enciphered_pin(), method.needs_signature())
        };
        assert_eq!(needs(0x03), (true, false, true));
        assert_eq!(needs(0x05), (false, true, true));
        assert_eq!(needs(0x1E), (false, false, true));
        assert_eq!(needs(0x02), (false, false, false));
    }
}
