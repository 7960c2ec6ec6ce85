//! The built-in cards.

mod c2;
mod c3;
mod c7;
mod cards;
mod entry_point;
mod key_sizes;

use crate::card::Profile;

/// A built-in card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardInfo {
    /// The name to ask for it by.
    pub name: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
}

/// A built-in card and how it is made.
struct Entry {
    info: CardInfo,
    make: fn(&'static str) -> Profile,
}

const fn entry(name: &'static str, summary: &'static str, make: fn(&'static str) -> Profile) -> Entry {
    Entry { info: CardInfo { name, summary }, make }
}

fn entries() -> impl Iterator<Item = &'static Entry> {
    [cards::CARDS, key_sizes::CARDS, c2::CARDS, c3::CARDS, c7::CARDS, entry_point::CARDS].into_iter().flatten()
}

/// Every built-in card, with one line about it.
pub fn cards() -> Vec<CardInfo> {
    entries().map(|entry| entry.info).collect()
}

/// The profile of a built-in card, to be used as it is or changed.
pub fn profile(name: &str) -> Option<Profile> {
    entries().find(|entry| entry.info.name == name).map(|entry| (entry.make)(entry.info.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::SoftwareCard;

    #[test]
    fn every_card_can_be_made_and_has_a_name_of_its_own() {
        let mut names: Vec<_> = cards().iter().map(|card| card.name).collect();
        for name in &names {
            let card = SoftwareCard::new(&profile(name).unwrap());
            assert_eq!(card.map(|card| card.name().to_owned()).as_deref(), Ok(*name));
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(profile("no such card").is_none());
    }
}
