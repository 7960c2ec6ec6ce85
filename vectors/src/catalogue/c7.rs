//! Contactless cards for kernel 7.

use super::{Entry, entry};
use crate::card::contactless::c7::{Personality, Wish};
use crate::card::contactless::{self, Contactless};
use crate::card::{Application, Profile, Scheme};

/// `9F66 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37 DF69 9F7A` with their lengths.
const PDOL: [u8; 31] = [
    0x9F, 0x66, 0x04, 0x9F, 0x02, 0x06, 0x9F, 0x03, 0x06, 0x9F, 0x1A, 0x02, 0x95, 0x05, 0x5F, 0x2A, 0x02, 0x9A, 0x03,
    0x9C, 0x01, 0x9F, 0x37, 0x04, 0xDF, 0x69, 0x01, 0x9F, 0x7A, 0x01, 0x00,
];

/// The last byte of UnionPay's application names says the product.
#[derive(Clone, Copy)]
enum Product {
    Debit = 0x01,
    Credit = 0x02,
    QuasiCredit = 0x03,
    ElectronicCash = 0x06,
}

/// Goes online when authentication fails or the card has expired.
const ONLINE: u8 = 0x28;

fn application(product: Product, label: &str, personality: Personality) -> Application {
    let [pdol @ .., _] = PDOL;
    Application {
        aid: vec![0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, product as u8],
        label: label.to_owned(),
        pdol: pdol.to_vec(),
        // Nothing of these is read by kernel 7.
        cvm_list: None,
        action_codes: None,
        terminal_risk_management: false,
        contactless: Some(Contactless::new(contactless::Personality::C7(personality))),
        ..Application::new(Scheme::UnionPay)
    }
    .dda()
}

/// 80.00 in the purse, of which 50.00 at most at once, and 5.00 have to stay.
fn with_purse(mut application: Application) -> Application {
    let purse = [(0x9F77, [0x00, 0x00, 0x00, 0x10, 0x00, 0x00]), (0x9F79, [0x00, 0x00, 0x00, 0x00, 0x80, 0x00])];
    let limits = [(0x9F78, [0x00, 0x00, 0x00, 0x00, 0x50, 0x00]), (0x9F6D, [0x00, 0x00, 0x00, 0x00, 0x05, 0x00])];
    application.data.extend(purse.into_iter().chain(limits).map(|(tag, value)| (tag, value.to_vec())));
    application
}

/// The cards.
pub(super) const CARDS: &[Entry] = &[
    entry("c7-debit", "UnionPay debit through the air: online, PIN every time", |name| {
        let own = Personality { pin: Wish::Always, wishes: ONLINE, ..Personality::default() };
        Profile::new(name, application(Product::Debit, "PBOC DEBIT", own))
    }),
    entry("c7-credit", "UnionPay credit through the air: online, signature when the reader wants one", |name| {
        let own = Personality { signature: Wish::WhenRequired, wishes: ONLINE, ..Personality::default() };
        Profile::new(name, application(Product::Credit, "PBOC CREDIT", own))
    }),
    entry("c7-quasi-credit", "UnionPay quasi-credit through the air: online, PIN or else signature", |name| {
        let own = Personality {
            pin: Wish::WhenRequired,
            signature: Wish::WhenRequired,
            wishes: ONLINE,
            ..Personality::default()
        };
        Profile::new(name, application(Product::QuasiCredit, "PBOC QUASI CREDIT", own))
    }),
    entry("c7-electronic-cash", "UnionPay electronic cash: 80.00 in its purse, signs what it pays from it", |name| {
        Profile::new(name, with_purse(application(Product::ElectronicCash, "PBOC EC", Personality::default())))
    }),
    entry("c7-debit-purse", "c7-electronic-cash as a debit card that goes online when it cannot pay itself", |name| {
        let own = Personality { pin: Wish::WhenRequired, wishes: ONLINE, ..Personality::default() };
        Profile::new(name, with_purse(application(Product::Debit, "PBOC DEBIT", own)))
    }),
    entry("c7-phone", "UnionPay on a phone: has verified its owner", |name| {
        let own = Personality { device: true, wishes: ONLINE, ..Personality::default() };
        Profile::new(name, application(Product::Debit, "UNIONPAY", own))
    }),
    entry("c7-phone-purse", "c7-phone that pays from a purse of its own", |name| {
        let own = Personality { device: true, ..Personality::default() };
        Profile::new(name, with_purse(application(Product::Debit, "UNIONPAY", own)))
    }),
];
