//! The candidate list of combination selection, and which of them comes first (`EMV Contactless Book B, 3.3.2.5` and
//! `3.3.3`).

use alloc::vec::Vec;

use super::{
    combination::{Combination, Contactless},
    directory::Entry,
    kernel_id::requested,
    pre_process::PreProcessed,
};
use crate::finding::{Evidence, Fact, Finding, Reason};

/// A directory entry and a combination that fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The directory entry.
    pub entry: Entry,
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
            let fits = move |entry: &&Entry| combination.is_some_and(|with| fits(with, entry, contactless));
            entries.iter().filter(fits).map(move |entry| Candidate { entry: entry.clone(), combination: at })
        })
        .collect();
    // Sorting is stable, so that equals stay in the order of the directory, and combinations in that of the terminal.
    let place = |candidate: &Candidate| entries.iter().position(|entry| *entry == candidate.entry);
    found.sort_by_key(|candidate| (rank(candidate.entry.priority), place(candidate)));
    found
}

fn fits(combination: &Combination, entry: &Entry, contactless: &Contactless) -> bool {
    (5..=16).contains(&entry.name.len())
        && entry.name.starts_with(&combination.aid)
        && requested(entry.kernel_identifier.as_deref(), &combination.aid, contactless.book_version)
            .is_some_and(|requested| requested.allows(combination.kernel))
}

/// 1 is best; none comes last.
fn rank(priority: u8) -> u8 {
    if priority == 0 { 16 } else { priority }
}

/// Why there is no candidate, although the card has a directory.
pub fn none_found(contactless: &Contactless, pre_processed: &[PreProcessed], entries: &[Entry]) -> Finding {
    let known = |entry: &&Entry| {
        let combinations = pre_processed.iter().filter_map(|one| contactless.combinations.get(one.combination));
        combinations.into_iter().any(|combination| entry.name.starts_with(&combination.aid))
    };
    let with_kernel = entries.iter().filter(known).find_map(|entry| entry.kernel_identifier.as_deref());
    if let Some(identifier) = with_kernel {
        let evidence = Evidence::found(Fact::KernelIdentifier, identifier).in_tag(apdu::tag::KERNEL_IDENTIFIER_9F2A);
        return Finding::new(Reason::EpKernelIdUnsupported).with(evidence);
    }
    entries.iter().fold(Finding::new(Reason::EpNoCombination), |finding, entry| {
        finding.with(Evidence::found(Fact::ApplicationId, entry.name.as_slice()).in_tag(apdu::tag::ADF_NAME_4F))
    })
}
