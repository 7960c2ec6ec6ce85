//! Enciphered offline PINs (`EMV 4.4 Book 2, 7`).

use alloc::{vec, vec::Vec};

use apdu::{Card, Command};
use zeroize::Zeroizing;

use super::ended::Ended;
use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    oda::{IccKey, pin_key},
    point_of_sale::{PointOfSale, RandomPurpose},
    session::{Reply, Session, Stop},
};

/// P2 of VERIFY for a PIN enciphered under an RSA key.
const ENCIPHERED_RSA: u8 = 0x88;

/// The card's key for PINs, recovered when a rule first needs it.
pub(super) struct PinKeys<K> {
    recover: Option<K>,
    key: Result<IccKey, Reason>,
}

impl<K: FnOnce() -> Result<IccKey, Vec<Finding>>> PinKeys<K> {
    /// A key that `recover` gives, or the findings that say why not: the one that sums them up is the last.
    pub(super) fn new(recover: K) -> Self {
        Self { recover: Some(recover), key: Err(Reason::PinKeyRecoveryFailed) }
    }

    /// The key. What is wrong with it is reported once; a second rule that needs it fails for the same reason.
    pub(super) fn key<C: Card, P: PointOfSale>(&mut self, session: &mut Session<'_, C, P>) -> Result<&IccKey, Ended> {
        if let Some(recover) = self.recover.take() {
            self.key = recover().map_err(|findings| {
                let reason = findings.last().map_or(Reason::PinKeyRecoveryFailed, |finding| finding.reason);
                session.report_all(findings);
                reason
            });
        }
        self.key.as_ref().map_err(|reason| Ended::Failed { because: *reason, sets: None })
    }
}

/// Sends VERIFY with an enciphered PIN: a fresh challenge and fresh random bytes each time. The inner error is a PIN
/// that could not be enciphered.
pub(super) async fn verify_enciphered<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    block: &[u8; 8],
    key: &IccKey,
) -> Result<Result<Reply, Ended>, Stop> {
    let challenge = match challenge(session).await? {
        Ok(challenge) => challenge,
        Err(ended) => return Ok(Err(ended)),
    };
    let mut random = Zeroizing::new(vec![0; pin_key::random_length(key)]);
    session.point_of_sale.random(RandomPurpose::PinPadding, &mut random);
    let enciphered = pin_key::encipher(key, block, &challenge, &random).ok();
    let command = enciphered.and_then(|data| Command::verify(ENCIPHERED_RSA, &data).ok());
    match command {
        Some(command) => session.transmit(&command).await.map(Ok),
        None => {
            let evidence = Evidence::found(Fact::KeyLength, key.key.length());
            Ok(Err(Ended::failed(session, Finding::new(Reason::PinKeyRecoveryFailed).with(evidence))))
        }
    }
}

/// The card's random number, exactly eight bytes (`EMV 4.4 Book 3, 6.5.6`).
async fn challenge<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>) -> Result<Result<[u8; 8], Ended>, Stop> {
    let reply = session.transmit(&Command::get_challenge()).await?;
    if let (true, Ok(challenge)) = (reply.status().is_ok(), reply.data().try_into()) {
        return Ok(Ok(challenge));
    }
    let length = Evidence::compared(Fact::Length, 8_u8, reply.data().len()).at(reply.place());
    let finding = Finding::new(Reason::PinChallengeFailed).with(reply.evidence()).with(length);
    Ok(Err(Ended::failed(session, finding)))
}
