//! Recordings in files that only their owner reads.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use emvident::readers::Transcript;

use crate::{console::say, failure::Failure};

/// A new file for a recording.
pub struct RecordingFile {
    path: PathBuf,
    file: File,
}

/// Makes the file before the transaction begins: what cannot be kept is not begun. An existing file is never replaced.
pub fn create(path: &Path) -> Result<RecordingFile, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|error| Failure::Usage(format!("--record {}: {error}", path.display())))?;
    Ok(RecordingFile { path: path.to_owned(), file })
}

impl RecordingFile {
    /// Writes the recording.
    pub fn write(mut self, transcript: &Transcript) -> Result<(), Failure> {
        let written = self.file.write_all(transcript.to_string().as_bytes());
        written.map_err(|error| Failure::Usage(format!("--record {}: {error}", self.path.display())))?;
        say(&format!("Recorded in {}. It holds card data: do not share it.", self.path.display()));
        Ok(())
    }
}
