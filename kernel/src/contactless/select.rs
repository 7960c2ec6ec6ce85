//! Final combination selection (`EMV Contactless Book B, 3.3.3`).

use alloc::vec::Vec;

use apdu::{Card, Command, Dol, tag, tlv};

use super::{combination::Combination, kernel_id::KernelId};
use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    point_of_sale::PointOfSale,
    session::{NoReply, Reply, Session},
};

/// What the card answered to the final SELECT.
#[derive(Clone, Debug)]
pub struct Selected {
    /// The name it was selected with.
    pub name: Vec<u8>,
    /// The answer: the kernel reads its FCI.
    pub reply: Reply,
}

impl Selected {
    /// The value of an object of the FCI's proprietary template, or of the FCI itself.
    pub fn value(&self, wanted: apdu::Tag) -> Option<&[u8]> {
        let fci = tlv::find(self.reply.data(), tag::FCI_TEMPLATE_6F).ok()??;
        let proprietary = tlv::find(fci.value, tag::FCI_PROPRIETARY_TEMPLATE_A5).ok().flatten();
        let within = proprietary.and_then(|template| tlv::find(template.value, wanted).ok().flatten());
        within.or_else(|| tlv::find(fci.value, wanted).ok().flatten()).map(|object| object.value)
    }
}

/// Selects `name`; `None` when the card does not let it be used.
///
/// # Errors
/// [`NoReply`] when the card does not answer.
pub async fn select<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    name: Vec<u8>,
) -> Result<Option<Selected>, NoReply> {
    let reply = session.exchange_built(Command::select(&name), Reason::EpSelectFailed).await?;
    if reply.status().is_ok() {
        return Ok(Some(Selected { name, reply }));
    }
    let reason = match reply.status().0 {
        0x6A82 | 0x6985 | 0x6283 => Reason::EpInterfaceDisabled,
        _ => Reason::EpSelectFailed,
    };
    let name = Evidence::found(Fact::ApplicationId, name.as_slice());
    session.report(Finding::new(reason).with(reply.evidence()).with(name));
    Ok(None)
}

/// Whether a Visa card is one that kernel 3 does not take: it does not ask for the terminal transaction qualifiers.
pub fn wants_other_kernel(combination: &Combination, selected: &Selected) -> bool {
    let is_visa = combination.aid.starts_with(&[0xA0, 0x00, 0x00, 0x00, 0x03]);
    let list = selected.value(tag::PDOL_9F38).and_then(|list| Dol::parse(list).ok());
    let asks = list.is_some_and(|list| list.contains(tag::k3::TTQ_9F66));
    combination.kernel == KernelId::C3 && is_visa && !asks
}

/// Why such a card is not used.
pub fn without_ttq(selected: &Selected) -> Finding {
    let evidence = Evidence::missing(Fact::DataObject, tag::k3::TTQ_9F66).in_tag(tag::PDOL_9F38);
    Finding::new(Reason::EpSelectFailed).with(evidence.at(selected.reply.place()))
}
