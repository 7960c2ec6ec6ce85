//! What the card signs in GET PROCESSING OPTIONS.

use super::*;
use crate::{
    oda::fdda::{FastDda, SignedFor},
    store::TerminalData,
};
use apdu::tag::k3::CARD_AUTHENTICATION_RELATED_DATA_9F69 as RELATED;

const NUMBER: [u8; 4] = [0xDE, 0xAD, 0xBE, 0xEF];
const AMOUNT: [u8; 6] = [0, 0, 0, 0, 0x20, 0];
const CURRENCY: [u8; 2] = [0x08, 0x40];
const DATA: [u8; 7] = [0x01, 0xA1, 0xA2, 0xA3, 0xA4, 0x00, 0x00];

/// A card that signs, and a terminal that looks, in order until something is changed.
struct Tap {
    card: CardData,
    terminal: TerminalData,
    format: u8,
    signed_for: SignedFor,
    /// What the card signs.
    covered: Vec<u8>,
    dynamic: Vec<u8>,
    records: &'static [u8],
}

impl Tap {
    fn new(signed_for: SignedFor) -> Self {
        let mut card = Scene::new(Method::Dda).card();
        card.put(RELATED, &DATA, Place::exchange(7));
        let mut terminal = TerminalData::default();
        terminal.put(tag::UNPREDICTABLE_NUMBER_9F37, &NUMBER, Place::default());
        terminal.put(tag::AMOUNT_AUTHORISED_9F02, &AMOUNT, Place::default());
        terminal.put(tag::TRANSACTION_CURRENCY_CODE_5F2A, &CURRENCY, Place::default());
        let covered = [&NUMBER[..], &AMOUNT, &CURRENCY, &DATA].concat();
        let (format, dynamic) = (signed_for.format(), [2, 0x01, 0x5E].into());
        Self { card, terminal, format, signed_for, covered, dynamic, records: RECORDS }
    }

    /// Keeps everything the card gave but this.
    fn without(&mut self, gone: Tag) {
        let mut rest = CardData::default();
        self.card
            .iter()
            .filter(|(tag, _)| *tag != gone)
            .for_each(|(tag, value)| rest.put(tag, value, Place::default()));
        self.card = rest;
    }

    fn sign(&mut self) {
        let message = [&[self.format, 1, self.dynamic.len() as u8][..], &self.dynamic].concat();
        let signature = Frame::default().sign(&PrivateKey::icc(), &message, &[&self.covered]);
        self.card.put(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B, &signature, Place::exchange(4));
    }

    fn authenticate(&self, shortest: usize) -> Result<IccDynamicNumber, Vec<Finding>> {
        let scene = Scene::new(Method::Dda);
        let fdda = FastDda {
            chain: Chain { purpose: Purpose::FastDda, ..scene.chain(&self.card) },
            terminal: &self.terminal,
            records: self.records,
            uncoded: None,
            related_data: shortest..=16,
            signed_for: self.signed_for,
        };
        let result = fdda.authenticate(&mut ChainReport::default());
        result.iter().for_each(|number| assert_eq!(number.as_bytes(), [0x01, 0x5E]));
        if let Err(findings) = &result {
            assert!(findings.iter().all(|finding| finding.tvr.is_none()), "no bit of the TVR");
            assert!(findings.iter().all(|finding| !finding.evidence.is_empty()));
        }
        result
    }
}

fn result(signed_for: SignedFor, change: fn(&mut Tap)) -> Result<(), Vec<Reason>> {
    let mut tap = Tap::new(signed_for);
    tap.sign();
    change(&mut tap);
    tap.authenticate(5).map(drop).map_err(|findings| reasons(&findings))
}

const BOTH: [SignedFor; 2] = [SignedFor::OfflineApproval, SignedFor::OnlineAuthorisation];

#[test]
fn a_signature_counts_for_the_cryptogram_it_comes_with() {
    for signed_for in BOTH {
        assert_eq!(result(signed_for, |_| {}), Ok(()));
    }
    let [offline, online] = BOTH;
    for (one, other) in [(offline, online), (online, offline)] {
        let mut tap = Tap::new(one);
        tap.format = other.format();
        tap.sign();
        let findings = tap.authenticate(5).unwrap_err();
        assert_eq!(reasons(&findings), [Reason::OdaSdadFormat], "{other:?} instead of {one:?}");
        assert_eq!(findings[0].evidence[0].place.exchange, Some(4));
    }
}

#[test]
fn everything_covered_is_checked() {
    let changes: [fn(&mut Tap); 4] = [
        |tap| tap.terminal.put(tag::UNPREDICTABLE_NUMBER_9F37, &[0; 4], Place::default()),
        |tap| tap.terminal.put(tag::AMOUNT_AUTHORISED_9F02, &[0; 6], Place::default()),
        |tap| tap.terminal.put(tag::TRANSACTION_CURRENCY_CODE_5F2A, &[0x01, 0x56], Place::default()),
        |tap| tap.card.put(RELATED, &[0x01, 0xA1, 0xA2, 0xA3, 0xA4, 0x80, 0x00], Place::default()),
    ];
    for change in changes {
        assert_eq!(result(SignedFor::OfflineApproval, change), Err([Reason::OdaSdadHash].into()));
    }
}

#[test]
fn version_00_over_the_number_alone_is_no_longer_taken() {
    let mut tap = Tap::new(SignedFor::OfflineApproval);
    tap.covered = NUMBER.into();
    tap.card.put(RELATED, &[0x00, 0xA1, 0xA2, 0xA3, 0xA4], Place::default());
    tap.sign();
    assert_eq!(tap.authenticate(5).map_err(|findings| reasons(&findings)), Err([Reason::OdaFddaVersion].into()));
    tap.card.put(RELATED, &[], Place::default());
    assert_eq!(tap.authenticate(5).map_err(|findings| reasons(&findings)), Err([Reason::OdaFddaVersion].into()));
}

#[test]
fn related_data_have_the_length_the_kernel_says() {
    for (length, shortest, good) in
        [(4, 5, false), (5, 5, true), (7, 8, false), (8, 8, true), (16, 8, true), (17, 5, false)]
    {
        let mut tap = Tap::new(SignedFor::OfflineApproval);
        let related: Vec<u8> = [VERSION].into_iter().chain(0xA0..).take(length).collect();
        tap.covered = [&NUMBER[..], &AMOUNT, &CURRENCY, &related].concat();
        tap.card.put(RELATED, &related, Place::default());
        tap.sign();
        let result = tap.authenticate(shortest).map(drop).map_err(|findings| reasons(&findings));
        assert_eq!(result, if good { Ok(()) } else { Err([Reason::OdaFddaUn].into()) }, "{length} bytes");
    }
}

const VERSION: u8 = 0x01;

#[test]
fn each_missing_object_has_its_own_finding() {
    let offline = SignedFor::OfflineApproval;
    type Missing = (fn(&mut Tap), &'static [Reason]);
    let missing: [Missing; 6] = [
        (|tap| tap.without(RELATED), &[Reason::OdaFdda9f69Missing]),
        (|tap| tap.without(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B), &[Reason::KMandatoryMissing]),
        (|tap| tap.without(tag::CA_PUBLIC_KEY_INDEX_8F), &[Reason::OdaDataMissing8f]),
        (
            |tap| {
                tap.without(tag::ICC_PUBLIC_KEY_EXPONENT_9F47);
                tap.without(tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46);
            },
            &[Reason::OdaDataMissing9f46, Reason::OdaDataMissing9f47],
        ),
        (|tap| tap.without(tag::PAN_5A), &[Reason::OdaDataMissing5a]),
        (|tap| tap.card.put(tag::AIP_82, &[0x40, 0], Place::default()), &[Reason::OdaNoCommonMethod]),
    ];
    for (change, reasons) in missing {
        assert_eq!(result(offline, change), Err(reasons.into()));
    }
}

#[test]
fn track_2_stands_in_for_the_card_number() {
    let track: fn(&mut Tap) = |tap| {
        tap.without(tag::PAN_5A);
        let track = [&PAN[..], &[0xD3, 0x01, 0x22, 0x01, 0x1F]].concat();
        tap.card.put(tag::TRACK_2_EQUIVALENT_DATA_57, &track, Place::default());
    };
    assert_eq!(result(SignedFor::OfflineApproval, track), Ok(()));
    let another: fn(&mut Tap) = |tap| {
        tap.without(tag::PAN_5A);
        let track = [0x47, 0x61, 0x73, 0x90, 0x01, 0x01, 0x00, 0x28, 0xD3, 0x01, 0x22, 0x01, 0x1F];
        tap.card.put(tag::TRACK_2_EQUIVALENT_DATA_57, &track, Place::default());
    };
    assert_eq!(result(SignedFor::OfflineApproval, another), Err([Reason::OdaIccCertPan].into()));
}

#[test]
fn a_failed_certificate_fails_it() {
    let changed = result(SignedFor::OfflineApproval, |tap| tap.records = b"other records");
    assert_eq!(changed, Err([Reason::OdaIccCertHash, Reason::OdaIccCertStaticDataChanged].into()));
    let list =
        result(SignedFor::OfflineApproval, |tap| tap.card.put(tag::SDA_TAG_LIST_9F4A, &[0x5A], Place::default()));
    assert_eq!(list, Err([Reason::OdaSdaTagListInvalid].into()));
}
