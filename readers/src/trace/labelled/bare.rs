//! Hex that no label explains.

use super::{Bare, Engine, Kind, Row};
use crate::trace::{Error, Reason, octets, shape};

impl Engine {
    /// Whether the hex at the start of the line is what the line is about. A few digits before a label are its number.
    pub(super) fn leads(&self, row: Row<'_>, end: usize) -> bool {
        let apdu = shape::is_command(&self.found) || shape::is_response(&self.found);
        let lone = || self.found.len() > 4 || (self.dialect.find)(row.text, end).is_none();
        self.dialect.bare != Bare::Nothing && apdu && lone()
    }

    /// Words and perhaps hex: in a log without labels, what is a command or the response to one by its form.
    pub(super) fn unlabelled(&mut self, row: Row<'_>) -> Result<(), Error> {
        if self.labelled || self.dialect.bare != Bare::Apdu {
            self.skip(row, Reason::Words);
            return Ok(());
        }
        let mut next = row.start;
        while let Some((run, after)) = octets::next_run(row.text, next, &mut self.found) {
            next = after;
            if self.found.len() > 4 && shape::is_command(&self.found) {
                return self.leading(row, run.place.end);
            }
            if self.boundary(row.text.get(run.place.clone()).unwrap_or(&[])).is_some() {
                return self.bare(Row { start: run.place.start, ..row });
            }
        }
        let (_, odd) = octets::longest(row.text.get(row.start..).unwrap_or(&[]), &mut self.found);
        if self.awaits() && shape::is_response(&self.found) {
            return self.bare(row);
        }
        self.skip(row, if odd { Reason::OddDigits } else { Reason::Words });
        Ok(())
    }

    /// Hex, then something else: the response on the same line, or words.
    pub(super) fn leading(&mut self, row: Row<'_>, end: usize) -> Result<(), Error> {
        let command = self.found.to_vec();
        let (behind, _) = octets::longest(row.text.get(end..).unwrap_or(&[]), &mut self.found);
        let pair = behind.is_some() && shape::is_command(&command) && shape::is_response(&self.found);
        if !pair {
            *self.found = command;
            return self.bare(row);
        }
        let response = std::mem::replace(&mut *self.found, command);
        self.start(Kind::Command, row)?;
        *self.found = response;
        self.start(Kind::Response, row)
    }

    /// Hex without a label.
    pub(super) fn bare(&mut self, row: Row<'_>) -> Result<(), Error> {
        if self.grow() {
            return Ok(());
        }
        if self.dialect.bare != Bare::Apdu {
            self.assembler.skip(row.number, Reason::NotAnApdu, row.text, row.start);
            return Ok(());
        }
        let response = shape::is_response(&self.found) && !asks_for_data(&self.found);
        if self.awaits() && (response || shape::begins_response(&self.found)) {
            self.start(Kind::Response, row)
        } else if shape::is_command(&self.found) || shape::begins_command(&self.found) {
            self.start(Kind::Command, row)
        } else if self.assembler.is_empty() && shape::is_atr(&self.found) {
            self.assembler.atr(&self.found);
            Ok(())
        } else if let Some(at) = self.boundary(row.text.get(row.start..).unwrap_or(&[])) {
            let response = self.found.split_off(at);
            self.start(Kind::Command, row)?;
            *self.found = response;
            self.start(Kind::Response, row)
        } else if shape::is_response(&self.found) {
            self.start(Kind::Response, row)
        } else {
            self.assembler.skip(row.number, Reason::NotAnApdu, row.text, row.start);
            Ok(())
        }
    }

    /// Where the command ends in a row that holds the response too.
    pub(super) fn boundary(&self, text: &[u8]) -> Option<usize> {
        let boundaries = octets::boundaries(text);
        shape::split(&self.found, |end| boundaries.contains(&end)).map(|(command, _)| command.len())
    }

    pub(super) fn awaits(&self) -> bool {
        self.open.as_ref().map_or(self.assembler.awaits(), |open| open.kind == Kind::Command)
    }
}

/// A command of five bytes whose last two could be a status word, such as READ RECORD in file 13.
fn asks_for_data(found: &[u8]) -> bool {
    matches!(found, [0x00 | 0x80, 0xB2 | 0xCA | 0xC0 | 0x84, _, _, _])
}
