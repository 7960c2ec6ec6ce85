//! What a run came to, in what can be compared.

use emvident::{
    apdu::value::cvm::{CvmMethod, CvmResult, CvmResults},
    apdu::value::tvr,
    kernel::{
        Decision, Outcome,
        contactless::{KernelId, outcome::Cvm as TapCvm},
        finding::{Finding, Severity},
        oda::report::{Certificate, Step},
    },
};

/// What offline data authentication came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oda {
    NotPerformed,
    Failed,
    Succeeded,
}

/// What the terminal let through, more of it further down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Declined,
    Online,
    Offline,
}

/// How the cardholder was verified, better further down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cvm {
    None,
    Signature,
    /// The card says that its holder was verified on it.
    OnDevice,
    Pin,
    /// It failed, and the results say so.
    Failed,
}

/// What was proved about the card, more of it further down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    Nothing,
    /// That somebody has the issuer's signature.
    Static,
    /// That the card is there.
    Dynamic,
    /// That the card made this cryptogram.
    Combined,
    /// It was looked for and failed, and the results say so.
    Failed,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub kernel: &'static str,
    pub rank: Rank,
    pub decision: Decision,
    pub online: bool,
    pub cvm: Cvm,
    pub oda: Oda,
    pub proof: Proof,
    /// Signatures that were found good.
    pub signatures: usize,
    pub tvr: [u8; 5],
    /// It came to a cryptogram, or to the outcome of a tap.
    pub decided: bool,
    pub exchanges: usize,
    /// Ids of findings that say more than what is worth knowing.
    pub findings: Vec<&'static str>,
}

impl Verdict {
    pub fn of(outcome: &Outcome) -> Self {
        let found = outcome.log.findings.iter().filter(|finding| finding.severity > Severity::Info);
        Self {
            kernel: kernel(outcome),
            rank: rank(outcome),
            decision: outcome.decision,
            online: outcome.online,
            cvm: cvm(outcome),
            oda: oda(outcome),
            proof: proof(outcome),
            signatures: signatures(outcome).filter(|step| step.passed()).count(),
            tvr: outcome.tvr.0,
            decided: !outcome.cryptograms.is_empty() || outcome.tap.as_ref().is_some_and(|tap| tap.outcome.is_some()),
            exchanges: outcome.log.exchanges.len(),
            findings: found.map(|finding| finding.reason.id()).collect(),
        }
    }
}

fn kernel(outcome: &Outcome) -> &'static str {
    let Some(tap) = &outcome.tap else { return "contact" };
    match tap.activations.last().map(|activation| activation.kernel) {
        Some(KernelId::C2) => "C-2",
        Some(KernelId::C3) => "C-3",
        Some(KernelId::C7) => "C-7",
        _ => "none",
    }
}

fn rank(outcome: &Outcome) -> Rank {
    match (outcome.decision, outcome.online) {
        (Decision::Approved, false) => Rank::Offline,
        (Decision::Approved, true) => Rank::Online,
        _ => Rank::Declined,
    }
}

fn signatures(outcome: &Outcome) -> impl Iterator<Item = &Step> {
    let is_signature =
        |certificate| matches!(certificate, Certificate::StaticSignature | Certificate::DynamicSignature);
    outcome.chain.steps.iter().filter(move |step| is_signature(step.certificate))
}

fn proof(outcome: &Outcome) -> Proof {
    let combined = |step: &Step| step.recovered.cryptogram_information.is_some();
    // Kernels 3 and 7 have no TVR to say it in.
    let told = |finding: &Finding| {
        let id = finding.reason.id();
        let says_nothing = ["oda-not-performed", "oda-no-common-method", "oda-downgrade"];
        id.starts_with("oda-") && !says_nothing.contains(&id) || id.ends_with("-fdda-failed")
    };
    match (oda(outcome), signatures(outcome).last()) {
        (Oda::Failed, _) => Proof::Failed,
        (Oda::NotPerformed, _) if outcome.log.findings.iter().any(told) => Proof::Failed,
        (Oda::NotPerformed, _) | (_, None) => Proof::Nothing,
        (_, Some(step)) if step.certificate == Certificate::StaticSignature => Proof::Static,
        (_, Some(step)) if combined(step) => Proof::Combined,
        _ => Proof::Dynamic,
    }
}

/// A signature of the card or over its data passed every check, and so did every certificate before it.
fn oda(outcome: &Outcome) -> Oda {
    let mut steps = outcome.chain.steps.iter().filter(|step| step.certificate != Certificate::IccPin);
    let failed = [tvr::SDA_FAILED, tvr::DDA_FAILED, tvr::CDA_FAILED].into_iter().any(|bit| outcome.tvr.has(bit));
    if failed || steps.any(|step| !step.passed()) {
        return Oda::Failed;
    }
    if signatures(outcome).next().is_some() { Oda::Succeeded } else { Oda::NotPerformed }
}

fn cvm(outcome: &Outcome) -> Cvm {
    let tapped = outcome.tap.as_ref().and_then(|tap| tap.outcome.as_ref()).map(|outcome| outcome.cvm);
    match tapped {
        _ if outcome.tvr.has(tvr::CV_NOT_SUCCESSFUL) => Cvm::Failed,
        Some(TapCvm::OnlinePin) => Cvm::Pin,
        Some(TapCvm::ConfirmationCodeVerified) => Cvm::OnDevice,
        Some(TapCvm::ObtainSignature) => Cvm::Signature,
        Some(TapCvm::NoCvm | TapCvm::NotApplicable) => Cvm::None,
        None => outcome.cvm_results.map_or(Cvm::None, by_contacts),
    }
}

fn by_contacts(results: CvmResults) -> Cvm {
    if results.result() == CvmResult::Failed {
        return Cvm::Failed;
    }
    match results.method() {
        None | Some(CvmMethod::NoCvm) => Cvm::None,
        Some(CvmMethod::Signature) => Cvm::Signature,
        Some(CvmMethod::Fail) => Cvm::Failed,
        Some(_) => Cvm::Pin,
    }
}
