//! A session with a canary in every place that holds something private, as logs of several programs.

use super::canary::{Canary, NUMBERS};

pub const NAME: &str = "QUILL/ZEPHYRINE";
const REFERENCE: &str = "V7001ZKQ8PWX3MNB6TRY2LHG9DFS1";
const ACCOUNT: &str = "DE89370400440532013000";
const DISCRETIONARY: &str = "8291736450";
const PINS: [&str; 3] = ["9182", "91827364", "918273645091"];

/// One exchange: command and response in hexadecimal.
pub type Exchange = (String, String);

fn object(tag: &str, value: &str) -> String {
    let length = value.len() / 2;
    let length = if length > 127 { format!("81{length:02X}") } else { format!("{length:02X}") };
    format!("{tag}{length}{value}")
}

fn packed(digits: &str) -> String {
    if digits.len().is_multiple_of(2) { digits.to_owned() } else { format!("{digits}F") }
}

fn track_2(number: &str) -> String {
    packed(&format!("{number}D2812201{DISCRETIONARY}"))
}

fn record(objects: &[String]) -> String {
    object("70", &objects.concat()) + "9000"
}

fn read(number: u8, sfi: u8) -> String {
    format!("00B2{number:02X}{:02X}00", sfi << 3 | 4)
}

/// A session of a card with this number.
pub fn session(number: &str) -> Vec<Exchange> {
    let text = |text: &str| hex::encode_upper(text);
    let fci = object(
        "6F",
        &(object("84", "A0000000031010") + &object("A5", &(object("50", &text("CREDIT")) + &object("9F38", "9F1A02")))),
    );
    let track_1 = format!("B{number}^{NAME}^2812201{DISCRETIONARY}");
    let personal =
        record(&[object("57", &track_2(number)), object("5F20", &text(NAME)), object("9F1F", &text(DISCRETIONARY))]);
    let account = record(&[
        object("5A", &packed(number)),
        object("5F24", "281231"),
        object("5F25", "200101"),
        object("9F24", &text(REFERENCE)),
        object("5F53", &text(ACCOUNT)),
        object("8C", "9F02069F37049F1C089A03"),
        object("8D", "8A02"),
        object("8E", "000000000000000002001F00"),
        object("9F20", DISCRETIONARY),
    ]);
    let unknown = record(&[
        object("DF01", &packed(number)),
        object("DF02", &text(number)),
        object("DF03", format!("A{number}F0").get(..2 * (number.len() / 2) + 2).unwrap()),
        object("56", &text(&track_1)),
    ]);
    let generate = "80AE80001500000000100012345678".to_owned() + &text("TERMZ789") + "261122" + "00";
    let answer = object(
        "77",
        &(object("9F27", "80")
            + &object("9F36", "0A17")
            + &object("9F26", "C4D1E6F70A1B2C3D")
            + &object("9F10", "06010A03A0A00000001122334455")),
    );
    let mut all = vec![
        ("00A4040007A000000003101000".to_owned(), fci + "9000"),
        ("80A80000048302015600".to_owned(), "770E82023800940808010300100101009000".to_owned()),
        (read(1, 1), personal),
        (read(2, 1), account),
        (read(3, 1), unknown),
        (read(1, 2), format!("5A{}9000", packed(number))),
        (read(2, 2), format!("70205A{:02X}{}9000", packed(number).len() / 2 + 5, packed(number))),
        (read(1, 12), format!("{}{}9000", text(number), DISCRETIONARY)),
        ("80CA9F7F00".to_owned(), object("9F7F", &"47905168".repeat(11)[..84]) + "9000"),
        ("FFCA000000".to_owned(), "04A1B7C9D2E6F89000".to_owned()),
        ("80CA9F3600".to_owned(), object("9F36", "0A16") + "9000"),
    ];
    all.extend(PINS.iter().map(|pin| (verify(pin), "63C2".to_owned())));
    // Every other command that carries a PIN; with a class of secure messaging, chained, and of extended length.
    let odd =
        ["0C200000", "80200080", "10200080", "00200088", "00210080", "00240080", "00260080", "00280080", "002C0080"];
    all.extend(odd.map(|header| (format!("{header}08{}", block(PINS[2])), "6A81".to_owned())));
    all.push((format!("00200080000008{}", block(PINS[1])), "6700".to_owned()));
    all.push((generate, answer + "9000"));
    all.push((
        "802A8E800412345678 00".replace(' ', ""),
        object("77", &(object("9F61", "B7C9") + &object("9F60", "D2E6") + &object("9F36", "0A18"))) + "9000",
    ));
    all
}

/// The PIN block of format 2.
fn block(pin: &str) -> String {
    format!("2{:X}{pin:F<14}", pin.len())
}

fn verify(pin: &str) -> String {
    format!("0020008008{}", block(pin))
}

/// What is private in such a session.
pub fn canaries(number: &str) -> Vec<Canary> {
    let mut all = vec![
        Canary::account("card number", number),
        Canary::digits("discretionary data", DISCRETIONARY),
        Canary::text("name", NAME),
        Canary::text("account reference", REFERENCE),
        Canary::text("bank account", ACCOUNT),
    ];
    all.extend(PINS.iter().map(|pin| Canary::bytes("PIN block", &block(pin))));
    all.extend(PINS[1..].iter().map(|pin| Canary::digits("PIN", pin)));
    all
}

/// What must not be in an export besides.
pub fn more_canaries() -> Vec<Canary> {
    vec![
        Canary::bytes("unused cryptogram", "C4D1E6F70A1B2C3D"),
        Canary::bytes("production data", "4790516847905168"),
        Canary::bytes("UID", "04A1B7C9D2E6F8"),
        Canary::text("terminal", "TERMZ789"),
        Canary::bytes("issuer counters", "1122334455"),
        Canary::bytes("CVC3", "9F6102B7C9"),
        Canary::bytes("CVC3 of track 1", "9F6002D2E6"),
        Canary::bytes("counter", "9F36020A17"),
    ]
}

pub fn text_log(session: &[Exchange]) -> String {
    session.iter().map(|(command, response)| format!("C-APDU: {command}\nR-APDU: {response}\n")).collect()
}

pub fn json(session: &[Exchange]) -> String {
    let exchanges: Vec<_> =
        session.iter().map(|(command, response)| serde_json::json!({"c": command, "r": response})).collect();
    serde_json::json!({ "exchanges": exchanges }).to_string()
}

/// As the PC/SC daemon writes it.
pub fn daemon_log(session: &[Exchange]) -> String {
    let spaced = |hex: &str| {
        hex.as_bytes().chunks(2).map(|pair| format!("{} ", String::from_utf8_lossy(pair))).collect::<String>()
    };
    let line = |(command, response): &Exchange| {
        format!("00000012 APDU: {}\n00000345 SW: {}\n", spaced(command), spaced(response))
    };
    session.iter().map(line).collect()
}

/// Every card number with the logs of a session that has it.
pub fn logs() -> impl Iterator<Item = (&'static str, [(&'static str, String); 3])> {
    NUMBERS.into_iter().map(|number| {
        let session = session(number);
        (number, [("text", text_log(&session)), ("json", json(&session)), ("pcscd", daemon_log(&session))])
    })
}
