use alloc::{vec, vec::Vec};

use apdu::{
    Bit,
    value::{
        Tvr,
        cid::{Cid, CryptogramType},
        cvm::{CvmResult, CvmRule},
        tvr,
    },
};

use super::*;
use crate::{
    contact::{
        analyse::{ActionAnalysis, Codes, Row},
        verify_cardholder::{Step, Visit},
    },
    finding::{Finding, Phase, Severity},
    outcome::{Cryptogram, Decider, Decision, MaskHit},
};

fn finding(reason: Reason, phase: Phase) -> Finding {
    Finding { phase, ..Finding::new(reason) }
}

fn outcome(decision: Decision, decided_by: Decider, findings: Vec<Finding>) -> Outcome {
    let mut outcome = Outcome { decision, decided_by, ..Outcome::default() };
    outcome.tvr = findings.iter().filter_map(|finding| finding.tvr).fold(Tvr::ZERO, Tvr::with);
    outcome.log.findings = findings;
    outcome
}

fn denial(codes: Codes, bits: &[Bit]) -> ActionAnalysis {
    let tvr = bits.iter().copied().fold(Tvr::ZERO, Tvr::with);
    let hits = bits.iter().map(|bit| MaskHit { bit: *bit, in_tac: true, in_iac: false }).collect();
    let row = Row { codes, tac: tvr, iac: Tvr::ZERO, hits };
    ActionAnalysis { tvr, rows: vec![row], request: CryptogramType::Aac }
}

fn cryptogram(asked: CryptogramType, given: u8) -> Cryptogram {
    Cryptogram {
        asked,
        signature_asked: false,
        cid: Cid(given),
        cryptogram: None,
        atc: [0, 1],
        issuer_data: Vec::new(),
    }
}

fn primary(outcome: &Outcome) -> Reason {
    outcome.log.findings[diagnose(outcome).primary.unwrap()].reason
}

#[test]
fn a_missing_key_is_the_root_of_the_decline_its_bit_caused() {
    let missing = finding(Reason::OdaCapkNotFound, Phase::Authentication).sets(tvr::DDA_FAILED);
    let denied = finding(Reason::TaaDeniedOffline, Phase::ActionAnalysis).severity(Severity::Decline);
    let floor = finding(Reason::TrmFloor, Phase::RiskManagement).severity(Severity::Info);
    let mut outcome = outcome(Decision::Declined, Decider::Terminal, vec![floor, missing, denied]);
    outcome.analyses = vec![denial(Codes::Denial, &[tvr::DDA_FAILED])];
    outcome.cryptograms = vec![cryptogram(CryptogramType::Aac, 0x00)];
    outcome.response_code = Some(*b"Z1");
    let diagnosis = diagnose(&outcome);
    assert_eq!(diagnosis.primary, Some(1));
    assert_eq!(diagnosis.blame, [Category::TerminalConfig]);
    assert_eq!(diagnosis.remedies, [Remedy::Update]);
    assert_eq!(diagnosis.others, [0]);
    let hits = vec![MaskHit { bit: tvr::DDA_FAILED, in_tac: true, in_iac: false }];
    assert_eq!(
        diagnosis.consequences,
        [
            Link::Finding(1),
            Link::VerificationBit(tvr::DDA_FAILED),
            Link::ActionCodes { codes: Codes::Denial, hits },
            Link::Finding(2),
            Link::Asked(CryptogramType::Aac),
            Link::Given(CryptogramType::Aac),
            Link::ResponseCode(*b"Z1"),
            Link::Decision(Decision::Declined, Decider::Terminal),
        ]
    );
}

#[test]
fn without_a_network_the_network_is_the_root_and_the_bits_are_what_made_it_matter() {
    let floor = finding(Reason::TrmFloor, Phase::RiskManagement).sets(tvr::FLOOR_LIMIT_EXCEEDED);
    let link = finding(Reason::NetNoLink, Phase::Online);
    let denied = finding(Reason::TaaDeniedUnableOnline, Phase::ActionAnalysis).severity(Severity::Decline);
    let mut outcome = outcome(Decision::Declined, Decider::Terminal, vec![floor, link, denied]);
    outcome.analyses = vec![denial(Codes::Default, &[tvr::FLOOR_LIMIT_EXCEEDED])];
    assert_eq!(primary(&outcome), Reason::NetNoLink);
    let diagnosis = diagnose(&outcome);
    assert!(matches!(&diagnosis.consequences[1], Link::ActionCodes { codes: Codes::Default, hits } if hits.len() == 1));
    assert_eq!(diagnosis.remedies, [Remedy::Net]);
}

#[test]
fn the_way_the_cardholder_failed_is_the_root_and_the_sum_of_it_a_consequence() {
    let wrong = finding(Reason::PinWrong, Phase::CardholderVerification);
    let failed = finding(Reason::CvmFailed, Phase::CardholderVerification).sets(tvr::CV_NOT_SUCCESSFUL);
    let denied = finding(Reason::TaaDeniedOffline, Phase::ActionAnalysis).severity(Severity::Decline);
    let mut outcome = outcome(Decision::Declined, Decider::Terminal, vec![wrong.clone(), wrong, failed, denied]);
    outcome.analyses = vec![denial(Codes::Denial, &[tvr::CV_NOT_SUCCESSFUL])];
    let step = Step::Performed { result: CvmResult::Failed, because: Some(Reason::PinWrong) };
    outcome.cvm.visits = vec![Visit { rule: CvmRule::new(0x01, 0x00), step }];
    let diagnosis = diagnose(&outcome);
    assert_eq!(diagnosis.primary, Some(1));
    assert_eq!(diagnosis.consequences[1], Link::Finding(2));
    assert_eq!(diagnosis.consequences[2], Link::VerificationBit(tvr::CV_NOT_SUCCESSFUL));
    assert_eq!(diagnosis.others, [0]);
}

#[test]
fn a_key_that_fails_for_the_pin_is_followed_to_its_certificate() {
    let phase = Phase::CardholderVerification;
    let findings = vec![
        finding(Reason::OdaIssuerCertExpired, phase),
        finding(Reason::PinKeyRecoveryFailed, phase),
        finding(Reason::CvmFailed, phase).sets(tvr::CV_NOT_SUCCESSFUL),
    ];
    let mut outcome = outcome(Decision::Declined, Decider::Terminal, findings);
    outcome.analyses = vec![denial(Codes::Denial, &[tvr::CV_NOT_SUCCESSFUL])];
    let step = Step::Performed { result: CvmResult::Failed, because: Some(Reason::PinKeyRecoveryFailed) };
    outcome.cvm.visits = vec![Visit { rule: CvmRule::new(0x04, 0x00), step }];
    assert_eq!(primary(&outcome), Reason::OdaIssuerCertExpired);
}

#[test]
fn a_signature_changed_on_the_way_is_called_an_attack_and_a_mere_mismatch_is_not() {
    let changed = finding(Reason::OdaCdaTdhc, Phase::FirstGenerateAc).sets(tvr::CDA_FAILED);
    let declined = outcome(Decision::Declined, Decider::Terminal, vec![changed]);
    assert_eq!(diagnose(&declined).blame[0], Category::SuspectedAttack);
    let hash = finding(Reason::OdaSsadHash, Phase::Authentication).sets(tvr::SDA_FAILED).fatal();
    let stopped = outcome(Decision::NotCompleted, Decider::Terminal, vec![hash]);
    assert_eq!(diagnose(&stopped).blame, [Category::Card, Category::SuspectedAttack]);
}

#[test]
fn the_issuers_code_is_the_root_of_the_issuers_decline() {
    let forced = finding(Reason::TrmForced, Phase::RiskManagement).severity(Severity::Info);
    let code = finding(Reason::Host51InsufficientFunds, Phase::Online).severity(Severity::Decline);
    let mut outcome = outcome(Decision::Declined, Decider::Issuer, vec![forced, code]);
    outcome.online = true;
    outcome.response_code = Some(*b"51");
    outcome.cryptograms = vec![cryptogram(CryptogramType::Arqc, 0x80), cryptogram(CryptogramType::Aac, 0x00)];
    let diagnosis = diagnose(&outcome);
    assert_eq!(diagnosis.primary, Some(1));
    assert_eq!(diagnosis.consequences[1], Link::ResponseCode(*b"51"));
    assert_eq!(diagnosis.consequences[2], Link::Asked(CryptogramType::Aac));
    assert_eq!(diagnosis.ruled_out, [RuledOut::Network]);
}

#[test]
fn nothing_is_charged_again_before_the_issuer_was_asked_what_it_booked() {
    let refused = finding(Reason::CardRefusedAfterOnline, Phase::SecondGenerateAc).severity(Severity::Decline);
    let authentication =
        finding(Reason::IssuerAuthFailed, Phase::IssuerAuthentication).sets(tvr::ISSUER_AUTHENTICATION_FAILED);
    let mut declined = outcome(Decision::Declined, Decider::Card, vec![authentication, refused]);
    declined.reversal = true;
    assert_eq!(primary(&declined), Reason::IssuerAuthFailed);
    assert_eq!(diagnose(&declined).remedies, [Remedy::Query, Remedy::Other]);
    assert!(diagnose(&declined).consequences.contains(&Link::Finding(1)));
    let removed = finding(Reason::CardRemoved, Phase::SecondGenerateAc).fatal();
    let mut stopped = outcome(Decision::NotCompleted, Decider::Nobody, vec![removed]);
    assert_eq!(diagnose(&stopped).remedies, [Remedy::Retry]);
    stopped.reversal = true;
    assert_eq!(diagnose(&stopped).remedies, [Remedy::Query]);
}

#[test]
fn a_final_answer_that_is_none_is_the_root_of_the_refusal_it_counts_as() {
    let sw = finding(Reason::GenacSw, Phase::SecondGenerateAc);
    let refused = finding(Reason::CardRefusedAfterOnline, Phase::SecondGenerateAc).severity(Severity::Decline);
    let declined = outcome(Decision::Declined, Decider::Card, vec![sw, refused]);
    assert_eq!(primary(&declined), Reason::GenacSw);
    assert_eq!(diagnose(&declined).remedies, [Remedy::Query, Remedy::Other]);
}

#[test]
fn dates_that_fail_together_make_the_clock_a_suspect() {
    let card = finding(Reason::RestrictExpired, Phase::Restrictions).sets(tvr::EXPIRED);
    let one = outcome(Decision::Declined, Decider::Terminal, vec![card.clone()]);
    assert!(diagnose(&one).suspicions.is_empty());
    let certificate = finding(Reason::OdaIccCertExpired, Phase::Authentication).sets(tvr::DDA_FAILED);
    let two = outcome(Decision::Declined, Decider::Terminal, vec![certificate, card]);
    assert_eq!(diagnose(&two).suspicions, [Reason::TerminalClockWrong]);
}

#[test]
fn an_approval_has_no_root_but_keeps_what_was_seen() {
    let degraded = finding(Reason::SelPseFormat, Phase::Selection);
    let random = finding(Reason::TrmRandom, Phase::RiskManagement).severity(Severity::Info);
    let diagnosis = diagnose(&outcome(Decision::Approved, Decider::Issuer, vec![random, degraded]));
    assert_eq!(diagnosis.primary, None);
    assert!(diagnosis.consequences.is_empty() && diagnosis.remedies.is_empty() && diagnosis.ruled_out.is_empty());
    assert_eq!(diagnosis.others, [1, 0]);
}

#[test]
fn a_bit_nobody_reported_leaves_the_decline_to_explain_itself() {
    let denied = finding(Reason::TaaDeniedOffline, Phase::ActionAnalysis).severity(Severity::Decline);
    let mut outcome = outcome(Decision::Declined, Decider::Terminal, vec![denied]);
    outcome.analyses = vec![denial(Codes::Denial, &[tvr::ODA_NOT_PERFORMED])];
    assert_eq!(primary(&outcome), Reason::TaaDeniedOffline);
}
