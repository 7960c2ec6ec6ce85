//! Hex behind labels.

use super::{Bare, Engine, Found, Kind, Label, Row};
use crate::trace::{
    Error, Reason,
    octets::{self, Ending, Run},
    shape,
};

impl Engine {
    /// The labels of a line, each with the hex behind it.
    pub(super) fn labels(&mut self, row: Row<'_>, first: Found) -> Result<(), Error> {
        let mut current = first;
        loop {
            let run = octets::run(row.text, payload(row.text, current.end), &mut self.found);
            if run.place.end == row.text.len() && run.ending == Ending::Clean && !self.found.is_empty() {
                return self.labelled(row, current);
            }
            let flaw = self.flaw(row.text, &run);
            let next = (self.dialect.find)(row.text, run.place.end.max(current.end));
            let end = next.map_or(row.text.len(), |next| next.start);
            let (run, odd) = octets::longest(row.text.get(current.end..end).unwrap_or(&[]), &mut self.found);
            match (run, next) {
                // "sending 13 bytes to card: 00A4…"
                (_, Some(next)) if next.is_weak && self.found.len() < 2 => {
                    current = Found { label: current.label, ..next };
                    continue;
                }
                (Some(run), _) => self.segment(row, current, &run, flaw.or(odd.then_some(Reason::OddDigits)))?,
                // A word behind an APDU says what it is for.
                (None, _) if current.start == first.start => self.announced(row, current, odd || flaw.is_some())?,
                (None, _) => {}
            }
            let Some(next) = next else { return Ok(()) };
            current = next;
        }
    }

    /// What is wrong with a row, when what follows it shows that the row is not all.
    pub(super) fn flaw(&self, text: &[u8], run: &Run) -> Option<Reason> {
        match run.ending {
            Ending::Elided => Some(Reason::Elided),
            Ending::Masked if !hides_secret(&self.found) => Some(Reason::Masked),
            Ending::Odd if octets::goes_on(text, run) => Some(Reason::OddDigits),
            _ => None,
        }
    }

    /// Hex behind a label, with something else behind it.
    pub(super) fn segment(&mut self, row: Row<'_>, found: Found, run: &Run, flaw: Option<Reason>) -> Result<(), Error> {
        let flaw = flaw.or_else(|| self.flaw(row.text, run));
        let cut = run.ending == Ending::Odd && !self.is_apdu(found.label);
        let end = found.end.saturating_add(run.place.end);
        match flaw.or(cut.then_some(Reason::OddDigits)) {
            Some(reason) => self.damaged(row, found.label, reason, end),
            None => self.labelled(row, found),
        }
    }

    pub(super) fn is_apdu(&self, label: Label) -> bool {
        match label {
            Label::Command => shape::is_command(&self.found),
            Label::Response | Label::Status => shape::is_response(&self.found),
            Label::Atr => shape::is_atr(&self.found),
            Label::Field { .. } | Label::Data => true,
        }
    }

    /// Bytes that are known to be wrong are not used; the command they belong to is not there.
    pub(super) fn damaged(&mut self, row: Row<'_>, label: Label, reason: Reason, end: usize) -> Result<(), Error> {
        self.pause();
        self.assembler.skip(row.number, reason, row.text, end);
        if matches!(label, Label::Command | Label::Field { .. }) {
            self.flush()?;
            self.assembler.close();
        }
        Ok(())
    }

    /// A label at the end of its line announces the next line; any other is just a word.
    pub(super) fn announced(&mut self, row: Row<'_>, found: Found, odd: bool) -> Result<(), Error> {
        if odd {
            return self.damaged(row, found.label, Reason::OddDigits, found.end);
        }
        let kind = match found.label {
            Label::Command => Some(Kind::Command),
            Label::Response | Label::Data => Some(Kind::Response),
            _ => None,
        };
        match kind.filter(|_| announces(row.text, found) && self.dialect.bare != Bare::Nothing) {
            Some(kind) => {
                self.labelled = true;
                self.found.clear();
                self.start(kind, row)
            }
            None => {
                self.skip(row, Reason::Words);
                Ok(())
            }
        }
    }

    /// Bytes behind a label.
    pub(super) fn labelled(&mut self, row: Row<'_>, found: Found) -> Result<(), Error> {
        self.labelled = true;
        match found.label {
            Label::Command | Label::Field { first: true } => self.start(Kind::Command, row),
            Label::Response => self.start(Kind::Response, row),
            Label::Field { first: false } => self.append(Kind::Command, row),
            Label::Data if self.lacks_fields() => self.append(Kind::Command, row),
            Label::Data => self.data(row),
            Label::Status => self.status(row),
            Label::Atr => {
                self.assembler.atr(&self.found);
                Ok(())
            }
        }
    }
}

/// Whether more must come: the line is the label alone, or ends in a colon or arrow.
fn announces(text: &[u8], found: Found) -> bool {
    let behind = text.get(found.end..).unwrap_or(&[]);
    let alone = !text.get(..found.start).unwrap_or(&[]).iter().any(u8::is_ascii_alphanumeric);
    let open = matches!(text, [.., b':' | b'=' | b'>' | b'<' | b'-' | b'\x9A']);
    !behind.iter().any(u8::is_ascii_alphanumeric) && (alone || open)
}

/// Header and Lc of a command whose data are stars.
fn hides_secret(found: &[u8]) -> bool {
    matches!(found, [_, 0x20 | 0x21 | 0x24, _, _, lc] if *lc > 0)
}

/// Where hex may begin behind a label.
fn payload(text: &[u8], end: usize) -> usize {
    let opening = |byte: &u8| matches!(byte, b' ' | b'\t' | b':' | b'=' | b'[' | b'{' | b'(' | b'"' | b'\'' | b'|');
    let length = text.get(end..).and_then(|rest| rest.iter().position(|byte| !opening(byte)));
    length.map_or(text.len(), |length| end.saturating_add(length))
}
