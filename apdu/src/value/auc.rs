//! Application usage control, tag 9F07 (`EMV 4.4 Book 3, Annex C2`).

use crate::bits::{Bit, Bits};

/// Application usage control, tag 9F07.
pub type Auc = Bits<2>;

/// Valid for domestic cash transactions.
pub const DOMESTIC_CASH: Bit = Bit::new(1, 8);
/// Valid for international cash transactions.
pub const INTERNATIONAL_CASH: Bit = Bit::new(1, 7);
/// Valid for domestic goods.
pub const DOMESTIC_GOODS: Bit = Bit::new(1, 6);
/// Valid for international goods.
pub const INTERNATIONAL_GOODS: Bit = Bit::new(1, 5);
/// Valid for domestic services.
pub const DOMESTIC_SERVICES: Bit = Bit::new(1, 4);
/// Valid for international services.
pub const INTERNATIONAL_SERVICES: Bit = Bit::new(1, 3);
/// Valid at ATMs.
pub const AT_ATMS: Bit = Bit::new(1, 2);
/// Valid at terminals other than ATMs.
pub const AT_OTHER_TERMINALS: Bit = Bit::new(1, 1);
/// Domestic cashback allowed.
pub const DOMESTIC_CASHBACK: Bit = Bit::new(2, 8);
/// International cashback allowed.
pub const INTERNATIONAL_CASHBACK: Bit = Bit::new(2, 7);
