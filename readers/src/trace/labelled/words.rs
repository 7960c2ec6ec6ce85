//! The words and arrows that tell what the hex behind them is.

/// What a label says of the hex behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Label {
    /// A command.
    Command,
    /// One field of a command (`CLA`, `Lc`); the class starts a new one.
    Field { first: bool },
    /// A response.
    Response,
    /// The data of a response, or of a command that is given in fields.
    Data,
    /// A status word, or one byte of it; in the shape `APDU`/`SW` a whole response.
    Status,
    /// An answer to reset.
    Atr,
}

/// A label in a line, and where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Found {
    pub label: Label,
    /// Where its first sign starts.
    pub start: usize,
    /// Where its last sign ends; hex comes after it.
    pub end: usize,
    /// It is the name of one side or `APDU`, and gives way to a label before it.
    pub is_weak: bool,
}

/// What a single sign means, before its neighbours are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Certain(Label),
    /// `APDU` alone is a command; next to another word it says nothing.
    Apdu,
    /// An arrow: away from the terminal or towards it, unless it stands behind the name of one side.
    Arrow {
        right: bool,
    },
    /// The name of one side.
    Side {
        card: bool,
    },
}

struct Seen {
    sign: Sign,
    start: usize,
    end: usize,
}

/// The next label in `line` behind `from`: signs with nothing but words between them make one.
pub(in super::super) fn find(line: &[u8], from: usize) -> Option<Found> {
    let first = next_sign(line, from)?;
    let (start, mut end, mut sign) = (first.start, first.end, first.sign);
    let signs = before_digits(line, end);
    while let Some(next) = next_sign(signs, end) {
        let between = line.get(end..next.start).unwrap_or(&[]);
        let adjacent = between.trim_ascii().is_empty();
        sign = combined(sign, next.sign, adjacent);
        end = next.end;
    }
    label(sign, line.get(end..).unwrap_or(&[])).map(|label| Found {
        label,
        start,
        end,
        is_weak: matches!(sign, Sign::Side { .. } | Sign::Apdu),
    })
}

/// What comes before the next digit: there the hex begins.
fn before_digits(line: &[u8], from: usize) -> &[u8] {
    let digit = line.get(from..).and_then(|rest| rest.iter().position(u8::is_ascii_digit));
    digit.and_then(|length| line.get(..from.saturating_add(length))).unwrap_or(line)
}

fn combined(first: Sign, second: Sign, adjacent: bool) -> Sign {
    use Sign::{Apdu, Arrow, Certain, Side};
    match (first, second) {
        // Who sends decides, whether it is left of `->` or right of `<-`.
        (Side { card }, Arrow { right }) => Certain(if card == right { Label::Response } else { Label::Command }),
        (Side { .. } | Apdu, Side { .. }) if adjacent => second,
        (Side { .. } | Apdu, Certain(_) | Apdu) | (_, Certain(Label::Status | Label::Atr)) => second,
        (Certain(Label::Command | Label::Response), Certain(Label::Command | Label::Response)) if adjacent => second,
        _ => first,
    }
}

/// A side alone counts only right before a colon: `Card: 6F…`.
fn label(sign: Sign, rest: &[u8]) -> Option<Label> {
    let colon = || rest.trim_ascii_start().first().is_some_and(|byte| matches!(byte, b':' | b'=' | b'|' | b']' | 0xEF));
    match sign {
        Sign::Certain(label) => Some(label),
        Sign::Apdu | Sign::Arrow { right: true } => Some(Label::Command),
        Sign::Arrow { right: false } => Some(Label::Response),
        Sign::Side { card } => colon().then_some(if card { Label::Response } else { Label::Command }),
    }
}

fn next_sign(line: &[u8], from: usize) -> Option<Seen> {
    let mut at = from;
    while let Some(byte) = line.get(at) {
        let (end, sign) = match byte {
            // What ends is no label.
            b'<' if line.get(at.saturating_add(1)) == Some(&b'/') => (end_of(line, at, |byte| *byte != b'>'), None),
            b'-' | b'=' | b'<' | b'>' => arrow(line, at),
            b'a'..=b'z' | b'A'..=b'Z' => word(line, at),
            0x80.. => beyond_ascii(line, at),
            b'0'..=b'9' => (end_of(line, at, u8::is_ascii_alphanumeric), None),
            _ => (at.saturating_add(1), None),
        };
        if let Some(sign) = sign {
            return Some(Seen { sign, start: at, end });
        }
        at = end;
    }
    None
}

fn end_of(line: &[u8], start: usize, belongs: impl Fn(&u8) -> bool) -> usize {
    let rest = line.get(start..).unwrap_or(&[]);
    start.saturating_add(rest.iter().position(|byte| !belongs(byte)).unwrap_or(rest.len()).max(1))
}

/// `->`, `-->`, `=>`, `>>`, `>>>>` and their mirror images; `<` and `>` alone at the start of the line or behind a blank
/// or bracket, so that `<tag>` is no arrow.
fn arrow(line: &[u8], start: usize) -> (usize, Option<Sign>) {
    let end = end_of(line, start, |byte| matches!(byte, b'-' | b'=' | b'<' | b'>'));
    let signs = line.get(start..end).unwrap_or(&[]);
    let alone =
        start.checked_sub(1).and_then(|before| line.get(before)).is_none_or(|before| !before.is_ascii_alphanumeric());
    let sign = match signs {
        b">" if alone => Some(Sign::Arrow { right: true }),
        b"<" if alone && !is_tag(line.get(end)) => Some(Sign::Arrow { right: false }),
        [b'-' | b'=', .., b'>'] | [b'>', .., b'>'] => Some(Sign::Arrow { right: true }),
        [b'<', .., b'-' | b'='] | [b'<', .., b'<'] => Some(Sign::Arrow { right: false }),
        _ => None,
    };
    (end, sign)
}

/// `<name>` and `</name>` are no arrows; a response starts with a decimal digit.
fn is_tag(next: Option<&u8>) -> bool {
    next.is_some_and(|next| next.is_ascii_alphabetic() || *next == b'/')
}

fn word(line: &[u8], start: usize) -> (usize, Option<Sign>) {
    let end = end_of(line, start, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let word = line.get(start..end).unwrap_or(&[]);
    // The dash of an arrow is no part of the word before it.
    let dashes =
        if line.get(end) == Some(&b'>') { word.iter().rev().take_while(|byte| **byte == b'-').count() } else { 0 };
    let end = end.saturating_sub(dashes).max(start.saturating_add(1));
    let word = line.get(start..end).unwrap_or(&[]);
    (end, sign(word, line.get(..start).unwrap_or(&[]), line.get(end..).unwrap_or(&[])))
}

/// What a word means, in lower case; the short ones only right before a colon or equals sign, the common ones only where
/// no word comes before.
fn sign(word: &[u8], before: &[u8], rest: &[u8]) -> Option<Sign> {
    const LONGEST: usize = 16;
    let mut buffer = [0; LONGEST];
    let lower = buffer.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    let leads = || leads(before);
    let assigned = || matches!(rest.trim_ascii_start(), [b':' | b'=', ..]);
    match &*lower {
        b"apdu" | b"apdus" => Some(Sign::Apdu),
        b"c" | b"out" | b"req" | b"cmd" if assigned() => Some(Sign::Certain(Label::Command)),
        b"r" | b"in" | b"res" | b"rsp" if assigned() => Some(Sign::Certain(Label::Response)),
        b"lc" | b"le" | b"p1" | b"p2" | b"p3" | b"ins" if assigned() => {
            Some(Sign::Certain(Label::Field { first: false }))
        }
        b"cla" if assigned() => Some(Sign::Certain(Label::Field { first: true })),
        b"data" | b"respdata" | b"resp-data" | b"resp_data" if leads() => Some(Sign::Certain(Label::Data)),
        b"status" if leads() => Some(Sign::Certain(Label::Status)),
        b"sw" | b"sw1" | b"sw2" | b"sw12" | b"sw1sw2" | b"sw1-sw2" | b"sw1_sw2" | b"statusword" => {
            Some(Sign::Certain(Label::Status))
        }
        b"atr" => Some(Sign::Certain(Label::Atr)),
        b"terminal" | b"reader" | b"ifd" | b"pcd" | b"host" | b"pos" | b"term" | b"rdr" => {
            Some(Sign::Side { card: false })
        }
        b"card" | b"icc" | b"picc" | b"tag" | b"chip" => Some(Sign::Side { card: true }),
        other if is_command_word(other) => Some(Sign::Certain(Label::Command)),
        other if is_response_word(other) => Some(Sign::Certain(Label::Response)),
        _ => None,
    }
}

/// Whether no word comes before, or the last one is hex: `Lc: 07 Data: A0…`.
fn leads(before: &[u8]) -> bool {
    let last = before.trim_ascii_end().rsplit(|byte| !byte.is_ascii_alphanumeric()).next().unwrap_or(&[]);
    let is_hex = last.len() > 1 && last.len() % 2 == 0 && last.iter().all(u8::is_ascii_hexdigit);
    is_hex && last.iter().any(u8::is_ascii_digit) || !before.iter().any(u8::is_ascii_alphabetic)
}

fn is_command_word(word: &[u8]) -> bool {
    matches!(
        word,
        b"c-apdu"
            | b"capdu"
            | b"c_apdu"
            | b"command"
            | b"command-apdu"
            | b"command_apdu"
            | b"commandapdu"
            | b"cmd-apdu"
            | b"cmdapdu"
            | b"send"
            | b"sending"
            | b"sent"
            | b"snd"
            | b"tx"
            | b"txd"
            | b"transmit"
            | b"transmitting"
            | b"transmitted"
            | b"request"
            | b"outgoing"
            | b"apdu-c"
            | b"apducmd"
    )
}

fn is_response_word(word: &[u8]) -> bool {
    matches!(
        word,
        b"r-apdu"
            | b"rapdu"
            | b"r_apdu"
            | b"response"
            | b"response-apdu"
            | b"response_apdu"
            | b"responseapdu"
            | b"resp"
            | b"resp-apdu"
            | b"respapdu"
            | b"recv"
            | b"receive"
            | b"received"
            | b"receiving"
            | b"rcv"
            | b"rx"
            | b"rxd"
            | b"reply"
            | b"answer"
            | b"incoming"
            | b"apdu-r"
            | b"rspapdu"
    )
}

/// Chinese words, and arrows of one character.
fn beyond_ascii(line: &[u8], start: usize) -> (usize, Option<Sign>) {
    let end = end_of(line, start, |byte| *byte >= 0x80);
    let word = std::str::from_utf8(line.get(start..end).unwrap_or(&[])).unwrap_or_default();
    let has = |words: &[&str]| words.iter().any(|one| word.contains(one));
    let sign = if has(&["→", "⇒", "➜", "⟶"]) {
        Some(Sign::Arrow { right: true })
    } else if has(&["←", "⇐", "⟵"]) {
        Some(Sign::Arrow { right: false })
    } else if has(&["响应", "接收", "返回", "应答", "收到", "回复"]) {
        Some(Sign::Certain(Label::Response))
    } else if has(&["发送", "命令", "指令", "请求", "下发"]) {
        Some(Sign::Certain(Label::Command))
    } else if has(&["状态"]) {
        Some(Sign::Certain(Label::Status))
    } else {
        None
    };
    (end, sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Option<(Label, &str)> {
        find(line.as_bytes(), 0).map(|found| (found.label, line.get(found.end..).unwrap()))
    }

    #[test]
    fn commands_are_labelled_in_many_ways() {
        for line in [
            "-> 00A4",
            "--> 00A4",
            "=> 00A4",
            ">> 00A4",
            ">>> 00A4",
            "> 00A4",
            "→ 00A4",
            "C-APDU: 00A4",
            "C: 00A4",
            "c=00A4",
            "Command APDU: 00A4",
            "APDU: 00A4",
            "send: 00A4",
            "Sending command 00A4",
            "Tx: 00A4",
            "[DEBUG] Request data = 00A4",
            "Terminal -> Card: 00A4",
            "Card <- Terminal: 00A4",
            "Reader: 00A4",
            "card reader -> 00A4",
            "发送: 00A4",
            "发送命令：00A4",
            "Received command: 00A4",
            "[Rdr] 00A4",
            "[12] >00A4",
        ] {
            assert_eq!(found(line).map(|(label, _)| label), Some(Label::Command), "{line}");
        }
    }

    #[test]
    fn responses_are_labelled_in_many_ways() {
        for line in [
            "<- 6F",
            "<-- 6F",
            "<= 6F",
            "<< 6F",
            "< 6F",
            "← 6F",
            "R-APDU: 6F",
            "R: 6F",
            "Response APDU: 6F",
            "resp: 6F",
            "Recv: 6F",
            "Rx 6F",
            "Received data: 6F",
            "Card -> Terminal: 6F",
            "Terminal <- Card 6F",
            "ICC: 6F",
            "响应：6F",
            "Answer to command: 6F",
            "SELECT command response: 6F",
            "Sending response 6F",
            "<6F",
        ] {
            assert_eq!(found(line).map(|(label, _)| label), Some(Label::Response), "{line}");
        }
    }

    #[test]
    fn other_labels_and_none() {
        assert_eq!(found("Data: 6F"), Some((Label::Data, ": 6F")));
        assert_eq!(found("Response SW: 9000"), Some((Label::Status, ": 9000")));
        assert_eq!(found("SW1=90"), Some((Label::Status, "=90")));
        assert_eq!(found("CLA: 00 INS: A4"), Some((Label::Field { first: true }, ": 00 INS: A4")));
        assert_eq!(found("ATR: 3B00"), Some((Label::Atr, ": 3B00")));
        for line in ["00A40400", "Card inserted", "a - b = c", "12:00:01", "", "in the beginning", "借记卡", "</c>"]
        {
            assert_eq!(found(line), None, "{line}");
        }
    }
}
