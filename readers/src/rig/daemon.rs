//! A private `pcscd`, started as systemd would: the client socket is handed over as file descriptor 3.

use std::{
    env, fs,
    os::{
        fd::OwnedFd,
        unix::{
            fs::{MetadataExt, PermissionsExt},
            net::UnixListener,
        },
    },
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::{RigError, failed, require};

const PCSCD: (&str, &str) = ("/usr/sbin/pcscd", "pcscd");
const SETPRIV: (&str, &str) = ("/usr/bin/setpriv", "util-linux");
/// The daemon refuses to start without it, even where it writes nothing there.
const RUN_DIRECTORY: &str = "/run/pcscd";
/// The user and group `nobody`: as root, a private daemon would overwrite the system daemon's process file.
const NOBODY: &str = "65534";
const START_LIMIT: Duration = Duration::from_secs(10);
/// The listening socket comes in as standard input; `LISTEN_PID` must be the daemon's own number.
const ACTIVATE: &str = r#"exec 3<&0 0</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$@""#;

pub(super) struct Daemon {
    child: Child,
    directory: Directory,
}

impl Daemon {
    /// Starts a daemon with the one reader that `configuration` describes, and waits until it is ready.
    pub(super) fn start(configuration: &str) -> Result<Self, RigError> {
        require(PCSCD)?;
        require(SETPRIV)?;
        make_run_directory()?;
        let directory = Directory::new()?;
        let readers = directory.0.join("reader.conf.d");
        fs::create_dir(&readers).map_err(failed("make a directory"))?;
        fs::write(readers.join("reader"), configuration).map_err(failed("write the reader's configuration"))?;
        let child = spawn(&directory, &readers)?;
        let mut daemon = Self { child, directory };
        daemon.wait_until_ready()?;
        Ok(daemon)
    }

    fn wait_until_ready(&mut self) -> Result<(), RigError> {
        let start = Instant::now();
        while start.elapsed() < START_LIMIT && matches!(self.child.try_wait(), Ok(None)) {
            let log = self.log();
            if log.contains("daemon ready") {
                return if is_without_reader(&log) { Err(RigError::Daemon { log }) } else { Ok(()) };
            }
            thread::sleep(Duration::from_millis(5));
        }
        Err(RigError::Daemon { log: self.log() })
    }

    pub(super) fn log(&self) -> String {
        fs::read(self.directory.0.join("log")).map(|log| String::from_utf8_lossy(&log).into_owned()).unwrap_or_default()
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.directory.socket()
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory.0
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Both can only fail when the daemon is already gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A daemon whose reader failed, because a port is taken for example, comes up all the same.
fn is_without_reader(log: &str) -> bool {
    log.contains("init failed") || log.contains("Open Port")
}

fn spawn(directory: &Directory, readers: &Path) -> Result<Child, RigError> {
    let listener = UnixListener::bind(directory.socket()).map_err(failed("make the client socket"))?;
    open_to_all(&directory.socket(), 0o666)?;
    let log = fs::File::create(directory.0.join("log")).map_err(failed("create a log file"))?;
    let errors = log.try_clone().map_err(failed("create a log file"))?;
    let mut command = Command::new(SETPRIV.0);
    // A test that is killed takes its daemon with it.
    command.args(["--pdeathsig", "KILL"]);
    if is_root() {
        command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]);
    }
    command.args(["sh", "-c", ACTIVATE, PCSCD.0, "--foreground", "--info", "--config"]).arg(readers);
    if knows_polkit() {
        command.arg("--disable-polkit");
    }
    command.stdin(Stdio::from(OwnedFd::from(listener))).stdout(log).stderr(errors);
    command.spawn().map_err(failed("run pcscd"))
}

fn open_to_all(path: &Path, mode: u32) -> Result<(), RigError> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(failed("open a file to the daemon"))
}

fn knows_polkit() -> bool {
    let help = Command::new(PCSCD.0).arg("--help").stdin(Stdio::null()).output();
    help.is_ok_and(|help| String::from_utf8_lossy(&help.stdout).contains("--disable-polkit"))
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

fn make_run_directory() -> Result<(), RigError> {
    if Path::new(RUN_DIRECTORY).is_dir() {
        return Ok(());
    }
    if !is_root() {
        return Err(RigError::RunDirectory);
    }
    fs::create_dir_all(RUN_DIRECTORY).map_err(failed("make /run/pcscd"))
}

/// A directory that is removed with all it holds.
pub(super) struct Directory(PathBuf);

impl Directory {
    fn new() -> Result<Self, RigError> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("emvident-rig-{}-{number}", process::id()));
        // A leftover of an earlier process with the same number.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).map_err(failed("make a directory"))?;
        let directory = Self(path);
        open_to_all(&directory.0, 0o755)?;
        Ok(directory)
    }

    fn socket(&self) -> PathBuf {
        self.0.join("pcscd.comm")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // A directory that stays behind harms nothing.
        let _ = fs::remove_dir_all(&self.0);
    }
}
