//! Objects, records, what GET PROCESSING OPTIONS announces, restrictions.

use emvident::vectors::card::profile::{Format, IssuerAuthentication};

use super::{Fault, Right, fault, quiet};
use crate::diagnosis::{
    good::{Good, Method},
    random::Random,
};

const REMOVED: &str = "tag removed";
const ALTERED: &str = "tag altered";
const RECORDS: &str = "records";
const AFL: &str = "AFL";
const AIP: &str = "AIP";
const DATE: &str = "date";
const USAGE: &str = "usage and version";
const CRYPTOGRAM: &str = "answer with the cryptogram";

pub(super) const FAULTS: &[Fault] = &[
    quiet(REMOVED, "for authentication", |good, random| {
        let method = good.method()?;
        let mut all =
            vec![("8F", "oda-data-missing-8f"), ("90", "oda-data-missing-90"), ("9F32", "oda-data-missing-9f32")];
        if good.issuer_remainder() > 0 {
            all.push(("92", "oda-data-missing-92"));
        }
        if method == Method::Sda {
            all.push(("93", "oda-data-missing-93"));
        } else {
            all.extend([("9F46", "oda-data-missing-9f46"), ("9F47", "oda-data-missing-9f47")]);
            if good.icc_remainder() > 0 {
                all.push(("9F48", "oda-data-missing-9f48"));
            }
        }
        let (tag, id) = random.of(&all);
        good.alter(&format!("remove {tag}"));
        Right::is(id)
    }),
    fault(REMOVED, "mandatory", |good, random| {
        let (tag, id) = random.of(&[
            ("5F24", "rec-mandatory-missing-5f24"),
            ("5A", "rec-mandatory-missing-5a"),
            ("8C", "rec-mandatory-missing-8c"),
            ("8D", "rec-mandatory-missing-8d"),
        ]);
        good.alter(&format!("remove {tag}"));
        Right::is(id)
    }),
    quiet(REMOVED, "signed and optional", |good, random| {
        let right = static_data_changed(good)?;
        let mut all = vec!["5F25", "5F28", "9F07"];
        all.extend(good.card().sequence.map(|_| "5F34"));
        all.extend(good.card().aip_is_signed.then_some("9F4A"));
        good.alter(&format!("remove {}", random.of(&all)));
        Right::is(right)
    }),
    fault(REMOVED, "from the answer to GET PROCESSING OPTIONS", |good, random| {
        good.card_mut().options_format = Format::Two;
        good.alter(&format!("answer gpo remove {}", random.of(&["82", "94"])));
        Right::is("gpo-format")
    }),
    fault(REMOVED, "from the answer to GENERATE AC", |good, random| {
        good.card_mut().cryptogram_format = Format::Two;
        good.alter(&format!("answer gac:1 remove {}", random.of(&["9F27", "9F36"])));
        Right::is("genac-format")
    }),
    quiet(ALTERED, "dates", |good, random| {
        let right = static_data_changed(good)?;
        good.alter(random.of(&["set 5F24=320131", "set 5F24=300615", "set 5F25=200202", "set 5F25=191224"]));
        Right::is(right)
    }),
    quiet(ALTERED, "usage, country", |good, random| {
        let right = static_data_changed(good)?;
        good.alter(random.of(&["set 9F07=FFFF", "set 9F07=FF80", "set 5F28=0276", "set 5F28=0840", "set 5F28=0392"]));
        Right::is(right)
    }),
    quiet(ALTERED, "CVM list", |good, random| {
        let right = static_data_changed(good)?;
        good.alter(random.of(&["set 8E=00000000000000001F03", "set 8E=000000000000000042031F03", "flip 8E@0=01"]));
        Right::is(right)
    }),
    quiet(ALTERED, "issuer action codes", |good, random| {
        let right = static_data_changed(good)?;
        let tag = random.of(&["9F0F", "9F0D"]);
        good.alter(&format!("flip {tag}@{}={:02X}", random.below(5), random.change()));
        Right::is(right)
    }),
    quiet(ALTERED, "card number, in the issuer's part", |good, random| {
        good.method()?;
        let digit = 0x10 << (random.below(2) * 4) >> 4;
        good.alter(&format!("flip 5A@1={digit:02X}"));
        Right::either(
            &["oda-issuer-cert-issuer-id", "data-format"],
            "a digit above 9 is refused before any certificate is opened",
        )
    }),
    quiet(ALTERED, "card number, in the account's part", |good, random| {
        let method = good.method()?;
        // The last digit of a byte between 0 and 7 stays a digit.
        let number = good.card().pan.digits().as_bytes().to_vec();
        let byte = 4 + random.below(3);
        let low = number[byte * 2 + 1] - b'0';
        let by = if low >= 8 { 1 } else { 1 + random.below(7) as u8 };
        good.alter(&format!("flip 5A@{byte}={by:02X}"));
        if method == Method::Sda {
            return Right::is("oda-ssad-hash");
        }
        Right::either(
            &["oda-icc-cert-static-data-changed", "oda-icc-cert-pan"],
            "the number is among the signed data, and in the certificate",
        )
    }),
    quiet(ALTERED, "sequence number", |good, random| {
        let right = static_data_changed(good)?;
        good.card().sequence?;
        good.alter(&format!("set 5F34={:02}", 10 + random.below(80)));
        Right::is(right)
    }),
    fault(ALTERED, "impossible value", |good, random| {
        good.alter(random.of(&["set 5F24=261331", "set 5F24=2A0131", "set 5F24=2601", "set 5A=47617390ABCD0010"]));
        Right::is("data-format")
    }),
    quiet(ALTERED, "list of static data", |good, random| {
        good.method()?;
        good.card().aip_is_signed.then_some(())?;
        good.alter(random.of(&["set 9F4A=8284", "set 9F4A=5A", "set 9F4A=8282"]));
        Right::is("oda-sda-tag-list-invalid")
    }),
    fault(ALTERED, "DDOL without the unpredictable number", |good, random| {
        (good.method()? == Method::Dda).then_some(())?;
        good.card_mut().ddol = Some(random.of(&[vec![0x9A, 3], vec![0x9F, 0x02, 6, 0x9A, 3]]));
        Right::is("oda-ddol-missing-un")
    }),
    fault(ALTERED, "CDOL1 that breaks off", |good, _| {
        good.alter("set 8C=9F02069F");
        Right::is("data-format")
    }),
    fault(RECORDS, "status word", |good, random| {
        good.alter(&format!("answer read:{} sw {}", 1 + random.below(3) + reads_of_directory(good), record_sw(random)));
        Right::is("rec-sw")
    }),
    fault(RECORDS, "template", |good, random| {
        let (record, template) = (random.of(&["1.1", "2.2"]), random.of(&["71", "77", "30"]));
        good.alter(&format!("record {record} template {template}"));
        Right::is("rec-template")
    }),
    fault(RECORDS, "template of a signed record", |good, _| {
        good.method()?;
        good.alter("record 2.1 template 71");
        Right::either(
            &["rec-template", "oda-static-record-template"],
            "the record is read for its data and hashed for its signature",
        )
    }),
    fault(RECORDS, "cut", |good, random| {
        let record = random.of(&["1.1", "2.2"]);
        good.alter(&format!("record {record} truncate {}", 1 + random.below(4)));
        Right::is("rec-parse")
    }),
    fault(RECORDS, "the same object twice", |good, random| {
        good.alter(&format!("duplicate {}", random.of(&["8C", "8D", "5F24", "5F20", "57"])));
        Right::is("rec-duplicate-tag")
    }),
    fault(RECORDS, "another card's track", |good, _| {
        good.alter("flip 57@4=01");
        Right::is("card-track2-pan-mismatch")
    }),
    fault(AFL, "against the rules", |good, random| {
        good.alter(random.of(&[
            "afl 00010100",
            "afl F8010100",
            "afl 08000100",
            "afl 08020100",
            "afl 08010102",
            "afl 0801",
        ]));
        Right::either(
            &["afl-invalid", "gpo-format"],
            "a list that is no multiple of four bytes is wrong in the answer already",
        )
    }),
    fault(AFL, "empty", |good, _| {
        good.card_mut().options_format = Format::Two;
        good.alter("answer gpo set 94=");
        Right::is("afl-empty")
    }),
    fault(AFL, "a record that is not there", |good, random| {
        good.alter(random.of(&["afl 0801020010010201", "afl 0801010010010301", "afl 28010100"]));
        Right::is("rec-sw")
    }),
    fault(AFL, "without the certificates", |good, _| {
        good.method()?;
        good.alter("afl 0801010010010201");
        Right::is("oda-data-missing-8f")
    }),
    fault(AFL, "without the lists", |good, _| {
        good.alter("afl 0801010010010101");
        Right::is("rec-mandatory-missing-8c")
    }),
    fault(AFL, "nothing is signed", |good, _| {
        let right = static_data_changed(good)?;
        let records = certificates(good);
        good.alter(&format!("afl 0801010010010200{records}"));
        Right::is(right)
    }),
    fault(AFL, "too much is signed", |good, _| {
        let right = static_data_changed(good)?;
        let records = certificates(good);
        good.alter(&format!("afl 0801010010010202{records}"));
        Right::is(right)
    }),
    quiet(AIP, "changed and signed", |good, _| {
        let right = static_data_changed(good)?;
        good.card().aip_is_signed.then_some(())?;
        let aip = aip(good) ^ 0x04;
        good.alter(&format!("aip {aip:02X}00"));
        Right::is(right)
    }),
    fault(AIP, "downgraded from CDA to DDA, and signed", |good, _| {
        (good.method()? == Method::Cda && good.card().aip_is_signed).then_some(())?;
        let aip = aip(good) & !0x01;
        good.alter(&format!("aip {aip:02X}00"));
        Right::is("oda-icc-cert-static-data-changed")
    }),
    fault(AIP, "no method", |good, _| {
        good.method()?;
        let methods = &mut good.card_mut().authentication;
        (methods.sda, methods.dda, methods.cda) = (false, false, false);
        Right::either(&["oda-not-performed", "oda-no-common-method"], "the one says that, the other why")
    }),
    fault(AIP, "SDA without a signature", |good, _| {
        good.signs().then_some(())?;
        let aip = aip(good) & !0x21 | 0x40;
        good.alter(&format!("aip {aip:02X}00"));
        Right::is("oda-data-missing-93")
    }),
    quiet(DATE, "expired", |good, random| {
        good.card_mut().expiration = [0x22 + random.below(4) as u8, 0x01 + random.below(9) as u8, 0x28];
        good.card_mut().effective = [0x18, 0x01, 0x01];
        Right::is("restrict-expired")
    }),
    quiet(DATE, "not yet effective", |good, random| {
        good.card_mut().effective = [0x27, 0x01 + random.below(9) as u8, 0x01];
        good.card_mut().expiration = [0x32, 0x01, 0x31];
        Right::is("restrict-not-effective")
    }),
    fault(USAGE, "not for purchases", |good, _| {
        good.card_mut().usage = [0xC3, 0xC0];
        Right::either(
            &["restrict-usage-goods", "restrict-usage-services"],
            "a terminal that sells both does not know which this is",
        )
    }),
    fault(USAGE, "only for cash machines", |good, _| {
        good.card_mut().usage = [0xFE, 0xC0];
        Right::is("restrict-usage-non-atm")
    }),
    fault(USAGE, "not for cash", |good, _| {
        good.card_mut().usage = [0x3F, 0xC0];
        good.purchase.kind = "cash".to_owned();
        Right::is("restrict-usage-cash")
    }),
    fault(USAGE, "not for cashback", |good, _| {
        good.card_mut().usage = [0xFF, 0x00];
        good.purchase.kind = "purchase-with-cashback".to_owned();
        good.purchase.cashback = good.purchase.amount / 2;
        Right::is("restrict-usage-cashback")
    }),
    fault(USAGE, "another version", |good, random| {
        good.card_mut().version_number = [0x00, 0x60 + random.below(9) as u8];
        Right::is("restrict-version")
    }),
    fault(CRYPTOGRAM, "refused", |good, random| {
        good.alter(&format!("answer gac:1 sw {}", random.of(&["6985", "6984", "6A88"])));
        Right::is("genac-sw")
    }),
    fault(CRYPTOGRAM, "nonsense", |good, random| {
        good.alter(random.of(&[
            "answer gac:1 replace 8001",
            "answer gac:1 replace 80028000",
            "answer gac:1 replace 3003020101",
        ]));
        Right::is("genac-format")
    }),
    fault(CRYPTOGRAM, "more than was asked for", |good, _| {
        good.at(crate::diagnosis::good::Terminals::Online);
        good.purchase.amount = 15_000;
        good.alter("force first tc");
        Right::is("genac-logic-error")
    }),
    fault(CRYPTOGRAM, "declined", |good, _| {
        good.alter("force first aac");
        Right::is("card-declined-first-gac")
    }),
];

/// The reason for signed data that are not those that were signed.
fn static_data_changed(good: &Good) -> Option<&'static str> {
    Some(if good.method()? == Method::Sda { "oda-ssad-hash" } else { "oda-icc-cert-static-data-changed" })
}

/// The AIP's first byte, as the card is personalised.
fn aip(good: &Good) -> u8 {
    let card = good.card();
    let methods = &card.authentication;
    let command = card.issuer_authentication == IssuerAuthentication::Command;
    let bits = [
        (methods.sda, 0x40),
        (methods.dda, 0x20),
        (card.cvm_list.is_some(), 0x10),
        (card.terminal_risk_management, 0x08),
        (command, 0x04),
        (methods.cda, 0x01),
    ];
    bits.into_iter().filter(|(set, _)| *set).map(|(_, bit)| bit).sum()
}

/// The AFL's entry for the certificates.
fn certificates(good: &Good) -> String {
    let methods = &good.card().authentication;
    let pin = usize::from(methods.pin.is_some()) * 2;
    let records = 2 + usize::from(methods.sda) + usize::from(good.signs()) * 2 + pin;
    format!("1801{records:02X}00")
}

fn reads_of_directory(good: &Good) -> usize {
    // One more answers that there are no more.
    good.profile.directory.as_ref().map_or(0, |_| good.profile.applications.len() + 1)
}

fn record_sw(random: &mut Random) -> &'static str {
    random.of(&["6A83", "6A82", "6985", "6982"])
}
