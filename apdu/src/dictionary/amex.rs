//! American Express, and the kernel of Book C-4.

use super::table::{table, template};
use super::{Context, Entry, Format, Length, Sensitivity, Source};
use crate::Tag;
use Length::Exact;

table! { Amex
    0x9F67 "Form factor" B Exact(3), Card DATA Public;
    0x9F6D "Contactless reader capabilities" B Exact(1), Terminal NONE Public;
    0x9F6E "Enhanced contactless reader capabilities" B Exact(4), Terminal NONE Public;
    0x9F70 "Card interface and payment capabilities (CIPC)" B Exact(2), Card DATA Public;
    0x9F71 "Mobile CVM results" B Exact(3), Card DATA Public;
}
