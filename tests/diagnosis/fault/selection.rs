//! Choosing and starting the application.

use emvident::{apdu::command::ins, vectors::card::profile::Directory};

use super::{Fault, Right, fault};
use crate::diagnosis::line::{Rewrite, What};

const SELECTION: &str = "selection";
const START: &str = "start";
const LENGTH: &str = "DOL length";
const ENDS: &str = "recording ends";

pub(super) const FAULTS: &[Fault] = &[
    fault(SELECTION, "card blocked", |good, _| {
        good.profile.blocked = true;
        Right::is("sel-card-blocked")
    }),
    fault(SELECTION, "application blocked", |good, _| {
        (good.profile.applications.len() == 1).then_some(())?;
        good.card_mut().blocked = true;
        Right::is("sel-app-blocked")
    }),
    fault(SELECTION, "no payment card", |good, random| {
        good.alter(&format!("answer select sw {}", random.of(&["6D00", "6E00"])));
        Right::is("card-not-payment")
    }),
    fault(SELECTION, "no common application", |good, _| {
        good.configure("application.aid = \"A0000000250101\"");
        Right::is("sel-no-common-app")
    }),
    fault(SELECTION, "FCI without a name", |good, _| {
        good.profile.directory = None;
        (good.profile.applications.len() == 1).then_some(())?;
        good.alter("fci remove 84");
        Right::either(
            &["sel-fci-format", "sel-final-failed", "sel-no-common-app"],
            "without the name nobody knows which application it is",
        )
    }),
    fault(SELECTION, "final selection refused", |good, random| {
        (good.profile.applications.len() == 1).then_some(())?;
        good.profile.directory = Some(Directory::default());
        good.alter(&format!("answer select:2 sw {}", random.of(&["6A82", "6985", "6A88"])));
        Right::either(&["sel-final-failed", "sel-no-common-app"], "it was the only one")
    }),
    fault(START, "refused", |good, random| {
        (good.profile.applications.len() == 1).then_some(())?;
        good.alter("answer gpo sw 6985");
        let _ = random;
        Right::is("gpo-not-allowed")
    }),
    fault(START, "status word", |good, random| {
        good.alter(&format!("answer gpo sw {}", random.of(&["6984", "6A88", "6982"])));
        Right::is("gpo-sw")
    }),
    fault(START, "command unknown", |good, random| {
        good.alter(&format!("answer gpo sw {}", random.of(&["6D00", "6E00"])));
        Right::either(&["card-command-unsupported", "gpo-sw"], "the status word names the one, the command the other")
    }),
    fault(START, "nonsense", |good, random| {
        good.alter(&format!(
            "answer gpo {}",
            random.of(&["replace 7001", "replace 800219", "template 70", "replace 8001FF"])
        ));
        Right::is("gpo-format")
    }),
    fault(START, "PDOL that breaks off", |good, _| {
        good.alter(&format!("fci set A5/9F38={}", "9F02069F"));
        Right::is("data-format")
    }),
    fault(LENGTH, "GET PROCESSING OPTIONS", |good, random| {
        (!good.card().pdol.is_empty()).then_some(())?;
        let what = random.of(&[What::Shorter, What::Longer]);
        good.misbuilt.push(Rewrite { ins: ins::GET_PROCESSING_OPTIONS, time: 1, what });
        Right::is("gpo-pdol-length")
    }),
    fault(LENGTH, "first GENERATE AC", |good, random| {
        let what = random.of(&[What::Shorter, What::Longer]);
        good.misbuilt.push(Rewrite { ins: ins::GENERATE_AC, time: 1, what });
        Right::is("genac-cdol-length")
    }),
    fault(LENGTH, "second GENERATE AC", |good, random| {
        good.at(crate::diagnosis::good::Terminals::Online);
        good.purchase.amount = 15_000;
        let what = random.of(&[What::Shorter, What::Longer]);
        good.misbuilt.push(Rewrite { ins: ins::GENERATE_AC, time: 2, what });
        Right::either(&["genac-cdol-length", "card-refused-after-online"], "the one ends in the other")
    }),
    fault(LENGTH, "INTERNAL AUTHENTICATE", |good, random| {
        (good.method()? == crate::diagnosis::good::Method::Dda).then_some(())?;
        let what = random.of(&[What::Shorter, What::Longer]);
        good.misbuilt.push(Rewrite { ins: ins::INTERNAL_AUTHENTICATE, time: 1, what });
        Right::is("oda-int-auth-sw")
    }),
    fault(ENDS, "without a last answer", |good, random| {
        let ins = random.of(&[ins::GET_PROCESSING_OPTIONS, ins::READ_RECORD, ins::GENERATE_AC]);
        good.profile.directory = None;
        good.ends_at = Some((ins, true));
        Right::either(
            &["transport-trace-incomplete", "card-removed", "transport-timeout", "transport-error"],
            "a card that does not answer and a log that stops look the same",
        )
    }),
    fault(ENDS, "before a command", |good, random| {
        good.profile.directory = None;
        let ins = random.of(&[ins::GET_PROCESSING_OPTIONS, ins::READ_RECORD, ins::GENERATE_AC]);
        good.ends_at = Some((ins, false));
        Right::either(
            &["transport-trace-incomplete", "card-removed", "transport-timeout", "transport-error"],
            "a card that does not answer and a log that stops look the same",
        )
    }),
];
