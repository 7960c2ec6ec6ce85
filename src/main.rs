//! The program `emvident`: one file per sub-command, no logic of its own.

mod arguments;
mod command;
mod console;
mod failure;
#[cfg(feature = "pcsc")]
mod people;
mod reader;

use std::process::ExitCode;

use clap::{Parser, error::ErrorKind};

use arguments::{Arguments, Command};
use command::{
    batch, cards, completions, conformance, decode, diff, explain, export, keys, lint, man, pay, read, readers, replay,
    scenario, scenarios, serve, stripe, tap,
};
use console::{Console, say};
use failure::Failure;

fn main() -> ExitCode {
    keep_payloads_out_of_panics();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return explain_usage(&error),
    };
    let console = Console::new(&arguments);
    run(arguments.command, &console).unwrap_or_else(|failure| {
        if !matches!(failure, Failure::NobodyListens) {
            say(&format!("emvident: {failure}"));
        }
        failure.status()
    })
}

fn run(command: Command, console: &Console) -> Result<ExitCode, Failure> {
    match command {
        Command::Readers => readers::run(console),
        Command::Cards => cards::run(console),
        Command::Conformance => conformance::run(console),
        Command::Read(arguments) => read::run(&arguments, console),
        Command::Pay(arguments) => return pay::run(&arguments, console),
        Command::Tap(arguments) => return tap::run(&arguments, console),
        Command::Batch(arguments) => return batch::run(&arguments, console),
        Command::Decode(arguments) => return decode::run(&arguments, console),
        Command::Diff(arguments) => return diff::run(&arguments, console),
        Command::Explain(arguments) => return explain::run(&arguments, console),
        Command::Export(arguments) => return export::run(&arguments, console),
        Command::Stripe(arguments) => return stripe::run(&arguments, console),
        Command::Lint(arguments) => return lint::run(&arguments, console),
        Command::Replay(arguments) => return replay::run(&arguments, console),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Keys(arguments) => keys::run(&arguments, console),
        Command::Scenario(arguments) => scenario::run(&arguments, console),
        Command::Scenarios(arguments) => scenarios::run(&arguments, console),
        Command::Completions { shell } => completions::run(shell, console),
        Command::Man { folder } => man::run(&folder),
    }
    .map(|()| ExitCode::SUCCESS)
}

/// Help goes to standard output and is a success; wrong usage is status 3, not clap's 2.
fn explain_usage(error: &clap::Error) -> ExitCode {
    // There is nobody to tell when the terminal is gone.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(3),
    }
}

/// A panic says where, never with what data.
fn keep_payloads_out_of_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        say(&format!("emvident: internal error at {place}. Please report it."));
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{env, process};

    const PRIVATE: &str = "4761739284605171";

    #[test]
    #[ignore = "it is run by the next one, in a process of its own"]
    fn panics() {
        keep_payloads_out_of_panics();
        panic!("the card number is {PRIVATE}");
    }

    #[test]
    fn a_panic_says_where_and_nothing_else() {
        let arguments = ["--exact", "tests::panics", "--ignored", "--nocapture"];
        let output = process::Command::new(env::current_exe().unwrap())
            .args(arguments)
            .env("RUST_BACKTRACE", "full")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(said.contains("internal error at src/main.rs:"), "{said}");
        assert!(!said.contains(PRIVATE), "{said}");
    }
}
