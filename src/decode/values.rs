//! What the values of data objects say.

mod account;
mod cardholder_verification;
mod codes;
mod issuer_data;
mod kernels;
mod lists;
mod names;
mod numbers;
mod scripts;
mod template;
mod text;

pub(super) use codes::CATEGORY_RANGES;
pub(crate) use codes::country_by_number;
pub(super) use lists::{object_list, tag_list};
pub(super) use scripts::command_name_of;
pub use text::Characters;

use apdu::{
    Tag,
    dictionary::{Context, Sensitivity},
};

use codes::country_by_letters;
use text::characters;

use super::{
    bits::{self, Table},
    node::{Label, Meaning, Node, Shown},
    problem::Problem,
    surroundings::Surroundings,
};

/// A value to be read.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Where they stand in the input.
    pub at: usize,
    /// What is known about the rest of the input.
    pub around: &'a Surroundings,
}

/// What is inside a value.
#[derive(Debug, Default)]
pub(super) struct Inside {
    pub meaning: Option<Meaning>,
    pub children: Vec<Node>,
    pub problem: Option<Problem>,
}

impl From<Meaning> for Inside {
    fn from(meaning: Meaning) -> Self {
        Self { meaning: Some(meaning), ..Self::default() }
    }
}

impl From<Vec<Node>> for Inside {
    fn from(children: Vec<Node>) -> Self {
        Self { children, ..Self::default() }
    }
}

impl From<Problem> for Inside {
    fn from(problem: Problem) -> Self {
        Self { problem: Some(problem), ..Self::default() }
    }
}

/// How a value is read. `None` when it is not what it should be, which the data dictionary says better.
type Reader = fn(Value<'_>) -> Option<Inside>;

/// What a value is.
#[derive(Clone, Copy)]
enum Shape {
    Bits(&'static Table),
    Read(Reader),
}

/// What the value of `tag` says. Of account data, track data, PINs and keys only what masks itself is said.
pub(super) fn read(tag: Tag, context: Option<Context>, care: Option<Sensitivity>, value: Value<'_>) -> Inside {
    let inside = match care {
        Some(care) if care >= Sensitivity::Account => account::masked(tag, context, value),
        _ => shape(tag, context, value.around).and_then(|shape| shape.read(value)),
    };
    inside.unwrap_or_default()
}

/// Whether values of `tag` are read at all.
pub(super) fn knows(tag: Tag, around: &Surroundings) -> bool {
    shape(tag, around.lookup_any(tag).map(|entry| entry.context), around).is_some()
}

impl Shape {
    fn read(self, value: Value<'_>) -> Option<Inside> {
        match self {
            Self::Bits(table) => Some(table.read(value.bytes, value.at).into()),
            Self::Read(read) => read(value),
        }
    }
}

/// The shape of a tag: that of the payment system whose tag it is, or the one all of EMV shares, which a kernel may
/// read in its own way.
fn shape(tag: Tag, context: Option<Context>, around: &Surroundings) -> Option<Shape> {
    match context {
        Some(Context::Emv) | None => kernels::own_reading(tag, around.context)
            .or_else(|| bit_string(tag))
            .or_else(|| numbers_and_text(tag))
            .or_else(|| structure(tag)),
        Some(context) => kernels::shape(tag, context),
    }
}

fn bit_string(tag: Tag) -> Option<Shape> {
    Some(Shape::Bits(match tag.number() {
        0x82 => &bits::AIP,
        0x87 => &bits::PRIORITY,
        0x95 | 0x9F0D | 0x9F0E | 0x9F0F => &bits::TVR,
        0x96 => &bits::KERNEL_8_SUPPORT,
        0x9B => &bits::TSI,
        0x9F07 => &bits::AUC,
        0x9F1D => &bits::RISK_MANAGEMENT,
        0x9F27 => &bits::CID,
        0x9F33 => &bits::CAPABILITIES,
        0x9F35 => &bits::TERMINAL_TYPE,
        0x9F40 => &bits::ADDITIONAL_CAPABILITIES,
        _ => return None,
    }))
}

fn numbers_and_text(tag: Tag) -> Option<Shape> {
    Some(Shape::Read(match tag.number() {
        0x88 | 0x9F11 | 0x9F14 | 0x9F17 | 0x9F23 | 0x5F36 | 0x9F3D | 0x9F44 => numbers::number,
        0x9F08 | 0x9F09 | 0x9F13 | 0x9F36 => numbers::number,
        0x9F41 => numbers::decimal,
        0x42 | 0x9F01 | 0x9F0C | 0x9F43 => numbers::digits,
        0x9F02 | 0x9F03 => numbers::amount,
        0x81 | 0x9F04 | 0x9F1B | 0x9F3A => numbers::binary_amount,
        0x5F25 | 0x9A => numbers::date,
        0x9F21 => numbers::time,
        0x5F2A | 0x9F3C | 0x9F42 => codes::currency,
        0x9F3B => codes::currencies,
        0x5F28 | 0x9F1A => codes::country,
        0x5F55 | 0x5F56 => codes::country_letters,
        0x5F2D => codes::languages,
        0x9F15 => codes::category,
        0x9C => numbers::transaction_type,
        0x9F39 => numbers::entry_mode,
        0x5F57 => numbers::account_type,
        0x50 | 0x5F50 | 0x5F54 | 0x89 | 0x9F16 | 0x9F1C | 0x9F1E | 0x9F4E => text::plain,
        0x9F12 => text::preferred_name,
        0x8A => text::response_code,
        0x4F | 0x84 | 0x9D | 0x9F06 => names::application,
        _ => return None,
    }))
}

fn structure(tag: Tag) -> Option<Shape> {
    Some(Shape::Read(match tag.number() {
        0x8C | 0x8D | 0x97 | 0x9F38 | 0x9F3F | 0x9F49 | 0x9F4F => lists::data_object_list,
        0x9F4A => lists::tags,
        0x94 => lists::file_locator,
        0x9F4D => lists::log_entry,
        0x9F5B => scripts::results,
        0x86 => scripts::command,
        0x8E => cardholder_verification::list,
        0x9F34 => cardholder_verification::results,
        0x5F30 => account::service_code,
        0x9F10 => issuer_data::read,
        0x91 => issuer_data::authentication,
        0x80 => template::format_1,
        0x9F2A => kernels::identifier,
        _ => return None,
    }))
}

/// Bytes as characters.
pub(super) fn text_node(bytes: &[u8], coding: Characters) -> Node {
    let node = Node::part("characters", 0, bytes);
    let node = if super::secrecy::may_hold_account(bytes) { node.hidden() } else { node };
    match (characters(bytes, coding), &node.bytes) {
        (_, Shown::Hidden(_)) => node,
        (Some(text), _) => node.meaning(Meaning::Text(text)),
        (None, _) => node.with_problem(Problem::new("no-such-character", 0)),
    }
}

/// A text that is read as `kind`.
pub(super) fn text_kind(text: &str, kind: super::Kind) -> Node {
    let node = Node::new(Label::Part("input"), 0..text.len(), Shown::InChildren);
    let number = text.parse::<u16>().ok();
    let meaning = match kind {
        super::Kind::Country => number.or(country_by_letters(text).map(|country| country.number)).map(Meaning::Country),
        super::Kind::Currency => number.or(codes::currency_by_letters(text)).map(Meaning::Currency),
        super::Kind::Language => codes::language_by_letters(text).map(Meaning::Language),
        _ => None,
    };
    let problem = meaning.is_none().then(|| Problem::new("no-such-code", 0));
    node.meaning(meaning).with_problem(problem)
}
