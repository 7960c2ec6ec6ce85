//! What a PC/SC reader says about a contactless memory card (`PC/SC part 3, supplemental document`): such a card is no
//! payment card, and naming it tells the user which card was presented.

use super::Atr;

/// A contactless card without a processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StorageCard {
    /// The standard's number, such as 3 for ISO 14443 A part 3.
    pub standard: u8,
    /// The card's number in the list.
    pub number: u16,
}

impl StorageCard {
    /// The card's name, when it is a common one.
    pub fn name(self) -> Option<&'static str> {
        Some(match self.number {
            0x0001 => "MIFARE Classic 1K",
            0x0002 => "MIFARE Classic 4K",
            0x0003 => "MIFARE Ultralight",
            0x0026 => "MIFARE Mini",
            0x003A => "MIFARE Ultralight C",
            0x003B => "FeliCa",
            0xF004 => "Topaz",
            0xF011 => "FeliCa 212K",
            0xF012 => "FeliCa 424K",
            _ => return None,
        })
    }
}

impl Atr {
    /// The memory card a PC/SC reader describes in the historical bytes of an answer it made up.
    pub fn storage_card(&self) -> Option<StorageCard> {
        let described = self.is_contactless_storage_or_ats().then(|| self.historical())?;
        match *described {
            [0x80, 0x4F, _, 0xA0, 0x00, 0x00, 0x03, 0x06, standard, high, low, ..] => {
                Some(StorageCard { standard, number: u16::from_be_bytes([high, low]) })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transit_card_is_named() {
        let atr = Atr::parse(&hex::decode("3B8F8001804F0CA000000306030001000000006A").unwrap()).unwrap();
        assert_eq!(atr.storage_card(), Some(StorageCard { standard: 3, number: 1 }));
        assert_eq!(atr.storage_card().and_then(StorageCard::name), Some("MIFARE Classic 1K"));
        assert!(atr.tck_is_right());
        let phone = Atr::parse(&hex::decode("3B80800101").unwrap()).unwrap();
        assert_eq!(phone.storage_card(), None);
    }
}
