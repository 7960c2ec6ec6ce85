//! One line is one meaning: for some commands first, then for all. Within a table the first line that fits counts.

use core::ops::RangeInclusive;

use super::Meaning;
use crate::command::ins::{
    APPLICATION_BLOCK, APPLICATION_UNBLOCK, CARD_BLOCK, EXTERNAL_AUTHENTICATE, GENERATE_AC, GET_CHALLENGE, GET_DATA,
    GET_PROCESSING_OPTIONS, INTERNAL_AUTHENTICATE, PIN_CHANGE_UNBLOCK, PUT_DATA, READ_RECORD, SELECT, UPDATE_RECORD,
    VERIFY,
};

pub(super) struct Line {
    pub(super) ins: &'static [u8],
    pub(super) words: RangeInclusive<u16>,
    pub(super) meaning: Meaning,
}

const fn range(ins: &'static [u8], words: RangeInclusive<u16>, key: &'static str, text: &'static str) -> Line {
    Line { ins, words, meaning: Meaning { key, text } }
}

const fn line(ins: &'static [u8], word: u16, key: &'static str, text: &'static str) -> Line {
    range(ins, word..=word, key, text)
}

const fn any(word: u16, key: &'static str, text: &'static str) -> Line {
    line(&[], word, key, text)
}

const fn all(words: RangeInclusive<u16>, key: &'static str, text: &'static str) -> Line {
    range(&[], words, key, text)
}

pub(super) const UNDEFINED: Meaning = Meaning { key: "undefined", text: "a status word without a meaning" };

const SCRIPT: &[u8] =
    &[APPLICATION_BLOCK, APPLICATION_UNBLOCK, CARD_BLOCK, PIN_CHANGE_UNBLOCK, PUT_DATA, UPDATE_RECORD];

pub(super) static BY_COMMAND: &[Line] = &[
    line(&[SELECT], 0x6283, "select-application-blocked", "the application is blocked"),
    line(&[SELECT], 0x6A81, "select-card-blocked", "the card is blocked, or does not know SELECT"),
    line(&[SELECT], 0x6A82, "select-not-found", "no application of that name, or no further one"),
    line(&[READ_RECORD], 0x6981, "read-record-wrong-file", "the file is not made of records"),
    line(&[READ_RECORD], 0x6982, "read-record-protected", "the record may not be read now"),
    line(&[READ_RECORD], 0x6985, "read-record-not-now", "the record cannot be read in this state"),
    line(&[READ_RECORD], 0x6A82, "read-record-no-file", "the file is not there"),
    line(&[READ_RECORD], 0x6A83, "read-record-not-there", "the record is not there; in a directory, the end"),
    line(&[GET_PROCESSING_OPTIONS], 0x6700, "gpo-wrong-length", "the PDOL data has the wrong length"),
    line(&[GET_PROCESSING_OPTIONS], 0x6984, "gpo-other-interface", "not this way: try another interface"),
    line(&[GET_PROCESSING_OPTIONS], 0x6985, "gpo-not-allowed", "this application does not allow this transaction"),
    line(&[GET_PROCESSING_OPTIONS], 0x6986, "gpo-see-phone", "the cardholder must confirm on the phone first"),
    line(&[GET_PROCESSING_OPTIONS], 0x6A80, "gpo-wrong-data", "the PDOL data is wrong"),
    line(&[GET_DATA], 0x6985, "get-data-not-now", "the data object cannot be read in this state"),
    line(&[GET_DATA], 0x6A81, "get-data-unsupported", "the card does not give that data object"),
    line(&[GET_DATA], 0x6A88, "get-data-not-there", "the card does not hold that data object"),
    line(&[GET_CHALLENGE], 0x6A81, "get-challenge-unsupported", "the card gives no unpredictable number"),
    line(&[INTERNAL_AUTHENTICATE], 0x6700, "internal-authenticate-wrong-length", "the DDOL data has the wrong length"),
    line(&[INTERNAL_AUTHENTICATE], 0x6985, "internal-authenticate-not-now", "the card cannot sign in this state"),
    line(&[INTERNAL_AUTHENTICATE], 0x6A80, "internal-authenticate-wrong-data", "the DDOL data is wrong"),
    line(&[VERIFY], 0x6300, "verify-wrong-pin-uncounted", "wrong PIN; the card does not say how many tries are left"),
    line(&[VERIFY], 0x63C0, "verify-no-tries-left", "wrong PIN, and no try is left"),
    line(&[VERIFY], 0x63C1, "verify-last-try", "wrong PIN; one try is left"),
    range(&[VERIFY], 0x63C2..=0x63CF, "verify-wrong-pin", "wrong PIN; SW2 says how many tries are left"),
    line(&[VERIFY], 0x6983, "verify-blocked", "the PIN is blocked"),
    line(&[VERIFY], 0x6984, "verify-unusable", "the PIN is blocked or cannot be used"),
    line(&[VERIFY], 0x6985, "verify-not-now", "the PIN cannot be verified in this state"),
    line(&[VERIFY], 0x6A80, "verify-wrong-data", "the PIN block is wrong"),
    line(&[VERIFY], 0x6A88, "verify-no-pin", "the card holds no PIN"),
    line(&[GENERATE_AC], 0x6700, "generate-ac-wrong-length", "the CDOL data has the wrong length"),
    line(&[GENERATE_AC], 0x6985, "generate-ac-not-now", "no cryptogram in this state: asked too often, or state lost"),
    line(&[GENERATE_AC], 0x6A80, "generate-ac-wrong-data", "the CDOL data is wrong"),
    line(&[EXTERNAL_AUTHENTICATE], 0x6300, "external-authenticate-failed", "the issuer's cryptogram is wrong"),
    line(
        &[EXTERNAL_AUTHENTICATE],
        0x6700,
        "external-authenticate-wrong-length",
        "issuer authentication data has the wrong length",
    ),
    line(
        &[EXTERNAL_AUTHENTICATE],
        0x6985,
        "external-authenticate-not-now",
        "issuer authentication is not possible now, or was done",
    ),
    line(&[EXTERNAL_AUTHENTICATE], 0x6988, "external-authenticate-failed", "the issuer's cryptogram is wrong"),
    line(
        &[GET_CHALLENGE, INTERNAL_AUTHENTICATE, GENERATE_AC],
        0x6982,
        "security-not-satisfied",
        "security status not satisfied",
    ),
    line(SCRIPT, 0x6982, "script-not-authorised", "the issuer was not authenticated, or the MAC is wrong"),
    line(SCRIPT, 0x6985, "script-not-now", "not possible in this state"),
    line(SCRIPT, 0x6987, "script-mac-missing", "the MAC is missing"),
    line(SCRIPT, 0x6988, "script-mac-wrong", "the MAC is wrong"),
    line(&[PUT_DATA, UPDATE_RECORD], 0x6A84, "script-no-room", "no room in the file"),
    line(&[PUT_DATA], 0x6A88, "put-data-not-there", "the card does not hold that data object"),
    line(&[UPDATE_RECORD], 0x6A83, "update-record-not-there", "the record is not there"),
];

pub(super) static GENERAL: &[Line] = &[
    any(0x9000, "ok", "done"),
    all(0x6100..=0x61FF, "more-data", "done; SW2 says how many bytes GET RESPONSE will give"),
    any(0x6200, "warning-unchanged", "warning: nothing was changed"),
    all(0x6202..=0x6280, "card-query", "the card wants to ask something; SW2 says how many bytes"),
    any(0x6281, "data-corrupted", "part of the data may be corrupted"),
    any(0x6282, "end-of-file", "the file or record ended early"),
    any(0x6283, "file-deactivated", "the selected file is deactivated"),
    any(0x6284, "fci-format", "the file control information is not formatted as it should be"),
    any(0x6285, "file-terminated", "the selected file is in its final state"),
    any(0x6286, "no-sensor-input", "a sensor on the card gives nothing"),
    all(0x6201..=0x62FF, "warning-unchanged", "warning: nothing was changed"),
    any(0x6300, "warning-changed", "warning: something was changed, or a check failed"),
    any(0x6381, "file-full", "the last write filled the file"),
    all(0x63C0..=0x63CF, "counter", "a counter, which SW2 carries, limits this"),
    all(0x6301..=0x63FF, "warning-changed", "warning: something was changed, or a check failed"),
    any(0x6400, "execution-error", "error while executing; nothing was changed"),
    any(0x6401, "answer-required", "the card needs an answer first"),
    all(0x6402..=0x6480, "card-query-aborted", "the card gave up until it is asked; SW2 says how many bytes"),
    all(0x6481..=0x64FF, "execution-error", "error while executing; nothing was changed"),
    any(0x6581, "memory-failure", "the card's memory failed"),
    all(0x6500..=0x65FF, "execution-error-changed", "error while executing; something was changed"),
    all(0x6600..=0x66FF, "security-error", "a security error"),
    all(0x6700..=0x67FF, "wrong-length", "wrong length"),
    any(0x6881, "no-logical-channel", "logical channels are not supported"),
    any(0x6882, "no-secure-messaging", "secure messaging is not supported"),
    any(0x6883, "chain-not-ended", "the last command of a chain was expected"),
    any(0x6884, "no-chaining", "command chaining is not supported"),
    all(0x6800..=0x68FF, "class-function-unsupported", "a function asked for in CLA is not supported"),
    any(0x6981, "wrong-file-structure", "the command does not fit the file's structure"),
    any(0x6982, "security-not-satisfied", "security status not satisfied"),
    any(0x6983, "authentication-blocked", "the authentication method is blocked"),
    any(0x6984, "reference-unusable", "the reference data cannot be used"),
    any(0x6985, "conditions-not-satisfied", "conditions of use are not satisfied"),
    any(0x6986, "command-not-allowed", "the command is not allowed now: no file is selected"),
    any(0x6987, "secure-messaging-missing", "secure messaging data is missing"),
    any(0x6988, "secure-messaging-wrong", "secure messaging data is wrong"),
    all(0x6900..=0x69FF, "command-not-allowed-here", "the command is not allowed"),
    any(0x6A80, "wrong-data", "the command's data is wrong"),
    any(0x6A81, "function-unsupported", "the function is not supported"),
    any(0x6A82, "file-not-found", "file or application not found"),
    any(0x6A83, "record-not-found", "record not found"),
    any(0x6A84, "no-room", "not enough room in the file"),
    any(0x6A85, "length-not-tlv", "the length does not fit the TLV structure"),
    any(0x6A86, "wrong-p1-p2", "P1 or P2 is wrong"),
    any(0x6A87, "length-not-p1-p2", "the length does not fit P1 and P2"),
    any(0x6A88, "data-not-found", "the data asked for is not there"),
    any(0x6A89, "file-exists", "the file exists already"),
    any(0x6A8A, "name-exists", "the name exists already"),
    all(0x6A00..=0x6AFF, "wrong-parameters", "wrong parameters"),
    all(0x6B00..=0x6BFF, "wrong-p1-p2", "P1 or P2 is wrong"),
    all(0x6C00..=0x6CFF, "wrong-le", "wrong Le; SW2 says how many bytes there are"),
    all(0x6D00..=0x6DFF, "ins-unsupported", "the command is not known or not allowed"),
    all(0x6E00..=0x6EFF, "cla-unsupported", "the command's class is not known"),
    all(0x6F00..=0x6FFF, "no-diagnosis", "the card failed and does not say why"),
    // Chinese card systems.
    any(0x9302, "mac-wrong", "the MAC is wrong"),
    any(0x9303, "application-locked", "the application is locked for good"),
    any(0x9401, "not-enough-money", "not enough money on the card"),
    any(0x9402, "counter-at-maximum", "the transaction counter is at its end"),
    any(0x9403, "key-not-found", "the key is not there"),
    any(0x9406, "mac-not-available", "the MAC is not available"),
    all(0x9F00..=0x9FFF, "more-data-gsm", "done, as SIM cards say it; SW2 says how many bytes there are"),
    all(0x9001..=0x9EFF, "card-own", "a status word of this card's own system"),
];
