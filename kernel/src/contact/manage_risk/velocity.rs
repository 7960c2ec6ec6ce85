//! Velocity checking (`EMV 4.4 Book 3, 10.6.3`): how often the card was used offline since it was last online.

use alloc::vec::Vec;

use apdu::{Card, Tag, tag, value::tvr};

use crate::{
    finding::{Certainty, Evidence, Fact, Finding, Reason, Severity},
    point_of_sale::PointOfSale,
    session::{Reply, Session, Stop},
    store::CardData,
};

/// Compares the card's two counters with its two limits; a card without both limits is not checked.
pub(super) async fn check<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    card: &CardData,
) -> Result<Vec<Finding>, Stop> {
    let lower = card.array(tag::LOWER_CONSECUTIVE_OFFLINE_LIMIT_9F14);
    let upper = card.array(tag::UPPER_CONSECUTIVE_OFFLINE_LIMIT_9F23);
    let (Some([lower]), Some([upper])) = (lower, upper) else { return Ok(Vec::new()) };
    let current = session.get_data(tag::ATC_9F36).await?;
    let last_online = session.get_data(tag::LAST_ONLINE_ATC_9F13).await?;
    let counters = Counters {
        current: Counter::of(current, tag::ATC_9F36),
        last_online: Counter::of(last_online, tag::LAST_ONLINE_ATC_9F13),
    };
    let mut findings = counters.check(card, lower, upper);
    findings.extend(counters.new_card());
    findings.extend(counters.behind());
    Ok(findings)
}

/// A counter as the card gave it, or did not.
struct Counter {
    tag: Tag,
    value: Option<u16>,
    reply: Reply,
}

impl Counter {
    fn of(reply: Reply, tag: Tag) -> Self {
        let value = reply.object(tag).and_then(|value| value.try_into().ok()).map(u16::from_be_bytes);
        Self { tag, value, reply }
    }

    fn evidence(&self, fact: Fact) -> Evidence {
        let place = self.reply.place().tag(self.tag);
        match self.value {
            Some(value) => Evidence::found(fact, value).at(place),
            None => Evidence::missing(fact, self.tag).at(place),
        }
    }
}

/// Application transaction counter and last online ATC register.
struct Counters {
    current: Counter,
    last_online: Counter,
}

impl Counters {
    fn check(&self, card: &CardData, lower: u8, upper: u8) -> Vec<Finding> {
        let (Some(current), Some(last_online)) = (self.current.value, self.last_online.value) else {
            return self.missing();
        };
        let limit = |value, tag| Evidence::found(Fact::OfflineLimit, value).at(card.place(tag));
        let lower_exceeded = || {
            self.exceeded(Reason::TrmLcol, limit(lower, tag::LOWER_CONSECUTIVE_OFFLINE_LIMIT_9F14))
                .sets(tvr::LOWER_LIMIT_EXCEEDED)
        };
        let upper_exceeded = || {
            self.exceeded(Reason::TrmUcol, limit(upper, tag::UPPER_CONSECUTIVE_OFFLINE_LIMIT_9F23))
                .sets(tvr::UPPER_LIMIT_EXCEEDED)
        };
        // A counter that has not moved since, or moved back, tells nothing: both limits count as exceeded.
        match current.checked_sub(last_online) {
            None | Some(0) => [lower_exceeded(), upper_exceeded()].into(),
            Some(offline) if offline <= u16::from(lower) => Vec::new(),
            Some(offline) if offline <= u16::from(upper) => [lower_exceeded()].into(),
            Some(_) => [lower_exceeded(), upper_exceeded()].into(),
        }
    }

    fn exceeded(&self, reason: Reason, limit: Evidence) -> Finding {
        Finding::new(reason)
            .with(self.current.evidence(Fact::TransactionCounter))
            .with(self.last_online.evidence(Fact::LastOnlineCounter))
            .with(limit)
    }

    /// Without both counters both limits count as exceeded, and card data is missing: one finding for each bit.
    fn missing(&self) -> Vec<Finding> {
        let counters =
            [&self.current, &self.last_online].into_iter().zip([Fact::TransactionCounter, Fact::LastOnlineCounter]);
        let missing = counters.filter(|(counter, _)| counter.value.is_none());
        let evidence: Vec<_> =
            missing.flat_map(|(counter, fact)| [counter.evidence(fact), counter.reply.evidence()]).collect();
        let bits = [
            (Reason::TrmVelocityDataMissing, tvr::LOWER_LIMIT_EXCEEDED),
            (Reason::TrmVelocityDataMissing, tvr::UPPER_LIMIT_EXCEEDED),
            (Reason::IccDataMissing, tvr::ICC_DATA_MISSING),
        ];
        bits.map(|(reason, bit)| Finding { evidence: evidence.clone(), ..Finding::new(reason).sets(bit) }).into()
    }

    /// A counter only rises: behind its own last online value it is that of a copy.
    fn behind(&self) -> Option<Finding> {
        let (current, last_online) = (self.current.value?, self.last_online.value?);
        let finding = Finding::new(Reason::TrmCounterBehind).severity(Severity::Info).certainty(Certainty::Likely);
        let finding = finding.with(self.current.evidence(Fact::TransactionCounter));
        (current < last_online).then(|| finding.with(self.last_online.evidence(Fact::LastOnlineCounter)))
    }

    /// A card that was never online is new.
    fn new_card(&self) -> Option<Finding> {
        let evidence = self.last_online.evidence(Fact::LastOnlineCounter);
        let finding = Finding::new(Reason::TrmNewcard).severity(Severity::Info).sets(tvr::NEW_CARD).with(evidence);
        (self.last_online.value == Some(0)).then_some(finding)
    }
}
