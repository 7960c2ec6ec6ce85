//! What a batch reads: files, folders, lines of JSON, cut into chunks.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use memchr::memchr;

/// The most bytes one line of JSON may have.
pub const MAX_LINE: usize = 16 << 20;

/// A chunk has at most so many traces,
const ITEMS: usize = 512;
/// and ends when it has so many bytes.
const BYTES: usize = 1 << 20;

/// Read at once from a file or pipe.
const BUFFER: usize = 256 << 10;

/// Some traces, one behind the other.
#[derive(Default)]
pub(super) struct Chunk {
    pub items: Vec<Item>,
    /// The bytes that lines are ranges of.
    pub bytes: Vec<u8>,
}

/// One trace, to be read.
pub(super) enum Item {
    /// A line of JSON, where it comes from, and its number.
    Line(Arc<str>, usize, Range<usize>),
    /// A file.
    File(PathBuf),
    /// Something that cannot be read.
    Unreadable(String, Problem),
}

/// Why something cannot be read.
#[derive(Debug)]
pub(super) enum Problem {
    /// The system says why.
    Io(io::Error),
    /// Something in a folder that is neither file nor folder.
    Kind,
    /// A line of more than [`MAX_LINE`] bytes.
    LineTooLong,
}

/// Cuts inputs into chunks.
pub(super) struct Source {
    /// What is still to be looked at, the next one last.
    paths: Vec<(PathBuf, Origin)>,
    lines: Option<Lines>,
}

/// Who named a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The user.
    Named,
    /// The folder it is in.
    Found,
}

impl Source {
    pub fn new(inputs: Vec<PathBuf>) -> Self {
        Self { paths: inputs.into_iter().rev().map(|path| (path, Origin::Named)).collect(), lines: None }
    }

    /// Adds what comes next to `chunk`; false when nothing more comes, or what comes is not there yet.
    fn fill(&mut self, chunk: &mut Chunk) -> bool {
        if let Some(lines) = &mut self.lines {
            return match lines.next_into(chunk) {
                Next::More => true,
                Next::Later => false,
                Next::End => {
                    self.lines = None;
                    true
                }
            };
        }
        let Some((path, origin)) = self.paths.pop() else { return false };
        if let Err(problem) = self.look_at(&path, origin, chunk) {
            chunk.items.push(Item::Unreadable(path.display().to_string(), problem));
        }
        true
    }

    fn look_at(&mut self, path: &Path, origin: Origin, chunk: &mut Chunk) -> Result<(), Problem> {
        if origin == Origin::Named && path.as_os_str() == "-" {
            self.lines = Some(Lines::new("-", Box::new(io::stdin())));
            return Ok(());
        }
        let kind = fs::metadata(path).map_err(Problem::Io)?;
        // Folders behind links may lead back.
        let is_link = origin == Origin::Found && path.is_symlink();
        if kind.is_dir() && !is_link {
            self.paths.extend(listed(path).map_err(Problem::Io)?.into_iter().rev().map(|path| (path, Origin::Found)));
        } else if is_lines(path) || (origin == Origin::Named && !kind.is_file()) {
            let file = File::open(path).map_err(Problem::Io)?;
            self.lines = Some(Lines::new(&path.display().to_string(), Box::new(file)));
        } else if kind.is_file() {
            chunk.items.push(Item::File(path.to_owned()));
        } else if !is_link {
            return Err(Problem::Kind);
        }
        Ok(())
    }
}

impl Iterator for Source {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        let mut chunk = Chunk::default();
        while chunk.items.len() < ITEMS && chunk.bytes.len() < BYTES && self.fill(&mut chunk) {}
        (!chunk.items.is_empty()).then_some(chunk)
    }
}

/// How many traces are in `inputs`, when all of them are files and folders of files with one trace each.
pub fn count_files(inputs: &[PathBuf]) -> Option<u64> {
    let mut source = Source::new(inputs.to_vec());
    let mut count = 0_u64;
    loop {
        let mut chunk = Chunk::default();
        if source.paths.last().is_some_and(|(path, _)| path.as_os_str() == "-" || is_lines(path)) {
            return None;
        }
        if !source.fill(&mut chunk) {
            return Some(count);
        }
        count = count.saturating_add(u64::try_from(chunk.items.len()).unwrap_or(u64::MAX));
    }
}

fn is_lines(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "ndjson" || extension == "jsonl")
}

/// What is in a folder, by name; hidden files are left out.
fn listed(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

/// Lines of JSON.
struct Lines {
    name: Arc<str>,
    from: BufReader<Box<dyn Read + Send>>,
    number: usize,
}

enum Next {
    /// A line was taken, or an empty one left out.
    More,
    /// What is in the buffer holds no whole line, and others should not wait for the rest.
    Later,
    End,
}

impl Lines {
    fn new(name: &str, from: Box<dyn Read + Send>) -> Self {
        Self { name: name.into(), from: BufReader::with_capacity(BUFFER, from), number: 0 }
    }

    fn next_into(&mut self, chunk: &mut Chunk) -> Next {
        if !chunk.items.is_empty() && memchr(b'\n', self.from.buffer()).is_none() {
            return Next::Later;
        }
        if chunk.bytes.is_empty() {
            chunk.bytes.reserve(BYTES);
        }
        let start = chunk.bytes.len();
        let read = self.read_line(&mut chunk.bytes);
        self.number = self.number.saturating_add(1);
        let ends = chunk.bytes.last() == Some(&b'\n');
        match read {
            Err(error) => self.unreadable(Problem::Io(error), start, chunk, Next::End),
            Ok(0) => Next::End,
            Ok(length) if length > MAX_LINE && !ends => {
                let next = if self.skip_line().is_ok() { Next::More } else { Next::End };
                self.unreadable(Problem::LineTooLong, start, chunk, next)
            }
            Ok(_) => {
                self.take_line(start, chunk);
                Next::More
            }
        }
    }

    /// Appends a line with its end, or one byte more than a line may have.
    fn read_line(&mut self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        let buffer = self.from.buffer();
        if let Some(line) = memchr(b'\n', buffer).and_then(|end| buffer.get(..=end)) {
            let length = line.len();
            bytes.extend_from_slice(line);
            self.from.consume(length);
            return Ok(length);
        }
        let limit = u64::try_from(MAX_LINE).unwrap_or(u64::MAX).saturating_add(1);
        (&mut self.from).take(limit).read_until(b'\n', bytes)
    }

    fn take_line(&self, start: usize, chunk: &mut Chunk) {
        if chunk.bytes.get(start..).is_none_or(|line| line.trim_ascii().is_empty()) {
            chunk.bytes.truncate(start);
        } else {
            chunk.items.push(Item::Line(self.name.clone(), self.number, start..chunk.bytes.len()));
        }
    }

    fn unreadable(&self, problem: Problem, start: usize, chunk: &mut Chunk, next: Next) -> Next {
        chunk.bytes.truncate(start);
        chunk.items.push(Item::Unreadable(format!("{}:{}", self.name, self.number), problem));
        next
    }

    /// Reads and forgets the rest of a line.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.from.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let length = end.map_or(buffer.len(), |end| end.saturating_add(1));
            self.from.consume(length);
            if end.is_some() || length == 0 {
                return Ok(());
            }
        }
    }
}
