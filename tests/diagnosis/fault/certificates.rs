//! Keys, certificates, signatures.

use emvident::{
    apdu::command::ins,
    vectors::{card::Decision, cryptogram::Kind},
};

use super::{Fault, Right, fault, quiet};
use crate::diagnosis::{
    good::{Good, Method, Terminals, value_at},
    line::{Rewrite, What},
    random::Random,
};

const BYTES: &str = "certificate bytes";
const CONTENTS: &str = "certificate contents";
const INDEX: &str = "key index";
const DATES: &str = "certificate dates";
const SIGNATURE: &str = "card's signature";
const TRANSIT: &str = "changed in transit";

const EVEN: &str = "a modulus that is even is no key, and has another hash";

pub(super) const FAULTS: &[Fault] = &[
    quiet(BYTES, "issuer certificate", |good, random| {
        good.method()?;
        let at = random.below(good.authority_bytes());
        good.alter(&format!("flip 90@{at}={:02X}", random.change()));
        Right::is("oda-issuer-cert-recover")
    }),
    quiet(BYTES, "chip certificate", |good, random| {
        good.signs().then_some(())?;
        let at = random.below(good.card().authentication.issuer.bytes);
        good.alter(&format!("flip 9F46@{at}={:02X}", random.change()));
        Right::is("oda-icc-cert-recover")
    }),
    quiet(BYTES, "static signature", |good, random| {
        (good.method()? == Method::Sda).then_some(())?;
        let at = random.below(good.card().authentication.issuer.bytes);
        good.alter(&format!("flip 93@{at}={:02X}", random.change()));
        Right::is("oda-ssad-recover")
    }),
    quiet(BYTES, "issuer certificate cut", |good, random| {
        good.method()?;
        good.alter(&format!("shorten 90={}", 1 + random.below(8)));
        Right::is("oda-issuer-cert-length")
    }),
    quiet(BYTES, "chip certificate cut", |good, random| {
        good.signs().then_some(())?;
        good.alter(&format!("shorten 9F46={}", 1 + random.below(8)));
        Right::is("oda-icc-cert-length")
    }),
    quiet(BYTES, "static signature cut", |good, random| {
        (good.method()? == Method::Sda).then_some(())?;
        good.alter(&format!("shorten 93={}", 1 + random.below(8)));
        Right::is("oda-ssad-length")
    }),
    quiet(BYTES, "issuer remainder", |good, random| {
        good.method()?;
        let length = good.issuer_remainder();
        (length > 0).then_some(())?;
        let (at, by) = (random.below(length), random.change());
        good.alter(&format!("flip 92@{at}={by:02X}"));
        if at + 1 == length && by & 1 == 1 {
            return Right::either(&["oda-issuer-key-unusable", "oda-issuer-cert-hash"], EVEN);
        }
        Right::is("oda-issuer-cert-hash")
    }),
    quiet(BYTES, "issuer remainder of another length", |good, random| {
        good.method()?;
        (good.issuer_remainder() > 1).then_some(())?;
        good.alter(random.of(&["shorten 92=1", "extend 92=00", "extend 92=5A01"]));
        Right::is("oda-issuer-cert-remainder")
    }),
    quiet(BYTES, "chip remainder", |good, random| {
        good.signs().then_some(())?;
        let length = good.icc_remainder();
        (length > 0).then_some(())?;
        let (at, by) = (random.below(length), random.change());
        good.alter(&format!("flip 9F48@{at}={by:02X}"));
        if at + 1 == length && by & 1 == 1 {
            return Right::either(&["oda-icc-key-unusable", "oda-icc-cert-hash"], EVEN);
        }
        Right::is("oda-icc-cert-hash")
    }),
    quiet(BYTES, "chip remainder of another length", |good, random| {
        good.signs().then_some(())?;
        (good.icc_remainder() > 1).then_some(())?;
        good.alter(random.of(&["shorten 9F48=1", "extend 9F48=00", "extend 9F48=5A01"]));
        Right::is("oda-icc-cert-remainder")
    }),
    quiet(BYTES, "issuer exponent", |good, random| {
        good.method()?;
        let length = exponent_bytes(good.card().authentication.issuer.exponent);
        let other = if length == 1 { ["05", "07", "11"] } else { ["010005", "020001", "000003"] };
        good.alter(&format!("set 9F32={}", random.of(&other)));
        Right::is("oda-issuer-cert-exponent")
    }),
    quiet(BYTES, "chip exponent", |good, random| {
        good.signs().then_some(())?;
        let length = exponent_bytes(good.card().authentication.icc.exponent);
        let other = if length == 1 { ["05", "07", "11"] } else { ["010005", "020001", "000003"] };
        good.alter(&format!("set 9F47={}", random.of(&other)));
        Right::is("oda-icc-cert-exponent")
    }),
    quiet(CONTENTS, "issuer certificate", |good, random| {
        good.method()?;
        let (field, id) = random.of(&[
            ("header=4A", "oda-issuer-cert-recover"),
            ("trailer=CC", "oda-issuer-cert-recover"),
            ("format=04", "oda-issuer-cert-format"),
            ("hash-algorithm=02", "oda-issuer-cert-hash-alg"),
            ("key-algorithm=02", "oda-issuer-cert-pk-alg"),
            ("identifier=999999FF", "oda-issuer-cert-issuer-id"),
            ("exponent=05", "oda-issuer-cert-exponent"),
            ("hash=0102030405060708090A0B0C0D0E0F1011121314", "oda-issuer-cert-hash"),
        ]);
        good.alter(&format!("sign issuer {field}"));
        Right::is(id)
    }),
    quiet(CONTENTS, "chip certificate", |good, random| {
        good.signs().then_some(())?;
        let (field, id) = random.of(&[
            ("header=4A", "oda-icc-cert-recover"),
            ("trailer=CC", "oda-icc-cert-recover"),
            ("format=02", "oda-icc-cert-format"),
            ("hash-algorithm=02", "oda-icc-cert-hash-alg"),
            ("key-algorithm=02", "oda-icc-cert-pk-alg"),
            ("identifier=9999990000000018FFFF", "oda-icc-cert-pan"),
            ("exponent=05", "oda-icc-cert-exponent"),
        ]);
        good.alter(&format!("sign icc {field}"));
        Right::is(id)
    }),
    quiet(CONTENTS, "hash of the chip certificate", |good, random| {
        good.signs().then_some(())?;
        good.alter(&format!("sign icc hash={:016X}{:016X}01020304", random.next(), random.next()));
        Right::either(
            &["oda-icc-cert-hash", "oda-icc-cert-static-data-changed"],
            "a hash of other static data looks like any other wrong hash",
        )
    }),
    quiet(CONTENTS, "static signature", |good, random| {
        (good.method()? == Method::Sda).then_some(())?;
        let (field, id) = random.of(&[
            ("header=4A", "oda-ssad-recover"),
            ("trailer=CC", "oda-ssad-recover"),
            ("format=05", "oda-ssad-format"),
            ("hash-algorithm=02", "oda-ssad-hash-alg"),
            ("hash=0102030405060708090A0B0C0D0E0F1011121314", "oda-ssad-hash"),
        ]);
        good.alter(&format!("sign static {field}"));
        Right::is(id)
    }),
    quiet(INDEX, "a key nobody has", |good, random| {
        good.method()?;
        good.alter(random.of(&["set 8F=E0", "set 8F=7E", "set 8F=7D"]));
        Right::is("oda-capk-not-found")
    }),
    quiet(INDEX, "another key of the same length", |good, _| {
        good.method()?;
        let other = match (good.is_test_scheme(), good.card().authentication.authority) {
            (true, 0xF3) => "set 8F=F4",
            (true, 0xF4) => "set 8F=F3",
            _ => return None,
        };
        good.alter(other);
        Right::is("oda-issuer-cert-recover")
    }),
    quiet(INDEX, "another key of another length", |good, _| {
        good.method()?;
        good.alter(if good.card().authentication.authority == 0xF1 { "set 8F=F3" } else { "set 8F=F1" });
        if good.is_test_scheme() {
            return Right::is("oda-issuer-cert-length");
        }
        Right::either(
            &["oda-issuer-cert-length", "oda-issuer-cert-recover"],
            "payment systems have published test keys under these numbers too, of other lengths",
        )
    }),
    quiet(DATES, "issuer certificate expired", |good, random| {
        good.method()?;
        good.card_mut().authentication.issuer_expiry = [0x01 + random.below(9) as u8, 0x21 + random.below(5) as u8];
        Right::is("oda-issuer-cert-expired")
    }),
    quiet(DATES, "chip certificate expired", |good, random| {
        good.signs().then_some(())?;
        good.card_mut().authentication.icc_expiry = [0x01 + random.below(9) as u8, 0x21 + random.below(5) as u8];
        Right::is("oda-icc-cert-expired")
    }),
    fault(SIGNATURE, "DDA: bytes", |good, random| {
        (good.method()? == Method::Dda).then_some(())?;
        let at = 8 + random.below(good.card().authentication.icc.bytes - 8);
        good.alter(&format!("answer internal-auth flip {at}={:02X}", random.change()));
        Right::is("oda-sdad-recover")
    }),
    fault(SIGNATURE, "DDA: contents", |good, random| {
        (good.method()? == Method::Dda).then_some(())?;
        let (field, id) = random.of(&[
            ("header=4A", "oda-sdad-recover"),
            ("trailer=CC", "oda-sdad-recover"),
            ("format=03", "oda-sdad-format"),
            ("hash-algorithm=02", "oda-sdad-hash-alg"),
            ("data-length=FA", "oda-sdad-ldd"),
            ("hash=0102030405060708090A0B0C0D0E0F1011121314", "oda-sdad-hash"),
        ]);
        good.alter(&format!("sign dynamic {field}"));
        Right::is(id)
    }),
    fault(SIGNATURE, "DDA: refused", |good, random| {
        (good.method()? == Method::Dda).then_some(())?;
        good.alter(&format!("answer internal-auth sw {}", random.of(&["6985", "6983", "6A88"])));
        Right::is("oda-int-auth-sw")
    }),
    fault(SIGNATURE, "DDA: nonsense", |good, random| {
        (good.method()? == Method::Dda).then_some(())?;
        let nonsense = ["replace 7000", "replace 77049F4C0101", "replace 8085AA", "drop"];
        good.alter(&format!("answer internal-auth {}", random.of(&nonsense)));
        Right::is("oda-int-auth-response")
    }),
    fault(SIGNATURE, "CDA: bytes", |good, random| {
        signed_first(good)?;
        let at = random.below(good.card().authentication.icc.bytes);
        good.alter(&format!("answer gac:1 flip 9F4B@{at}={:02X}", random.change()));
        Right::is("oda-sdad-recover")
    }),
    fault(SIGNATURE, "CDA: contents", |good, random| {
        signed_first(good)?;
        let (field, id) = random.of(&[
            ("header=4A", "oda-sdad-recover"),
            ("trailer=CC", "oda-sdad-recover"),
            ("format=03", "oda-sdad-format"),
            ("hash-algorithm=02", "oda-sdad-hash-alg"),
            ("data-length=FA", "oda-sdad-ldd"),
            ("hash=0102030405060708090A0B0C0D0E0F1011121314", "oda-sdad-hash"),
            ("transaction-hash=0102030405060708090A0B0C0D0E0F1011121314", "oda-cda-tdhc"),
        ]);
        good.alter(&format!("sign first {field}"));
        Right::is(id)
    }),
    fault(SIGNATURE, "CDA: cut", |good, _| {
        signed_first(good)?;
        good.alter("answer gac:1 shorten 9F4B=1");
        Right::is("oda-sdad-length")
    }),
    fault(SIGNATURE, "CDA: left out", |good, _| {
        signed_first(good)?;
        good.alter("answer gac:1 remove 9F4B");
        Right::is("oda-cda-no-sdad")
    }),
    fault(TRANSIT, "the card's decision", |good, _| {
        (good.method()? == Method::Cda).then_some(())?;
        good.at(Terminals::Online);
        good.card_mut().first = Decision::AtMost(Kind::Arqc);
        good.alter("answer gac:1 set 9F27=40");
        Right::either(
            &["oda-cda-cid-mismatch", "genac-logic-error"],
            "where the terminal asked for no approval, one is wrong before any signature is checked",
        )
    }),
    fault(TRANSIT, "the unpredictable number before DDA", |good, random| {
        (good.method()? == Method::Dda).then_some(())?;
        let list = good.card().ddol.clone().unwrap_or(vec![0x9F, 0x37, 0x04]);
        let at = value_at(&list, 0x9F37)? + random.below(4);
        good.in_transit.push(Rewrite {
            ins: ins::INTERNAL_AUTHENTICATE,
            time: 1,
            what: What::Flip(at, random.change()),
        });
        Right::is("oda-sdad-hash")
    }),
    fault(TRANSIT, "the unpredictable number before CDA", |good, random| {
        transit_to_first(good, 0x9F37, random)?;
        Right::is("oda-sdad-hash")
    }),
    fault(TRANSIT, "the amount before CDA", |good, random| {
        transit_to_first(good, 0x9F02, random)?;
        Right::is("oda-cda-tdhc")
    }),
    fault(TRANSIT, "the currency before CDA", |good, random| {
        transit_to_first(good, 0x5F2A, random)?;
        Right::is("oda-cda-tdhc")
    }),
    fault(TRANSIT, "the verification results before CDA", |good, random| {
        transit_to_first(good, 0x95, random)?;
        Right::is("oda-cda-tdhc")
    }),
    fault(TRANSIT, "the counter after CDA", |good, random| {
        signed_first(good)?;
        good.alter(&format!("answer gac:1 flip 9F36@1={:02X}", random.change()));
        Right::is("oda-cda-tdhc")
    }),
];

fn exponent_bytes(exponent: u32) -> usize {
    if exponent == 3 { 1 } else { 3 }
}

/// The card signs its first answer.
fn signed_first(good: &Good) -> Option<()> {
    (good.method()? == Method::Cda).then_some(())
}

fn transit_to_first(good: &mut Good, tag: u32, random: &mut Random) -> Option<()> {
    signed_first(good)?;
    let at = value_at(&good.card().cdol1, tag)?;
    good.in_transit.push(Rewrite { ins: ins::GENERATE_AC, time: 1, what: What::Flip(at, random.change()) });
    Some(())
}
