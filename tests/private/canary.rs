//! What must not be found, and every way it could be spelled.

/// Something private that was put in, to see where it comes out.
#[derive(Clone, Debug)]
pub struct Canary {
    pub name: &'static str,
    pub value: Value,
}

#[derive(Clone, Debug)]
pub enum Value {
    /// A card number or another row of digits of an account: no seven of them in a row may be seen.
    Account(String),
    /// Digits of which all together are the secret: a PIN with what is around it.
    Digits(String),
    /// Bytes, such as a key or a PIN block.
    Bytes(Vec<u8>),
    /// A name.
    Text(String),
}

/// Card numbers of the test range, in every length that is searched for. No row of seven digits stands in them twice, or in
/// anything else here.
pub const NUMBERS: [&str; 4] = ["4761739284605", "476173928460518", "4761739284605171", "4761739284605173922"];

impl Canary {
    pub fn account(name: &'static str, digits: &str) -> Self {
        Self { name, value: Value::Account(digits.to_owned()) }
    }

    pub fn digits(name: &'static str, digits: &str) -> Self {
        Self { name, value: Value::Digits(digits.to_owned()) }
    }

    pub fn bytes(name: &'static str, hex: &str) -> Self {
        Self { name, value: Value::Bytes(hex::decode(hex).unwrap()) }
    }

    pub fn text(name: &'static str, text: &str) -> Self {
        Self { name, value: Value::Text(text.to_owned()) }
    }

    /// How it is spelled in `sink`, if it is.
    pub fn found(&self, sink: &Sink) -> Option<String> {
        match &self.value {
            Value::Account(digits) => windows(digits).iter().find_map(|window| sink.holds_digits(window)),
            Value::Digits(digits) => sink.holds_digits(digits),
            Value::Bytes(bytes) => sink.holds_bytes(bytes),
            Value::Text(text) => sink.holds_bytes(text.as_bytes()).or_else(|| sink.holds_text(text)),
        }
    }
}

/// Every seven digits in a row: more than the first six or the last four.
fn windows(digits: &str) -> Vec<String> {
    digits.as_bytes().windows(7).map(|window| String::from_utf8(window.to_vec()).unwrap()).collect()
}

/// Something that came out, in every form it is searched in.
pub struct Sink {
    /// Each byte as the character with that number.
    raw: String,
    /// As text, without what people put between digits, in lower case.
    plain: String,
    /// The same, backwards.
    reversed: String,
    /// The half bytes of the raw bytes.
    halves: String,
    /// With `%41` undone.
    unescaped: String,
}

impl Sink {
    pub fn new(raw: &[u8]) -> Self {
        let text = without_colours(&String::from_utf8_lossy(raw));
        let joins =
            |character: &char| !matches!(character, ' ' | ':' | '-' | '_' | '\n' | '\r' | '\t' | '"' | ',' | '\'');
        let plain: String = text.chars().filter(joins).flat_map(char::to_lowercase).collect();
        Self {
            reversed: plain.chars().rev().collect(),
            halves: hex::encode(raw),
            unescaped: characters(&unescape(raw)),
            raw: characters(raw),
            plain,
        }
    }

    /// Digits as characters, as half bytes in either alignment, in hexadecimal of either, backwards, in UTF-16, in base 64.
    fn holds_digits(&self, digits: &str) -> Option<String> {
        let plain = || self.plain.contains(digits).then(|| "digits".to_owned());
        let reversed = || self.reversed.contains(digits).then(|| "reversed".to_owned());
        let halves = || self.halves.contains(digits).then(|| "half bytes".to_owned());
        let spelled = || self.holds_bytes(digits.as_bytes());
        let packed = || {
            [digits.to_owned(), format!("{digits}f"), format!("f{digits}")].iter().find_map(|row| {
                let bytes = hex::decode(row).ok()?;
                self.holds_base_64(&bytes)
            })
        };
        plain().or_else(reversed).or_else(halves).or_else(spelled).or_else(packed)
    }

    fn holds_text(&self, text: &str) -> Option<String> {
        let wanted: String = text.chars().filter(|character| *character != ' ').flat_map(char::to_lowercase).collect();
        self.plain.contains(&wanted).then(|| "text".to_owned())
    }

    /// Bytes as they are, in hexadecimal, backwards, in UTF-16, in base 64, with escapes as in addresses.
    fn holds_bytes(&self, bytes: &[u8]) -> Option<String> {
        let hex = hex::encode(bytes);
        let reversed: Vec<u8> = bytes.iter().rev().copied().collect();
        let wide = |little: bool| -> Vec<u8> {
            bytes.iter().flat_map(|byte| if little { [*byte, 0] } else { [0, *byte] }).collect()
        };
        let is = |found: bool, name: &str| found.then(|| name.to_owned());
        is(contains(&self.raw, bytes), "bytes")
            .or_else(|| is(self.plain.contains(&hex), "hexadecimal"))
            .or_else(|| is(self.plain.contains(&hex::encode(&reversed)), "hexadecimal, backwards"))
            .or_else(|| is(contains(&self.raw, &reversed), "backwards"))
            .or_else(|| is(contains(&self.raw, &wide(true)) || contains(&self.raw, &wide(false)), "UTF-16"))
            .or_else(|| is(contains(&self.unescaped, bytes), "escaped"))
            .or_else(|| self.holds_base_64(bytes))
    }

    /// In each of the three alignments, without the characters that its neighbours have a part in.
    fn holds_base_64(&self, bytes: &[u8]) -> Option<String> {
        (0..3_usize).find_map(|before| {
            let padded = [&vec![0; before][..], bytes].concat();
            let coded = base_64(&padded);
            let start = [0, 2, 3][before];
            let whole = padded.len() / 3 * 4;
            let core = coded.get(start..whole).filter(|core| core.len() >= 6)?;
            contains(&self.raw, core.as_bytes()).then(|| format!("base 64 ({before})"))
        })
    }
}

fn contains(haystack: &str, needle: &[u8]) -> bool {
    haystack.contains(&characters(needle))
}

fn characters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or(after, |(_, rest)| rest);
    }
    plain + rest
}

fn unescape(raw: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let [first, after @ ..] = rest {
        let pair = after.get(..2).filter(|_| *first == b'%').and_then(|pair| hex::decode(pair).ok());
        match pair {
            Some(byte) => {
                plain.extend(byte);
                rest = &after[2..];
            }
            None => {
                plain.push(*first);
                rest = after;
            }
        }
    }
    plain
}

pub fn base_64(bytes: &[u8]) -> String {
    use base64ct::{Base64, Encoding};
    Base64::encode_string(bytes)
}

/// Every canary in every sink: all that was found.
pub fn search(canaries: &[Canary], place: &str, raw: &[u8]) -> Vec<String> {
    let sink = Sink::new(raw);
    let hit = |canary: &Canary| canary.found(&sink).map(|how| format!("{place}: {} as {how}", canary.name));
    canaries.iter().filter_map(hit).collect()
}
