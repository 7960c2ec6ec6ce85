//! The card's counter against earlier sessions of the same card, which the caller remembers. A counter only ever rises: one
//! that stands still or falls is that of a copy, or of a recording played again. A card that was used elsewhere is ahead;
//! far ahead is worth a look.

use crate::{
    finding::{Certainty, Evidence, Fact, Finding, Reason, Severity},
    outcome::Cryptogram,
};

use apdu::tag;

/// What an earlier session left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Application transaction counter (`9F36`).
    pub atc: u16,
    /// The application cryptogram (`9F26`), where it is known.
    pub cryptogram: Option<[u8; 8]>,
}

/// More transactions than this between two sessions are told; cards that are used a lot elsewhere stay below.
const JUMP: u16 = 1000;

/// What the counter of `now` says against `earlier`, sessions of the same card in any order.
pub fn check(now: &Cryptogram, earlier: &[Seen]) -> Option<Finding> {
    let atc = u16::from_be_bytes(now.atc);
    let repeated = |seen: &&Seen| seen.cryptogram.is_some() && seen.cryptogram == now.cryptogram;
    let last = earlier.iter().find(repeated).or_else(|| earlier.iter().max_by_key(|seen| seen.atc))?;
    let reason = match atc.checked_sub(last.atc) {
        None | Some(0) => Reason::AtcReplay,
        Some(_) if repeated(&last) => Reason::AtcReplay,
        Some(ahead) if ahead > JUMP => Reason::AtcJump,
        Some(_) => return None,
    };
    let certainty = if reason == Reason::AtcReplay { Certainty::Likely } else { Certainty::Hint };
    let counter = Evidence::compared(Fact::TransactionCounter, last.atc, atc).in_tag(tag::ATC_9F36);
    Some(Finding::new(reason).severity(Severity::Info).certainty(certainty).with(counter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use apdu::value::cid::{Cid, CryptogramType};

    fn told(atc: u16, cryptogram: u8, earlier: &[(u16, u8)]) -> Option<Reason> {
        let now = Cryptogram {
            asked: CryptogramType::Arqc,
            signature_asked: false,
            cid: Cid(0x80),
            cryptogram: Some([cryptogram; 8]),
            atc: atc.to_be_bytes(),
            issuer_data: alloc::vec::Vec::new(),
        };
        let earlier: alloc::vec::Vec<_> =
            earlier.iter().map(|(atc, cryptogram)| Seen { atc: *atc, cryptogram: Some([*cryptogram; 8]) }).collect();
        check(&now, &earlier).map(|finding| finding.reason)
    }

    #[test]
    fn a_counter_that_does_not_rise_is_told() {
        assert_eq!(told(7, 1, &[(5, 2), (7, 3)]), Some(Reason::AtcReplay));
        assert_eq!(told(6, 1, &[(5, 2), (7, 3)]), Some(Reason::AtcReplay));
        assert_eq!(told(9, 2, &[(5, 2), (7, 3)]), Some(Reason::AtcReplay), "an old cryptogram under a new counter");
    }

    #[test]
    fn use_elsewhere_is_silent_and_a_jump_is_a_hint() {
        assert_eq!(told(9, 1, &[]), None);
        assert_eq!(told(8, 1, &[(7, 2)]), None);
        assert_eq!(told(700, 1, &[(7, 2)]), None, "online use elsewhere");
        assert_eq!(told(1500, 1, &[(7, 2)]), Some(Reason::AtcJump));
    }
}
