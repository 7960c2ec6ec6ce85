//! One line of a table is one data object: tag, name, format, length, source, templates, sensitivity.

/// Builds the table of one context from lines sorted by tag.
macro_rules! table {
    ($context:ident $($tag:literal $name:literal $format:ident $length:expr, $source:ident $templates:ident $care:ident;)*) => {
        pub(super) static TABLE: &[Entry] = &[$(Entry {
            tag: Tag::new($tag),
            name: $name,
            format: Format::$format,
            length: $length,
            source: Source::$source,
            templates: template::$templates,
            sensitivity: Sensitivity::$care,
            context: Context::$context,
        }),*];
    };
}
pub(super) use table;

/// Where a card may return a data object.
pub(super) mod template {
    use crate::tag::{self, Tag};

    const RECORD: Tag = tag::READ_RECORD_TEMPLATE_70;
    const FORMAT_1: Tag = tag::RESPONSE_FORMAT_1_80;
    const FORMAT_2: Tag = tag::RESPONSE_FORMAT_2_77;
    const FCI_ISSUER: Tag = tag::FCI_ISSUER_DISCRETIONARY_DATA_BF0C;
    const DIRECTORY: Tag = tag::DIRECTORY_DISCRETIONARY_TEMPLATE_73;
    const ENTRY: Tag = tag::APPLICATION_TEMPLATE_61;
    const PROPRIETARY: Tag = tag::FCI_PROPRIETARY_TEMPLATE_A5;

    /// In no template: GET DATA, not from the card, or not known.
    pub(in crate::dictionary) const NONE: &[Tag] = &[];
    /// Records, and the format 2 answer.
    pub(in crate::dictionary) const DATA: &[Tag] = &[RECORD, FORMAT_2];
    /// Records alone.
    pub(in crate::dictionary) const RECORDS: &[Tag] = &[RECORD];
    /// Answers of GET PROCESSING OPTIONS, GENERATE AC and INTERNAL AUTHENTICATE.
    pub(in crate::dictionary) const ANSWER: &[Tag] = &[FORMAT_2, FORMAT_1];
    /// The FCI's issuer part and the directory's.
    pub(in crate::dictionary) const ISSUER: &[Tag] = &[FCI_ISSUER, DIRECTORY];
    /// The FCI's issuer part alone.
    pub(in crate::dictionary) const FCI: &[Tag] = &[FCI_ISSUER];
    /// A directory entry and the FCI.
    pub(in crate::dictionary) const SELECTION: &[Tag] = &[ENTRY, PROPRIETARY];
    /// A directory entry alone.
    pub(in crate::dictionary) const DIRECTORY_ENTRY: &[Tag] = &[ENTRY];
    /// The FCI alone.
    pub(in crate::dictionary) const FCI_PROPRIETARY: &[Tag] = &[PROPRIETARY];
    /// Outermost in the FCI.
    pub(in crate::dictionary) const FCI_OUTER: &[Tag] = &[tag::FCI_TEMPLATE_6F];
    /// A directory record, and the contactless directory's FCI.
    pub(in crate::dictionary) const DIRECTORY_RECORD: &[Tag] = &[RECORD, FCI_ISSUER];
    /// Issuer scripts.
    pub(in crate::dictionary) const SCRIPT: &[Tag] =
        &[tag::ISSUER_SCRIPT_TEMPLATE_1_71, tag::ISSUER_SCRIPT_TEMPLATE_2_72];
}
