//! Own scenarios, and what is observed in their recordings when they are taken for somebody else's.

use std::{fs, path::Path};

use emvident::{
    kernel::{
        Outcome, Reason,
        observe::{Observation, Seen, observe},
    },
    readers::trace,
    scenario::Scenario,
};

/// The scenarios of one interface, by name.
pub fn scenarios(interface: &str) -> Vec<(String, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/scenarios");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |file: &std::path::PathBuf| {
        (file.file_stem().unwrap().to_str().unwrap().to_owned(), Scenario::from_file(file).unwrap())
    };
    files.iter().map(read).filter(|(_, scenario)| scenario.transaction.interface == interface).collect()
}

/// What is observed in a recording in which only the bytes between reader and card are left.
pub fn observed(recording: &str, scenario: &Scenario) -> Vec<Observation> {
    let trace = trace::read(recording.as_bytes(), None).unwrap();
    let joined = trace.joined();
    let seen: Vec<Seen<'_>> = joined
        .iter()
        .map(|exchange| Seen {
            number: u32::try_from(*exchange.numbers.start()).unwrap(),
            command: exchange.command.as_bytes(),
            response: exchange.response.as_deref(),
            elapsed: exchange.elapsed.unwrap_or_default(),
        })
        .collect();
    observe(&seen, &scenario.source().unwrap().terminal().unwrap(), None)
}

/// What failed in offline data authentication.
pub fn authentication(outcome: &Outcome) -> Vec<Reason> {
    let reasons = outcome.log.findings.iter().map(|finding| finding.reason);
    reasons.filter(|reason| reason.id().starts_with("oda-")).collect()
}
