//! The candidate list of combination selection, and which of them comes first (`EMV Contactless Book B, 3.3.2.5` and
//! `3.3.3`).

use alloc::vec::Vec;

use apdu::tag;

use super::{
    combination::{Combination, Contactless},
    directory::Entry,
    kernel_id::requested,
    pre_process::{PreProcessed, nothing_allowed},
};
use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    terminal::Terminal,
    transaction::Transaction,
};

/// A directory entry and a combination that fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The directory entry.
    pub entry: Entry,
    /// Its place in the directory.
    pub place: usize,
    /// Which of the pre-processed combinations, as an index.
    pub combination: usize,
}

impl Candidate {
    /// The name to select: with the card's extension, where the reader is to use it and it fits.
    pub fn name(&self, combination: &Combination) -> Vec<u8> {
        let mut name = self.entry.name.clone();
        let extension = self.entry.extended_selection.as_deref();
        let extension = extension.filter(|_| combination.extended_selection == Some(true)).unwrap_or(&[]);
        if name.len().saturating_add(extension.len()) <= 16 {
            name.extend_from_slice(extension);
        }
        name
    }
}

/// Every pair of an allowed combination and a directory entry that fit.
pub fn candidates(contactless: &Contactless, pre_processed: &[PreProcessed], entries: &[Entry]) -> Vec<Candidate> {
    let allowed = pre_processed.iter().enumerate().filter(|(_, one)| one.indicators.not_allowed.is_none());
    let mut found: Vec<Candidate> = allowed
        .flat_map(|(at, one)| {
            let combination = contactless.combinations.get(one.combination);
            let fits =
                move |(_, entry): &(usize, &Entry)| combination.is_some_and(|with| fits(with, entry, contactless));
            let entries = entries.iter().enumerate().filter(fits);
            entries.map(move |(place, entry)| Candidate { entry: entry.clone(), place, combination: at })
        })
        .collect();
    // Equals stay in the order of the directory, and sorting is stable, so combinations stay in that of the terminal.
    found.sort_by_key(|candidate| (rank(candidate.entry.priority), candidate.place));
    found
}

fn fits(combination: &Combination, entry: &Entry, contactless: &Contactless) -> bool {
    is_named(combination, entry)
        && requested(entry.kernel_identifier.as_deref(), &combination.aid, contactless.book_version)
            .is_some_and(|requested| requested.allows(combination.kernel))
}

fn is_named(combination: &Combination, entry: &Entry) -> bool {
    entry.name.starts_with(&combination.aid)
}

/// 1 is best; none comes last.
fn rank(priority: u8) -> u8 {
    if priority == 0 { 16 } else { priority }
}

/// Why there is no candidate, although the card has a directory: a combination that would fit is not allowed for this
/// amount, or none has the kernel that is asked for, or none has such an AID.
pub fn none_found(
    terminal: &Terminal,
    transaction: &Transaction,
    pre_processed: &[PreProcessed],
    entries: &[Entry],
) -> Finding {
    let contactless = &terminal.contactless;
    let combination = |one: &PreProcessed| contactless.combinations.get(one.combination);
    let over = |one: &&PreProcessed| {
        combination(one).is_some_and(|with| entries.iter().any(|entry| fits(with, entry, contactless)))
    };
    if let Some(refused) = pre_processed.iter().find(over) {
        return nothing_allowed(terminal, transaction, core::slice::from_ref(refused));
    }
    let known = |with: &Combination| entries.iter().find(|entry| is_named(with, entry)).cloned();
    let known = pre_processed.iter().find_map(|one| combination(one).and_then(|with| Some((with, known(with)?))));
    if let Some((with, entry)) = known {
        let asked = entry.kernel_identifier.unwrap_or_default();
        let evidence = Evidence::compared(Fact::KernelIdentifier, with.kernel.value(), asked.as_slice());
        let name = Evidence::found(Fact::ApplicationId, entry.name.as_slice()).in_tag(tag::ADF_NAME_4F);
        return Finding::new(Reason::EpKernelIdUnsupported)
            .with(evidence.in_tag(tag::KERNEL_IDENTIFIER_9F2A))
            .with(name);
    }
    entries.iter().fold(Finding::new(Reason::EpNoCombination), |finding, entry| {
        finding.with(Evidence::found(Fact::ApplicationId, entry.name.as_slice()).in_tag(tag::ADF_NAME_4F))
    })
}
