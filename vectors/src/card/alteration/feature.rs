//! A card personalised otherwise, consistently: signatures, lists and the card's own checks all follow.

use crate::card::contactless::{self, Contactless, Personality};
use crate::card::profile::{Application, Decision, Format, IssuerAuthentication, Scheme};
use crate::cryptogram::Kind;
use crate::pki::KeySpec;
use crate::secret::{Pan, Pin};

/// A field of the first application, and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    name: &'static str,
    value: String,
}

/// Gives a field its value; `None` when the text is no value for it.
type Give = fn(&mut Application, &str) -> Option<()>;

const FEATURES: [(&str, Give); 41] = [
    ("aid", |card, value| put(&mut card.aid, bytes(value))),
    ("label", |card, value| put(&mut card.label, Some(value.to_owned()))),
    ("priority", |card, value| put(&mut card.priority, optional(value, byte))),
    ("preferred-name", |card, value| put(&mut card.preferred_name, preferred_name(value))),
    ("languages", |card, value| put(&mut card.languages, Some(Some(value.to_owned())))),
    ("pan", |card, value| put(&mut card.pan, Pan::new(value).ok())),
    ("sequence", |card, value| put(&mut card.sequence, optional(value, byte))),
    ("cardholder", |card, value| put(&mut card.cardholder, Some(value.to_owned()))),
    ("effective", |card, value| put(&mut card.effective, fixed(value))),
    ("expiration", |card, value| put(&mut card.expiration, fixed(value))),
    ("country", |card, value| put(&mut card.country, fixed(value))),
    ("currency", |card, value| put(&mut card.currency, fixed(value))),
    ("usage", |card, value| put(&mut card.usage, fixed(value))),
    ("version-number", |card, value| put(&mut card.version_number, fixed(value))),
    ("service-code", |card, value| put(&mut card.service_code, service_code(value))),
    ("pdol", |card, value| put(&mut card.pdol, bytes(value))),
    ("cdol1", |card, value| put(&mut card.cdol1, bytes(value))),
    ("cdol2", |card, value| put(&mut card.cdol2, bytes(value))),
    ("ddol", |card, value| put(&mut card.ddol, optional(value, bytes))),
    ("cvm-list", |card, value| put(&mut card.cvm_list, optional(value, bytes))),
    ("action-codes", |card, value| put(&mut card.action_codes, optional(value, action_codes))),
    ("offline-limits", |card, value| put(&mut card.offline_limits, optional(value, limits))),
    ("terminal-risk-management", |card, value| put(&mut card.terminal_risk_management, yes(value))),
    ("authority", |card, value| put(&mut card.authentication.authority, byte(value))),
    ("issuer-key", |card, value| put(&mut card.authentication.issuer, key("issuer", value))),
    ("icc-key", |card, value| put(&mut card.authentication.icc, key("icc", value))),
    ("pin-key", |card, value| put(&mut card.authentication.pin, optional(value, |value| key("pin", value)))),
    ("methods", methods),
    ("aip-is-signed", |card, value| put(&mut card.aip_is_signed, yes(value))),
    ("issuer-authentication", issuer_authentication),
    ("formats", formats),
    ("pin", |card, value| put(&mut card.pin, optional(value, |value| Pin::new(value).ok()))),
    ("pin-tries-left", |card, value| put(&mut card.pin_tries_left, value.parse().ok())),
    ("atc", |card, value| put(&mut card.atc, value.parse().ok())),
    ("last-online-atc", |card, value| put(&mut card.last_online_atc, value.parse().ok())),
    ("first", |card, value| put(&mut card.first, decision(value))),
    ("second", |card, value| put(&mut card.second, decision(value))),
    ("data", data),
    ("c2", c2),
    ("c3", c3),
    ("c7", c7),
];

impl Feature {
    /// Reads `NAME=VALUE`.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let (name, value) = text.split_once('=').ok_or("with takes FIELD=VALUE")?;
        let (name, give) = find(name).ok_or("no field of a card has that name")?;
        // A value that fits one application fits every other.
        let fits = give(&mut Application::new(Scheme::Test), value).is_some();
        fits.then(|| Self { name, value: value.to_owned() }).ok_or("that is no value for this field")
    }

    /// Gives the application this value.
    pub(in crate::card) fn give(&self, application: &mut Application) {
        let _ = find(self.name).map(|(_, give)| give(application, &self.value));
    }
}

fn find(name: &str) -> Option<(&'static str, Give)> {
    FEATURES.into_iter().find(|(known, _)| *known == name)
}

fn put<T>(field: &mut T, value: Option<T>) -> Option<()> {
    *field = value?;
    Some(())
}

/// `none`, or a value.
fn optional<T>(value: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if value == "none" { Some(None) } else { read(value).map(Some) }
}

fn yes(value: &str) -> Option<bool> {
    match value {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn bytes(value: &str) -> Option<Vec<u8>> {
    hex::decode(value).ok()
}

fn fixed<const N: usize>(value: &str) -> Option<[u8; N]> {
    bytes(value)?.try_into().ok()
}

fn byte(value: &str) -> Option<u8> {
    fixed::<1>(value).map(|[byte]| byte)
}

/// `NAME/TABLE`.
fn preferred_name(value: &str) -> Option<Option<(String, u8)>> {
    optional(value, |value| {
        let (name, table) = value.rsplit_once('/')?;
        Some((name.to_owned(), table.parse().ok()?))
    })
}

fn service_code(value: &str) -> Option<String> {
    (value.len() == 3 && value.bytes().all(|digit| digit.is_ascii_digit())).then(|| value.to_owned())
}

/// `DENIAL/ONLINE/DEFAULT`.
fn action_codes(value: &str) -> Option<[[u8; 5]; 3]> {
    let codes: Option<Vec<[u8; 5]>> = value.split('/').map(fixed).collect();
    codes?.try_into().ok()
}

/// `LOWER/UPPER`, decimal.
fn limits(value: &str) -> Option<(u8, u8)> {
    let (lower, upper) = value.split_once('/')?;
    Some((lower.parse().ok()?, upper.parse().ok()?))
}

/// `BYTES/EXPONENT`, decimal, or `patterned`: a key of the kind that CVE-2017-15361 makes.
fn key(use_of_it: &str, value: &str) -> Option<KeySpec> {
    if value == "patterned" {
        return Some(KeySpec::new(&format!("{use_of_it}-patterned"), 128, 65537));
    }
    let (bytes, exponent) = value.split_once('/')?;
    let (bytes, exponent): (usize, u32) = (bytes.parse().ok()?, exponent.parse().ok()?);
    let known = (64..=248).contains(&bytes) && matches!(exponent, 3 | 65537);
    known.then(|| KeySpec::new(&format!("{use_of_it}-{}", bytes.saturating_mul(8)), bytes, exponent))
}

/// `sda`, `dda`, `cda` joined by `+`, or `none`.
fn methods(card: &mut Application, value: &str) -> Option<()> {
    let named: Vec<&str> = value.split('+').filter(|name| *name != "none").collect();
    let has = |name| named.contains(&name);
    let methods = &mut card.authentication;
    (methods.sda, methods.dda, methods.cda) = (has("sda"), has("dda"), has("cda"));
    named.iter().all(|name| matches!(*name, "sda" | "dda" | "cda")).then_some(())
}

/// `command`, `generate-ac` or `none`; `+mandatory` makes it necessary for an online approval.
fn issuer_authentication(card: &mut Application, value: &str) -> Option<()> {
    let plain = value.strip_suffix("+mandatory");
    card.issuer_authentication_mandatory = plain.is_some();
    let way = match plain.unwrap_or(value) {
        "command" => IssuerAuthentication::Command,
        "generate-ac" => IssuerAuthentication::SecondGenerateAc,
        "none" => IssuerAuthentication::None,
        _ => return None,
    };
    put(&mut card.issuer_authentication, Some(way))
}

/// Three digits: format of GET PROCESSING OPTIONS, INTERNAL AUTHENTICATE, GENERATE AC.
fn formats(card: &mut Application, value: &str) -> Option<()> {
    let read = |digit| match digit {
        b'1' => Some(Format::One),
        b'2' => Some(Format::Two),
        _ => None,
    };
    let [options, dda, cryptogram] = value.as_bytes() else { return None };
    put(&mut card.options_format, read(*options))?;
    put(&mut card.dda_format, read(*dda))?;
    put(&mut card.cryptogram_format, read(*cryptogram))
}

/// `as-asked`, or `at-most-` or `always-` and `aac`, `arqc` or `tc`.
fn decision(value: &str) -> Option<Decision> {
    let kind = |name: &str| match name {
        "aac" => Some(Kind::Aac),
        "arqc" => Some(Kind::Arqc),
        "tc" => Some(Kind::Tc),
        _ => None,
    };
    match (value.strip_prefix("at-most-"), value.strip_prefix("always-")) {
        (Some(highest), _) => kind(highest).map(Decision::AtMost),
        (_, Some(always)) => kind(always).map(Decision::Always),
        _ => (value == "as-asked").then_some(Decision::AsAsked),
    }
}

/// `NAME:VALUE`, how the application behaves with kernel 2.
fn c2(card: &mut Application, value: &str) -> Option<()> {
    let ours = || Contactless::new(Personality::C2(contactless::c2::Personality::default()));
    match &mut card.contactless.get_or_insert_with(ours).personality {
        Personality::C2(personality) => contactless::c2::give(personality, value),
        _ => None,
    }
}

/// `NAME:VALUE`, how the application behaves with kernel 3.
fn c3(card: &mut Application, value: &str) -> Option<()> {
    let ours = || Contactless::new(Personality::C3(contactless::c3::Personality::default()));
    match &mut card.contactless.get_or_insert_with(ours).personality {
        Personality::C3(personality) => contactless::c3::give(personality, value),
        _ => None,
    }
}

/// `NAME:VALUE`, how the application behaves with kernel 7.
fn c7(card: &mut Application, value: &str) -> Option<()> {
    let ours = || Contactless::new(Personality::C7(contactless::c7::Personality::default()));
    match &mut card.contactless.get_or_insert_with(ours).personality {
        Personality::C7(personality) => contactless::c7::give(personality, value),
        _ => None,
    }
}

/// `TAG:HEX`, an object of GET DATA.
fn data(card: &mut Application, value: &str) -> Option<()> {
    let (tag, value) = value.split_once(':')?;
    let tag = u16::from_be_bytes(fixed(&format!("{tag:0>4}"))?);
    card.data.insert(tag, bytes(value)?);
    Some(())
}
