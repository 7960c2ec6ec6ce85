//! Card transaction qualifiers, tag 9F6C, of kernels 3 and 7 (`EMV Contactless Book C-3, Annex A`).

use crate::bits::{Bit, Bits};

/// Card transaction qualifiers, tag 9F6C.
pub type Ctq = Bits<2>;

/// Online PIN required.
pub const ONLINE_PIN: Bit = Bit::new(1, 8);
/// Signature required.
pub const SIGNATURE: Bit = Bit::new(1, 7);
/// Go online when offline data authentication fails and the reader is online capable.
pub const ONLINE_IF_ODA_FAILS: Bit = Bit::new(1, 6);
/// Change the interface when offline data authentication fails and the reader has contacts.
pub const OTHER_INTERFACE_IF_ODA_FAILS: Bit = Bit::new(1, 5);
/// Go online when the application has expired.
pub const ONLINE_IF_EXPIRED: Bit = Bit::new(1, 4);
/// Change the interface for cash (kernel 3).
pub const OTHER_INTERFACE_FOR_CASH: Bit = Bit::new(1, 3);
/// Change the interface for cashback (kernel 3).
pub const OTHER_INTERFACE_FOR_CASHBACK: Bit = Bit::new(1, 2);
/// Consumer device CVM was performed.
pub const CONSUMER_DEVICE_CVM: Bit = Bit::new(2, 8);
/// The card takes issuer updates at the point of sale (kernel 3).
pub const ISSUER_UPDATE: Bit = Bit::new(2, 7);
