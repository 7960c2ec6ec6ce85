//! Visa, and the kernel of Book C-3.

use super::table::{table, template};
use super::{Context, Entry, Format, Length, Sensitivity, Source};
use crate::Tag;
use Length::{Exact, Range};

table! { Visa
    0x9F52 "Application default action" B Range(4, 6), Card DATA Public;
    0x9F5A "Application program identifier" B Range(1, 16), Card DATA Public;
    0x9F5D "Available offline spending amount (AOSA)" N Exact(6), Card DATA Linkable;
    0x9F66 "Terminal transaction qualifiers (TTQ)" B Exact(4), Terminal NONE Public;
    0x9F67 "Magnetic stripe data (MSD) offset" B Exact(1), Card DATA Public;
    0x9F68 "Card additional processes" B Exact(4), Card DATA Public;
    0x9F69 "Card authentication related data" B Range(5, 16), Card DATA Linkable;
    0x9F6B "Card CVM limit" N Exact(6), Card DATA Public;
    0x9F6C "Card transaction qualifiers (CTQ)" B Exact(2), Card DATA Public;
    0x9F6E "Form factor indicator (FFI)" B Exact(4), Card DATA Public;
    0x9F7C "Customer exclusive data" B Range(0, 32), Card DATA Linkable;
}
