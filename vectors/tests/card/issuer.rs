//! The issuer's part: cryptograms, issuer authentication, scripts, online PIN.

use apdu::{Command, tag, tlv};
use emvident_vectors::cryptogram::{Approval, issuer_authentication_data};
use emvident_vectors::host::{Behaviour, Check, Host, Request, Response};
use emvident_vectors::issuer_keys::IssuerKeys;
use emvident_vectors::secret::Pin;
use emvident_vectors::symmetric::pin_block;

use crate::terminal::{Terminal, bytes};

fn host(behaviour: &str) -> Host {
    Host::new(behaviour.parse().unwrap())
}

fn request(terminal: &Terminal) -> Request {
    Request { values: terminal.values.clone(), pin: None }
}

/// Up to the host's answer: ARQC, authorisation.
fn online(name: &str, behaviour: &str) -> (Terminal, Response) {
    let mut terminal = Terminal::named(name).start();
    terminal.first_ac(0x80);
    assert_eq!(terminal.cid(), 0x80, "{name}");
    let mut host = host(behaviour);
    let response = host.authorise(&request(&terminal)).unwrap();
    assert_eq!(host.verdict().unwrap().cryptogram, Check::Right, "{name}");
    (terminal, response)
}

/// Gives the answer to the card: EXTERNAL AUTHENTICATE where the AIP says so, else tag 91 for CDOL2.
fn deliver(terminal: &mut Terminal, response: &Response) -> Option<u16> {
    terminal.values.insert(tag::AUTHORISATION_RESPONSE_CODE_8A, response.code.to_vec());
    let data = response.issuer_authentication_data.clone()?;
    if terminal.values[&tag::AIP_82][0] & 0x04 != 0 {
        return Some(terminal.send(&Command::external_authenticate(&data).unwrap()).1);
    }
    terminal.values.insert(tag::ISSUER_AUTHENTICATION_DATA_91, data);
    None
}

/// The commands of a script template.
fn commands(scripts: &[u8]) -> Vec<Command> {
    let template = tlv::Reader::strict(scripts).next().unwrap().unwrap();
    let objects = template.children().map(Result::unwrap);
    let commands = objects.filter(|object| object.tag == tag::ISSUER_SCRIPT_COMMAND_86);
    commands.map(|object| Command::from_bytes(object.value).unwrap()).collect()
}

/// One card for each way of computing cryptograms.
const ONE_OF_EACH: [&str; 6] = ["sda", "visa-18", "dda", "m-chip-14", "unionpay", "cda"];

#[test]
fn the_issuer_accepts_every_card_s_cryptogram_and_every_card_the_issuer_s() {
    for name in ONE_OF_EACH {
        let (mut terminal, response) = online(name, "approve");
        assert_eq!(response.code, *b"00");
        assert!(matches!(deliver(&mut terminal, &response), None | Some(0x9000)), "{name}");
        let first = terminal.values[&tag::APPLICATION_CRYPTOGRAM_9F26].clone();
        terminal.second_ac(0x40);
        assert_eq!(terminal.cid(), 0x40, "{name}");
        assert_ne!(terminal.values[&tag::APPLICATION_CRYPTOGRAM_9F26], first);
        assert_eq!(terminal.send_hex("80CA9F1300").0, bytes("9F13020022"), "{name}");
    }
}

#[test]
fn a_wrong_answer_from_the_issuer_ends_in_an_aac() {
    for name in ONE_OF_EACH {
        let (mut terminal, response) = online(name, "wrong-arpc");
        assert!(matches!(deliver(&mut terminal, &response), None | Some(0x6300)), "{name}");
        terminal.second_ac(0x40);
        assert_eq!(terminal.cid(), 0x03, "{name}");
    }
}

#[test]
fn an_issuer_that_declines_gets_an_aac_even_when_a_tc_is_asked() {
    for name in ["sda", "visa-18", "dda", "cda"] {
        let (mut terminal, response) = online(name, "decline 51");
        assert_eq!((response.code, response.authorisation_code), (*b"51", None));
        deliver(&mut terminal, &response);
        terminal.second_ac(0x40);
        assert_eq!(terminal.cid(), 0x00, "{name}");
    }
}

#[test]
fn without_issuer_authentication_the_card_decides_by_its_profile() {
    for (name, cid) in [("online-only", 0x40), ("issuer-must-answer", 0x00)] {
        let (mut terminal, response) = online(name, "approve-without-91");
        assert_eq!(response.issuer_authentication_data, None);
        deliver(&mut terminal, &response);
        terminal.second_ac(0x40);
        assert_eq!(terminal.cid(), cid, "{name}");
    }
    let mut terminal = Terminal::named("issuer-must-answer").start();
    terminal.first_ac(0x80);
    terminal.values.insert(tag::AUTHORISATION_RESPONSE_CODE_8A, b"Y3".to_vec());
    terminal.second_ac(0x40);
    assert_eq!(terminal.cid(), 0x40);
}

#[test]
fn external_authenticate_comes_once_and_at_its_time() {
    let (mut terminal, response) = online("cda", "approve");
    assert_eq!(terminal.status("00820000070102030405060 7".replace(' ', "").as_str()), 0x6700);
    assert_eq!(deliver(&mut terminal, &response), Some(0x9000));
    assert_eq!(deliver(&mut terminal, &response), Some(0x6985));
    let mut early = Terminal::named("cda").start();
    assert_eq!(early.status("00820000080102030405060708"), 0x6985);
    let (mut without, _) = online("dda", "approve");
    assert_eq!(without.status("00820000080102030405060708"), 0x6D00);
}

#[test]
fn other_behaviours_do_what_they_are_called() {
    assert_eq!(online("cda", "referral").1.code, *b"01");
    let mut terminal = Terminal::named("cda").start();
    terminal.first_ac(0x80);
    assert_eq!(host("silent").authorise(&request(&terminal)), None);
}

#[test]
fn a_forged_cryptogram_or_amount_is_declined() {
    let mut terminal = Terminal::named("cda").start();
    terminal.first_ac(0x80);
    for changed in
        [tag::APPLICATION_CRYPTOGRAM_9F26, tag::AMOUNT_AUTHORISED_9F02, tag::AIP_82, tag::ISSUER_APPLICATION_DATA_9F10]
    {
        let mut request = request(&terminal);
        *request.values.get_mut(&changed).unwrap().last_mut().unwrap() ^= 1;
        let mut host = host("approve");
        assert_eq!(host.authorise(&request).unwrap().code, *b"88", "{changed}");
        assert_eq!(host.verdict().unwrap().cryptogram, Check::Wrong);
    }
    let mut host = host("approve");
    let answer = host.authorise(&Request::default()).unwrap();
    assert_eq!((answer.code, answer.issuer_authentication_data), (*b"88", None));
    assert_eq!(host.verdict().unwrap().cryptogram, Check::NotPossible);
}

#[test]
fn an_online_pin_is_checked_in_every_format() {
    let keys = IssuerKeys::test();
    let mut terminal = Terminal::named("online-pin").start();
    terminal.first_ac(0x80);
    let pan = terminal.profile.applications[0].pan.clone();
    for format in [0, 3, 4] {
        for (digits, check, code) in [("1234", Check::Right, *b"00"), ("1235", Check::Wrong, *b"55")] {
            let pin = pin_block::seal(format, &Pin::new(digits).unwrap(), &pan, &keys.pin, &keys.pin_aes, *b"fillers!");
            let mut host = host("approve");
            let response = host.authorise(&Request { pin, ..request(&terminal) }).unwrap();
            assert_eq!((response.code, host.verdict().unwrap().pin), (code, Some(check)), "format {format}");
        }
    }
    let mut other = Host::new(Behaviour::Approve).with_pin(Pin::new("9999").unwrap());
    let pin = pin_block::seal(0, &Pin::new("9999").unwrap(), &pan, &keys.pin, &keys.pin_aes, [0; 8]);
    assert_eq!(other.authorise(&Request { pin, ..request(&terminal) }).unwrap().code, *b"00");
}

/// Runs the script after the second GENERATE AC and gives the status words and the terminal.
fn run_script(name: &str, script: &str) -> (Terminal, Vec<u16>) {
    let (mut terminal, response) = online(name, &format!("script {script}"));
    assert_eq!(response.scripts[0], 0x72);
    deliver(&mut terminal, &response);
    terminal.second_ac(0x40);
    let statuses = commands(&response.scripts).iter().map(|command| terminal.send(command).1).collect();
    (terminal, statuses)
}

#[test]
fn scripts_with_a_right_mac_are_obeyed_by_every_card() {
    for name in ONE_OF_EACH {
        let select = |terminal: &mut Terminal| {
            let aid = terminal.profile.applications[0].aid.clone();
            terminal.send(&Command::select(&aid).unwrap()).1
        };
        let (mut terminal, statuses) = run_script(name, "application-block");
        assert_eq!((statuses, select(&mut terminal)), (vec![0x9000], 0x6283), "{name}");
        let (mut terminal, statuses) = run_script(name, "card-block");
        assert_eq!((statuses, select(&mut terminal)), (vec![0x9000], 0x6A81), "{name}");
        terminal.card.reset();
        assert_eq!(select(&mut terminal), 0x6A81, "{name}");
        let (mut terminal, statuses) = run_script(name, "put-data");
        assert_eq!(statuses, [0x9000, 0x9000], "{name}");
        assert_eq!(terminal.send_hex("80CA9F5800").0, bytes("9F580105"), "{name}");
        assert_eq!(terminal.send_hex("80CA9F5900").0, bytes("9F590108"), "{name}");
        let (mut terminal, statuses) = run_script(name, "update-record");
        assert_eq!(
            (statuses, terminal.send_hex("00B2010C00").0),
            (vec![0x9000], bytes("700C5F20094E4557204E414D452F")),
            "{name}"
        );
        let (mut terminal, statuses) = run_script(name, "bad-mac");
        assert_eq!((statuses, select(&mut terminal)), (vec![0x6988], 0x9000), "{name}");
    }
}

#[test]
fn a_new_pin_takes_the_place_of_the_old() {
    for name in ONE_OF_EACH {
        let (terminal, statuses) = run_script(name, "pin-change");
        assert_eq!(statuses, [0x9000], "{name}");
        let again = Terminal { card: terminal.card, ..Terminal::named(name) };
        let mut again = again.start();
        assert_eq!(again.status("0020008008241234FFFFFFFFFF"), 0x63C2, "{name}");
        assert_eq!(again.status("0020008008244321FFFFFFFFFF"), 0x9000, "{name}");
    }
}

#[test]
fn a_blocked_pin_and_a_blocked_application_come_back() {
    let (mut terminal, response) = online("pin-blocked", "script pin-unblock before");
    assert_eq!(response.scripts[0], 0x71);
    assert_eq!(terminal.send(&commands(&response.scripts)[0]).1, 0x9000);
    assert_eq!(terminal.send_hex("80CA9F1700").0, bytes("9F170103"));
    deliver(&mut terminal, &response);
    terminal.second_ac(0x40);
    // One script received, none failed.
    let data = &terminal.values[&tag::ISSUER_APPLICATION_DATA_9F10];
    assert_eq!(data[6], 0x10);
    let (mut terminal, _) = run_script("cda", "application-block");
    terminal.card.reset();
    let aid = terminal.profile.applications[0].aid.clone();
    assert_eq!(terminal.send(&Command::select(&aid).unwrap()).1, 0x6283);
    terminal.status("80A80000088306E0F0C801562200");
    terminal.first_ac(0x00);
    let response = host("script application-unblock").authorise(&request(&terminal)).unwrap();
    assert_eq!(terminal.send(&commands(&response.scripts)[0]).1, 0x9000);
    terminal.card.reset();
    assert_eq!(terminal.send(&Command::select(&aid).unwrap()).1, 0x9000);
}

#[test]
fn scripts_need_a_cryptogram_a_mac_and_the_right_class() {
    let mut terminal = Terminal::named("cda").start();
    assert_eq!(terminal.status("841E0000080102030405060708"), 0x6985);
    terminal.first_ac(0x80);
    assert_eq!(terminal.status("841E0000"), 0x6700);
    assert_eq!(terminal.status("841E00000401020304"), 0x6987);
    assert_eq!(terminal.status("041E0000080102030405060708"), 0x6E00);
    assert_eq!(terminal.status("841E0000080102030405060708"), 0x6988);
}

#[test]
fn a_malformed_script_does_not_parse() {
    let (_, response) = online("cda", "script malformed");
    let template = tlv::Reader::strict(&response.scripts).next().unwrap().unwrap();
    assert!(template.children().any(|object| object.is_err()));
}

/// A card status update under a right response cryptogram.
fn updated(update: [u8; 4]) -> Terminal {
    let (mut terminal, _) = online("cda", "approve");
    let application = terminal.profile.applications[0].clone();
    let keys = IssuerKeys::test().card(application.version, &application.pan, application.sequence.unwrap());
    let approval = Approval { status_update: update, ..Approval::new(true, *b"00") };
    let data = issuer_authentication_data(application.version, &keys.cryptogram, &terminal.values, approval).unwrap();
    assert_eq!(terminal.send(&Command::external_authenticate(&data).unwrap()).1, 0x9000);
    terminal
}

#[test]
fn a_card_status_update_blocks_and_sets_the_pin_tries() {
    let select = |terminal: &mut Terminal| {
        let aid = terminal.profile.applications[0].aid.clone();
        terminal.send(&Command::select(&aid).unwrap()).1
    };
    assert_eq!(select(&mut updated([0x00, 0x80, 0, 0])), 0x9000);
    assert_eq!(select(&mut updated([0x00, 0xA0, 0, 0])), 0x6283);
    assert_eq!(select(&mut updated([0x00, 0xC0, 0, 0])), 0x6A81);
    assert_eq!(updated([0x01, 0x90, 0, 0]).send_hex("80CA9F1700").0, bytes("9F170101"));
    assert_eq!(updated([0x01, 0x80, 0, 0]).send_hex("80CA9F1700").0, bytes("9F170103"));
}
