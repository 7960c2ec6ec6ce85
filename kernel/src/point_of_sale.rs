//! The other side of the kernel: people and hosts. Everything that is neither card nor configuration enters here.

use alloc::{string::String, vec::Vec};
use core::{future::Future, time::Duration};

use apdu::{Tag, value::pan::Pan};

use crate::{
    contactless::UserInterfaceRequest,
    pin::{BlockFormat, OnlinePinBlock, Pin},
};

/// Whom the kernel asks: cardholder, merchant, host, and the source of random bytes.
///
/// A blocking implementation returns futures that are ready at once.
pub trait PointOfSale {
    /// Fills `out` with random bytes.
    fn random(&mut self, purpose: RandomPurpose, out: &mut [u8]);

    /// Shows a message to the cardholder or merchant.
    fn show(&mut self, message: Message);

    /// Shows what a contactless outcome wants shown, and the state of the reader (`EMV Contactless Book A, 7.1`).
    fn user_interface(&mut self, request: &UserInterfaceRequest);

    /// Lets the cardholder choose; the answer is an index into `candidates`, `None` a refusal.
    fn choose_application(&mut self, candidates: &[Candidate]) -> impl Future<Output = Option<usize>>;

    /// Lets the cardholder confirm the only application.
    fn confirm_application(&mut self, candidate: &Candidate) -> impl Future<Output = bool>;

    /// Collects a PIN that the card will check.
    fn enter_pin(&mut self, request: &PinRequest) -> impl Future<Output = PinEntry>;

    /// Collects a PIN that the issuer will check, already enciphered by the PIN pad.
    fn enter_online_pin(&mut self, request: &OnlinePinRequest<'_>) -> impl Future<Output = OnlinePinEntry>;

    /// The amount of the most recent approved transaction of this card in the log, in minor units, for split sales
    /// (`EMV 4.4 Book 3, 10.6.1`).
    fn recent_amount(&mut self, pan: &Pan, sequence_number: Option<u8>) -> impl Future<Output = u64>;

    /// Sends the transaction to the issuer.
    fn authorise(&mut self, request: &AuthorisationRequest<'_>) -> impl Future<Output = Authorisation>;

    /// Asks the attendant how a referral ended; `true` approves.
    fn refer(&mut self) -> impl Future<Output = bool>;

    /// Exchanges data with the terminal's application while a contactless card is in the field (`EMV Contactless Book C-2,
    /// 3.5`). A terminal that takes no part in it has nothing to give.
    fn exchange_data(&mut self, _: &DataRequest) -> impl Future<Output = DataAnswer> {
        core::future::ready(DataAnswer::Data(Vec::new()))
    }
}

/// What a kernel has for the terminal's application, and wants of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataRequest {
    /// Data needed (`DF8106`): without them the kernel does not go on.
    pub needed: Vec<Tag>,
    /// Data to send (`FF8104`): what was asked for; an empty value is one the card does not have.
    pub to_send: Vec<(Tag, Vec<u8>)>,
    /// How long the kernel waits for what is needed.
    pub time_out: Duration,
}

/// What the terminal's application answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataAnswer {
    /// Data objects of the terminal, among them what is to be read of the card (`DF8112`) or written to it (`FF8102`,
    /// `FF8103`).
    Data(Vec<(Tag, Vec<u8>)>),
    /// The transaction is to end.
    Stop,
    /// Nobody answered in time.
    TimedOut,
}

/// What random bytes are for. What is drawn for a PIN must never be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RandomPurpose {
    /// The unpredictable number, tag `9F37`.
    UnpredictableNumber,
    /// Random transaction selection.
    TransactionSelection,
    /// Padding of an enciphered PIN: knowing it is knowing the PIN.
    PinPadding,
}

impl RandomPurpose {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::UnpredictableNumber => "unpredictable-number",
            Self::TransactionSelection => "transaction-selection",
            Self::PinPadding => "pin-padding",
        }
    }
}

/// An application that card and terminal have in common (`EMV 4.4 Book 1, 12.4`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The name to select: ADF name from the directory, or DF name from the FCI.
    pub name: Vec<u8>,
    /// What to show the cardholder: preferred name, label or AID; control characters already removed.
    pub label: String,
    /// Priority 1 (highest) to 15; 0 for none.
    pub priority: u8,
    /// Not to be chosen without the cardholder.
    pub needs_confirmation: bool,
    /// Which of the terminal's applications it matched, as an index.
    pub parameters: usize,
}

/// A PIN is wanted for the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinRequest {
    /// Tries left, when the card tells.
    pub tries_left: Option<u8>,
    /// The PIN before this one was wrong.
    pub after_wrong_pin: bool,
    /// The PIN will travel enciphered under a key of the card.
    pub enciphered: bool,
    /// The reader's own PIN pad could take it: answer [`PinEntry::OnReader`].
    pub reader_has_pin_pad: bool,
    /// Skipping it is allowed here; where it is not, [`PinEntry::Bypassed`] ends the transaction.
    pub bypass_allowed: bool,
}

/// How PIN entry ended.
#[derive(Debug)]
pub enum PinEntry {
    /// A PIN.
    Entered(Pin),
    /// The reader's own PIN pad is to take it.
    OnReader,
    /// Skipped, at the merchant's or cardholder's wish.
    Bypassed,
    /// Cancelled: the transaction ends.
    Cancelled,
    /// Nobody typed: the transaction ends.
    TimedOut,
    /// The PIN pad does not work.
    PinPadBroken,
}

/// A PIN is wanted for the issuer.
#[derive(Debug)]
pub struct OnlinePinRequest<'a> {
    /// The card number that formats 0, 3 and 4 mix in.
    pub pan: &'a Pan,
    /// The block format to use.
    pub format: BlockFormat,
    /// Skipping it is allowed here; where it is not, [`OnlinePinEntry::Bypassed`] ends the transaction.
    pub bypass_allowed: bool,
}

/// How online PIN entry ended.
#[derive(Debug)]
pub enum OnlinePinEntry {
    /// The enciphered block.
    Entered(OnlinePinBlock),
    /// Skipped.
    Bypassed,
    /// Cancelled: the transaction ends.
    Cancelled,
    /// Nobody typed: the transaction ends.
    TimedOut,
    /// The PIN pad does not work.
    PinPadBroken,
    /// The PIN pad has no key to encipher with.
    KeyMissing,
}

/// An authorisation request, as the kernel knows it.
#[derive(Debug)]
pub struct AuthorisationRequest<'a> {
    /// The chip data for the issuer, in the order of field 55.
    pub chip_data: Vec<(Tag, &'a [u8])>,
    /// The card number.
    pub pan: &'a Pan,
    /// PAN sequence number.
    pub sequence_number: Option<u8>,
    /// The online PIN, if one was entered.
    pub pin: Option<&'a OnlinePinBlock>,
}

/// What came back from the issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorisation {
    /// An answer.
    Answered(Answer),
    /// No answer: the transaction could not go online.
    Unable(Unable),
}

/// The issuer's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Authorisation response code (`8A`), two characters.
    pub response_code: [u8; 2],
    /// Issuer authentication data (`91`).
    pub issuer_authentication_data: Option<Vec<u8>>,
    /// Issuer script templates `71` and `72`, one after the other as received.
    pub scripts: Vec<u8>,
    /// Authorisation code (`89`).
    pub authorisation_code: Option<Vec<u8>>,
}

impl Answer {
    /// Whether there is something in it for the card: issuer authentication data or scripts.
    pub fn has_emv_data(&self) -> bool {
        self.issuer_authentication_data.is_some() || !self.scripts.is_empty()
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unable {
    /// No network.
    NoLink,
    /// No connection to the host.
    NoConnection,
    /// The request left and no answer came: the host may have seen it.
    NoAnswer,
    /// The answer cannot be read: the host has seen the request.
    BadAnswer,
}

impl Unable {
    /// Whether the host may have seen the request, so that it must be reversed.
    pub const fn may_have_reached_host(self) -> bool {
        matches!(self, Self::NoAnswer | Self::BadAnswer)
    }

    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::NoLink => "no-link",
            Self::NoConnection => "no-connection",
            Self::NoAnswer => "no-answer",
            Self::BadAnswer => "bad-answer",
        }
    }
}

/// Standard messages (`EMV 4.4 Book 4, 11.2`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Message {
    /// APPROVED.
    Approved,
    /// CALL YOUR BANK.
    CallYourBank,
    /// CARD ERROR.
    CardError,
    /// DECLINED.
    Declined,
    /// ENTER PIN.
    EnterPin,
    /// INCORRECT PIN.
    IncorrectPin,
    /// LAST PIN TRY.
    LastPinTry,
    /// NOT ACCEPTED.
    NotAccepted,
    /// PIN OK.
    PinOk,
    /// PLEASE WAIT.
    PleaseWait,
    /// PROCESSING ERROR.
    ProcessingError,
    /// REMOVE CARD.
    RemoveCard,
    /// TRY AGAIN.
    TryAgain,
}

impl Message {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::CallYourBank => "call-your-bank",
            Self::CardError => "card-error",
            Self::Declined => "declined",
            Self::EnterPin => "enter-pin",
            Self::IncorrectPin => "incorrect-pin",
            Self::LastPinTry => "last-pin-try",
            Self::NotAccepted => "not-accepted",
            Self::PinOk => "pin-ok",
            Self::PleaseWait => "please-wait",
            Self::ProcessingError => "processing-error",
            Self::RemoveCard => "remove-card",
            Self::TryAgain => "try-again",
        }
    }
}
