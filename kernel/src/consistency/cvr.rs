//! What the card says of the PIN against what the terminal believes. Between the two may sit somebody who says "right" to
//! every PIN ("Chip and PIN is Broken", Murdoch, Drimer, Anderson, Bond, IEEE S&P 2010): the card knows better, and says so
//! to its issuer. The layouts are those whose bits are public: see `apdu::value::issuer_application_data`.

use apdu::{
    dictionary::Context,
    tag,
    value::{CvmResult, CvmResults, IssuerApplicationData, issuer_application_data::Layout},
};

use crate::{
    finding::{Certainty, Evidence, Fact, Finding, Reason, Severity},
    outcome::Outcome,
};

/// The card verified no PIN, or a wrong one, where the terminal's results say that it verified the right one.
pub fn check(out: &Outcome) -> Option<Finding> {
    let results = out.cvm_results.filter(|results| believes(*results))?;
    let context = Context::from_aid(&out.aid);
    let data = IssuerApplicationData::parse(&out.cryptograms.last()?.issuer_data, context)?;
    // A payment system that is not known here may have bits of its own in what looks like the layout of another.
    if context == Context::Emv && data.layout() != Layout::Common {
        return None;
    }
    let told = data.results();
    if told.offline_pin_verified()? {
        return None;
    }
    let of_card = Evidence::found(Fact::CardVerificationResults, told.as_bytes());
    let finding = Finding::new(Reason::CvmCvrMismatch).severity(Severity::Info).certainty(Certainty::Likely);
    let finding = finding.with(of_card.at(out.card.place(tag::ISSUER_APPLICATION_DATA_9F10)));
    Some(finding.with(Evidence::found(Fact::CvmResults, results.0).in_tag(tag::CVM_RESULTS_9F34)))
}

/// Whether the terminal takes the cardholder for verified by a PIN in the card.
fn believes(results: CvmResults) -> bool {
    let by_pin = results.method().is_some_and(|method| method.needs_offline_pin());
    by_pin && results.performed() && results.result() != CvmResult::Failed
}
