//! Whether what a card says fits together. EMV lets all of this pass, and so does the kernel: a finding here is worth
//! knowing and changes nothing by itself. Each check has a table with its source, and stays silent about what it does not
//! know for certain: an honest card that is unusual is more frequent than an attack.

pub mod cvr;
pub mod device;
pub mod iin;
pub mod script;
