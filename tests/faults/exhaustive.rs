//! Everything there is of one thing: status words, profiles, rules, usage controls, action codes, faults of the reader.

use std::{
    fs,
    future::{Future, pending, poll_fn},
    pin::pin,
    task::Poll,
    time::Instant,
};

use emvident::{
    apdu::{
        Bits, Card, Command, Exchange, Fault, Response, StatusWord,
        command::ins,
        tag,
        value::{CryptogramType, TerminalType},
    },
    kernel::{
        Decision, Outcome, Terminal, Transaction, TransactionKind,
        contact::{
            analyse::{ActionCodes, analyse},
            restrict::{PointOfUse, restrict_at},
        },
        finding::Place,
        store::CardData,
        transact,
    },
    readers::{Transcript, fault_of_code, wait},
    run,
    scenario::Scenario,
    scripted::{People, Scripted},
    setup::{TerminalSource, read_file},
    vectors::{Alteration, SoftwareCard, profile},
};

/// One table laid once, and a transaction at it again and again.
struct Bench {
    card: SoftwareCard,
    terminal: Terminal,
    transaction: Transaction,
    scenario: Scenario,
}

impl Bench {
    fn new(name: &str, alterations: &[&str]) -> Self {
        Self::of(Scenario { alterations: parsed(alterations), ..Scenario::of_card(name) })
    }

    fn of(scenario: Scenario) -> Self {
        let table = scenario.lay().unwrap();
        Self { card: table.card, terminal: table.terminal, transaction: table.transaction, scenario }
    }

    fn people(&self) -> Scripted {
        let pin = profile(&self.scenario.card).and_then(|profile| profile.applications[0].pin.clone());
        Scripted::new(People::default(), pin, self.scenario.host.clone(), 0)
    }

    /// A transaction with this card made new and `between` it and the terminal.
    fn run(&self, between: impl FnMut(&Command, usize, Answer) -> Answer) -> Outcome {
        self.run_on(&self.terminal, between)
    }

    fn run_on(&self, terminal: &Terminal, between: impl FnMut(&Command, usize, Answer) -> Answer) -> Outcome {
        let mut card = Between { card: self.card.clone(), number: 0, between };
        wait(transact(&mut card, &mut self.people(), terminal, &self.transaction))
    }
}

fn parsed(alterations: &[&str]) -> Vec<Alteration> {
    alterations.iter().map(|text| text.parse().unwrap()).collect()
}

type Answer = Result<Response, Fault>;

/// A card whose answers are changed on the way.
struct Between<F> {
    card: SoftwareCard,
    number: usize,
    between: F,
}

impl<F: FnMut(&Command, usize, Answer) -> Answer> Card for Between<F> {
    fn transmit(&mut self, command: &Command) -> impl Future<Output = Result<Exchange, Fault>> {
        self.number += 1;
        let answer = (self.between)(command, self.number, self.card.answer(command));
        std::future::ready(answer.map(|response| Exchange { response, elapsed: Default::default() }))
    }

    fn atr(&self) -> &[u8] {
        self.card.atr()
    }
}

/// The whole of a run that must be the same twice.
fn came_to(outcome: &Outcome) -> (Decision, [u8; 5], Vec<&'static str>) {
    let reasons = outcome.log.findings.iter().map(|finding| finding.reason.id()).collect();
    (outcome.decision, outcome.tvr.0, reasons)
}

/// The status words that mean something somewhere, and every SW1 with three SW2s.
fn status_words() -> impl Iterator<Item = u16> {
    let every_first = (0..=0xFF_u16).flat_map(|first| [0x00, 0x10, 0xFF].map(|second| first << 8 | second));
    let every_second =
        [0x63, 0x69, 0x6A].into_iter().flat_map(|first| (0..=0xFF_u16).map(move |second| first << 8 | second));
    every_first.chain(every_second)
}

#[test]
fn every_status_word_to_every_command_ends_and_none_but_9000_approves() {
    let whole = std::env::var_os("WHOLE").is_some();
    let words: Vec<u16> = if whole { (0..=u16::MAX).collect() } else { status_words().collect() };
    let transaction = emvident::scenario::Purchase { amount: 20_000, ..Default::default() };
    let cards =
        [("no-oda", "with cvm-list=00000000000000001F00"), ("no-oda", "with cvm-list=000000000000000041035E03")];
    for (name, list) in cards {
        let scenario =
            Scenario { alterations: parsed(&[list]), transaction: transaction.clone(), ..Scenario::of_card(name) };
        let bench = Bench::of(scenario);
        let mut instructions: Vec<(u8, usize)> = Vec::new();
        bench.run(|command, _, answer| {
            let time = instructions.iter().filter(|(ins, _)| *ins == command.ins()).count() + 1;
            instructions.push((command.ins(), time));
            answer
        });
        let pin_only = [ins::VERIFY, ins::GET_DATA];
        let with_pin = instructions.iter().any(|(ins, _)| *ins == ins::VERIFY);
        let last_of_kind = |(ins, time): &(u8, usize)| match *ins {
            ins::SELECT | ins::READ_RECORD => !with_pin && *time == 2,
            ins => with_pin == pin_only.contains(&ins),
        };
        for (ins, time) in instructions.into_iter().filter(last_of_kind) {
            for word in words.iter().copied().filter(|word| *word != 0x9000) {
                let mut met = 0;
                let outcome = bench.run(|command, _, answer| {
                    met += usize::from(command.ins() == ins);
                    let meant = command.ins() == ins && met == time;
                    if meant { Response::new(&[], StatusWord(word)).map_err(|_| Fault::Length) } else { answer }
                });
                let approved = outcome.decision == Decision::Approved;
                assert!(!(approved && ins == ins::GENERATE_AC), "GENERATE AC {time} answered by {word:04X}");
                assert!(outcome.log.exchanges.len() < 60, "{ins:02X} {word:04X}");
            }
        }
    }
}

#[test]
fn every_code_at_every_command_never_approves() {
    let bench = Bench::of(Scenario {
        transaction: emvident::scenario::Purchase { amount: 20_000, ..Default::default() },
        ..Scenario::of_card("no-oda")
    });
    let commands = bench.run(|_, _, answer| answer).log.exchanges.len();
    let codes = (0x8010_0001..=0x8010_0031).chain(0x8010_0065..=0x8010_0071).chain([0xDEAD_BEEF]);
    for code in codes {
        for at in 1..=commands {
            let fault = fault_of_code(code);
            let outcome = bench.run(|_, number, answer| if number == at { Err(fault) } else { answer });
            assert_eq!(outcome.decision, Decision::NotCompleted, "{code:08X} at command {at}");
            assert_eq!(outcome.log.exchanges.len(), at, "{code:08X}: nothing is sent after it");
            let asked_host = outcome.online;
            assert!(!asked_host || outcome.reversal, "{code:08X} at command {at}: the issuer is not told");
        }
    }
}

#[test]
fn every_profile_ends_without_panic_and_the_same_twice() {
    let second = [0x00, 0x01, 0x80, 0xFF];
    let both = |first: u8| second.map(|second| [first, second]);
    for (name, firsts) in [("no-oda", (0..=255).collect::<Vec<u8>>()), ("no-cvm", (0..=255).step_by(17).collect())] {
        let bench = Bench::new(name, &["with aip-is-signed=no", "with cvm-list=00000000000000001F00"]);
        for profile in firsts.into_iter().flat_map(both) {
            let run = || {
                bench.run(|command, _, answer| match command.ins() {
                    ins::GET_PROCESSING_OPTIONS => answer.map(|answer| with_profile(&answer, profile)),
                    _ => answer,
                })
            };
            let once = run();
            assert_eq!(came_to(&once), came_to(&run()), "{name}: {profile:02X?}");
            let methods = profile[0] & 0x61 != 0;
            assert!(methods || once.tvr.0[0] & 0x80 != 0, "{name}: {profile:02X?} has TVR {:02X?}", once.tvr.0);
        }
    }
}

/// The answer to GET PROCESSING OPTIONS, in either format, with another profile.
fn with_profile(answer: &Response, profile: [u8; 2]) -> Response {
    let mut data = answer.data().to_vec();
    let at = if data[0] == 0x80 { 2 } else { data.windows(2).position(|two| two == [0x82, 0x02]).unwrap() + 2 };
    data[at..at + 2].copy_from_slice(&profile);
    Response::new(&data, answer.status()).unwrap()
}

#[test]
fn every_rule_on_every_terminal_ends_and_ends_the_same_twice() {
    let terminals = [[0xE0, 0xF8, 0xC8], [0xE0, 0x08, 0xC8], [0xE0, 0x60, 0xC8]].map(|capabilities| {
        let mut terminal = TerminalSource::for_tests().terminal().unwrap();
        terminal.capabilities = Bits(capabilities);
        terminal
    });
    let bench = Bench::new("no-oda", &["with cvm-list=00000000000000001F00"]);
    let conditions = |method: u8| if method == 0x1F { (0..=255).collect() } else { vec![0x00, 0x03, 0x06, 0x08, 0xFF] };
    for (method, condition) in (0..=255).flat_map(|method| conditions(method).into_iter().map(move |one| (method, one)))
    {
        for terminal in &terminals {
            let rules = [&[0; 8][..], &[method, condition, 0x5E, 0x03]].concat();
            let run = || bench.run_on(terminal, |_, _, answer| answer.map(|answer| with_rules(&answer, &rules)));
            let (once, again) = (run(), run());
            assert_eq!(came_to(&once), came_to(&again), "{method:02X} {condition:02X}");
            let Some(results) = once.cvm_results else { continue };
            let known = [method, 0x5E, 0x3F].contains(&results.0[0]);
            assert!(known, "{method:02X} {condition:02X} gives {:02X?}", results.0);
            if condition == 0xFF && ![0x3F, 0x5E].contains(&method) {
                assert_ne!(results.0[0], method, "a condition nobody knows does not hold: {method:02X}");
            }
        }
    }
}

/// A record with another CVM list, where it has one.
fn with_rules(answer: &Response, rules: &[u8]) -> Response {
    let old: Vec<u8> = [&[0x8E, 0x0A][..], &[0; 8], &[0x1F, 0x00]].concat();
    let data = answer.data();
    let Some(at) = data.windows(old.len()).position(|part| part == old) else { return answer.clone() };
    let mut new = [&data[..at], &[0x8E, 0x0C], rules, &data[at + old.len()..]].concat();
    new[1] += 2;
    Response::new(&new, answer.status()).unwrap()
}

#[test]
fn every_usage_control_restricts_as_its_bits_say() {
    let terminal = TerminalSource::for_tests().terminal().unwrap();
    let scenario = Scenario::of_card("no-oda");
    let place = PointOfUse::new(&terminal, &terminal.applications[0]);
    for (kind, cashback) in
        [(TransactionKind::Purchase, 0), (TransactionKind::Cash, 0), (TransactionKind::PurchaseWithCashback, 1)]
    {
        let transaction = Transaction { kind, amount_other: cashback, ..scenario.transaction.resolve().unwrap() };
        for country in [None, Some([0x01, 0x56]), Some([0x08, 0x40])] {
            let mut card = CardData::default();
            if let Some(country) = country {
                card.put(tag::ISSUER_COUNTRY_CODE_5F28, &country, Place::default());
            }
            for control in 0..=u16::MAX {
                let mut card = card.clone();
                card.put(tag::APPLICATION_USAGE_CONTROL_9F07, &control.to_be_bytes(), Place::default());
                let refused = restrict_at(&card, &place, &transaction).tvr.0[1] & 0x10 != 0;
                assert_eq!(
                    refused,
                    !allowed(control, kind, country.map(|country| country == [0x01, 0x56])),
                    "{control:04X} {kind:?} {country:?}"
                );
            }
        }
    }
}

/// What `EMV 4.4 Book 3, 10.4.2` allows a terminal that is no ATM and sells goods and services.
fn allowed(control: u16, kind: TransactionKind, at_home: Option<bool>) -> bool {
    let has = |bit: u16| control & bit != 0;
    let Some(at_home) = at_home else { return has(0x0100) };
    let either = |home: u16, abroad: u16| has(if at_home { home } else { abroad });
    let kind = match kind {
        TransactionKind::Cash => either(0x8000, 0x4000),
        TransactionKind::PurchaseWithCashback => either(0x2800, 0x1400) && either(0x0080, 0x0040),
        _ => either(0x2800, 0x1400),
    };
    has(0x0100) && kind
}

#[test]
fn every_bit_and_many_words_are_analysed_as_a_model_of_ten_lines_does() {
    let terminal = TerminalSource::for_tests().terminal().unwrap();
    let bits: Vec<[u8; 5]> = (0..40).map(|bit| ((1_u64 << bit).to_be_bytes()[3..]).try_into().unwrap()).collect();
    let single = bits.iter().flat_map(|tvr| {
        (0..6).map(move |code| (*tvr, std::array::from_fn(|at| if at == code { *tvr } else { [0; 5] })))
    });
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut word = move |sparse: bool| {
        let mut next = || {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random
        };
        let word = if sparse { next() & next() & next() & next() & next() } else { next() };
        <[u8; 5]>::try_from(&word.to_be_bytes()[3..]).unwrap()
    };
    let mut many = Vec::new();
    many.resize_with(60_000, || (word(true), std::array::from_fn(|_| word(true))));
    let types = [0x21_u8, 0x22, 0x23, 0x25].map(TerminalType);
    for ((tvr, codes), terminal_type) in single.chain(many).flat_map(|case| types.map(|one| (case, one))) {
        let mut application = terminal.applications[0].clone();
        [application.tac_denial, application.tac_online, application.tac_default] =
            [codes[0], codes[1], codes[2]].map(Bits);
        let mut card = CardData::default();
        let tags = [tag::IAC_DENIAL_9F0E, tag::IAC_ONLINE_9F0F, tag::IAC_DEFAULT_9F0D];
        tags.into_iter().zip(&codes[3..]).for_each(|(tag, code)| card.put(tag, code, Place::default()));
        let request = analyse(Bits(tvr), ActionCodes::new(&application, &card), terminal_type).request;
        assert_eq!(request, model(tvr, &codes, terminal_type.0), "{tvr:02X?} {codes:02X?} {terminal_type:?}");
    }
}

/// `EMV 4.4 Book 3, 10.7`: denial, online and default, of the terminal and then of the issuer.
fn model(tvr: [u8; 5], codes: &[[u8; 5]; 6], terminal_type: u8) -> CryptogramType {
    let hit = |which: usize| (0..5).any(|byte| tvr[byte] & (codes[which][byte] | codes[which + 3][byte]) != 0);
    match terminal_type & 0x0F {
        _ if hit(0) => CryptogramType::Aac,
        1 | 4 => CryptogramType::Arqc,
        3 | 6 if hit(2) => CryptogramType::Aac,
        2 | 5 if hit(1) => CryptogramType::Arqc,
        _ => CryptogramType::Tc,
    }
}

/// A reader that never gives an answer.
struct Hanging(SoftwareCard);

impl Card for Hanging {
    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        if command.ins() == ins::GENERATE_AC {
            return pending().await;
        }
        self.0.transmit(command).await
    }

    fn atr(&self) -> &[u8] {
        self.0.atr()
    }
}

#[test]
fn a_reader_that_never_answers_is_left_at_once() {
    let bench = Bench::new("no-oda", &[]);
    let (mut card, mut people) = (Hanging(bench.card.clone()), bench.people());
    let start = Instant::now();
    {
        let mut transaction = pin!(transact(&mut card, &mut people, &bench.terminal, &bench.transaction));
        let ready = wait(poll_fn(|context| Poll::Ready(transaction.as_mut().poll(context).is_ready())));
        assert!(!ready, "it waits for its reader");
    }
    assert!(start.elapsed().as_secs() < 5);
    let again = wait(transact(&mut card.0, &mut people, &bench.terminal, &bench.transaction));
    assert_ne!(again.decision, Decision::NotCompleted, "the card can be used again");
}

#[test]
fn nothing_of_one_card_stays_for_the_next() {
    let first = Bench::new("no-oda", &["with pan=4761739001010119"]);
    let second = Bench::new("no-oda", &[]);
    assert_eq!(first.card.atr(), second.card.atr());
    let alone = second.run(|_, _, answer| answer);
    let mut people = second.people();
    let mut run = |card: &SoftwareCard| {
        people = second.people();
        wait(transact(&mut card.clone(), &mut people, &second.terminal, &second.transaction))
    };
    run(&first.card);
    let after = run(&second.card);
    assert_eq!(after.log.exchanges, alone.log.exchanges);
    assert_eq!(after.card.value(tag::PAN_5A), alone.card.value(tag::PAN_5A));
}

#[test]
fn a_configuration_of_any_size_and_depth_is_refused_in_time() {
    let start = Instant::now();
    let deep = format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!("terminal = {{ type = \"{}\" }}", "2".repeat(1 << 20));
    let many = "[[application]]\n".repeat(50_000);
    for text in [deep, wide, many] {
        assert!(Terminal::from_toml(&text).is_err());
    }
    let large = std::env::temp_dir().join(format!("emvident-large-{}.toml", std::process::id()));
    fs::File::create(&large).unwrap().set_len(1 << 30).unwrap();
    let read = read_file(&large);
    fs::remove_file(&large).unwrap();
    assert!(read.unwrap_err().to_string().contains("are too many"));
    let bytes = std::env::temp_dir().join(format!("emvident-bytes-{}.toml", std::process::id()));
    fs::write(&bytes, [0xFF, 0xFE, 0x00]).unwrap();
    let read = read_file(&bytes);
    fs::remove_file(&bytes).unwrap();
    assert!(read.is_err());
    assert!(start.elapsed().as_secs() < 20);
}

#[test]
fn what_a_recording_claims_is_worked_out_anew() {
    let scenario = Scenario { alterations: parsed(&["force first aac"]), ..Scenario::of_card("no-oda") };
    let declined = scenario.lay().unwrap().run(&scenario.transaction);
    assert_eq!(declined.outcome.decision, Decision::Declined);
    let text = declined.transcript.to_string();
    assert!(!text.contains("approved"));
    let claimed = text.replacen("\n\n", "\noutcome: approved\ndecision: approved\n\n", 1);
    if let Ok(transcript) = Transcript::parse(&claimed) {
        let replayed = run::replay(&transcript).unwrap();
        assert_eq!(replayed.run.outcome.decision, Decision::Declined);
    }
    let changed = text.replacen("80120000", "80124000", 1);
    assert_ne!(changed, text, "the card's AAC is there to be changed");
    let replayed = run::replay(&Transcript::parse(&changed).unwrap()).unwrap();
    assert_ne!(replayed.run.outcome.decision, Decision::Approved, "a TC for an AAC is more than was asked");
}
