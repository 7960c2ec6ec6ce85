//! Data object lists from the card's side: the terminal's values cut back into objects (`EMV 4.4 Book 3, 5.4`).

use std::collections::BTreeMap;

use apdu::Tag;

/// Values by tag.
pub type Values = BTreeMap<Tag, Vec<u8>>;

/// The tags and lengths of a list; a list that breaks off gives the entries before the break.
pub fn entries(dol: &[u8]) -> Vec<(Tag, usize)> {
    let mut rest = dol;
    let mut entries = Vec::new();
    while let Some((entry, after)) = entry(rest) {
        entries.push(entry);
        rest = after;
    }
    entries
}

fn entry(dol: &[u8]) -> Option<((Tag, usize), &[u8])> {
    let (&first, rest) = dol.split_first()?;
    let (tag, rest) = if first & 0x1F == 0x1F { long_tag(first, rest)? } else { (u32::from(first), rest) };
    let (&length, rest) = rest.split_first()?;
    Some(((Tag::new(tag), usize::from(length)), rest))
}

fn long_tag(first: u8, rest: &[u8]) -> Option<(u32, &[u8])> {
    match rest {
        [second, rest @ ..] if second & 0x80 == 0 => Some((u32::from_be_bytes([0, 0, first, *second]), rest)),
        [second, third, rest @ ..] => Some((u32::from_be_bytes([0, first, *second, *third]), rest)),
        _ => None,
    }
}

/// How many bytes the terminal must send for this list.
pub fn length(dol: &[u8]) -> usize {
    entries(dol).iter().map(|(_, length)| length).sum()
}

/// Cuts `data` by the list; entries beyond the end of `data` are left out.
pub fn split(dol: &[u8], data: &[u8]) -> Values {
    let mut rest = data;
    let mut values = Values::new();
    for (tag, length) in entries(dol) {
        let Some((value, after)) = rest.split_at_checked(length) else { break };
        values.insert(tag, value.to_vec());
        rest = after;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_values_by_tag_and_length() {
        let dol = hex::decode("9F02069A03DF8101029505").unwrap();
        assert_eq!(length(&dol), 16);
        let data = hex::decode("000000001000 261231 BEEF 8000000000".replace(' ', "")).unwrap();
        let values = split(&dol, &data);
        assert_eq!(values[&Tag::new(0x9F02)], hex::decode("000000001000").unwrap());
        assert_eq!(values[&Tag::new(0x9A)], hex::decode("261231").unwrap());
        assert_eq!(values[&Tag::new(0xDF8101)], hex::decode("BEEF").unwrap());
        assert_eq!(values[&Tag::new(0x95)], hex::decode("8000000000").unwrap());
    }

    #[test]
    fn a_list_that_breaks_off_ends_there() {
        assert_eq!(entries(&[0x9A, 3, 0x9F]), vec![(Tag::new(0x9A), 3)]);
        assert_eq!(split(&[0x9A, 3, 0x95, 5], &[1, 2, 3, 4]).len(), 1);
    }
}
