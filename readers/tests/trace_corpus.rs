//! The recorded sessions of the corpus, which is no part of the repository: all of them are read, whole.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test stops at what is wrong"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use emvident_readers::trace::{self, Format};

/// The folder of sessions, if it is there.
fn sessions() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let corpus = env::var_os("EMVIDENT_CORPUS").map_or_else(beside, PathBuf::from);
    Some(corpus.join("sessions")).filter(|folder| folder.is_dir())
}

#[test]
fn every_session_is_read_whole() {
    let Some(folder) = sessions() else {
        eprintln!(
            "\n*** NO CORPUS: nothing was tested. Put it beside the repository as shared/corpus, or set EMVIDENT_CORPUS. ***\n"
        );
        return;
    };
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read(&path).unwrap();
        let session: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let trace = trace::read(&text, None).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(trace.format, Format::Json);
        let expected = session["exchanges"].as_array().unwrap();
        assert_eq!(trace.exchanges.len(), expected.len(), "{}", path.display());
        assert_eq!(trace.skipped.total(), 0, "{}", path.display());
        for (exchange, expected) in trace.exchanges.iter().zip(expected) {
            assert_eq!(hex::encode_upper(exchange.command.as_bytes()), expected["c"].as_str().unwrap());
            assert_eq!(hex::encode_upper(exchange.response.as_deref().unwrap()), expected["r"].as_str().unwrap());
        }
        // The same session as a log gives the same exchanges.
        let bare: String = expected
            .iter()
            .map(|pair| format!("{}\n{}\n", pair["c"].as_str().unwrap(), pair["r"].as_str().unwrap()))
            .collect();
        let log = trace::read(bare.as_bytes(), None).unwrap();
        let same = log
            .exchanges
            .iter()
            .zip(&trace.exchanges)
            .all(|(one, other)| (&one.command, &one.response) == (&other.command, &other.response));
        assert!(same && log.exchanges.len() == expected.len(), "{}: {:?}", path.display(), log.skipped);
        count += 1;
    }
    assert!(count > 0, "the corpus has no sessions");
}
