//! Data object lists that ask for what no card has to know. What the terminal has no value for is filled with zeros
//! (`EMV 4.4 Book 3, 5.4`), a PIN among it; that a card asks at all is worth knowing.

use apdu::{Dol, Tag, tag, tag::k2::TRACK_2_DATA_9F6B};

use crate::{
    finding::{Certainty, Evidence, Fact, Finding, Reason, Severity},
    store::CardData,
};

/// Every list a card may have.
const LISTS: [Tag; 5] = [tag::PDOL_9F38, tag::CDOL1_8C, tag::CDOL2_8D, tag::DDOL_9F49, tag::TDOL_97];

/// Asked for in any list: transaction PIN data.
const SECRET: [Tag; 1] = [tag::TRANSACTION_PIN_DATA_99];

/// Asked for before the card has said who it is: then it can only be what another card said.
const OF_ANOTHER_CARD: [Tag; 6] = [
    tag::PAN_5A,
    tag::TRACK_1_DATA_56,
    tag::TRACK_2_EQUIVALENT_DATA_57,
    tag::CARDHOLDER_NAME_5F20,
    tag::TRACK_1_DISCRETIONARY_DATA_9F1F,
    TRACK_2_DATA_9F6B,
];

/// The first object of each list that no card should ask for.
pub fn check(card: &CardData) -> impl Iterator<Item = Finding> {
    LISTS.into_iter().filter_map(|list| {
        let asks = Dol::parse(card.value(list)?).ok()?;
        let forbidden =
            |wanted: Tag| SECRET.contains(&wanted) || (list == tag::PDOL_9F38 && OF_ANOTHER_CARD.contains(&wanted));
        let wanted = asks.entries().map(|entry| entry.tag).find(|wanted| forbidden(*wanted))?;
        let finding = Finding::new(Reason::DataListAsksSecret).severity(Severity::Info).certainty(Certainty::Likely);
        Some(finding.with(Evidence::found(Fact::DataObjectList, wanted).at(card.place(list))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::card_data;

    fn asked(list: Tag, value: &str) -> usize {
        check(&card_data(&[(list, value)])).count()
    }

    #[test]
    fn usual_lists_are_silent() {
        assert_eq!(asked(tag::PDOL_9F38, "9F66049F02069F03069F1A0295055F2A029A039C019F37049F4E14"), 0);
        assert_eq!(asked(tag::CDOL1_8C, "9F02069F03069F1A0295055F2A029A039C019F37049F35019F45029F4C089F3403"), 0);
        assert_eq!(asked(tag::CDOL1_8C, "5A0A57135F2403"), 0, "its own data, which it knows");
        assert_eq!(asked(tag::PDOL_9F38, "9F38"), 0, "no list at all");
    }

    #[test]
    fn a_pin_and_the_data_of_another_card_are_told() {
        assert_eq!(asked(tag::CDOL1_8C, "9F02069908"), 1);
        assert_eq!(asked(tag::DDOL_9F49, "9F37049908"), 1);
        assert_eq!(asked(tag::PDOL_9F38, "9F66045713"), 1);
    }
}
