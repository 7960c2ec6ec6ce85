//! What the other terminal used: recovered from the data it sent for the card's lists.

use alloc::{vec, vec::Vec};

use apdu::{
    Bits, Dol, Tag,
    command::ins,
    tag, tlv,
    value::{
        CryptogramType, Tvr, aip,
        amount::Amount,
        date::{Date, Time},
        pan::Pan,
        terminal_capabilities::{self, TerminalCapabilities},
        terminal_type::TerminalType,
        tvr,
    },
};

use super::{Assumption, Seen, attempts::is_directory, contactless};
use crate::{
    contact::select::fci::Fci,
    contactless::KernelId,
    finding::Place,
    store::{CardData, TerminalData},
    terminal::{ApplicationParameters, Limits, RandomSelection, SelectionPolicy, Terminal},
    transaction::{Interface, Transaction, TransactionKind},
};

/// What a recording tells about the terminal that made it.
#[derive(Debug, Default)]
pub struct Recovered {
    /// The name of the application that was used.
    pub aid: Vec<u8>,
    /// The terminal's own data, as the card was given them first.
    pub data: TerminalData,
    /// The card's records.
    pub card: CardData,
    /// The TVR given with the first GENERATE AC, and the exchange.
    pub first_tvr: Option<(Tvr, u32)>,
    /// P1 of the GENERATE AC commands, in order, and the exchanges.
    pub requests: Vec<(u8, u32)>,
    /// The authorisation response code the card was given with the second GENERATE AC.
    pub response_code: Option<[u8; 2]>,
    /// Issuer authentication data, from EXTERNAL AUTHENTICATE or CDOL2.
    pub issuer_authentication_data: Option<Vec<u8>>,
    /// Issuer scripts, as templates `71` and `72`.
    pub scripts: Vec<u8>,
    /// The names of applications that SELECT was tried with, in order.
    pub tried: Vec<Vec<u8>>,
    /// The directory was used.
    pub used_directory: bool,
    /// What had to be assumed, since the recording does not tell.
    pub assumed: Vec<Assumption>,
    date: Option<Date>,
    /// What its commands show it can do.
    shown: Shown,
    is_contactless: bool,
    /// It behaves like an application of kernel 3.
    is_quick: bool,
}

/// Commands that show what a terminal can do.
#[derive(Debug, Default)]
struct Shown {
    dynamic_signature: bool,
    plaintext_pin: bool,
    enciphered_pin: bool,
    /// Relay resistance without its times.
    untimed_distance: bool,
}

impl Recovered {
    /// Reads a recording's attempt.
    pub(super) fn from(seen: &[Seen<'_>], base: &Terminal, today: Option<Date>) -> Self {
        let mut recovered = Self::default();
        seen.iter().for_each(|exchange| recovered.take(exchange));
        recovered.assume(base, today);
        recovered
    }

    fn take(&mut self, exchange: &Seen<'_>) {
        self.is_contactless |= contactless::is_tap(exchange);
        match exchange.ins() {
            ins::SELECT => self.take_selection(exchange),
            ins::GET_PROCESSING_OPTIONS => self.take_processing_options(exchange),
            ins::READ_RECORD => self.keep(exchange.answer()),
            ins::INTERNAL_AUTHENTICATE => {
                self.shown.dynamic_signature = true;
                self.unfill(tag::DDOL_9F49, &[0x9F, 0x37, 0x04], exchange.data());
            }
            ins::VERIFY => {
                let is_enciphered = matches!(exchange.command, [_, _, _, 0x88, ..]);
                self.shown.enciphered_pin |= is_enciphered;
                self.shown.plaintext_pin |= !is_enciphered;
            }
            ins::GENERATE_AC => self.take_cryptogram(exchange),
            ins::EXCHANGE_RELAY_RESISTANCE_DATA => self.shown.untimed_distance |= exchange.elapsed.is_zero(),
            ins::EXTERNAL_AUTHENTICATE => self.issuer_authentication_data = Some(exchange.data().to_vec()),
            _ => self.take_script(exchange),
        }
    }

    fn take_selection(&mut self, exchange: &Seen<'_>) {
        self.used_directory |= exchange.data() == b"1PAY.SYS.DDF01";
        if !is_directory(exchange.data()) && !self.tried.iter().any(|name| name == exchange.data()) {
            self.tried.push(exchange.data().to_vec());
        }
        let Some(fci) = exchange.answer().and_then(|answer| Fci::parse(answer).ok()) else { return };
        if !is_directory(fci.df_name) {
            self.aid = fci.df_name.to_vec();
            self.card = fci.store(Place::default());
        }
    }

    fn take_processing_options(&mut self, exchange: &Seen<'_>) {
        let field = tlv::find(exchange.data(), tag::COMMAND_TEMPLATE_83).ok().flatten();
        if let Some(field) = field {
            self.unfill(tag::PDOL_9F38, &[], field.value);
        }
        self.is_quick |= contactless::is_quick(self.card.value(tag::PDOL_9F38), exchange.answer());
        self.keep(exchange.answer());
        // In format 1 AIP and AFL have no tags.
        if let Some([0x80, _, first, second, afl @ ..]) = exchange.answer() {
            self.card.put(tag::AIP_82, &[*first, *second], Place::default());
            self.card.put(tag::AFL_94, afl, Place::default());
        }
    }

    fn take_cryptogram(&mut self, exchange: &Seen<'_>) {
        let list = if self.requests.is_empty() { tag::CDOL1_8C } else { tag::CDOL2_8D };
        self.requests.push((exchange.p1(), exchange.number));
        let sent = values(self.card.value(list).unwrap_or(&[]), exchange.data());
        let find = |wanted: Tag| sent.iter().find(|(tag, _)| *tag == wanted).map(|(_, value)| *value);
        if list == tag::CDOL1_8C {
            let bits = find(tag::TVR_95).and_then(|value| value.try_into().ok());
            self.first_tvr = bits.map(|bits| (Bits(bits), exchange.number));
        } else {
            self.response_code = find(tag::AUTHORISATION_RESPONSE_CODE_8A).and_then(|value| value.try_into().ok());
            let data = find(tag::ISSUER_AUTHENTICATION_DATA_91).filter(|value| value.iter().any(|byte| *byte != 0));
            self.issuer_authentication_data = self.issuer_authentication_data.take().or(data.map(<[u8]>::to_vec));
        }
        sent.into_iter().for_each(|(tag, value)| self.learn(tag, value));
    }

    /// Commands of the issuer: those with secure messaging, and the blocking and changing ones.
    fn take_script(&mut self, exchange: &Seen<'_>) {
        let secured = matches!(exchange.command, [0x04 | 0x0C | 0x84 | 0x8C | 0x94 | 0x9C, ..]);
        if !secured || self.requests.is_empty() {
            return;
        }
        let template = if self.requests.len() == 1 { 0x71 } else { 0x72 };
        let mut command = Vec::new();
        tlv::write(&mut command, tag::ISSUER_SCRIPT_COMMAND_86, exchange.command);
        tlv::write(&mut self.scripts, Tag::new(template), &command);
    }

    fn unfill(&mut self, list: Tag, default: &[u8], sent: &[u8]) {
        let list = self.card.value(list).unwrap_or(default).to_vec();
        values(&list, sent).into_iter().for_each(|(tag, value)| self.learn(tag, value));
    }

    /// The first value a card was given stays.
    fn learn(&mut self, tag: Tag, value: &[u8]) {
        if !self.data.has(tag) {
            self.data.put(tag, value, Place::default());
        }
    }

    fn keep(&mut self, answer: Option<&[u8]>) {
        // What cannot be read is the kernel's to report.
        let _ = tlv::walk(answer.unwrap_or(&[]), &mut |object, _| {
            if !object.tag.is_constructed() && !self.card.has(object.tag) {
                self.card.put(object.tag, object.value, Place::default());
            }
        });
    }

    fn assume(&mut self, base: &Terminal, today: Option<Date>) {
        let given = |tag| self.data.has(tag);
        let missing = [
            (given(tag::TRANSACTION_DATE_9A), Assumption::Date),
            (given(tag::TERMINAL_COUNTRY_CODE_9F1A), Assumption::Country),
            (given(tag::TERMINAL_CAPABILITIES_9F33), Assumption::Capabilities),
            (given(tag::TERMINAL_TYPE_9F35), Assumption::TerminalType),
            (given(tag::AMOUNT_AUTHORISED_9F02), Assumption::Amount),
            (self.requests.len() < 2 || self.response_code.is_some(), Assumption::ResponseCode),
            (self.requests.is_empty() || self.known(base).is_some(), Assumption::ActionCodes),
            (!self.is_contactless || self.is_tap(), Assumption::Contact),
            (!self.shown.untimed_distance, Assumption::Distance),
        ];
        self.assumed = missing.into_iter().filter(|(known, _)| !known).map(|(_, assumption)| assumption).collect();
        // A card is good for sure on its first day, or else on its last.
        let recorded = self.date_in(&self.data, tag::TRANSACTION_DATE_9A);
        let first_day = self.date_in(&self.card, tag::APPLICATION_EFFECTIVE_DATE_5F25);
        let last_day = self.date_in(&self.card, tag::APPLICATION_EXPIRATION_DATE_5F24);
        self.date = recorded.or(today).or(first_day).or(last_day);
    }

    fn date_in<Side>(&self, store: &crate::store::Store<Side>, tag: Tag) -> Option<Date> {
        store.array(tag).and_then(|yymmdd| Date::from_yymmdd(yymmdd).ok())
    }

    /// The contactless kernel for this card: by its name, or by what it does. An application that was never opened needs
    /// none, so any will do to reach it.
    pub(super) fn kernel(&self) -> Option<KernelId> {
        let name = self.names().first()?;
        let other = self.is_quick || self.aid.is_empty();
        contactless::kernel(name).or(other.then_some(KernelId::C3))
    }

    /// The application that was selected, or else those that were tried.
    pub(super) fn names(&self) -> &[Vec<u8>] {
        if self.aid.is_empty() { &self.tried } else { core::slice::from_ref(&self.aid) }
    }

    /// Whether the transaction is a tap that this kernel can follow.
    pub(super) fn is_tap(&self) -> bool {
        self.is_contactless && self.kernel().is_some()
    }

    /// Whether the recording goes as far as a cryptogram.
    pub fn has_cryptogram(&self) -> bool {
        !self.requests.is_empty()
    }

    /// Whether the first TVR had `bit`.
    pub(super) fn had(&self, bit: apdu::Bit) -> bool {
        self.first_tvr.is_some_and(|(bits, _)| bits.has(bit))
    }

    /// `base`, with what the recording tells about the other terminal.
    pub(super) fn terminal(&self, base: &Terminal, seen: &[Seen<'_>]) -> Terminal {
        let mut terminal = Terminal { limits: Limits::NONE, ..base.clone() };
        if self.is_contactless
            && let Some(contactless) = contactless::contactless(self, base, seen)
        {
            terminal.contactless = contactless;
        }
        let data = &self.data;
        terminal.country = data.array(tag::TERMINAL_COUNTRY_CODE_9F1A).unwrap_or_else(|| self.home());
        terminal.currency = data.array(tag::TRANSACTION_CURRENCY_CODE_5F2A).unwrap_or(base.currency);
        terminal.terminal_type =
            data.array(tag::TERMINAL_TYPE_9F35).map_or(base.terminal_type, |[kind]| TerminalType(kind));
        let capabilities = data.array(tag::TERMINAL_CAPABILITIES_9F33).map(Bits);
        terminal.capabilities = capabilities.unwrap_or_else(|| self.capabilities(base.capabilities));
        let additional = data.array(tag::ADDITIONAL_TERMINAL_CAPABILITIES_9F40);
        terminal.additional_capabilities = additional.map_or(base.additional_capabilities, Bits);
        terminal.identification = data.array(tag::TERMINAL_IDENTIFICATION_9F1C).unwrap_or(base.identification);
        terminal.ifd_serial_number = data.array(tag::IFD_SERIAL_NUMBER_9F1E).unwrap_or(base.ifd_serial_number);
        terminal.selection = SelectionPolicy { use_pse: self.used_directory, menu: true, confirmation: true };
        terminal.applications = self.applications(base);
        if self.had(tvr::ON_EXCEPTION_FILE) {
            let pan = self.card.value(tag::PAN_5A).and_then(|value| Pan::from_compressed(value).ok());
            terminal.exceptions.extend(pan.map(|pan| (pan, None)));
        }
        terminal
    }

    /// A country nobody told is the card's own: then no restriction is claimed.
    fn home(&self) -> [u8; 2] {
        self.card.array(tag::ISSUER_COUNTRY_CODE_5F28).unwrap_or_default()
    }

    /// What the terminal can do, when no list of the card asked for it: DDA only where there was one, if it says that it
    /// did not authenticate the card.
    fn capabilities(&self, most: TerminalCapabilities) -> TerminalCapabilities {
        let mut capabilities = most;
        if self.had(tvr::ODA_NOT_PERFORMED) && !self.shown.dynamic_signature {
            capabilities.clear(terminal_capabilities::DDA);
            if !self.left_combined_open() {
                capabilities.clear(terminal_capabilities::SDA);
                capabilities.clear(terminal_capabilities::CDA);
            }
        }
        capabilities
    }

    /// `capabilities` without the PIN methods that the terminal cannot have had, when these bits are in our TVR and not in
    /// its own: a PIN that nobody tried, and that nobody is said to have refused, was not to be had. `None` when that
    /// changes nothing, or when the card was told what the terminal can do.
    pub(super) fn without_pins(
        &self,
        capabilities: TerminalCapabilities,
        only_ours: Tvr,
    ) -> Option<TerminalCapabilities> {
        let offline = [tvr::PIN_NOT_ENTERED, tvr::PIN_PAD_FAILED].iter().any(|bit| only_ours.has(*bit));
        let impossible = [
            (terminal_capabilities::PLAINTEXT_OFFLINE_PIN, offline && !self.shown.plaintext_pin),
            (terminal_capabilities::ENCIPHERED_OFFLINE_PIN_RSA, offline && !self.shown.enciphered_pin),
            (terminal_capabilities::ONLINE_PIN, only_ours.has(tvr::ONLINE_CVM_CAPTURED)),
        ];
        let mut left = capabilities;
        impossible.iter().filter(|(_, is)| *is).for_each(|(bit, _)| left.clear(*bit));
        let told = self.data.has(tag::TERMINAL_CAPABILITIES_9F33);
        (!told && left != capabilities).then_some(left)
    }

    /// "Not performed" also says that CDA was agreed and no signature asked for: with an ARQC, or with an AAC that has
    /// another reason.
    fn left_combined_open(&self) -> bool {
        let agreed = self.card.array(tag::AIP_82).is_some_and(|profile| Bits::<2>(profile).has(aip::CDA));
        let Some((p1, _)) = self.requests.first().filter(|_| agreed) else { return false };
        let others = |(bits, _): (Tvr, u32)| bits.iter().any(|bit| bit != tvr::ODA_NOT_PERFORMED);
        match CryptogramType::from_bits(*p1) {
            CryptogramType::Aac => self.first_tvr.is_some_and(others),
            CryptogramType::Arqc => true,
            CryptogramType::Tc | CryptogramType::Rfu => false,
        }
    }

    /// The application that was selected, or else those that were tried.
    fn applications(&self, base: &Terminal) -> Vec<ApplicationParameters> {
        if !self.aid.is_empty() || self.tried.is_empty() {
            return vec![self.application(base)];
        }
        let tried = self.tried.iter().filter(|name| (5..=16).contains(&name.len()));
        tried.map(|name| ApplicationParameters { partial: true, ..ApplicationParameters::of(name) }).collect()
    }

    /// What `base` knows of the application.
    fn known<'b>(&self, base: &'b Terminal) -> Option<&'b ApplicationParameters> {
        let known = base.applications.iter().filter(|known| self.aid.starts_with(&known.aid));
        known.max_by_key(|known| known.aid.len())
    }

    /// The application's parameters: those of `base` when it knows the AID. Limits are set so that what only the other
    /// terminal could know, its floor limit and its dice, comes out as it did there.
    fn application(&self, base: &Terminal) -> ApplicationParameters {
        let known = self.known(base).cloned();
        let version = self.data.array(tag::APPLICATION_VERSION_TERMINAL_9F09);
        let card_version = self.card.array(tag::APPLICATION_VERSION_CARD_9F08);
        let random = if self.had(tvr::RANDOMLY_SELECTED) { 99 } else { 0 };
        let application = known.unwrap_or_else(|| ApplicationParameters {
            default_ddol: Some(vec![0x9F, 0x37, 0x04]),
            ..ApplicationParameters::of(&self.aid)
        });
        ApplicationParameters {
            aid: self.aid.clone(),
            partial: false,
            version: version.or(card_version.map(|card| self.terminal_version(card))).unwrap_or(application.version),
            floor_limit: if self.had(tvr::FLOOR_LIMIT_EXCEEDED) { 0 } else { u32::MAX },
            random_selection: RandomSelection { threshold: u32::MAX, target: random, maximum: random },
            ..application
        }
    }

    /// A version nobody told: the card's, unless the terminal said that they differ.
    fn terminal_version(&self, card: [u8; 2]) -> [u8; 2] {
        if self.had(tvr::DIFFERENT_VERSIONS) { card.map(|byte| !byte) } else { card }
    }

    /// The transaction that was asked for.
    pub(super) fn transaction(&self) -> Transaction {
        let amount = |tag| self.data.array(tag).and_then(|value| Amount::from_numeric(value).ok());
        let kind = self.data.array(tag::TRANSACTION_TYPE_9C).map_or(0, |[kind]| kind);
        let time = self.data.array(tag::TRANSACTION_TIME_9F21).and_then(|value| Time::from_hhmmss(value).ok());
        Transaction {
            amount: amount(tag::AMOUNT_AUTHORISED_9F02).map_or(0, Amount::minor_units),
            amount_other: amount(tag::AMOUNT_OTHER_9F03).map_or(0, Amount::minor_units),
            kind: TransactionKind::from_code(kind),
            date: self.date.unwrap_or(Date::FIRST),
            time: time.unwrap_or(Time::MIDNIGHT),
            sequence_counter: 0,
            forced_online: self.had(tvr::FORCED_ONLINE),
            interface: if self.is_tap() { Interface::Contactless } else { Interface::Contact },
        }
    }
}

/// Hardly a list has more.
const USUAL_ENTRIES: usize = 24;

/// What was sent for a list, object by object; nothing when it is not as long as the list asks for.
fn values<'a>(list: &[u8], sent: &'a [u8]) -> Vec<(Tag, &'a [u8])> {
    let Ok(dol) = Dol::parse(list) else { return Vec::new() };
    if dol.total_length() != sent.len() {
        return Vec::new();
    }
    let mut rest = sent;
    let mut values = Vec::with_capacity(USUAL_ENTRIES);
    values.extend(dol.entries().filter_map(|entry| {
        let (value, after) = rest.split_at_checked(usize::from(entry.length))?;
        rest = after;
        Some((entry.tag, value))
    }));
    values
}
