//! Dates that make things good, and lengths that lists ask for.

use apdu::{command::ins, tag, value::date::Date};
use emvident_kernel::{
    Reason,
    counterfactual::{Change, Counterfactual},
    finding::Certainty,
    oda::keys::CaKey,
};

use crate::transaction::{Case, TEST_RID, card, key_data, key_of, purchase, terminal};

fn date(year: u16, month: u8, day: u8) -> Option<Date> {
    Some(Date::new(year, month, day).unwrap())
}

fn only(case: &Case) -> Counterfactual {
    let found = case.search();
    let [one] = &found[..] else { panic!("{found:?}") };
    one.clone()
}

#[test]
fn an_expired_application_was_good_between_its_dates() {
    let one = only(&Case::of("expired", &[]));
    assert_eq!(one.change, Change::Date { from: date(2020, 1, 1), to: date(2020, 12, 31) });
    assert_eq!(
        (one.passes.check.id(), one.passes.whole_chain, one.certainty),
        ("expiration-date", true, Certainty::Hint)
    );
}

#[test]
fn an_application_not_yet_effective_will_be() {
    let one = only(&Case::of("not-yet-effective", &[]));
    assert_eq!(one.change, Change::Date { from: date(2048, 1, 1), to: date(2049, 12, 31) });
    assert_eq!((one.passes.check.id(), one.passes.whole_chain), ("effective-date", true));
}

#[test]
fn an_expired_certificate_limits_the_days() {
    let one = only(&Case::of("certificate-expired", &[]));
    assert_eq!(one.change, Change::Date { from: date(2020, 1, 1), to: date(2020, 12, 31) });
    assert_eq!((one.passes.step.unwrap().id(), one.passes.whole_chain), ("icc-certificate", true));
    let one = only(&Case::of("cda", &["sign issuer expiry=0321"]));
    assert_eq!(one.change, Change::Date { from: date(2020, 1, 1), to: date(2021, 3, 31) });
    assert_eq!(one.passes.step.unwrap().id(), "issuer-certificate");
}

#[test]
fn an_expired_ca_key_and_what_is_below_it_are_good_together_for_a_while() {
    let modulus = key_of(TEST_RID, 0xF1).modulus;
    let mut data = key_data(TEST_RID, 0xF1, &modulus, &[3]);
    data.expiry = date(2025, 12, 31);
    let mut terminal = terminal();
    terminal.keys = [CaKey::new(&data).unwrap()].into_iter().fold(
        Default::default(),
        |mut keys: emvident_kernel::oda::KeyStore, key| {
            keys.add(key);
            keys
        },
    );
    let case = Case::with(card("cda", &["sign icc expiry=0622"]), terminal, purchase());
    let one = only(&case);
    assert_eq!(case.outcome.log.findings[one.finding].reason, Reason::OdaCapkExpired);
    assert_eq!(
        one.change,
        Change::Date { from: date(2020, 1, 1), to: date(2022, 6, 30) },
        "the certificate's, not the key's"
    );
    assert!(one.passes.whole_chain);
}

#[test]
fn one_date_that_repairs_two_things_makes_a_wrong_clock_likely() {
    let mut tomorrow = purchase();
    tomorrow.date = Date::new(2049, 12, 31).unwrap();
    let case = Case::with(card("cda", &["with expiration=261231", "sign issuer expiry=1126"]), terminal(), tomorrow);
    let found = case.search();
    assert_eq!(found.len(), 2, "{found:?}");
    for one in found {
        assert_eq!(one.change, Change::Date { from: date(2020, 1, 1), to: date(2026, 11, 30) });
        assert_eq!((one.certainty, one.passes.whole_chain), (Certainty::Likely, true));
    }
}

#[test]
fn dates_that_exclude_each_other_are_told_one_by_one() {
    let case = Case::of("not-yet-effective", &["sign icc expiry=0622"]);
    let found = case.search();
    let changes: Vec<_> = found.iter().map(|one| one.change.clone()).collect();
    let alone = [Change::Date { from: None, to: date(2022, 6, 30) }, Change::Date { from: date(2048, 1, 1), to: None }];
    assert_eq!(changes, alone);
    assert!(found.iter().all(|one| !one.passes.whole_chain && one.certainty == Certainty::Hint));
}

/// The log as another terminal would have made it, with bytes missing at the end of the data.
fn shortened(mut case: Case, ins: u8, by: u8) -> Case {
    let exchange = case.outcome.log.exchanges.iter_mut().rev().find(|exchange| exchange.command[1] == ins).unwrap();
    let mut command = exchange.command.to_vec();
    command[4] -= by;
    if ins == ins::GET_PROCESSING_OPTIONS {
        command[6] -= by;
    }
    command.truncate(5 + usize::from(command[4]));
    command.push(0);
    exchange.command = command.into();
    case
}

#[test]
fn a_list_filled_short_is_told() {
    let cases = [
        ("answer gpo sw 6700", ins::GET_PROCESSING_OPTIONS, Reason::GpoPdolLength, tag::PDOL_9F38, 6),
        ("answer gac sw 6700", ins::GENERATE_AC, Reason::GenacCdolLength, tag::CDOL1_8C, 29),
        ("answer gac sw 6F00", ins::GENERATE_AC, Reason::GenacSw, tag::CDOL1_8C, 29),
    ];
    for (alteration, ins, reason, list, expected) in cases {
        let case = Case::of("cda", &[alteration]);
        assert!(case.reasons().contains(&reason), "{:?}", case.reasons());
        assert_eq!(case.search(), [], "what was sent has the right length");
        let one = only(&shortened(case, ins, 2));
        assert_eq!(one.change, Change::ListLength { list, expected, sent: expected - 2 });
        assert_eq!((one.passes.check.id(), one.certainty), ("length", Certainty::Likely));
    }
    let case = shortened(Case::of("dda", &["answer internal-auth sw 6700"]), ins::INTERNAL_AUTHENTICATE, 1);
    assert_eq!(only(&case).change, Change::ListLength { list: tag::DDOL_9F49, expected: 4, sent: 3 });
}
