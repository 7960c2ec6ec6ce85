//! What a run came to, in the words of an expectation.

use emvident::{kernel::Outcome, scenario::Expectation};

pub fn came_to(outcome: &Outcome) -> Expectation {
    Expectation::of(outcome)
}

/// The fields that are not as expected, one a line.
pub fn differences(expected: &Expectation, came_to: &Expectation) -> String {
    let (mut expected, came_to) = (expected.clone(), came_to.clone());
    // A scenario about something else need not say how the card was tapped.
    expected.tap = expected.tap.or_else(|| came_to.tap.clone());
    expected.taps = expected.taps.or_else(|| came_to.taps.clone());
    let (expected, came_to) = (fields(&expected), fields(&came_to));
    let differ = expected.into_iter().zip(came_to).filter(|((_, expected), (_, came_to))| expected != came_to);
    differ.map(|((name, expected), (_, came_to))| format!("\n  {name}: {came_to} where {expected} is right")).collect()
}

fn fields(expectation: &Expectation) -> Vec<(&'static str, String)> {
    let Expectation { decision, by, tvr, tsi, cvm, response_code, asked, flags, scripts, .. } = expectation;
    let Expectation { reasons, root, suspicions, tap, taps, .. } = expectation;
    vec![
        ("decision", decision.clone()),
        ("by", by.clone()),
        ("tvr", tvr.clone()),
        ("tsi", tsi.clone()),
        ("cvm", format!("{cvm:?}")),
        ("response-code", format!("{response_code:?}")),
        ("asked", format!("{asked:?}")),
        ("flags", format!("{flags:?}")),
        ("scripts", format!("{scripts:?}")),
        ("reasons", format!("{reasons:?}")),
        ("root", format!("{root:?}")),
        ("suspicions", format!("{suspicions:?}")),
        ("tap", format!("{tap:?}")),
        ("taps", format!("{taps:?}")),
    ]
}
