//! PINs and PIN blocks (`EMV 4.4 Book 3, 6.5.12`; ISO 9564-1 formats 0, 2, 3 and 4).

/// ISO 9564-1 block formats an online PIN can leave the terminal in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockFormat {
    /// Format 0: 8 bytes, mixed with the card number.
    Format0,
    /// Format 3: 8 bytes, random filler, mixed with the card number.
    Format3,
    /// Format 4: 16 bytes, AES.
    Format4,
}

/// A PIN of 4 to 12 digits, wiped on drop.
pub struct Pin {
    digits: [u8; 12],
    length: u8,
}

/// An enciphered online PIN block.
#[derive(Clone, PartialEq, Eq)]
pub struct OnlinePinBlock {
    /// Its format.
    pub format: BlockFormat,
    /// 8 or 16 enciphered bytes.
    pub bytes: alloc::vec::Vec<u8>,
}
