//! Transactions with nothing wrong: cards of many shapes at terminals of many kinds.

use emvident::{
    kernel::{Terminal, Transaction},
    scenario::Purchase,
    scripted::{HostScript, People, Scripted},
    setup::{KeyChange, TerminalSource},
    vectors::{
        self, Alteration, Profile, SoftwareCard,
        card::Decision,
        card::profile::{Application, Format, IssuerAuthentication},
        pki::KeySpec,
        secret::Pan,
    },
};

use super::{line::Rewrite, random::Random};

/// The cards that others are made from.
const CARDS: [&str; 14] = [
    "sda",
    "dda",
    "cda",
    "pse",
    "two-applications",
    "unionpay",
    "visa-18",
    "m-chip-14",
    "online-only",
    "enciphered-pin",
    "online-pin",
    "signature",
    "no-cvm",
    "offline",
];

/// What a card may ask for beside what its cryptogram needs: tag and length.
const MORE: [&str; 6] = ["9F3303", "9F3403", "9F3501", "9F2103", "9F1C08", "9F0902"];

const ISSUER_KEYS: [(usize, u32); 8] =
    [(96, 3), (112, 65537), (128, 3), (143, 3), (144, 3), (175, 65537), (176, 3), (192, 65537)];
const ICC_KEYS: [(usize, u32); 7] = [(96, 3), (112, 3), (128, 3), (143, 3), (144, 3), (175, 65537), (176, 3)];

/// How a terminal takes a check that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terminals {
    /// It never goes online: default action codes decide.
    OfflineOnly,
    /// It declines at once: denial action codes.
    Strict,
    /// It asks the issuer.
    Online,
}

/// How the card is authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Sda,
    Dda,
    Cda,
}

/// One transaction before it happens.
#[derive(Clone, Debug)]
pub struct Good {
    pub profile: Profile,
    pub terminals: Terminals,
    /// Whatever differs from the terminal for tests, as lines of TOML.
    pub configuration: Vec<String>,
    pub keys: Vec<KeyChange>,
    pub purchase: Purchase,
    pub people: People,
    pub host: HostScript,
    pub seed: u64,
    /// What the terminal sends otherwise than it means to.
    pub misbuilt: Vec<Rewrite>,
    /// What somebody between terminal and card changes.
    pub in_transit: Vec<Rewrite>,
    /// The recording ends at the first command with this INS, or has the command and no answer.
    pub ends_at: Option<(u8, bool)>,
}

/// Everything laid out.
pub struct Laid {
    pub card: SoftwareCard,
    pub people: Scripted,
    pub terminal: Terminal,
    pub transaction: Transaction,
}

impl Good {
    /// Any good transaction.
    pub fn any(random: &mut Random) -> Self {
        let mut profile = vectors::profile(random.of(&CARDS)).expect("a built-in card");
        shape(&mut profile.applications[0], random);
        profile.seed = random.next();
        let terminals = random.of(&[Terminals::OfflineOnly, Terminals::Strict, Terminals::Online]);
        let purchase = Purchase {
            amount: 100 + random.below(9000) as u64,
            date: format!("2026-{:02}-{:02}", 1 + random.below(12), 1 + random.below(28)),
            counter: 1 + random.below(9999) as u32,
            ..Purchase::default()
        };
        let mut good = Self {
            profile,
            terminals,
            configuration: Vec::new(),
            keys: Vec::new(),
            purchase,
            people: People::default(),
            host: HostScript::default(),
            seed: random.next(),
            misbuilt: Vec::new(),
            in_transit: Vec::new(),
            ends_at: None,
        };
        good.at(terminals);
        // A card that must go online, or a PIN that must, gets no approval where nobody goes online.
        let online_pin =
            good.card().cvm_list.as_ref().is_some_and(|list| list.get(8).is_some_and(|rule| rule & 0x3F == 2));
        if online_pin || good.card().first != Decision::AsAsked {
            good.at(Terminals::Online);
        }
        good
    }

    /// The same at a terminal of this kind.
    pub fn at(&mut self, terminals: Terminals) {
        self.terminals = terminals;
        self.configuration.retain(|line| !line.starts_with("terminal.type") && !line.contains("tac-denial"));
        match terminals {
            Terminals::OfflineOnly => self.configure("terminal.type = \"23\""),
            Terminals::Strict => self.configure("application.tac-denial = \"FCF0800000\""),
            Terminals::Online => {}
        }
    }

    pub fn configure(&mut self, line: &str) {
        self.configuration.push(line.to_owned());
    }

    pub fn alter(&mut self, alteration: &str) {
        let alteration: Alteration = alteration.parse().expect(alteration);
        self.profile.alterations.push(alteration);
    }

    pub fn card(&self) -> &Application {
        &self.profile.applications[0]
    }

    pub fn card_mut(&mut self) -> &mut Application {
        &mut self.profile.applications[0]
    }

    pub fn method(&self) -> Option<Method> {
        let methods = &self.card().authentication;
        let chosen = [(methods.cda, Method::Cda), (methods.dda, Method::Dda), (methods.sda, Method::Sda)];
        chosen.into_iter().find(|(has, _)| *has).map(|(_, method)| method)
    }

    /// Whether the card has a certificate of its own.
    pub fn signs(&self) -> bool {
        matches!(self.method(), Some(Method::Dda | Method::Cda))
    }

    pub fn authority_bytes(&self) -> usize {
        match (self.card().authentication.authority, self.is_test_scheme()) {
            (0xF1, _) => 144,
            (0xF2, _) => 176,
            _ => 248,
        }
    }

    pub fn is_test_scheme(&self) -> bool {
        self.card().aid[0] == 0xF0
    }

    /// Bytes of the issuer's key that stand beside its certificate.
    pub fn issuer_remainder(&self) -> usize {
        let key = self.card().authentication.issuer.bytes;
        (key + 36).saturating_sub(self.authority_bytes())
    }

    /// Bytes of the card's key that stand beside its certificate.
    pub fn icc_remainder(&self) -> usize {
        let keys = &self.card().authentication;
        (keys.icc.bytes + 42).saturating_sub(keys.issuer.bytes)
    }

    pub fn lay(&self) -> Laid {
        let mut lines = self.configuration.clone();
        lines.sort_by_key(|line| line.starts_with("[["));
        let configuration: toml::Table = lines.join("\n").parse().expect("lines of TOML");
        let source = TerminalSource { key_changes: self.keys.clone(), ..TerminalSource::for_tests() };
        let terminal = source.with(&configuration).and_then(|source| source.terminal()).expect("a terminal");
        let pin = self.card().pin.clone();
        Laid {
            card: SoftwareCard::new(&self.profile).expect("a card"),
            people: Scripted::new(self.people.clone(), pin, self.host.clone(), self.seed),
            terminal,
            transaction: self.purchase.resolve().expect("a purchase"),
        }
    }
}

/// What differs from card to card without being wrong.
fn shape(card: &mut Application, random: &mut Random) {
    let test = card.aid[0] == 0xF0;
    let authorities: &[(u8, usize)] =
        if test { &[(0xF1, 144), (0xF2, 176), (0xF3, 248), (0xF4, 248)] } else { &[(0xF1, 144), (0xF3, 248)] };
    let (authority, ca) = random.of(authorities);
    let issuers: Vec<_> = ISSUER_KEYS.into_iter().filter(|(bytes, _)| *bytes <= ca).collect();
    let issuer = random.of(&issuers);
    let chips: Vec<_> = ICC_KEYS.into_iter().filter(|(bytes, _)| *bytes <= issuer.0).collect();
    let icc = random.of(&chips);
    card.authentication.authority = authority;
    card.authentication.issuer = key("issuer", issuer);
    card.authentication.icc = key("icc", icc);
    card.aip_is_signed = random.yes();
    card.sequence = random.of(&[None, Some(0), Some(1), Some(2)]);
    card.expiration = [0x27 + random.below(3) as u8, 0x01 + random.below(9) as u8, 0x28];
    card.effective = [0x21 + random.below(4) as u8, 0x01 + random.below(9) as u8, 0x01];
    card.options_format = random.of(&[Format::One, Format::Two]);
    card.dda_format = random.of(&[Format::One, Format::Two]);
    card.cryptogram_format = random.of(&[Format::One, Format::Two]);
    card.ddol = random.of(&[None, Some(vec![0x9F, 0x37, 0x04]), Some(hex("9F37049F02069A03"))]);
    if random.yes() {
        card.pan = Pan::new(number_like(card.pan.digits(), random)).expect("digits");
    }
    lists(card, random);
    card.atc = 1 + random.below(0x7FFF) as u16;
    card.last_online_atc = card.atc - 1;
}

/// The lists of a card in another order, and with more in them. The card takes them by tag.
fn lists(card: &mut Application, random: &mut Random) {
    let more: Vec<&str> = MORE.into_iter().filter(|_| random.below(3) == 0).collect();
    for object in more {
        let object = hex(object);
        for list in [&mut card.cdol1, &mut card.cdol2] {
            if !entries(list).any(|entry| entry == object) {
                list.extend(&object);
            }
        }
    }
    if card.issuer_authentication == IssuerAuthentication::Command && random.yes() {
        let mut rows: Vec<Vec<u8>> = entries(&card.cdol1).collect();
        let by = random.below(rows.len());
        rows.rotate_left(by);
        card.cdol1 = rows.concat();
    }
}

/// The entries of a list, each with its tag and length.
pub fn entries(list: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let entries = vectors::dol::entries(list);
    entries.into_iter().map(|(tag, length)| [tag.bytes().as_ref(), &[length as u8]].concat())
}

/// Where the value for `tag` stands in what is sent for `list`.
pub fn value_at(list: &[u8], wanted: u32) -> Option<usize> {
    let mut at = 0;
    for (tag, length) in vectors::dol::entries(list) {
        if tag.number() == wanted {
            return Some(at);
        }
        at += length;
    }
    None
}

fn key(use_of_it: &str, (bytes, exponent): (usize, u32)) -> KeySpec {
    KeySpec::new(&format!("{use_of_it}-{}", bytes * 8), bytes, exponent)
}

/// A number with the same issuer and another account, and its check digit.
fn number_like(digits: &str, random: &mut Random) -> &'static str {
    let body: String = digits[..digits.len() - 1]
        .char_indices()
        .map(|(at, digit)| if at < 8 { digit } else { char::from(b'0' + random.below(10) as u8) })
        .collect();
    let sum: u32 = body.bytes().rev().enumerate().map(|(at, digit)| weigh(at, u32::from(digit - b'0'))).sum();
    format!("{body}{}", (10 - sum % 10) % 10).leak()
}

fn weigh(at: usize, digit: u32) -> u32 {
    if at % 2 == 1 {
        return digit;
    }
    if digit > 4 { digit * 2 - 9 } else { digit * 2 }
}

pub fn hex(text: &str) -> Vec<u8> {
    ::hex::decode(text).expect("hexadecimal digits")
}
