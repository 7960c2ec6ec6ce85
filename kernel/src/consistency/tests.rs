//! Honest cards that look odd: each stays silent. The checks' own tests have their attacks.

use alloc::{vec, vec::Vec};
use core::time::Duration;

use apdu::{
    Tag, tag,
    tag::{k2, k3},
    value::{
        CvmResults,
        cid::{Cid, CryptogramType},
    },
};

use super::{at_the_end, cvr, device, iin};
use crate::{
    contactless::{Activation, KernelId, OutcomeKind, Start, Tap, TapOutcome},
    finding::{Phase, Reason},
    outcome::{Cryptogram, Outcome},
    session::{Log, LoggedExchange},
    testing::card_data,
};

const VISA: &str = "A0000000031010";
const MASTERCARD: &str = "A0000000041010";

/// A card with these objects, played as `aid`.
fn card(aid: &str, objects: &[(Tag, &str)]) -> Outcome {
    Outcome { aid: hex::decode(aid).unwrap(), card: card_data(objects), ..Outcome::default() }
}

/// The same through the air.
fn tapped(kernel: KernelId, aid: &str, objects: &[(Tag, &str)]) -> Outcome {
    let outcome = TapOutcome::new(OutcomeKind::OnlineRequest);
    let name = hex::decode(aid).unwrap();
    let activation = Activation { kernel, name, combination: 0, start: Start::B, restarted: false, outcome };
    Outcome { tap: Some(Tap { activations: vec![activation], ..Tap::default() }), ..card(aid, objects) }
}

/// Everything that is said of it.
fn told(out: &Outcome, log: &Log) -> Vec<Reason> {
    let findings = at_the_end(out, log).into_iter().chain(iin::check(&out.aid, &out.card)).chain(cvr::check(out));
    findings.map(|finding| finding.reason).collect()
}

fn silent(out: &Outcome) {
    assert_eq!(told(out, &Log::default()), []);
}

fn number(aid: &str, pan: &str) -> Option<Reason> {
    let out = card(aid, &[(tag::PAN_5A, pan)]);
    iin::check(&out.aid, &out.card).map(|finding| finding.reason)
}

#[test]
fn a_card_of_two_brands_is_silent() {
    assert_eq!(number("A00000033301010102", "4761739001010010"), None, "UnionPay beside Visa");
    assert_eq!(number("A0000000421010", "4761739001010010"), None, "Cartes Bancaires");
    assert_eq!(number("A0000003591010028001", "5413330089020011"), None, "girocard");
    assert_eq!(number(MASTERCARD, "4761739001010010"), Some(Reason::CardRidIinMismatch));
    assert_eq!(number(VISA, "5413330089020011"), Some(Reason::CardRidIinMismatch));
}

#[test]
fn a_token_on_a_phone_is_silent() {
    let track = (tag::TRACK_2_EQUIVALENT_DATA_57, "4895370012003478D49122010000000000");
    let form = (k3::FORM_FACTOR_INDICATOR_9F6E, "23700000");
    silent(&tapped(KernelId::C3, VISA, &[track, form, (k3::CTQ_9F6C, "0080"), (tag::AIP_82, "2020")]));
}

#[test]
fn shared_debit_and_cash_applications_are_silent() {
    assert_eq!(number("A0000000980840", "5413330089020011"), None, "US common debit of Visa");
    assert_eq!(number("A0000000042203", "4761739001010010"), None, "US common debit of Mastercard");
    assert_eq!(number("A0000000038010", "6011000990139424"), None, "PLUS");
    assert_eq!(number("A0000000046000", "4761739001010010"), None, "Cirrus");
}

#[test]
fn maestro_numbers_are_silent() {
    for pan in ["5018000000000009", "5641821111166669", "6799990100000000019F", "2223000048410010"] {
        assert_eq!(number("A0000000043060", pan), None, "{pan}");
        assert_eq!(number(MASTERCARD, pan), None, "{pan}");
    }
    assert_eq!(number(VISA, "9999990000000003"), None, "nobody's range");
}

#[test]
fn a_prepaid_card_without_sequence_number_or_signed_profile_is_silent() {
    let records = [(tag::PAN_5A, "4761739001010010"), (tag::AIP_82, "3800"), (tag::DDOL_9F49, "9F3704")];
    silent(&card(VISA, &records));
}

#[test]
fn a_terminal_without_cda_makes_no_card_suspect() {
    let certificate = (tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46, "00");
    silent(&card(MASTERCARD, &[(tag::AIP_82, "1D00"), certificate]));
    silent(&card(MASTERCARD, &[(tag::AIP_82, "3C00"), certificate]));
}

#[test]
fn results_of_a_national_layout_are_silent() {
    let with = |aid: &str, issuer_data: &str| {
        let made = Cryptogram {
            asked: CryptogramType::Tc,
            signature_asked: false,
            cid: Cid(0x40),
            cryptogram: Some([1; 8]),
            atc: [0, 1],
            issuer_data: hex::decode(issuer_data).unwrap(),
        };
        let cvm_results = Some(CvmResults([0x41, 0x03, 0x02]));
        cvr::check(&Outcome { cryptograms: vec![made], cvm_results, ..card(aid, &[]) }).map(|finding| finding.reason)
    };
    assert_eq!(with("A0000000421010", "06010A03A00000"), None, "of another payment system");
    assert_eq!(with(VISA, "0FA0FF"), None, "of no known layout");
    assert_eq!(with(VISA, "06010A03A40000"), None, "the PIN was verified");
    assert_eq!(with(VISA, "06010A03A00000"), Some(Reason::CvmCvrMismatch));
    assert_eq!(with(VISA, "06010A03A60000"), Some(Reason::CvmCvrMismatch), "and was wrong");
    assert_eq!(with(MASTERCARD, "0110A00003220000000000000000000000FF"), Some(Reason::CvmCvrMismatch));
}

#[test]
fn a_wearable_without_form_factor_is_silent() {
    let claim = [(k3::CTQ_9F6C, "0080"), (tag::AIP_82, "2020")];
    silent(&tapped(KernelId::C3, VISA, &claim));
    silent(&tapped(KernelId::C2, MASTERCARD, &[(tag::AIP_82, "1B80")]));
    let ring = (k2::THIRD_PARTY_DATA_9F6E, "0840800030343132");
    silent(&tapped(KernelId::C2, MASTERCARD, &[(tag::AIP_82, "1B80"), ring]));
    let plain = (k2::THIRD_PARTY_DATA_9F6E, "0840000030303132");
    let out = tapped(KernelId::C2, MASTERCARD, &[(tag::AIP_82, "1B80"), plain]);
    assert_eq!(told(&out, &Log::default()), [Reason::KCdcvmOnPlainCard]);
    let form = (k3::FORM_FACTOR_INDICATOR_9F6E, "20700000");
    assert_eq!(device::check(KernelId::C3, &tapped(KernelId::C3, VISA, &[claim[0], form])).count(), 1);
}

fn exchange(command: &str, response: &str) -> LoggedExchange {
    let (command, response) = (hex::decode(command).unwrap().into(), hex::decode(response).unwrap().into());
    let elapsed = Duration::from_millis(30);
    LoggedExchange { number: 1, phase: Phase::ReadData, command, response: Some(response), elapsed }
}

#[test]
fn answers_in_parts_and_lengths_that_could_be_shorter_are_silent() {
    let exchanges = [
        exchange("00B2010C00", "6C15"),
        exchange("00B2010C15", "6112"),
        exchange("00C0000012", "70105A0847617390010100105F24034912319000"),
        exchange("00B2020C00", "7081068C82000295059000"),
        exchange("00B2030C00", "70048D0295059000"),
    ];
    let log = Log { exchanges: exchanges.into(), ..Log::default() };
    assert_eq!(told(&card(VISA, &[(tag::PAN_5A, "4761739001010010")]), &log), []);
}

#[test]
fn an_expired_test_card_is_silent() {
    let expired = (tag::APPLICATION_EXPIRATION_DATE_5F24, "151231");
    silent(&card(VISA, &[(tag::PAN_5A, "4761739001010119"), expired, (tag::AIP_82, "5C00")]));
}
