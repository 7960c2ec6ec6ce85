//! `emvident replay`: a recorded transaction again.

use std::process::ExitCode;

use emvident::{
    readers::Transcript,
    run,
    setup::{self, TerminalSource},
};

use super::pay::finish;
use crate::{
    arguments::Replay,
    console::{Console, say},
    failure::Failure,
};

/// Runs the recording again and reports; says where it took another way than recorded.
pub fn run(arguments: &Replay, console: &Console) -> Result<ExitCode, Failure> {
    let text = setup::read_file(&arguments.file).map_err(Failure::usage)?;
    let wrong = |problem: String| Failure::Usage(format!("{}: {problem}", arguments.file.display()));
    let transcript = Transcript::parse(&text).map_err(|error| wrong(error.to_string()))?;
    let recorded = run::recorded_source(&transcript.header);
    let mut source = match &arguments.terminal {
        Some(path) => TerminalSource {
            card_keys: recorded.is_ok_and(|source| source.card_keys),
            ..TerminalSource::from_file(path).map_err(Failure::usage)?
        },
        None => recorded.map_err(|error| wrong(error.to_string()))?,
    };
    source.card_keys &= !arguments.without_card_keys;
    let replay = run::replay_with(&transcript, &source);
    let replay = replay.map_err(|error| wrong(error.to_string()))?;
    if let Some(difference) = &replay.difference {
        say(&format!("The transaction took another way than recorded: {difference}"));
    } else if !replay.complete {
        say("The recording goes on after the end of this transaction.");
    }
    finish(&replay.run, console)
}
