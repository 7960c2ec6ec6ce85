//! A command or response as long as more of it may come.

use super::{Engine, Kind, Open, Row};
use crate::trace::{Error, Reason, assembler::Piece, shape};

impl Engine {
    /// Adds what was found to what is open, if that lacks something.
    pub(super) fn grow(&mut self) -> bool {
        let Some(open) = self.open.as_mut().filter(|open| open.grows) else { return false };
        let (bytes, found) = (&mut open.piece.bytes, &self.found);
        let lacks = bytes.is_empty()
            || match open.kind {
                Kind::Command => shape::lacks_data(bytes),
                Kind::Response => !shape::is_whole_response(bytes),
            };
        // In a log without labels, a response that was cut short may be followed by a command.
        let another = || {
            let whole = || shape::is_template_response(&[bytes.as_slice(), found.as_slice()].concat());
            open.kind == Kind::Response && !self.labelled && shape::is_command(found) && !whole()
        };
        let grows = lacks && (bytes.is_empty() || !another());
        if grows {
            bytes.extend_from_slice(found);
        }
        grows
    }

    /// Whether a command is being given field by field, its data still to come.
    pub(super) fn lacks_fields(&self) -> bool {
        let command = self.open.as_ref().filter(|open| open.kind == Kind::Command);
        command.is_some_and(|open| open.piece.bytes.len() == 5)
    }

    /// A field of a command, or half a status word.
    pub(super) fn append(&mut self, kind: Kind, row: Row<'_>) -> Result<(), Error> {
        match self.open.as_mut().filter(|open| open.kind == kind) {
            Some(open) => open.piece.bytes.extend_from_slice(&self.found),
            None => self.start(kind, row)?,
        }
        Ok(())
    }

    /// The data of a response, or once more those of a response that already has them.
    pub(super) fn data(&mut self, row: Row<'_>) -> Result<(), Error> {
        match self.response() {
            Some(bytes) if shape::is_whole_response(bytes) => {
                self.skip(row, Reason::Repeated);
                Ok(())
            }
            Some(_) => self.append(Kind::Response, row),
            None => self.start(Kind::Response, row),
        }
    }

    /// A status word: behind the data of its response, alone, or once more behind a response that already has it.
    pub(super) fn status(&mut self, row: Row<'_>) -> Result<(), Error> {
        if self.found.len() > 2 && !shape::is_response(&self.found) {
            self.skip(row, Reason::NotAnApdu);
            return Ok(());
        }
        let Some(bytes) = self.response().filter(|_| self.found.len() <= 2) else {
            return self.start(Kind::Response, row);
        };
        let end = bytes.last_chunk::<2>().filter(|_| shape::is_whole_response(bytes));
        let again = end.is_some_and(|end| {
            if self.found.len() == 1 { self.found.iter().all(|half| end.contains(half)) } else { *end == **self.found }
        });
        if again {
            self.skip(row, Reason::Repeated);
            return Ok(());
        }
        self.append(Kind::Response, row)
    }

    /// The response that is being read.
    pub(super) fn response(&self) -> Option<&[u8]> {
        self.open.as_ref().filter(|open| open.kind == Kind::Response).map(|open| &*open.piece.bytes)
    }

    /// A command or response begins with what was found.
    pub(super) fn start(&mut self, kind: Kind, row: Row<'_>) -> Result<(), Error> {
        self.flush()?;
        let piece = Piece { line: row.number, bytes: self.found.to_vec(), at: self.at };
        self.open = Some(Open { kind, piece, grows: true });
        Ok(())
    }

    /// What is open is over.
    pub(super) fn flush(&mut self) -> Result<(), Error> {
        match self.open.take() {
            Some(Open { kind: Kind::Command, piece, .. }) => self.assembler.command(piece),
            Some(Open { kind: Kind::Response, piece, .. }) => {
                self.assembler.response(piece);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// What is open does not go on in the next line.
    pub(super) fn pause(&mut self) {
        if let Some(open) = self.open.as_mut().filter(|open| !open.piece.bytes.is_empty()) {
            open.grows = false;
        }
    }
}
