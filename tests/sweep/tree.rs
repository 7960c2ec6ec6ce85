//! Where the data objects of a response or a command stand.

use std::{collections::BTreeMap, ops::Range};

use emvident::apdu::{Dol, Tag, dol, tag, tlv};

use super::mutant::Side;

/// One data object in a response.
#[derive(Clone, Debug)]
pub struct Object {
    pub tag: Tag,
    /// Tag, length and value.
    pub raw: Range<usize>,
    /// The value.
    pub value: Range<usize>,
    /// The templates it is inside of, as indices into the list it is in, outermost first.
    pub inside: Vec<usize>,
}

/// The objects of `data`, outer before inner.
pub fn objects(data: &[u8]) -> Vec<Object> {
    let mut found: Vec<Object> = Vec::new();
    let walked = tlv::walk(data, &mut |object, depth| {
        let raw = object.offset..object.offset + object.raw.len();
        let value = object.value_offset()..raw.end;
        let holds = |outer: &&usize| found[**outer].raw.contains(&raw.start);
        let inside: Vec<usize> = (0..found.len()).collect::<Vec<_>>().iter().filter(holds).copied().collect();
        debug_assert_eq!(inside.len(), usize::from(depth));
        found.push(Object { tag: object.tag, raw, value, inside });
    });
    if walked.is_err() { Vec::new() } else { found }
}

/// The field at each byte of a response: the innermost object's tag, or a name.
pub fn response_fields(ins: u8, response: &[u8]) -> Vec<String> {
    let data = response.len() - 2;
    let mut fields = vec!["template".to_owned(); data];
    for object in objects(&response[..data]) {
        let name = object.tag.to_string();
        fields[object.raw.clone()].fill(name);
    }
    if response.first() == Some(&0x80) {
        name_format_1(ins, &mut fields);
    }
    fields.extend(["SW".to_owned(), "SW".to_owned()]);
    fields
}

/// The fields of format 1, which have no tags of their own.
fn name_format_1(ins: u8, fields: &mut [String]) {
    let start = if fields.len() > 129 { 3 } else { 2 };
    let names: &[(&str, usize)] = match ins {
        0xA8 => &[("82", 2), ("94", 252)],
        0xAE => &[("9F27", 1), ("9F36", 2), ("9F26", 8), ("9F10", 32)],
        0x88 => &[("9F4B", 255)],
        0xEA => &[("RRP", 10)],
        _ => &[],
    };
    let named = names.iter().flat_map(|(name, length)| std::iter::repeat_n(*name, *length));
    fields.iter_mut().skip(start).zip(named).for_each(|(field, name)| *field = name.to_owned());
}

/// The data object lists in force at a command: the card's latest.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    pdol: Vec<u8>,
    cdol1: Vec<u8>,
    cdol2: Vec<u8>,
    ddol: Vec<u8>,
    cryptograms: usize,
}

impl Lists {
    /// Learns from an exchange.
    pub fn learn(&mut self, command: &[u8], response: &[u8]) {
        let data = &response[..response.len() - 2];
        for object in objects(data) {
            let value = data[object.value.clone()].to_vec();
            match object.tag {
                tag::PDOL_9F38 => self.pdol = value,
                tag::CDOL1_8C => self.cdol1 = value,
                tag::CDOL2_8D => self.cdol2 = value,
                tag::DDOL_9F49 => self.ddol = value,
                _ => {}
            }
        }
        self.cryptograms += usize::from(command[1] == 0xAE);
    }

    /// The field at each byte of a command.
    pub fn command_fields(&self, command: &[u8]) -> Vec<String> {
        let mut fields: Vec<String> = ["CLA", "INS", "P1", "P2"].map(str::to_owned).to_vec();
        fields.resize(command.len(), "data".to_owned());
        let ins = command[1];
        if command.len() > 4 {
            fields[4] = "Lc".to_owned();
        }
        let has_le = command.len() == 5 || command.len() > 5 + usize::from(command[4]);
        if has_le && let Some(last) = fields.last_mut() {
            *last = "Le".to_owned();
        }
        let (list, at) = match ins {
            0xA8 => (&self.pdol, 7),
            0xAE if self.cryptograms == 0 => (&self.cdol1, 5),
            0xAE => (&self.cdol2, 5),
            0x88 => (&self.ddol, 5),
            _ => return fields,
        };
        let entries = Dol::parse(list).into_iter().flat_map(|list| list.entries().collect::<Vec<dol::Entry>>());
        let named = entries.flat_map(|entry| std::iter::repeat_n(entry.tag.to_string(), usize::from(entry.length)));
        let end = command.len() - usize::from(has_le);
        fields[..end].iter_mut().skip(at).zip(named).for_each(|(field, name)| *field = name);
        fields
    }
}

/// The field at each byte of every command and every response of a transaction, by event.
#[derive(Default)]
pub struct Fields {
    commands: BTreeMap<usize, Vec<String>>,
    responses: BTreeMap<usize, Vec<String>>,
}

impl Fields {
    /// Those of exchanges in their order: the number of the event, command and response.
    pub fn of<'a>(exchanges: impl Iterator<Item = (usize, &'a [u8], &'a [u8])>) -> Self {
        let (mut fields, mut lists) = (Self::default(), Lists::default());
        for (event, command, response) in exchanges {
            fields.commands.insert(event, lists.command_fields(command));
            fields.responses.insert(event, response_fields(command[1], response));
            lists.learn(command, response);
        }
        fields
    }

    /// Those of one command or response; none where there is no exchange.
    pub fn at(&self, event: usize, side: Side) -> &[String] {
        let fields = match side {
            Side::Command => &self.commands,
            Side::Response => &self.responses,
        };
        fields.get(&event).map_or(&[], Vec::as_slice)
    }
}
