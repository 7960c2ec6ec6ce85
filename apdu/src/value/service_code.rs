//! Service code, tag 5F30 and on the magnetic stripe (ISO/IEC 7813).

use core::fmt;

use super::bcd;

/// The three digits that say where and how a card may be used.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ServiceCode([u8; 3]);

/// Where a card may be used, from the first digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interchange {
    /// International.
    International,
    /// National, elsewhere only by agreement.
    National,
    /// Private, only by agreement.
    Private,
    /// A test card.
    Test,
    /// Not assigned.
    Rfu,
}

/// How a transaction is authorised, from the second digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Authorisation {
    /// By the usual rules.
    Normal,
    /// By the issuer, online.
    Issuer,
    /// By the issuer online, unless agreed otherwise.
    IssuerUnlessAgreed,
    /// Not assigned.
    Rfu,
}

impl ServiceCode {
    /// The code of three digit values; `None` when one is above 9.
    pub fn from_digits(digits: [u8; 3]) -> Option<Self> {
        digits.iter().all(|digit| *digit <= 9).then_some(Self(digits))
    }

    /// The code in format n 3, as in tag 5F30; `None` when it is not three digits.
    pub fn from_bytes([high, low]: [u8; 2]) -> Option<Self> {
        (high >> 4 == 0).then(|| Self::from_digits([high, low >> 4, low & 0x0F]))?
    }

    /// The code in format n 3.
    pub fn to_bytes(self) -> [u8; 2] {
        let [first, second, third] = self.0;
        [first, (second << 4) | third]
    }

    /// The three digit values.
    pub fn digits(self) -> [u8; 3] {
        self.0
    }

    /// Where the card may be used.
    pub fn interchange(self) -> Interchange {
        match self.0[0] {
            1 | 2 => Interchange::International,
            5 | 6 => Interchange::National,
            7 => Interchange::Private,
            9 => Interchange::Test,
            _ => Interchange::Rfu,
        }
    }

    /// Whether the card has a chip, to be used where possible rather than the stripe.
    pub fn has_chip(self) -> bool {
        matches!(self.0[0], 2 | 6)
    }

    /// How a transaction is authorised.
    pub fn authorisation(self) -> Authorisation {
        match self.0[1] {
            0 => Authorisation::Normal,
            2 => Authorisation::Issuer,
            4 => Authorisation::IssuerUnlessAgreed,
            _ => Authorisation::Rfu,
        }
    }

    /// Whether a PIN is always required.
    pub fn pin_required(self) -> bool {
        matches!(self.0[2], 0 | 3 | 5)
    }

    /// Whether a PIN is asked for where there is a PIN pad.
    pub fn pin_prompt(self) -> bool {
        matches!(self.0[2], 6 | 7)
    }

    /// Whether it serves for goods and services and not for cash.
    pub fn goods_and_services_only(self) -> bool {
        matches!(self.0[2], 2 | 5 | 7)
    }

    /// Whether it serves for cash alone; 3 is at ATMs alone.
    pub fn cash_only(self) -> bool {
        matches!(self.0[2], 3 | 4)
    }
}

impl fmt::Display for ServiceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bcd::nibbles(&self.to_bytes()).skip(1).try_for_each(|digit| write!(f, "{digit}"))
    }
}

impl fmt::Debug for ServiceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceCode({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn every_code_round_trips() {
        for number in 0..1000u16 {
            let digits = [number / 100, number / 10 % 10, number % 10].map(|digit| u8::try_from(digit).unwrap());
            let code = ServiceCode::from_digits(digits).unwrap();
            assert_eq!(ServiceCode::from_bytes(code.to_bytes()), Some(code));
            assert_eq!(code.to_string().parse::<u16>().unwrap(), number);
        }
        assert_eq!(ServiceCode::from_bytes([0x12, 0x01]), None);
        assert_eq!(ServiceCode::from_bytes([0x02, 0x0A]), None);
    }

    #[test]
    fn digits_have_their_meaning() {
        let code = |text: &[u8; 3]| ServiceCode::from_digits(text.map(|digit| digit - b'0')).unwrap();
        assert!(code(b"201").has_chip() && !code(b"101").has_chip());
        assert_eq!(code(b"620").interchange(), Interchange::National);
        assert_eq!(code(b"620").authorisation(), Authorisation::Issuer);
        assert!(code(b"620").pin_required() && code(b"226").pin_prompt());
        assert!(code(b"203").cash_only() && code(b"205").goods_and_services_only());
    }
}
