//! The answer to GENERATE AC: cryptogram, issuer application data, and the CDA signature over both.

use apdu::{StatusWord, Tag, tag};

use crate::card::alteration::Signed;
use crate::card::chip::Application;
use crate::card::profile::Format;
use crate::card::reply::sw;
use crate::card::transaction::Transaction;
use crate::cryptogram::{IssuerAuthenticationResult, Kind, issuer_application_data};
use crate::pki::{TransactionSignature, signed_transaction_data};
use crate::template::{object, template};

/// Reason code of an AAC after issuer authentication failed.
const ISSUER_AUTHENTICATION_FAILED: u8 = 0x03;

struct Parts {
    cid: u8,
    atc: [u8; 2],
    cryptogram: [u8; 8],
    issuer_application_data: Vec<u8>,
    /// What else it says.
    objects: Vec<Vec<u8>>,
}

pub(in crate::card) fn respond(
    application: &mut Application,
    transaction: &mut Transaction,
    kind: Kind,
    signature: bool,
) -> Result<Vec<u8>, StatusWord> {
    let parts = parts(application, transaction, kind)?;
    Ok(match (signature, application.profile.cryptogram_format) {
        (true, _) => signed(application, transaction, &parts),
        (false, Format::One) => {
            let values = [&[parts.cid], &parts.atc[..], &parts.cryptogram, &parts.issuer_application_data];
            object(tag::RESPONSE_FORMAT_1_80, &values.concat())
        }
        (false, Format::Two) => {
            let objects =
                [parts.head(), vec![object(tag::APPLICATION_CRYPTOGRAM_9F26, &parts.cryptogram)], parts.tail()];
            template(tag::RESPONSE_FORMAT_2_77, &objects.concat())
        }
    })
}

impl Parts {
    fn head(&self) -> Vec<Vec<u8>> {
        vec![object(tag::CRYPTOGRAM_INFORMATION_DATA_9F27, &[self.cid]), object(tag::ATC_9F36, &self.atc)]
    }

    fn tail(&self) -> Vec<Vec<u8>> {
        let issuer = object(tag::ISSUER_APPLICATION_DATA_9F10, &self.issuer_application_data);
        [&[issuer][..], &self.objects].concat()
    }
}

/// Computes the cryptogram; a card whose lists lack what its key needs cannot.
fn parts(application: &Application, transaction: &mut Transaction, kind: Kind) -> Result<Parts, StatusWord> {
    let (profile, atc) = (&application.profile, application.atc.to_be_bytes());
    let issuer_data = issuer_application_data(profile.version, profile.key_index, &transaction.facts);
    let own: [(Tag, &[u8]); 3] =
        [(tag::AIP_82, &application.aip), (tag::ATC_9F36, &atc), (tag::ISSUER_APPLICATION_DATA_9F10, &issuer_data)];
    transaction.values.extend(own.map(|(tag, value)| (tag, value.to_vec())));
    let cryptogram = profile.version.cryptogram(&application.keys.cryptogram, &transaction.values);
    let cryptogram = cryptogram.ok_or(sw::CONDITIONS_NOT_SATISFIED)?;
    transaction.values.insert(tag::APPLICATION_CRYPTOGRAM_9F26, cryptogram.to_vec());
    transaction.cryptogram.get_or_insert(cryptogram);
    let refused = transaction.facts.issuer_authentication == IssuerAuthenticationResult::Failed && kind == Kind::Aac;
    let reason = if refused { ISSUER_AUTHENTICATION_FAILED } else { 0 };
    let objects = transaction.objects.clone();
    Ok(Parts { cid: kind.bits() | reason, atc, cryptogram, issuer_application_data: issuer_data, objects })
}

/// Format 2 with the signature in place of the cryptogram, which is inside (`EMV 4.4 Book 2, 6.6.1`).
fn signed(application: &mut Application, transaction: &Transaction, parts: &Parts) -> Vec<u8> {
    let objects = [parts.head(), parts.tail()].concat();
    let transaction_data = [&transaction.received[..], &objects.concat()].concat();
    let number = application.numbers.draw();
    let unpredictable_number = transaction.values.get(&tag::UNPREDICTABLE_NUMBER_9F37);
    let which = if transaction.facts.second.is_some() { Signed::Second } else { Signed::First };
    let signature = TransactionSignature {
        number: &number,
        cid: parts.cid,
        cryptogram: parts.cryptogram,
        transaction_data: &transaction_data,
        further: &transaction.further,
        unpredictable_number: unpredictable_number.map_or(&[], Vec::as_slice),
    };
    let signature = signed_transaction_data(&application.icc_key, signature, &application.wrong(which));
    let signature = object(tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B, &signature);
    template(tag::RESPONSE_FORMAT_2_77, &[&objects[..], &[signature]].concat())
}
