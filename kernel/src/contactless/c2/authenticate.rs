//! Offline data authentication: CDA, or none (`EMV Contactless Book C-2, 6.9, S456`). Before the cryptogram only what can
//! be seen at once is checked; certificates are opened when the card may leave.

use alloc::vec::Vec;

use apdu::{
    Card, tag,
    value::{Aip, Tvr, aip, terminal_capabilities, tvr},
};

use super::{configuration::TerminalStore, outcome::Failure};
use crate::{
    contact::{authenticate::chain, read::SignedRecords},
    contactless::outcome::L2,
    finding::{Evidence, Fact, Finding, Place, Reason, Severity},
    oda::{ChainReport, Keys, Method, Purpose, StaticData, issuer},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
};

/// More static data than this are not authenticated.
const MAX_STATIC_DATA: usize = 2048;

/// What authentication is at, before a cryptogram.
#[derive(Debug, Default)]
pub(super) struct Authentication {
    /// CDA is performed.
    pub cda: bool,
    /// What the issuer signed.
    pub signed: SignedRecords,
}

/// ODA status: CDA when both sides can, or when data storage needs it.
pub(super) fn choose<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    card: Aip,
    storage_reads: bool,
) -> bool {
    let terminal = out.terminal.bits::<3>(tag::TERMINAL_CAPABILITIES_9F33);
    if (card.has(aip::CDA) && terminal.has(terminal_capabilities::CDA)) || storage_reads {
        return true;
    }
    let finding = Finding::new(Reason::OdaNoCommonMethod).severity(Severity::Info).sets(tvr::ODA_NOT_PERFORMED);
    let methods = Evidence::found(Fact::TerminalMethods, terminal.0).in_tag(tag::TERMINAL_CAPABILITIES_9F33);
    session.report(finding.with(Evidence::found(Fact::CardMethods, card.0).in_tag(tag::AIP_82)).with(methods));
    out.tvr.set(tvr::ODA_NOT_PERFORMED);
    false
}

impl Authentication {
    /// What can be checked before the cryptogram. Gives the TVR bits that says.
    pub fn check<C: Card, P: PointOfSale>(
        &self,
        session: &mut Session<'_, C, P>,
        out: &Outcome,
    ) -> Result<Tvr, Failure> {
        if !self.cda {
            return Ok(Tvr::ZERO);
        }
        let chain = chain(session.terminal, &out.card, &out.aid, session.transaction.date, PURPOSE);
        let mut findings = Method::Cda.missing_data(&out.card);
        if findings.is_empty() {
            findings.extend(issuer::require_ca_key(&chain).err());
        }
        tag_list(out)?;
        findings.extend(self.too_long(out));
        findings.extend(self.signed.not_a_template.map(not_a_template));
        let mut bits = findings.iter().filter_map(|finding| finding.tvr).fold(Tvr::ZERO, Tvr::with);
        if !findings.is_empty() {
            bits.set(tvr::CDA_FAILED);
        }
        session.report_all(findings);
        Ok(bits)
    }

    /// The AIP counts too.
    fn too_long(&self, out: &Outcome) -> Option<Finding> {
        let length = self.signed.bytes.len().saturating_add(2);
        let evidence = Evidence::compared(Fact::StaticData, MAX_STATIC_DATA, length).at(out.card.place(tag::AFL_94));
        let finding = Finding::new(Reason::OdaStaticRecordTemplate).sets(tvr::CDA_FAILED);
        (length > MAX_STATIC_DATA).then(|| finding.with(evidence))
    }

    /// Opens the certificates.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn keys<C: Card, P: PointOfSale>(
        &self,
        session: &Session<'_, C, P>,
        out: &Outcome,
        report: &mut ChainReport,
    ) -> Result<Keys, Vec<Finding>> {
        let chain = chain(session.terminal, &out.card, &out.aid, session.transaction.date, PURPOSE);
        let (records, place) = (&self.signed.bytes, self.signed.not_a_template);
        let static_data = StaticData::new(records, place, &out.card, Method::Cda).map_err(|finding| [finding])?;
        chain.recover_keys(&static_data, report)
    }
}

const PURPOSE: Purpose = Purpose::Authentication(Method::Cda);

/// The list of what is signed besides the records has to name the AIP and nothing else.
fn tag_list(out: &Outcome) -> Result<(), Failure> {
    let place = out.card.place(tag::SDA_TAG_LIST_9F4A);
    let evidence = match out.card.value(tag::SDA_TAG_LIST_9F4A) {
        Some([0x82]) => return Ok(()),
        Some(other) => Evidence::compared(Fact::DataObjectList, [0x82], other).at(place),
        None => Evidence::missing(Fact::DataObject, tag::SDA_TAG_LIST_9F4A).at(place),
    };
    Err(Failure::new(Finding::new(Reason::OdaSdaTagListInvalid).with(evidence), L2::CardDataError))
}

fn not_a_template(place: Place) -> Finding {
    let evidence = Evidence::missing(Fact::Template, tag::READ_RECORD_TEMPLATE_70).at(place);
    Finding::new(Reason::OdaStaticRecordTemplate).sets(tvr::CDA_FAILED).with(evidence)
}
