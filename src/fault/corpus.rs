//! The files of the corpus, part of the program.

use super::Entry;
use crate::setup::SetupError;

macro_rules! files {
    ($($id:literal)*) => {
        /// Every id and the text of its file, in the order of the corpus.
        pub const FILES: &[(&str, &str)] =
            &[$(($id, include_str!(concat!("../../vectors/faults/", $id, ".toml"))),)*];
    };
}

files! {
    "ATK-05"
}

/// Every id of the corpus.
///
/// # Errors
/// [`SetupError`] for a file that is wrong; a test sees to it that none is.
pub fn entries() -> Result<Vec<Entry>, SetupError> {
    FILES.iter().map(|(id, text)| Entry::parse(id, text)).collect()
}

/// The entry of one id, upper or lower case.
///
/// # Errors
/// As [`entries`], and [`SetupError::Value`] for an id that is not there.
pub fn entry(id: &str) -> Result<Entry, SetupError> {
    let file = FILES.iter().find(|(known, _)| known.eq_ignore_ascii_case(id));
    let (id, text) = file.ok_or_else(|| SetupError::value("id", id, "an id that `emvident scenarios` lists"))?;
    Entry::parse(id, text)
}
