//! How the host is told to answer.

use std::str::FromStr;

/// What the host does with a request whose cryptogram is right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum Behaviour {
    /// Approves, with issuer authentication data. Text: `approve`.
    #[default]
    Approve,
    /// Declines with this code. Text: `decline`, `decline 51`.
    Decline([u8; 2]),
    /// Approves and sends no tag `91`. Text: `approve-without-91`.
    ApproveWithout91,
    /// Approves with a response cryptogram that is wrong. Text: `wrong-arpc`.
    WrongArpc,
    /// Does not answer. Text: `silent`.
    Silent,
    /// Asks the merchant to call: code 01. Text: `referral`.
    Referral,
    /// Approves and sends a script. Text: `script NAME` for template 72, `script NAME before` for 71.
    Script {
        /// Which.
        script: Script,
        /// Before the second GENERATE AC.
        before: bool,
    },
}

/// A script the host can send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// PIN CHANGE/UNBLOCK, unblock. Text: `pin-unblock`.
    PinUnblock,
    /// PIN CHANGE/UNBLOCK, the new PIN is 4321. Text: `pin-change`.
    PinChange,
    /// APPLICATION BLOCK. Text: `application-block`.
    ApplicationBlock,
    /// APPLICATION UNBLOCK. Text: `application-unblock`.
    ApplicationUnblock,
    /// CARD BLOCK. Text: `card-block`.
    CardBlock,
    /// PUT DATA, then one more: the card's two offline limits. Text: `put-data`.
    PutData,
    /// UPDATE RECORD of the record with track 2. Text: `update-record`.
    UpdateRecord,
    /// APPLICATION BLOCK with a wrong MAC. Text: `bad-mac`.
    BadMac,
    /// A template that does not parse. Text: `malformed`.
    Malformed,
}

const SCRIPTS: [(&str, Script); 9] = [
    ("pin-unblock", Script::PinUnblock),
    ("pin-change", Script::PinChange),
    ("application-block", Script::ApplicationBlock),
    ("application-unblock", Script::ApplicationUnblock),
    ("card-block", Script::CardBlock),
    ("put-data", Script::PutData),
    ("update-record", Script::UpdateRecord),
    ("bad-mac", Script::BadMac),
    ("malformed", Script::Malformed),
];

/// The text is no behaviour.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no host behaviour: approve, decline [CODE], approve-without-91, wrong-arpc, silent, referral, or script \
     followed by pin-unblock, pin-change, application-block, application-unblock, card-block, put-data, update-record, \
     bad-mac or malformed, and before for template 71"
)]
pub struct NotABehaviour(String);

impl FromStr for Behaviour {
    type Err = NotABehaviour;

    fn from_str(text: &str) -> Result<Self, NotABehaviour> {
        let words: Vec<&str> = text.split_whitespace().collect();
        behaviour(&words).ok_or_else(|| NotABehaviour(text.to_owned()))
    }
}

impl TryFrom<String> for Behaviour {
    type Error = NotABehaviour;

    fn try_from(text: String) -> Result<Self, NotABehaviour> {
        text.parse()
    }
}

fn behaviour(words: &[&str]) -> Option<Behaviour> {
    let script = |name: &str| SCRIPTS.iter().find(|(known, _)| *known == name).map(|(_, script)| *script);
    match words {
        ["approve"] => Some(Behaviour::Approve),
        ["decline"] => Some(Behaviour::Decline(*b"05")),
        ["decline", code] => Some(Behaviour::Decline(code.as_bytes().try_into().ok()?)),
        ["approve-without-91"] => Some(Behaviour::ApproveWithout91),
        ["wrong-arpc"] => Some(Behaviour::WrongArpc),
        ["silent"] => Some(Behaviour::Silent),
        ["referral"] => Some(Behaviour::Referral),
        ["script", name] => Some(Behaviour::Script { script: script(name)?, before: false }),
        ["script", name, "before"] => Some(Behaviour::Script { script: script(name)?, before: true }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_behaviour_has_its_text() {
        assert_eq!("decline 51".parse(), Ok(Behaviour::Decline(*b"51")));
        assert_eq!("decline".parse(), Ok(Behaviour::Decline(*b"05")));
        let script = Behaviour::Script { script: Script::PutData, before: true };
        assert_eq!("script put-data before".parse(), Ok(script));
        assert!("decline 051".parse::<Behaviour>().is_err());
        let error = "nod".parse::<Behaviour>().unwrap_err().to_string();
        assert!(error.starts_with("\"nod\" is no host behaviour: approve, decline [CODE]"));
    }
}
