//! The static data to be authenticated (`EMV 4.4 Book 3, 10.3`; `EMV 4.4 Book 2, 5.1.1`).

use core::fmt;

use apdu::tag::{AIP_82, SDA_TAG_LIST_9F4A};

use crate::{
    finding::{Evidence, Fact, Finding, Place, Reason},
    seeded::{Bug, bug},
    store::CardData,
};

use super::Method;

/// What the issuer signed besides the certificates: the records the AFL marks, then what the SDA tag list names.
/// Borrowed, never copied together. `Debug` shows lengths only: the records hold the card number.
#[derive(Clone, Copy)]
pub struct StaticData<'a> {
    records: &'a [u8],
    listed: &'a [u8],
}

impl<'a> StaticData<'a> {
    /// `records` are the marked records in AFL order: the value of template 70 for SFI 1 to 10, the whole response for
    /// SFI 11 to 30. `uncoded` is the first of them that is not coded in template 70, if any.
    ///
    /// # Errors
    /// [`Reason::OdaStaticRecordTemplate`] and [`Reason::OdaSdaTagListInvalid`]. Either way the method was performed and
    /// has failed.
    pub fn new(records: &'a [u8], uncoded: Option<Place>, card: &'a CardData, method: Method) -> Result<Self, Finding> {
        match uncoded {
            Some(place) => Err(record_template(place)),
            None => listed(card).map(|listed| Self { records, listed }),
        }
        .map_err(|finding| finding.sets(method.failed_bit()))
    }

    /// Other data than the card's own rules give: to look for what was signed.
    #[cfg(feature = "explain")]
    pub(crate) fn supposed(records: &'a [u8], listed: &'a [u8]) -> Self {
        Self { records, listed }
    }

    /// The data in the order it was signed.
    pub fn parts(&self) -> [&'a [u8]; 2] {
        [self.records, self.listed]
    }

    /// How much of it there is, for who has to say that it is not what was signed.
    pub(super) fn evidence(&self) -> [Evidence; 2] {
        let listed = Evidence::found(Fact::DataObjectList, self.listed.len()).in_tag(SDA_TAG_LIST_9F4A);
        [Evidence::found(Fact::StaticData, self.length()), listed]
    }

    /// How many bytes there are.
    pub fn length(&self) -> usize {
        self.records.len().saturating_add(self.listed.len())
    }

    /// How many of the bytes come from records; the rest is the AIP.
    pub fn record_length(&self) -> usize {
        self.records.len()
    }
}

impl fmt::Debug for StaticData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StaticData({} + {} bytes)", self.records.len(), self.listed.len())
    }
}

/// The values the SDA tag list names: that of the AIP, or nothing when there is no list. It may name nothing else.
fn listed(card: &CardData) -> Result<&[u8], Finding> {
    match card.value(SDA_TAG_LIST_9F4A) {
        None => Ok(&[]),
        Some([list]) if *list == 0x82 || bug(Bug::AnyTagList) => Ok(card.value(AIP_82).unwrap_or(&[])),
        Some(other) => Err(Finding::new(Reason::OdaSdaTagListInvalid)
            .with(Evidence::compared(Fact::DataObjectList, [0x82], other).at(card.place(SDA_TAG_LIST_9F4A)))),
    }
}

fn record_template(place: Place) -> Finding {
    let evidence = Evidence::missing(Fact::Template, apdu::tag::READ_RECORD_TEMPLATE_70).at(place);
    Finding::new(Reason::OdaStaticRecordTemplate).with(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use apdu::value::tvr;

    fn card(list: Option<&[u8]>) -> CardData {
        let mut card = CardData::default();
        card.put(AIP_82, &[0x5C, 0x00], Place::default());
        list.iter().for_each(|list| card.put(SDA_TAG_LIST_9F4A, list, Place::default()));
        card
    }

    #[test]
    fn the_aip_follows_the_records_only_when_listed() {
        let parts = |list| StaticData::new(&[1, 2], None, &card(list), Method::Sda).unwrap().parts().concat();
        assert_eq!(parts(Some(&[0x82])), [1, 2, 0x5C, 0x00]);
        assert_eq!(parts(None), [1, 2]);
        let card = card(Some(&[0x82]));
        let data = StaticData::new(&[1, 2, 3], None, &card, Method::Sda).unwrap();
        assert_eq!((data.length(), data.record_length()), (5, 3));
    }

    #[test]
    fn any_other_list_fails_the_method() {
        for list in [&[][..], &[0x5A], &[0x82, 0x5A], &[0x82, 0x82]] {
            let finding = StaticData::new(&[], None, &card(Some(list)), Method::Cda).unwrap_err();
            assert_eq!((finding.reason, finding.tvr), (Reason::OdaSdaTagListInvalid, Some(tvr::CDA_FAILED)));
        }
    }

    #[test]
    fn a_record_outside_template_70_fails_the_method() {
        let place = Place { record: Some((11, 2)), ..Place::default() };
        let finding = StaticData::new(&[], Some(place), &card(None), Method::Sda).unwrap_err();
        assert_eq!((finding.reason, finding.tvr), (Reason::OdaStaticRecordTemplate, Some(tvr::SDA_FAILED)));
        assert_eq!(finding.evidence[0].place.record, Some((11, 2)));
    }
}
