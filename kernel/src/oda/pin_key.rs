//! The key that enciphers an offline PIN, and the enciphering (`EMV 4.4 Book 2, 7`).

use alloc::vec::Vec;

use apdu::tag;
use zeroize::Zeroizing;

use crate::finding::{Evidence, Fact, Finding, Reason};

use super::{Chain, IccKey, IssuerKey, Purpose, StaticData, icc, issuer, report::ChainReport};

/// Bytes of the enciphered data that are not random: header, PIN block and challenge.
const FIXED_LENGTH: usize = 17;

const HEADER: u8 = 0x7F;

/// Recovers the key to encipher PINs with: the one for PINs only when the card has one, else the card's own.
///
/// `static_data` is for the card's own key; without it (because it could not be built) that key cannot be checked.
///
/// # Errors
/// [`Reason::PinKeyMissing`] when the card has neither key; else what failed and then [`Reason::PinKeyRecoveryFailed`].
/// A key for PINs that cannot be recovered is not replaced by the other. Nothing here sets a TVR bit.
pub fn recover(
    chain: &Chain<'_>,
    static_data: Option<&StaticData<'_>>,
    report: &mut ChainReport,
) -> Result<IccKey, Vec<Finding>> {
    let chain = Chain { purpose: Purpose::PinEncipherment, ..*chain };
    if !has_pin_key(&chain) && !has_own_key(&chain) {
        return Err([missing()].into());
    }
    let issuer = issuer::recover(&chain, report).map_err(|finding| failed([finding].into()))?;
    recover_below(&chain, &issuer, static_data, report).map_err(failed)
}

fn recover_below(
    chain: &Chain<'_>,
    issuer: &IssuerKey,
    static_data: Option<&StaticData<'_>>,
    report: &mut ChainReport,
) -> Result<IccKey, Vec<Finding>> {
    if has_pin_key(chain) {
        let result = icc::recover_pin_key(chain, issuer, report);
        if !is_incomplete(&result) || !has_own_key(chain) {
            return result;
        }
    }
    match static_data {
        Some(static_data) => icc::recover(chain, issuer, static_data, report),
        None => Err(Vec::new()),
    }
}

fn has_pin_key(chain: &Chain<'_>) -> bool {
    chain.card.has(tag::ICC_PIN_CERTIFICATE_9F2D) && chain.card.has(tag::ICC_PIN_EXPONENT_9F2E)
}

fn has_own_key(chain: &Chain<'_>) -> bool {
    chain.card.has(tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46) && chain.card.has(tag::ICC_PUBLIC_KEY_EXPONENT_9F47)
}

/// Only the certificate says that there has to be a remainder; when it is not there, the objects of the key for PINs are
/// not all there, and the card's own key is used.
fn is_incomplete(result: &Result<IccKey, Vec<Finding>>) -> bool {
    let reason = result.as_ref().err().and_then(|findings| findings.first()).map(|finding| finding.reason);
    reason == Some(Reason::OdaDataMissing9f48)
}

fn missing() -> Finding {
    let tags = Vec::from([tag::ICC_PIN_CERTIFICATE_9F2D, tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46]);
    Finding::new(Reason::PinKeyMissing).with(Evidence::missing(Fact::PinKey, tags))
}

fn failed(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.push(Finding::new(Reason::PinKeyRecoveryFailed));
    findings
}

/// Why a PIN could not be enciphered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncipherError {
    /// Another number of random bytes than [`random_length`] says.
    #[error("{found} random bytes where the key needs {expected}")]
    RandomLength {
        /// Bytes the key needs.
        expected: usize,
        /// Bytes that were given.
        found: usize,
    },
    /// The key cannot be used.
    #[error("the key cannot be used")]
    Key,
}

/// How many random bytes enciphering a PIN with this key needs.
pub fn random_length(key: &IccKey) -> usize {
    key.key.length().saturating_sub(FIXED_LENGTH)
}

/// Enciphers a PIN block of format 2 for the card that gave `challenge`: the data of VERIFY.
///
/// The time this takes depends on the data. Almost all of them are random and new each time, so that it tells nothing
/// about the PIN.
///
/// # Errors
/// [`EncipherError`].
pub fn encipher(
    key: &IccKey,
    pin_block: &[u8; 8],
    challenge: &[u8; 8],
    random: &[u8],
) -> Result<Vec<u8>, EncipherError> {
    if random.len() != random_length(key) {
        return Err(EncipherError::RandomLength { expected: random_length(key), found: random.len() });
    }
    let mut data = Zeroizing::new(Vec::with_capacity(key.key.length()));
    data.push(HEADER);
    [&pin_block[..], challenge, random].into_iter().for_each(|part| data.extend_from_slice(part));
    key.key.apply(&data).map(|block| block.to_vec()).map_err(|_| EncipherError::Key)
}
