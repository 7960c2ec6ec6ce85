//! Account data and tracks: what of them masks itself.

use apdu::{
    Tag,
    dictionary::Context,
    value::{Pan, ServiceCode, Track2, service_code},
};

use super::{Inside, Value};
use crate::decode::{
    node::{Label, Meaning, Node, Shown, span},
    problem::Problem,
};

/// What may be said of data objects whose bytes may not be shown.
pub fn masked(tag: Tag, context: Option<Context>, value: Value<'_>) -> Option<Inside> {
    match (tag.number(), context) {
        (0x5A, _) => number(value),
        (0x57, _) | (0x9F6B, Some(Context::Mastercard)) => track_2(value),
        (0x5F24, _) => super::numbers::date(value).map(|inside| Inside { meaning: None, ..inside }),
        _ => None,
    }
}

/// An account number.
fn number(value: Value<'_>) -> Option<Inside> {
    let pan = Pan::from_compressed(value.bytes).ok()?;
    Some(Inside {
        meaning: Some(Meaning::Account(pan.to_string())),
        children: number_facts(&pan, value.at, value.bytes.len()),
        problem: None,
    })
}

/// What can be said of an account number without showing it.
fn number_facts(pan: &Pan, at: usize, length: usize) -> Vec<Node> {
    let node = |name, meaning| Node::new(Label::Part(name), span(at, length), Shown::InChildren).meaning(meaning);
    let check = if pan.luhn_is_valid() { "right" } else { "wrong" };
    let digits = u64::try_from(pan.len()).unwrap_or_default();
    vec![node("digits", Meaning::Number(digits)), node("check-digit", Meaning::Word(check))]
}

/// Track 2 in two digits a byte.
fn track_2(value: Value<'_>) -> Option<Inside> {
    Some(match Track2::from_bytes(value.bytes) {
        Ok(track) => parts(&track, value.at, value.bytes.len()).into(),
        Err(error) => track_problem(error, value.at).into(),
    })
}

/// The parts of a track, expiry and the issuer's part hidden. Places are those of the whole track: half a byte has none.
fn parts(track: &Track2, at: usize, length: usize) -> Vec<Node> {
    let node = |name, shown| Node::new(Label::Part(name), span(at, length), shown);
    let number = node("account-number", Shown::InChildren).meaning(Meaning::Account(track.pan.to_string()));
    let code = node("service-code", Shown::InChildren).meaning(Meaning::Digits(track.service_code.to_string()));
    vec![
        number.with_children(number_facts(&track.pan, at, length)),
        node("expiry", Shown::Hidden(2)).with_problem(track.expires().err().map(|_| Problem::new("no-such-day", at))),
        code.with_children(service_code_parts(track.service_code, at, length)),
        node("discretionary", Shown::InChildren).meaning(Meaning::HiddenDigits(track.discretionary_length())),
    ]
}

fn track_problem(error: apdu::value::track2::Error, at: usize) -> Problem {
    use apdu::value::track2::Error;
    Problem::new(
        match error {
            Error::TooLong(_) => "track-too-long",
            Error::NoSeparator => "track-separator",
            Error::Pan(_) => "track-number",
            Error::Cut => "track-cut",
            Error::NotDigits => "track-digits",
            _ => "format",
        },
        at,
    )
}

/// Service code (`5F30`).
pub fn service_code(value: Value<'_>) -> Option<Inside> {
    let code = ServiceCode::from_bytes(value.bytes.try_into().ok()?)?;
    let children = service_code_parts(code, value.at, value.bytes.len());
    Some(Inside { meaning: Some(Meaning::Digits(code.to_string())), children, problem: None })
}

fn service_code_parts(code: ServiceCode, at: usize, length: usize) -> Vec<Node> {
    let node =
        |name, word| Node::new(Label::Part(name), span(at, length), Shown::InChildren).meaning(Meaning::Word(word));
    vec![
        node("interchange", interchange(code)),
        node("chip", if code.has_chip() { "yes" } else { "no" }),
        node("authorisation", authorisation(code)),
        node("services", services(code)),
        node("pin", pin(code)),
    ]
}

fn interchange(code: ServiceCode) -> &'static str {
    match code.interchange() {
        service_code::Interchange::International => "international",
        service_code::Interchange::National => "national",
        service_code::Interchange::Private => "private",
        service_code::Interchange::Test => "test-card",
        service_code::Interchange::Rfu => "reserved",
    }
}

fn authorisation(code: ServiceCode) -> &'static str {
    match code.authorisation() {
        service_code::Authorisation::Normal => "authorise-normally",
        service_code::Authorisation::Issuer => "authorise-online",
        service_code::Authorisation::IssuerUnlessAgreed => "authorise-online-unless-agreed",
        service_code::Authorisation::Rfu => "reserved",
    }
}

fn services(code: ServiceCode) -> &'static str {
    match code.digits() {
        [_, _, 3] => "cash-machine-only",
        [_, _, 8 | 9] => "reserved",
        _ if code.cash_only() => "cash-only",
        _ if code.goods_and_services_only() => "goods-and-services-only",
        _ => "no-restriction",
    }
}

fn pin(code: ServiceCode) -> &'static str {
    match code {
        _ if code.pin_required() => "pin-required",
        _ if code.pin_prompt() => "pin-where-possible",
        _ => "pin-not-needed",
    }
}
