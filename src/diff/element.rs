//! What an exchange is made of: header, data objects, status word, each with its place.

use apdu::{Dol, Tag, command::ins, tag, tlv};
use kernel::session::LoggedExchange;

use super::Side;

/// A part of a command or a response.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    pub part: Part,
    /// Where its value starts.
    pub start: usize,
    pub value: &'a [u8],
}

/// Which part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// CLA, INS, P1, P2.
    Header,
    /// A data object.
    Object(Tag),
    /// Data that is no object.
    Data,
    /// The status word.
    Status,
}

/// Whoever compares needs the lists of the card that the command was filled by.
pub(super) fn of_command<'a>(exchange: &'a LoggedExchange, side: &Side, cryptograms: usize) -> Vec<Element<'a>> {
    let command = &*exchange.command;
    let header = Element { part: Part::Header, start: 0, value: command.get(..4).unwrap_or(command) };
    let length = command.get(4).filter(|_| command.len() > 5).map_or(0, |length| usize::from(*length));
    let data = command.get(5..length.saturating_add(5)).unwrap_or(&[]);
    let mut elements = vec![header];
    let card = &side.observation.recovered.card;
    let list = |tag: Tag| card.value(tag).unwrap_or(&[]);
    match command.get(1).copied().unwrap_or_default() {
        ins::SELECT => elements.push(object(tag::DF_NAME_84, 5, data)),
        ins::GET_PROCESSING_OPTIONS => elements.extend(options(list(tag::PDOL_9F38), data)),
        ins::INTERNAL_AUTHENTICATE => {
            let list = card.value(tag::DDOL_9F49).unwrap_or(&[0x9F, 0x37, 0x04]);
            elements.extend(filled(list, data, 5));
        }
        ins::GENERATE_AC if cryptograms == 0 => elements.extend(filled(list(tag::CDOL1_8C), data, 5)),
        ins::GENERATE_AC => elements.extend(filled(list(tag::CDOL2_8D), data, 5)),
        _ if data.is_empty() => {}
        _ => elements.push(Element { part: Part::Data, start: 5, value: data }),
    }
    elements
}

fn object(tag: Tag, start: usize, value: &[u8]) -> Element<'_> {
    Element { part: Part::Object(tag), start, value }
}

fn options<'a>(list: &[u8], data: &'a [u8]) -> Vec<Element<'a>> {
    let template = tlv::find(data, tag::COMMAND_TEMPLATE_83).ok().flatten().map_or(&[][..], |object| object.value);
    let before = data.len().saturating_sub(template.len());
    filled(list, template, before.saturating_add(5))
}

/// What a list was filled with; one piece of data when it does not have the list's length.
fn filled<'a>(list: &[u8], data: &'a [u8], start: usize) -> Vec<Element<'a>> {
    let whole = || vec![Element { part: Part::Data, start, value: data }];
    let Ok(dol) = Dol::parse(list) else { return whole() };
    if dol.total_length() != data.len() {
        return whole();
    }
    let mut at = 0_usize;
    let entry = |entry: apdu::dol::Entry| {
        let from = at;
        at = at.saturating_add(usize::from(entry.length));
        object(entry.tag, start.saturating_add(from), data.get(from..at).unwrap_or(&[]))
    };
    dol.entries().map(entry).collect()
}

/// The status word first: it says what the rest is.
pub(super) fn of_response(exchange: &LoggedExchange) -> Vec<Element<'_>> {
    let Some(response) = exchange.response.as_deref() else { return Vec::new() };
    let Some((data, status)) = response.split_last_chunk::<2>() else { return Vec::new() };
    let mut elements = vec![Element { part: Part::Status, start: data.len(), value: status }];
    let instruction = exchange.command.get(1).copied().unwrap_or_default();
    elements.extend(match data {
        [] => Vec::new(),
        [0x80, ..] => format_1(instruction, data),
        _ => objects(data),
    });
    elements
}

/// The data objects that template `80` holds without saying so (`EMV 4.4 Book 3, 6.5.5, 6.5.8 and 6.5.9`).
fn format_1(instruction: u8, data: &[u8]) -> Vec<Element<'_>> {
    let Some(Ok(template)) = tlv::Reader::strict(data).next() else { return objects(data) };
    let fields: &[(Tag, usize)] = match instruction {
        ins::GET_PROCESSING_OPTIONS => &[(tag::AIP_82, 2), (tag::AFL_94, usize::MAX)],
        ins::GENERATE_AC => &[
            (tag::CRYPTOGRAM_INFORMATION_DATA_9F27, 1),
            (tag::ATC_9F36, 2),
            (tag::APPLICATION_CRYPTOGRAM_9F26, 8),
            (tag::ISSUER_APPLICATION_DATA_9F10, usize::MAX),
        ],
        ins::INTERNAL_AUTHENTICATE => &[(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B, usize::MAX)],
        _ => return objects(data),
    };
    let mut rest = template.value;
    let mut elements = Vec::new();
    for (tag, length) in fields {
        let (value, after) = rest.split_at(rest.len().min(*length));
        elements.push(object(*tag, data.len().saturating_sub(rest.len()), value));
        rest = after;
    }
    elements
}

/// The primitive data objects; one piece of data when they cannot be read.
fn objects(data: &[u8]) -> Vec<Element<'_>> {
    let mut elements = Vec::new();
    let walked = tlv::walk(data, &mut |found, _| {
        if !found.tag.is_constructed() {
            let start = found.value.as_ptr().addr().wrapping_sub(data.as_ptr().addr());
            elements.push(object(found.tag, start, found.value));
        }
    });
    if walked.is_err() { vec![Element { part: Part::Data, start: 0, value: data }] } else { elements }
}
