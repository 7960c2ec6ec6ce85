//! Where the decisions of two transactions part, in the order of the flow chart (`EMV 4.4 Book 3, figure 7`).

use apdu::{
    Bit, Bits, tag,
    value::{CryptogramType, Tvr},
};
use kernel::Outcome;
use serde::Serialize;

use super::{Side, divergence::shown_bits};

/// A decision that came out otherwise.
#[derive(Clone, Debug, Serialize)]
pub struct Parting {
    /// Which: `application`, `authentication`, `restrictions`, `cardholder-verification`, `risk-management`,
    /// `first-request`, `first-answer`, `host`, `issuer-results`, `second-request`, `second-answer`, `tap-outcome` or
    /// `decision`.
    pub id: &'static str,
    /// How it came out in the first recording.
    pub a: String,
    /// How it came out in the second recording.
    pub b: String,
    /// The bits of the verification results that differ.
    #[serde(serialize_with = "shown_bits", skip_serializing_if = "Vec::is_empty")]
    pub bits: Vec<Bit>,
}

/// A decision as one side took it.
struct Point {
    id: &'static str,
    value: String,
    bits: Tvr,
}

/// The decisions that came out otherwise, the first one first.
pub(super) fn partings(a: &Side, b: &Side) -> Vec<Parting> {
    let differs = |(one, other): &(Point, Point)| one.value != other.value;
    points(a).into_iter().zip(points(b)).filter(differs).map(|(one, other)| parting(one, other)).collect()
}

fn parting(one: Point, other: Point) -> Parting {
    let mut both = one.bits.0;
    both.iter_mut().zip(other.bits.0).for_each(|(byte, other)| *byte ^= other);
    Parting { id: one.id, a: one.value, b: other.value, bits: Bits(both).iter().collect() }
}

fn points(side: &Side) -> Vec<Point> {
    let outcome = &side.observation.outcome;
    let point = |id, value| Point { id, value, bits: Tvr::ZERO };
    let none = || "none".to_owned();
    let mut points = vec![point("application", hex::encode_upper(&outcome.aid))];
    points.extend(results(side));
    let request = |at: usize| side.observation.recovered.requests.get(at).map(|(p1, _)| kind(*p1));
    let answer = |at: usize| outcome.cryptograms.get(at).map(|given| given.cid.cryptogram_type().to_string());
    points.push(point("first-request", request(0).unwrap_or_else(none)));
    points.push(point("first-answer", answer(0).unwrap_or_else(none)));
    points.push(point("host", host(outcome)));
    points.push(of_bits("issuer-results", outcome.tvr, 5));
    points.push(point("second-request", request(1).unwrap_or_else(none)));
    points.push(point("second-answer", answer(1).unwrap_or_else(none)));
    points.push(point("tap-outcome", tap(outcome)));
    points.push(point("decision", format!("{} {}", outcome.decision.id(), outcome.decided_by.id())));
    points
}

/// One byte of the verification results for each phase before terminal action analysis.
fn results(side: &Side) -> Vec<Point> {
    let outcome = &side.observation.outcome;
    let Some(tvr) = side.first_tvr() else {
        return ["authentication"; 4].map(|_| of_bits("results", Tvr::ZERO, 1)).into();
    };
    let told = side.told(tag::CVM_RESULTS_9F34).map(hex::encode_upper);
    let cvm = told.or_else(|| outcome.cvm_results.map(|results| results.to_string().replace(' ', "")));
    let mut verification = of_bits("cardholder-verification", tvr, 3);
    verification.value = format!("{} {}", verification.value, cvm.unwrap_or_default()).trim().to_owned();
    vec![
        of_bits("authentication", tvr, 1),
        of_bits("restrictions", tvr, 2),
        verification,
        of_bits("risk-management", tvr, 4),
    ]
}

/// What one byte of the verification results says.
fn of_bits(id: &'static str, tvr: Tvr, byte: u8) -> Point {
    let bits = tvr.iter().filter(|bit| bit.byte == byte).fold(Tvr::ZERO, |bits, bit| bits.with(bit));
    let index = usize::from(byte.saturating_sub(1));
    Point { id, value: format!("{:02X}", bits.0.get(index).copied().unwrap_or_default()), bits }
}

/// The outcome of a tap, and how the cardholder was to be verified.
fn tap(outcome: &Outcome) -> String {
    let last = outcome.tap.as_ref().and_then(|tap| tap.outcome.as_ref());
    last.map_or("none".to_owned(), |last| format!("{} {}", last.outcome.id(), last.cvm.id()))
}

fn kind(p1: u8) -> String {
    CryptogramType::from_bits(p1).to_string()
}

fn host(outcome: &Outcome) -> String {
    let code = outcome.response_code.map(|code| crate::report::escape(&String::from_utf8_lossy(&code)));
    match (outcome.online, code) {
        (true, Some(code)) => code,
        (true, None) => "online".to_owned(),
        (false, _) => "none".to_owned(),
    }
}
