//! Combined DDA and application cryptogram generation (`EMV 4.4 Book 2, 6.6`).

use alloc::vec::Vec;
use core::fmt;

use apdu::{
    dol::Dol,
    tag::{CRYPTOGRAM_INFORMATION_DATA_9F27, SIGNED_DYNAMIC_APPLICATION_DATA_9F4B, UNPREDICTABLE_NUMBER_9F37},
    tlv::{Reader, Tlv},
    value::{Cid, tvr},
};

use crate::{
    crypto::hash::{Sha1, Sha1Value},
    finding::{Evidence, Fact, Finding, Place, Reason},
    seeded::{Bug, bug},
};

use super::{
    IccDynamicNumber, IccKey,
    report::{Certificate, ChainReport, Step},
    sdad::{DATA_AT, SignedDynamicData},
};

/// One GENERATE AC (or, where a contactless kernel has the card sign there, GET PROCESSING OPTIONS) and its answer.
#[derive(Clone, Copy)]
pub struct GenerateAc<'a> {
    /// The values sent for the PDOL, without the template 83 around them; empty without a PDOL.
    pub pdol_values: &'a [u8],
    /// The values sent for CDOL1 in the first GENERATE AC; empty when the card signs earlier.
    pub cdol1_values: &'a [u8],
    /// The values sent for CDOL2, when this is the second GENERATE AC.
    pub cdol2_values: Option<&'a [u8]>,
    /// The list this command's values were sent for, to explain a signature that does not cover the next field.
    pub list: Option<Dol<'a>>,
    /// The unpredictable number (`9F37`) of this command.
    pub unpredictable_number: [u8; 4],
    /// The answer: what is inside template 77.
    pub response: &'a [u8],
    /// Where the answer was seen.
    pub place: Place,
}

impl fmt::Debug for GenerateAc<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GenerateAc({:?}, {} bytes answered)", self.place, self.response.len())
    }
}

/// What a verified signature says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CombinedAuthentication {
    /// ICC dynamic number (`9F4C`).
    pub icc_dynamic_number: IccDynamicNumber,
    /// Cryptogram information data (`9F27`), signed.
    pub cid: Cid,
    /// The application cryptogram (`9F26`).
    pub cryptogram: [u8; 8],
    /// What the card signed after the transaction data hash: nothing, or what a contactless kernel has it sign.
    pub further: Vec<u8>,
}

/// Verifies that the card signed this cryptogram, for this terminal's number and with this transaction's data.
///
/// # Errors
/// The first failed check; it sets "CDA failed".
pub fn verify(
    key: &IccKey,
    command: &GenerateAc<'_>,
    report: &mut ChainReport,
) -> Result<CombinedAuthentication, Finding> {
    report
        .step(Certificate::DynamicSignature, |step| verify_step(key, command, step))
        .map_err(|finding| finding.sets(tvr::CDA_FAILED))
}

fn verify_step(key: &IccKey, command: &GenerateAc<'_>, step: &mut Step) -> Result<CombinedAuthentication, Finding> {
    let signature = command.object(SIGNED_DYNAMIC_APPLICATION_DATA_9F4B).ok_or_else(|| command.no_signature())?;
    let signed = SignedDynamicData::open(key, signature.value, command.place, step)?;
    let (icc_dynamic_number, rest) = signed.split(step)?;
    let dynamic = DynamicData::parse(&signed, icc_dynamic_number, rest, step)?;
    let further = rest.get(DynamicData::LENGTH..).unwrap_or(&[]).to_vec();
    dynamic.check_cid(command, step)?;
    signed.0.check_hash(step, [&command.unpredictable_number[..]]).map_err(|hash| command.explain_hash(hash))?;
    dynamic.check_transaction_data(command, step)?;
    Ok(CombinedAuthentication { icc_dynamic_number, cid: dynamic.cid, cryptogram: dynamic.cryptogram, further })
}

/// The dynamic data after the ICC dynamic number, and where in the signature they start.
struct DynamicData<'a> {
    signed: &'a SignedDynamicData,
    at: usize,
    cid: Cid,
    cryptogram: [u8; 8],
    transaction_data_hash: Sha1Value,
}

impl<'a> DynamicData<'a> {
    /// Cryptogram information, cryptogram, and the hash.
    const LENGTH: usize = 29;

    fn parse(
        signed: &'a SignedDynamicData,
        number: IccDynamicNumber,
        rest: &[u8],
        step: &mut Step,
    ) -> Result<Self, Finding> {
        let at = DATA_AT.saturating_add(1).saturating_add(number.as_bytes().len());
        let parsed = Self::fields(rest);
        step.check(Fact::DynamicDataLength, parsed.is_some(), || signed.bad_length(at, Self::LENGTH, rest.len()))?;
        let (cid, cryptogram, transaction_data_hash) =
            parsed.ok_or_else(|| signed.bad_length(at, Self::LENGTH, rest.len()))?;
        step.recovered.cryptogram_information = Some(cid);
        Ok(Self { signed, at, cid, cryptogram, transaction_data_hash })
    }

    fn fields(rest: &[u8]) -> Option<(Cid, [u8; 8], Sha1Value)> {
        let (cid, rest) = rest.split_first()?;
        let (cryptogram, rest) = rest.split_first_chunk()?;
        Some((Cid(*cid), *cryptogram, *rest.first_chunk()?))
    }

    /// The cryptogram information in the clear is the one that was signed: whoever changes it on the way is seen here.
    fn check_cid(&self, command: &GenerateAc<'_>, step: &mut Step) -> Result<(), Finding> {
        let clear = command.object(CRYPTOGRAM_INFORMATION_DATA_9F27).map_or(&[][..], |object| object.value);
        let same = clear == [self.cid.0] || bug(Bug::TrustClearCid);
        step.check(Fact::CryptogramInformation, same, || {
            let evidence = self.signed.0.compared(Fact::CryptogramInformation, self.at, [self.cid.0], clear);
            Finding::new(Reason::OdaCdaCidMismatch).with(evidence)
        })
    }

    fn check_transaction_data(&self, command: &GenerateAc<'_>, step: &mut Step) -> Result<(), Finding> {
        let computed = command.transaction_data_hash();
        let same = computed == self.transaction_data_hash || bug(Bug::SkipTransactionHash);
        step.check(Fact::TransactionDataHash, same, || {
            let at = self.at.saturating_add(9);
            let signed = self.transaction_data_hash;
            Finding::new(Reason::OdaCdaTdhc).with(self.signed.0.compared(
                Fact::TransactionDataHash,
                at,
                signed,
                computed,
            ))
        })
    }
}

impl<'a> GenerateAc<'a> {
    fn objects(&self) -> impl Iterator<Item = Tlv<'a>> + use<'a> {
        Reader::strict(self.response).map_while(Result::ok)
    }

    fn object(&self, tag: apdu::Tag) -> Option<Tlv<'a>> {
        self.objects().find(|object| object.tag == tag)
    }

    /// Everything sent, then everything answered but the signature, in order.
    fn transaction_data_hash(&self) -> Sha1Value {
        let sent = [self.pdol_values, self.cdol1_values, self.cdol2_values.unwrap_or(&[])];
        let answered = self.objects().filter(|object| object.tag != SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
        sent.into_iter().chain(answered.map(|object| object.raw)).fold(Sha1::new(), Sha1::and).value()
    }

    fn no_signature(&self) -> Finding {
        let tag = SIGNED_DYNAMIC_APPLICATION_DATA_9F4B;
        Finding::new(Reason::OdaCdaNoSdad).with(Evidence::missing(Fact::DataObject, tag).at(self.place.tag(tag)))
    }

    /// A signature over a number the card was never sent cannot be right; that is then what there is to say.
    fn explain_hash(&self, hash: Finding) -> Finding {
        match self.list {
            Some(list) if !list.contains(UNPREDICTABLE_NUMBER_9F37) => Finding::new(Reason::OdaCdaUnMissing)
                .with(Evidence::missing(Fact::UnpredictableNumber, UNPREDICTABLE_NUMBER_9F37))
                .with(Evidence::found(Fact::DataObjectList, list.as_bytes())),
            _ => hash.with(Evidence::found(Fact::UnpredictableNumber, self.unpredictable_number)),
        }
    }
}
