//! Amounts and counters: what a terminal that cannot ask the issuer declines for.

use emvident::vectors::card::Decision;

use super::{Fault, Right, fault};
use crate::diagnosis::good::{Good, Terminals};

const AMOUNT: &str = "amount";
const COUNTERS: &str = "counters";

pub(super) const FAULTS: &[Fault] = &[
    fault(AMOUNT, "above the floor limit of a terminal that cannot go online", |good, random| {
        offline(good)?;
        good.purchase.amount = 10_000 + random.below(90_000) as u64;
        Right::is("trm-floor")
    }),
    fault(AMOUNT, "a floor limit of nothing at a terminal that cannot go online", |good, _| {
        offline(good)?;
        good.configure("application.floor-limit = \"0.00\"");
        Right::is("trm-floor")
    }),
    fault(COUNTERS, "too often in a row without the issuer", |good, random| {
        offline(good)?;
        let card = good.card_mut();
        card.offline_limits = Some((1, 3));
        card.atc = 0x0100 + random.below(64) as u16;
        card.last_online_atc = 0x00F0;
        Right::either(&["trm-ucol", "trm-lcol"], "who passed the upper limit has passed the lower one")
    }),
    fault(COUNTERS, "never online before", |good, _| {
        offline(good)?;
        let card = good.card_mut();
        card.offline_limits = Some((2, 4));
        (card.atc, card.last_online_atc) = (0, 0);
        Right::is("trm-newcard")
    }),
    fault(COUNTERS, "not readable", |good, random| {
        offline(good)?;
        good.card_mut().offline_limits = Some((2, 4));
        good.alter(&format!("answer get-data sw {}", random.of(&["6A88", "6A81", "6985"])));
        Right::either(
            &["trm-velocity-data-missing", "trm-ucol", "trm-lcol", "icc-data-missing"],
            "counters that cannot be read count as passed limits",
        )
    }),
];

/// The card is approved at a terminal that never goes online.
fn offline(good: &mut Good) -> Option<()> {
    let list = good.card().cvm_list.clone()?;
    // A PIN that only the issuer can check is none here.
    let online_pin = list.get(8).is_some_and(|rule| rule & 0x3F == 2);
    let decides = good.card().first == Decision::AsAsked;
    (decides && !online_pin && good.method().is_some()).then(|| good.at(Terminals::OfflineOnly))
}
