//! The cardholder and the attendant at the keyboard of this computer, and a host that exists only as an answer.

use std::time::Duration;

use apdu::value::pan::Pan;
use emvident::{
    display::Display,
    kernel, scripted,
    text::{File, Text},
};
use kernel::{
    PointOfSale,
    contactless::UserInterfaceRequest,
    pin::Pin,
    point_of_sale::{
        Authorisation, AuthorisationRequest, Candidate, Message, OnlinePinEntry, OnlinePinRequest, PinEntry,
        PinRequest, RandomPurpose,
    },
};
use zeroize::Zeroizing;

use crate::console::{ask, confirm, say};

/// People at the keyboard.
#[derive(Debug)]
pub struct Keyboard {
    /// The host's behaviour.
    pub host: scripted::HostScript,
    /// What a contactless reader would show.
    pub display: Display,
}

impl PointOfSale for Keyboard {
    fn random(&mut self, _: RandomPurpose, out: &mut [u8]) {
        if getrandom::fill(out).is_err() {
            // A number the card could predict is worse than no transaction.
            say("The operating system gives no random numbers.");
            std::process::abort();
        }
    }

    fn show(&mut self, message: Message) {
        say(&format!("[{}]", message.id().replace('-', " ").to_uppercase()));
    }

    fn user_interface(&mut self, request: &UserInterfaceRequest) {
        // Lines stay on the terminal, so no message has to wait for the one before it.
        let shown = self.display.request(request, Duration::ZERO);
        let status =
            shown.status.map(|status| Text::new(shown.language).say(File::Tap, &format!("status-{}", status.id())));
        let parts = [shown.text().map(|text| format!("[{text}]")), status];
        say(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "));
    }

    async fn choose_application(&mut self, candidates: &[Candidate]) -> Option<usize> {
        for (number, candidate) in (1..).zip(candidates) {
            say(&format!("  {number}  {}", candidate.label));
        }
        let answer = ask("Which application? Its number, or nothing to refuse:");
        let number = answer.and_then(|text| text.parse::<usize>().ok()).and_then(|number| number.checked_sub(1));
        number.filter(|index| *index < candidates.len())
    }

    async fn confirm_application(&mut self, candidate: &Candidate) -> bool {
        confirm(&format!("Pay with {}?", candidate.label))
    }

    async fn enter_pin(&mut self, request: &PinRequest) -> PinEntry {
        enter_pin(request)
    }

    async fn enter_online_pin(&mut self, _: &OnlinePinRequest<'_>) -> OnlinePinEntry {
        say("The card wants a PIN checked by the issuer. A computer has no key to encipher it with.");
        OnlinePinEntry::KeyMissing
    }

    async fn recent_amount(&mut self, _: &Pan, _: Option<u8>) -> u64 {
        0
    }

    async fn authorise(&mut self, _: &AuthorisationRequest<'_>) -> Authorisation {
        self.host.answer_unchecked()
    }

    async fn refer(&mut self) -> bool {
        confirm("The issuer wants a call. Did it approve?")
    }
}

/// No core dump of this process, and no other process looks into it: a PIN may be in its memory.
pub fn keep_memory_private() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Without it the transaction is no less right.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(target_os = "linux")]
    {
        let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    }
}

fn enter_pin(request: &PinRequest) -> PinEntry {
    if request.tries_left.is_some_and(|tries| tries <= 1)
        && !confirm("One PIN try is left: a wrong PIN blocks it. Try?")
    {
        return skipped(request);
    }
    if request.reader_has_pin_pad {
        say("Enter the PIN on the reader.");
        return PinEntry::OnReader;
    }
    let tries = request.tries_left.map(|tries| format!(" ({tries} tries left)")).unwrap_or_default();
    let skip = if request.bypass_allowed { "nothing to skip" } else { "nothing to cancel" };
    match typed_pin(&format!("PIN{tries}, {skip}: ")) {
        PinEntry::Bypassed => skipped(request),
        entry => entry,
    }
}

/// What not entering a PIN means here.
fn skipped(request: &PinRequest) -> PinEntry {
    if request.bypass_allowed { PinEntry::Bypassed } else { PinEntry::Cancelled }
}

/// A PIN typed with echo off; what is no PIN is asked for again.
fn typed_pin(prompt: &str) -> PinEntry {
    loop {
        let Ok(typed) = rpassword::prompt_password(prompt).map(Zeroizing::new) else {
            return PinEntry::PinPadBroken;
        };
        if typed.is_empty() {
            return PinEntry::Bypassed;
        }
        match Pin::from_ascii(typed.trim_end().as_bytes()) {
            Ok(pin) => return PinEntry::Entered(pin),
            Err(error) => say(&error.to_string()),
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// A million numbers of 32 bits: each bit is set in half of them but for five standard deviations, 500 each, and as many
    /// pairs are the same as chance makes, 116 on average.
    #[test]
    fn unpredictable_numbers_have_no_bias_and_repeat_as_chance_has_it() {
        const DRAWS: usize = 1_000_000;
        let mut keyboard =
            Keyboard { host: scripted::HostScript::default(), display: Display::new(emvident::text::Language::En) };
        let mut numbers = vec![0_u32; DRAWS];
        let mut set = [0_usize; 32];
        for number in &mut numbers {
            let mut bytes = [0; 4];
            keyboard.random(RandomPurpose::UnpredictableNumber, &mut bytes);
            *number = u32::from_be_bytes(bytes);
            set.iter_mut().enumerate().for_each(|(bit, count)| *count += usize::from(*number >> bit & 1 == 1));
        }
        assert!(set.iter().all(|count| count.abs_diff(DRAWS / 2) < 2_500), "{set:?}");
        numbers.sort_unstable();
        let pairs = numbers.windows(2).filter(|pair| pair[0] == pair[1]).count();
        assert!((60..=180).contains(&pairs), "{pairs} pairs");
    }

    #[test]
    fn a_process_that_may_hold_a_pin_leaves_no_core_dump() {
        keep_memory_private();
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
        assert_eq!(rustix::process::dumpable_behavior().unwrap(), rustix::process::DumpableBehavior::NotDumpable);
    }
}
