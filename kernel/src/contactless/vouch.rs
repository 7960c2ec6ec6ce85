//! Who vouches for the data a contactless decision is made from. Most of what a card says through the air nobody signs, and
//! what is signed counts only once the signature was verified.

use apdu::{
    Tag, tag,
    tag::k3::{CARD_AUTHENTICATION_RELATED_DATA_9F69, CTQ_9F6C},
    value::afl::Afl,
};

use crate::{
    finding::{Certainty, Evidence, Fact, Finding},
    oda::report::{Certificate, Step},
    outcome::Outcome,
    store::CardData,
};

/// Who vouches for a data object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Voucher {
    /// The card signed it in this transaction.
    Card,
    /// The issuer signed it when it made the card.
    Issuer,
    /// Nobody did, or the signature was not verified.
    Nobody,
}

impl Voucher {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Card => "signed-by-card",
            Self::Issuer => "signed-by-issuer",
            Self::Nobody => "signed-by-nobody",
        }
    }

    /// Who vouches for this object of the card, by the signatures verified so far.
    pub fn of(out: &Outcome, object: Tag) -> Self {
        let verified =
            |certificate| out.chain.steps.iter().find(|step| step.certificate == certificate && step.passed());
        match verified(Certificate::DynamicSignature) {
            Some(signature) if is_signed_by_card(&out.card, signature, object) => Self::Card,
            _ if verified(Certificate::Icc).is_some() && is_signed_by_issuer(&out.card, object) => Self::Issuer,
            _ => Self::Nobody,
        }
    }
}

/// With CDA the card signs the answer that the signature is in. With fDDA it signs its related data, and with them the
/// copy of its qualifiers.
fn is_signed_by_card(card: &CardData, signature: &Step, object: Tag) -> bool {
    if signature.recovered.cryptogram_information.is_some() {
        let answer = card.place(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B).exchange;
        return answer.is_some() && card.place(object).exchange == answer;
    }
    let related = card.value(CARD_AUTHENTICATION_RELATED_DATA_9F69).unwrap_or_default();
    match object {
        CARD_AUTHENTICATION_RELATED_DATA_9F69 | tag::ICC_DYNAMIC_NUMBER_9F4C => true,
        CTQ_9F6C => card.value(CTQ_9F6C).is_some_and(|own| related.get(5..7) == Some(own)),
        _ => false,
    }
}

/// The issuer signs the records the file locator marks, and what the list of static data names.
fn is_signed_by_issuer(card: &CardData, object: Tag) -> bool {
    if object == tag::AIP_82 {
        return card.value(tag::SDA_TAG_LIST_9F4A) == Some(&[0x82]);
    }
    let afl = card.value(tag::AFL_94).and_then(|value| Afl::parse(value).ok());
    let records = afl.iter().flat_map(Afl::entries).flat_map(|entry| {
        entry.records().filter(|(_, is_signed)| *is_signed).map(move |(number, _)| (entry.sfi, number))
    });
    card.place(object).record.is_some_and(|place| records.into_iter().any(|signed| signed == place))
}

/// The finding with who vouches for the card's object that decided it: its first evidence from the card. What nobody
/// vouches for proves nothing.
pub fn vouched(finding: Finding, out: &Outcome) -> Finding {
    let mut seen = finding.evidence.iter().map(|seen| seen.place).filter(|place| place.exchange.is_some());
    let object = seen.find_map(|place| place.tag);
    let voucher = object.map_or(Voucher::Nobody, |object| Voucher::of(out, object));
    let most = if voucher == Voucher::Nobody { Certainty::Likely } else { Certainty::Proven };
    let certainty = finding.certainty.min(most);
    finding.certainty(certainty).with(Evidence::found(Fact::VouchedBy, voucher.id()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        finding::{Place, Reason},
        oda::report::{Check, Recovered},
    };

    fn outcome(verified: &[Certificate]) -> Outcome {
        let mut out = Outcome::default();
        out.card.put(tag::AFL_94, &[0x10, 1, 2, 1], Place::exchange(1));
        let record = |number| Place { record: Some((2, number)), ..Place::exchange(2) };
        out.card.put(tag::APPLICATION_EXPIRATION_DATE_5F24, &[0x25, 0x12, 0x31], record(1));
        out.card.put(CARD_AUTHENTICATION_RELATED_DATA_9F69, &[1, 2, 3, 4, 5, 0x20, 0x00], record(2));
        out.card.put(CTQ_9F6C, &[0x20, 0x00], Place::exchange(1));
        let checks = [Check { fact: Fact::Hash, passed: true }];
        out.chain.steps.extend(verified.iter().map(|certificate| Step {
            certificate: *certificate,
            checks: checks.to_vec(),
            recovered: Recovered::default(),
        }));
        out
    }

    #[test]
    fn only_a_verified_signature_vouches() {
        let who = |verified: &[Certificate], object| Voucher::of(&outcome(verified), object);
        let expiry = tag::APPLICATION_EXPIRATION_DATE_5F24;
        assert_eq!(who(&[], expiry), Voucher::Nobody);
        assert_eq!(who(&[Certificate::Icc], expiry), Voucher::Issuer);
        assert_eq!(who(&[Certificate::Icc], CARD_AUTHENTICATION_RELATED_DATA_9F69), Voucher::Nobody);
        let both = [Certificate::Icc, Certificate::DynamicSignature];
        assert_eq!(who(&both, CARD_AUTHENTICATION_RELATED_DATA_9F69), Voucher::Card);
        assert_eq!(who(&both, CTQ_9F6C), Voucher::Card, "by its copy");
        assert_eq!(who(&both, tag::CRYPTOGRAM_INFORMATION_DATA_9F27), Voucher::Nobody);
        let mut combined = outcome(&both);
        let cid = apdu::value::Cid(0x80);
        combined.chain.steps[1].recovered.cryptogram_information = Some(cid);
        assert_eq!(Voucher::of(&combined, tag::CRYPTOGRAM_INFORMATION_DATA_9F27), Voucher::Nobody, "it is not there");
        for object in [tag::CRYPTOGRAM_INFORMATION_DATA_9F27, tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B] {
            combined.card.put(object, &[0x80], Place::exchange(3));
        }
        assert_eq!(Voucher::of(&combined, tag::CRYPTOGRAM_INFORMATION_DATA_9F27), Voucher::Card, "in one answer");
        assert_eq!(Voucher::of(&combined, CTQ_9F6C), Voucher::Nobody, "CDA has no copy of it");
        let mut changed = outcome(&both);
        changed.card.put(CTQ_9F6C, &[0x20, 0x80], Place::exchange(1));
        assert_eq!(Voucher::of(&changed, CTQ_9F6C), Voucher::Nobody);
    }

    #[test]
    fn what_nobody_signed_proves_nothing() {
        let place = outcome(&[]).card.place(tag::APPLICATION_EXPIRATION_DATE_5F24);
        let expired = || Finding::new(Reason::C3Expired).with(Evidence::missing(Fact::ExpirationDate, 0_u8).at(place));
        assert_eq!(vouched(expired(), &outcome(&[])).certainty, Certainty::Likely);
        assert_eq!(vouched(expired(), &outcome(&[Certificate::Icc])).certainty, Certainty::Proven);
        let missing = vouched(Finding::new(Reason::C3Expired), &outcome(&[Certificate::Icc]));
        assert_eq!(missing.certainty, Certainty::Likely, "nobody vouches for what is not there");
    }
}
