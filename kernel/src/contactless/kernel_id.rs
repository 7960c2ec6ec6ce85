//! Which kernel: kernel identifiers and what a card asks for (`EMV Contactless Book B, 3.3.2.5`).

use apdu::dictionary::Context;
use core::fmt;

/// A kernel identifier (`9F2A`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KernelId {
    /// One of the international kernels, by its number.
    International(u8),
    /// A domestic kernel in EMVCo or proprietary format: three bytes.
    Domestic([u8; 3]),
}

impl KernelId {
    /// Kernel 2 (Mastercard).
    pub const C2: Self = Self::International(2);
    /// Kernel 3 (Visa).
    pub const C3: Self = Self::International(3);
    /// Kernel 4 (American Express).
    pub const C4: Self = Self::International(4);
    /// Kernel 5 (JCB).
    pub const C5: Self = Self::International(5);
    /// Kernel 6 (Discover).
    pub const C6: Self = Self::International(6);
    /// Kernel 7 (UnionPay).
    pub const C7: Self = Self::International(7);

    /// The value a card gets when it asks for `9F2A`.
    pub fn value(&self) -> &[u8] {
        match self {
            Self::International(number) => core::slice::from_ref(number),
            Self::Domestic(bytes) => bytes,
        }
    }

    /// Where the meanings of this kernel's tags are looked up.
    pub const fn context(self) -> Context {
        match self {
            Self::C2 => Context::Mastercard,
            Self::C3 => Context::Visa,
            Self::C4 => Context::Amex,
            Self::C5 => Context::Jcb,
            Self::C6 => Context::Discover,
            Self::C7 => Context::UnionPay,
            _ => Context::Emv,
        }
    }

    /// The kernel of this name: `C-2`, or six hexadecimal digits of a domestic one.
    pub fn from_name(name: &str) -> Option<Self> {
        if let Some(number) = name.strip_prefix("C-") {
            return number.parse().ok().filter(|number| (1..=63).contains(number)).map(Self::International);
        }
        let mut bytes = [0; 3];
        hex::decode_to_slice(name, &mut bytes).ok()?;
        matches!(bytes, [0x80..=0xFF, ..]).then_some(Self::Domestic(bytes))
    }
}

impl fmt::Display for KernelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::International(number) => write!(f, "C-{number}"),
            Self::Domestic(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}")),
        }
    }
}

impl fmt::Debug for KernelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The kernel a directory entry asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Requested {
    /// Whatever kernel the terminal has for the AID.
    Any,
    /// This one.
    Kernel(KernelId),
}

impl Requested {
    /// Whether `kernel` is good enough.
    pub fn allows(self, kernel: KernelId) -> bool {
        match self {
            Self::Any => true,
            Self::Kernel(requested) => requested == kernel,
        }
    }
}

/// Up to which version of Book B an explicit kernel identifier `00` means any kernel, and from which the default of the
/// AID.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BookVersion {
    /// 2.5 and before: any kernel.
    V2_5,
    /// 2.10: the default of the AID.
    #[default]
    V2_10,
}

/// What `9F2A` of a directory entry asks for, where `aid` is the terminal's AID it matched. `None` skips the entry.
pub fn requested(identifier: Option<&[u8]>, aid: &[u8], version: BookVersion) -> Option<Requested> {
    match identifier {
        None | Some([]) => Some(default_kernel(aid)),
        Some([0x00, ..]) if version == BookVersion::V2_5 => Some(Requested::Any),
        Some([0x00, ..]) => Some(default_kernel(aid)),
        Some([first @ ..=0x7F, ..]) => Some(Requested::Kernel(KernelId::International(*first))),
        // A domestic identifier is three bytes; one without a short kernel number is proprietary, and nobody's here.
        Some([first, second, third, ..]) if first & 0x3F != 0 => {
            Some(Requested::Kernel(KernelId::Domestic([*first, *second, *third])))
        }
        Some(_) => None,
    }
}

fn default_kernel(aid: &[u8]) -> Requested {
    match Context::from_aid(aid) {
        Context::Visa => Requested::Kernel(KernelId::C3),
        Context::Mastercard if aid.starts_with(&[0xA0, 0x00, 0x00, 0x00, 0x04]) => Requested::Kernel(KernelId::C2),
        Context::Amex => Requested::Kernel(KernelId::C4),
        Context::Jcb => Requested::Kernel(KernelId::C5),
        Context::Discover => Requested::Kernel(KernelId::C6),
        Context::UnionPay => Requested::Kernel(KernelId::C7),
        _ => Requested::Any,
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    const VISA: &[u8] = &[0xA0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10];
    const OTHER: &[u8] = &[0xF0, 0x00, 0x00, 0x00, 0x01];

    fn ask(identifier: Option<&[u8]>, aid: &[u8]) -> Option<Requested> {
        requested(identifier, aid, BookVersion::V2_10)
    }

    #[test]
    fn without_an_identifier_the_aid_decides() {
        let c3 = Some(Requested::Kernel(KernelId::C3));
        assert_eq!(ask(None, VISA), c3);
        assert_eq!(ask(Some(&[]), VISA), c3);
        assert_eq!(ask(None, OTHER), Some(Requested::Any));
    }

    #[test]
    fn zero_means_any_kernel_up_to_2_5() {
        assert_eq!(ask(Some(&[0]), VISA), Some(Requested::Kernel(KernelId::C3)));
        assert_eq!(requested(Some(&[0]), VISA, BookVersion::V2_5), Some(Requested::Any));
    }

    #[test]
    fn a_short_identifier_is_one_byte_and_a_domestic_one_three() {
        assert_eq!(ask(Some(&[2, 9, 9]), VISA), Some(Requested::Kernel(KernelId::C2)));
        assert_eq!(ask(Some(&[0x81, 1, 0x56]), VISA), Some(Requested::Kernel(KernelId::Domestic([0x81, 1, 0x56]))));
        assert_eq!(ask(Some(&[0x81, 1]), VISA), None);
        assert_eq!(ask(Some(&[0xC0, 1, 0x56]), VISA), None);
    }

    #[test]
    fn names_read_as_they_are_written() {
        for kernel in [KernelId::C2, KernelId::C7, KernelId::Domestic([0x81, 0x01, 0x56])] {
            assert_eq!(KernelId::from_name(&kernel.to_string()), Some(kernel));
        }
        assert_eq!(KernelId::from_name("C-0"), None);
        assert_eq!(KernelId::from_name("010203"), None);
    }
}
