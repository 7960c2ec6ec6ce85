//! Start of the kernel and GET PROCESSING OPTIONS: states S1 to S3 (`EMV Contactless Book C-2, 6.2 to 6.4`).

use alloc::vec::Vec;

use apdu::{Bits, Card, Command, Dol, tag, tag::k2, tlv, value::Aip};

use super::{
    CONTEXT,
    configuration::TerminalStore,
    mode::{self, Mode},
    objects,
    outcome::{Failure, try_again, x1, x2},
};
use crate::{
    contact::initiate::inside_template,
    contactless::{kernel::Exit, outcome::L2, select::Selected},
    finding::{Evidence, Fact, Finding, Reason},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::{Reply, Session},
    store::CardData,
    terminal::data::dol_values_in,
};

/// What card and reader agreed on.
#[derive(Debug)]
pub(super) struct Options {
    /// Application interchange profile (`82`).
    pub aip: Aip,
    /// The mode.
    pub mode: Mode,
    /// On-device cardholder verification on both sides.
    pub on_device_cvm: bool,
}

/// S1: takes the FCI.
pub(super) fn start<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    selected: &Selected,
) -> Result<(), Exit> {
    let (reply, place) = (&selected.reply, selected.reply.place());
    let taken = objects::whole(reply.data(), &[tag::FCI_TEMPLATE_6F], place)
        .and_then(|fci| objects::keep(fci, place, &mut out.card, &out.terminal))
        .and_then(|()| objects::require(&out.card, tag::DF_NAME_84).map(drop));
    taken.map_err(|failure| failure.leave(session, x1()))
}

/// S2, once the terminal has given what it was asked for, and S3.
pub(super) async fn initiate<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
) -> Result<Options, Exit> {
    let pdol_values = pdol_values(out).map_err(|failure| failure.leave(session, x2()))?;
    out.terminal.set(k2::PDOL_RELATED_DATA_DF8111, &pdol_values);
    let mut field = Vec::with_capacity(pdol_values.len().saturating_add(3));
    tlv::write(&mut field, tag::COMMAND_TEMPLATE_83, &pdol_values);
    let command = Command::get_processing_options(&field);
    let reply = session.exchange_built(command, Reason::GpoPdolLength).await;
    let reply = reply.map_err(|none| Exit::of(none, try_again))?;
    out.terminal.set(k2::PDOL_RELATED_DATA_DF8111, inside_template(reply.sent(&field)));
    if !reply.status().is_ok() {
        return Err(Failure::status(refusal(&reply), &reply).leave(session, x1()));
    }
    take(&reply, out).map_err(|failure| failure.leave(session, x2()))?;
    let aip = mode::aip_of(&out.card);
    let Some(mode) = Mode::choose(aip, &out.terminal) else {
        return Err(no_common_mode(out).leave(session, x2()));
    };
    let on_device_cvm = mode::on_device_cvm(aip, &out.terminal);
    Ok(Options { aip, mode, on_device_cvm })
}

fn pdol_values(out: &Outcome) -> Result<Vec<u8>, Failure> {
    let pdol = out.card.value(tag::PDOL_9F38).unwrap_or(&[]);
    let dol = Dol::parse(pdol).map_err(|error| {
        let evidence = Evidence::found(Fact::DataObjectList, pdol).at(out.card.place(tag::PDOL_9F38));
        objects::parsing(evidence.offset(error.offset))
    })?;
    Ok(dol_values_in(CONTEXT, &dol, &out.terminal, Some(&out.card)))
}

/// Why a card would not start.
fn refusal(reply: &Reply) -> Reason {
    match reply.status().0 {
        0x6984 => Reason::KGpo6984OtherInterface,
        0x6985 => Reason::KGpo6985,
        0x6986 => Reason::KGpo6986SeePhone,
        _ => Reason::GpoSw,
    }
}

/// AIP and AFL, in either format.
fn take(reply: &Reply, out: &mut Outcome) -> Result<(), Failure> {
    let wanted = [tag::RESPONSE_FORMAT_1_80, tag::RESPONSE_FORMAT_2_77];
    let answer = objects::whole(reply.data(), &wanted, reply.place())?;
    if answer.tag == tag::RESPONSE_FORMAT_1_80 {
        format_1(answer.value, reply, &mut out.card)?;
    } else {
        objects::keep(answer, reply.place(), &mut out.card, &out.terminal)?;
    }
    for tag in [tag::AIP_82, tag::AFL_94] {
        objects::require(&out.card, tag).map_err(|_| {
            let evidence = Evidence::missing(Fact::DataObject, tag).at(reply.place().tag(tag));
            Failure::new(Finding::new(Reason::KAflMissing).with(evidence), L2::CardDataMissing)
        })?;
    }
    Ok(())
}

fn format_1(value: &[u8], reply: &Reply, card: &mut CardData) -> Result<(), Failure> {
    let known = card.has(tag::AIP_82) || card.has(tag::AFL_94);
    match value {
        [first, second, afl @ ..] if !known && !afl.is_empty() && afl.len() % 4 == 0 => {
            card.put(tag::AIP_82, &[*first, *second], reply.place());
            card.put(tag::AFL_94, afl, reply.place());
            Ok(())
        }
        _ => Err(objects::parsing(Evidence::compared(Fact::Length, 6_u8, value.len()).at(reply.place()))),
    }
}

fn no_common_mode(out: &Outcome) -> Failure {
    let aip: Bits<2> = mode::aip_of(&out.card);
    let configuration = [out.terminal.byte(k2::KERNEL_CONFIGURATION_DF811B)];
    let finding = Finding::new(Reason::KModeNotSupported)
        .with(Evidence::found(Fact::CardMethods, aip.0).at(out.card.place(tag::AIP_82)))
        .with(Evidence::found(Fact::TerminalMethods, configuration).in_tag(k2::KERNEL_CONFIGURATION_DF811B));
    Failure::new(finding, L2::MagStripeNotSupported)
}
