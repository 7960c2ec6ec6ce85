//! Initiate application processing (`EMV 4.4 Book 3, 10.1`; Book 4, 6.3.1).

use alloc::vec::Vec;

use apdu::{Card, Command, Dol, tag, tlv, value::Aip};

use super::read::context;
use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    point_of_sale::PointOfSale,
    session::{Reply, Session, Stop},
    store::{CardData, TerminalData, keep::keep_objects},
    terminal::data::dol_values,
};

/// What the card answered.
#[derive(Debug)]
pub enum Initiated {
    /// The transaction starts.
    Started(Options),
    /// The card does not allow this transaction with this application: back to selection without it.
    Refused(Finding),
}

/// The card's processing options.
#[derive(Debug)]
pub struct Options {
    /// Application interchange profile (`82`).
    pub aip: Aip,
    /// The PDOL values as sent, without the `83` header.
    pub pdol_values: Vec<u8>,
}

/// Sends GET PROCESSING OPTIONS with what the PDOL asks for.
///
/// # Errors
/// [`Stop`] when the PDOL or the answer cannot be used.
pub async fn initiate<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    card: &mut CardData,
    terminal: &TerminalData,
) -> Result<Initiated, Stop> {
    let pdol_values = match pdol_values(card, terminal) {
        Ok(values) => values,
        Err(finding) => return Err(session.stop(finding)),
    };
    let mut field = Vec::with_capacity(pdol_values.len().saturating_add(3));
    tlv::write(&mut field, tag::COMMAND_TEMPLATE_83, &pdol_values);
    let reply = session.transmit_built(Command::get_processing_options(&field), Reason::GpoPdolLength).await?;
    match reply.status().0 {
        0x9000 => {}
        0x6985 => return Ok(Initiated::Refused(Finding::new(Reason::GpoNotAllowed).with(reply.evidence()))),
        _ => return Err(session.stop(refusal(&reply, pdol_values.len()))),
    }
    match take(&reply, card) {
        Ok(aip) => Ok(Initiated::Started(Options { aip, pdol_values: inside_template(reply.sent(&field)).to_vec() })),
        Err(finding) => Err(session.stop(finding)),
    }
}

/// What is inside the command template (`83`).
pub(crate) fn inside_template(field: &[u8]) -> &[u8] {
    tlv::find(field, tag::COMMAND_TEMPLATE_83).ok().flatten().map_or(&[], |template| template.value)
}

fn pdol_values(card: &CardData, terminal: &TerminalData) -> Result<Vec<u8>, Finding> {
    let pdol = card.value(tag::PDOL_9F38).unwrap_or(&[]);
    let dol = Dol::parse(pdol).map_err(|error| {
        let evidence = Evidence::found(Fact::DataObjectList, pdol).at(card.place(tag::PDOL_9F38));
        Finding::new(Reason::DataFormat).with(evidence.offset(error.offset))
    })?;
    Ok(dol_values(&dol, terminal, None))
}

/// Status words about length or data point at what was sent, the others at the card.
fn refusal(reply: &Reply, sent: usize) -> Finding {
    let reason = match reply.status().0 {
        0x6700 | 0x6A80 => Reason::GpoPdolLength,
        _ => Reason::GpoSw,
    };
    Finding::new(reason).with(reply.evidence()).with(Evidence::found(Fact::Length, sent).in_tag(tag::PDOL_9F38))
}

/// Reads AIP and AFL from either format and keeps what else came.
fn take(reply: &Reply, card: &mut CardData) -> Result<Aip, Finding> {
    let wrong = |evidence: Evidence| Finding::new(Reason::GpoFormat).with(evidence.at(reply.place()));
    let template = match reply.template() {
        Some(Ok(template)) => template,
        Some(Err(offset)) => return Err(wrong(Evidence::found(Fact::TlvError, reply.data()).offset(offset))),
        None => return Err(wrong(Evidence::missing(Fact::Template, tag::RESPONSE_FORMAT_2_77))),
    };
    match (template.tag, template.value) {
        (tag::RESPONSE_FORMAT_1_80, [first, second, afl @ ..]) => {
            card.put(tag::AIP_82, &[*first, *second], reply.place());
            card.put(tag::AFL_94, afl, reply.place());
        }
        // Format 1 is an AIP and an AFL of one entry at least.
        (tag::RESPONSE_FORMAT_1_80, short) => return Err(wrong(Evidence::compared(Fact::Length, 6_u8, short.len()))),
        (tag::RESPONSE_FORMAT_2_77, value) => keep_objects(value, reply.place(), context(card), card)
            .map_err(|failure| failure.finding(Reason::GpoFormat, Reason::RecDuplicateTag, reply.place()))?,
        (other, _) => return Err(wrong(Evidence::compared(Fact::Template, tag::RESPONSE_FORMAT_2_77, other))),
    }
    let Some(aip) = card.array(tag::AIP_82) else {
        return Err(wrong(Evidence::missing(Fact::DataObject, tag::AIP_82)));
    };
    if !card.has(tag::AFL_94) {
        return Err(wrong(Evidence::missing(Fact::DataObject, tag::AFL_94)));
    }
    Ok(apdu::Bits(aip))
}
