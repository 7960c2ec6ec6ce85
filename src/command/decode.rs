//! `emvident decode`: what bytes mean.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
    process::ExitCode,
};

use emvident::{
    apdu::dictionary::Context,
    decode::{Authority, Decoded, Decoder, Kind, holds_certificate, input},
    kernel::oda::KeyStore,
    setup::{self, TerminalSource},
    text::Text,
};

use textwrap::{Options, WordSeparator, WordSplitter};

use crate::{
    arguments::Decode,
    console::{Console, say},
    failure::Failure,
};

/// More bytes than this are read of no file: twice the digits of the longest input, and room between them.
const MAX_FILE: u64 = 8 * 65_536;

/// Decodes the digits, the file, or standard input for `-`. What can be read is printed even when something is wrong;
/// then the exit status is that of wrong usage.
pub fn run(arguments: &Decode, console: &Console) -> Result<ExitCode, Failure> {
    let decoded = match arguments.kind.filter(|kind| kind.is_text()) {
        Some(kind) => decoder(arguments, None).decode_text(&arguments.input.join(" "), kind),
        None => decode(arguments)?,
    };
    let text = Text::new(console.language);
    let page = if console.json { decoded.json(&text) + "\n" } else { decoded.text(&text, console.colour) };
    console.print(&page)?;
    let Some(problem) = decoded.problem() else { return Ok(ExitCode::SUCCESS) };
    if !console.json {
        say(&format!("emvident: {}", decoded.explain(problem, &text)));
    }
    Ok(ExitCode::from(3))
}

fn decode(arguments: &Decode) -> Result<Decoded, Failure> {
    let bytes = bytes(&arguments.input)?;
    let keys = if holds_certificate(&bytes) { Some(keys(arguments)?) } else { None };
    let decoder = decoder(arguments, keys.as_ref());
    Ok(match arguments.kind {
        Some(kind) => decoder.decode(&bytes, kind),
        None => decoder.detect(&bytes),
    })
}

fn decoder<'k>(arguments: &Decode, keys: Option<&'k KeyStore>) -> Decoder<'k> {
    let rid = arguments.aid.as_ref().and_then(|aid| aid.0.first_chunk().copied());
    let authority = keys.map(|keys| Authority { keys, rid, index: arguments.ca_index });
    let context = arguments.context.or_else(|| arguments.aid.as_ref().map(|aid| Context::from_aid(&aid.0)));
    Decoder { context, instruction: arguments.instruction, authority }
}

/// Hexadecimal digits, in one argument or several; else the file or standard input that the only argument names.
fn bytes(arguments: &[String]) -> Result<Vec<u8>, Failure> {
    let typed = input::bytes(&arguments.join(" "));
    match (typed, arguments) {
        (Ok(bytes), _) => Ok(bytes),
        (Err(_), [name]) if name == "-" => content(&read(io::stdin().lock(), name)?, name),
        (Err(_), [name]) if Path::new(name).is_file() => {
            let file = fs::File::open(name).map_err(|error| Failure::Usage(format!("{name}: {error}")))?;
            content(&read(file, name)?, name)
        }
        (Err(error), _) => Err(Failure::Usage(format!("neither hexadecimal digits nor a file: {error}"))),
    }
}

fn read(source: impl io::Read, name: &str) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    let wrong = |error| Failure::Usage(format!("{name}: {error}"));
    source.take(MAX_FILE.saturating_add(1)).read_to_end(&mut content).map_err(wrong)?;
    match u64::try_from(content.len()) {
        Ok(length) if length <= MAX_FILE => Ok(content),
        _ => Err(Failure::Usage(format!("{name}: more than {MAX_FILE} bytes"))),
    }
}

/// A file of digits, or of the bytes themselves when it is no text.
fn content(content: &[u8], name: &str) -> Result<Vec<u8>, Failure> {
    let is_text = content.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    if !is_text && str::from_utf8(content).is_err() && content.len() <= input::MAX_BYTES {
        return Ok(content.to_vec());
    }
    input::bytes(&String::from_utf8_lossy(content)).map_err(|error| Failure::Usage(format!("{name}: {error}")))
}

/// The keys of a file, or all that come with the program: here nothing is trusted, only read.
fn keys(arguments: &Decode) -> Result<KeyStore, Failure> {
    if let Some(path) = &arguments.keys {
        let text = setup::read_file(path).map_err(Failure::usage)?;
        return KeyStore::from_toml(&text).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())));
    }
    let sets = [KeyStore::live(), KeyStore::test(), KeyStore::unconfirmed()];
    let mut keys = KeyStore::new();
    for set in sets {
        keys.extend(set.map_err(Failure::usage)?);
    }
    keys.extend(TerminalSource::for_tests().terminal().map_err(Failure::usage)?.keys);
    Ok(keys)
}

/// A kind by its name.
pub fn kind(name: &str) -> Result<Kind, String> {
    Kind::from_name(name).ok_or_else(|| "a tag or one of the names in `emvident decode --help` needed".to_owned())
}

/// A payment system by its name.
pub fn context(name: &str) -> Result<Context, String> {
    let known = Context::ALL.into_iter().find(|context| emvident::decode::context_name(*context) == name);
    known.ok_or_else(|| {
        let names: Vec<&str> = Context::ALL.into_iter().map(emvident::decode::context_name).collect();
        format!("one of {} needed", names.join(", "))
    })
}

/// An AID, or the RID it starts with: at least five bytes.
#[derive(Clone, Debug)]
pub struct Aid(Vec<u8>);

/// An AID in hexadecimal digits.
pub fn aid(digits: &str) -> Result<Aid, String> {
    let aid = hex::decode(digits).ok().filter(|aid| (5..=16).contains(&aid.len()));
    aid.map(Aid).ok_or_else(|| "10 to 32 hexadecimal digits needed, such as A000000003".to_owned())
}

/// A byte in two hexadecimal digits.
pub fn byte(digits: &str) -> Result<u8, String> {
    let byte = hex::decode(digits).ok().and_then(|bytes| <[u8; 1]>::try_from(bytes).ok());
    byte.map(|[byte]| byte).ok_or_else(|| "two hexadecimal digits needed, such as B2".to_owned())
}

/// What --help says after the options.
pub fn help() -> String {
    let names = Kind::names().collect::<Vec<_>>().join(", ");
    let options = Options::new(92).word_separator(WordSeparator::AsciiSpace);
    let options = options.word_splitter(WordSplitter::NoHyphenation);
    let names = textwrap::fill(&names, options.initial_indent("  ").subsequent_indent("  "));
    format!("{RULES}\n\nKinds:\n{names}\n\n{EXAMPLES}")
}

const RULES: &str = "\
Without --as the input is what it looks like, the first of these that fits: an answer to reset; a command that starts \
with 00; data objects and 9000; a data object list; data objects with known tags; another command; a status word; one \
tag; track 2 or an account number with the right check digit; issuer application data, file locator, CVM list or AID; a \
value by its length alone. What else it could be is said.";

const EXAMPLES: &str = "\
Examples:
  emvident decode 9F2701809F360200019F2608C4BF3F4D7F5E0C3B
  emvident decode --as tvr 8000048000
  emvident decode --as 9F10 --context visa 06010A03A0A000
  emvident decode --ins B2 6A83
  emvident decode --as currency EUR
  emvident decode --aid A000000003 --ca-index 92 certificates.txt";
