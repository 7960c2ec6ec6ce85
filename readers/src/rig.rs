//! Readers without hardware, for tests: a private PC/SC daemon with either a virtual reader or an emulated serial CCID
//! reader behind the real CCID driver (Linux only).
//!
//! A rig is one daemon with one reader, on a client socket of its own: rigs run side by side, need no rights beyond an
//! existing `/run/pcscd`, and touch no system daemon. Cards are inserted with [`Rig::insert`], in a thread of the test.
//!
//! A rig belongs to the thread that starts it: when that thread ends, the system ends the daemon, so that a test that is
//! killed leaves nothing behind.
//!
//! The PC/SC library takes its socket from the process environment, and only once, so a program that talks to a rig
//! must be another process: [`Rig::command`] prepares one, and a test calls itself again with [`Rig::rerun`]:
//!
//! ```no_run
//! # #[cfg(feature = "pcsc")] fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use readers::{pcsc::Readers, rig::Rig};
//! # use emvident_readers as readers;
//! // #[test] fn reader_is_listed() {
//! if let Some(reader) = Rig::reader_of_rerun() {
//!     // the client: runs in the second process
//!     assert!(Readers::connect()?.choose(Some(&reader)).is_ok());
//! } else {
//!     // the stage: runs in the first process
//!     Rig::vpcd("Test Reader")?.rerun("reader_is_listed")?;
//! }
//! # Ok(()) }
//! # #[cfg(not(feature = "pcsc"))] fn main() {}
//! ```

mod ccid;
mod daemon;
mod insert;
mod serial_reader;
mod t0_card;
mod t1_card;

use std::{
    env, fmt, fs, io,
    net::{Ipv4Addr, SocketAddrV4, TcpListener},
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

pub use insert::Inserted;
pub use serial_reader::{Cardholder, Ccid};

use apdu::Card;
use daemon::Daemon;
use serial_reader::SerialReader;

use crate::vpcd::Power;

const VPCD_DRIVER: (&str, &str) = ("/usr/lib/pcsc/drivers/serial/libifdvpcd.so", "vsmartcard-vpcd");
const CCID_DRIVER: (&str, &str) = ("/usr/lib/pcsc/drivers/serial/libccidtwin.so", "libccid");
const READER: &str = "EMVIDENT_RIG_READER";
const DAEMON: &str = "EMVIDENT_RIG_DAEMON";
const SOCKET: &str = "PCSCLITE_CSOCK_NAME";
/// How long a re-run test may take.
const RERUN_LIMIT: Duration = Duration::from_secs(60);
/// How often a free port is looked for, as another process may take it first.
const PORT_ATTEMPTS: usize = 5;

/// Why there is no rig.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum RigError {
    /// A system package is missing.
    #[error("{path} is missing: install the package {package}")]
    Missing {
        /// The file looked for.
        path: PathBuf,
        /// The Debian package that brings it.
        package: &'static str,
    },
    /// The daemon insists on its run directory, and this user may not make it.
    #[error("/run/pcscd is missing and only root can make it: sudo install -d -m 755 /run/pcscd")]
    RunDirectory,
    /// The daemon did not come up with its reader.
    #[error("the private pcscd did not start: {log}")]
    Daemon {
        /// What it logged.
        log: String,
    },
    /// The re-run test failed, did not end, or does not exist.
    #[error("the test {test} failed in its own process:\n{output}")]
    Rerun {
        /// The test's name.
        test: String,
        /// What it printed.
        output: String,
    },
    /// The system refused something.
    #[error("{what}: {error}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        error: io::Error,
    },
}

/// As `Display`: tests unwrap these, and the log in them should be legible.
impl fmt::Debug for RigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn failed(what: &'static str) -> impl FnOnce(io::Error) -> RigError {
    move |error| RigError::Io { what, error }
}

fn require((path, package): (&str, &'static str)) -> Result<(), RigError> {
    if Path::new(path).exists() { Ok(()) } else { Err(RigError::Missing { path: path.into(), package }) }
}

/// One private daemon with one reader; it ends when dropped.
pub struct Rig {
    // Dropped in this order: the daemon lets go of the serial line before the line goes away.
    daemon: Daemon,
    _serial: Option<SerialReader>,
    reader: String,
    port: u16,
}

impl Rig {
    /// A virtual reader: everything of PC/SC but the transport to the card.
    ///
    /// # Errors
    /// [`RigError::Missing`] names the package to install.
    pub fn vpcd(name: &str) -> Result<Self, RigError> {
        require(VPCD_DRIVER)?;
        let mut last = String::new();
        for _ in 0..PORT_ATTEMPTS {
            let port = free_ports().map_err(failed("find a free port"))?;
            let configuration = reader_conf(name, &format!("/dev/null:{port}"), VPCD_DRIVER.0, port.into());
            match Daemon::start(&configuration) {
                Ok(daemon) => return Ok(Self { daemon, _serial: None, reader: listed(name), port }),
                Err(RigError::Daemon { log }) => last = log,
                Err(error) => return Err(error),
            }
        }
        Err(RigError::Daemon { log: last })
    }

    /// A serial CCID reader behind the real CCID driver: T=0 TPDUs, T=1 blocks and a PIN pad are the real thing.
    ///
    /// # Errors
    /// [`RigError::Missing`] names the package to install.
    pub fn ccid(name: &str, kind: Ccid) -> Result<Self, RigError> {
        require(CCID_DRIVER)?;
        let serial = SerialReader::start(kind).map_err(failed("emulate a serial reader"))?;
        let device = format!("{}:{}", serial.device().display(), serial.model());
        let configuration = reader_conf(name, &device, CCID_DRIVER.0, 1);
        let daemon = Daemon::start(&configuration)?;
        Ok(Self { daemon, port: serial.port(), _serial: Some(serial), reader: listed(name) })
    }

    /// The reader's name as PC/SC lists it.
    pub fn reader(&self) -> &str {
        &self.reader
    }

    /// Where a card connects over the vpcd protocol.
    pub fn address(&self) -> SocketAddrV4 {
        SocketAddrV4::new(Ipv4Addr::LOCALHOST, self.port)
    }

    /// Everything the daemon has logged.
    pub fn log(&self) -> String {
        self.daemon.log()
    }

    /// Inserts the card that `make` builds, in a thread of its own; `power` as for [`crate::vpcd::serve`].
    pub fn insert<C, M, P>(&self, make: M, power: P) -> Inserted
    where
        C: Card,
        M: FnOnce() -> C + Send + 'static,
        P: FnMut(&mut C, Power) + Send + 'static,
    {
        Inserted::start(self.address(), make, power)
    }

    /// A command that runs `program` with this rig as its smart-card service.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env(SOCKET, self.daemon.socket()).env(READER, &self.reader).env(DAEMON, self.daemon.id().to_string());
        command
    }

    /// Runs the test called `test` of this test program again, in a process that sees this rig.
    ///
    /// # Errors
    /// [`RigError::Rerun`] with everything it printed, when it fails, takes over a minute, or there is no such test.
    pub fn rerun(&self, test: &str) -> Result<(), RigError> {
        let path = self.daemon.directory().join("rerun.log");
        let log = fs::File::create(&path).map_err(failed("create a log file"))?;
        let errors = log.try_clone().map_err(failed("create a log file"))?;
        let program = env::current_exe().map_err(failed("find the test program"))?;
        let mut command = self.command(program);
        command.args([test, "--exact", "--nocapture", "--include-ignored"]);
        let child = command.stdin(Stdio::null()).stdout(log).stderr(errors).spawn();
        let ended = wait_for(child.map_err(failed("run the test program"))?);
        let output = fs::read_to_string(&path).unwrap_or_default();
        if ended && output.contains("test result: ok. 1 passed") {
            return Ok(());
        }
        Err(RigError::Rerun { test: test.to_owned(), output: format!("{output}\n{}", self.log()) })
    }

    /// In a process started by [`Rig::rerun`] or [`Rig::command`]: the name of the rig's reader.
    pub fn reader_of_rerun() -> Option<String> {
        env::var(READER).ok()
    }

    /// In a process started by [`Rig::rerun`] or [`Rig::command`]: the daemon's process number.
    pub fn daemon_of_rerun() -> Option<u32> {
        env::var(DAEMON).ok()?.parse().ok()
    }
}

/// Waits for a process; one that takes too long is ended.
fn wait_for(mut child: process::Child) -> bool {
    let start = Instant::now();
    while start.elapsed() < RERUN_LIMIT {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => thread::sleep(Duration::from_millis(5)),
            Err(_) => break,
        }
    }
    // Both can only fail when the process is already gone.
    let _ = child.kill();
    let _ = child.wait();
    false
}

fn reader_conf(name: &str, device: &str, driver: &str, channel: u32) -> String {
    let name = name.replace('"', "");
    format!("FRIENDLYNAME \"{name}\"\nDEVICENAME {device}\nLIBPATH {driver}\nCHANNELID {channel}\n")
}

/// The daemon appends reader and slot numbers.
fn listed(name: &str) -> String {
    format!("{name} 00 00")
}

/// A port that is free together with the next one, which the virtual reader's second slot takes.
fn free_ports() -> io::Result<u16> {
    loop {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = first.local_addr()?.port();
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port.saturating_add(1))).is_ok() {
            return Ok(port);
        }
    }
}
