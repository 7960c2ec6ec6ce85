//! Whether the smart-card service writes PINs to its log.

use std::{fs, path::Path};

/// Options of the daemon that take a value, which is not to be read as more options.
const WITH_VALUE: [char; 4] = ['c', 't', 's', 'r'];

/// Whether a smart-card daemon of this machine runs with an option that writes every command, and so every PIN, to its
/// log. Where processes cannot be listed, the answer is no.
pub fn service_logs_commands() -> bool {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok()).any(|line| logs_commands(&line))
}

/// Reads a command line whose words end with zero bytes.
fn logs_commands(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line);
    let mut words = line.split('\0');
    let program = words.next().and_then(|program| Path::new(program).file_name());
    program.is_some_and(|program| program == "pcscd") && words.any(logs)
}

fn logs(word: &str) -> bool {
    match word.strip_prefix('-') {
        Some("-apdu" | "-debug") => true,
        Some(long) if long.starts_with('-') => false,
        Some(letters) => {
            letters.chars().take_while(|letter| !WITH_VALUE.contains(letter)).any(|l| matches!(l, 'a' | 'd'))
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_daemon_that_logs_commands_is_noticed() {
        let cases = [
            ("/usr/sbin/pcscd --foreground --apdu", true),
            ("pcscd -fa", true),
            ("pcscd -d", true),
            ("pcscd --debug", true),
            ("pcscd --foreground --info --config /adapter", false),
            ("pcscd --auto-exit", false),
            ("pcscd -f -c/data", false),
            ("vi --debug pcscd", false),
            ("", false),
        ];
        for (line, expected) in cases {
            assert_eq!(logs_commands(line.replace(' ', "\0").as_bytes()), expected, "{line}");
        }
    }
}
