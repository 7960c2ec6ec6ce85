//! The built-in cards by what they show.

use super::{Entry, entry};
use crate::card::alteration::{Alteration, Change, Edit, Place, Which};
use crate::card::{Application, Decision, Format, Profile, Scheme};
use crate::cryptogram::{Kind, Version};

/// An application of `scheme`, changed.
fn application(scheme: Scheme, change: impl FnOnce(&mut Application)) -> Application {
    let mut application = Application::new(scheme);
    change(&mut application);
    application
}

/// The plain card most others differ from in one thing.
fn plain() -> Application {
    Application::new(Scheme::Test).cda()
}

fn plain_but(name: &str, change: impl FnOnce(&mut Application)) -> Profile {
    let mut application = plain();
    change(&mut application);
    Profile::new(name, application)
}

fn union_pay() -> Application {
    let mut application = Application::new(Scheme::UnionPay).dda().cvm(&[0x42, 0x03, 0x5E, 0x03, 0x1F, 0x03]);
    application.languages = Some("zhen".to_owned());
    application
}

/// UnionPay and Visa on one card, as many Chinese cards had them.
fn dual(name: &str) -> Profile {
    let second = application(Scheme::Visa, |visa| visa.priority = Some(2)).dda();
    Profile::new(name, union_pay()).and(second).with_directory()
}

/// An object in a record of this card, with another value.
fn set(tag: apdu::Tag, value: &[u8]) -> Alteration {
    Alteration::Holder(Edit::Set(Place { parent: None, tag }, value.to_vec()))
}

/// The cards.
pub(super) const CARDS: &[Entry] = &[
    entry("sda", "Visa-like, static data authentication, plaintext PIN", |name| {
        Profile::new(name, Application::new(Scheme::Visa).sda())
    }),
    entry("dda", "Mastercard-like, dynamic data authentication, issuer authentication inside GENERATE AC", |name| {
        Profile::new(name, Application::new(Scheme::Mastercard).dda())
    }),
    entry("cda", "test scheme, combined data authentication, PDOL, common core cryptogram", |name| {
        Profile::new(name, plain())
    }),
    entry("no-oda", "Visa-like, no offline data authentication", |name| {
        Profile::new(name, Application::new(Scheme::Visa))
    }),
    entry("pse", "cda with a payment system directory", |name| Profile::new(name, plain()).with_directory()),
    entry("no-pse", "two applications and no directory: found by the list of AIDs", |name| Profile {
        directory: None,
        ..dual(name)
    }),
    entry("two-applications", "UnionPay first and Visa second, in a directory", dual),
    entry("confirm", "an application the cardholder must confirm", |name| {
        plain_but(name, |application| application.priority = Some(0x81))
    }),
    entry("unionpay", "UnionPay debit: DDA, online PIN, 3DES cryptogram, transaction log", |name| {
        Profile::new(name, union_pay()).with_directory()
    }),
    entry("visa-18", "Visa-like, cryptogram version 18, answers of format 2", |name| {
        let visa = application(Scheme::Visa, |application| {
            application.version = Version::Visa18;
            application.cryptogram_format = Format::Two;
            application.dda_format = Format::Two;
        });
        Profile::new(name, visa.dda())
    }),
    entry("m-chip-14", "Mastercard-like, cryptogram version 14, CDA", |name| {
        Profile::new(name, application(Scheme::Mastercard, |card| card.version = Version::MChip14).cda())
    }),
    entry("expired", "cda, expired in December 2020", |name| {
        plain_but(name, |application| application.expiration = [0x20, 0x12, 0x31])
    }),
    entry("not-yet-effective", "cda, effective from January 2048", |name| {
        plain_but(name, |application| application.effective = [0x48, 0x01, 0x01])
    }),
    entry("certificate-expired", "cda, the card's certificate expired in December 2020", |name| {
        plain_but(name, |application| application.authentication.icc_expiry = [0x12, 0x20])
    }),
    entry("unknown-authority", "cda, certified by an authority that no terminal has the key of", |name| {
        plain_but(name, |application| application.authentication.authority = 0xE0)
    }),
    entry("altered", "dda, its expiry date moved to 2048 after signing", |name| {
        let card = Application { expiration: [0x25, 0x12, 0x31], ..Application::new(Scheme::Mastercard) };
        Profile::new(name, card.dda()).altered(set(apdu::tag::APPLICATION_EXPIRATION_DATE_5F24, &[0x48, 0x12, 0x31]))
    }),
    entry("wedge", "cda, something in between turns the card's request to go online into an approval", |name| {
        let cid = Place { parent: None, tag: apdu::tag::CRYPTOGRAM_INFORMATION_DATA_9F27 };
        let change = Change::Data(Edit::Set(cid, vec![Kind::Tc.bits()]));
        let answer = Alteration::Answer(Which::Instruction(apdu::command::ins::GENERATE_AC, Some(1)), change);
        let card = plain_but(name, |application| application.first = Decision::AtMost(Kind::Arqc));
        card.altered(answer)
    }),
    entry("card-blocked", "SELECT answers 6A81", |name| Profile { blocked: true, ..Profile::new(name, plain()) }),
    entry("application-blocked", "SELECT answers 6283", |name| {
        plain_but(name, |application| application.blocked = true)
    }),
    entry("pin-blocked", "no PIN try left", |name| plain_but(name, |application| application.pin_tries_left = 0)),
    entry("pin-last-try", "one PIN try left", |name| plain_but(name, |application| application.pin_tries_left = 1)),
    entry("offline", "approves without asking the issuer, three times at most in a row", |name| {
        plain_but(name, |application| application.card_offline_limit = Some(3))
    }),
    entry("online-only", "never approves without asking the issuer", |name| {
        plain_but(name, |application| application.first = Decision::AtMost(Kind::Arqc))
    }),
    entry("declines", "declines every transaction", |name| {
        plain_but(name, |application| application.first = Decision::AtMost(Kind::Aac))
    }),
    entry("issuer-must-answer", "online-only, and no approval without issuer authentication", |name| {
        plain_but(name, |application| {
            application.first = Decision::AtMost(Kind::Arqc);
            application.issuer_authentication_mandatory = true;
        })
    }),
    entry("enciphered-pin", "PIN enciphered under the card's key", |name| {
        Profile::new(name, plain().cvm(&[0x44, 0x03, 0x41, 0x03, 0x5E, 0x03, 0x1F, 0x03]))
    }),
    entry("pin-key", "dda, PIN enciphered under a key of its own", |name| {
        let card = Application::new(Scheme::Mastercard).dda().pin_key(128, 3);
        Profile::new(name, card.cvm(&[0x44, 0x03, 0x5E, 0x03, 0x1F, 0x03]))
    }),
    entry("online-pin", "PIN checked by the issuer", |name| {
        Profile::new(name, plain().cvm(&[0x42, 0x03, 0x5E, 0x03, 0x1F, 0x03]))
    }),
    entry("signature", "signature only", |name| Profile::new(name, plain().cvm(&[0x1E, 0x00]))),
    entry("pin-and-signature", "plaintext PIN and signature", |name| Profile::new(name, plain().cvm(&[0x03, 0x00]))),
    entry("no-cvm", "no cardholder verification required", |name| Profile::new(name, plain().cvm(&[0x1F, 0x00]))),
    entry("velocity", "past its upper offline limit: asks to go online", |name| {
        plain_but(name, |application| {
            application.offline_limits = Some((2, 4));
            application.last_online_atc = application.atc.saturating_sub(9);
        })
    }),
    entry("new-card", "never online before, with offline limits", |name| {
        plain_but(name, |application| {
            application.offline_limits = Some((2, 4));
            (application.atc, application.last_online_atc) = (0, 0);
        })
    }),
];
