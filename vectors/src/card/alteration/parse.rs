//! Alterations from text.

use std::str::FromStr;

use apdu::{Fault, StatusWord, Tag, command::ins};

use super::{Alteration, Change, Edit, Feature, NotAnAlteration, Place, Signed, Which};
use crate::cryptogram::Kind;
use crate::pki::Field;

/// What was expected instead.
type Parsed<T> = Result<T, &'static str>;

const STARTS: &str = "it starts with with, sign, set, remove, duplicate, flip, shorten, extend, record, directory, pse, \
                      fci, aip, afl, force, answer or tap";

const SIGNED: [(&str, Signed); 7] = [
    ("issuer", Signed::Issuer),
    ("icc", Signed::Icc),
    ("pin", Signed::Pin),
    ("static", Signed::Static),
    ("dynamic", Signed::Dynamic),
    ("first", Signed::First),
    ("second", Signed::Second),
];

const COMMANDS: [(&str, u8); 10] = [
    ("select", ins::SELECT),
    ("gpo", ins::GET_PROCESSING_OPTIONS),
    ("read", ins::READ_RECORD),
    ("get-data", ins::GET_DATA),
    ("challenge", ins::GET_CHALLENGE),
    ("verify", ins::VERIFY),
    ("internal-auth", ins::INTERNAL_AUTHENTICATE),
    ("external-auth", ins::EXTERNAL_AUTHENTICATE),
    ("gac", ins::GENERATE_AC),
    ("get-response", ins::GET_RESPONSE),
];

const FAULTS: [(&str, Fault); 9] = [
    ("removed", Fault::Removed),
    ("timeout", Fault::Timeout),
    ("transmission", Fault::Transmission),
    ("mute", Fault::Mute),
    ("unplugged", Fault::Unplugged),
    ("reset", Fault::Reset),
    ("length", Fault::Length),
    ("protocol", Fault::Protocol),
    ("internal", Fault::Internal),
];

impl FromStr for Alteration {
    type Err = NotAnAlteration;

    fn from_str(text: &str) -> Result<Self, NotAnAlteration> {
        let words: Vec<&str> = text.split_whitespace().collect();
        alteration(&words).map_err(|expected| NotAnAlteration { text: text.to_owned(), expected })
    }
}

impl FromStr for Which {
    type Err = NotAnAlteration;

    fn from_str(text: &str) -> Result<Self, NotAnAlteration> {
        selector(text).map_err(|expected| NotAnAlteration { text: text.to_owned(), expected })
    }
}

impl FromStr for Change {
    type Err = NotAnAlteration;

    fn from_str(text: &str) -> Result<Self, NotAnAlteration> {
        let words: Vec<&str> = text.split_whitespace().collect();
        response(&words).map_err(|expected| NotAnAlteration { text: text.to_owned(), expected })
    }
}

impl TryFrom<String> for Alteration {
    type Error = NotAnAlteration;

    fn try_from(text: String) -> Result<Self, NotAnAlteration> {
        text.parse()
    }
}

fn alteration(words: &[&str]) -> Parsed<Alteration> {
    match words {
        ["sign", object, field] => sign(object, field),
        ["record", place, change @ ..] => {
            let (sfi, number) = place.split_once('.').ok_or("a record is SFI.NUMBER")?;
            Ok(Alteration::Record(decimal(sfi)?, decimal(number)?, edit(change)?))
        }
        ["directory", number, change @ ..] => Ok(Alteration::Directory(decimal(number)?, edit(change)?)),
        ["pse", change @ ..] => Ok(Alteration::Pse(edit(change)?)),
        ["ppse", change @ ..] => Ok(Alteration::Ppse(edit(change)?)),
        ["fci", change @ ..] => Ok(Alteration::Fci(edit(change)?)),
        ["aip", value] => Ok(Alteration::Aip(bytes(value)?)),
        ["afl", value] => Ok(Alteration::Afl(bytes(value)?)),
        ["force", which, kind] => Ok(Alteration::Force(second(which)?, cryptogram(kind)?)),
        ["tap", number, "answer", which, change @ ..] => {
            Ok(Alteration::AnswerAtTap(decimal(number)?, selector(which)?, response(change)?))
        }
        ["answer", which, change @ ..] => Ok(Alteration::Answer(selector(which)?, response(change)?)),
        ["set" | "remove" | "duplicate" | "flip" | "shorten" | "extend", ..] => holder(edit(words)?),
        ["with", feature @ ..] => Ok(Alteration::With(Feature::parse(&feature.join(" "))?)),
        _ => Err(STARTS),
    }
}

fn sign(object: &str, field: &str) -> Parsed<Alteration> {
    let signed = named(&SIGNED, object).ok_or("sign takes issuer, icc, pin, static, dynamic, first or second")?;
    let (field, value) = field.split_once('=').ok_or("sign takes FIELD=HEX")?;
    Ok(Alteration::Sign(signed, Field::named(field).ok_or("no field of a signature has that name")?, bytes(value)?))
}

fn holder(edit: Edit) -> Parsed<Alteration> {
    edit.tag().ok_or("without a record, name a tag").map(|_| Alteration::Holder(edit))
}

fn second(which: &str) -> Parsed<bool> {
    match which {
        "first" => Ok(false),
        "second" => Ok(true),
        _ => Err("force takes first or second"),
    }
}

fn cryptogram(kind: &str) -> Parsed<Kind> {
    match kind {
        "aac" => Ok(Kind::Aac),
        "arqc" => Ok(Kind::Arqc),
        "tc" => Ok(Kind::Tc),
        _ => Err("a cryptogram is aac, arqc or tc"),
    }
}

fn selector(which: &str) -> Parsed<Which> {
    if let Some(number) = which.strip_prefix('#') {
        return Ok(Which::Number(decimal(number)?));
    }
    let (name, time) = match which.split_once(':') {
        Some((name, time)) => (name, Some(decimal(time)?)),
        None => (which, None),
    };
    let unnamed = || u8::from_str_radix(name, 16).map_err(|_| "answer takes #N, a command's name, or its INS in hex");
    Ok(Which::Instruction(named(&COMMANDS, name).map_or_else(unnamed, Ok)?, time))
}

fn response(words: &[&str]) -> Parsed<Change> {
    match words {
        ["sw", word] => Ok(Change::StatusOnly(status(word)?)),
        ["status", word] => Ok(Change::Status(status(word)?)),
        ["fault", name] => named(&FAULTS, name).map(Change::Fault).ok_or("no fault has that name"),
        words => edit(words).map(Change::Data),
    }
}

fn edit(words: &[&str]) -> Parsed<Edit> {
    match words {
        ["set", object] => object_value(object).map(|(place, value)| Edit::Set(place, value)),
        ["add", object] => object_value(object).map(|(place, value)| Edit::Add(place, value)),
        ["remove", object] => tag(object).map(Edit::Remove),
        ["duplicate", object] => tag(object).map(Edit::Duplicate),
        ["flip", place] => flip(place),
        ["shorten", object] => {
            let (object, count) = object.split_once('=').ok_or("shorten takes TAG=COUNT")?;
            Ok(Edit::Shorten(tag(object)?, decimal(count)?))
        }
        ["extend", object] => object_value(object).map(|(place, more)| Edit::Extend(place.tag, more)),
        ["template", object] => tag(object).map(Edit::Template),
        ["replace", value] => bytes(value).map(Edit::Replace),
        ["append", value] => bytes(value).map(Edit::Append),
        ["truncate", count] => decimal(count).map(Edit::Truncate),
        ["drop"] => Ok(Edit::Drop),
        _ => Err(
            "an edit is set, add, remove, duplicate, flip, shorten, extend, template, replace, append, truncate or drop",
        ),
    }
}

fn flip(text: &str) -> Parsed<Edit> {
    let (place, mask) = text.split_once('=').ok_or("flip takes OFFSET=HEX or TAG@OFFSET=HEX")?;
    let (object, offset) = match place.split_once('@') {
        Some((object, offset)) => (Some(tag(object)?), offset),
        None => (None, place),
    };
    Ok(Edit::Flip(object, decimal(offset)?, bytes(mask)?))
}

fn object_value(text: &str) -> Parsed<(Place, Vec<u8>)> {
    let (place, value) = text.split_once('=').ok_or("an object is TAG=HEX")?;
    let place = match place.split_once('/') {
        Some((parent, object)) => Place { parent: Some(tag(parent)?), tag: tag(object)? },
        None => Place { parent: None, tag: tag(place)? },
    };
    Ok((place, bytes(value)?))
}

fn named<T: Copy>(names: &[(&str, T)], name: &str) -> Option<T> {
    names.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

fn decimal<T: FromStr>(text: &str) -> Parsed<T> {
    text.parse().map_err(|_| "a number is decimal and fits its field")
}

fn bytes(text: &str) -> Parsed<Vec<u8>> {
    hex::decode(text).map_err(|_| "bytes are pairs of hexadecimal digits")
}

fn tag(text: &str) -> Parsed<Tag> {
    let fits = matches!(text.len(), 2 | 4 | 6);
    let number = u32::from_str_radix(text, 16).ok().filter(|_| fits);
    number.map(Tag::new).ok_or("a tag is two, four or six hexadecimal digits")
}

fn status(text: &str) -> Parsed<StatusWord> {
    let word = u16::from_str_radix(text, 16).ok().filter(|_| text.len() == 4);
    word.map(StatusWord).ok_or("a status word is four hexadecimal digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Alteration {
        text.parse().unwrap()
    }

    #[test]
    fn each_form_of_the_text_is_understood() {
        assert_eq!(parsed("sign icc expiry=0120"), Alteration::Sign(Signed::Icc, Field::Expiry, vec![1, 0x20]));
        assert_eq!(parsed("remove 9F46"), Alteration::Holder(Edit::Remove(Tag::new(0x9F46))));
        assert_eq!(parsed("record 2.1 drop"), Alteration::Record(2, 1, Edit::Drop));
        let label = Place { parent: Some(Tag::new(0xA5)), tag: Tag::new(0x50) };
        assert_eq!(parsed("fci set A5/50=41"), Alteration::Fci(Edit::Set(label, vec![0x41])));
        assert_eq!(parsed("aip 7C00"), Alteration::Aip(vec![0x7C, 0]));
        assert_eq!(parsed("force second tc"), Alteration::Force(true, Kind::Tc));
        let flip = Edit::Flip(Some(Tag::new(0x90)), 3, vec![1]);
        assert_eq!(parsed("flip 90@3=01"), Alteration::Holder(flip.clone()));
        assert_eq!(
            parsed("answer gac:2 flip 90@3=01"),
            Alteration::Answer(Which::Instruction(0xAE, Some(2)), Change::Data(flip))
        );
        assert_eq!(
            parsed("answer #4 sw 6F00"),
            Alteration::Answer(Which::Number(4), Change::StatusOnly(StatusWord(0x6F00)))
        );
        assert_eq!(
            parsed("answer 20 fault removed"),
            Alteration::Answer(Which::Instruction(0x20, None), Change::Fault(Fault::Removed))
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |text: &str| text.parse::<Alteration>().unwrap_err().to_string();
        assert_eq!(wrong("set 5A"), "\"set 5A\" is no alteration: an object is TAG=HEX");
        assert_eq!(wrong("set 5=12"), "\"set 5=12\" is no alteration: a tag is two, four or six hexadecimal digits");
        assert_eq!(wrong("flip 3=01"), "\"flip 3=01\" is no alteration: without a record, name a tag");
        assert!(wrong("answer gac sw 90").ends_with("a status word is four hexadecimal digits"));
        assert!(wrong("").starts_with("\"\" is no alteration: it starts with with, sign"));
        assert!(wrong("with colour=red").ends_with("no field of a card has that name"));
        assert!(wrong("with expiration=2512").ends_with("that is no value for this field"));
        assert!(wrong("with issuer-key=300/3").ends_with("that is no value for this field"));
    }

    #[test]
    fn edits_change_what_they_name() {
        let record = hex::decode("70085A0212345F24019F").unwrap();
        let edited = |text: &str| {
            let words: Vec<&str> = text.split_whitespace().collect();
            edit(&words).unwrap().apply(&record).map(hex::encode_upper)
        };
        assert_eq!(edited("set 5A=99").as_deref(), Some("70075A01995F24019F"));
        assert_eq!(edited("set 9F08=0001").as_deref(), Some("700D5A0212345F24019F9F08020001"));
        assert_eq!(edited("remove 5A").as_deref(), Some("70045F24019F"));
        assert_eq!(edited("duplicate 5A").as_deref(), Some("700C5A0212345F24019F5A021234"));
        assert_eq!(edited("flip 5A@1=FF").as_deref(), Some("70085A0212CB5F24019F"));
        assert_eq!(edited("flip 0=01").as_deref(), Some("71085A0212345F24019F"));
        assert_eq!(edited("shorten 5A=1").as_deref(), Some("70075A01125F24019F"));
        assert_eq!(edited("extend 5A=56").as_deref(), Some("70095A031234565F24019F"));
        assert_eq!(edited("template 77").as_deref(), Some("77085A0212345F24019F"));
        assert_eq!(edited("truncate 3").as_deref(), Some("70085A0212345F"));
        assert_eq!(edited("append 9000").as_deref(), Some("70085A0212345F24019F9000"));
        assert_eq!(edited("replace 6F00").as_deref(), Some("6F00"));
        assert_eq!((edited("remove 9F46"), edited("drop"), edited("flip 5A@2=01")), (None, None, None));
    }
}
