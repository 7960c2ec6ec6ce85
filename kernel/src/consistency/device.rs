//! The claim that the cardholder's own device verified its holder, against what the card says it is ("The EMV Standard:
//! Break, Fix, Verify", Basin, Sasse, Toro-Pozo, IEEE S&P 2021; "Practical EMV Relay Protection", Radu, Chothia, Newton,
//! Boureanu, Chen, IEEE S&P 2022): a plain card has nothing to verify anybody with.

use apdu::{
    Bits, Tag,
    dictionary::Context,
    tag,
    tag::{k2, k3},
    value::{Aip, IssuerApplicationData, aip, ctq},
};

use crate::{
    contactless::{KernelId, ctq::qualifiers},
    finding::{Certainty, Evidence, Fact, Finding, Reason, Severity},
    outcome::Outcome,
    store::CardData,
};

/// What the form factor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A card, of usual or of small size.
    Card,
    /// Something else: a phone, a watch, a ring.
    Device,
}

/// The lower five bits of the first byte of Visa's form factor indicator: 00 card, 01 small card; 02 and up are none.
const FORM_FACTOR: u8 = 0x1F;
const SMALL_CARD: u8 = 0x01;

/// Mastercard's third party data: bytes 5 and 6 are the device type, unless the first bit of byte 3 says otherwise.
const NO_DEVICE_TYPE: u8 = 0x80;
const DEVICE_TYPE_CARD: [u8; 2] = *b"00";

/// What the card says it is; `None` when it says nothing, or in no way known here.
fn form(kernel: KernelId, card: &CardData) -> Option<Form> {
    let is_card = match kernel {
        KernelId::C3 => {
            let [first, ..] = card.array::<4>(k3::FORM_FACTOR_INDICATOR_9F6E)?;
            first & FORM_FACTOR <= SMALL_CARD
        }
        KernelId::C2 => match card.value(k2::THIRD_PARTY_DATA_9F6E)? {
            [_, _, unique, _, first, second, ..] if unique & NO_DEVICE_TYPE == 0 => {
                [*first, *second] == DEVICE_TYPE_CARD
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(if is_card { Form::Card } else { Form::Device })
}

/// Whether the card says that it is a device that can verify its holder.
pub fn is_mobile(kernel: KernelId, card: &CardData) -> bool {
    form(kernel, card) == Some(Form::Device)
}

/// The claim and what speaks against it.
pub fn check(kernel: KernelId, out: &Outcome) -> impl Iterator<Item = Finding> {
    let claim = claim(kernel, &out.card);
    let findings = claim.map(|claim| [on_plain_card(kernel, out, claim), not_in_results(kernel, out, claim)]);
    findings.into_iter().flatten().flatten()
}

/// Where the card claims that its holder was verified by the device.
fn claim(kernel: KernelId, card: &CardData) -> Option<Tag> {
    match kernel {
        KernelId::C3 | KernelId::C7 => {
            qualifiers(card).filter(|own| own.has(ctq::CONSUMER_DEVICE_CVM)).map(|_| k3::CTQ_9F6C)
        }
        KernelId::C2 => {
            let profile: Aip = Bits(card.array(tag::AIP_82)?);
            profile.has(aip::ON_DEVICE_CVM).then_some(tag::AIP_82)
        }
        _ => None,
    }
}

fn on_plain_card(kernel: KernelId, out: &Outcome, claim: Tag) -> Option<Finding> {
    let is_card = form(kernel, &out.card) == Some(Form::Card);
    is_card.then(|| contradicted(out, Reason::KCdcvmOnPlainCard, claim, k3::FORM_FACTOR_INDICATOR_9F6E))
}

/// Visa's longer issuer application data say whether the device verified its holder.
fn not_in_results(kernel: KernelId, out: &Outcome, claim: Tag) -> Option<Finding> {
    let object = tag::ISSUER_APPLICATION_DATA_9F10;
    let data = out.card.value(object).filter(|_| kernel == KernelId::C3)?;
    let told = IssuerApplicationData::parse(data, Context::Visa)?.results().device_verified_holder()?;
    (!told).then(|| contradicted(out, Reason::KCdcvmNotInResults, claim, object))
}

fn contradicted(out: &Outcome, reason: Reason, claim: Tag, object: Tag) -> Finding {
    let seen =
        |tag: Tag| Evidence::found(Fact::DataObject, out.card.value(tag).unwrap_or_default()).at(out.card.place(tag));
    let finding = Finding::new(reason).severity(Severity::Info).certainty(Certainty::Likely);
    finding.with(seen(claim)).with(seen(object))
}
