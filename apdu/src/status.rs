//! What a status word means, per command (`EMV 4.4 Book 3, 6.3.5`, ISO/IEC 7816-4, and what card systems add).

use crate::StatusWord;

mod table;

/// The meaning of a status word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// A stable name in kebab case, by which translations are found.
    pub key: &'static str,
    /// What it says, in English; where SW2 carries a number, the text says so without the number.
    pub text: &'static str,
}

/// The meaning of `sw` in answer to the command with instruction byte `ins`.
///
/// A word no table knows has the meaning `undefined` or, from 9001 on, `card-own`.
pub fn lookup(ins: u8, sw: StatusWord) -> Meaning {
    let matching = |line: &&table::Line| line.ins.contains(&ins) && line.words.contains(&sw.0);
    let general = |line: &&table::Line| line.words.contains(&sw.0);
    let line = table::BY_COMMAND.iter().find(matching).or_else(|| table::GENERAL.iter().find(general));
    line.map_or(table::UNDEFINED, |line| line.meaning)
}

/// The English text of [`lookup`].
pub fn meaning(ins: u8, sw: StatusWord) -> &'static str {
    lookup(ins, sw).text
}

/// The stable name of [`lookup`].
pub fn key(ins: u8, sw: StatusWord) -> &'static str {
    lookup(ins, sw).key
}

/// Every meaning there is, for whoever translates them; some keys occur more than once.
pub fn meanings() -> impl Iterator<Item = Meaning> {
    let lines = table::BY_COMMAND.iter().chain(table::GENERAL);
    lines.map(|line| line.meaning).chain([table::UNDEFINED])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::ins;
    use alloc::collections::BTreeMap;

    #[test]
    fn the_command_decides_what_a_word_means() {
        let key = |ins, word| key(ins, StatusWord(word));
        assert_eq!(key(ins::SELECT, 0x6A81), "select-card-blocked");
        assert_eq!(key(ins::GET_DATA, 0x6A81), "get-data-unsupported");
        assert_eq!(key(0x44, 0x6A81), "function-unsupported");
        assert_eq!(key(ins::SELECT, 0x6283), "select-application-blocked");
        assert_eq!(key(ins::READ_RECORD, 0x6A83), "read-record-not-there");
        assert_eq!(key(ins::GET_PROCESSING_OPTIONS, 0x6985), "gpo-not-allowed");
        assert_eq!(key(ins::GET_PROCESSING_OPTIONS, 0x6986), "gpo-see-phone");
        assert_eq!(key(ins::GENERATE_AC, 0x6985), "generate-ac-not-now");
        assert_eq!(key(ins::EXTERNAL_AUTHENTICATE, 0x6300), "external-authenticate-failed");
        assert_eq!(key(ins::PUT_DATA, 0x6988), "script-mac-wrong");
        assert_eq!(key(ins::VERIFY, 0x9302), "mac-wrong");
    }

    #[test]
    fn ranges_carry_their_number() {
        let key = |ins, word| key(ins, StatusWord(word));
        assert_eq!(key(ins::VERIFY, 0x63C2), "verify-wrong-pin");
        assert_eq!(key(ins::VERIFY, 0x63C1), "verify-last-try");
        assert_eq!(key(ins::VERIFY, 0x63C0), "verify-no-tries-left");
        assert_eq!(key(ins::PUT_DATA, 0x63C5), "counter");
        for low in 0..=0xFF {
            assert_eq!(key(ins::GENERATE_AC, 0x6100 | low), "more-data");
            assert_eq!(key(ins::GENERATE_AC, 0x6C00 | low), "wrong-le");
            assert_eq!(key(ins::GENERATE_AC, 0x9F00 | low), "more-data-gsm");
        }
        assert_eq!(key(ins::SELECT, 0x9000), "ok");
        assert_eq!(key(ins::SELECT, 0x9001), "card-own");
        assert_eq!(key(ins::SELECT, 0x6A99), "wrong-parameters");
        assert_eq!(key(ins::SELECT, 0x6001), "undefined");
        assert_eq!(key(ins::SELECT, 0x1234), "undefined");
    }

    #[test]
    fn a_key_always_has_the_same_text_and_is_reachable() {
        let mut texts = BTreeMap::new();
        for Meaning { key, text } in meanings() {
            assert!(key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
            assert_eq!(*texts.entry(key).or_insert(text), text, "{key}");
        }
        for line in table::BY_COMMAND {
            let ins = *line.ins.first().unwrap();
            assert_eq!(lookup(ins, StatusWord(*line.words.start())), line.meaning, "shadowed");
        }
        for line in table::GENERAL {
            let open = |word: &u16| lookup(0x44, StatusWord(*word)) == line.meaning;
            assert!(line.words.clone().any(|word| open(&word)), "{} is shadowed", line.meaning.key);
        }
    }
}
