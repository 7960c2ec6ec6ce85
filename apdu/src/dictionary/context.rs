//! Where a tag's meaning holds.

use super::{Entry, amex, discover, download, emv, jcb, kernel8, mastercard, unionpay, visa};

/// Where a tag's meaning holds: all of EMV, one payment system's cards and kernel, or a parameter download.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// All of EMV.
    #[default]
    Emv,
    /// Visa, and the kernel of Book C-3.
    Visa,
    /// Mastercard, and the kernel of Book C-2.
    Mastercard,
    /// UnionPay and PBOC, and the kernel of Book C-7.
    UnionPay,
    /// American Express, and the kernel of Book C-4.
    Amex,
    /// JCB, and the kernel of Book C-5.
    Jcb,
    /// Discover, and the kernel of Book C-6.
    Discover,
    /// The kernel of Book C-8.
    Kernel8,
    /// Terminal parameters and CA keys as a Chinese acquirer's host downloads them.
    Download,
}

impl Context {
    /// Every context.
    pub const ALL: [Self; 9] = [
        Self::Emv,
        Self::Visa,
        Self::Mastercard,
        Self::UnionPay,
        Self::Amex,
        Self::Jcb,
        Self::Discover,
        Self::Kernel8,
        Self::Download,
    ];

    /// The context of an application, by the registered identifier its AID starts with.
    pub fn from_aid(aid: &[u8]) -> Self {
        match aid {
            [0xA0, 0x00, 0x00, 0x00, 0x03, ..] => Self::Visa,
            // The second one is that of domestic Maestro.
            [0xA0, 0x00, 0x00, 0x00, 0x04 | 0x05, ..] => Self::Mastercard,
            [0xA0, 0x00, 0x00, 0x03, 0x33, ..] => Self::UnionPay,
            [0xA0, 0x00, 0x00, 0x00, 0x25, ..] => Self::Amex,
            [0xA0, 0x00, 0x00, 0x00, 0x65, ..] => Self::Jcb,
            [0xA0, 0x00, 0x00, 0x01, 0x52, ..] | [0xA0, 0x00, 0x00, 0x03, 0x24, ..] => Self::Discover,
            _ => Self::Emv,
        }
    }

    pub(super) fn table(self) -> &'static [Entry] {
        match self {
            Self::Emv => emv::TABLE,
            Self::Visa => visa::TABLE,
            Self::Mastercard => mastercard::TABLE,
            Self::UnionPay => unionpay::TABLE,
            Self::Amex => amex::TABLE,
            Self::Jcb => jcb::TABLE,
            Self::Discover => discover::TABLE,
            Self::Kernel8 => kernel8::TABLE,
            Self::Download => download::TABLE,
        }
    }
}
