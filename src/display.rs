//! The display of a contactless reader: what becomes of user interface requests (`EMV Contactless Book A, 8.1.1.15 to
//! .18`). It has no clock and no screen: it says what is to be shown, from when on, and in which language.

use std::time::Duration;

use apdu::value::currency::Currency;
use kernel::contactless::{
    UserInterfaceRequest,
    outcome::{MessageId, Status, ValueQualifier},
};

use crate::text::{File, Language, Text};

/// What a reader's display remembers while a transaction lasts.
#[derive(Clone, Debug)]
pub struct Display {
    /// The language of the messages: the terminal's own, until a request names others that it has.
    language: Language,
    /// Until when the message shown now stays.
    held_until: Duration,
}

/// What becomes of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The message to show; `None` leaves the one that is shown.
    pub message: Option<MessageId>,
    /// When the message may be shown, on the clock of the request: not before the one before it was held long enough.
    pub from: Duration,
    /// The state of the reader, which is shown at once; `None` leaves it.
    pub status: Option<Status>,
    /// In which language.
    pub language: Language,
    /// An amount or a balance, with the letters of its currency.
    pub value: Option<(ValueQualifier, String)>,
}

impl Display {
    /// A display that speaks `language` until a card prefers another.
    pub fn new(language: Language) -> Self {
        Self { language, held_until: Duration::ZERO }
    }

    /// Takes a request that arrives at `now`.
    pub fn request(&mut self, request: &UserInterfaceRequest, now: Duration) -> Shown {
        self.language = request.language.and_then(preferred).unwrap_or(self.language);
        let message = Some(request.message).filter(|message| *message != MessageId::NotApplicable);
        let from = now.max(self.held_until);
        if message.is_some() {
            let hold = Duration::from_millis(100).saturating_mul(u32::from(request.hold_time));
            self.held_until = from.saturating_add(hold);
        }
        Shown {
            message,
            from,
            status: Some(request.status).filter(|status| *status != Status::NotApplicable),
            language: self.language,
            value: value(request),
        }
    }
}

impl Shown {
    /// The message with its value, in its language; nothing where there is no message.
    pub fn text(&self) -> Option<String> {
        let text = Text::new(self.language);
        let message = text.say(File::Tap, &format!("message-{}", self.message?.id()));
        let Some((qualifier, value)) = &self.value else { return Some(message) };
        let value = text.say_with(File::Tap, &format!("value-{}", qualifier.id()), &[("value", value)]);
        Some(format!("{message} {value}").trim_start().to_owned())
    }
}

/// The first language of `5F2D` that there are texts in.
fn preferred(list: [u8; 8]) -> Option<Language> {
    let codes = list.chunks_exact(2).filter_map(|code| std::str::from_utf8(code).ok());
    codes.filter(|code| code.bytes().all(|byte| byte.is_ascii_alphabetic())).find_map(Language::from_tag)
}

/// The value of a request as people read it: `CNY 0.09`. Without a known currency it means nothing, and is not shown.
fn value(request: &UserInterfaceRequest) -> Option<(ValueQualifier, String)> {
    // ISO 4217 has a code for no currency, too.
    let currency = Currency::from_bytes(request.currency).filter(|currency| currency.alpha != "XXX")?;
    let shown = || crate::report::amount(currency, request.value);
    (request.qualifier != ValueQualifier::None).then(|| (request.qualifier, shown()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CNY: [u8; 2] = [0x01, 0x56];

    fn request(message: MessageId, status: Status) -> UserInterfaceRequest {
        UserInterfaceRequest::new(message, status)
    }

    fn at(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn the_next_message_waits_until_the_one_before_was_held_and_the_status_does_not() {
        let mut display = Display::new(Language::En);
        let first = UserInterfaceRequest { hold_time: 20, ..request(MessageId::Processing, Status::Processing) };
        assert_eq!(display.request(&first, at(100)).from, at(100));
        let second = display.request(&request(MessageId::CardReadOk, Status::CardReadSuccessfully), at(200));
        assert_eq!((second.from, second.status), (at(2_100), Some(Status::CardReadSuccessfully)));
        let third = display.request(&request(MessageId::Approved, Status::NotApplicable), at(9_000));
        assert_eq!((third.from, third.status), (at(9_000), None));
    }

    #[test]
    fn a_request_without_a_message_leaves_and_holds_nothing() {
        let mut display = Display::new(Language::En);
        let shown = display.request(&request(MessageId::NotApplicable, Status::Idle), at(0));
        assert_eq!((shown.message, shown.text(), shown.status), (None, None, Some(Status::Idle)));
        assert_eq!(display.request(&request(MessageId::Welcome, Status::Idle), at(0)).from, at(0));
    }

    #[test]
    fn a_preferred_language_holds_for_what_follows_and_unknown_ones_are_passed_over() {
        let mut display = Display::new(Language::En);
        let prefers = |list: &[u8; 8]| UserInterfaceRequest {
            language: Some(*list),
            ..request(MessageId::Approved, Status::NotReady)
        };
        assert_eq!(display.request(&prefers(b"defr\0\0\0\0"), at(0)).language, Language::En);
        assert_eq!(display.request(&prefers(b"dezhen\0\0"), at(0)).language, Language::ZhCn);
        let next = request(MessageId::RemoveCard, Status::NotReady);
        assert_eq!(display.request(&next, at(0)).language, Language::ZhCn);
    }

    #[test]
    fn a_value_is_shown_when_it_is_one_in_a_known_currency() {
        let mut display = Display::new(Language::En);
        let mut value = |qualifier, value, currency| {
            let approved = request(MessageId::Approved, Status::NotReady);
            let shown = display.request(&UserInterfaceRequest { qualifier, value, currency, ..approved }, at(0));
            shown.value.map(|(_, value)| value)
        };
        assert_eq!(value(ValueQualifier::Amount, 9, CNY).as_deref(), Some("CNY 0.09"));
        assert_eq!(value(ValueQualifier::Balance, 1_234_500, CNY).as_deref(), Some("CNY 12345.00"));
        assert_eq!(value(ValueQualifier::Amount, 500, [0x03, 0x92]).as_deref(), Some("JPY 500"));
        assert_eq!(value(ValueQualifier::Amount, 9, [0x09, 0x99]), None);
        assert_eq!(value(ValueQualifier::None, 9, CNY), None);
    }

    #[test]
    fn every_message_has_its_words_in_both_languages() {
        for language in Language::ALL {
            let text = Text::new(*language);
            for message in MessageId::ALL.iter().filter(|message| **message != MessageId::NotApplicable) {
                assert!(text.find(File::Tap, &format!("message-{}", message.id())).is_some(), "{}", message.id());
            }
            for status in Status::ALL.iter().filter(|status| **status != Status::NotApplicable) {
                assert!(text.find(File::Tap, &format!("status-{}", status.id())).is_some(), "{}", status.id());
            }
        }
    }
}
