//! A serial CCID reader (GemPC Twin framing) on a pseudo-terminal: `03 06`, message, exclusive or of all before.

use std::{
    fs,
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpListener},
    os::{fd::AsFd, unix::fs::PermissionsExt},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{Mode, OFlags},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{OptionalActions, tcgetattr, tcsetattr},
};

use super::{
    ccid::{CardLink, ESCAPE, HEADER, Reader},
    t1_card::redundancy,
};
use crate::transport::Protocol;

const SYNC: [u8; 2] = [0x03, 0x06];
const GLANCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
/// A card that answers later than this counts as pulled out.
const CARD_LIMIT: Duration = Duration::from_secs(20);

/// What kind of serial reader to emulate.
#[derive(Clone, Debug)]
pub struct Ccid {
    pub(super) protocol: Protocol,
    pub(super) flaky: bool,
    pub(super) cardholder: Option<Cardholder>,
}

/// What the cardholder does at the reader's PIN pad.
#[derive(Clone, Debug)]
pub enum Cardholder {
    /// Types these digits and confirms.
    Types(String),
    /// Presses the cancel key.
    Cancels,
    /// Walks away.
    DoesNothing,
}

impl Ccid {
    /// A reader for cards that speak `protocol`, which their ATR must say too.
    pub fn new(protocol: Protocol) -> Self {
        Self { protocol, flaky: false, cardholder: None }
    }

    /// With a bad contact: T=1 blocks arrive garbled now and then, and the card asks for more time.
    #[must_use]
    pub fn flaky(self) -> Self {
        Self { flaky: true, ..self }
    }

    /// With a PIN pad and somebody at it.
    #[must_use]
    pub fn with_pin_pad(self, cardholder: Cardholder) -> Self {
        Self { cardholder: Some(cardholder), ..self }
    }
}

/// The running reader; its serial line goes away when this is dropped.
pub(super) struct SerialReader {
    device: PathBuf,
    model: &'static str,
    port: u16,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl SerialReader {
    pub(super) fn start(kind: Ccid) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let (line, keep, device) = open_line()?;
        let model = if kind.cardholder.is_some() { "GemPCPinPad" } else { "GemPCTwin" };
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let _keep = keep; // an open far end: without one, reading the near end fails
            let mut desk = Desk { line, listener, reader: Reader::new(kind), input: Vec::new() };
            while !stopped.load(Ordering::Relaxed) {
                desk.step()?;
            }
            Ok(())
        });
        Ok(Self { device, model, port, stop, thread: Some(thread) })
    }

    pub(super) fn device(&self) -> &Path {
        &self.device
    }

    /// The driver's name for the model.
    pub(super) fn model(&self) -> &'static str {
        self.model
    }

    /// Where cards connect.
    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for SerialReader {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A reader that failed has shown as a failed exchange already.
            let _ = thread.join();
        }
    }
}

/// Both ends of a raw pseudo-terminal and the far end's path, open to the daemon's user.
fn open_line() -> io::Result<(fs::File, fs::File, PathBuf)> {
    let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&near)?;
    unlockpt(&near)?;
    let name = ptsname(&near, Vec::new())?;
    let device = PathBuf::from(name.to_string_lossy().into_owned());
    let far = rustix::fs::open(&device, OFlags::RDWR | OFlags::NOCTTY, Mode::empty())?;
    let mut attributes = tcgetattr(&far)?;
    attributes.make_raw();
    tcsetattr(&far, OptionalActions::Now, &attributes)?;
    fs::set_permissions(&device, fs::Permissions::from_mode(0o666))?;
    Ok((near.into(), far.into(), device))
}

/// This model repeats every command before it answers. The driver reads the repetition into a buffer as large as the
/// answer, so the long vendor command that loads the PIN pad's texts must look short.
fn is_text_upload(message: &[u8]) -> bool {
    message.first() == Some(&ESCAPE) && message.len() > 64
}

/// The reader between its serial line and its card slot.
struct Desk {
    line: fs::File,
    listener: TcpListener,
    reader: Reader,
    input: Vec<u8>,
}

impl Desk {
    /// Waits for something to happen, a moment at most, and handles it.
    fn step(&mut self) -> io::Result<()> {
        let [line, card, slot] = self.ready()?;
        if card {
            self.check_card();
        }
        if slot {
            self.insert()?;
        }
        if line { self.receive() } else { Ok(()) }
    }

    fn ready(&self) -> io::Result<[bool; 3]> {
        let card = self.reader.card.as_ref().map(|card| card.0.as_fd());
        let mut ends = vec![PollFd::from_borrowed_fd(self.line.as_fd(), PollFlags::IN)];
        ends.push(PollFd::from_borrowed_fd(self.listener.as_fd(), PollFlags::IN));
        ends.extend(card.map(|card| PollFd::from_borrowed_fd(card, PollFlags::IN)));
        poll(&mut ends, Some(&GLANCE))?;
        let mut happened = ends.iter().map(|end| !end.revents().is_empty());
        let (line, slot) = (happened.next() == Some(true), happened.next() == Some(true));
        Ok([line, happened.next() == Some(true), slot])
    }

    /// A card never speaks first, so something to read means it has gone.
    fn check_card(&mut self) {
        let gone = self.reader.card.as_ref().is_some_and(|card| !matches!(card.0.peek(&mut [0]), Ok(1)));
        if gone {
            self.reader.remove();
        }
    }

    /// A second card finds the slot taken.
    fn insert(&mut self) -> io::Result<()> {
        let (stream, _) = self.listener.accept()?;
        if self.reader.card.is_none() {
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(CARD_LIMIT))?;
            self.reader.card = Some(CardLink(stream));
        }
        Ok(())
    }

    fn receive(&mut self) -> io::Result<()> {
        let mut buffer = [0; 512];
        let read = self.line.read(&mut buffer)?;
        self.input.extend_from_slice(buffer.get(..read).unwrap_or_default());
        while let Some(frame) = self.next_frame() {
            let message = frame.get(SYNC.len()..frame.len().saturating_sub(1)).unwrap_or_default();
            let mut answer = SYNC.to_vec();
            answer.extend(self.reader.answer(message));
            answer.push(redundancy(&answer));
            let echo = if is_text_upload(message) { answer.clone() } else { frame };
            self.line.write_all(&[echo, answer].concat())?;
        }
        Ok(())
    }

    /// Takes one whole frame from the input, skipping what is not the start of one.
    fn next_frame(&mut self) -> Option<Vec<u8>> {
        let start = self.input.windows(SYNC.len()).position(|pair| pair == SYNC)?;
        self.input.drain(..start);
        let length = self.input.get(3..7)?.try_into().map(u32::from_le_bytes).ok()?;
        let frame = SYNC.len().saturating_add(HEADER).saturating_add(usize::try_from(length).ok()?).saturating_add(1);
        if self.input.len() < frame {
            return None;
        }
        let rest = self.input.split_off(frame);
        Some(std::mem::replace(&mut self.input, rest))
    }
}
