//! Merchant words lead to sensible candidates, and findings decide between them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]
#![expect(clippy::panic, reason = "a test that finds nothing has failed")]

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use emvident::{
    kernel::{Reason, diagnosis::RuledOut, finding::reason, oda::report::Certificate},
    merchant::{Confrontation, Match, Objection, Proof, Seen, Side, Words, confront, look_up, tell},
    text::{Language, Text},
};
use proptest::prelude::*;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

fn best(said: &str) -> Match<'static> {
    look_up(said).into_iter().next().unwrap_or_else(|| panic!("nothing fits {said}"))
}

fn seen<'a>(findings: &'a [Reason], ruled_out: &'a [RuledOut]) -> Seen<'a> {
    Seen { findings, primary: findings.first().copied(), ruled_out }
}

#[test]
fn the_file_is_read_and_holds_nothing_twice() {
    let words = Words::from_toml(include_str!("../data/merchant-words.toml")).unwrap();
    assert_eq!(&words, Words::builtin());
    let (mut ids, mut codes) = (BTreeSet::new(), BTreeSet::new());
    let mut phrases = BTreeSet::new();
    for entry in words.entries() {
        assert!(ids.insert(&entry.id), "{} is there twice", entry.id);
        for code in &entry.codes {
            assert!(codes.insert(code), "code {code} is in two entries");
        }
        for phrase in entry.said.en.iter().chain(&entry.said.zh_cn) {
            assert!(phrases.insert(phrase), "`{phrase}` is there twice");
        }
        let candidates: BTreeSet<Reason> = entry.candidates.iter().copied().collect();
        assert_eq!(candidates.len(), entry.candidates.len(), "{} tests a reason twice", entry.id);
        let sides: BTreeSet<&str> = entry.side.iter().map(|side| side.id()).collect();
        assert_eq!(sides.len(), entry.side.len(), "{}", entry.id);
    }
}

#[test]
fn every_entry_is_complete_in_both_languages() {
    for entry in Words::builtin().entries() {
        assert!(!entry.candidates.is_empty() && !entry.side.is_empty(), "{}", entry.id);
        for language in Language::ALL {
            assert!(!entry.said.of(*language).is_empty(), "{} in {language:?}", entry.id);
            assert!(entry.means.of(*language).ends_with(['.', '。']), "{} in {language:?}", entry.id);
        }
        assert!(entry.means.en.is_ascii() && !entry.means.zh_cn.is_ascii(), "{}", entry.id);
        assert!(entry.said.en.iter().all(|said| said.is_ascii()), "{}", entry.id);
        assert!(entry.said.zh_cn.iter().all(|said| !said.is_ascii()), "{}", entry.id);
    }
}

#[test]
fn every_phrase_finds_its_own_entry_first() {
    Words::builtin().entries().par_iter().for_each(|entry| {
        for phrase in entry.said.en.iter().chain(&entry.said.zh_cn) {
            let best = best(phrase);
            assert_eq!((best.entry.id.as_str(), best.score), (entry.id.as_str(), 100), "{phrase}");
        }
    });
}

#[test]
fn every_response_code_leads_to_its_reason_first() {
    let is_code = |id: &str| id.starts_with("host-") && id.as_bytes().get(7) == Some(&b'-');
    let codes = reason::ALL.iter().filter(|reason| is_code(reason.id()));
    for reason in codes {
        let code = reason.id().split('-').nth(1).unwrap().to_uppercase();
        let found = best(&code);
        assert_eq!((found.code.as_deref(), found.score), (Some(code.as_str()), 100));
        assert_eq!(found.candidates()[0], *reason, "{code}");
    }
    assert_eq!(best("E7").entry.id, "other-code");
    assert_eq!(best("E7").candidates(), [Reason::HostOther]);
}

/// What is said, and what should be among the first candidates.
const EXAMPLES: &[(&str, &[Reason])] = &[
    ("卡未验证", &[Reason::MerchantCardNotEnrolled]),
    ("磁条卡未认证", &[Reason::MerchantCardNotEnrolled, Reason::MagChipCardSwiped]),
    ("交易卡认证失败", &[Reason::MerchantCardNotEnrolled, Reason::OdaCapkNotFound]),
    ("用卡受阻", &[Reason::Host62Restricted, Reason::Host57NotPermittedCard]),
    ("密码错误", &[Reason::PinWrong, Reason::Host55WrongPin]),
    ("银行卡异常", &[Reason::Host14InvalidCard, Reason::Host62Restricted]),
    ("请持卡人与发卡行联系", &[Reason::Host01ReferIssuer]),
    ("不支持该卡", &[Reason::SelNoCommonApp, Reason::ParamAidMissing]),
    ("卡过期", &[Reason::TerminalClockWrong, Reason::RestrictExpired]),
    // As people write it.
    ("ＰＯＳ机提示：“磁条卡 未认证”，怎么办？", &[Reason::MerchantCardNotEnrolled]),
    ("交易卡認證失敗", &[Reason::OdaCapkNotFound]),
    ("餘額不足", &[Reason::Host51InsufficientFunds]),
    ("請聯絡發卡銀行", &[Reason::Host01ReferIssuer]),
    ("密碼錯誤次數超限", &[Reason::PinBlocked, Reason::Host38PinTries]),
    ("45-请插卡交易或联系客服", &[Reason::Host45NoFallback]),
    ("05-交易失败请联系发卡行", &[Reason::Host05DoNotHonour]),
    ("拉卡拉提示 B5-请进行磁条卡认证", &[Reason::MerchantCardNotEnrolled]),
    ("应答码 A0", &[Reason::HostA0Mac]),
    ("DO NOT HONOR", &[Reason::Host05DoNotHonour]),
    ("CHIP MALFUNCTION", &[Reason::CardNoAtr]),
    ("insuficient funds", &[Reason::Host51InsufficientFunds]),
    ("CAN'T READ CHIP - REMOVE CARD", &[Reason::CardNoAtr]),
    ("the terminal says unsupported card", &[Reason::SelNoCommonApp]),
    ("Wrong PIN", &[Reason::PinWrong, Reason::Host55WrongPin]),
    ("Declined 51", &[Reason::Host51InsufficientFunds]),
];

#[test]
fn what_merchants_say_leads_to_sensible_candidates() {
    for (said, wanted) in EXAMPLES {
        let matches = look_up(said);
        let first: Vec<Reason> =
            matches.iter().take(2).flat_map(|found| found.candidates().into_iter().take(4)).collect();
        for reason in *wanted {
            let entries: Vec<_> = matches.iter().map(|found| (&found.entry.id, found.score)).collect();
            assert!(first.contains(reason), "{said}: {} not in {entries:?}", reason.id());
        }
    }
}

#[test]
fn what_nobody_says_finds_nothing() {
    for said in ["", "   ", "？！", "天气很好", "lorem ipsum dolor", "卡", "a", "the", "1234567890"] {
        let found: Vec<_> = look_up(said).into_iter().map(|found| (found.entry.id.clone(), found.score)).collect();
        assert_eq!(found, [], "{said}");
    }
}

#[test]
fn a_code_leaves_the_candidates_of_other_codes_out() {
    let candidates = best("38").candidates();
    assert_eq!(candidates[0], Reason::Host38PinTries);
    assert!(!candidates.contains(&Reason::Host75PinTries) && candidates.contains(&Reason::PinBlocked));
    assert_eq!(best("1A").candidates()[0], best("70").candidates()[0]);
}

fn verdict(confrontation: &Confrontation, reason: Reason) -> Option<Objection> {
    confrontation.ruled_out.iter().find(|candidate| candidate.reason == reason).map(|candidate| candidate.by)
}

fn is_open(confrontation: &Confrontation, reason: Reason) -> bool {
    confrontation.open.iter().any(|open| open.reason == reason)
}

#[test]
fn a_finding_among_the_candidates_agrees_and_the_root_comes_first() {
    let findings = [Reason::OdaCapkNotFound, Reason::TaaDeniedOffline, Reason::OdaSdadHash];
    let confrontation = confront(&best("交易卡认证失败"), seen(&findings, &[]));
    assert_eq!(confrontation.agrees, [Reason::OdaCapkNotFound, Reason::OdaSdadHash]);
    assert_eq!(confrontation.differs, None);
    let host = verdict(&confrontation, Reason::Host05DoNotHonour);
    assert_eq!(host, Some(Objection::HadEnded(Reason::TaaDeniedOffline)), "nobody asked the host");
    assert!(is_open(&confrontation, Reason::MerchantCardNotEnrolled), "the acquirer may have refused as well");
}

#[test]
fn what_was_seen_late_rules_out_what_would_have_ended_it_early() {
    let confrontation = confront(&best("不支持该卡"), seen(&[Reason::Host57NotPermittedCard], &[]));
    assert_eq!(confrontation.agrees, [Reason::Host57NotPermittedCard]);
    let went_on = Some(Objection::WentOn(Reason::Host57NotPermittedCard));
    assert_eq!(verdict(&confrontation, Reason::SelNoCommonApp), went_on);
    assert_eq!(verdict(&confrontation, Reason::ParamAidMissing), went_on);
    let other = verdict(&confrontation, Reason::Host15NoIssuer);
    assert_eq!(other, Some(Objection::OtherCode(Reason::Host57NotPermittedCard)));
    assert!(is_open(&confrontation, Reason::MerchantCardTypeNotOpen));
}

#[test]
fn a_check_that_was_right_rules_out_what_it_looked_at() {
    let ruled_out = [RuledOut::Certificate(Certificate::DynamicSignature), RuledOut::Restrictions];
    let confrontation = confront(&best("交易卡认证失败"), seen(&[Reason::Host05DoNotHonour], &ruled_out));
    for reason in [Reason::OdaCapkNotFound, Reason::OdaIccCertHash, Reason::OdaSdadHash] {
        assert_eq!(verdict(&confrontation, reason), Some(Objection::Checked(ruled_out[0])), "{}", reason.id());
    }
    assert!(is_open(&confrontation, Reason::ArqcVerifyFailed));
    let expired = confront(&best("卡过期"), seen(&[Reason::Host54Expired], &ruled_out));
    assert_eq!(verdict(&expired, Reason::RestrictExpired), Some(Objection::Checked(RuledOut::Restrictions)));
}

#[test]
fn a_root_the_words_do_not_name_is_told() {
    let confrontation = confront(&best("密码错误"), seen(&[Reason::Host51InsufficientFunds], &[]));
    assert_eq!(confrontation.differs, Some(Reason::Host51InsufficientFunds));
    assert!(confrontation.agrees.is_empty());
    let wrong_pin = verdict(&confrontation, Reason::Host55WrongPin);
    assert_eq!(wrong_pin, Some(Objection::OtherCode(Reason::Host51InsufficientFunds)));
}

#[test]
fn an_application_that_was_refused_does_not_end_what_another_one_may_have_gone_on_with() {
    let findings = [Reason::CardRemoved, Reason::GpoNotAllowed];
    let confrontation = confront(&best("银行卡异常"), seen(&findings, &[]));
    assert!(is_open(&confrontation, Reason::Host14InvalidCard));
    let ended = confront(&best("银行卡异常"), seen(&[Reason::GpoNotAllowed], &[]));
    assert_eq!(verdict(&ended, Reason::Host14InvalidCard), Some(Objection::HadEnded(Reason::GpoNotAllowed)));
}

#[test]
fn with_nothing_seen_all_is_open_and_says_what_to_capture() {
    let found = best("交易卡认证失败");
    let confrontation = confront(&found, Seen::default());
    let open: Vec<Reason> = confrontation.open.iter().map(|open| open.reason).collect();
    assert_eq!(open, found.candidates());
    assert_eq!(confrontation.captures(), [Proof::Nothing, Proof::Trace, Proof::Host]);
}

/// Words of an acquirer of its own.
const OWN: &str = r#"
[[entry]]
id = "our-message"
codes = ["Q9"]
side = ["chip"]
means.en = "Ours."
means.zh-CN = "本机构提示。"
said.en = ["shop closed"]
said.zh-CN = ["打烊"]
test = ["merchant-suspended"]

[[entry]]
id = "battery"
side = ["chip"]
means.en = "Another."
means.zh-CN = "另一含义。"
said.en = ["power"]
said.zh-CN = ["没电"]
test = ["hw-battery"]
"#;

#[test]
fn words_of_ones_own_come_first_and_replace_those_of_the_same_id() {
    let words = Words::from_toml(OWN).unwrap().before(Words::builtin());
    assert_eq!(words.look_up("打烊了")[0].entry.id, "our-message");
    assert_eq!(words.look_up("Q9")[0].entry.id, "our-message");
    assert_eq!(words.look_up("电量低").first().map(|found| &found.entry.id), None);
    assert_eq!(words.entries().len(), Words::builtin().entries().len() + 1);
    let unknown = OWN.replace("merchant-suspended", "no-such-reason");
    let error = Words::from_toml(&unknown).unwrap_err().to_string();
    assert!(error.contains("no reason `no-such-reason`"), "{error}");
}

#[test]
fn the_program_takes_words_of_ones_own() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("words-{}.toml", std::process::id()));
    let trace = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/traces/purchase.json");
    let said = |words: &str| {
        fs::write(&file, words).unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_emvident"));
        program.args(["explain", trace, "--said", "打烊了", "--words"]).arg(&file).env("LC_ALL", "C");
        let output = program.output().unwrap();
        (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let (status, told) = said(OWN);
    assert!(status != Some(3) && told.contains("What was said\n  Ours.\n"), "{told}");
    let (status, told) = said(&OWN.replace("merchant-suspended", "no-such-reason"));
    assert!(
        status == Some(3) && told.contains("line 10, column 8") && told.contains("no reason `no-such-reason`"),
        "{told}"
    );
    fs::remove_file(&file).unwrap();
}

#[test]
fn it_is_told_in_both_languages() {
    let ruled_out = [RuledOut::Certificate(Certificate::Icc), RuledOut::Network];
    for language in Language::ALL {
        let text = Text::new(*language);
        let mut pages = String::new();
        for entry in Words::builtin().entries() {
            let matches = look_up(&entry.said.en[0]);
            for findings in [&[][..], &[Reason::Host05DoNotHonour], &[Reason::TaaDeniedOffline], &[Reason::CardNoAtr]] {
                pages += &tell(&matches, seen(findings, &ruled_out), &text, false);
            }
        }
        pages += &tell(&[], Seen::default(), &text, false);
        let missing = ["said-", "side-", "capture-", "objection-", "ruled-out-"];
        let shown = pages.split([' ', '(', '“', '\n']).find(|word| missing.iter().any(|id| word.starts_with(id)));
        assert_eq!(shown, None, "{language:?}");
        assert!(!pages.contains('\u{1B}'));
    }
    let text = Text::new(Language::En);
    let page = tell(&look_up("55"), seen(&[Reason::Host55WrongPin], &[]), &text, false);
    assert!(page.contains("Found       Bank says the PIN is wrong (host-55-wrong-pin)"), "{page}");
    assert!(page.contains("Seen with   chip, magnetic stripe"), "{page}");
    assert_eq!(Side::Stripe.id(), "stripe");
}

proptest! {
    #[test]
    fn whatever_is_said_is_looked_up_and_told(said in r"[密码错误卡未认证餘額。 A-Za-z0-9:-]{0,60}|.{0,300}") {
        let matches = look_up(&said);
        prop_assert!(matches.len() <= 5 && matches.iter().all(|found| (50..=100).contains(&found.score)));
        prop_assert!(matches.is_sorted_by(|one, next| one.score >= next.score));
        let page = tell(&matches, seen(&[Reason::Host05DoNotHonour], &[]), &Text::new(Language::En), false);
        prop_assert!(page.contains("What was said"));
    }
}
