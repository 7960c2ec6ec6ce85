//! A card in a real reader, and what to say when there is none.

/// The answer of a program built without PC/SC.
#[cfg(not(feature = "pcsc"))]
pub fn without_pcsc() -> crate::failure::Failure {
    crate::failure::Failure::Reader(
        "This emvident was built without PC/SC, so it reaches no card reader.\n\
         Install libpcsclite-dev, pkg-config and pcscd, then: cargo install --path . --features pcsc\n\
         Software cards work without: emvident pay --card cda"
            .to_owned(),
    )
}

#[cfg(feature = "pcsc")]
pub use with_pcsc::{failure, field, open};

#[cfg(feature = "pcsc")]
mod with_pcsc {
    use std::time::Duration;

    use apdu::Fault;
    use emvident::{
        kernel::session::reason_of,
        readers::pcsc::{ChooseError, Field, PcscCard, Reader, Readers, service_logs_commands},
    };

    use crate::{
        console::{Console, say},
        failure::Failure,
    };

    /// How long to wait for a card.
    const INSERTION: Duration = Duration::from_secs(60);
    /// How long another program may look at a new card.
    const PATIENCE: Duration = Duration::from_secs(2);

    /// A fault with its reason and remedy, as the reports say them.
    pub fn failure(fault: Fault, console: &Console) -> Failure {
        let reason = reason_of(fault);
        let texts = emvident::text::reason(reason, console.language);
        Failure::Reader(format!("{fault} ({})\n{}", reason.id(), texts))
    }

    /// Opens the card in the reader whose name contains `part`, waiting for it to be inserted.
    pub fn open(part: &str, console: &Console) -> Result<PcscCard, Failure> {
        let failed = |fault| failure(fault, console);
        let (readers, reader) = choose(part, console)?;
        if readers.wait_for_card(&reader, Some(Duration::ZERO), || false).is_err() {
            say(&format!("Insert a card into {reader}."));
            readers.wait_for_card(&reader, Some(INSERTION), || false).map_err(failed)?;
        }
        warn_of_logging();
        readers.open(&reader, PATIENCE).map_err(failed)
    }

    /// The field of the contactless reader whose name contains `part`; nothing is in it yet.
    pub fn field(part: &str, console: &Console) -> Result<Field, Failure> {
        let (readers, reader) = choose(part, console)?;
        warn_of_logging();
        Ok(Field::new(readers, reader, INSERTION))
    }

    fn choose(part: &str, console: &Console) -> Result<(Readers, Reader), Failure> {
        let failed = |fault| failure(fault, console);
        let readers = Readers::connect().map_err(failed)?;
        let reader = readers.choose(Some(part)).map_err(|error| match error {
            ChooseError::Fault(fault) => failed(fault),
            other => Failure::Reader(other.to_string()),
        })?;
        Ok((readers, reader))
    }

    /// A PC/SC service in debug mode writes every command into its log, PINs included.
    fn warn_of_logging() {
        if service_logs_commands() {
            say("Warning: pcscd runs with --debug or --apdu and writes every command, PINs included, into its log.");
        }
    }
}
