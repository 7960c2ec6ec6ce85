//! The checks, in the order in which they are told.

use apdu::value::{Pan, ServiceCode, service_code::Interchange};
use kernel::{
    Reason,
    finding::{Certainty, Severity},
};

use super::{
    Circumstances, Evidence, Finding, Opening, Region, Track, Value,
    frame::{Check, Fault, FaultKind},
};

/// All checks.
pub(super) const ALL: [fn(&Track, &Circumstances) -> Option<Finding>; 14] = [
    reading,
    format,
    check_digit,
    copies,
    altered,
    swiped,
    fallback,
    expired,
    private,
    cash_only,
    online,
    pin,
    unassigned,
    copied_from_chip,
];

fn reading(track: &Track, _: &Circumstances) -> Option<Finding> {
    let seen: Vec<Evidence> = track.faults.iter().filter(|fault| fault.kind.is_of_reading()).map(fault).collect();
    let check = match track.check {
        Check::Differs { given, computed } => {
            Some(Evidence::new("check").with("given", format!("{given:X}")).with("computed", format!("{computed:X}")))
        }
        _ => None,
    };
    let only_empty = track.has(FaultKind::Empty) && seen.len() == 1;
    let reason = if only_empty { Reason::MagDamaged } else { Reason::MagReadError };
    let certainty = if only_empty { Certainty::Likely } else { Certainty::Proven };
    let finding = Finding::refusing(reason).severity(Severity::Fatal).certainty(certainty);
    all(finding, seen.into_iter().chain(check).collect())
}

fn format(track: &Track, _: &Circumstances) -> Option<Finding> {
    let seen = track.faults.iter().filter(|fault| !fault.kind.is_of_reading()).map(fault).collect();
    let finding = Finding::refusing(Reason::MagTrack2Format).severity(Severity::Fatal);
    all(finding.certainty(as_sure_as_read(track)), seen)
}

fn check_digit(track: &Track, _: &Circumstances) -> Option<Finding> {
    let number = track.number.as_ref().filter(|number| !number.luhn_is_valid())?;
    let seen = Evidence::new("check-digit").with("number", number.to_string());
    Some(Finding::refusing(Reason::MagLuhn).certainty(as_sure_as_read(track)).seeing(seen))
}

/// Number and expiry of track 1 and of the chip.
fn copies(track: &Track, circumstances: &Circumstances) -> Option<Finding> {
    let one = track.track_one.as_ref().map(|one| ("track-1", &one.number, one.expiry.given()));
    let chip = circumstances.chip.as_ref().map(|chip| ("chip", &chip.pan, Some(chip.expiry)));
    let seen = one.into_iter().chain(chip).flat_map(|(whose, number, expiry)| {
        let number = track.number.as_ref().and_then(|own| different_numbers(whose, own, number));
        let expiry = track.expiry.given().zip(expiry).and_then(|(own, other)| different_expiries(whose, own, other));
        number.into_iter().chain(expiry)
    });
    let finding = Finding::refusing(Reason::MagTrackMismatch).certainty(as_sure_as_read(track));
    all(finding, seen.collect())
}

fn different_numbers(whose: &'static str, own: &Pan, other: &Pan) -> Option<Evidence> {
    (own != other).then(|| differ("card-number", own.to_string(), whose, other.to_string()))
}

fn different_expiries(whose: &'static str, own: [u8; 2], other: [u8; 2]) -> Option<Evidence> {
    (own != other).then(|| differ("expiry", hex::encode(own), whose, hex::encode(other)))
}

fn differ(what: &'static str, own: String, whose: &'static str, other: String) -> Evidence {
    let words = Evidence::new("differ").with("what", Value::Word(what)).with("whose", Value::Word(whose));
    words.with("own", own).with("other", other)
}

/// The service code of chip and track 1, and a chip that answered behind a stripe that knows of none.
fn altered(track: &Track, circumstances: &Circumstances) -> Option<Finding> {
    let own = track.service_code.given()?;
    let one = track.track_one.as_ref().and_then(|one| one.service_code.given()).map(|code| ("track-1", code));
    let chip = circumstances.chip.as_ref().map(|chip| ("chip", chip.service_code));
    let others = one.into_iter().chain(chip).filter(|(_, other)| *other != own);
    let seen: Vec<Evidence> =
        others.map(|(whose, other)| differ("service-code", own.to_string(), whose, other.to_string())).collect();
    let finding = Finding::refusing(Reason::MagServiceCodeAltered).certainty(Certainty::Likely);
    let answered = circumstances.after.filter(|after| !own.has_chip() && Opening::shows_a_chip(*after));
    match answered {
        Some(after) if seen.is_empty() => {
            let seen = Evidence::new("chip-answered").with("code", own.to_string()).with("reason", after);
            Some(finding.severity(Severity::Degraded).certainty(Certainty::Hint).seeing(seen))
        }
        _ => all(finding, seen),
    }
}

fn swiped(track: &Track, circumstances: &Circumstances) -> Option<Finding> {
    let code = chip_card(track)?;
    let seen = Finding::refusing(Reason::MagChipCardSwiped).seeing(digit(1, code));
    let closed = Evidence::new("closed-region");
    match circumstances {
        Circumstances { after: Some(_), .. } => None,
        Circumstances { region: Some(Region::MainlandChina), .. } => Some(seen.seeing(closed)),
        _ => Some(seen),
    }
}

fn fallback(track: &Track, circumstances: &Circumstances) -> Option<Finding> {
    let (code, after) = (chip_card(track)?, circumstances.after?);
    let opening = Opening::after(after);
    let objections = [
        (opening == Opening::Never).then(|| Evidence::new("not-technical").with("reason", after)),
        (circumstances.region == Some(Region::MainlandChina)).then(|| Evidence::new("closed-region")),
        circumstances.unattended.then(|| Evidence::new("unattended")),
    ];
    let refused = all(Finding::refusing(Reason::MagFallbackRefused), objections.into_iter().flatten().collect());
    refused.or_else(|| {
        let allowed = Finding::asking(Reason::MagFallbackAllowed).seeing(digit(1, code));
        let allowed = allowed.seeing(Evidence::new("technical").with("reason", after));
        let conditions = [
            (opening == Opening::SchemePermits).then(|| Evidence::new("scheme-permits")),
            circumstances.region.is_none().then(|| Evidence::new("region-unknown")),
        ];
        let sure = if conditions.iter().any(Option::is_some) { Certainty::Likely } else { Certainty::Proven };
        Some(conditions.into_iter().flatten().fold(allowed.certainty(sure), Finding::seeing))
    })
}

fn expired(track: &Track, circumstances: &Circumstances) -> Option<Finding> {
    let expires = track.expires().filter(|expires| *expires < circumstances.date)?;
    let seen = Evidence::new("expired").with("expires", expires.to_string());
    Some(Finding::refusing(Reason::MagExpired).seeing(seen.with("date", circumstances.date.to_string())))
}

fn private(track: &Track, _: &Circumstances) -> Option<Finding> {
    let code = track.service_code.given()?;
    let private = matches!(code.interchange(), Interchange::Private | Interchange::Test);
    private.then(|| Finding::refusing(Reason::MagServiceCodePrivate).seeing(digit(1, code)))
}

fn cash_only(track: &Track, circumstances: &Circumstances) -> Option<Finding> {
    let code = track.service_code.given().filter(|code| code.cash_only() && !circumstances.cash)?;
    Some(Finding::refusing(Reason::MagServiceCodeCashOnly).seeing(digit(3, code)))
}

fn online(track: &Track, _: &Circumstances) -> Option<Finding> {
    let code = track.service_code.given().filter(|code| matches!(code.digits(), [_, 2 | 4, _]))?;
    Some(Finding::asking(Reason::MagServiceCodeOnline).seeing(digit(2, code)))
}

fn pin(track: &Track, _: &Circumstances) -> Option<Finding> {
    let code = track.service_code.given().filter(|code| code.pin_required())?;
    Some(Finding::asking(Reason::MagServiceCodePin).seeing(digit(3, code)))
}

/// Digits of the service code to which nothing is assigned.
fn unassigned(track: &Track, _: &Circumstances) -> Option<Finding> {
    let code = track.service_code.given()?;
    let seen = (1..=3).filter(|place| meaning(*place, code).ends_with("unassigned")).map(|place| digit(place, code));
    all(Finding::asking(Reason::MagTrack2Format).certainty(Certainty::Hint), seen.collect())
}

/// The issuer's part is the chip's: most issuers write another verification value there.
fn copied_from_chip(track: &Track, circumstances: &Circumstances) -> Option<Finding> {
    let chip = circumstances.chip.as_ref()?;
    let same = track.has_discretionary(chip.unmask_discretionary());
    let seen = Evidence::new("same-as-chip").with("count", track.discretionary_length());
    let finding = Finding::asking(Reason::MagSameAsChip).severity(Severity::Info).certainty(Certainty::Hint);
    same.then(|| finding.seeing(seen))
}

/// The finding with all that was seen; `None` when nothing was.
fn all(finding: Finding, seen: Vec<Evidence>) -> Option<Finding> {
    (!seen.is_empty()).then(|| seen.into_iter().fold(finding, Finding::seeing))
}

/// What a track that was read with errors says is not sure.
fn as_sure_as_read(track: &Track) -> Certainty {
    let errors =
        matches!(track.check, Check::Differs { .. }) || track.faults.iter().any(|fault| fault.kind.is_of_reading());
    if errors { Certainty::Likely } else { Certainty::Proven }
}

fn fault(fault: &Fault) -> Evidence {
    Evidence::new("fault").with("what", Value::Word(fault.kind.word())).with("position", fault.position)
}

fn chip_card(track: &Track) -> Option<ServiceCode> {
    track.service_code.given().filter(|code| code.has_chip())
}

fn digit(place: usize, code: ServiceCode) -> Evidence {
    let value = place.checked_sub(1).and_then(|at| code.digits().get(at).copied()).unwrap_or(0);
    let seen = Evidence::new("digit").with("place", place).with("digit", usize::from(value));
    seen.with("meaning", Value::Word(meaning(place, code)))
}

/// The id of what a digit of the service code means (ISO/IEC 7813).
pub(super) fn meaning(place: usize, code: ServiceCode) -> &'static str {
    let [first, second, third] = code.digits();
    match (place, first, second, third) {
        (1, 1, ..) => "international-stripe",
        (1, 2, ..) => "international-chip",
        (1, 5, ..) => "national-stripe",
        (1, 6, ..) => "national-chip",
        (1, 7, ..) => "private",
        (1, 9, ..) => "test",
        (1, ..) => "first-unassigned",
        (2, _, 0, _) => "authorised-normally",
        (2, _, 2, _) => "authorised-by-issuer",
        (2, _, 4, _) => "authorised-by-issuer-unless-agreed",
        (2, ..) => "second-unassigned",
        (_, _, _, 0) => "unrestricted-pin",
        (_, _, _, 1) => "unrestricted",
        (_, _, _, 2) => "goods-and-services",
        (_, _, _, 3) => "atm-pin",
        (_, _, _, 4) => "cash",
        (_, _, _, 5) => "goods-and-services-pin",
        (_, _, _, 6) => "unrestricted-pin-prompt",
        (_, _, _, 7) => "goods-and-services-pin-prompt",
        _ => "third-unassigned",
    }
}
