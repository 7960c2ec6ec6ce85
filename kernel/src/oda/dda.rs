//! Dynamic data authentication (`EMV 4.4 Book 2, 6.5`).

use apdu::{
    dol::Dol,
    tag::{DDOL_9F49, UNPREDICTABLE_NUMBER_9F37},
    value::tvr,
};

use crate::{
    finding::{Evidence, Fact, Finding, Place, Reason},
    store::CardData,
};

use super::{
    IccDynamicNumber, IccKey,
    report::{Certificate, ChainReport, Step},
    sdad::SignedDynamicData,
};

/// The list of data to send for signing: the card's, or else the terminal's default. A bad list on the card is
/// not replaced by the default.
///
/// # Errors
/// [`Reason::OdaDdolNoDefault`] when there is none, [`Reason::OdaDdolMissingUn`] when it does not ask for the
/// unpredictable number. Either fails DDA, and INTERNAL AUTHENTICATE is not sent.
pub fn choose_ddol<'a>(card: &'a CardData, default: Option<&'a [u8]>) -> Result<Dol<'a>, Finding> {
    let list = card.value(DDOL_9F49).or(default).ok_or_else(|| {
        failed(Reason::OdaDdolNoDefault).with(Evidence::missing(Fact::DataObjectList, DDOL_9F49).in_tag(DDOL_9F49))
    })?;
    let missing_un = || {
        failed(Reason::OdaDdolMissingUn)
            .with(Evidence::found(Fact::DataObjectList, list).at(card.place(DDOL_9F49)))
            .with(Evidence::missing(Fact::UnpredictableNumber, UNPREDICTABLE_NUMBER_9F37))
    };
    let dol = Dol::parse(list).map_err(|_| missing_un())?;
    if dol.contains(UNPREDICTABLE_NUMBER_9F37) { Ok(dol) } else { Err(missing_un()) }
}

/// Verifies the card's signature over `terminal_data`: the values sent with INTERNAL AUTHENTICATE, as they were sent.
/// `place` is where `signature` (`9F4B`) came from.
///
/// # Errors
/// The first failed check; it sets "DDA failed".
pub fn verify(
    key: &IccKey,
    signature: &[u8],
    place: Place,
    terminal_data: &[u8],
    report: &mut ChainReport,
) -> Result<IccDynamicNumber, Finding> {
    let run = |step: &mut Step| {
        let signed = SignedDynamicData::open(key, signature, place, step)?;
        signed.check_contents(terminal_data, step)
    };
    report.step(Certificate::DynamicSignature, run).map_err(|finding| finding.sets(tvr::DDA_FAILED))
}

fn failed(reason: Reason) -> Finding {
    Finding::new(reason).sets(tvr::DDA_FAILED)
}
