//! The answer to GENERATE AC and to RECOVER AC, and its signature (`EMV Contactless Book C-2, 6.11, S9 and S910`).

use alloc::vec::Vec;

use apdu::{
    Card, Dol, tag,
    tag::k2,
    value::{Cid, tvr},
};

use super::Asked;
use crate::{
    contact::generate_ac::Request,
    contactless::{
        c2::{
            Learned,
            configuration::TerminalStore,
            data_storage,
            objects::{self, missing},
            outcome::Failure,
            relay_resistance::EXCHANGED,
        },
        outcome::L2,
    },
    finding::{Evidence, Fact, Finding, Place, Reason},
    oda::{ChainReport, CombinedAuthentication, GenerateAc, cda},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    seeded::{Bug, bug},
    session::{Reply, Session},
};

/// An answer that could be read; its objects are kept.
#[derive(Debug)]
pub(in crate::contactless::c2) struct Answer {
    /// What is inside template 77, for the transaction data hash; empty in format 1.
    objects: Vec<u8>,
    /// Where it was.
    pub place: Place,
}

impl Answer {
    /// Takes either format.
    pub fn take(reply: &Reply, out: &mut Outcome) -> Result<Self, Failure> {
        if !reply.status().is_ok() {
            return Err(Failure::status(Reason::GenacSw, reply));
        }
        let wanted = [tag::RESPONSE_FORMAT_1_80, tag::RESPONSE_FORMAT_2_77];
        let template = objects::whole(reply.data(), &wanted, reply.place())?;
        if template.tag == tag::RESPONSE_FORMAT_2_77 {
            return Self::format_2(reply, out);
        }
        format_1(template.value, reply.place(), out)?;
        Ok(Self { objects: Vec::new(), place: reply.place() })
    }

    /// Takes format 2.
    pub fn format_2(reply: &Reply, out: &mut Outcome) -> Result<Self, Failure> {
        let template = objects::whole(reply.data(), &[tag::RESPONSE_FORMAT_2_77], reply.place())?;
        objects::keep(template, reply.place(), &mut out.card, &out.terminal)?;
        Ok(Self { objects: template.value.to_vec(), place: reply.place() })
    }

    /// What has to be there, and a decision that fits what was asked.
    pub fn check(&self, out: &Outcome, request: Request) -> Result<Cid, Failure> {
        let cid = Cid(*objects::require(&out.card, tag::CRYPTOGRAM_INFORMATION_DATA_9F27)?
            .first()
            .ok_or_else(|| missing(tag::CRYPTOGRAM_INFORMATION_DATA_9F27))?);
        objects::require(&out.card, tag::ATC_9F36)?;
        if request.allows(cid.cryptogram_type()) {
            return Ok(cid);
        }
        let evidence = Evidence::compared(Fact::CryptogramGiven, [request.cryptogram.bits()], [cid.0]);
        let evidence = evidence.at(self.place.tag(tag::CRYPTOGRAM_INFORMATION_DATA_9F27));
        Err(Failure::new(Finding::new(Reason::KCidInconsistent).with(evidence), L2::CardDataError))
    }

    /// Opens the certificates and the signature, and holds what the card signed against what was exchanged.
    pub fn check_signature<C: Card, P: PointOfSale>(
        &self,
        session: &mut Session<'_, C, P>,
        out: &mut Outcome,
        learned: &Learned,
        asked: Asked,
    ) -> Result<(), Failure> {
        let mut report = ChainReport::default();
        let verified = learned.authentication.keys(session, out, &mut report).and_then(|keys| {
            let verified = cda::verify(&keys.icc, &self.command(out), &mut report).map_err(|finding| [finding])?;
            same_distance(out, &verified).map_err(|finding| [finding])?;
            Ok(verified)
        });
        out.chain = report;
        let verified = verified.map_err(|findings| failed(session, out, findings))?;
        let place = self.place.tag(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
        out.card.put(tag::ICC_DYNAMIC_NUMBER_9F4C, verified.icc_dynamic_number.as_bytes(), place);
        out.card.put(tag::APPLICATION_CRYPTOGRAM_9F26, &verified.cryptogram, place);
        let summaries = summaries(out, &verified).to_vec();
        data_storage::check(session, out, learned, asked, &summaries)
    }

    fn command<'a>(&'a self, out: &'a Outcome) -> GenerateAc<'a> {
        GenerateAc {
            pdol_values: out.terminal.value(k2::PDOL_RELATED_DATA_DF8111).unwrap_or(&[]),
            cdol1_values: out.terminal.value(k2::CDOL1_RELATED_DATA_DF8107).unwrap_or(&[]),
            cdol2_values: None,
            list: Dol::parse(out.card.value(tag::CDOL1_8C).unwrap_or(&[])).ok(),
            unpredictable_number: out.terminal.array(tag::UNPREDICTABLE_NUMBER_9F37).unwrap_or_default(),
            response: &self.objects,
            place: self.place,
        }
    }
}

/// CID, counter, cryptogram, and up to 32 bytes of issuer application data; none of them may be known already.
fn format_1(value: &[u8], place: Place, out: &mut Outcome) -> Result<(), Failure> {
    const OBJECTS: [apdu::Tag; 4] = [
        tag::CRYPTOGRAM_INFORMATION_DATA_9F27,
        tag::ATC_9F36,
        tag::APPLICATION_CRYPTOGRAM_9F26,
        tag::ISSUER_APPLICATION_DATA_9F10,
    ];
    let wrong = || objects::parsing(Evidence::compared(Fact::Length, 11_u8, value.len()).at(place));
    let (cid, rest) = value.split_at_checked(1).ok_or_else(wrong)?;
    let (counter, rest) = rest.split_at_checked(2).ok_or_else(wrong)?;
    let (cryptogram, issuer_data) = rest.split_at_checked(8).ok_or_else(wrong)?;
    if issuer_data.len() > 32 {
        return Err(wrong());
    }
    if let Some(known) = OBJECTS.into_iter().find(|tag| out.card.has(*tag)) {
        let evidence = Evidence::found(Fact::DataObject, known).at(out.card.place(known));
        return Err(Failure::new(Finding::new(Reason::KDuplicateTag).with(evidence), L2::ParsingError));
    }
    let values = OBJECTS.into_iter().zip([cid, counter, cryptogram, issuer_data]);
    values.filter(|(_, value)| !value.is_empty()).for_each(|(tag, value)| out.card.put(tag, value, place));
    Ok(())
}

/// How many bytes of the exchange for relay resistance are signed.
const SIGNED_DISTANCE: usize = 14;

/// What the card signed of relay resistance is what was exchanged.
fn same_distance(out: &Outcome, verified: &CombinedAuthentication) -> Result<(), Finding> {
    if !out.tvr.has(tvr::RELAY_RESISTANCE_PERFORMED) {
        return Ok(());
    }
    let exchanged: Vec<u8> = EXCHANGED.iter().filter_map(|tag| out.terminal.value(*tag)).flatten().copied().collect();
    if verified.further.ends_with(&exchanged) || bug(Bug::SkipRelayResistance) {
        return Ok(());
    }
    let signed = verified.further.len().checked_sub(SIGNED_DISTANCE).and_then(|at| verified.further.get(at..));
    let evidence = Evidence::compared(Fact::DataObject, exchanged.as_slice(), signed.unwrap_or(&[]));
    Err(Finding::new(Reason::OdaRrpDataMismatch).sets(tvr::CDA_FAILED).with(evidence))
}

/// What the card signed of data storage: it comes before relay resistance.
fn summaries<'v>(out: &Outcome, verified: &'v CombinedAuthentication) -> &'v [u8] {
    let distance = if out.tvr.has(tvr::RELAY_RESISTANCE_PERFORMED) { SIGNED_DISTANCE } else { 0 };
    let end = verified.further.len().saturating_sub(distance);
    verified.further.get(..end).unwrap_or(&[])
}

/// CDA failed: the checks that did say so first, then what follows from it.
fn failed<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    findings: Vec<Finding>,
) -> Failure {
    out.tvr.set(tvr::CDA_FAILED);
    findings.iter().filter_map(|finding| finding.tvr).for_each(|bit| out.tvr.set(bit));
    out.terminal.set(tag::TVR_95, &out.tvr.0);
    session.report_all(findings.into_iter().map(Finding::fatal));
    Failure::new(Finding::new(Reason::KCdaFailed).sets(tvr::CDA_FAILED), L2::CamFailed)
}
