//! What a person gets to read of a scenario.

use std::collections::BTreeSet;

use emvident::{
    report::Report,
    run::Run,
    text::{Language, Text},
};

use super::{PLAYED, Played, for_each_scenario};

/// The scenarios whose report is kept: one for each way a transaction goes and each kind of root cause.
const IN_ENGLISH: &[&str] = &[
    "afl-order",
    "application-blocked",
    "arqc-not-verified",
    "atr-against-the-rules",
    "c3-card-declines",
    "c3-expired",
    "c3-gpo-6984",
    "c3-gpo-6986",
    "c3-oda-failed-other-interface",
    "c3-oda-static-data-changed",
    "c3-update",
    "c7-card-declines",
    "c7-cash-approved",
    "c7-cash-balance-above",
    "c7-cvm-limit-at",
    "c7-device-not-believed",
    "c7-exempt-limit-at",
    "c7-fdda-key-missing",
    "c7-fdda-national",
    "c7-torn-paid",
    "c7-torn-unknown",
    "ca-key-another",
    "ca-key-damaged",
    "ca-key-expired",
    "ca-key-missing",
    "card-blocked",
    "card-declines",
    "card-declines-with-advice",
    "card-removed-after-online",
    "card-silent-in-read",
    "cda-decision-changed",
    "cda-mode-3-online",
    "cda-number-not-in-list",
    "cda-offline-approved",
    "cda-online-approved",
    "cda-signature-missing",
    "cda-signature-wrong-final",
    "cda-transaction-data-changed",
    "chip-certificate-expired",
    "chip-certificate-other-card",
    "choice-refused",
    "clock-wrong",
    "cvm-fail-rule-offline-only",
    "cvm-list-odd",
    "cvm-none-fits",
    "cvm-unknown-rule-stops",
    "cvm-unsupported",
    "dda-offline-approved",
    "ddol-without-number",
    "denied-by-issuer-action-code",
    "directory-unreadable",
    "dynamic-signature-other-number",
    "ep-collision",
    "ep-directory-cut",
    "ep-kernel-not-here",
    "ep-kernel-other",
    "ep-limit-at",
    "ep-limit-of-all",
    "ep-no-card",
    "ep-second-presentment-never",
    "ep-select-next",
    "ep-status-check",
    "ep-zero-amount-not-allowed",
    "expired",
    "fci-with-another-name",
    "final-select-refused",
    "generate-ac-higher-than-asked",
    "generate-ac-refused",
    "gpo-refused-other-application",
    "gpo-without-afl",
    "host-declines-insufficient-funds",
    "internal-authenticate-refused",
    "issuer-authentication-failed-command",
    "issuer-authentication-missing",
    "issuer-certificate-hash",
    "issuer-certificate-revoked",
    "label-with-control-characters",
    "mandatory-missing-5f24",
    "no-common-application",
    "oda-missing-two",
    "oda-none-offline-only",
    "offline-only-card-wants-online",
    "online-only-no-network",
    "online-pin-wrong",
    "pin-and-signature",
    "pin-cancelled",
    "pin-enciphered-ca-key-missing",
    "pin-wrong-then-right",
    "pin-wrong-until-blocked",
    "pin-wrong-until-blocked-offline-only",
    "reader-unplugged",
    "record-object-twice",
    "referral-approved",
    "referral-declined",
    "script-application-block-before",
    "script-bad-mac-after",
    "script-first-fails",
    "sda-offline-approved",
    "second-generate-ac-refused",
    "split-sale",
    "static-data-altered-dda",
    "static-data-altered-sda",
    "stop-list-offline-only",
    "tdol-default",
    "track-2-other-number",
    "unable-online-declined",
    "unable-online-silent-host",
    "unionpay-online-approved",
    "usage-not-abroad",
    "velocity-no-network",
    "velocity-unreadable",
    "version-differs",
];

/// Those whose report is kept in Chinese too.
const IN_CHINESE: &[&str] = &[
    "c3-gpo-6984",
    "c3-oda-static-data-changed",
    "c7-cash-approved",
    "c7-cash-balance-low-offline",
    "c7-fdda-key-missing",
    "c7-torn-paid",
    "ca-key-missing",
    "card-blocked",
    "cda-decision-changed",
    "cda-online-approved",
    "ep-kernel-other",
    "ep-limit-of-all",
    "ep-select-next",
    "expired",
    "host-declines-insufficient-funds",
    "issuer-authentication-failed-command",
    "pin-wrong-until-blocked",
    "script-first-fails",
    "static-data-altered-dda",
    "unable-online-silent-host",
    "unionpay-online-approved",
    "velocity-no-network",
];

/// Columns a report may take.
const WIDTH: usize = 100;

thread_local! {
    /// The texts in both languages, whose files each thread parses once.
    static TEXTS: [Text; 2] = [Language::En, Language::ZhCn].map(Text::new);
}

fn report(run: &Run) -> Report {
    Report::new(&run.outcome, &run.terminal, &run.transaction)
}

fn keep(played: &Played, language: Language, name: &str) {
    let text = report(&played.run).text(&Text::new(language), false);
    insta::with_settings!({
        snapshot_path => "../snapshots/reports",
        prepend_module_to_snapshot => false,
        omit_expression => true,
        description => played.scenario.title.clone(),
    }, {
        insta::assert_snapshot!(format!("{}.{name}", played.name), text);
    });
}

#[test]
fn what_people_read_stays_as_it_was_when_it_was_read() {
    for_each_scenario(|played| {
        let kept = |names: &[&str]| names.contains(&played.name.as_str());
        if kept(IN_ENGLISH) {
            keep(played, Language::En, "en");
        }
        if kept(IN_CHINESE) {
            keep(played, Language::ZhCn, "zh-CN");
        }
    });
    let known = |name: &&&str| PLAYED.iter().any(|played| played.name == **name);
    assert_eq!(IN_ENGLISH.iter().chain(IN_CHINESE).find(|name| !known(name)), None);
}

/// Everything a report shows of a run, in both forms and languages.
fn everything(run: &Run) -> Vec<String> {
    let report = report(run);
    let forms = |text: &Text| [report.text(text, false), report.json(text)];
    TEXTS.with(|texts| texts.iter().flat_map(forms).collect())
}

/// The card's numbers, as a report must not show them: whole, or with more than the first six and the last four digits.
fn numbers(run: &Run) -> BTreeSet<String> {
    let card = &run.outcome.card;
    let fields = [0x5A, 0x57].into_iter().filter_map(|tag| card.value(apdu::Tag::new(tag)));
    let digits = fields.map(hex::encode_upper);
    digits.map(|digits| digits.chars().take_while(char::is_ascii_digit).collect::<String>()).collect()
}

#[test]
fn no_report_tells_a_secret_or_moves_the_cursor() {
    for_each_scenario(|played| {
        let numbers = numbers(&played.run);
        for text in everything(&played.run) {
            for number in numbers.iter().filter(|number| number.len() > 12) {
                let middle = &number[6..number.len() - 4];
                assert!(!text.contains(number.as_str()), "a card number");
                assert!(!text.contains(&format!("{}{middle}", &number[..6])), "the middle of a card number");
            }
            for block in ["241234FFFFFFFFFF", "249234FFFFFFFFFF"] {
                assert!(!text.to_uppercase().contains(block), "a PIN");
            }
            let control = text.chars().find(|character| character.is_control() && *character != '\n');
            assert_eq!(control, None, "a control character");
        }
        let english = TEXTS.with(|[english, _]| report(&played.run).text(english, false));
        let long = english.lines().find(|line| line.chars().count() > WIDTH);
        assert_eq!(long, None, "a line of more than {WIDTH} columns");
    });
}

#[test]
fn no_recording_holds_a_pin_or_asks_with_a_card_number() {
    for_each_scenario(|played| {
        let transcript = played.run.transcript.to_string();
        for command in played.run.outcome.log.exchanges.iter().map(|exchange| &exchange.command) {
            assert!(command[1] != apdu::command::ins::VERIFY || command.len() <= 5, "what VERIFY carried");
        }
        for line in transcript.lines().filter(|line| line.starts_with("> 0020")) {
            assert!(
                !line[16..].contains(|character: char| character.is_ascii_hexdigit()),
                "what VERIFY carried: {line}"
            );
        }
        assert!(!transcript.contains("241234FFFFFFFFFF") && !transcript.contains("249234FFFFFFFFFF"), "a PIN");
        let asked = transcript.lines().filter(|line| line.starts_with(['?', '=', ':']));
        for number in numbers(&played.run).iter().filter(|number| number.len() > 12) {
            assert_eq!(asked.clone().find(|line| line.contains(number.as_str())), None, "a card number");
        }
    });
}
