//! Transactions that look odd and are right.

use emvident::kernel;
use emvident::vectors::{
    self,
    card::{Decision, profile::IssuerAuthentication},
    cryptogram::Kind,
    secret::Pan,
};

use super::{
    good::{Good, Method, Terminals, hex},
    line::{self, Exchange},
    random::Random,
};

/// Something odd, and how it comes about. `None` when this transaction cannot have it.
#[derive(Clone, Copy)]
pub struct Benign {
    pub name: &'static str,
    make: fn(&mut Good, &mut Random) -> Option<()>,
}

const ALL: &[Benign] = &[
    Benign { name: "nothing odd", make: |_, _| Some(()) },
    Benign {
        name: "co-badged: two applications, either is used",
        make: |good, random| {
            good.profile = vectors::profile(random.of(&["two-applications", "no-pse"]))?;
            good.people.choose = random.below(2);
            good.at(Terminals::Online);
            Some(())
        },
    },
    Benign {
        name: "no list of signed data (9F4A), AIP not signed",
        make: |good, _| {
            good.method()?;
            good.card_mut().aip_is_signed = false;
            Some(())
        },
    },
    Benign {
        name: "no DDOL: the default one is used",
        make: |good, _| {
            (good.method()? == Method::Dda).then_some(())?;
            good.card_mut().ddol = None;
            Some(())
        },
    },
    Benign {
        name: "prepaid: no sequence number",
        make: |good, _| {
            good.card_mut().sequence = None;
            Some(())
        },
    },
    Benign {
        name: "Maestro, Electron, national and other applications",
        make: |good, random| {
            let others: &[&str] = match good.card().aid[..5] {
                [.., 0x03] => &["A0000000032010", "A0000000038010", "A00000000310100102"],
                [.., 0x04] => &["A0000000043060", "A000000004306001", "A0000000042203"],
                [.., 0x33] => &["A000000333010102", "A000000333010106"],
                _ => return None,
            };
            good.card_mut().aid = hex(random.of(others));
            Some(())
        },
    },
    Benign {
        name: "card number of 19 digits",
        make: |good, _| {
            good.is_test_scheme().then_some(())?;
            good.card_mut().pan = Pan::new("6799998900000060018").ok()?;
            Some(())
        },
    },
    Benign {
        name: "terminal without CDA",
        make: |good, random| {
            (good.method()? == Method::Cda).then_some(())?;
            let last = if random.yes() { "\"dda\"" } else { "\"sda\", \"dda\"" };
            good.configure(&format!(
                "terminal.capabilities = [\"ic-with-contacts\", \"plaintext-pin\", \"online-pin\", \"signature\", \
                 \"enciphered-pin\", \"no-cvm\", {last}]"
            ));
            Some(())
        },
    },
    Benign {
        name: "counter far ahead of the last time online",
        make: |good, random| {
            good.card_mut().atc = 0x4000 + random.below(0x1000) as u16;
            good.card_mut().last_online_atc = 0x0100;
            Some(())
        },
    },
    Benign {
        name: "above the floor limit, approved online",
        make: |good, _| {
            good.at(Terminals::Online);
            good.purchase.amount = 25_000;
            Some(())
        },
    },
    Benign {
        name: "the issuer changes data on the card",
        make: |good, _| {
            good.at(Terminals::Online);
            good.purchase.amount = 25_000;
            good.host = "script put-data".parse::<vectors::Behaviour>().ok()?.into();
            Some(())
        },
    },
    Benign {
        name: "the issuer sends no authentication data",
        make: |good, _| {
            good.at(Terminals::Online);
            good.purchase.amount = 25_000;
            good.card_mut().issuer_authentication = IssuerAuthentication::None;
            good.host = vectors::Behaviour::ApproveWithout91.into();
            Some(())
        },
    },
    Benign {
        name: "no action codes on the card",
        make: |good, _| {
            good.card_mut().action_codes = None;
            Some(())
        },
    },
    Benign {
        name: "no network, approved offline",
        make: |good, _| {
            good.at(Terminals::Online);
            good.method()?;
            good.card_mut().first = Decision::AtMost(Kind::Arqc);
            good.host = vectors::Behaviour::Silent.into();
            Some(())
        },
    },
    Benign {
        name: "expires today",
        make: |good, _| {
            good.purchase.date = "2027-03-31".to_owned();
            good.card_mut().expiration = [0x27, 0x03, 0x31];
            Some(())
        },
    },
    Benign {
        name: "confirmed by the cardholder",
        make: |good, _| {
            (good.profile.applications.len() == 1).then_some(())?;
            good.card_mut().priority = Some(0x81);
            Some(())
        },
    },
    Benign {
        name: "short keys, CDA asked for later",
        make: |good, random| {
            (good.method()? == Method::Cda).then_some(())?;
            good.at(Terminals::Online);
            good.purchase.amount = 25_000;
            good.configure(&format!("terminal.cda-mode = {}", 1 + random.below(4)));
            Some(())
        },
    },
];

pub fn all() -> &'static [Benign] {
    ALL
}

/// The recording of a transaction with this oddity, which everybody approved.
pub fn approved(benign: &Benign, random: &mut Random) -> Vec<Exchange> {
    let mut transactions = (0..500).filter_map(|_| {
        let mut good = Good::any(random);
        (benign.make)(&mut good, random).map(|()| line::play(&good))
    });
    let approved = transactions.find(|(outcome, _)| outcome.decision == kernel::Decision::Approved);
    approved.unwrap_or_else(|| panic!("{} is not benign", benign.name)).1
}
