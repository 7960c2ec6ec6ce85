//! `emvident stripe`: what a magnetic stripe says, and whether a terminal must refuse it.

use std::{
    io::{self, IsTerminal as _, Read as _},
    process::ExitCode,
};

use emvident::{
    apdu::value::{Date, Pan, Track2},
    kernel::Reason,
    stripe::{Circumstances, Region, Track, is_test_number, judge},
    text::Text,
};
use jiff::Zoned;
use zeroize::Zeroizing;

use super::explain;
use crate::{
    arguments::Stripe,
    console::{Console, say},
    failure::Failure,
};

/// More is no track.
const MOST: u64 = 4096;

/// Three tracks and tag 57.
const MOST_LINES: usize = 4;

/// What takes the place of a track on the command line.
const STANDARD_INPUT: &str = "-";

const ON_COMMAND_LINE: &str = "only test card numbers may stand on the command line: the shell's history keeps it, and \
     every user of this computer can see it. Give the track of a real card on standard input.";

/// Judges the stripe: status 0 when nothing is against it, 1 when it must be refused.
pub fn run(arguments: &Stripe, console: &Console) -> Result<ExitCode, Failure> {
    let mut circumstances = circumstances(arguments)?;
    let given = Given::new(arguments)?;
    circumstances.chip = given.chip.as_ref().map(|chip| track_57(chip)).transpose()?;
    let track = Track::read(&given.track);
    refuse_real_numbers(arguments, &track, circumstances.chip.as_ref())?;
    let verdict = judge(&track, &circumstances);
    let text = Text::new(console.language);
    console.print(&if console.json { verdict.json(&text) } else { verdict.text(&text, console.colour) })?;
    Ok(if verdict.must_refuse() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn circumstances(arguments: &Stripe) -> Result<Circumstances, Failure> {
    let date = match arguments.date {
        Some(date) => date,
        None => today()?,
    };
    Ok(Circumstances {
        after: arguments.after,
        region: arguments.country,
        unattended: arguments.unattended,
        cash: arguments.cash,
        ..Circumstances::on(date)
    })
}

fn today() -> Result<Date, Failure> {
    explain::date(&Zoned::now().strftime("%Y-%m-%d").to_string()).map_err(|_| Failure::usage("--date is needed"))
}

/// The track and the chip's data, from the command line or standard input. Both are wiped when they are no longer needed.
struct Given {
    track: Zeroizing<String>,
    chip: Option<Zeroizing<String>>,
}

impl Given {
    fn new(arguments: &Stripe) -> Result<Self, Failure> {
        let chip = arguments.chip_57.as_deref();
        let (track_is_here, chip_is_here) = (is_here(arguments.track.as_deref()), is_here(chip));
        let mut lines = if track_is_here && (chip_is_here || chip.is_none()) { Vec::new() } else { input()? };
        let chip = match chip {
            Some(STANDARD_INPUT) => Some(lines.pop().ok_or_else(|| missing("tag 57"))?),
            chip => chip.map(|chip| Zeroizing::new(chip.to_owned())),
        };
        let track = match arguments.track.as_deref().filter(|track| *track != STANDARD_INPUT) {
            Some(track) => Zeroizing::new(track.to_owned()),
            None => one_line(&lines)?,
        };
        Ok(Self { track, chip })
    }
}

fn is_here(argument: Option<&str>) -> bool {
    argument.is_some_and(|argument| argument != STANDARD_INPUT)
}

/// The lines of standard input that are not empty.
fn input() -> Result<Vec<Zeroizing<String>>, Failure> {
    let mut input = Zeroizing::new(String::with_capacity(usize::try_from(MOST).unwrap_or_default()));
    if io::stdin().is_terminal() {
        say("Swipe the card, or type track 2; then an empty line. Nothing is shown.");
        for _ in 0..MOST_LINES {
            let line = hidden_line().map_err(Failure::usage)?;
            if line.trim().is_empty() {
                break;
            }
            input.push_str(&line);
            input.push('\n');
        }
    } else {
        io::stdin().take(MOST).read_to_string(&mut input).map_err(Failure::usage)?;
    }
    let lines = input.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.map(|line| Zeroizing::new(line.to_owned())).collect())
}

#[cfg(feature = "pcsc")]
fn hidden_line() -> io::Result<Zeroizing<String>> {
    rpassword::read_password().map(Zeroizing::new)
}

#[cfg(not(feature = "pcsc"))]
fn hidden_line() -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    io::stdin().read_line(&mut line).map(|_| line)
}

/// The line of a reader; one that prints each track on its own line begins each with a sentinel.
fn one_line(lines: &[Zeroizing<String>]) -> Result<Zeroizing<String>, Failure> {
    let tracks = lines.iter().skip(1).all(|line| line.starts_with(['%', ';', '+']));
    match lines {
        [] => Err(missing("track 2")),
        _ if tracks => Ok(Zeroizing::new(lines.iter().map(|line| line.as_str()).collect())),
        _ => Err(Failure::usage("standard input: one card at a time; this is more than one line")),
    }
}

fn missing(what: &str) -> Failure {
    Failure::Usage(format!("standard input: {what} is missing"))
}

/// Never says what stands there.
fn track_57(hexadecimal: &str) -> Result<Track2, Failure> {
    let bytes = hex::decode(hexadecimal).map(Zeroizing::new);
    let bytes = bytes.map_err(|_| Failure::usage("--chip-57: hexadecimal digits needed"))?;
    Track2::from_bytes(&bytes).map_err(|error| Failure::Usage(format!("--chip-57: {error}")))
}

/// A number that cannot be read may be a real one.
fn refuse_real_numbers(arguments: &Stripe, track: &Track, chip: Option<&Track2>) -> Result<(), Failure> {
    let refuse = |number: Option<&Pan>| match number.is_some_and(is_test_number) {
        true => Ok(()),
        false => Err(Failure::usage(ON_COMMAND_LINE)),
    };
    if is_here(arguments.track.as_deref()) {
        refuse(track.number.as_ref())?;
    }
    if is_here(arguments.chip_57.as_deref()) {
        refuse(chip.map(|chip| &chip.pan))?;
    }
    Ok(())
}

/// A reason of the catalogue.
pub fn reason(id: &str) -> Result<Reason, String> {
    Reason::from_id(id).ok_or_else(|| "no reason of the catalogue, such as card-no-atr or gpo-sw".to_owned())
}

/// A country.
pub fn country(code: &str) -> Result<Region, String> {
    Region::from_country(code).ok_or_else(|| "a country needed, such as CN or 156".to_owned())
}
