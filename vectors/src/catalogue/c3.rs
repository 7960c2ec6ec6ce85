//! Contactless cards for kernel 3.

use super::{Entry, entry};
use crate::card::contactless::c3::{Personality, Place};
use crate::card::contactless::{self, Contactless};
use crate::card::{Application, Profile, Scheme};

/// `9F66 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37` with their lengths.
const PDOL: [u8; 25] = [
    0x9F, 0x66, 0x04, 0x9F, 0x02, 0x06, 0x9F, 0x03, 0x06, 0x9F, 0x1A, 0x02, 0x95, 0x05, 0x5F, 0x2A, 0x02, 0x9A, 0x03,
    0x9C, 0x01, 0x9F, 0x37, 0x04, 0x00,
];

/// A Visa-like application that is read through the air.
fn application(personality: Personality) -> Application {
    Application {
        pdol: PDOL.get(..24).unwrap_or(&PDOL).to_vec(),
        // Nothing of these is read by kernel 3.
        cvm_list: None,
        action_codes: None,
        terminal_risk_management: false,
        contactless: Some(Contactless::new(contactless::Personality::C3(personality))),
        ..Application::new(Scheme::Visa)
    }
}

/// Where the cardholder is to be verified: by online PIN.
const ONLINE_PIN: [u8; 2] = [0x80, 0x00];

/// A card that cannot authenticate itself goes online.
const ONLINE_IF_UNAUTHENTICATED: [u8; 2] = [0x20, 0x00];

/// One that approves itself.
fn offline() -> Personality {
    Personality { qualifiers: Some(ONLINE_IF_UNAUTHENTICATED), verification: ONLINE_PIN, ..Personality::default() }
}

/// A phone that has verified its owner.
fn phone() -> Personality {
    Personality { qualifiers: Some([0x00, 0x80]), signs_online: true, ..Personality::default() }
}

/// The cards.
pub(super) const CARDS: &[Entry] = &[
    entry("c3-online", "Visa-like through the air, asks the issuer every time, online PIN", |name| {
        Profile::new(name, application(Personality { qualifiers: Some(ONLINE_PIN), ..Personality::default() }))
    }),
    entry("c3-offline", "Visa-like through the air, approves itself with fDDA", |name| {
        Profile::new(name, application(offline()).dda())
    }),
    entry(
        "c3-signature-in-record",
        "c3-offline with a key too long for its signature to fit beside the rest",
        |name| {
            let own = Personality { signature: Place::Record, ..offline() };
            Profile::new(name, application(own).dda().keys(0xF3, (247, 3), (205, 3)))
        },
    ),
    entry("c3-phone", "Visa-like phone, has verified its owner, signs also what goes online", |name| {
        Profile::new(name, application(phone()).dda())
    }),
    entry("c3-locked-phone", "c3-phone that asks its owner first", |name| {
        Profile::new(name, application(Personality { locked: true, ..phone() }).dda())
    }),
    entry("c3-prepaid", "c3-offline with 50.00 to spend without the issuer, and tells so", |name| {
        Profile::new(name, application(Personality { spending: Some(5000), ..offline() }).dda())
    }),
    entry("c3-updated", "c3-online that takes what its issuer sends when it is presented again", |name| {
        Profile::new(name, application(Personality { qualifiers: Some([0x80, 0x40]), ..Personality::default() }))
    }),
];
