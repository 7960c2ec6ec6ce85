//! Everything the software card and issuer compute with Triple DES, recomputed by `pyemv`, an independent calculator in
//! Python. `make test` installs it; without it this test fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use apdu::{Command, Tag, tag, tlv};
use emvident_vectors::dol::{self, Values};
use emvident_vectors::host::{Host, Request, Response};
use emvident_vectors::issuer_keys::IssuerKeys;
use emvident_vectors::secret::{Pan, Pin};
use emvident_vectors::symmetric::derivation::{
    MasterKeyOption, common_session_key, master_key, mastercard_session_key, unionpay_session_key, visa_messaging_key,
};
use emvident_vectors::symmetric::secure_messaging::visa_pin_block;
use emvident_vectors::symmetric::tdes::{pad_00, pad_80};
use emvident_vectors::symmetric::{Key, arpc};
use emvident_vectors::{SoftwareCard, profile};
use sha1::{Digest, Sha1};

/// The interpreter that has `pyemv`: the environment's, else the workspace's own.
fn python() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let named = std::env::var_os("EMVIDENT_PYTHON").map_or_else(|| root.join(".venv"), PathBuf::from);
    let python = if named.is_dir() { named.join("bin/python") } else { named };
    assert!(python.exists(), "{} is not there: run `make test`, which installs pyemv into .venv", python.display());
    python
}

/// Bytes that follow from a label.
fn drawn<const N: usize>(label: &str) -> [u8; N] {
    let blocks = (0..).flat_map(|counter: u32| Sha1::digest(format!("{label}/{counter}")));
    blocks.take(N).collect::<Vec<u8>>().try_into().unwrap()
}

fn digits(label: &str, count: usize) -> String {
    drawn::<20>(label).iter().take(count).map(|byte| char::from(b'0' + byte % 10)).collect()
}

fn hexed(bytes: &[u8]) -> String {
    if bytes.is_empty() { "-".to_owned() } else { hex::encode(bytes) }
}

/// The cases, one a line, as `pyemv_check.py` reads them.
#[derive(Default)]
struct Cases(String);

impl Cases {
    fn push(&mut self, operation: &str, arguments: &[&str], result: &[u8]) {
        writeln!(self.0, "{operation} {} = {}", arguments.join(" "), hex::encode(result)).unwrap();
    }
}

fn derivations(cases: &mut Cases) {
    for round in 0..40 {
        let label = format!("derivation {round}");
        let key = Key::new(drawn(&label));
        let text = hexed(key.bytes());
        let (atc, number): ([u8; 2], [u8; 4]) = (drawn(&format!("{label} atc")), drawn(&format!("{label} un")));
        let pan = digits(&label, 12 + round % 8);
        let sequence = digits(&format!("{label} sequence"), 2);
        let coded = u8::from_str_radix(&sequence, 16).unwrap();
        for (name, option) in [("master-a", MasterKeyOption::A), ("master-b", MasterKeyOption::B)] {
            let derived = master_key(option, &key, &Pan::new(&pan).unwrap(), coded);
            cases.push(name, &[&text, &pan, &sequence], derived.bytes());
        }
        let diversifier: [u8; 8] = drawn(&format!("{label} diversifier"));
        cases.push("common", &[&text, &hexed(&diversifier)], common_session_key(&key, diversifier).bytes());
        let session = mastercard_session_key(&key, atc, number);
        cases.push("mastercard", &[&text, &hexed(&atc), &hexed(&number)], session.bytes());
        cases.push("visa-messaging", &[&text, &hexed(&atc)], visa_messaging_key(&key, atc).bytes());
        cases.push("unionpay", &[&text, &hexed(&atc)], unionpay_session_key(&key, atc).bytes());
    }
}

fn macs_and_answers(cases: &mut Cases) {
    for round in 0..40 {
        let label = format!("mac {round}");
        let key = Key::new(drawn(&label));
        let text = hexed(key.bytes());
        let data = &drawn::<64>(&format!("{label} data"))[..round + 1];
        cases.push("mac", &[&text, "emv", &hexed(data)], &key.mac(&pad_80(data)));
        cases.push("mac", &[&text, "visa", &hexed(data)], &key.mac(&pad_00(data)));
        let (arqc, update): ([u8; 8], [u8; 4]) = (drawn(&format!("{label} arqc")), drawn(&format!("{label} csu")));
        let proprietary = &drawn::<8>(&format!("{label} more"))[..round % 9];
        let answer = arpc::method_2(&key, arqc, update, proprietary);
        cases.push("arpc-2", &[&text, &hexed(&arqc), &hexed(&update), &hexed(proprietary)], &answer);
        let code = [update[0], update[1]];
        cases.push("arpc-1", &[&text, &hexed(&arqc), &hexed(&code)], &arpc::method_1(&key, arqc, code));
    }
}

fn pin_blocks(cases: &mut Cases) {
    for length in 4..=12 {
        let (new, old) = (digits("new pin", length), digits("old pin", length));
        let (pin, old_pin) = (Pin::new(&new).unwrap(), Pin::new(&old).unwrap());
        let key = Key::new(drawn(&new));
        cases.push("pin-2", &[&new], &pin.block(2));
        cases.push("pin-visa", &[&hexed(key.bytes()), &new, "-"], &visa_pin_block(&key, &pin, None));
        cases.push("pin-visa", &[&hexed(key.bytes()), &new, &old], &visa_pin_block(&key, &pin, Some(&old_pin)));
    }
}

/// A card driven to both cryptograms, and what the host said in between.
struct Run {
    first: Values,
    second: Values,
    response: Response,
    pan: String,
    sequence: String,
}

fn run(name: &str, behaviour: &str) -> Run {
    let profile = profile(name).unwrap();
    let mut card = SoftwareCard::new(&profile).unwrap();
    let application = &profile.applications[0];
    let mut send = |command: Command| card.answer(&command).unwrap().data().to_vec();
    send(Command::select(&application.aid).unwrap());
    let pdol = vec![0x5A; dol::length(&application.pdol)];
    let mut data = Vec::new();
    tlv::write(&mut data, tag::COMMAND_TEMPLATE_83, &pdol);
    let options = send(Command::get_processing_options(&data).unwrap());
    let aip =
        options.windows(4).find(|window| window[..2] == [0x82, 0x02]).map_or(&options[2..4], |window| &window[2..]);
    let own = [
        (tag::AIP_82, aip.to_vec()),
        (tag::PAN_5A, application.pan.value()),
        (tag::PAN_SEQUENCE_NUMBER_5F34, application.sequence.into_iter().collect()),
    ];
    let mut generate = |reference: u8, list: &[u8], given: &Values| {
        let values = fill(list, given);
        let answer = send(Command::generate_ac(reference, &values.concat()).unwrap());
        let mut learned: Values = dol::split(list, &values.concat());
        learned.extend(own.clone());
        learned.extend(cryptogram_objects(&answer));
        learned
    };
    let first = generate(0x80, &application.cdol1, &Values::new());
    let response =
        Host::new(behaviour.parse().unwrap()).authorise(&Request { values: first.clone(), pin: None }).unwrap();
    let given = [(tag::ISSUER_AUTHENTICATION_DATA_91, response.issuer_authentication_data.clone().unwrap_or_default())];
    let second = generate(0x40, &application.cdol2, &Values::from(given));
    let second = first.clone().into_iter().chain(second).collect();
    let sequence = format!("{:02X}", application.sequence.unwrap_or(0));
    Run { first, second, response, pan: application.pan.digits().to_owned(), sequence }
}

/// Values for a list: those given, and others that differ from tag to tag.
fn fill(list: &[u8], given: &Values) -> Vec<Vec<u8>> {
    let value = |(tag, length): (Tag, usize)| {
        let other = || drawn::<64>(&tag.to_string())[..length].to_vec();
        let mut value = given.get(&tag).cloned().unwrap_or_else(other);
        value.resize(length, 0);
        value
    };
    dol::entries(list).into_iter().map(value).collect()
}

fn cryptogram_objects(answer: &[u8]) -> Values {
    let mut values = Values::new();
    tlv::walk(answer, &mut |object, _| {
        values.insert(object.tag, object.value.to_vec());
    })
    .unwrap();
    if let Some(format_1) = values.remove(&tag::RESPONSE_FORMAT_1_80) {
        values.insert(tag::ATC_9F36, format_1[1..3].to_vec());
        values.insert(tag::APPLICATION_CRYPTOGRAM_9F26, format_1[3..11].to_vec());
        values.insert(tag::ISSUER_APPLICATION_DATA_9F10, format_1[11..].to_vec());
    }
    values
}

const DATA: [Tag; 10] = [
    tag::AMOUNT_AUTHORISED_9F02,
    tag::AMOUNT_OTHER_9F03,
    tag::TERMINAL_COUNTRY_CODE_9F1A,
    tag::TVR_95,
    tag::TRANSACTION_CURRENCY_CODE_5F2A,
    tag::TRANSACTION_DATE_9A,
    tag::TRANSACTION_TYPE_9C,
    tag::UNPREDICTABLE_NUMBER_9F37,
    tag::AIP_82,
    tag::ATC_9F36,
];

/// How `pyemv` knows a card, where its verification results are in tag 9F10, and how long the response cryptogram is.
struct Known {
    name: &'static str,
    version: &'static str,
    results: std::ops::Range<usize>,
    arpc: usize,
}

const KNOWN: [Known; 4] = [
    Known { name: "sda", version: "visa10", results: 3..7, arpc: 8 },
    Known { name: "visa-18", version: "visa18", results: 0..7, arpc: 4 },
    Known { name: "dda", version: "mchip10", results: 2..8, arpc: 8 },
    Known { name: "m-chip-14", version: "mchip14", results: 2..8, arpc: 8 },
];

fn cards_that_pyemv_knows(cases: &mut Cases) {
    let keys = IssuerKeys::test();
    let keys = [&keys.cryptogram, &keys.integrity, &keys.confidentiality].map(|key| hexed(key.bytes())).join(",");
    for Known { name, version, results, arpc } in KNOWN {
        let run = run(name, "approve");
        let who = [version, &keys, &run.pan, &run.sequence];
        for values in [&run.first, &run.second] {
            let mut data: Vec<String> = DATA.iter().map(|tag| hexed(&values[tag])).collect();
            data.push(hexed(&values[&tag::ISSUER_APPLICATION_DATA_9F10][results.clone()]));
            let arguments: Vec<&str> = who.into_iter().chain(data.iter().map(String::as_str)).collect();
            cases.push("cryptogram", &arguments, &values[&tag::APPLICATION_CRYPTOGRAM_9F26]);
        }
        let (atc, arqc) = (hexed(&run.first[&tag::ATC_9F36]), hexed(&run.first[&tag::APPLICATION_CRYPTOGRAM_9F26]));
        let answer = run.response.issuer_authentication_data.unwrap();
        let (cryptogram, told) = answer.split_at(arpc);
        cases.push("arpc", &[&who[..], &[&atc, &arqc, &hexed(told)]].concat(), cryptogram);
        scripts_that_pyemv_knows(cases, name, &who, &atc, &arqc);
    }
}

fn scripts_that_pyemv_knows(cases: &mut Cases, name: &str, who: &[&str], atc: &str, arqc: &str) {
    for command in script_commands(&run(name, "script pin-change")) {
        cases.push("pin-change", &[who, &[atc, arqc, "4321"]].concat(), &command);
    }
    let counted = who[0].starts_with("mchip");
    for (index, command) in (0_u64..).zip(script_commands(&run(name, "script put-data"))) {
        let (header, data) = (hexed(&command[..5]), hexed(&command[5..command.len() - 8]));
        let chained = u64::from_str_radix(arqc, 16).unwrap().wrapping_add(if counted { index } else { 0 });
        let chained = hexed(&chained.to_be_bytes());
        cases.push("script", &[who, &[atc, &chained, &header, &data]].concat(), &command[command.len() - 8..]);
    }
}

fn script_commands(run: &Run) -> Vec<Vec<u8>> {
    let template = tlv::Reader::strict(&run.response.scripts).next().unwrap().unwrap();
    let objects = template.children().map(Result::unwrap);
    objects.filter(|object| object.tag == tag::ISSUER_SCRIPT_COMMAND_86).map(|object| object.value.to_vec()).collect()
}

/// UnionPay and the common core definition, put together from `pyemv`'s functions.
fn cards_put_together(cases: &mut Cases) {
    let keys = IssuerKeys::test();
    for (name, style, results, mac) in [("unionpay", "unionpay", 3..7, 4), ("cda", "common", 0..32, 8)] {
        let approved = run(name, "approve");
        let who = |key: &Key| [style.to_owned(), hexed(key.bytes()), approved.pan.clone(), approved.sequence.clone()];
        for values in [&approved.first, &approved.second] {
            let objects = DATA.iter().flat_map(|tag| values[tag].clone());
            let results = &values[&tag::ISSUER_APPLICATION_DATA_9F10][results.clone()];
            let data: Vec<u8> = objects.chain(results.iter().copied()).collect();
            let arguments = [&who(&keys.cryptogram)[..], &[hexed(&values[&tag::ATC_9F36]), hexed(&data)]].concat();
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            cases.push("cryptogram-of", &arguments, &values[&tag::APPLICATION_CRYPTOGRAM_9F26]);
        }
        let session =
            [hexed(&approved.first[&tag::ATC_9F36]), hexed(&approved.first[&tag::APPLICATION_CRYPTOGRAM_9F26])];
        for command in script_commands(&run(name, "script pin-change")) {
            let (body, tail) = command.split_at(command.len() - mac);
            let parts = [hexed(&body[..5]), hexed(&body[5..]), mac.to_string()];
            let arguments = [&who(&keys.integrity)[..], &session, &parts].concat();
            cases.push("script-of", &arguments.iter().map(String::as_str).collect::<Vec<_>>(), tail);
            let card = keys.card(profile(name).unwrap().applications[0].version, &Pan::new(&approved.pan).unwrap(), 1);
            let pin = Pin::new("4321").unwrap();
            let plain = if style == "unionpay" { visa_pin_block(&card.cryptogram, &pin, None) } else { pin.block(2) };
            let arguments = [&who(&keys.confidentiality)[..], &session, &[hexed(&plain)]].concat();
            cases.push("secret-of", &arguments.iter().map(String::as_str).collect::<Vec<_>>(), &body[5..]);
        }
    }
}

#[test]
fn pyemv_computes_the_same() {
    let mut cases = Cases::default();
    derivations(&mut cases);
    macs_and_answers(&mut cases);
    pin_blocks(&mut cases);
    cards_that_pyemv_knows(&mut cases);
    cards_put_together(&mut cases);
    let count = cases.0.lines().count();
    assert!(count > 400, "{count} cases");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pyemv_check.py");
    let mut process = Process::new(python());
    let mut child =
        process.args(["-W", "ignore"]).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(cases.0.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.trim() == format!("checked {count}"), "{said}");
}
