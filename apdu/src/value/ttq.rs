//! Terminal transaction qualifiers, tag 9F66 (`EMV Contactless Book A, 5.7`). UnionPay uses bit 1.7 for its full
//! contactless flow.

use crate::bits::{Bit, Bits};

/// Terminal transaction qualifiers, tag 9F66.
pub type Ttq = Bits<4>;

/// Mag-stripe mode supported.
pub const MAG_STRIPE_MODE: Bit = Bit::new(1, 8);
/// Full transaction flow contactless supported (UnionPay).
pub const FULL_FLOW: Bit = Bit::new(1, 7);
/// EMV mode supported.
pub const EMV_MODE: Bit = Bit::new(1, 6);
/// EMV contact chip supported.
pub const CONTACT_CHIP: Bit = Bit::new(1, 5);
/// Offline-only reader.
pub const OFFLINE_ONLY: Bit = Bit::new(1, 4);
/// Online PIN supported.
pub const ONLINE_PIN: Bit = Bit::new(1, 3);
/// Signature supported.
pub const SIGNATURE: Bit = Bit::new(1, 2);
/// Offline data authentication for online authorisations supported.
pub const ODA_FOR_ONLINE: Bit = Bit::new(1, 1);
/// Online cryptogram required.
pub const ONLINE_CRYPTOGRAM_REQUIRED: Bit = Bit::new(2, 8);
/// CVM required.
pub const CVM_REQUIRED: Bit = Bit::new(2, 7);
/// Contact chip offline PIN supported.
pub const CONTACT_OFFLINE_PIN: Bit = Bit::new(2, 6);
/// Issuer update processing supported.
pub const ISSUER_UPDATE: Bit = Bit::new(3, 8);
/// Consumer device CVM supported.
pub const CONSUMER_DEVICE_CVM: Bit = Bit::new(3, 7);
/// fDDA version 1 supported (Visa, UnionPay).
pub const FDDA_VERSION_1: Bit = Bit::new(4, 8);
