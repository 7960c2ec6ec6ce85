//! The short forms of the table: schemes, directory entries, combinations, outcomes.

use emvident::{
    apdu::{Fault, StatusWord, tag},
    kernel::contactless::{
        OutcomeKind, Start, TapOutcome, UserInterfaceRequest,
        outcome::{AlternateInterface, Cvm, MessageId, OnlineResponseData, Status, ValueQualifier},
    },
};

use super::case::Run;

/// AID and kernel of a scheme.
const SCHEMES: [(&str, &str, &str); 7] = [
    ("visa", "A0000000031010", "C-3"),
    ("mastercard", "A0000000041010", "C-2"),
    ("amex", "A00000002501", "C-4"),
    ("jcb", "A0000000651010", "C-5"),
    ("discover", "A0000001523010", "C-6"),
    ("discover-2", "A0000003241010", "C-6"),
    ("unionpay", "A000000333010101", "C-7"),
];

fn scheme(word: &str) -> (&str, &str) {
    SCHEMES.iter().find(|(name, ..)| *name == word).map_or((word, "C-3"), |(_, aid, kernel)| (aid, kernel))
}

/// `name key=value key=value`.
fn pairs(text: &str) -> (&str, Vec<(&str, &str)>) {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap_or_default();
    (name, words.map(|word| word.split_once('=').unwrap_or((word, ""))).collect())
}

/// The terminal's configuration for a run.
pub fn configuration(run: &Run) -> String {
    let mut text = format!(
        "[terminal]\ntype = \"22\"\ncountry = 156\ncurrency = \"{}\"\ncapabilities = [\"no-cvm\"]\nadditional-capabilities = []\n\
         [contactless]\nbook-version = \"{}\"\n",
        run.currency, run.book
    );
    if let Some(autorun) = &run.autorun {
        text.push_str("[autorun]\n");
        autorun.split_whitespace().map(|word| word.split_once('=').unwrap()).for_each(|(name, value)| {
            text.push_str(&format!("{name} = \"{value}\"\n"));
        });
    }
    run.combinations.iter().for_each(|combination| text.push_str(&table(combination)));
    text + CONTACTS
}

/// What a terminal has to know of the contacts.
const CONTACTS: &str = r#"
[[application]]
name = "Test"
aid = "F0000E4D56"
version = "0001"
tac-denial = "0000000000"
tac-online = "0000000000"
tac-default = "0000000000"
floor-limit = "0"
"#;

fn table(combination: &str) -> String {
    let (name, fields) = pairs(combination);
    let (aid, kernel) = scheme(name);
    let mut text = format!("[[combination]]\naid = \"{aid}\"\n");
    if !fields.iter().any(|(field, _)| *field == "kernel") {
        text.push_str(&format!("kernel = \"{kernel}\"\n"));
    }
    for (field, value) in fields {
        let value = match (field, value) {
            (_, "true" | "false") => value.to_owned(),
            ("types", _) => {
                format!("[{}]", value.split(',').map(|kind| format!("{kind:?}")).collect::<Vec<_>>().join(", "))
            }
            _ => format!("{value:?}"),
        };
        text.push_str(&format!("{field} = {value}\n"));
    }
    text
}

/// The answer to SELECT PPSE.
pub fn directory(run: &Run) -> Vec<u8> {
    if let Some(ppse) = &run.ppse {
        return hex::decode(ppse).unwrap();
    }
    let entries = run
        .entries
        .clone()
        .unwrap_or_else(|| run.combinations.iter().map(|combination| pairs(combination).0.to_owned()).collect());
    let listed = match &run.directory {
        Some(directory) => hex::decode(directory.replace(' ', "")).unwrap(),
        None => entries.iter().flat_map(|text| entry(text)).collect(),
    };
    let name = object(&[0x84], b"2PAY.SYS.DDF01");
    let fci = object(&[0x6F], &[name, object(&[0xA5], &object(&[0xBF, 0x0C], &listed))].concat());
    [fci, StatusWord::OK.0.to_be_bytes().to_vec()].concat()
}

fn entry(text: &str) -> Vec<u8> {
    let (name, fields) = pairs(text);
    let mut objects = object(&[0x4F], &hex::decode(scheme(name).0).unwrap());
    for (field, value) in fields {
        let (tag, value): (&[u8], _) = match field {
            "priority" => (&[0x87], hex::decode(value).unwrap()),
            "kernel" => (&[0x9F, 0x2A], hex::decode(value).unwrap()),
            "extension" => (&[0x9F, 0x29], hex::decode(value).unwrap()),
            _ => panic!("{field}: no field of a directory entry"),
        };
        objects.extend(object(tag, &value));
    }
    object(&[0x61], &objects)
}

/// The FCI of the application `name`.
pub fn fci(name: &[u8], proprietary: &str) -> Vec<u8> {
    let proprietary = object(&[0xA5], &hex::decode(proprietary.replace(' ', "")).unwrap());
    object(&[0x6F], &[object(&[0x84], name), proprietary].concat())
}

fn object(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let length = u8::try_from(value.len()).unwrap();
    let length = if length < 0x80 { vec![length] } else { vec![0x81, length] };
    [tag, &length, value].concat()
}

/// What the card does with a final SELECT.
pub fn answer(word: &str) -> Result<StatusWord, Fault> {
    match word {
        "timeout" => Err(Fault::Timeout),
        "transmission" => Err(Fault::Transmission),
        "protocol" => Err(Fault::Protocol),
        "removed" => Err(Fault::Removed),
        status => Ok(StatusWord(u16::from_str_radix(status, 16).unwrap())),
    }
}

fn named<T: Copy>(all: &[T], id: impl Fn(T) -> &'static str, word: &str) -> T {
    *all.iter().find(|one| id(**one) == word).unwrap_or_else(|| panic!("{word}: nothing is called that"))
}

/// An outcome as `TapOutcome` writes itself, with what it shows as `ui=message/status hold=… language=… amount=…`.
pub fn outcome(text: &str) -> TapOutcome {
    let (kind, fields) = pairs(text);
    let mut outcome = TapOutcome::new(named(OutcomeKind::ALL, OutcomeKind::id, kind));
    fields.into_iter().for_each(|(field, value)| parameter(&mut outcome, field, value));
    outcome
}

fn parameter(outcome: &mut TapOutcome, field: &str, value: &str) {
    let mut shown =
        outcome.ui_on_outcome.unwrap_or(UserInterfaceRequest::new(MessageId::NotApplicable, Status::NotApplicable));
    match field {
        "start" => outcome.start = named(Start::ALL, Start::id, value),
        "online-response-data" => {
            outcome.online_response_data = named(OnlineResponseData::ALL, OnlineResponseData::id, value);
        }
        "cvm" => outcome.cvm = named(Cvm::ALL, Cvm::id, value),
        "alternate-interface" => {
            outcome.alternate_interface = named(AlternateInterface::ALL, AlternateInterface::id, value);
        }
        "ui" => outcome.ui_on_outcome = Some(request(value)),
        "ui-on-restart" => outcome.ui_on_restart = Some(request(value)),
        "field-off" => outcome.field_off = value.parse().ok(),
        "removal-timeout" => outcome.removal_timeout = value.parse().unwrap(),
        "receipt" => outcome.receipt = true,
        "data-record" => outcome.data_record = Some(vec![(tag::ATC_9F36, vec![0, 1])]),
        "discretionary-data" => outcome.discretionary_data = Some(Vec::new()),
        "hold" => shown.hold_time = value.parse().unwrap(),
        "language" => {
            let mut list = [0; 8];
            list[..value.len()].copy_from_slice(value.as_bytes());
            shown.language = Some(list);
        }
        "amount" | "balance" => {
            shown.qualifier = if field == "amount" { ValueQualifier::Amount } else { ValueQualifier::Balance };
            shown.value = value.parse().unwrap();
        }
        "value" => shown.value = value.parse().unwrap(),
        "currency" => shown.currency = hex::decode(value).unwrap().try_into().unwrap(),
        _ => panic!("{field}: no parameter of an outcome"),
    }
    if matches!(field, "hold" | "language" | "amount" | "balance" | "value" | "currency") {
        outcome.ui_on_outcome = Some(shown);
    }
}

/// `message/status`.
fn request(text: &str) -> UserInterfaceRequest {
    let (message, status) = text.split_once('/').unwrap();
    UserInterfaceRequest::new(named(MessageId::ALL, MessageId::id, message), named(Status::ALL, Status::id, status))
}
