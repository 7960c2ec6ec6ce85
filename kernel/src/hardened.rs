//! What the hardened policy decides where EMV would go on. The boxes of the charts ask here; each answer only ever makes the
//! outcome stricter, and brings the finding that says that the policy decided and not EMV.

pub(crate) mod keys;

use alloc::vec::Vec;

use apdu::{
    Bit, Card, tag,
    value::{CryptogramType, tvr},
};

use crate::{
    consistency,
    contact::verify_cardholder::Step,
    finding::{Evidence, Fact, Finding, Reason, Severity},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
    terminal::policy::{Policy, Switch},
};

/// What may be asked of the card, and why not more.
pub(crate) struct Restrained {
    /// At most what was wanted.
    pub cryptogram: CryptogramType,
    /// Why it is less.
    pub findings: Vec<Finding>,
}

/// What the terminal is able to do instead of an offline approval.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instead {
    /// Ask the issuer.
    Online,
    /// Nothing: it never goes online, or was not able to.
    Decline,
}

/// What may be asked of the card where the action analysis wants `wanted`; `signed` when the card's signature over its
/// decision will be asked for too.
pub(crate) fn restrain(
    policy: Policy,
    out: &Outcome,
    wanted: CryptogramType,
    signed: bool,
    instead: Instead,
) -> Restrained {
    if wanted == CryptogramType::Aac {
        return Restrained { cryptogram: wanted, findings: Vec::new() };
    }
    let objections: Vec<Finding> =
        [oda_failed(policy, out), keys::too_weak(policy, &out.chain), cvm_refused(out), rrp(policy, out)]
            .into_iter()
            .flatten()
            .collect();
    if !objections.is_empty() {
        return declined(objections);
    }
    let doubts: Vec<Finding> = if wanted == CryptogramType::Tc { doubts(policy, out, signed) } else { Vec::new() };
    match instead {
        _ if doubts.is_empty() => Restrained { cryptogram: wanted, findings: doubts },
        Instead::Online => Restrained { cryptogram: CryptogramType::Arqc, findings: doubts },
        Instead::Decline => declined(doubts),
    }
}

fn declined(findings: Vec<Finding>) -> Restrained {
    let findings = findings.into_iter().map(|finding| finding.severity(Severity::Decline)).collect();
    Restrained { cryptogram: CryptogramType::Aac, findings }
}

/// Each method's bit for a failure.
const ODA_FAILED: [Bit; 3] = [tvr::SDA_FAILED, tvr::DDA_FAILED, tvr::CDA_FAILED];

fn oda_failed(policy: Policy, out: &Outcome) -> Option<Finding> {
    let failed = policy.has(Switch::DeclineOnOdaFailure) && ODA_FAILED.iter().any(|bit| out.tvr.has(*bit));
    failed.then(|| Finding::new(Reason::PolicyOdaFailed).with(verification_bits(out)))
}

/// A PIN was refused, and no other method verified the cardholder.
fn cvm_refused(out: &Outcome) -> Option<Finding> {
    let refused = out.cvm.visits.iter().find_map(|visit| match visit.step {
        Step::Performed { because: Some(because), .. } if because.is_of_policy() => Some(visit.rule),
        _ => None,
    })?;
    let rule = Evidence::found(Fact::CvmRule, [refused.method_byte, refused.condition_byte]);
    let finding = Finding::new(Reason::PolicyCvmRefused).with(rule.at(out.card.place(tag::CVM_LIST_8E)));
    out.tvr.has(tvr::CV_NOT_SUCCESSFUL).then_some(finding)
}

/// The bits of kernel 2 for a card that is too far away, or whose times do not fit.
const TOO_FAR: [Bit; 2] = [tvr::RELAY_RESISTANCE_TIME_LIMITS_EXCEEDED, tvr::RELAY_RESISTANCE_THRESHOLD_EXCEEDED];

fn rrp(policy: Policy, out: &Outcome) -> Option<Finding> {
    let required = policy.has(Switch::RrpRequiredWhenSupported) && out.tap.is_some();
    let too_far = required && TOO_FAR.iter().any(|bit| out.tvr.has(*bit));
    too_far.then(|| Finding::new(Reason::PolicyRrp).with(verification_bits(out)))
}

/// What an offline approval lacks.
fn doubts(policy: Policy, out: &Outcome, signed: bool) -> Vec<Finding> {
    let sda_only = policy.has(Switch::NoSdaOnlyOffline) && out.tvr.has(tvr::SDA_SELECTED);
    let unsigned = policy.has(Switch::OfflineApprovalOnlyWithSignedAc) && !signed;
    let doubts = [(sda_only, Reason::PolicySdaOnly), (unsigned, Reason::PolicyAcNotSigned)];
    let doubts = doubts.into_iter().filter(|(stands, _)| *stands);
    doubts.map(|(_, reason)| Finding::new(reason).with(verification_bits(out))).collect()
}

/// A card number of another payment system is told; the finding that ends the transaction for that.
pub(crate) fn card_number<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome) -> Option<Finding> {
    let mismatch = consistency::iin::check(&out.aid, &out.card)?;
    let evidence = mismatch.evidence.clone();
    session.report(mismatch);
    let ends = session.terminal.policy.has(Switch::RidIinMatch);
    ends.then(|| Finding { evidence, ..Finding::new(Reason::PolicyRidIin) })
}

fn verification_bits(out: &Outcome) -> Evidence {
    Evidence::found(Fact::VerificationBits, out.tvr.0).in_tag(tag::TVR_95)
}
