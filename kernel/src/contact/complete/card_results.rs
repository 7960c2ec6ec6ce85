//! Why the card declined, as far as its own verification results say: they stand in the issuer application data (`9F10`),
//! in layouts of the payment systems (for the common core definition: `EMV 4.4 Book 3, Annex C9.3`).

use alloc::vec::Vec;

use apdu::{
    dictionary::Context,
    tag,
    value::{IssuerApplicationData, issuer_application_data::Results},
};

use crate::{
    finding::{Certainty, Evidence, Fact, Finding, Reason, Severity},
    outcome::Cryptogram,
};

/// What the results that came with `cryptogram` say about a decline, the plainest first.
pub fn reasons(cryptogram: &Cryptogram, aid: &[u8]) -> Vec<Finding> {
    let data = IssuerApplicationData::parse(&cryptogram.issuer_data, Context::from_aid(aid));
    let Some(results) = data.map(|data| data.results()) else { return Vec::new() };
    let is_second = results.second_cryptogram().is_some();
    let limit = if results.has_passed_an_upper_limit() { Certainty::Likely } else { Certainty::Hint };
    let told = [
        (is_second && results.issuer_authentication_failed_now(), Reason::IssuerAuthFailed, Certainty::Likely),
        (is_second && results.issuer_authentication_left_out(), Reason::IssuerAuthMissing, Certainty::Likely),
        (results.pin_try_limit_exceeded(), Reason::PinBlocked, Certainty::Likely),
        (results.limits_passed().next().is_some(), Reason::CardCounterLimit, limit),
    ];
    let told = || told.iter().filter(|(says, ..)| *says);
    // Beside what explains the decline, what only might is no news.
    let best = told().map(|(_, _, certainty)| *certainty).max();
    let told = told().filter(|(_, _, certainty)| Some(*certainty) == best);
    told.map(|(_, reason, certainty)| finding(*reason, *certainty, &results)).collect()
}

fn finding(reason: Reason, certainty: Certainty, results: &Results) -> Finding {
    let evidence = Evidence::found(Fact::CardVerificationResults, results.as_bytes());
    Finding::new(reason)
        .severity(Severity::Cause)
        .certainty(certainty)
        .with(evidence.in_tag(tag::ISSUER_APPLICATION_DATA_9F10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use apdu::value::cid::{Cid, CryptogramType};

    const M_CHIP: &[u8] = &[0xA0, 0x00, 0x00, 0x00, 0x04, 0x10, 0x10];
    const UNION_PAY: &[u8] = &[0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x02];

    fn told(issuer_data: &str, aid: &[u8]) -> Vec<(Reason, Certainty)> {
        let issuer_data = hex::decode(issuer_data).unwrap();
        let asked = CryptogramType::Tc;
        let cryptogram =
            Cryptogram { asked, signature_asked: false, cid: Cid(0), cryptogram: None, atc: [0, 1], issuer_data };
        reasons(&cryptogram, aid).iter().map(|finding| (finding.reason, finding.certainty)).collect()
    }

    #[test]
    fn issuer_authentication_of_this_transaction_counts_and_that_of_the_last_one_does_not() {
        let counter = (Reason::CardCounterLimit, Certainty::Hint);
        let second = "0110201009248400000000000000000029FF";
        assert_eq!(told(second, M_CHIP), vec![(Reason::IssuerAuthFailed, Certainty::Likely)]);
        let first = "0110A00009248400000000000000000029FF";
        assert_eq!(told(first, M_CHIP), vec![counter], "said before the issuer was asked");
    }

    #[test]
    fn limits_and_a_blocked_pin_are_told_from_each_layout() {
        let (blocked, counter) =
            ((Reason::PinBlocked, Certainty::Likely), (Reason::CardCounterLimit, Certainty::Likely));
        assert_eq!(told("07010103806000 01".replace(' ', "").as_str(), UNION_PAY), vec![blocked, counter]);
        assert_eq!(told("0110800000081000000000000000000000FF", M_CHIP), vec![blocked, counter]);
        assert_eq!(told("07010103800000 01".replace(' ', "").as_str(), UNION_PAY), vec![]);
        assert_eq!(told("FF", UNION_PAY), vec![], "of no known layout");
    }
}
