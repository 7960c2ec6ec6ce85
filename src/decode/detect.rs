//! What bytes look like. What is certain comes first: the first kind that fits is the one taken, the others are what the
//! input could also be.

use apdu::{
    Atr, Command, StatusWord, Tag,
    command::ins,
    dictionary::{Context, Length},
    dol::Dol,
    status, tag, tlv,
    value::{Afl, CvmList, CvmMethod, Date, IssuerApplicationData, Pan, TerminalType, Track2, bcd},
};

use super::{kind::Kind, surroundings::Surroundings, values};

/// The kinds that `bytes` can be, the likeliest first; data objects when nothing fits, so that the reader sees how far
/// they can be read.
///
/// In this order: an answer to reset that starts and ends as announced; a command with a class and instruction of EMV
/// whose lengths fit, when it starts with 00; data objects and 9000; a data object list of known tags, each with a length
/// it may have; data objects with known tags; any other command; a status word; track 2 and account numbers with the
/// right check digit; structures that keep all their rules; values by their length; tags alone. One
/// tag of two or three bytes comes before values of that length.
pub fn kinds(bytes: &[u8], context: Option<Context>) -> Vec<Kind> {
    let around = Surroundings::of(bytes, context);
    let mut kinds: Vec<Kind> = framed(bytes, &around).into_iter().flatten().collect();
    kinds.extend(is_long_tag(bytes, &around).then_some(Kind::TagList));
    kinds.extend(starts_template(bytes).then_some(Kind::DataObjects).filter(|kind| !kinds.contains(kind)));
    kinds.extend(account(bytes));
    kinds.extend(structured(bytes, &around));
    let framed = kinds.iter().any(|kind| matches!(kind, Kind::Command | Kind::DataObjects | Kind::AnswerToReset));
    if !framed && (kinds.is_empty() || bytes.len() <= 6) {
        kinds.extend(by_length(bytes));
    }
    if !kinds.contains(&Kind::TagList) && is_tag_list(bytes, &around) {
        kinds.push(Kind::TagList);
    }
    if kinds.is_empty() {
        let answered = bytes.ends_with(&[0x90, 0x00]) && bytes.len() > 2;
        kinds.push(if answered { Kind::Response } else { Kind::DataObjects });
    }
    kinds
}

/// What has a frame: a start, lengths, an end.
fn framed(bytes: &[u8], around: &Surroundings) -> [Option<Kind>; 6] {
    let command = is_command(bytes).then_some(Kind::Command);
    let starts_with_zero = bytes.first() == Some(&0x00);
    let response = match bytes.split_last_chunk::<2>() {
        Some(([], word)) => is_status(*word).then_some(Kind::StatusWord),
        Some((data, [0x90, 0x00])) => are_data_objects(data, around).then_some(Kind::Response),
        _ => None,
    };
    [
        Atr::parse(bytes).is_ok().then_some(Kind::AnswerToReset),
        command.filter(|_| starts_with_zero).or_else(|| starts_command(bytes).then_some(Kind::Command)),
        response,
        is_object_list(bytes, around).then_some(Kind::ObjectList),
        are_data_objects(bytes, around).then_some(Kind::DataObjects),
        command.filter(|_| !starts_with_zero),
    ]
}

fn is_status(word: [u8; 2]) -> bool {
    let status = StatusWord(u16::from_be_bytes(word));
    matches!(status.sw1(), 0x61..=0x6F | 0x90) && status::key(0, status) != "undefined"
}

fn is_command(bytes: &[u8]) -> bool {
    let known = Command::from_bytes(bytes).ok().filter(|command| values::command_name_of(command) != "unknown command");
    known.is_some_and(|command| {
        let [cla, ins, p1, _] = command.header();
        let has_data = !command.data().is_empty();
        matches!(cla, 0x00 | 0x04 | 0x0C | 0x80 | 0x84 | 0x8C | 0x90) && (ins != ins::SELECT || p1 == 0x04 || has_data)
    })
}

/// A command whose lengths do not fit: what begins like this is nothing else, and may hold a PIN.
fn starts_command(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [
            0x00,
            ins::SELECT | ins::VERIFY | ins::READ_RECORD | ins::EXTERNAL_AUTHENTICATE | ins::INTERNAL_AUTHENTICATE,
            _,
            _,
            _,
            ..
        ]
    )
}

/// Every outermost tag is known, and something is in them.
fn are_data_objects(bytes: &[u8], around: &Surroundings) -> bool {
    if bytes.first().is_none_or(|first| *first == 0x00) {
        return false;
    }
    let mut filled = false;
    let known = tlv::Reader::strict(bytes).all(|object| {
        object.is_ok_and(|object| {
            filled |= !object.value.is_empty();
            around.lookup_any(object.tag).is_some()
        })
    });
    known && filled
}

/// A template that is longer than what is there.
fn starts_template(bytes: &[u8]) -> bool {
    let cut = tlv::Reader::strict(bytes).next().is_some_and(|object| object.is_err());
    cut && matches!(bytes, [0x61 | 0x6F | 0x70 | 0x77, length, ..] if *length > 4)
}

fn is_object_list(bytes: &[u8], around: &Surroundings) -> bool {
    let Ok(list) = Dol::parse(bytes) else { return false };
    let fits = |tag: Tag, length: u8| {
        let entry = around.lookup(tag, usize::from(length));
        entry.is_some_and(|entry| {
            length > 0
                && !tag.is_constructed()
                && (entry.length == Length::Var || entry.length.allows(usize::from(length)))
        })
    };
    !bytes.is_empty() && list.entries().all(|entry| fits(entry.tag, entry.length))
}

fn is_tag_list(bytes: &[u8], around: &Surroundings) -> bool {
    let (nodes, problem) = values::tag_list(bytes, 0, around);
    let known = |node: &super::Node| matches!(node.label, super::Label::Object { context: Some(_), .. });
    problem.is_none() && !nodes.is_empty() && nodes.iter().all(known)
}

/// One tag of two or three bytes: more likely what somebody wants to know the name of than a bit string.
fn is_long_tag(bytes: &[u8], around: &Surroundings) -> bool {
    matches!(bytes, [_, _] | [_, _, _]) && is_tag_list(bytes, around) && values::tag_list(bytes, 0, around).0.len() == 1
}

fn value(tag: Tag) -> Kind {
    Kind::Value(tag, None)
}

/// What a check digit proves.
fn account(bytes: &[u8]) -> Option<Kind> {
    let track = Track2::from_bytes(bytes).is_ok_and(|track| track.pan.luhn_is_valid());
    let number = (6..=10).contains(&bytes.len()) && Pan::from_compressed(bytes).is_ok_and(|pan| pan.luhn_is_valid());
    match (track, number) {
        (true, _) => Some(value(tag::TRACK_2_EQUIVALENT_DATA_57)),
        (false, true) if !bytes.starts_with(&[0]) => Some(value(tag::PAN_5A)),
        _ => None,
    }
}

/// Structures whose rules chance keeps seldom.
fn structured(bytes: &[u8], around: &Surroundings) -> Vec<Kind> {
    let application = matches!(bytes, [0xA0 | 0xD2, ..] if (5..=16).contains(&bytes.len()));
    let found = [
        (IssuerApplicationData::parse(bytes, around.context).is_some(), tag::ISSUER_APPLICATION_DATA_9F10),
        (Afl::parse(bytes).is_ok(), tag::AFL_94),
        (is_cvm_list(bytes), tag::CVM_LIST_8E),
        (application, tag::AID_TERMINAL_9F06),
    ];
    found.into_iter().filter(|(fits, _)| *fits).map(|(_, tag)| value(tag)).collect()
}

/// Amounts of at most a million of large units, and no method without a meaning.
fn is_cvm_list(bytes: &[u8]) -> bool {
    let known =
        |method| !matches!(method, CvmMethod::Unrecognised(_) | CvmMethod::PaymentSystem(_) | CvmMethod::Issuer(_));
    let small = |amount| amount <= 100_000_000;
    CvmList::parse(bytes).is_ok_and(|list| {
        let rules =
            list.rules().all(|rule| rule.condition_byte <= 9 && rule.method_byte < 0x80 && known(rule.method()));
        !list.is_empty() && small(list.x) && small(list.y) && rules
    })
}

/// Values that only their length tells apart.
fn by_length(bytes: &[u8]) -> Vec<Kind> {
    let tags: Vec<Tag> = match *bytes {
        [byte] if TerminalType(byte).is_valid() => vec![tag::TERMINAL_TYPE_9F35, tag::CRYPTOGRAM_INFORMATION_DATA_9F27],
        [_] => vec![tag::CRYPTOGRAM_INFORMATION_DATA_9F27],
        [_, _] => vec![tag::AIP_82, tag::APPLICATION_USAGE_CONTROL_9F07, tag::TSI_9B],
        [a, b, c] => three(a, b, c),
        [_, _, _, _, _] => vec![tag::TVR_95, tag::ADDITIONAL_TERMINAL_CAPABILITIES_9F40],
        [_, _, _, _, _, _] if bcd::is_numeric(bytes) => vec![tag::AMOUNT_AUTHORISED_9F02],
        _ => Vec::new(),
    };
    let qualifiers = (bytes.len() == 4).then_some(Kind::Value(Tag::new(0x9F66), Some(Context::Visa)));
    tags.into_iter().map(value).chain(qualifiers).collect()
}

fn three(a: u8, b: u8, c: u8) -> Vec<Tag> {
    let mut tags = vec![tag::TERMINAL_CAPABILITIES_9F33, tag::CVM_RESULTS_9F34];
    if a & 0x1F != 0 && c <= 2 {
        tags.swap(0, 1);
    }
    if Date::from_yymmdd([a, b, c]).is_ok() {
        tags.insert(0, tag::TRANSACTION_DATE_9A);
    }
    tags
}
