//! One run: the reader, a card that answers what the run says, people who write down what they see, and a kernel that says
//! what the run wants.

use std::{
    cell::RefCell,
    collections::VecDeque,
    rc::Rc,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use emvident::{
    apdu::{
        Card, Command, Exchange, Fault, Presence, Response, StatusWord, Tag,
        command::ins,
        tag,
        value::{
            date::{Date, Time},
            pan::Pan,
        },
    },
    display::Display,
    kernel::{
        Interface, Outcome, PointOfSale, Terminal, Transaction, TransactionKind,
        contactless::{
            self, Kernels, Memory, TapOutcome, UserInterfaceRequest,
            kernel::{Exit, Started},
            pre_process::Indicators,
        },
        finding::Place,
        pin::{BlockFormat, OnlinePinBlock},
        point_of_sale::{
            Answer, Authorisation, AuthorisationRequest, Candidate, Message, OnlinePinEntry, OnlinePinRequest,
            PinEntry, PinRequest, RandomPurpose, Unable,
        },
        session::Session,
        store::TerminalData,
    },
    readers::wait,
    text::Language,
};

use super::{case::Run, words};

type Log = Rc<RefCell<Vec<String>>>;

const PPSE: &[u8] = b"2PAY.SYS.DDF01";
const TEST_PAN: &[u8] = &[0x47, 0x61, 0x73, 0x90, 0x01, 0x01, 0x00, 0x10];

/// What became of a run.
pub struct Played {
    pub log: Vec<String>,
    pub displayed: Vec<String>,
    pub findings: Vec<String>,
    /// The final outcome.
    pub ends: String,
    pub decision: String,
    /// The unpredictable number of each kernel activation.
    pub numbers: Vec<String>,
    last: Vec<(String, String)>,
}

impl Played {
    /// What happened of one sort, without the word for it.
    pub fn lines(&self, sort: &str) -> Vec<String> {
        self.log.iter().filter_map(|line| line.strip_prefix(sort)).map(str::to_owned).collect()
    }

    /// What happened to the card.
    pub fn card(&self) -> Vec<String> {
        let others = ["show ", "start ", "authorise"];
        self.log.iter().filter(|line| !others.iter().any(|other| line.starts_with(other))).cloned().collect()
    }

    /// A data object of the terminal that the last kernel had.
    pub fn kernel_had(&self, tag: &str) -> Option<&str> {
        self.last.iter().find(|(known, _)| known == tag).map(|(_, value)| value.as_str())
    }
}

/// Runs a transaction.
pub fn play(run: &Run, memory: &mut Memory) -> Played {
    let log = Log::default();
    let configuration = words::configuration(run);
    let terminal = Terminal::from_toml(&configuration).unwrap_or_else(|error| panic!("{error}\n{configuration}"));
    let mut card = AnsweringCard::new(run, log.clone());
    let mut people =
        Watching { log: log.clone(), display: Display::new(Language::En), displayed: Vec::new(), issuer: issuer(run) };
    let mut kernels = Obedient {
        log: log.clone(),
        outcomes: run.outcomes.iter().map(|text| words::outcome(text)).collect(),
        proprietary: run.fci.clone(),
        numbers: Vec::new(),
        last: Vec::new(),
    };
    let transaction = transaction(run);
    let outcome = wait(async {
        if run.idle {
            contactless::idle(&mut card, &mut people, &terminal).await.unwrap();
        }
        contactless::purchase_with(&mut card, &mut people, &terminal, &transaction, memory, &mut kernels).await
    });
    let tap = outcome.tap.as_ref().unwrap();
    let lines = log.borrow().clone();
    Played {
        log: lines,
        displayed: people.displayed,
        findings: outcome.log.findings.iter().map(|finding| finding.reason.id().to_owned()).collect(),
        ends: tap.outcome.as_ref().map_or("-".to_owned(), ToString::to_string),
        decision: format!("{} by {}", outcome.decision.id(), outcome.decided_by.id()),
        numbers: kernels.numbers,
        last: kernels.last,
    }
}

fn transaction(run: &Run) -> Transaction {
    Transaction {
        amount: run.amount,
        amount_other: run.cashback,
        kind: TransactionKind::from_id(&run.kind).unwrap(),
        date: Date::new(2026, 6, 15).unwrap(),
        time: Time::new(12, 0, 0).unwrap(),
        sequence_counter: 1,
        forced_online: false,
        interface: Interface::Contactless,
    }
}

/// `00 91=0102 72…`.
fn issuer(run: &Run) -> Option<Answer> {
    let mut words = run.issuer.as_ref()?.split_whitespace();
    let code = words.next().unwrap().as_bytes().try_into().unwrap();
    let mut answer =
        Answer { response_code: code, issuer_authentication_data: None, scripts: Vec::new(), authorisation_code: None };
    for word in words {
        match word.strip_prefix("91=") {
            Some(data) => answer.issuer_authentication_data = Some(hex::decode(data).unwrap()),
            None => answer.scripts.extend(hex::decode(word).unwrap()),
        }
    }
    Some(answer)
}

struct AnsweringCard {
    log: Log,
    directory: Vec<u8>,
    proprietary: String,
    selects: VecDeque<Result<StatusWord, Fault>>,
    field: VecDeque<Presence>,
}

impl AnsweringCard {
    fn new(run: &Run, log: Log) -> Self {
        Self {
            log,
            directory: words::directory(run),
            proprietary: run.fci.clone(),
            selects: run.selects.iter().map(|word| words::answer(word)).collect(),
            field: run.field.iter().map(|word| Presence::from_id(word).unwrap()).collect(),
        }
    }

    fn answer(&mut self, command: &Command) -> Result<Response, Fault> {
        assert_eq!(command.header(), [0x00, ins::SELECT, 0x04, 0x00], "Entry Point selects, and nothing else");
        assert_eq!(command.as_bytes().last(), Some(&0x00), "Le");
        let name = command.data();
        if name == PPSE {
            self.log.borrow_mut().push("select PPSE".to_owned());
            return Ok(Response::from_bytes(&self.directory).unwrap());
        }
        self.log.borrow_mut().push(format!("select {}", hex::encode_upper(name)));
        let status = self.selects.pop_front().unwrap_or(Ok(StatusWord::OK))?;
        let data = if status.is_ok() { words::fci(name, &self.proprietary) } else { Vec::new() };
        Ok(Response::from_bytes(&[data, status.0.to_be_bytes().to_vec()].concat()).unwrap())
    }
}

impl Card for AnsweringCard {
    async fn activate(&mut self) -> Result<Presence, Fault> {
        let presence = self.field.pop_front().unwrap_or(Presence::One);
        self.log.borrow_mut().push(format!("activate {}", presence.id()));
        Ok(presence)
    }

    async fn field_off(&mut self, duration: Duration) -> Result<(), Fault> {
        self.log.borrow_mut().push(format!("field-off {}", duration.as_millis()));
        Ok(())
    }

    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        self.answer(command).map(|response| Exchange { response, elapsed: Duration::ZERO })
    }

    fn atr(&self) -> &[u8] {
        &[]
    }
}

/// A kernel that says what the run wants, whatever its number.
struct Obedient {
    log: Log,
    outcomes: VecDeque<TapOutcome>,
    proprietary: String,
    numbers: Vec<String>,
    last: Vec<(String, String)>,
}

impl Kernels for Obedient {
    async fn run<C: Card, P: PointOfSale>(
        &mut self,
        _: &mut Session<'_, C, P>,
        out: &mut Outcome,
        started: &mut Started<'_>,
    ) -> Result<TapOutcome, Exit> {
        let name = &started.selected.name;
        self.log.borrow_mut().push(format!("start {}", description(started)));
        // The kernel gets the whole answer to the final SELECT.
        assert_eq!(started.selected.reply.status(), StatusWord::OK);
        assert_eq!(started.selected.reply.data(), words::fci(name, &self.proprietary));
        // What the card says of the terminal's data changes nothing.
        self.last = TERMINAL_DATA.iter().filter_map(|tag| had(&out.terminal, *tag)).collect();
        self.numbers.push(had(&out.terminal, tag::UNPREDICTABLE_NUMBER_9F37).unwrap().1);
        out.card.put(tag::PAN_5A, TEST_PAN, Place::default());
        Ok(self.outcomes.pop_front().unwrap_or_else(|| words::outcome("approved ui=approved/card-read-successfully")))
    }
}

/// What a kernel may be asked about.
const TERMINAL_DATA: [Tag; 12] = [
    tag::AMOUNT_AUTHORISED_9F02,
    tag::AMOUNT_OTHER_9F03,
    tag::TRANSACTION_TYPE_9C,
    tag::TRANSACTION_DATE_9A,
    tag::TRANSACTION_TIME_9F21,
    tag::TRANSACTION_CURRENCY_CODE_5F2A,
    tag::TRANSACTION_CURRENCY_EXPONENT_5F36,
    tag::TERMINAL_COUNTRY_CODE_9F1A,
    tag::TERMINAL_TYPE_9F35,
    tag::TERMINAL_CAPABILITIES_9F33,
    tag::KERNEL_IDENTIFIER_9F2A,
    tag::k3::TTQ_9F66,
];

fn had(terminal: &TerminalData, tag: Tag) -> Option<(String, String)> {
    Some((tag.to_string(), hex::encode_upper(terminal.value(tag)?)))
}

/// `C-3 A0000000031010 floor-limit ttq=36804080`.
fn description(started: &Started<'_>) -> String {
    let Indicators { status_check_requested, zero_amount, cvm_limit_exceeded, floor_limit_exceeded, ttq, .. } =
        *started.indicators;
    let flags = [
        (status_check_requested, "status-check"),
        (zero_amount, "zero-amount"),
        (floor_limit_exceeded, "floor-limit"),
        (cvm_limit_exceeded, "cvm-limit"),
        (started.restarted, "restarted"),
        (started.issuer.is_some(), "issuer"),
    ];
    let flags = flags.iter().filter(|(set, _)| *set).map(|(_, name)| format!(" {name}"));
    let ttq = ttq.map(|ttq| format!(" ttq={}", hex::encode_upper(ttq.0)));
    let name = hex::encode_upper(&started.selected.name);
    format!("{} {name}{}{}", started.combination.kernel, flags.collect::<String>(), ttq.unwrap_or_default())
}

struct Watching {
    log: Log,
    display: Display,
    displayed: Vec<String>,
    issuer: Option<Answer>,
}

impl PointOfSale for Watching {
    fn random(&mut self, _: RandomPurpose, out: &mut [u8]) {
        // SplitMix64 over a counter of all runs: no number comes twice.
        static DRAWN: AtomicU64 = AtomicU64::new(1);
        let mixed = DRAWN.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        out.copy_from_slice(&(mixed ^ (mixed >> 31)).to_be_bytes()[..out.len()]);
    }

    fn show(&mut self, message: Message) {
        panic!("a contactless transaction shows {message:?}");
    }

    fn user_interface(&mut self, request: &UserInterfaceRequest) {
        self.log.borrow_mut().push(format!("show {}/{}", request.message.id(), request.status.id()));
        let shown = self.display.request(request, Duration::ZERO);
        let value = shown.value.as_ref().map(|(_, value)| format!(" {value}")).unwrap_or_default();
        let message = shown.message.map_or("-", |message| message.id());
        self.displayed.push(format!("{} ms {} {message}{value}", shown.from.as_millis(), shown.language.tag()));
    }

    async fn choose_application(&mut self, _: &[Candidate]) -> Option<usize> {
        panic!("nobody chooses an application through the air")
    }

    async fn confirm_application(&mut self, _: &Candidate) -> bool {
        panic!("nobody confirms an application through the air")
    }

    async fn enter_pin(&mut self, _: &PinRequest) -> PinEntry {
        panic!("no PIN goes to a card through the air")
    }

    async fn enter_online_pin(&mut self, _: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        self.log.borrow_mut().push("enter PIN".to_owned());
        OnlinePinEntry::Entered(OnlinePinBlock { format: BlockFormat::Format0, bytes: vec![0; 8] })
    }

    async fn recent_amount(&mut self, _: &Pan, _: Option<u8>) -> u64 {
        0
    }

    async fn authorise(&mut self, request: &AuthorisationRequest<'_>) -> Authorisation {
        let pin = if request.pin.is_some() { " with PIN" } else { "" };
        self.log.borrow_mut().push(format!("authorise{pin}"));
        self.issuer.clone().map_or(Authorisation::Unable(Unable::NoLink), Authorisation::Answered)
    }

    async fn refer(&mut self) -> bool {
        false
    }
}
