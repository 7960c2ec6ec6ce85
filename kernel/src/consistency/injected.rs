//! Data objects in a card's answers that only the terminal, or the issuer through it, may give. They never stand where the
//! terminal's own stand (`EMV 4.4 Book 3, 7.5`); a card that has them was made to deceive somebody.

use alloc::vec::Vec;

use apdu::{
    Tag,
    command::ins::{GENERATE_AC, GET_PROCESSING_OPTIONS, READ_RECORD, SELECT},
    tag, tlv,
};

use crate::{
    finding::{Certainty, Evidence, Fact, Finding, Place, Reason, Severity},
    session::{Log, LoggedExchange},
};

/// Objects of the terminal and of the issuer's answer (`EMV 4.4 Book 3, Annex A1`: source terminal or issuer) that a card
/// gives nowhere. Those that cards keep in logs of their own, or that a card has under another meaning, are not here.
const NEVER: [Tag; 14] = [
    tag::TVR_95,
    tag::TRANSACTION_PIN_DATA_99,
    tag::TRANSACTION_DATE_9A,
    tag::TRANSACTION_TYPE_9C,
    tag::AMOUNT_AUTHORISED_9F02,
    tag::AMOUNT_OTHER_9F03,
    tag::TERMINAL_COUNTRY_CODE_9F1A,
    tag::TERMINAL_CAPABILITIES_9F33,
    tag::CVM_RESULTS_9F34,
    tag::TERMINAL_TYPE_9F35,
    tag::UNPREDICTABLE_NUMBER_9F37,
    tag::ADDITIONAL_TERMINAL_CAPABILITIES_9F40,
    tag::AUTHORISATION_RESPONSE_CODE_8A,
    tag::ISSUER_AUTHENTICATION_DATA_91,
];

/// Answers with data objects of the card.
const ANSWERS: [u8; 4] = [SELECT, GET_PROCESSING_OPTIONS, READ_RECORD, GENERATE_AC];

/// How many are told: a card with many of them is told of no better.
const MOST: usize = 4;

/// The first such objects of a transaction, each where it was first.
pub fn check(log: &Log) -> Vec<Finding> {
    let answers = log.exchanges.iter().filter(|exchange| is_answer(exchange));
    let mut found: Vec<Finding> = Vec::new();
    for finding in answers.flat_map(in_answer) {
        let known = found.iter().any(|known| object(known) == object(&finding));
        if !known && found.len() < MOST {
            found.push(finding);
        }
    }
    found
}

fn object(finding: &Finding) -> Option<Tag> {
    finding.evidence.first().and_then(|seen| seen.place.tag)
}

fn is_answer(exchange: &LoggedExchange) -> bool {
    exchange.command.get(1).is_some_and(|instruction| ANSWERS.contains(instruction))
}

fn in_answer(exchange: &LoggedExchange) -> Vec<Finding> {
    let Some((data, [0x90, 0x00])) = exchange.response.as_deref().and_then(<[u8]>::split_last_chunk::<2>) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    // What cannot be read to its end has findings of its own.
    let _ = tlv::walk(data, &mut |object, _| {
        if NEVER.contains(&object.tag) {
            let evidence = Evidence::found(Fact::DataObject, object.tag);
            let finding = Finding::new(Reason::DataTerminalTagFromCard).severity(Severity::Info);
            let place = Place::exchange(exchange.number).tag(object.tag);
            found.push(finding.certainty(Certainty::Proven).with(evidence.at(place)));
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Phase;
    use core::time::Duration;

    fn found(command: &str, response: &str) -> Vec<Option<Tag>> {
        let bytes = |hex: &str| hex::decode(hex).unwrap().into();
        let (command, response) = (bytes(command), Some(bytes(response)));
        let elapsed = Duration::ZERO;
        let exchange = LoggedExchange { number: 3, phase: Phase::ReadData, command, response, elapsed };
        let log = Log { exchanges: [exchange].into(), ..Log::default() };
        check(&log).iter().map(|finding| finding.evidence[0].place.tag).collect()
    }

    #[test]
    fn what_only_the_terminal_gives_is_told() {
        assert_eq!(found("00B2010C00", "70069F35012295009000"), [Some(tag::TERMINAL_TYPE_9F35), Some(tag::TVR_95)]);
        assert_eq!(found("80A80000028300", "770B82021900950500000000009000"), [Some(tag::TVR_95)]);
    }

    #[test]
    fn lists_that_name_such_objects_are_no_objects() {
        assert_eq!(found("00B2010C00", "70088C0695059F37049F9000"), []);
        assert_eq!(found("80CA9F3600", "9F360200019000"), []);
        assert_eq!(found("00B2010C00", "7081039F35226A83"), [], "no success");
    }
}
