//! Dynamic signatures over other data than were sent.

use apdu::{command::ins, tag};
use emvident_kernel::{
    Reason,
    counterfactual::{Change, Composition, PdolPart, SignedInput},
    crypto::hash::sha1,
    finding::Certainty,
    oda::KeyStore,
    terminal::CdaMode,
};

use crate::transaction::{Case, NUMBER, card, hexed, purchase, terminal};

/// A card that signs this for INTERNAL AUTHENTICATE.
fn dda(data: impl AsRef<[u8]>, more: &[&str]) -> Case {
    let sign = format!("sign dynamic hashed-data={}", hexed(data));
    Case::of("dda", &[&[sign.as_str()], more].concat())
}

const AMOUNT: [u8; 6] = [0, 0, 0, 0, 0x50, 0];
const LIST: &str = "with ddol=9F37049F0206";

#[test]
fn a_signature_over_the_usual_list_is_told() {
    let change = dda(NUMBER, &[LIST]).proven(Reason::OdaSdadHash);
    assert_eq!(change, Change::Ddol { list: vec![0x9F, 0x37, 0x04] });
}

#[test]
fn a_terminal_without_a_list_needs_the_usual_one() {
    let mut terminal = terminal();
    terminal.applications.iter_mut().for_each(|application| application.default_ddol = None);
    let case = Case::with(card("dda", &["with ddol=none"]), terminal, purchase());
    assert!(case.reasons().contains(&Reason::OdaDdolNoDefault));
    let found = case.search();
    let [one] = &found[..] else { panic!("{found:?}") };
    assert_eq!(one.change, Change::Ddol { list: vec![0x9F, 0x37, 0x04] });
    assert_eq!(
        (one.certainty, one.passes.check.id(), one.passes.whole_chain),
        (Certainty::Hint, "data-object-list", false)
    );
}

#[test]
fn values_in_another_order_are_told() {
    let change = dda([&AMOUNT[..], &NUMBER].concat(), &[LIST]).proven(Reason::OdaSdadHash);
    assert_eq!(change, Change::DdolOrder { order: vec![tag::AMOUNT_AUTHORISED_9F02, tag::UNPREDICTABLE_NUMBER_9F37] });
    let list = "with ddol=9F37049F02069C019F1A02";
    let middle = [&[0x01, 0x56][..], &NUMBER, &[0x00], &AMOUNT].concat();
    let Change::DdolOrder { order } = dda(middle, &[list]).proven(Reason::OdaSdadHash) else { panic!() };
    assert_eq!(order[..2], [tag::TERMINAL_COUNTRY_CODE_9F1A, tag::UNPREDICTABLE_NUMBER_9F37]);
}

#[test]
fn another_number_is_told_with_where_it_was_sent() {
    let change = dda([0; 4], &[]).proven(Reason::OdaSdadHash);
    assert_eq!(change, Change::UnpredictableNumber { value: [0; 4], exchange: None });

    let value = [0xAA, 0xBB, 0xCC, 0xDD];
    let mut case = dda(value, &[]);
    assert_eq!(case.search(), []);
    let at = case.outcome.log.exchanges.iter().position(|exchange| exchange.command[1] == ins::GENERATE_AC).unwrap();
    // The last of CDOL1's common part: 9F02 9F03 9F1A 95 5F2A 9A 9C, then 9F37.
    case.outcome.log.exchanges[at].command[5 + 25..5 + 29].copy_from_slice(&value);
    let exchange = Some(u16::try_from(at + 1).unwrap());
    assert_eq!(case.proven(Reason::OdaSdadHash), Change::UnpredictableNumber { value, exchange });
}

#[test]
fn a_sequence_number_in_one_byte_is_told() {
    let list = "with ddol=9F37045F3402";
    let change = dda([&NUMBER[..], &[1]].concat(), &[list]).proven(Reason::OdaSdadHash);
    assert_eq!(change, Change::SequenceNumberLength { length: 1 });
}

#[test]
fn the_format_of_contactless_cards_is_told() {
    let case = Case::of("dda", &["sign dynamic format=95"]);
    let change = case.proven(Reason::OdaSdadFormat);
    assert_eq!(change, Change::SignedFormat { format: 0x95, input: SignedInput::AsSent });
    assert_eq!(Case::of("dda", &["sign dynamic format=77"]).search(), []);
}

#[test]
fn fast_dda_is_told_with_its_version() {
    let related = [0x01, 0xA1, 0xA2, 0xA3, 0xA4, 0x00, 0x00];
    let covered = [&NUMBER[..], &AMOUNT, &[0x01, 0x56], &related].concat();
    let object = format!("record 2.2 add 9F69={}", hexed(related));
    let hashed = format!("sign dynamic hashed-data={}", hexed(&covered));
    for (format, reason) in [(0x95, Reason::OdaSdadFormat), (0x05, Reason::OdaSdadHash)] {
        let case = Case::of("visa-18", &[&object, &hashed, &format!("sign dynamic format={format:02X}")]);
        let change = case.proven(reason);
        assert_eq!(change, Change::SignedFormat { format, input: SignedInput::FddaVersion01 });
    }
}

#[test]
fn a_tap_signed_for_the_other_kind_of_cryptogram_is_told() {
    let change = Case::of_tap("c3-offline", &["sign dynamic format=95"]).proven(Reason::OdaSdadFormat);
    assert_eq!(change, Change::SignedFormat { format: 0x95, input: SignedInput::FddaVersion01 });
}

#[test]
fn a_tap_signed_in_the_withdrawn_version_is_told() {
    let hashed = format!("sign dynamic hashed-data={}", hexed(NUMBER));
    let old = ["answer read:6 set 9F69=00A1A2A3A40000", hashed.as_str()];
    let change = Case::of_tap("c3-offline", &old).proven(Reason::OdaFddaVersion);
    assert_eq!(change, Change::SignedFormat { format: 0x05, input: SignedInput::FddaVersion00 });
}

#[test]
fn a_tap_signed_over_a_number_of_zeros_is_told() {
    let related = "01A1A2A3A4200000";
    let covered = format!("00000000{}0156{related}", hexed(AMOUNT));
    let (set, sign) = (format!("answer read:6 set 9F69={related}"), format!("sign dynamic hashed-data={covered}"));
    let change = Case::of_tap("c3-offline", &[&set, &sign]).proven(Reason::OdaSdadHash);
    assert_eq!(change, Change::UnpredictableNumber { value: [0; 4], exchange: None });
    let changed = Case::of_tap("c3-offline", &["answer read:6 set 9F69=01A1A2A3A4200000"]);
    assert_eq!(changed.search(), [], "nobody knows what was there");
}

/// What a good CDA card signs: what was sent, and the objects of the answer before the signature.
struct Signed {
    pdol: Vec<u8>,
    first: Vec<u8>,
    objects: Vec<u8>,
}

fn good() -> Signed {
    good_with(&[])
}

fn good_with(alterations: &[&str]) -> Signed {
    let case = Case::of("cda", alterations);
    assert_eq!(case.search(), []);
    let exchanges = &case.outcome.log.exchanges;
    let answer = exchanges.iter().find(|exchange| exchange.command[1] == ins::GENERATE_AC).unwrap();
    let template = apdu::tlv::Reader::strict(answer.response.as_ref().unwrap()).next().unwrap().unwrap();
    let objects = apdu::tlv::Reader::strict(template.value).map(Result::unwrap);
    let hashed = objects.filter(|object| object.tag != tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
    let objects = hashed.flat_map(|object| object.raw).copied().collect();
    Signed { pdol: case.data(ins::GET_PROCESSING_OPTIONS), first: case.data(ins::GENERATE_AC), objects }
}

/// A card whose CDA signature is over the hash of these parts.
fn cda(parts: &[&[u8]]) -> Case {
    Case::of("cda", &[&format!("sign first transaction-hash={}", hexed(sha1(parts.iter().copied())))])
}

const BY_RULE: Composition = Composition { pdol: PdolPart::Values, cdol1: true, cdol2: false, sorted: false };

#[test]
fn transaction_data_without_the_pdol_or_with_its_template_are_told() {
    let Signed { pdol, first, objects } = good();
    let change = cda(&[&first, &objects]).proven(Reason::OdaCdaTdhc);
    assert_eq!(change, Change::TransactionData { parts: Composition { pdol: PdolPart::Nothing, ..BY_RULE } });
    let change = cda(&[&pdol, &first, &objects]).proven(Reason::OdaCdaTdhc);
    assert_eq!(change, Change::TransactionData { parts: Composition { pdol: PdolPart::Template, ..BY_RULE } });
    assert_eq!(cda(&[b"something else"]).search(), []);
}

#[test]
fn an_answer_hashed_in_the_order_of_its_tags_is_told() {
    let Signed { pdol, first, objects } = good();
    let objects: Vec<_> = apdu::tlv::Reader::strict(&objects).map(Result::unwrap).collect();
    let [cid, atc, issuer] = &objects[..] else { panic!("{objects:?}") };
    let change = cda(&[&pdol[2..], &first, issuer.raw, cid.raw, atc.raw]).proven(Reason::OdaCdaTdhc);
    assert_eq!(change, Change::TransactionData { parts: Composition { sorted: true, ..BY_RULE } });
    // Two things at once.
    let change = cda(&[&first, issuer.raw, cid.raw, atc.raw]).proven(Reason::OdaCdaTdhc);
    let parts = Composition { sorted: true, pdol: PdolPart::Nothing, ..BY_RULE };
    assert_eq!(change, Change::TransactionData { parts });
}

#[test]
fn a_final_cryptogram_hashed_without_the_first_list_is_told() {
    let mut terminal = terminal();
    terminal.cda_mode = CdaMode::Mode1;
    terminal.applications[0].tac_online.0 = [0xFF; 5];
    terminal.applications[0].floor_limit = 0;
    let good = Case::with(card("online-only", &[]), terminal.clone(), purchase());
    let second = good.outcome.log.exchanges.iter().filter(|exchange| exchange.command[1] == ins::GENERATE_AC).nth(1);
    let second = second.unwrap();
    let data = &second.command[5..5 + usize::from(second.command[4])];
    let template = apdu::tlv::Reader::strict(second.response.as_ref().unwrap()).next().unwrap().unwrap();
    let objects = apdu::tlv::Reader::strict(template.value).map(Result::unwrap);
    let hashed = objects.filter(|object| object.tag != tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
    let objects: Vec<u8> = hashed.flat_map(|object| object.raw).copied().collect();
    let pdol = &good.data(ins::GET_PROCESSING_OPTIONS)[2..];
    let hash = hexed(sha1([pdol, data, &objects]));
    let profile = card("online-only", &[&format!("sign second transaction-hash={hash}")]);
    let change = Case::with(profile, terminal, purchase()).proven(Reason::OdaCdaTdhc);
    let parts = Composition { pdol: PdolPart::Values, cdol1: false, cdol2: true, sorted: false };
    assert_eq!(change, Change::TransactionData { parts });
}

#[test]
fn a_cryptogram_signed_for_another_number_is_told() {
    let change = Case::of("cda", &["sign first hashed-data=00000000"]).proven(Reason::OdaSdadHash);
    assert_eq!(change, Change::UnpredictableNumber { value: [0; 4], exchange: None });
    assert_eq!(Case::of("cda", &["sign first hashed-data=0BADF00D"]).search(), []);
}

#[test]
fn a_list_without_the_number_is_answered_by_the_number_the_terminal_had() {
    // CDOL1 as the card has it, without its last entry; the signature covers the terminal's number all the same.
    let list = "with cdol1=9F02069F03069F1A0295055F2A029A039C01";
    let case = Case::of("cda", &[list, &format!("sign first hashed-data={}", hexed(NUMBER))]);
    let change = case.proven(Reason::OdaCdaUnMissing);
    assert_eq!(change, Change::UnpredictableNumber { value: NUMBER, exchange: None });
    assert_eq!(Case::of("cda", &[list]).search(), [], "no number was signed at all");
}

#[test]
fn a_sequence_number_hashed_in_one_byte_is_told() {
    let list = "with cdol1=9F02069F03069F1A0295055F2A029A039C019F37045F3402";
    let Signed { pdol, mut first, objects } = good_with(&[list]);
    assert_eq!(first.split_off(first.len() - 2), [0, 1]);
    let hash = hexed(sha1([&pdol[2..], &first, &[1], &objects]));
    let change = Case::of("cda", &[list, &format!("sign first transaction-hash={hash}")]).proven(Reason::OdaCdaTdhc);
    assert_eq!(change, Change::SequenceNumberLength { length: 1 });
}

#[test]
fn a_decision_changed_on_the_way_is_proven() {
    let case = Case::of("wedge", &[]);
    let change = case.proven(Reason::OdaCdaCidMismatch);
    assert_eq!(change, Change::Decision { signed: 0x80, given: 0x40 });
}

#[test]
fn a_byte_changed_on_the_way_is_located() {
    let case = Case::of("cda", &["answer gac flip 9F36@1=01"]);
    assert!(case.reasons().contains(&Reason::OdaCdaTdhc));
    assert_eq!(case.search(), []);
    let found = case.changed_byte().unwrap();
    assert!(found.passes.whole_chain);
    let Change::Byte { place, signed, found } = found.change else { panic!("{found:?}") };
    assert_eq!((place.tag, place.offset), (Some(tag::ATC_9F36), Some(1)));
    assert_eq!(signed.map(|byte| byte ^ 1), found);

    // The card was sent another amount than the log says.
    let Signed { pdol, mut first, objects } = good();
    first[4] ^= 0x02;
    let case = cda(&[&pdol[2..], &first, &objects]);
    let Change::Byte { place, .. } = case.changed_byte().unwrap().change else { panic!() };
    assert_eq!((place.tag, place.offset), (Some(tag::AMOUNT_AUTHORISED_9F02), Some(4)));
}

#[test]
fn a_signature_made_with_another_key_gets_no_answer() {
    let mut case = Case::of("dda", &["answer internal-auth flip 20=FF"]);
    case.known = KeyStore::new();
    assert!(case.reasons().contains(&Reason::OdaSdadRecover));
    assert_eq!(case.search(), []);
}
