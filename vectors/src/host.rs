//! A software issuer host: it checks the cryptogram and the online PIN with the issuer's keys, and answers as told.

mod behaviour;
mod scripts;

use std::fmt;

use apdu::{Tag, tag};

pub use behaviour::{Behaviour, NotABehaviour, Script};

use crate::cryptogram::{Approval, Version, issuer_authentication_data};
use crate::cvc3;
use crate::dol::Values;
use crate::issuer_keys::{CardKeys, IssuerKeys};
use crate::secret::{Pan, Pin};
use crate::symmetric::pin_block::{self, PinBlock};

/// What the terminal sends for authorisation; shows its tags, not their values.
#[derive(Clone, Default)]
pub struct Request {
    /// Data objects by tag: the card number as `5A` or `57`, `5F34`, and what the cryptogram was made of and is:
    /// `9F26 9F10 9F36 82 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37`.
    pub values: Values,
    /// The online PIN, when the cardholder gave one.
    pub pin: Option<PinBlock>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("tags", &self.values.keys()).field("pin", &self.pin).finish()
    }
}

/// What the issuer answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Authorisation response code, tag `8A`.
    pub code: [u8; 2],
    /// Issuer authentication data, the value of tag `91`.
    pub issuer_authentication_data: Option<Vec<u8>>,
    /// Script templates `71` and `72`, one after the other.
    pub scripts: Vec<u8>,
    /// Authorisation code, six characters, when approved.
    pub authorisation_code: Option<[u8; 6]>,
}

/// What the host found out about the last request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// It was right.
    Right,
    /// It was wrong.
    Wrong,
    /// Something needed for the check was not in the request.
    NotPossible,
}

/// What the host found out about the last request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The ARQC.
    pub cryptogram: Check,
    /// The online PIN, when there was one.
    pub pin: Option<Check>,
}

/// The issuer.
#[derive(Clone, Debug)]
pub struct Host {
    keys: IssuerKeys,
    pin: Pin,
    behaviour: Behaviour,
    verdict: Option<Verdict>,
}

/// The card a request is about.
struct Account<'a> {
    version: Version,
    keys: CardKeys,
    pan: Pan,
    values: &'a Values,
}

/// Response code for a cryptogram that is wrong.
const CRYPTOGRAM_FAILURE: [u8; 2] = *b"88";
/// PAN sequence number of the built-in cards, which a track does not tell.
const BUILT_IN_SEQUENCE: u8 = 1;
/// Response code for a PIN that is wrong.
const INCORRECT_PIN: [u8; 2] = *b"55";

impl Host {
    /// The issuer of the built-in cards, whose PIN is 1234.
    #[expect(clippy::expect_used, reason = "the literal is four digits")]
    pub fn new(behaviour: Behaviour) -> Self {
        Self { keys: IssuerKeys::test(), pin: Pin::new("1234").expect("digits"), behaviour, verdict: None }
    }

    /// The same with another PIN on file.
    #[must_use]
    pub fn with_pin(self, pin: Pin) -> Self {
        Self { pin, ..self }
    }

    /// What it found out about the last request.
    pub fn verdict(&self) -> Option<Verdict> {
        self.verdict
    }

    /// Answers a request; `None` is silence.
    ///
    /// A wrong cryptogram is declined with code `88` and a wrong PIN with `55`, whatever the behaviour.
    pub fn authorise(&mut self, request: &Request) -> Option<Response> {
        if let Some(track) = request.values.get(&tag::k2::TRACK_2_DATA_9F6B) {
            return self.authorise_track(request, track);
        }
        let account = self.account(&request.values);
        let cryptogram = account.as_ref().map_or(Check::NotPossible, Account::check_cryptogram);
        let pin = request.pin.as_ref().map(|sealed| self.check_pin(sealed, account.as_ref()));
        self.verdict = Some(Verdict { cryptogram, pin });
        if self.behaviour == Behaviour::Silent {
            return None;
        }
        match (cryptogram, pin, account) {
            (Check::Right, None | Some(Check::Right), Some(account)) => Some(self.decide(&account)),
            (Check::Right, ..) => Some(refusal(INCORRECT_PIN)),
            _ => Some(refusal(CRYPTOGRAM_FAILURE)),
        }
    }

    /// A request of mag-stripe mode: the track holds the checksum.
    fn authorise_track(&mut self, request: &Request, track: &[u8]) -> Option<Response> {
        let cryptogram = match cvc3::check_track_2(track, BUILT_IN_SEQUENCE) {
            Some(true) => Check::Right,
            Some(false) => Check::Wrong,
            None => Check::NotPossible,
        };
        let pan = Pan::from_packed(track).ok();
        let opened = |sealed: &PinBlock| pin_block::open(sealed, &self.keys.pin, &self.keys.pin_aes, pan.as_ref()?);
        let right = |sealed: &PinBlock| opened(sealed).as_ref() == Some(&self.pin);
        let pin = request.pin.as_ref().map(|sealed| if right(sealed) { Check::Right } else { Check::Wrong });
        self.verdict = Some(Verdict { cryptogram, pin });
        match (self.behaviour, cryptogram, pin) {
            (Behaviour::Silent, ..) => None,
            (_, Check::Wrong | Check::NotPossible, _) => Some(refusal(CRYPTOGRAM_FAILURE)),
            (.., Some(Check::Wrong | Check::NotPossible)) => Some(refusal(INCORRECT_PIN)),
            (Behaviour::Decline(code), ..) => Some(refusal(code)),
            _ => Some(refusal(*b"00")),
        }
    }

    fn account<'a>(&self, values: &'a Values) -> Option<Account<'a>> {
        let packed = values.get(&tag::PAN_5A).or_else(|| values.get(&tag::TRACK_2_EQUIVALENT_DATA_57))?;
        let pan = Pan::from_packed(packed).ok()?;
        let version = Version::announced_by(values.get(&tag::ISSUER_APPLICATION_DATA_9F10)?)?;
        let sequence = values.get(&tag::PAN_SEQUENCE_NUMBER_5F34).and_then(|value| value.first()).copied();
        let keys = self.keys.card(version, &pan, sequence.unwrap_or(0));
        Some(Account { version, keys, pan, values })
    }

    fn check_pin(&self, sealed: &PinBlock, account: Option<&Account<'_>>) -> Check {
        let Some(account) = account else { return Check::NotPossible };
        let entered = pin_block::open(sealed, &self.keys.pin, &self.keys.pin_aes, &account.pan);
        if entered.as_ref() == Some(&self.pin) { Check::Right } else { Check::Wrong }
    }

    fn decide(&self, account: &Account<'_>) -> Response {
        match self.behaviour {
            Behaviour::Decline(code) => account.answer(false, code),
            Behaviour::Referral => account.answer(false, *b"01"),
            Behaviour::ApproveWithout91 => {
                Response { issuer_authentication_data: None, ..account.answer(true, *b"00") }
            }
            Behaviour::WrongArpc => account.answer(true, *b"00").with_wrong_cryptogram(),
            Behaviour::Script { script, before } => {
                let scripts = scripts::template(account, script, before);
                Response { scripts, ..account.answer(true, *b"00") }
            }
            Behaviour::Approve | Behaviour::Silent => account.answer(true, *b"00"),
        }
    }
}

fn refusal(code: [u8; 2]) -> Response {
    Response { code, issuer_authentication_data: None, scripts: Vec::new(), authorisation_code: None }
}

impl Response {
    fn with_wrong_cryptogram(mut self) -> Self {
        if let Some(first) = self.issuer_authentication_data.as_mut().and_then(|data| data.first_mut()) {
            *first ^= 0xFF;
        }
        self
    }
}

impl Account<'_> {
    fn check_cryptogram(&self) -> Check {
        let computed = self.version.cryptogram(&self.keys.cryptogram, self.values);
        match (computed, self.values.get(&tag::APPLICATION_CRYPTOGRAM_9F26)) {
            (Some(computed), Some(received)) if computed[..] == received[..] => Check::Right,
            (Some(_), Some(_)) => Check::Wrong,
            _ => Check::NotPossible,
        }
    }

    fn answer(&self, approved: bool, code: [u8; 2]) -> Response {
        let approval = Approval::new(approved, code);
        let data = issuer_authentication_data(self.version, &self.keys.cryptogram, self.values, approval);
        let authorisation_code = approved.then_some(*b"123456");
        Response { code, issuer_authentication_data: data, scripts: Vec::new(), authorisation_code }
    }

    fn fixed<const N: usize>(&self, tag: Tag) -> [u8; N] {
        self.values.get(&tag).and_then(|value| value.as_slice().try_into().ok()).unwrap_or([0; N])
    }
}
