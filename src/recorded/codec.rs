//! Questions to the point of sale and their answers as single lines of a transcript.
//!
//! Of a PIN only the number of digits is written, of its padding nothing: with the padding, an enciphered PIN could be
//! tried out.

use apdu::{
    Tag,
    dictionary::{Context, Sensitivity, lookup},
};
use kernel::{
    pin::{BlockFormat, OnlinePinBlock, Pin},
    point_of_sale::{
        Answer, Authorisation, AuthorisationRequest, Candidate, DataAnswer, DataRequest, OnlinePinEntry,
        OnlinePinRequest, PinEntry, PinRequest, RandomPurpose, Unable,
    },
};

const YES: &str = "yes";
const NO: &str = "no";
const NOTHING: &str = "-";

pub(super) const RECENT_AMOUNT: &str = "recent-amount";
pub(super) const REFER: &str = "refer";

/// How a kind of answer is written as one line, and read again.
pub(super) struct Line<T> {
    /// The line; nothing secret.
    pub write: fn(&T) -> String,
    /// The answer, when the line is one.
    pub read: fn(&str) -> Option<T>,
}

pub(super) const FLAG: Line<bool> = Line {
    write: |yes| if *yes { YES } else { NO }.to_owned(),
    read: |text| choice(text, &[(YES, true), (NO, false)]),
};

pub(super) const INDEX: Line<Option<usize>> = Line {
    write: |index| index.map_or(NOTHING.to_owned(), |index| index.to_string()),
    read: |text| if text == NOTHING { Some(None) } else { text.parse().ok().map(Some) },
};

pub(super) const AMOUNT: Line<u64> = Line { write: u64::to_string, read: |text| text.parse().ok() };

pub(super) const BYTES: Line<Vec<u8>> = Line { write: |bytes| hex_or_nothing(bytes), read: bytes };

pub(super) const PIN: Line<PinEntry> = Line { write: write_pin, read: read_pin };

pub(super) const ONLINE_PIN: Line<OnlinePinEntry> = Line { write: write_online_pin, read: read_online_pin };

pub(super) const DATA: Line<DataAnswer> = Line { write: write_data, read: read_data };

pub(super) const AUTHORISATION: Line<Authorisation> = Line { write: write_authorisation, read: read_authorisation };

fn choice<T: Copy>(text: &str, choices: &[(&str, T)]) -> Option<T> {
    choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value)
}

fn hex_or_nothing(bytes: &[u8]) -> String {
    if bytes.is_empty() { NOTHING.to_owned() } else { hex::encode_upper(bytes) }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    if text == NOTHING { Some(Vec::new()) } else { hex::decode(text).ok() }
}

fn optional(bytes: Option<&[u8]>) -> String {
    bytes.map_or(NOTHING.to_owned(), hex::encode_upper)
}

// Questions

pub(super) fn random(purpose: RandomPurpose, length: usize) -> String {
    format!("random {} {length}", purpose.id())
}

pub(super) fn choose(candidates: &[Candidate]) -> String {
    let names: Vec<_> = candidates.iter().map(|candidate| hex::encode_upper(&candidate.name)).collect();
    format!("choose-application {}", names.join(" "))
}

pub(super) fn confirm(candidate: &Candidate) -> String {
    format!("confirm-application {}", hex::encode_upper(&candidate.name))
}

pub(super) fn enter_pin(request: &PinRequest) -> String {
    let mut question = "enter-pin".to_owned();
    let marks = [
        (request.after_wrong_pin, " after-wrong-pin"),
        (request.enciphered, " enciphered"),
        (request.reader_has_pin_pad, " pin-pad"),
        (request.bypass_allowed, " bypass-allowed"),
    ];
    if let Some(tries) = request.tries_left {
        question.push_str(&format!(" tries-left={tries}"));
    }
    question.extend(marks.iter().filter(|(set, _)| *set).map(|(_, mark)| *mark));
    question
}

pub(super) fn enter_online_pin(request: &OnlinePinRequest<'_>) -> String {
    let bypass = if request.bypass_allowed { " bypass-allowed" } else { "" };
    format!("enter-online-pin {}{bypass}", request.format.id())
}

pub(super) fn authorise(request: &AuthorisationRequest<'_>) -> String {
    let pin = request.pin.map_or("", |_| " online-pin");
    format!("authorise {}{pin}", told(&request.chip_data))
}

pub(super) fn exchange_data(request: &DataRequest) -> String {
    let needed: String = request.needed.iter().map(ToString::to_string).collect();
    let needed = if needed.is_empty() { NOTHING } else { &needed };
    let milliseconds = request.time_out.as_millis();
    format!("exchange-data needed={needed} sent={} {milliseconds}ms", told(&request.to_send))
}

/// Data objects as somebody is told them: of what names an account only the length is written. Sequence number and expiry
/// alone name none.
fn told(objects: &[(Tag, impl AsRef<[u8]>)]) -> String {
    let told = objects.iter().map(|(tag, value)| {
        let (mut coded, value) = (Vec::new(), value.as_ref());
        apdu::tlv::write(&mut coded, *tag, value);
        let head = coded.len().saturating_sub(value.len());
        let shown = if names_account(*tag) && value.len() > 4 { coded.get(..head) } else { Some(&coded[..]) };
        let hidden = coded.len().saturating_sub(shown.map_or(0, <[u8]>::len));
        hex::encode_upper(shown.unwrap_or(&[])) + &"*".repeat(hidden.saturating_mul(2))
    });
    let told: String = told.collect();
    if told.is_empty() { NOTHING.to_owned() } else { told }
}

/// Whatever the payment system.
fn names_account(tag: Tag) -> bool {
    let entries = Context::ALL.into_iter().filter_map(|context| lookup(tag, context));
    entries.map(|entry| entry.sensitivity).any(|sensitivity| sensitivity >= Sensitivity::Account)
}

fn objects(objects: &[(Tag, Vec<u8>)]) -> String {
    let mut coded = Vec::new();
    objects.iter().for_each(|(tag, value)| apdu::tlv::write(&mut coded, *tag, value));
    hex_or_nothing(&coded)
}

// Answers

/// An answer that begins so says that a PIN was entered.
pub(super) const ENTERED: &str = "entered";

fn write_pin(entry: &PinEntry) -> String {
    match entry {
        PinEntry::Entered(pin) => format!("{ENTERED} {}", digits(pin)),
        PinEntry::OnReader => "on-reader".to_owned(),
        PinEntry::Bypassed => "bypassed".to_owned(),
        PinEntry::Cancelled => "cancelled".to_owned(),
        PinEntry::TimedOut => "timed-out".to_owned(),
        PinEntry::PinPadBroken => "pin-pad-broken".to_owned(),
    }
}

/// The low half of a format 2 block's first byte.
fn digits(pin: &Pin) -> u8 {
    pin.block_format_2().first().copied().unwrap_or_default() & 0x0F
}

fn read_pin(text: &str) -> Option<PinEntry> {
    if let Some(digits) = text.strip_prefix(ENTERED) {
        let zeros = "0".repeat(digits.trim().parse::<usize>().ok().filter(|digits| *digits <= 12)?);
        return Pin::from_ascii(zeros.as_bytes()).ok().map(PinEntry::Entered);
    }
    match text {
        "on-reader" => Some(PinEntry::OnReader),
        "bypassed" => Some(PinEntry::Bypassed),
        "cancelled" => Some(PinEntry::Cancelled),
        "timed-out" => Some(PinEntry::TimedOut),
        "pin-pad-broken" => Some(PinEntry::PinPadBroken),
        _ => None,
    }
}

fn write_online_pin(entry: &OnlinePinEntry) -> String {
    match entry {
        OnlinePinEntry::Entered(block) => format!("{ENTERED} {}", block.format.id()),
        OnlinePinEntry::Bypassed => "bypassed".to_owned(),
        OnlinePinEntry::Cancelled => "cancelled".to_owned(),
        OnlinePinEntry::TimedOut => "timed-out".to_owned(),
        OnlinePinEntry::PinPadBroken => "pin-pad-broken".to_owned(),
        OnlinePinEntry::KeyMissing => "key-missing".to_owned(),
    }
}

fn read_online_pin(text: &str) -> Option<OnlinePinEntry> {
    if let Some(id) = text.strip_prefix(ENTERED) {
        let formats = [BlockFormat::Format0, BlockFormat::Format3, BlockFormat::Format4];
        let format = formats.into_iter().find(|format| format.id() == id.trim())?;
        return Some(OnlinePinEntry::Entered(OnlinePinBlock { format, bytes: vec![0; format.length()] }));
    }
    match text {
        "bypassed" => Some(OnlinePinEntry::Bypassed),
        "cancelled" => Some(OnlinePinEntry::Cancelled),
        "timed-out" => Some(OnlinePinEntry::TimedOut),
        "pin-pad-broken" => Some(OnlinePinEntry::PinPadBroken),
        "key-missing" => Some(OnlinePinEntry::KeyMissing),
        _ => None,
    }
}

const GIVEN: &str = "given ";

fn write_data(answer: &DataAnswer) -> String {
    match answer {
        DataAnswer::Data(data) => format!("{GIVEN}{}", objects(data)),
        DataAnswer::Stop => "stop".to_owned(),
        DataAnswer::TimedOut => "timed-out".to_owned(),
    }
}

fn read_data(text: &str) -> Option<DataAnswer> {
    if let Some(coded) = text.strip_prefix(GIVEN) {
        let coded = bytes(coded)?;
        let objects =
            apdu::tlv::Reader::strict(&coded).map(|object| Some((object.ok()?.tag, object.ok()?.value.to_vec())));
        return objects.collect::<Option<_>>().map(DataAnswer::Data);
    }
    match text {
        "stop" => Some(DataAnswer::Stop),
        "timed-out" => Some(DataAnswer::TimedOut),
        _ => None,
    }
}

fn write_authorisation(authorisation: &Authorisation) -> String {
    match authorisation {
        Authorisation::Unable(why) => format!("unable {}", why.id()),
        Authorisation::Answered(answer) => format!(
            "answered 8A={} 91={} 71/72={} 89={}",
            hex::encode_upper(answer.response_code),
            optional(answer.issuer_authentication_data.as_deref()),
            hex_or_nothing(&answer.scripts),
            optional(answer.authorisation_code.as_deref()),
        ),
    }
}

fn read_authorisation(text: &str) -> Option<Authorisation> {
    let mut words = text.split(' ');
    match words.next()? {
        "unable" => {
            let id = words.next()?;
            let ways = [Unable::NoLink, Unable::NoConnection, Unable::NoAnswer, Unable::BadAnswer];
            ways.into_iter().find(|why| why.id() == id).map(Authorisation::Unable)
        }
        "answered" => read_answer(words).map(Authorisation::Answered),
        _ => None,
    }
}

fn read_answer<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<Answer> {
    let mut field = |name: &str| words.next()?.strip_prefix(name);
    Some(Answer {
        response_code: hex::decode(field("8A=")?).ok()?.try_into().ok()?,
        issuer_authentication_data: read_optional(field("91=")?)?,
        scripts: bytes(field("71/72=")?)?,
        authorisation_code: read_optional(field("89=")?)?,
    })
}

fn read_optional(text: &str) -> Option<Option<Vec<u8>>> {
    if text == NOTHING { Some(None) } else { hex::decode(text).ok().map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same_line<T>(line: &Line<T>, value: T) {
        let written = (line.write)(&value);
        let again = (line.read)(&written).map(|value| (line.write)(&value));
        assert_eq!(again.as_deref(), Some(written.as_str()));
    }

    #[test]
    fn every_answer_reads_as_it_was_written() {
        same_line(&FLAG, true);
        same_line(&INDEX, None);
        same_line(&INDEX, Some(2));
        same_line(&AMOUNT, 12_345);
        same_line(&BYTES, vec![0xAB, 0x00]);
        same_line(&PIN, PinEntry::Entered(Pin::from_ascii(b"987654").unwrap()));
        same_line(&PIN, PinEntry::PinPadBroken);
        same_line(&ONLINE_PIN, OnlinePinEntry::KeyMissing);
        same_line(&AUTHORISATION, Authorisation::Unable(Unable::BadAnswer));
        let answer = Answer {
            response_code: *b"05",
            issuer_authentication_data: None,
            scripts: vec![0x71, 0x00],
            authorisation_code: Some(b"123456".to_vec()),
        };
        same_line(&AUTHORISATION, Authorisation::Answered(answer));
        same_line(&DATA, DataAnswer::Data(vec![(Tag::new(0xDF8110), vec![1]), (Tag::new(0x9F02), Vec::new())]));
        same_line(&DATA, DataAnswer::Data(Vec::new()));
        same_line(&DATA, DataAnswer::Stop);
    }

    #[test]
    fn a_pin_leaves_only_its_length() {
        assert_eq!(write_pin(&PinEntry::Entered(Pin::from_ascii(b"1379").unwrap())), "entered 4");
        let block = OnlinePinBlock { format: BlockFormat::Format0, bytes: vec![0xA5; 8] };
        assert_eq!(write_online_pin(&OnlinePinEntry::Entered(block)), "entered format-0");
    }

    #[test]
    fn lines_that_are_no_answer_are_refused() {
        assert!(read_pin("entered 99").is_none());
        assert!(read_pin("entered x").is_none());
        assert!(read_authorisation("answered 8A=3030").is_none());
        assert!(read_authorisation("unable perhaps").is_none());
        assert_eq!((FLAG.read)("perhaps"), None);
    }
}
