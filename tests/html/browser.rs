//! Pages in headless Chromiums, driven through their debugging pipes: JSON messages, each ended by a zero byte.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// A browser that has not answered after this long never will.
const PATIENCE: Duration = Duration::from_secs(120);

/// Names a browser of the Chromium family has.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// One page in a browser that has never been anywhere.
pub struct Browser {
    /// Only gone while this value is dropped.
    chromium: Option<Chromium>,
    context: Value,
    session: Option<String>,
    /// What the page reported, in order.
    pub events: Vec<Value>,
    _watch: Sender<()>,
}

/// A running Chromium. It ends with this value.
struct Chromium {
    child: Arc<Mutex<Child>>,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    profile: PathBuf,
    last: u64,
}

/// Starting Chromium takes longer than most tests: those that run wait here for the next test, as long as there is one.
static IDLE: Mutex<Idle> = Mutex::new(Idle { waiting: Vec::new(), in_use: 0 });

struct Idle {
    waiting: Vec<Chromium>,
    in_use: usize,
}

/// The installed browser. None is a failure: `make test` installs one.
static PROGRAM: LazyLock<&str> = LazyLock::new(|| {
    let runs = |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    NAMES.into_iter().find(runs).expect("no Chromium is installed: scripts/setup browser installs it")
});

/// Moves the pipes to where Chromium wants them: 3 to read from, 4 to write to.
const WITH_PIPES: &str = "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1";

/// Nothing but the page may use the network.
const ARGUMENTS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
];

impl Chromium {
    fn start() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("chromium-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&profile);
        let mut child = Command::new("sh")
            .args(["-c", WITH_PIPES, *PROGRAM])
            .args(ARGUMENTS)
            .arg(format!("--user-data-dir={}", profile.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child: Arc::new(Mutex::new(child)), input, output, profile, last: 0 }
    }

    fn send(&mut self, session: Option<&str>, method: &str, parameters: &Value) -> u64 {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        self.input.write_all(format!("{message}\0").as_bytes()).unwrap();
        self.last
    }

    fn read(&mut self) -> Value {
        let mut message = Vec::new();
        self.output.read_until(0, &mut message).unwrap();
        assert_eq!(message.pop(), Some(0), "Chromium went away");
        serde_json::from_slice(&message).unwrap()
    }
}

impl Browser {
    /// A new page, with no cookies, no history and no cache.
    pub fn new() -> Self {
        let waiting = {
            let mut idle = IDLE.lock().unwrap();
            idle.in_use += 1;
            idle.waiting.pop()
        };
        let chromium = waiting.unwrap_or_else(Chromium::start);
        let watch = watch(chromium.child.clone());
        let (chromium, events) = (Some(chromium), Vec::new());
        let mut browser = Self { chromium, context: Value::Null, session: None, events, _watch: watch };
        browser.context = browser.call("Target.createBrowserContext", json!({}))["browserContextId"].clone();
        let page = json!({ "url": "about:blank", "browserContextId": browser.context });
        let target = browser.call("Target.createTarget", page);
        let target = json!({ "targetId": target["targetId"], "flatten": true });
        browser.session = browser.call("Target.attachToTarget", target)["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "Network.enable"] {
            browser.call(domain, json!({}));
        }
        browser
    }

    fn chromium(&mut self) -> &mut Chromium {
        self.chromium.as_mut().expect("there as long as the page is")
    }

    /// Calls a method of the debugging protocol.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        let session = self.session.clone();
        let number = self.chromium().send(session.as_deref(), method, &parameters);
        loop {
            let answer = self.chromium().read();
            if answer["id"] == number {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    /// Opens a file and waits until it is loaded.
    pub fn open(&mut self, file: &Path) -> String {
        let address = format!("file://{}", file.display());
        self.events.clear();
        self.call("Page.navigate", json!({ "url": address }));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.chromium().read();
            self.events.push(event);
        }
        address
    }

    /// Turns the screen into one of this size.
    pub fn resize(&mut self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Shows the page in another medium and colour scheme.
    pub fn show_as(&mut self, medium: &str, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "media": medium, "features": features }));
    }

    /// The value of an expression on the page.
    pub fn ask(&mut self, expression: &str) -> Value {
        let question = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", question);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// What a reader sees.
    pub fn text(&mut self) -> String {
        self.ask("document.body.innerText").as_str().unwrap().to_owned()
    }

    /// Points at the middle of what `selector` finds.
    pub fn point_at(&mut self, selector: &str) -> Value {
        let place = self.ask(&format!(
            "(() => {{ const one = document.querySelector({selector:?}); one.scrollIntoView({{ block: 'center', behavior: \
             'instant' }}); const box = one.getBoundingClientRect(); return {{ x: box.x + box.width / 2, y: box.y + \
             box.height / 2 }}; }})()"
        ));
        self.mouse("mouseMoved", &place);
        place
    }

    /// Clicks on what `selector` finds.
    pub fn click(&mut self, selector: &str) {
        let place = self.point_at(selector);
        self.mouse("mousePressed", &place);
        self.mouse("mouseReleased", &place);
    }

    fn mouse(&mut self, kind: &str, place: &Value) {
        let button = if kind == "mouseMoved" { "none" } else { "left" };
        let event = json!({ "type": kind, "x": place["x"], "y": place["y"], "button": button, "clickCount": 1 });
        self.call("Input.dispatchMouseEvent", event);
    }

    /// Presses a key that has a name.
    pub fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "ArrowLeft" => (37, ""),
            other => panic!("no key {other}"),
        };
        for kind in ["keyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text });
            self.call("Input.dispatchKeyEvent", event);
        }
    }
}

/// Ends a browser that hangs, so that who waits for it fails.
fn watch(child: Arc<Mutex<Child>>) -> Sender<()> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        if receiver.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            let _ = child.lock().unwrap().kill();
        }
    });
    sender
}

impl Drop for Browser {
    fn drop(&mut self) {
        let chromium = self.chromium.take();
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        idle.in_use -= 1;
        // After a failure nobody knows what it is in the middle of.
        if let Some(mut chromium) = chromium.filter(|_| !thread::panicking()) {
            chromium.send(None, "Target.disposeBrowserContext", &json!({ "browserContextId": self.context }));
            idle.waiting.push(chromium);
        }
        if idle.in_use == 0 {
            idle.waiting.clear();
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}
