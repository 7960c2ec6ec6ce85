//! Choosing a reader by a part of its name.

use apdu::Fault;

use super::Reader;

/// Why no reader could be chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChooseError {
    /// The readers could not be listed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// No reader has such a name.
    #[error("no reader's name contains \"{part}\"; readers found: {}", found.join(", "))]
    Unknown {
        /// The part asked for.
        part: String,
        /// The names of the readers there are.
        found: Vec<String>,
    },
    /// Several readers would do.
    #[error("more than one reader would do, name one of them: {}", found.join(", "))]
    Ambiguous {
        /// The names of the readers that would do.
        found: Vec<String>,
    },
}

impl ChooseError {
    /// The reason of the diagnosis catalogue.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Fault(fault) => *fault,
            Self::Unknown { .. } | Self::Ambiguous { .. } => Fault::UnknownReader,
        }
    }
}

pub(super) fn choose(mut readers: Vec<Reader>, part: Option<&str>) -> Result<Reader, ChooseError> {
    let all: Vec<_> = readers.iter().map(Reader::name).collect();
    if let Some(part) = part {
        readers = matching(readers, part);
    }
    let found = readers.iter().map(Reader::name).collect();
    match (readers.pop(), readers.is_empty(), part) {
        (Some(only), true, _) => Ok(only),
        (None, _, part) => Err(ChooseError::Unknown { part: part.unwrap_or_default().to_owned(), found: all }),
        _ => Err(ChooseError::Ambiguous { found }),
    }
}

fn matching(readers: Vec<Reader>, part: &str) -> Vec<Reader> {
    let part = part.to_lowercase();
    let (exact, others): (Vec<_>, Vec<_>) =
        readers.into_iter().partition(|reader| reader.name().to_lowercase() == part);
    if exact.is_empty() {
        others.into_iter().filter(|reader| reader.name().to_lowercase().contains(&part)).collect()
    } else {
        exact
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["Gemalto PC Twin 00 00", "ACS ACR1281 00 00", "ACS ACR1281 00 01"];

    fn chosen(part: Option<&str>, names: &[&str]) -> Result<String, ChooseError> {
        let readers = names.iter().map(|name| Reader(std::ffi::CString::new(*name).unwrap())).collect();
        choose(readers, part).map(|reader| reader.name())
    }

    #[test]
    fn a_part_in_any_case_is_enough() {
        assert_eq!(chosen(Some("twin"), &NAMES).unwrap(), NAMES[0]);
        assert_eq!(chosen(Some("ACR1281 00 01"), &NAMES).unwrap(), NAMES[2]);
    }

    #[test]
    fn the_only_reader_needs_no_name() {
        assert_eq!(chosen(None, &NAMES[..1]).unwrap(), NAMES[0]);
    }

    #[test]
    fn an_equal_name_wins_over_longer_ones() {
        assert_eq!(chosen(Some("Reader"), &["Reader 2", "Reader"]).unwrap(), "Reader");
    }

    #[test]
    fn an_unknown_part_lists_every_reader() {
        let error = chosen(Some("omnikey"), &NAMES).unwrap_err();
        assert_eq!(error.fault(), Fault::UnknownReader);
        assert_eq!(
            error.to_string(),
            "no reader's name contains \"omnikey\"; readers found: \
             Gemalto PC Twin 00 00, ACS ACR1281 00 00, ACS ACR1281 00 01"
        );
    }

    #[test]
    fn several_matches_are_listed_and_none_is_taken() {
        let error = chosen(Some("acs"), &NAMES).unwrap_err();
        assert_eq!(error, ChooseError::Ambiguous { found: vec![NAMES[1].to_owned(), NAMES[2].to_owned()] });
        assert!(matches!(chosen(None, &NAMES), Err(ChooseError::Ambiguous { found }) if found.len() == 3));
    }
}
