//! How a card is read against what it has: contact data through the air, chip data on a card that wants to be a stripe,
//! signatures that nobody asked for.

use apdu::{
    Bits, Tag, tag,
    tag::{k2, k3},
    value::{Aip, CryptogramType, Ttq, aip, ttq},
};

use crate::{
    contactless::KernelId,
    finding::{Certainty, Evidence, Fact, Finding, Reason, Severity},
    outcome::Outcome,
};

/// What does not fit this kernel.
pub fn check(kernel: KernelId, out: &Outcome) -> Option<Finding> {
    match kernel {
        KernelId::C2 => stripe_of_a_chip(out),
        KernelId::C3 => contact_data(out).or_else(|| unasked_signature(out)),
        _ => None,
    }
}

/// A session with a card's contacts, played to a contactless reader: it has lists and rules that kernel 3 never reads, and
/// lacks the qualifiers that its cards have.
fn contact_data(out: &Outcome) -> Option<Finding> {
    let both = [tag::CDOL1_8C, tag::CVM_LIST_8E].iter().all(|object| out.card.has(*object));
    (both && !out.card.has(k3::CTQ_9F6C)).then(|| {
        let missing = Evidence::missing(Fact::DataObject, k3::CTQ_9F6C);
        told(out, Reason::KContactApplication, tag::CDOL1_8C).with(missing)
    })
}

/// Kernel 2 in mag-stripe mode, because the card says it knows no other, with what only the other has.
fn stripe_of_a_chip(out: &Outcome) -> Option<Finding> {
    let profile: Aip = Bits(out.card.array(tag::AIP_82)?);
    let as_stripe = !profile.has(aip::EMV_MODE) && out.card.has(k2::TRACK_2_DATA_9F6B);
    let chip = [tag::CDOL1_8C, tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46, tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90];
    let chip = chip.into_iter().find(|object| out.card.has(*object)).filter(|_| as_stripe)?;
    let methods = Evidence::found(Fact::CardMethods, profile.0).at(out.card.place(tag::AIP_82));
    Some(told(out, Reason::KMsdOnEmvCard, chip).with(methods))
}

/// Somebody told the card that the reader asks for a signature with an online request, as readers at gates do.
fn unasked_signature(out: &Outcome) -> Option<Finding> {
    let sent: Ttq = Bits(out.terminal.array(k3::TTQ_9F66)?);
    let online = out.cryptograms.last()?.cid.cryptogram_type() == CryptogramType::Arqc;
    let signature = tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B;
    let unasked = online && !sent.has(ttq::ODA_FOR_ONLINE) && out.card.has(signature);
    unasked.then(|| {
        let reader = Evidence::found(Fact::TerminalMethods, sent.0).in_tag(k3::TTQ_9F66);
        told(out, Reason::C3SignatureNotAsked, signature).with(reader)
    })
}

fn told(out: &Outcome, reason: Reason, object: Tag) -> Finding {
    let finding = Finding::new(reason).severity(Severity::Info).certainty(Certainty::Hint);
    finding.with(Evidence::found(Fact::DataObject, object).at(out.card.place(object)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::card_data;

    fn reason(kernel: KernelId, objects: &[(Tag, &str)]) -> Option<Reason> {
        let out = Outcome { card: card_data(objects), ..Outcome::default() };
        check(kernel, &out).map(|finding| finding.reason)
    }

    #[test]
    fn contact_data_without_qualifiers_are_told_and_with_them_are_not() {
        let contact = [(tag::CDOL1_8C, "9F0206"), (tag::CVM_LIST_8E, "00000000000000001F00")];
        assert_eq!(reason(KernelId::C3, &contact), Some(Reason::KContactApplication));
        let [list, rules] = contact;
        assert_eq!(reason(KernelId::C3, &[list, rules, (k3::CTQ_9F6C, "0000")]), None, "records of both interfaces");
        assert_eq!(reason(KernelId::C2, &contact), None);
    }

    #[test]
    fn a_stripe_mode_of_a_chip_is_told_and_that_of_a_reader_is_not() {
        let (track, list) = ((k2::TRACK_2_DATA_9F6B, "00"), (tag::CDOL1_8C, "9F0206"));
        assert_eq!(reason(KernelId::C2, &[(tag::AIP_82, "1900"), track, list]), Some(Reason::KMsdOnEmvCard));
        assert_eq!(reason(KernelId::C2, &[(tag::AIP_82, "1980"), track, list]), None, "the reader knows no other");
        assert_eq!(reason(KernelId::C2, &[(tag::AIP_82, "0000"), track]), None, "an old card");
    }
}
