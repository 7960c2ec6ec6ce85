use super::*;
use crate::testing::{application, card_data, terminal, transaction};
use apdu::{Bits, value::TerminalType};

const AUC: Tag = tag::APPLICATION_USAGE_CONTROL_9F07;
const COUNTRY: Tag = tag::ISSUER_COUNTRY_CODE_5F28;

/// The reasons and the TVR of a card with these objects; the terminal and the transaction can be changed first.
fn run(objects: &[(Tag, &str)], change: impl FnOnce(&mut Terminal, &mut Transaction)) -> (Vec<Reason>, Tvr) {
    let (mut terminal, mut transaction) = (terminal(), transaction());
    change(&mut terminal, &mut transaction);
    let restrictions = restrict(&card_data(objects), &terminal, &application(), &transaction);
    for finding in &restrictions.findings {
        assert!(finding.tvr.is_some() && !finding.evidence.is_empty(), "{finding:?}");
    }
    (restrictions.findings.into_iter().map(|finding| finding.reason).collect(), restrictions.tvr)
}

fn set(bit: Bit) -> Tvr {
    Tvr::ZERO.with(bit)
}

#[test]
fn a_card_that_says_nothing_is_not_restricted() {
    assert_eq!(run(&[], |_, _| {}), (Vec::new(), Tvr::ZERO));
}

#[test]
fn versions_are_compared_when_the_card_has_one() {
    let version = tag::APPLICATION_VERSION_CARD_9F08;
    assert_eq!(run(&[(version, "008C")], |_, _| {}).1, Tvr::ZERO);
    let other = run(&[(version, "008D")], |_, _| {});
    assert_eq!(other, ([Reason::RestrictVersion].into(), set(tvr::DIFFERENT_VERSIONS)));
}

#[test]
fn dates_are_good_on_their_own_day() {
    let effective = tag::APPLICATION_EFFECTIVE_DATE_5F25;
    let expiration = tag::APPLICATION_EXPIRATION_DATE_5F24;
    assert_eq!(run(&[(effective, "260615"), (expiration, "260615")], |_, _| {}).1, Tvr::ZERO);
    assert_eq!(
        run(&[(effective, "260616")], |_, _| {}),
        ([Reason::RestrictNotEffective].into(), set(tvr::NOT_YET_EFFECTIVE))
    );
    assert_eq!(run(&[(expiration, "260614")], |_, _| {}), ([Reason::RestrictExpired].into(), set(tvr::EXPIRED)));
    assert_eq!(run(&[(expiration, "991231")], |_, _| {}).0, [Reason::RestrictExpired]);
    assert_eq!(run(&[(effective, "991231")], |_, _| {}).1, Tvr::ZERO);
}

#[test]
fn the_dates_that_were_compared_are_evidence() {
    let card = card_data(&[(tag::APPLICATION_EXPIRATION_DATE_5F24, "260614")]);
    let findings = restrict(&card, &terminal(), &application(), &transaction()).findings;
    let evidence = &findings[0].evidence[0];
    assert_eq!(evidence.expected, Some(transaction().date.into()));
    assert_eq!(evidence.found, Some(Date::new(2026, 6, 14).unwrap().into()));
    assert_eq!(evidence.place.tag, Some(tag::APPLICATION_EXPIRATION_DATE_5F24));
}

fn atm(terminal: &mut Terminal, _: &mut Transaction) {
    terminal.terminal_type = TerminalType(0x14);
    terminal.additional_capabilities = Bits([0x80, 0, 0, 0, 0]);
}

#[test]
fn an_atm_and_other_terminals_need_different_leave() {
    let refused = |reason| ([reason].into(), set(tvr::SERVICE_NOT_ALLOWED));
    assert_eq!(run(&[(AUC, "FD00")], atm), refused(Reason::RestrictUsageAtm));
    assert_eq!(run(&[(AUC, "FE00")], atm).1, Tvr::ZERO);
    assert_eq!(run(&[(AUC, "FE00")], |_, _| {}), refused(Reason::RestrictUsageNonAtm));
    assert_eq!(run(&[(AUC, "FD00")], |_, _| {}).1, Tvr::ZERO);
}

#[test]
fn an_unattended_bank_terminal_that_hands_out_no_cash_is_no_atm() {
    let no_cash = |terminal: &mut Terminal, _: &mut Transaction| {
        terminal.terminal_type = TerminalType(0x14);
        terminal.additional_capabilities = Bits([0x70, 0, 0, 0, 0]);
    };
    assert_eq!(run(&[(AUC, "FD00")], no_cash).1, Tvr::ZERO);
}

#[test]
fn without_the_issuers_country_only_the_place_is_checked() {
    let cash = |_: &mut Terminal, transaction: &mut Transaction| transaction.kind = TransactionKind::Cash;
    assert_eq!(run(&[(AUC, "0100")], cash).1, Tvr::ZERO);
    assert_eq!(run(&[(COUNTRY, "0156")], cash).1, Tvr::ZERO);
}

/// For each usage control the reasons at a terminal that allows all other things.
#[test]
fn each_service_has_its_bit_at_home_and_abroad() {
    const HOME: &str = "0156";
    const ABROAD: &str = "0840";
    let cases: [(&str, &str, TransactionKind, u64, &[Reason]); 16] = [
        (HOME, "8100", TransactionKind::Cash, 0, &[]),
        (HOME, "7F00", TransactionKind::Cash, 0, &[Reason::RestrictUsageCash]),
        (HOME, "7F00", TransactionKind::ManualCash, 0, &[Reason::RestrictUsageCash]),
        (ABROAD, "4100", TransactionKind::Cash, 0, &[]),
        (ABROAD, "BF00", TransactionKind::Cash, 0, &[Reason::RestrictUsageCash]),
        (HOME, "2100", TransactionKind::Purchase, 0, &[]),
        (HOME, "0900", TransactionKind::Purchase, 0, &[]),
        (HOME, "D700", TransactionKind::Purchase, 0, &[Reason::RestrictUsageGoods, Reason::RestrictUsageServices]),
        (ABROAD, "1100", TransactionKind::Purchase, 0, &[]),
        (ABROAD, "0500", TransactionKind::Purchase, 0, &[]),
        (ABROAD, "EB00", TransactionKind::Purchase, 0, &[Reason::RestrictUsageGoods, Reason::RestrictUsageServices]),
        (HOME, "FF80", TransactionKind::PurchaseWithCashback, 1, &[]),
        (HOME, "FF7F", TransactionKind::PurchaseWithCashback, 1, &[Reason::RestrictUsageCashback]),
        (ABROAD, "FF40", TransactionKind::PurchaseWithCashback, 1, &[]),
        (ABROAD, "FFBF", TransactionKind::PurchaseWithCashback, 1, &[Reason::RestrictUsageCashback]),
        (HOME, "0100", TransactionKind::Refund, 0, &[]),
    ];
    for (country, control, kind, cashback, reasons) in cases {
        let (found, tvr) = run(&[(AUC, control), (COUNTRY, country)], |_, transaction| {
            transaction.kind = kind;
            transaction.amount_other = cashback;
        });
        assert_eq!(found, reasons, "{country} {control} {kind:?}");
        assert_eq!(tvr.has(tvr::SERVICE_NOT_ALLOWED), !reasons.is_empty(), "{country} {control} {kind:?}");
    }
}

#[test]
fn what_the_terminal_sells_decides_which_leave_counts() {
    let cases: [(u8, &str, &[Reason]); 6] = [
        (0x40, "2100", &[]),
        (0x40, "0900", &[Reason::RestrictUsageGoods]),
        (0x20, "0900", &[]),
        (0x20, "2100", &[Reason::RestrictUsageServices]),
        (0x00, "0900", &[]),
        (0x00, "0100", &[Reason::RestrictUsageGoods, Reason::RestrictUsageServices]),
    ];
    for (sells, control, reasons) in cases {
        let (found, _) = run(&[(AUC, control), (COUNTRY, "0156")], |terminal, _| {
            terminal.additional_capabilities = Bits([sells, 0, 0, 0, 0]);
        });
        assert_eq!(found, reasons, "{sells:02X} {control}");
    }
}
