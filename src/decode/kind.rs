//! What an input can be.

use apdu::{Tag, dictionary::Context, tag};

use super::values::Characters;

/// What an input is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// BER-TLV data objects.
    DataObjects,
    /// A data object list: tags and lengths.
    ObjectList,
    /// Tags.
    TagList,
    /// An answer to reset.
    AnswerToReset,
    /// A command.
    Command,
    /// A response: data and status word.
    Response,
    /// A status word.
    StatusWord,
    /// The value of a data object, of this payment system when it says so.
    Value(Tag, Option<Context>),
    /// Characters.
    Characters(Characters),
    /// A country by letters or number.
    Country,
    /// A currency by letters or number.
    Currency,
    /// A language by its letters.
    Language,
}

/// What can be asked for by name; the first name of a kind is the one it is shown with.
const NAMES: &[(&str, Kind)] = &[
    ("tlv", Kind::DataObjects),
    ("ber", Kind::DataObjects),
    ("script", Kind::DataObjects),
    ("certificate", Kind::DataObjects),
    ("dol", Kind::ObjectList),
    ("tag-list", Kind::TagList),
    ("atr", Kind::AnswerToReset),
    ("command", Kind::Command),
    ("response", Kind::Response),
    ("status", Kind::StatusWord),
    ("country", Kind::Country),
    ("currency", Kind::Currency),
    ("language", Kind::Language),
    ("tvr", value(tag::TVR_95)),
    ("tsi", value(tag::TSI_9B)),
    ("aip", value(tag::AIP_82)),
    ("auc", value(tag::APPLICATION_USAGE_CONTROL_9F07)),
    ("afl", value(tag::AFL_94)),
    ("cvm-list", value(tag::CVM_LIST_8E)),
    ("cvm-results", value(tag::CVM_RESULTS_9F34)),
    ("terminal-capabilities", value(tag::TERMINAL_CAPABILITIES_9F33)),
    ("additional-terminal-capabilities", value(tag::ADDITIONAL_TERMINAL_CAPABILITIES_9F40)),
    ("terminal-type", value(tag::TERMINAL_TYPE_9F35)),
    ("cid", value(tag::CRYPTOGRAM_INFORMATION_DATA_9F27)),
    ("iad", value(tag::ISSUER_APPLICATION_DATA_9F10)),
    ("track2", value(tag::TRACK_2_EQUIVALENT_DATA_57)),
    ("pan", value(tag::PAN_5A)),
    ("date", value(tag::TRANSACTION_DATE_9A)),
    ("time", value(tag::TRANSACTION_TIME_9F21)),
    ("amount", value(tag::AMOUNT_AUTHORISED_9F02)),
    ("transaction-type", value(tag::TRANSACTION_TYPE_9C)),
    ("entry-mode", value(tag::POS_ENTRY_MODE_9F39)),
    ("merchant-category", value(tag::MERCHANT_CATEGORY_CODE_9F15)),
    ("service-code", value(tag::SERVICE_CODE_5F30)),
    ("response-code", value(tag::AUTHORISATION_RESPONSE_CODE_8A)),
    ("aid", value(tag::AID_TERMINAL_9F06)),
    ("kernel-identifier", value(tag::KERNEL_IDENTIFIER_9F2A)),
    ("terminal-risk-management-data", value(tag::TERMINAL_RISK_MANAGEMENT_DATA_9F1D)),
    ("script-results", value(tag::ISSUER_SCRIPT_RESULTS_9F5B)),
    ("ttq", own(0x9F66, Context::Visa)),
    ("ttq-unionpay", own(0x9F66, Context::UnionPay)),
    ("ctq", own(0x9F6C, Context::Visa)),
    ("form-factor", own(0x9F6E, Context::Visa)),
    ("third-party-data", own(0x9F6E, Context::Mastercard)),
    ("reader-capabilities", own(0x9F6D, Context::Amex)),
    ("enhanced-reader-capabilities", own(0x9F6E, Context::Amex)),
    ("card-processing-requirements", own(0x9F71, Context::Discover)),
    ("outcome-parameter-set", own(0xDF8129, Context::Mastercard)),
    ("error-indication", own(0xDF8115, Context::Mastercard)),
    ("user-interface-request", own(0xDF8116, Context::Mastercard)),
    ("gb18030", Kind::Characters(Characters::Gb18030)),
    ("iso8859-1", iso(1)),
    ("iso8859-2", iso(2)),
    ("iso8859-3", iso(3)),
    ("iso8859-4", iso(4)),
    ("iso8859-5", iso(5)),
    ("iso8859-6", iso(6)),
    ("iso8859-7", iso(7)),
    ("iso8859-8", iso(8)),
    ("iso8859-9", iso(9)),
    ("iso8859-10", iso(10)),
    ("iso8859-11", iso(11)),
    ("iso8859-13", iso(13)),
    ("iso8859-14", iso(14)),
    ("iso8859-15", iso(15)),
];

const fn value(tag: Tag) -> Kind {
    Kind::Value(tag, None)
}

const fn own(tag: u32, context: Context) -> Kind {
    Kind::Value(Tag::new(tag), Some(context))
}

const fn iso(part: u8) -> Kind {
    Kind::Characters(Characters::Iso8859(part))
}

impl Kind {
    /// Every name, in the order of help texts.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The kind of a name, or of a tag in hexadecimal digits.
    pub fn from_name(name: &str) -> Option<Self> {
        let named = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, kind)| *kind);
        named.or_else(|| tag_of(name).map(value))
    }

    /// Its name: one of [`Kind::names`], or the tag.
    pub fn name(self) -> String {
        let named = NAMES.iter().find(|(_, kind)| *kind == self);
        match (named, self) {
            (Some((name, _)), _) => (*name).to_owned(),
            (None, Self::Value(tag, _)) => tag.to_string(),
            (None, _) => String::new(),
        }
    }

    /// Whether it is given as text rather than as bytes.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Country | Self::Currency | Self::Language)
    }
}

/// The tag whose bytes are these hexadecimal digits.
fn tag_of(digits: &str) -> Option<Tag> {
    let bytes = hex::decode(digits).ok().filter(|bytes| (1..=3).contains(&bytes.len()))?;
    let tag = Tag::new(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)));
    let object = [tag.bytes().as_ref(), &[0]].concat();
    let read = apdu::tlv::Reader::strict(&object).next()?.ok()?;
    (read.tag == tag).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_kind_and_is_found_in_any_case() {
        for (at, (name, kind)) in NAMES.iter().enumerate() {
            assert_eq!(Kind::from_name(&name.to_uppercase()), Some(*kind));
            assert!(NAMES.iter().skip(at + 1).all(|(other, _)| other != name), "{name}");
            assert_eq!(Kind::from_name(&kind.name()), Some(*kind));
        }
    }

    #[test]
    fn tags_are_kinds_and_other_words_are_not() {
        assert_eq!(Kind::from_name("9f36"), Some(Kind::Value(Tag::new(0x9F36), None)));
        assert_eq!(Kind::from_name("DF8129"), Some(Kind::Value(Tag::new(0xDF8129), None)));
        assert_eq!(Kind::from_name("9F"), None);
        assert_eq!(Kind::from_name("9F3601"), None);
        assert_eq!(Kind::from_name("tvrs"), None);
    }
}
