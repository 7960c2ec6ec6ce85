//! A point of sale whose people follow a script and whose host is the software issuer: for software cards, tests, demos.

mod host;

use apdu::{tlv, value::pan::Pan};
use kernel::{
    PointOfSale,
    contactless::UserInterfaceRequest,
    pin,
    point_of_sale::{
        Authorisation, AuthorisationRequest, Candidate, DataAnswer, DataRequest, Message, OnlinePinEntry,
        OnlinePinRequest, PinEntry, PinRequest, RandomPurpose,
    },
};
use serde::Deserialize;
use vectors::secret;

pub use host::{HostScript, NoAnswer};

use host::IssuerHost;

/// What the people at the point of sale do.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct People {
    /// What happens at PIN entry, one entry after the other; the last one happens again and again.
    pub pins: Vec<PinAct>,
    /// Which application the cardholder chooses, from 0.
    pub choose: usize,
    /// The cardholder chooses none.
    pub refuses: bool,
    /// Whether the cardholder confirms a single application.
    pub confirm: bool,
    /// Whether the attendant approves a referral.
    pub referral_approved: bool,
    /// Minor units of the most recent approved transaction with the same card.
    pub recent_amount: u64,
    /// What the terminal's application answers when a kernel exchanges data with it, one answer after the other: data
    /// objects in hexadecimal, `stop` or `timeout`. Then it gives nothing.
    pub data: Vec<DataAct>,
}

impl Default for People {
    fn default() -> Self {
        Self {
            pins: vec![PinAct::Right],
            choose: 0,
            refuses: false,
            confirm: true,
            referral_approved: false,
            recent_amount: 0,
            data: Vec::new(),
        }
    }
}

/// What the terminal's application answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct DataAct(DataAnswer);

impl TryFrom<String> for DataAct {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let expected = "data objects in hexadecimal, stop or timeout";
        let answer = match text.as_str() {
            "stop" => DataAnswer::Stop,
            "timeout" => DataAnswer::TimedOut,
            coded => {
                let coded = hex::decode(coded).map_err(|_| expected)?;
                let objects: Result<Vec<_>, _> = tlv::Reader::strict(&coded).collect();
                let objects = objects.map_err(|_| expected)?;
                DataAnswer::Data(objects.iter().map(|object| (object.tag, object.value.to_vec())).collect())
            }
        };
        Ok(Self(answer))
    }
}

/// What happens at PIN entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PinAct {
    /// The card's PIN is typed.
    Right,
    /// Another PIN is typed.
    Wrong,
    /// PIN entry is skipped.
    Bypass,
    /// The cardholder cancels.
    Cancel,
    /// Nobody types.
    Timeout,
    /// The PIN pad does not work.
    Broken,
    /// The PIN pad has no key for the issuer.
    KeyMissing,
}

/// A point of sale that follows a script.
pub struct Scripted {
    people: People,
    entries: usize,
    exchanges: usize,
    pin: Option<secret::Pin>,
    host: IssuerHost,
    random: Random,
}

impl Scripted {
    /// People who do as `people` says and know the card's `pin`, a host that knows it too, and random numbers that
    /// start at `seed`.
    pub fn new(people: People, pin: Option<secret::Pin>, host: HostScript, seed: u64) -> Self {
        let host = IssuerHost::new(host, pin.as_ref());
        Self { people, entries: 0, exchanges: 0, pin, host, random: Random(seed) }
    }

    fn next_act(&mut self) -> PinAct {
        let last = self.people.pins.len().saturating_sub(1);
        let act = self.people.pins.get(self.entries.min(last)).copied();
        self.entries = self.entries.saturating_add(1);
        act.unwrap_or(PinAct::Broken)
    }

    /// What is typed: the card's PIN, or one that differs in its first digit.
    fn typed(&self, act: PinAct) -> Option<secret::Pin> {
        let known = self.pin.as_ref().map_or("1234", secret::Pin::digits);
        let (first, rest) = known.split_at_checked(1)?;
        match act {
            PinAct::Wrong if first == "9" => secret::Pin::new(&format!("0{rest}")).ok(),
            PinAct::Wrong => secret::Pin::new(&format!("9{rest}")).ok(),
            _ => secret::Pin::new(known).ok(),
        }
    }
}

impl PointOfSale for Scripted {
    fn random(&mut self, _: RandomPurpose, out: &mut [u8]) {
        out.iter_mut().for_each(|byte| *byte = self.random.byte());
    }

    fn show(&mut self, _: Message) {}

    fn user_interface(&mut self, _: &UserInterfaceRequest) {}

    async fn choose_application(&mut self, _: &[Candidate]) -> Option<usize> {
        (!self.people.refuses).then_some(self.people.choose)
    }

    async fn confirm_application(&mut self, _: &Candidate) -> bool {
        self.people.confirm
    }

    async fn enter_pin(&mut self, request: &PinRequest) -> PinEntry {
        if request.reader_has_pin_pad {
            return PinEntry::OnReader;
        }
        let act = self.next_act();
        match act {
            PinAct::Right | PinAct::Wrong => self
                .typed(act)
                .and_then(|typed| pin::Pin::from_ascii(typed.digits().as_bytes()).ok())
                .map_or(PinEntry::PinPadBroken, PinEntry::Entered),
            PinAct::Bypass => PinEntry::Bypassed,
            PinAct::Cancel => PinEntry::Cancelled,
            PinAct::Timeout => PinEntry::TimedOut,
            PinAct::Broken | PinAct::KeyMissing => PinEntry::PinPadBroken,
        }
    }

    async fn enter_online_pin(&mut self, request: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        let act = self.next_act();
        match act {
            PinAct::Right | PinAct::Wrong => self
                .typed(act)
                .and_then(|typed| self.host.seal(request.format, &typed, request.pan, self.random.bytes()))
                .map_or(OnlinePinEntry::KeyMissing, OnlinePinEntry::Entered),
            PinAct::Bypass => OnlinePinEntry::Bypassed,
            PinAct::Cancel => OnlinePinEntry::Cancelled,
            PinAct::Timeout => OnlinePinEntry::TimedOut,
            PinAct::Broken => OnlinePinEntry::PinPadBroken,
            PinAct::KeyMissing => OnlinePinEntry::KeyMissing,
        }
    }

    async fn recent_amount(&mut self, _: &Pan, _: Option<u8>) -> u64 {
        self.people.recent_amount
    }

    async fn authorise(&mut self, request: &AuthorisationRequest<'_>) -> Authorisation {
        self.host.authorise(request)
    }

    async fn refer(&mut self) -> bool {
        self.people.referral_approved
    }

    async fn exchange_data(&mut self, _: &DataRequest) -> DataAnswer {
        let act = self.people.data.get(self.exchanges);
        self.exchanges = self.exchanges.saturating_add(1);
        act.map_or_else(|| DataAnswer::Data(Vec::new()), |act| act.0.clone())
    }
}

/// SplitMix64: the same numbers from the same seed, and no secret.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn byte(&mut self) -> u8 {
        let [first, ..] = self.bytes();
        first
    }

    fn bytes(&mut self) -> [u8; 8] {
        self.next().to_be_bytes()
    }
}
