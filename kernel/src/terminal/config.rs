//! Terminal configuration as TOML text.
//!
//! ```toml
//! [terminal]                              # what it is and what it can do
//! type = "22"                             # 9F35
//! country = 156                           # ISO 3166 number
//! currency = "CNY"                        # ISO 4217 letters, or the number
//! capabilities = ["ic-with-contacts", "no-cvm", "cda"]               # 9F33, the names of its bits
//! additional-capabilities = ["goods", "services", "numeric-keys"]    # 9F40
//! identification = "RETAIL01"             # 9F1C
//! serial-number = "00000001"              # 9F1E
//! cda-mode = 1                            # EMV 4.4 Book 2, Annex D4
//!
//! [merchant]                              # who uses it; may be left out, as may everything in it
//! name = "Corner shop"                    # 9F4E
//! identifier = "123456789012345"          # 9F16
//! category-code = 5411                    # 9F15
//! acquirer = "00000000001"                # 9F01
//!
//! [selection]                             # how applications are chosen
//! pse = true
//! menu = true
//! confirmation = true
//!
//! [limits]                                # seconds a card may take for all its answers in one transaction, 1 to 3600
//! contact-seconds = 60
//! contactless-seconds = 15
//!
//! [pin]
//! bypass = false
//! bypass-is-for-all = false
//! online-format = 0                       # ISO 9564 block format 0, 3 or 4
//!
//! [policy]                                # may be left out: what EMV says and no more
//! base = "hardened"                       # all switches on; "emv" is all off
//! least-rsa-bits = 1024                   # the shortest RSA key a card may show; 0 takes any
//! no-plaintext-pin = false                # true or false for any one switch (`terminal::policy::Switch`)
//!
//! [keys]
//! default = true                          # the set that comes with the program
//! test-keys = false                       # also the test keys of that set
//!
//! [[application]]                         # one for each application accepted
//! name = "Visa"
//! aid = "A000000003"
//! partial = true                          # longer names that start like this, too
//! version = "008C"                        # 9F09
//! tac-denial = "0010000000"               # ten hexadecimal digits, bytes 1 to 5 of the TVR
//! tac-online = "DC4004F800"
//! tac-default = "DC4000A800"
//! floor-limit = "500.00"                  # 9F1B, in major units of the currency
//! random-threshold = "100.00"
//! random-target = 20                      # per cent
//! random-maximum = 50                     # per cent
//! default-ddol = "9F3704"
//! default-tdol = "9F0206"
//! risk-management-data = "0000000000000000"    # 9F1D
//!
//! [contactless]
//! book-version = "2.10"                   # of Book B; "2.5" takes kernel identifier 00 for any kernel
//!
//! [autorun]                               # the reader polls by itself, and every transaction is this one; left out: it waits
//! amount = "10.00"
//! cashback = "0.00"
//! type = "purchase"
//!
//! [[combination]]                         # one for each AID and kernel; every limit may be left out, for no check
//! aid = "A0000000031010"
//! kernel = "C-3"
//! types = ["purchase", "refund"]          # left out: all transaction types
//! status-check = false                    # an amount of one unit goes online
//! zero-amount-allowed = true
//! zero-amount-offline = false
//! transaction-limit = "500.00"            # from here on contactless is not allowed
//! floor-limit = "0.00"                    # above it the transaction goes online
//! terminal-floor-limit = "0.00"           # 9F1B, where there is no floor-limit
//! cvm-limit = "100.00"                    # from here on the cardholder is verified
//! ttq = "36004080"                        # 9F66, for kernels that use it
//! extended-selection = false
//! cash-check = false                      # kernel 3
//! cashback-check = false                  # kernel 3
//! show-balance = false                    # kernels 3 and 7
//! cvm-exempt-limit = "1000.00"            # kernel 7
//! data = { DF811B = "30" }                # the kernel's own data objects
//!
//! [[ca-key]]                              # keys beside the default set
//! rid = "A000000003"
//! index = "92"
//! modulus = "996A…"
//! exponent = "03"
//! checksum = "429C…"                      # SHA-1 over RID, index, modulus, exponent
//! expiry = 2026-12-31                     # may be left out
//! test = true                             # for test cards
//!
//! [[revocation]]                          # issuer certificates not to be trusted
//! rid = "A000000003"
//! index = "92"
//! serial = "000001"
//!
//! [[exception]]                           # cards not to be accepted
//! pan = "4761739001010010"
//! sequence-number = 1                     # may be left out: then all of them
//! ```

mod application;
mod combination;
mod error;
mod keys;
mod machine;
mod names;
mod nearest;
mod policy;
mod section;
mod values;

use alloc::vec::Vec;

use apdu::value::Pan;
use toml::de::DeTable;

pub use error::{ConfigError, Fault};
pub use names::{ADDITIONAL_CAPABILITIES, CAPABILITIES};

use super::Terminal;
use section::{Field, Section};

/// The tables of a file.
const TABLES: &[&str] = &[
    "terminal",
    "merchant",
    "selection",
    "limits",
    "pin",
    "policy",
    "keys",
    "application",
    "contactless",
    "autorun",
    "combination",
    "ca-key",
    "revocation",
    "exception",
];

impl Terminal {
    /// Reads a configuration. The module shows every field.
    ///
    /// # Errors
    /// [`ConfigError`]: the first line that is wrong, what stands there and what would be right.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let document = DeTable::parse(text).map_err(|error| ConfigError::syntax(text, &error))?;
        let file = Section::file(text, document.get_ref());
        file.only(TABLES)?;
        let mut terminal = machine::terminal(&file)?;
        terminal.policy = policy::policy(&file)?;
        terminal.applications = application::applications(&file, terminal.currency_exponent)?;
        terminal.contactless = combination::contactless(&file, terminal.currency_exponent)?;
        terminal.keys = keys::keys(&file)?;
        terminal.revocations = keys::revocations(&file)?;
        terminal.exceptions = exceptions(&file)?;
        Ok(terminal)
    }
}

fn exceptions(file: &Section<'_>) -> Result<Vec<(Pan, Option<u8>)>, ConfigError> {
    file.sections("exception", &["pan", "sequence-number"])?
        .iter()
        .map(|exception| {
            let pan = exception.secret("pan", "a card number of 1 to 19 digits in quotes")?;
            let pan = pan.read(|value| Pan::from_digits(value.as_str()?).ok())?;
            let number = exception.optional("sequence-number", "a number from 0 to 99");
            let number = number.map(|field| field.read(|value| values::number(value, 0..=99))).transpose()?;
            Ok((pan, number))
        })
        .collect()
}

#[cfg(test)]
mod tests;
