use alloc::vec;

use apdu::{Tag, value::TerminalType};

use super::*;
use crate::{
    finding::Value,
    point_of_sale::RandomPurpose,
    terminal::RandomSelection,
    testing::{ScriptedCard, ScriptedPointOfSale, application, card_data, ready, reasons, terminal, transaction},
};

const PAN: (Tag, &str) = (tag::PAN_5A, "4761739001010010");
const LOWER: (Tag, &str) = (tag::LOWER_CONSECUTIVE_OFFLINE_LIMIT_9F14, "03");
const UPPER: (Tag, &str) = (tag::UPPER_CONSECUTIVE_OFFLINE_LIMIT_9F23, "06");
const ATC: &str = "80CA9F3600";
const LAST_ONLINE: &str = "80CA9F1300";

/// Everything one run can be set up with.
struct Scene {
    terminal: Terminal,
    transaction: Transaction,
    application: ApplicationParameters,
    point_of_sale: ScriptedPointOfSale,
    card: ScriptedCard,
}

struct Seen {
    tvr: Tvr,
    reasons: Vec<Reason>,
    findings: Vec<Finding>,
    point_of_sale: ScriptedPointOfSale,
}

impl Scene {
    fn new() -> Self {
        Self {
            terminal: terminal(),
            transaction: transaction(),
            application: application(),
            point_of_sale: ScriptedPointOfSale::default(),
            card: ScriptedCard::default(),
        }
    }

    fn run(mut self, objects: &[(Tag, &str)]) -> Result<Seen, Stop> {
        let card = card_data(objects);
        let mut session = Session::new(&mut self.card, &mut self.point_of_sale, &self.terminal, &self.transaction);
        let risk = ready(manage_risk(&mut session, &card, &self.application))?;
        let log = session.into_log();
        assert!(self.card.is_done());
        assert_eq!(risk.tsi, Tsi::ZERO.with(tsi::TERMINAL_RISK_MANAGEMENT_PERFORMED));
        let mut checks = log.findings.iter().filter(|finding| finding.reason != Reason::TrmCounterBehind);
        assert!(checks.all(|finding| finding.tvr.is_some_and(|bit| risk.tvr.has(bit))));
        let set = log.findings.iter().filter_map(|finding| finding.tvr).fold(Tvr::ZERO, Tvr::with);
        assert_eq!(set, risk.tvr);
        Ok(Seen { tvr: risk.tvr, reasons: reasons(&log), findings: log.findings, point_of_sale: self.point_of_sale })
    }
}

fn bits(bits: &[apdu::Bit]) -> Tvr {
    bits.iter().copied().fold(Tvr::ZERO, Tvr::with)
}

#[test]
fn nothing_risky_sets_nothing() {
    let seen = Scene::new().run(&[PAN]).unwrap();
    assert_eq!((seen.tvr, seen.reasons), (Tvr::ZERO, vec![]));
}

#[test]
fn an_amount_at_the_floor_limit_exceeds_it() {
    for (amount, exceeded) in [(99_99, false), (10_000, true), (10_001, true), (u64::MAX, true)] {
        let mut scene = Scene::new();
        scene.transaction.amount = amount;
        let seen = scene.run(&[PAN]).unwrap();
        assert_eq!(seen.reasons, if exceeded { vec![Reason::TrmFloor] } else { vec![] }, "{amount}");
        assert_eq!(seen.tvr.has(tvr::FLOOR_LIMIT_EXCEEDED), exceeded);
    }
}

#[test]
fn a_split_sale_counts_together() {
    for (recent, exceeded) in [(49_99, false), (50_00, true), (u64::MAX, true)] {
        let mut scene = Scene::new();
        scene.point_of_sale.recent = recent;
        let seen = scene.run(&[PAN]).unwrap();
        assert_eq!(seen.tvr.has(tvr::FLOOR_LIMIT_EXCEEDED), exceeded, "{recent}");
        if exceeded {
            let evidence = &seen.findings[0].evidence;
            assert_eq!(evidence[0].expected, Some(Value::from(10_000_u64)));
            assert_eq!(evidence[0].found, Some(Value::from(50_00_u64.saturating_add(recent))));
            assert_eq!(evidence[2].found, Some(Value::from(recent)));
        }
    }
}

fn selecting(terminal_type: u8, random: u8) -> Scene {
    let mut scene = Scene::new();
    scene.terminal.terminal_type = TerminalType(terminal_type);
    // Of 50.00 between 0 and 100.00 half of 40 percent, and 20.
    scene.application.random_selection = RandomSelection { threshold: 0, target: 20, maximum: 60 };
    scene.point_of_sale.random = vec![random];
    scene
}

#[test]
fn a_number_up_to_the_target_goes_online_and_is_evidence() {
    let seen = selecting(0x22, 39).run(&[PAN]).unwrap();
    assert_eq!((seen.tvr, seen.reasons), (bits(&[tvr::RANDOMLY_SELECTED]), vec![Reason::TrmRandom]));
    let evidence = &seen.findings[0].evidence[0];
    assert_eq!((evidence.fact, &evidence.expected), (Fact::RandomNumber, &Some(Value::from(40_u8))));
    assert_eq!(evidence.found, Some(Value::from(40_u8)));
    assert_eq!(seen.point_of_sale.drawn[0].0, RandomPurpose::TransactionSelection);
    assert_eq!(selecting(0x25, 40).run(&[PAN]).unwrap().tvr, Tvr::ZERO);
}

#[test]
fn terminals_without_a_choice_draw_nothing() {
    for terminal_type in [0x21, 0x23, 0x14, 0x16] {
        let seen = selecting(terminal_type, 0).run(&[PAN]).unwrap();
        assert_eq!((seen.tvr, seen.point_of_sale.drawn), (Tvr::ZERO, vec![]), "{terminal_type:02X}");
    }
    let mut above = selecting(0x22, 0);
    above.transaction.amount = 10_000;
    assert_eq!(above.run(&[PAN]).unwrap().point_of_sale.drawn, []);
}

#[test]
fn the_merchant_can_force_a_transaction_online() {
    let mut scene = Scene::new();
    scene.transaction.forced_online = true;
    let seen = scene.run(&[PAN]).unwrap();
    assert_eq!((seen.tvr, seen.reasons), (bits(&[tvr::FORCED_ONLINE]), vec![Reason::TrmForced]));
}

#[test]
fn the_exception_file_names_cards_with_any_or_one_sequence_number() {
    let listed = |entry: Option<u8>, sequence_number: Option<&str>| {
        let mut scene = Scene::new();
        scene.terminal.exceptions = vec![
            (Pan::from_digits("4761739001010028").unwrap(), None),
            (Pan::from_digits("4761739001010010").unwrap(), entry),
        ];
        let number = sequence_number.map(|number| (tag::PAN_SEQUENCE_NUMBER_5F34, number));
        let objects: Vec<_> = [PAN].into_iter().chain(number).collect();
        let seen = scene.run(&objects).unwrap();
        assert_eq!(seen.tvr.has(tvr::ON_EXCEPTION_FILE), seen.reasons == [Reason::TrmException]);
        seen.tvr.has(tvr::ON_EXCEPTION_FILE)
    };
    assert!(listed(None, None) && listed(None, Some("07")));
    assert!(listed(Some(7), Some("07")) && listed(Some(0), None));
    assert!(!listed(Some(7), Some("01")) && !listed(Some(7), None));
    let mut scene = Scene::new();
    scene.terminal.exceptions = vec![(Pan::from_digits("476173900101001").unwrap(), None)];
    assert_eq!(scene.run(&[PAN]).unwrap().tvr, Tvr::ZERO);
}

/// Velocity with these answers to GET DATA for the two counters; limits 3 and 6.
fn velocity(atc: &str, last_online: &str) -> Seen {
    let mut scene = Scene::new();
    scene.card = ScriptedCard::new([(ATC, atc), (LAST_ONLINE, last_online)]);
    scene.run(&[PAN, LOWER, UPPER]).unwrap()
}

#[test]
fn transactions_since_the_last_online_one_are_compared_with_both_limits() {
    use Reason::{TrmCounterBehind, TrmLcol, TrmNewcard, TrmUcol};
    let (lower, upper, new) = (tvr::LOWER_LIMIT_EXCEEDED, tvr::UPPER_LIMIT_EXCEEDED, tvr::NEW_CARD);
    let cases: [(&str, &str, &[Reason], &[apdu::Bit]); 9] = [
        ("0011", "0010", &[], &[]),
        ("0013", "0010", &[], &[]),
        ("0014", "0010", &[TrmLcol], &[lower]),
        ("0016", "0010", &[TrmLcol], &[lower]),
        ("0017", "0010", &[TrmLcol, TrmUcol], &[lower, upper]),
        ("0010", "0010", &[TrmLcol, TrmUcol], &[lower, upper]),
        ("0001", "FFFF", &[TrmLcol, TrmUcol, TrmCounterBehind], &[lower, upper]),
        ("0001", "0000", &[TrmNewcard], &[new]),
        ("0000", "0000", &[TrmLcol, TrmUcol, TrmNewcard], &[lower, upper, new]),
    ];
    for (atc, last_online, wanted, set) in cases {
        let (atc_answer, last_answer) = (alloc::format!("9F3602{atc}9000"), alloc::format!("9F1302{last_online}9000"));
        let seen = velocity(&atc_answer, &last_answer);
        assert_eq!((seen.reasons.as_slice(), seen.tvr), (wanted, bits(set)), "{atc} {last_online}");
    }
}

#[test]
fn a_lower_limit_above_the_upper_one_hides_it() {
    let mut scene = Scene::new();
    scene.card = ScriptedCard::new([(ATC, "9F360200149000"), (LAST_ONLINE, "9F130200109000")]);
    let limits = [(LOWER.0, "09"), (UPPER.0, "01")];
    assert_eq!(scene.run(&limits).unwrap().tvr, Tvr::ZERO);
}

#[test]
fn counters_that_the_card_does_not_give_count_as_exceeded() {
    let missing = bits(&[tvr::LOWER_LIMIT_EXCEEDED, tvr::UPPER_LIMIT_EXCEEDED, tvr::ICC_DATA_MISSING]);
    let reasons = [Reason::TrmVelocityDataMissing, Reason::TrmVelocityDataMissing, Reason::IccDataMissing];
    let good = ("9F360200149000", "9F130200109000");
    for answer in ["6A88", "6985", "9000", "9F36019000", "9F3601149000", "9F170200149000", "9F36020014"] {
        let seen = velocity(answer, good.1);
        assert_eq!((seen.tvr, seen.reasons.as_slice()), (missing, &reasons[..]), "{answer}");
        let facts: Vec<_> = seen.findings[0].evidence.iter().map(|evidence| evidence.fact).collect();
        assert_eq!(facts, [Fact::TransactionCounter, Fact::StatusWord]);
        let seen = velocity(good.0, answer);
        assert_eq!((seen.tvr, seen.reasons.as_slice()), (missing, &reasons[..]), "{answer}");
    }
    // A card that was never online is new, even when it does not give its counter.
    let seen = velocity("6A88", "9F130200009000");
    assert_eq!(seen.tvr, missing.with(tvr::NEW_CARD));
    assert_eq!(velocity("6A88", "6A88").findings[0].evidence.len(), 4);
}

#[test]
fn a_card_without_both_limits_is_not_asked_for_counters() {
    for limits in [&[][..], &[LOWER], &[UPPER]] {
        assert_eq!(Scene::new().run(limits).unwrap().tvr, Tvr::ZERO);
    }
}

#[test]
fn a_card_that_leaves_ends_the_transaction() {
    let mut scene = Scene::new();
    scene.card = ScriptedCard::new([(ATC, "")]);
    assert_eq!(scene.run(&[PAN, LOWER, UPPER]).err(), Some(Stop { reason: Reason::CardRemoved }));
}
