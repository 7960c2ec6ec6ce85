//! One card per class of key length, each with CDA where the answer fits into one response.

use super::{Entry, entry};
use crate::card::{Application, Profile, Scheme};

/// Modulus bytes and public exponent.
type Key = (usize, u32);

/// A card of the test scheme: the authority's index, the issuer's key, the card's.
fn card(name: &str, authority: u8, issuer: Key, icc: Key) -> Profile {
    let application = Application::new(Scheme::Test).keys(authority, issuer, icc);
    Profile::new(name, if icc.0 <= 205 { application.cda() } else { application.dda() })
}

/// The cards.
pub(super) const CARDS: &[Entry] = &[
    entry("rsa-512", "keys of 64 bytes throughout, the shortest in use", |name| card(name, 0xE1, (64, 3), (64, 3))),
    entry("rsa-768", "keys of 96, 96 and 80 bytes", |name| card(name, 0xE2, (96, 3), (80, 65537))),
    entry("rsa-896", "keys of 112 bytes throughout, exponents 65537 and 3", |name| {
        card(name, 0xE3, (112, 65537), (112, 3))
    }),
    entry("rsa-1024", "keys of 128, 128 and 96 bytes", |name| card(name, 0xE4, (128, 3), (96, 3))),
    entry("rsa-1144", "keys of 143 bytes throughout: an odd number of bytes", |name| {
        card(name, 0xE5, (143, 3), (143, 3))
    }),
    entry("rsa-1152", "keys of 144 bytes throughout", |name| card(name, 0xF1, (144, 3), (144, 3))),
    entry("rsa-1400", "keys of 175 bytes throughout, exponent 65537", |name| {
        card(name, 0xE6, (175, 65537), (175, 65537))
    }),
    entry("rsa-1408", "keys of 176 bytes throughout", |name| card(name, 0xF2, (176, 3), (176, 3))),
    entry("rsa-1536", "keys of 248, 192 and 192 bytes, exponent 65537", |name| {
        card(name, 0xF4, (192, 65537), (192, 65537))
    }),
    entry("rsa-1640", "keys of 248, 247 and 205 bytes: the longest that CDA answers can hold", |name| {
        card(name, 0xF3, (247, 3), (205, 3))
    }),
    entry("rsa-1976", "keys of 248, 247 and 247 bytes: the longest for DDA", |name| {
        card(name, 0xF3, (247, 3), (247, 3))
    }),
    entry("rsa-1984", "keys of 248 bytes: the longest for SDA", |name| {
        let application = Application::new(Scheme::Test).keys(0xF4, (248, 3), (128, 3));
        Profile::new(name, application.sda())
    }),
];
