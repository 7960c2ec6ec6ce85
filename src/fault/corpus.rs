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
    "ATK-01" "ATK-02" "ATK-03" "ATK-04" "ATK-05" "ATK-06" "ATK-07" "ATK-08" "ATK-09" "ATK-10" "ATK-11" "ATK-12"
    "ATK-13" "ATK-14" "ATK-15" "ATK-16" "ATK-17" "ATK-18" "ATK-19" "ATK-20" "ATK-21" "ATK-22" "ATK-23" "ATK-24"
    "ATK-25" "ATK-26" "ATK-27" "ATK-28" "ATK-29" "ATK-40" "ATK-41" "ATK-42" "ATK-43" "ATK-44" "ATK-45" "ATK-46"
    "ATK-47" "ATK-48" "ATK-49" "ATK-50" "ATK-51" "ATK-52" "ATK-53" "ATK-54" "ATK-55" "ATK-56" "ATK-57" "ATK-58"
    "ATK-59" "ATK-60" "ATK-61" "ATK-62" "ATK-63"
    "CRY-01" "CRY-02" "CRY-03" "CRY-04" "CRY-05" "CRY-06" "CRY-07" "CRY-08" "CRY-09" "CRY-10" "CRY-11" "CRY-12"
    "CRY-13" "CRY-14" "CRY-15" "CRY-16" "CRY-17" "CRY-18" "CRY-19" "CRY-20" "CRY-21" "CRY-22" "CRY-23" "CRY-24"
    "CRY-25" "CRY-26" "CRY-27" "CRY-28" "CRY-29" "CRY-30" "CRY-31" "CRY-32" "CRY-33" "CRY-34" "CRY-35" "CRY-36"
    "CRY-37" "CRY-38" "CRY-39" "CRY-40" "CRY-41" "CRY-42" "CRY-43" "CRY-44" "CRY-45" "CRY-46" "CRY-47" "CRY-48"
    "TLV-01" "TLV-02" "TLV-03" "TLV-04" "TLV-05" "TLV-06" "TLV-07" "TLV-08" "TLV-09" "TLV-10" "TLV-11" "TLV-12"
    "TLV-13" "TLV-14" "TLV-15" "TLV-16" "TLV-17" "TLV-18" "TLV-19" "TLV-20"
    "REC-01" "REC-02" "REC-03" "REC-04" "REC-05" "REC-06" "REC-07" "REC-08"
    "AFL-01" "AFL-02" "AFL-03" "AFL-04" "AFL-05" "AFL-06" "AFL-07" "AFL-08" "AFL-09" "AFL-10" "AFL-11" "AFL-12"
    "AIP-01" "AIP-02"
    "DOL-01" "DOL-02" "DOL-03" "DOL-04" "DOL-05" "DOL-06" "DOL-07" "DOL-08" "DOL-09" "DOL-10" "DOL-11" "DOL-12"
    "DOL-13" "DOL-14"
    "SEL-01" "SEL-02" "SEL-03" "SEL-04" "SEL-05" "SEL-06" "SEL-07" "SEL-08" "SEL-09" "SEL-10"
    "SW-01" "SW-02" "SW-03" "SW-04" "SW-05" "SW-06" "SW-07" "SW-08" "SW-09" "SW-10"
    "GAC-01" "GAC-02" "GAC-03" "GAC-04" "GAC-05" "GAC-06" "GAC-07" "GAC-08" "GAC-09"
    "CVM-01" "CVM-02" "CVM-03" "CVM-04" "CVM-05" "CVM-06" "CVM-07" "CVM-08" "CVM-09"
    "TRM-01" "TRM-02" "TRM-03"
    "TAA-01" "TAA-02" "TAA-03" "TAA-04"
    "T0-01" "T0-02" "T0-03" "T0-04" "T0-05" "T0-06" "T0-07" "T0-08" "T0-09" "T0-10"
    "PCSC-01" "PCSC-02" "PCSC-03" "PCSC-04" "PCSC-05" "PCSC-06" "PCSC-07" "PCSC-08" "PCSC-09" "PCSC-10" "PCSC-11"
    "PCSC-12" "PCSC-13" "PCSC-14"
    "CL-01" "CL-02" "CL-03" "CL-04"
    "HOST-01" "HOST-02" "HOST-03" "HOST-04" "HOST-05"
    "CFG-01" "CFG-02" "CFG-03" "CFG-04" "CFG-05" "CFG-06" "CFG-07" "CFG-08" "CFG-09" "CFG-10"
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
