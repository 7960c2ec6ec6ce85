//! Files that only their owner reads, whole or not at all.

use std::{
    ffi::OsString,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

/// Writes a new file. Until it is whole it has another name; an existing file is never replaced.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let mut name = OsString::from(".");
    name.push(path.file_name().ok_or(io::ErrorKind::InvalidInput)?);
    name.push(format!(".{}.part", std::process::id()));
    let unfinished = path.with_file_name(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let finished = written.and_then(|()| fs::rename(&unfinished, path));
    finished.inspect_err(|_| drop(fs::remove_file(&unfinished)))
}

/// Whether standard output is a file that only its owner reads.
pub fn is_standard_output() -> bool {
    #[cfg(unix)]
    {
        use std::os::{fd::AsFd, unix::fs::PermissionsExt};
        let file = io::stdout().as_fd().try_clone_to_owned().map(fs::File::from);
        let known = file.and_then(|file| file.metadata());
        known.is_ok_and(|known| known.is_file() && known.permissions().mode() & 0o077 == 0)
    }
    #[cfg(not(unix))]
    false
}
