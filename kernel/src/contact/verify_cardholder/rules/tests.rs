use super::*;
use crate::{contact::verify_cardholder::story::Step, finding::Reason};
use apdu::{Bits, value::CvmResult};

const ATTENDED: TerminalType = TerminalType(0x22);
const UNATTENDED: TerminalType = TerminalType(0x25);

/// An attended terminal with everything, a purchase of 50.00 in the card's currency, X = 40.00, Y = 60.00.
fn circumstances() -> Circumstances {
    Circumstances {
        terminal_type: ATTENDED,
        capabilities: Bits([0x20, 0xF8, 0xC8]),
        additional_capabilities: Bits([0x70, 0, 0, 0x80, 0]),
        currency: [0x01, 0x56],
        application_currency: Some([0x01, 0x56]),
        kind: TransactionKind::Purchase,
        amount: 50_00,
        amount_other: 0,
        x: 40_00,
        y: 60_00,
    }
}

fn holds(condition_byte: u8, circumstances: &Circumstances) -> Result<(), Unmet> {
    condition(CvmRule::new(0x1F, condition_byte), circumstances)
}

#[test]
fn ids_are_those_that_programs_read() {
    let unmet = [
        Unmet::NotUnattendedCash,
        Unmet::CashOrCashback,
        Unmet::MethodUnusable(Unusable::Unrecognised),
        Unmet::NotManualCash,
        Unmet::NotCashback,
        Unmet::NoApplicationCurrency,
        Unmet::OtherCurrency,
        Unmet::NotUnder(1),
        Unmet::NotOver(1),
        Unmet::ConditionUnknown,
    ];
    assert_eq!(
        unmet.map(Unmet::id).join(" "),
        "not-unattended-cash cash-or-cashback method-unusable not-manual-cash not-cashback no-application-currency \
         other-currency not-under not-over condition-unknown"
    );
    let missing = [Missing::Capability(capability::SIGNATURE), Missing::Attendant, Missing::AttendantPrinter];
    assert_eq!(missing.map(Missing::id), ["capability", "attendant", "attendant-printer"]);
    let unsupported = Step::Unusable(Unusable::Unsupported(Missing::Attendant));
    let performed = Step::Performed { result: CvmResult::Successful, because: None };
    let steps = [
        Step::Skipped(Unmet::OtherCurrency),
        Step::Unusable(Unusable::Unrecognised),
        unsupported,
        performed,
        Step::Stopped(Reason::CardRemoved),
    ];
    assert_eq!(steps.map(Step::id), ["skipped", "unrecognised", "unsupported", "performed", "stopped"]);
}

#[test]
fn conditions_of_the_transaction_type() {
    use TransactionKind as Kind;
    // Conditions 01, 02, 04 and 05 for each kind of transaction at either terminal.
    let cases = [
        (ATTENDED, Kind::Purchase, 0, [false, true, false, false]),
        (ATTENDED, Kind::Purchase, 1, [false, false, false, true]),
        (ATTENDED, Kind::PurchaseWithCashback, 1, [false, false, false, true]),
        (ATTENDED, Kind::Cash, 0, [false, false, true, false]),
        (ATTENDED, Kind::ManualCash, 0, [false, false, true, false]),
        (ATTENDED, Kind::Refund, 0, [false, true, false, false]),
        (ATTENDED, Kind::Inquiry, 0, [false, true, false, false]),
        (UNATTENDED, Kind::Purchase, 0, [false, true, false, false]),
        (UNATTENDED, Kind::PurchaseWithCashback, 1, [false, false, false, true]),
        (UNATTENDED, Kind::Cash, 0, [true, false, false, false]),
        (UNATTENDED, Kind::ManualCash, 0, [false, false, true, false]),
        (UNATTENDED, Kind::Refund, 0, [false, true, false, false]),
        (UNATTENDED, Kind::Inquiry, 0, [false, true, false, false]),
    ];
    let unmet = [Unmet::NotUnattendedCash, Unmet::CashOrCashback, Unmet::NotManualCash, Unmet::NotCashback];
    for (terminal_type, kind, amount_other, wanted) in cases {
        let here = Circumstances { terminal_type, kind, amount_other, ..circumstances() };
        for ((code, wanted), unmet) in [0x01, 0x02, 0x04, 0x05].into_iter().zip(wanted).zip(unmet) {
            let wanted = if wanted { Ok(()) } else { Err(unmet) };
            assert_eq!(holds(code, &here), wanted, "{terminal_type} {kind:?} {amount_other} condition {code:02X}");
        }
        assert_eq!(holds(0x00, &here), Ok(()));
    }
}

#[test]
fn amounts_are_compared_strictly() {
    // Conditions 06 to 09 for amounts below, at and above X = 40.00 and Y = 60.00.
    let cases = [
        (39_99, [true, false, true, false]),
        (40_00, [false, false, true, false]),
        (40_01, [false, true, true, false]),
        (59_99, [false, true, true, false]),
        (60_00, [false, true, false, false]),
        (60_01, [false, true, false, true]),
        (u64::MAX, [false, true, false, true]),
        (0, [true, false, true, false]),
    ];
    let unmet = [Unmet::NotUnder(40_00), Unmet::NotOver(40_00), Unmet::NotUnder(60_00), Unmet::NotOver(60_00)];
    for (amount, wanted) in cases {
        let here = Circumstances { amount, ..circumstances() };
        for ((code, wanted), unmet) in (0x06..=0x09).zip(wanted).zip(unmet) {
            let wanted = if wanted { Ok(()) } else { Err(unmet) };
            assert_eq!(holds(code, &here), wanted, "{amount} condition {code:02X}");
        }
    }
}

#[test]
fn amounts_of_another_or_an_unknown_currency_are_not_compared() {
    let other = Circumstances { application_currency: Some([0x08, 0x40]), ..circumstances() };
    let unknown = Circumstances { application_currency: None, ..circumstances() };
    for code in 0x06..=0x09 {
        assert_eq!(holds(code, &other), Err(Unmet::OtherCurrency));
        assert_eq!(holds(code, &unknown), Err(Unmet::NoApplicationCurrency));
    }
}

#[test]
fn conditions_that_are_not_understood_do_not_hold() {
    for code in 0x0A..=0xFF {
        assert_eq!(holds(code, &circumstances()), Err(Unmet::ConditionUnknown), "{code:02X}");
    }
}

#[test]
fn condition_03_holds_for_every_method_that_can_be_performed() {
    for code in 0x00..=0x3F {
        let rule = CvmRule::new(code, 0x03);
        let expected = method(rule.method(), &circumstances()).map(drop).map_err(Unmet::MethodUnusable);
        assert_eq!(condition(rule, &circumstances()), expected, "{code:02X}");
    }
    assert_eq!(condition(CvmRule::new(0x00, 0x03), &circumstances()), Ok(()));
    let unrecognised = Err(Unmet::MethodUnusable(Unusable::Unrecognised));
    assert_eq!(condition(CvmRule::new(0x20, 0x03), &circumstances()), unrecognised);
}

const fn offline_pin(enciphered: bool, signature: bool) -> Performable {
    Performable::OfflinePin { enciphered, signature }
}

/// The methods this kernel knows, with the bit of the capabilities that each needs first.
const KNOWN: [(u8, Performable, Option<Bit>); 8] = [
    (0x00, Performable::Fail, None),
    (0x01, offline_pin(false, false), Some(capability::PLAINTEXT_OFFLINE_PIN)),
    (0x02, Performable::OnlinePin, Some(capability::ONLINE_PIN)),
    (0x03, offline_pin(false, true), Some(capability::PLAINTEXT_OFFLINE_PIN)),
    (0x04, offline_pin(true, false), Some(capability::ENCIPHERED_OFFLINE_PIN_RSA)),
    (0x05, offline_pin(true, true), Some(capability::ENCIPHERED_OFFLINE_PIN_RSA)),
    (0x1E, Performable::Signature, Some(capability::SIGNATURE)),
    (0x1F, Performable::NoCvm, Some(capability::NO_CVM)),
];

#[test]
fn each_known_method_needs_its_capability_and_all_others_are_not_recognised() {
    for code in 0x00..=0x3F {
        let wanted = CvmMethod::from_code(code);
        let Some((_, performable, bit)) = KNOWN.into_iter().find(|(known, ..)| *known == code) else {
            assert_eq!(method(wanted, &circumstances()), Err(Unusable::Unrecognised), "{code:02X}");
            continue;
        };
        assert_eq!(method(wanted, &circumstances()), Ok(performable), "{code:02X}");
        let Some(bit) = bit else { continue };
        let mut lacking = circumstances();
        lacking.capabilities.clear(bit);
        assert_eq!(method(wanted, &lacking), Err(Unusable::Unsupported(Missing::Capability(bit))), "{code:02X}");
    }
}

#[test]
fn signatures_need_an_attendant_with_a_printer_also_in_combinations() {
    let unattended = Circumstances { terminal_type: UNATTENDED, ..circumstances() };
    let no_printer = Circumstances { additional_capabilities: Bits([0x70, 0, 0, 0x7F, 0xFF]), ..circumstances() };
    let mut no_signature = circumstances();
    no_signature.capabilities.clear(capability::SIGNATURE);
    for code in [0x03, 0x05, 0x1E] {
        let wanted = CvmMethod::from_code(code);
        let missing = |here| method(wanted, here).unwrap_err();
        assert_eq!(missing(&unattended), Unusable::Unsupported(Missing::Attendant));
        assert_eq!(missing(&no_printer), Unusable::Unsupported(Missing::AttendantPrinter));
        assert_eq!(missing(&no_signature), Unusable::Unsupported(Missing::Capability(capability::SIGNATURE)));
    }
    for code in [0x01, 0x02, 0x04, 0x1F] {
        assert!(method(CvmMethod::from_code(code), &unattended).is_ok(), "{code:02X}");
    }
}

#[test]
fn a_method_that_no_pin_pad_could_serve_is_a_missing_pin_pad() {
    let with = |byte| Circumstances { capabilities: Bits([0x20, byte, 0xC8]), ..circumstances() };
    // Code, second byte of the capabilities, whether the PIN pad is missing.
    let cases = [
        (0x01, 0x00, true),
        (0x01, 0x10, false),
        (0x03, 0x60, true),
        (0x03, 0x90, false),
        (0x04, 0x00, true),
        (0x04, 0x80, false),
        (0x04, 0x01, true),
        (0x05, 0x80, false),
        (0x02, 0x90, true),
        (0x1E, 0x00, false),
        (0x1F, 0x00, false),
    ];
    for (code, byte, missing) in cases {
        let (wanted, here) = (CvmMethod::from_code(code), with(byte));
        let unusable = method(wanted, &here).unwrap_err();
        let bit = missing.then_some(tvr::PIN_PAD_FAILED);
        assert_eq!(unusable_bit(wanted, unusable, &here), bit, "{code:02X} {byte:02X}");
    }
    let unknown = CvmMethod::from_code(0x3F);
    assert_eq!(unusable_bit(unknown, Unusable::Unrecognised, &with(0)), Some(tvr::UNRECOGNISED_CVM));
}
