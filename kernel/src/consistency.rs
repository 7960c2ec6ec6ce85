//! Whether what a card says fits together. EMV lets all of this pass, and so does the kernel: a finding here is worth
//! knowing and changes nothing by itself. Each check has a table with its source, and stays silent about what it does not
//! know for certain: an honest card that is unusual is more frequent than an attack.

pub mod authentication;
pub mod cvr;
pub mod device;
pub mod history;
pub mod iin;
pub mod injected;
pub mod interface;
pub mod latency;
pub mod lists;
pub mod script;

use alloc::vec::Vec;

use crate::{finding::Finding, outcome::Outcome, session::Log};

/// What can be said when the transaction is over, of everything the card gave. Checks whose place is in a box of the charts
/// are made there.
pub(crate) fn at_the_end(out: &Outcome, log: &Log) -> Vec<Finding> {
    let last = out.tap.as_ref().and_then(|tap| tap.activations.last());
    let kernel = last.map(|activation| activation.kernel);
    let wire = if out.tap.is_some() { latency::Wire::Air } else { latency::Wire::Contacts };
    let mut findings: Vec<Finding> = authentication::check(&out.card).into_iter().collect();
    findings.extend(lists::check(&out.card));
    findings.extend(injected::check(log));
    findings.extend(kernel.and_then(|kernel| interface::check(kernel, out)));
    findings.extend(kernel.into_iter().flat_map(|kernel| device::check(kernel, out)));
    findings.extend(latency::check(log, wire));
    findings
}

#[cfg(test)]
mod tests;
