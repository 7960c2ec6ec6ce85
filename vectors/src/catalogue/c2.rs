//! Contactless cards for kernel 2.

use super::{Entry, entry};
use crate::card::contactless::c2::{Personality, RelayResistance, Storage};
use crate::card::contactless::{self, Contactless};
use crate::card::{Application, Profile, Scheme};

/// A Mastercard-like application that is read through the air: online PIN, then signature, then nothing.
fn application(personality: Personality) -> Application {
    let mut application = Application::new(Scheme::Mastercard).cda().cvm(&[0x42, 0x03, 0x5E, 0x03, 0x1F, 0x03]);
    application.contactless = Some(Contactless::new(contactless::Personality::C2(personality)));
    application
}

fn card(name: &str, personality: Personality) -> Profile {
    Profile::new(name, application(personality))
}

/// The card says that it takes 1 to 5 ms and needs 2.4 ms to send; it does what it says.
fn relay_resistance() -> RelayResistance {
    RelayResistance { minimum: 10, maximum: 50, transmission: 24, takes: vec![72] }
}

/// The cards.
pub(super) const CARDS: &[Entry] = &[
    entry("c2", "Mastercard-like through the air, signs with its cryptogram", |name| {
        card(name, Personality::default())
    }),
    entry("c2-phone", "Mastercard-like phone, has verified its owner", |name| {
        card(name, Personality { on_device_cvm: true, ..Personality::default() })
    }),
    entry("c2-locked-phone", "c2-phone that wants its owner's consent, and is tapped again", |name| {
        let interaction = [[0x00, 0x01, 0x00], [0x00, 0x10, 0x00]].into();
        let capabilities = Some([0x00, 0x04, 0x00]);
        card(name, Personality { on_device_cvm: true, interaction, capabilities, ..Personality::default() })
    }),
    entry("c2-relay", "c2 that lets its distance be measured", |name| {
        card(name, Personality { relay_resistance: Some(relay_resistance()), ..Personality::default() })
    }),
    entry("c2-recovery", "c2 that gives a cryptogram that got lost once more", |name| {
        let recovery = Some(vec![0x9F, 0x37, 0x04]);
        card(name, Personality { recovery, ..Personality::default() })
    }),
    entry("c2-stripe", "Mastercard-like through the air, tracks with a checksum alone", |name| {
        card(name, Personality { emv_mode: false, stripe: true, track_1: true, ..Personality::default() })
    }),
    entry("c2-both", "c2 with tracks for readers that know no better", |name| {
        card(name, Personality { stripe: true, ..Personality::default() })
    }),
    entry("c2-stripe-phone", "phone with tracks and a checksum alone, verifies its owner when asked", |name| {
        let own = Personality {
            emv_mode: false,
            stripe: true,
            on_device_cvm: true,
            interaction: [[0x00, 0x10, 0x00]].into(),
            ..Personality::default()
        };
        card(name, own)
    }),
    entry("c2-balance", "c2 that tells what is left on it", |name| {
        let mut application =
            application(Personality { capabilities: Some([0x00, 0x02, 0x00]), ..Personality::default() });
        application.data.insert(0x9F50, vec![0x00, 0x00, 0x00, 0x00, 0x43, 0x21]);
        Profile::new(name, application)
    }),
    entry("c2-storage", "c2 that keeps an operator's data", |name| {
        let own = Personality {
            capabilities: Some([0x01, 0x01, 0x00]),
            storage: Some(Storage::default()),
            ..Personality::default()
        };
        card(name, own)
    }),
];
