//! The contactless directory: PPSE (`EMV Contactless Book B, 3.3.2`).

use alloc::vec::Vec;

use apdu::{Card, Command, tag, tlv};

use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    point_of_sale::PointOfSale,
    session::{NoReply, Reply, Session},
};

/// The name of the proximity payment system environment.
const PPSE: &[u8] = b"2PAY.SYS.DDF01";

/// One entry (`61`) of the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// ADF name (`4F`).
    pub name: Vec<u8>,
    /// Application label (`50`).
    pub label: Option<Vec<u8>>,
    /// Application priority indicator (`87`): 1 to 15, 0 for none.
    pub priority: u8,
    /// Kernel identifier (`9F2A`) as it stands.
    pub kernel_identifier: Option<Vec<u8>>,
    /// Extended selection (`9F29`).
    pub extended_selection: Option<Vec<u8>>,
}

/// Reads the directory. A card without one, or with a wrong one, has no entries, and a wrong entry is none; the finding
/// says why.
///
/// # Errors
/// [`NoReply`] when the card does not answer.
pub async fn entries<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>) -> Result<Vec<Entry>, NoReply> {
    let reply = session.exchange_built(Command::select(PPSE), Reason::EpPpseFormat).await?;
    if !reply.status().is_ok() {
        session.report(Finding::new(Reason::EpPpseMissing).with(reply.evidence()));
        return Ok(Vec::new());
    }
    let (entries, wrong) = match parse(&reply) {
        Ok(read) => read,
        Err(finding) => (Vec::new(), alloc::vec![finding]),
    };
    session.report_all(wrong);
    Ok(entries)
}

/// The entries, and what is wrong with those that are none.
fn parse(reply: &Reply) -> Result<(Vec<Entry>, Vec<Finding>), Finding> {
    let wrong = |evidence: Evidence| Finding::new(Reason::EpPpseFormat).with(evidence.at(reply.place()));
    let broken = |error: tlv::Error| wrong(Evidence::found(Fact::TlvError, reply.data()).offset(error.offset));
    let template = |within: &[u8], tag| {
        let found = tlv::find(within, tag).map_err(broken)?;
        found.map(|found| found.value.to_vec()).ok_or_else(|| wrong(Evidence::missing(Fact::DataObject, tag)))
    };
    let fci = template(reply.data(), tag::FCI_TEMPLATE_6F)?;
    let proprietary = template(&fci, tag::FCI_PROPRIETARY_TEMPLATE_A5)?;
    let listed = template(&proprietary, tag::FCI_ISSUER_DISCRETIONARY_DATA_BF0C)?;
    let (mut entries, mut findings) = (Vec::new(), Vec::new());
    for object in tlv::Reader::strict(&listed) {
        let object = object.map_err(broken)?;
        if object.tag != tag::APPLICATION_TEMPLATE_61 {
            continue;
        }
        match entry(object.value).map_err(broken) {
            Ok(entry) if (5..=16).contains(&entry.name.len()) => entries.push(entry),
            Ok(entry) => {
                let name = Evidence::found(Fact::ApplicationId, entry.name.as_slice());
                findings.push(wrong(name.in_tag(tag::ADF_NAME_4F)));
            }
            Err(finding) => findings.push(finding),
        }
    }
    if entries.is_empty() && findings.is_empty() {
        return Err(wrong(Evidence::missing(Fact::DataObject, tag::APPLICATION_TEMPLATE_61)));
    }
    Ok((entries, findings))
}

fn entry(template: &[u8]) -> Result<Entry, tlv::Error> {
    let mut entry = Entry::default();
    for object in tlv::Reader::strict(template) {
        let object = object?;
        let value = || Some(object.value.to_vec());
        match object.tag {
            tag::ADF_NAME_4F => entry.name = object.value.to_vec(),
            tag::APPLICATION_LABEL_50 => entry.label = value(),
            tag::APPLICATION_PRIORITY_INDICATOR_87 => {
                entry.priority = object.value.first().map_or(0, |priority| priority & 0x0F);
            }
            tag::KERNEL_IDENTIFIER_9F2A => entry.kernel_identifier = value(),
            tag::EXTENDED_SELECTION_9F29 => entry.extended_selection = value(),
            _ => {}
        }
    }
    Ok(entry)
}
