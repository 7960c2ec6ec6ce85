//! What CDOL1 and CDOL2 ask for (`EMV 4.4 Book 3, 9.2`).

use alloc::vec::Vec;

use apdu::{
    Dol, Tag, tag,
    value::{Tvr, tvr},
};

use crate::{
    crypto::hash::sha1,
    finding::{Evidence, Fact, Finding, Place, Reason, Severity},
    session::Reply,
    store::{CardData, TerminalData},
    terminal::{ApplicationParameters, data::dol_values},
};

/// The values as sent, and where the unpredictable number is in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CdolValues {
    /// The values, one after the other.
    pub bytes: Vec<u8>,
    /// The unpredictable number as the list had it sent: zeros when the list does not ask for it.
    pub unpredictable_number: [u8; 4],
    /// The default TDOL was used, which also sets a TVR bit.
    pub default_tdol: Option<Finding>,
}

impl CdolValues {
    /// Takes what really went out, when that is not what was filled in.
    pub(super) fn really_sent(&mut self, list: &[u8], reply: &Reply) {
        let sent = reply.sent(&self.bytes).to_vec();
        if let Ok(dol) = Dol::parse(list) {
            self.take(&dol, sent);
        }
    }

    fn take(&mut self, dol: &Dol<'_>, bytes: Vec<u8>) {
        let number = dol.range_of(tag::UNPREDICTABLE_NUMBER_9F37).and_then(|range| bytes.get(range));
        self.unpredictable_number = number.and_then(|number| number.try_into().ok()).unwrap_or_default();
        self.bytes = bytes;
    }

    /// The TVR bits that filling the list set.
    pub fn tvr(&self) -> Tvr {
        self.default_tdol.as_ref().and_then(|finding| finding.tvr).map_or(Tvr::ZERO, |bit| Tvr::ZERO.with(bit))
    }
}

/// Fills the list `which` (`8C` or `8D`). When it asks for the TC hash, that is made first, since using the default TDOL
/// is part of the verification results that the hash and the list may hold.
///
/// # Errors
/// The finding about a list that cannot be read.
pub fn cdol_values(
    which: Tag,
    card: &CardData,
    terminal: &mut TerminalData,
    application: &ApplicationParameters,
    tvr: Tvr,
) -> Result<CdolValues, Finding> {
    let dol = parse(which, card)?;
    let wants_hash = dol.contains(tag::TC_HASH_VALUE_98);
    let mut values = CdolValues {
        bytes: Vec::new(),
        unpredictable_number: [0; 4],
        default_tdol: default_tdol(card, application).filter(|_| wants_hash),
    };
    terminal.put(tag::TVR_95, &(tvr | values.tvr()).0, Place::default());
    if wants_hash {
        let hash = tc_hash(card, terminal, application)?;
        terminal.put(tag::TC_HASH_VALUE_98, &hash, Place::default());
    }
    values.take(&dol, dol_values(&dol, terminal, Some(card)));
    Ok(values)
}

fn parse(which: Tag, card: &CardData) -> Result<Dol<'_>, Finding> {
    let list = card.value(which).unwrap_or(&[]);
    Dol::parse(list).map_err(|error| {
        let evidence = Evidence::found(Fact::DataObjectList, list).at(card.place(which));
        Finding::new(Reason::DataFormat).with(evidence.offset(error.offset))
    })
}

/// The card has no TDOL and the terminal's own is used (`EMV 4.4 Book 3, 9.2.2`).
fn default_tdol(card: &CardData, application: &ApplicationParameters) -> Option<Finding> {
    let uses_default = !card.has(tag::TDOL_97) && application.default_tdol.is_some();
    let finding = Finding::new(Reason::TdolDefault).severity(Severity::Info).sets(tvr::DEFAULT_TDOL_USED);
    uses_default.then(|| finding.with(Evidence::missing(Fact::DataObject, tag::TDOL_97)))
}

fn tc_hash(card: &CardData, terminal: &TerminalData, application: &ApplicationParameters) -> Result<[u8; 20], Finding> {
    let values = match (card.has(tag::TDOL_97), &application.default_tdol) {
        (true, _) => dol_values(&parse(tag::TDOL_97, card)?, terminal, Some(card)),
        // The configuration is checked when it is loaded.
        (false, Some(default)) => Dol::parse(default).map_or(Vec::new(), |dol| dol_values(&dol, terminal, Some(card))),
        (false, None) => Vec::new(),
    };
    Ok(sha1([values.as_slice()]))
}
