//! Writing a transcript.

use std::{fmt, time::Duration};

use super::{Configuration, FORMAT, Header, Line, Transcript, fault_name, text::write_key, text::write_text};
use crate::notation::{ShownResponse, write_hex};

/// Header keys with a meaning of their own.
pub(super) const TERMINAL: &str = "terminal";
pub(super) const TERMINAL_HASH: &str = "terminal-hash";
pub(super) const ATR: &str = "atr";
pub(super) const PIN_PAD: &str = "pin-pad";
const RESERVED: [&str; 4] = [TERMINAL, TERMINAL_HASH, ATR, PIN_PAD];

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FORMAT}")?;
        self.header.fmt(f)?;
        writeln!(f)?;
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for comment in &self.comments {
            writeln!(f, "{}", Line::Comment(comment.clone()))?;
        }
        self.configuration.as_ref().map_or(Ok(()), |configuration| configuration.fmt(f))?;
        if !self.atr.is_empty() {
            write!(f, "{ATR}: ")?;
            write_hex(f, &self.atr)?;
            writeln!(f)?;
        }
        if self.pin_pad {
            writeln!(f, "{PIN_PAD}: yes")?;
        }
        self.parameters.iter().try_for_each(|(key, value)| {
            write_key(f, key, &RESERVED)?;
            write_value(f, value)
        })
    }
}

impl fmt::Display for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(TERMINAL)?;
        write_value(f, &self.name)?;
        f.write_str(TERMINAL_HASH)?;
        write_value(f, &self.hash)?;
        let Some(text) = &self.text else { return Ok(()) };
        text.split('\n').try_for_each(|line| {
            f.write_str("|")?;
            write_text(f, line)?;
            writeln!(f)
        })
    }
}

fn write_value(f: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    f.write_str(":")?;
    write_text(f, value)?;
    writeln!(f)
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(command) => write!(f, "> {command}"),
            Self::PinPad(request) => {
                let time = Time(request.timeout);
                write!(f, "% {} {} {time}", request.min_digits, request.max_digits)
            }
            Self::Response(exchange) => write!(f, "< {} {}", ShownResponse(exchange), Time(exchange.elapsed)),
            Self::Fault(fault) => write!(f, "! {}", fault_name::name(*fault)),
            Self::Question(text) => write_marked(f, "?", text),
            Self::Answer(text) => write_marked(f, "=", text),
            Self::Notice(text) => write_marked(f, ":", text),
            Self::Comment(text) => write_marked(f, "#", text),
        }
    }
}

fn write_marked(f: &mut fmt::Formatter<'_>, mark: &str, text: &str) -> fmt::Result {
    f.write_str(mark)?;
    write_text(f, text)
}

/// Whole microseconds.
struct Time(Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}us", whole_micros(self.0).as_micros())
    }
}

/// As much of a time as a transcript keeps.
pub(crate) fn whole_micros(time: Duration) -> Duration {
    Duration::from_micros(u64::try_from(time.as_micros()).unwrap_or(u64::MAX))
}
