//! Logs in which a word, an arrow or the order of the lines tells commands from responses.

mod words;

use std::time::Duration;

use zeroize::Zeroize;

use super::{
    Error, Format, Reason, Trace,
    assembler::{Assembler, Piece},
    octets::{self, Ending, Run},
    shape,
};

pub(super) use words::{Found, Label, find};

/// What is peculiar to a program that writes such logs.
pub(super) struct Dialect {
    pub format: Format,
    /// The next label in a line.
    pub find: fn(&[u8], usize) -> Option<Found>,
    /// Whether hex without a label may be a command or response by its form, or only more of the line before.
    pub bare: Bare,
}

/// What hex without a label may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bare {
    /// A command or response.
    Apdu,
    /// More of the line before.
    More,
    /// Nothing.
    Nothing,
}

/// Takes lines, gives a trace.
pub(super) struct Engine {
    dialect: Dialect,
    assembler: Assembler,
    open: Option<Open>,
    /// The bytes found last; kept to spare allocations.
    found: Vec<u8>,
    /// A label was seen: what has none is no APDU.
    labelled: bool,
    at: Option<Duration>,
}

/// What is being read and may still grow.
struct Open {
    kind: Kind,
    piece: Piece,
    /// The next line may be more of it.
    grows: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Command,
    Response,
}

impl Engine {
    pub fn new(dialect: Dialect) -> Self {
        Self {
            assembler: Assembler::new(dialect.format),
            dialect,
            open: None,
            found: Vec::new(),
            labelled: false,
            at: None,
        }
    }

    /// Takes a line that begins at `start`, behind its time `at`, if it has one.
    pub fn line(&mut self, line: usize, text: &[u8], start: usize, at: Option<Duration>) -> Result<(), Error> {
        self.at = at;
        let text = text.trim_ascii_end();
        let content = text.get(start..).unwrap_or(&[]).trim_ascii_start();
        let start = text.len().saturating_sub(content.len());
        if content.is_empty() {
            self.pause();
            return Ok(());
        }
        if is_comment(content) {
            self.skip(line, Reason::Comment, text);
            return Ok(());
        }
        let leading = octets::run(text, start, &mut self.found);
        let end = leading.place.end;
        if end == text.len() && leading.ending == Ending::Clean && !self.found.is_empty() {
            return self.bare(line, text, start);
        }
        if let Some(reason) = self.flaw(text, &leading).filter(|_| end > start) {
            self.pause();
            self.assembler.skip(line, reason, text, end);
            return Ok(());
        }
        if self.leads(text, end) {
            return self.leading(line, text, end);
        }
        match (self.dialect.find)(text, start) {
            Some(found) => self.labels(line, text, found),
            None => self.unlabelled(line, text, start),
        }
    }

    /// Whether the hex at the start of the line is what the line is about. A few digits before a label are its number.
    fn leads(&self, text: &[u8], end: usize) -> bool {
        let apdu = shape::is_command(&self.found) || shape::is_response(&self.found);
        let lone = || self.found.len() > 4 || (self.dialect.find)(text, end).is_none();
        self.dialect.bare != Bare::Nothing && apdu && lone()
    }

    /// Words and perhaps hex: in a log without labels, what is a command or the response to one by its form.
    fn unlabelled(&mut self, line: usize, text: &[u8], start: usize) -> Result<(), Error> {
        if self.labelled || self.dialect.bare != Bare::Apdu {
            self.skip(line, Reason::Words, text);
            return Ok(());
        }
        let mut next = start;
        while let Some((run, after)) = octets::next_run(text, next, &mut self.found) {
            next = after;
            if self.found.len() > 4 && shape::is_command(&self.found) {
                return self.leading(line, text, run.place.end);
            }
            if self.boundary(text.get(run.place.clone()).unwrap_or(&[])).is_some() {
                return self.bare(line, text, run.place.start);
            }
        }
        let (_, odd) = octets::longest(text.get(start..).unwrap_or(&[]), &mut self.found);
        if self.awaits() && shape::is_response(&self.found) {
            return self.bare(line, text, start);
        }
        self.skip(line, if odd { Reason::OddDigits } else { Reason::Words }, text);
        Ok(())
    }

    fn skip(&mut self, line: usize, reason: Reason, text: &[u8]) {
        self.pause();
        self.assembler.skip(line, reason, text, 0);
    }

    /// Hex, then something else: the response on the same line, or words.
    fn leading(&mut self, line: usize, text: &[u8], end: usize) -> Result<(), Error> {
        let command = self.found.clone();
        let (behind, _) = octets::longest(text.get(end..).unwrap_or(&[]), &mut self.found);
        let pair = behind.is_some() && shape::is_command(&command) && shape::is_response(&self.found);
        if !pair {
            self.found = command;
            return self.bare(line, text, 0);
        }
        let response = std::mem::replace(&mut self.found, command);
        self.start(Kind::Command, line)?;
        self.found = response;
        self.start(Kind::Response, line)
    }

    /// Hex without a label.
    fn bare(&mut self, line: usize, text: &[u8], start: usize) -> Result<(), Error> {
        if self.grow() {
            return Ok(());
        }
        if self.dialect.bare != Bare::Apdu {
            self.assembler.skip(line, Reason::NotAnApdu, text, start);
            return Ok(());
        }
        if self.awaits() && shape::is_response(&self.found) && !asks_for_data(&self.found) {
            self.start(Kind::Response, line)
        } else if shape::is_command(&self.found) {
            self.start(Kind::Command, line)
        } else if self.assembler.is_empty() && shape::is_atr(&self.found) {
            self.assembler.atr(&self.found);
            Ok(())
        } else if let Some(at) = self.boundary(text.get(start..).unwrap_or(&[])) {
            let response = self.found.split_off(at);
            self.start(Kind::Command, line)?;
            self.found = response;
            self.start(Kind::Response, line)
        } else if shape::is_response(&self.found) {
            self.start(Kind::Response, line)
        } else {
            self.assembler.skip(line, Reason::NotAnApdu, text, start);
            Ok(())
        }
    }

    /// Where the command ends in a row that holds the response too.
    fn boundary(&self, text: &[u8]) -> Option<usize> {
        let boundaries = octets::boundaries(text);
        shape::split(&self.found, |end| boundaries.contains(&end)).map(|(command, _)| command.len())
    }

    fn awaits(&self) -> bool {
        self.open.as_ref().map_or(self.assembler.awaits(), |open| open.kind == Kind::Command)
    }

    /// Adds what was found to what is open, if that lacks something.
    fn grow(&mut self) -> bool {
        let Some(open) = self.open.as_mut().filter(|open| open.grows) else { return false };
        let bytes = &mut open.piece.bytes;
        let grows = match open.kind {
            Kind::Command => bytes.is_empty() || shape::lacks_data(bytes),
            Kind::Response => bytes.is_empty() || !(shape::is_whole_response(bytes) || shape::is_command(&self.found)),
        };
        if grows {
            bytes.extend_from_slice(&self.found);
        }
        grows
    }

    /// The labels of a line, each with the hex behind it.
    fn labels(&mut self, line: usize, text: &[u8], first: Found) -> Result<(), Error> {
        let mut current = first;
        loop {
            let run = octets::run(text, payload(text, current.end), &mut self.found);
            if run.place.end == text.len() && run.ending == Ending::Clean && !self.found.is_empty() {
                return self.labelled(line, text, current);
            }
            let flaw = self.flaw(text, &run);
            let next = (self.dialect.find)(text, run.place.end.max(current.end));
            let end = next.map_or(text.len(), |next| next.start);
            let (run, odd) = octets::longest(text.get(current.end..end).unwrap_or(&[]), &mut self.found);
            match (run, next) {
                // "sending 13 bytes to card: 00A4…"
                (_, Some(next)) if next.is_weak && self.found.len() < 2 => {
                    current = Found { label: current.label, ..next };
                    continue;
                }
                (Some(run), _) => self.segment(line, text, current, &run, flaw.or(odd.then_some(Reason::OddDigits)))?,
                // A word behind an APDU says what it is for.
                (None, _) if current.start == first.start => {
                    self.announced(line, text, current, odd || flaw.is_some())?
                }
                (None, _) => {}
            }
            let Some(next) = next else { return Ok(()) };
            current = next;
        }
    }

    /// What is wrong with a row, when what follows it shows that the row is not all.
    fn flaw(&self, text: &[u8], run: &Run) -> Option<Reason> {
        match run.ending {
            Ending::Elided => Some(Reason::Elided),
            Ending::Masked if !hides_secret(&self.found) => Some(Reason::Masked),
            Ending::Odd if octets::goes_on(text, run) => Some(Reason::OddDigits),
            _ => None,
        }
    }

    /// Hex behind a label, with something else behind it.
    fn segment(
        &mut self,
        line: usize,
        text: &[u8],
        found: Found,
        run: &Run,
        flaw: Option<Reason>,
    ) -> Result<(), Error> {
        let flaw = flaw.or_else(|| self.flaw(text, run));
        let cut = run.ending == Ending::Odd && !self.is_apdu(found.label);
        let end = found.end.saturating_add(run.place.end);
        match flaw.or(cut.then_some(Reason::OddDigits)) {
            Some(reason) => self.damaged(line, text, found.label, reason, end),
            None => self.labelled(line, text, found),
        }
    }

    fn is_apdu(&self, label: Label) -> bool {
        match label {
            Label::Command => shape::is_command(&self.found),
            Label::Response | Label::Status => shape::is_response(&self.found),
            Label::Atr => shape::is_atr(&self.found),
            Label::Field { .. } | Label::Data => true,
        }
    }

    /// Bytes that are known to be wrong are not used; the command they belong to is not there.
    fn damaged(&mut self, line: usize, text: &[u8], label: Label, reason: Reason, end: usize) -> Result<(), Error> {
        self.pause();
        self.assembler.skip(line, reason, text, end);
        if matches!(label, Label::Command | Label::Field { .. }) {
            self.flush()?;
            self.assembler.close();
        }
        Ok(())
    }

    /// A label at the end of its line announces the next line; any other is just a word.
    fn announced(&mut self, line: usize, text: &[u8], found: Found, odd: bool) -> Result<(), Error> {
        if odd {
            return self.damaged(line, text, found.label, Reason::OddDigits, found.end);
        }
        let kind = match found.label {
            Label::Command => Some(Kind::Command),
            Label::Response | Label::Data => Some(Kind::Response),
            _ => None,
        };
        match kind.filter(|_| announces(text, found) && self.dialect.bare != Bare::Nothing) {
            Some(kind) => {
                self.labelled = true;
                self.found.clear();
                self.start(kind, line)
            }
            None => {
                self.skip(line, Reason::Words, text);
                Ok(())
            }
        }
    }

    /// Bytes behind a label.
    fn labelled(&mut self, line: usize, text: &[u8], found: Found) -> Result<(), Error> {
        self.labelled = true;
        match found.label {
            Label::Command | Label::Field { first: true } => self.start(Kind::Command, line),
            Label::Response => self.start(Kind::Response, line),
            Label::Field { first: false } => self.append(Kind::Command, line),
            Label::Data if self.lacks_fields() => self.append(Kind::Command, line),
            Label::Data => self.data(line, text),
            Label::Status => self.status(line, text),
            Label::Atr => {
                self.assembler.atr(&self.found);
                Ok(())
            }
        }
    }

    /// Whether a command is being given field by field, its data still to come.
    fn lacks_fields(&self) -> bool {
        let command = self.open.as_ref().filter(|open| open.kind == Kind::Command);
        command.is_some_and(|open| open.piece.bytes.len() == 5)
    }

    /// A field of a command, or half a status word.
    fn append(&mut self, kind: Kind, line: usize) -> Result<(), Error> {
        match self.open.as_mut().filter(|open| open.kind == kind) {
            Some(open) => open.piece.bytes.extend_from_slice(&self.found),
            None => self.start(kind, line)?,
        }
        Ok(())
    }

    /// The data of a response, or once more those of a response that already has them.
    fn data(&mut self, line: usize, text: &[u8]) -> Result<(), Error> {
        match self.response() {
            Some(bytes) if shape::is_whole_response(bytes) => {
                self.skip(line, Reason::Repeated, text);
                Ok(())
            }
            Some(_) => self.append(Kind::Response, line),
            None => self.start(Kind::Response, line),
        }
    }

    /// A status word: behind the data of its response, alone, or once more behind a response that already has it.
    fn status(&mut self, line: usize, text: &[u8]) -> Result<(), Error> {
        if self.found.len() > 2 && !shape::is_response(&self.found) {
            self.skip(line, Reason::NotAnApdu, text);
            return Ok(());
        }
        let Some(bytes) = self.response().filter(|_| self.found.len() <= 2) else {
            return self.start(Kind::Response, line);
        };
        let end = bytes.last_chunk::<2>().filter(|_| shape::is_whole_response(bytes));
        let again =
            end.is_some_and(|end| if let [half] = *self.found { end.contains(&half) } else { end[..] == *self.found });
        if again {
            self.skip(line, Reason::Repeated, text);
            return Ok(());
        }
        self.append(Kind::Response, line)
    }

    /// The response that is being read.
    fn response(&self) -> Option<&[u8]> {
        self.open.as_ref().filter(|open| open.kind == Kind::Response).map(|open| &*open.piece.bytes)
    }

    /// A command or response begins with what was found.
    fn start(&mut self, kind: Kind, line: usize) -> Result<(), Error> {
        self.flush()?;
        let piece = Piece { line, bytes: self.found.clone(), at: self.at };
        self.open = Some(Open { kind, piece, grows: true });
        Ok(())
    }

    /// What is open is over.
    fn flush(&mut self) -> Result<(), Error> {
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
    fn pause(&mut self) {
        if let Some(open) = self.open.as_mut().filter(|open| !open.piece.bytes.is_empty()) {
            open.grows = false;
        }
    }

    pub fn finish(mut self, expected: &'static str) -> Result<Trace, Error> {
        self.flush()?;
        std::mem::replace(&mut self.assembler, Assembler::new(self.dialect.format)).finish_filled(expected)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.found.zeroize();
    }
}

/// Whether more must come: the line is the label alone, or ends in a colon or arrow.
fn announces(text: &[u8], found: Found) -> bool {
    let behind = text.get(found.end..).unwrap_or(&[]);
    let alone = !text.get(..found.start).unwrap_or(&[]).iter().any(u8::is_ascii_alphanumeric);
    let open = matches!(text, [.., b':' | b'=' | b'>' | b'<' | b'-' | b'\x9A']);
    !behind.iter().any(u8::is_ascii_alphanumeric) && (alone || open)
}

fn is_comment(content: &[u8]) -> bool {
    match content {
        [b'#', next, ..] => !next.is_ascii_digit(),
        [b'#' | b';', ..] | [b'/', b'/', ..] => true,
        _ => false,
    }
}

/// A command of five bytes whose last two could be a status word, such as READ RECORD in file 13.
fn asks_for_data(found: &[u8]) -> bool {
    matches!(found, [0x00 | 0x80, 0xB2 | 0xCA | 0xC0 | 0x84, _, _, _])
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
