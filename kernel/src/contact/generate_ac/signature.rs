//! The CDA signature over a cryptogram (`EMV 4.4 Book 2, 6.6`).

use apdu::{
    Card, Dol, tag,
    value::{Cid, Tsi, Tvr, tsi, tvr},
};

use super::{Answered, CdolValues, Sent, response::GeneratedAc, unchecked};
use crate::{
    finding::Place,
    oda::{self, ChainReport, IccKey},
    point_of_sale::PointOfSale,
    seeded::{Bug, bug},
    session::Session,
};

/// Checks the signature of `ac`. A signature that could be opened says what the card decided, also when it then failed
/// a check; what stands in the clear says so only without it (`EMV 4.4 Book 4, 6.3.2.1`).
pub(super) fn check<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    sent: &Sent<'_>,
    ac: GeneratedAc,
    first: Option<&CdolValues>,
) -> Answered {
    let mut chain = ChainReport::default();
    let verified = match sent.authentication.signing_key() {
        Some(key) => verify(key, sent, &ac, first, &mut chain),
        None => return unchecked(sent, ac.cid.cryptogram_type(), ac),
    };
    let decision = ac.cid.cryptogram_type();
    let mut answered = Answered { chain, ..unchecked(sent, decision, ac) };
    answered.tsi |= Tsi::ZERO.with(tsi::ODA_PERFORMED);
    match verified {
        Ok(signed) => {
            answered.decision = signed.cid.cryptogram_type();
            answered.cryptogram = Some(signed.cryptogram);
            let number = signed.icc_dynamic_number;
            answered.card.put(tag::ICC_DYNAMIC_NUMBER_9F4C, number.as_bytes(), Place::default());
        }
        Err(finding) => {
            session.report(finding);
            let inside = answered.chain.steps.last().and_then(|step| step.recovered.cryptogram_information);
            answered.decision = inside.map_or(answered.decision, Cid::cryptogram_type);
            answered.signature_failed = !bug(Bug::AcceptFailedSignature);
            answered.tvr |= Tvr::ZERO.with(tvr::CDA_FAILED);
        }
    }
    answered
}

fn verify(
    key: &IccKey,
    sent: &Sent<'_>,
    ac: &GeneratedAc,
    first: Option<&CdolValues>,
    chain: &mut ChainReport,
) -> Result<oda::CombinedAuthentication, crate::Finding> {
    let values = &sent.values;
    let list = Dol::parse(sent.list).ok();
    let command = oda::GenerateAc {
        pdol_values: sent.pdol_values,
        cdol1_values: first.map_or(&values.bytes, |first| &first.bytes),
        cdol2_values: first.map(|_| values.bytes.as_slice()),
        list,
        unpredictable_number: values.unpredictable_number,
        response: &ac.objects,
        place: ac.place,
    };
    oda::cda::verify(key, &command, chain)
}
