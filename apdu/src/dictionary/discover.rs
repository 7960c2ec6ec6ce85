//! Discover, and the kernel of Book C-6.

use super::table::{table, template};
use super::{Context, Entry, Format, Length, Sensitivity, Source};
use crate::Tag;
use Length::{Exact, Var};

table! { Discover
    0xD1 "Offline balance" N Exact(6), Card NONE Linkable;
    0x9F66 "Terminal transaction qualifiers (TTQ)" B Exact(4), Terminal NONE Public;
    0x9F71 "Card processing requirements (CPR)" B Exact(2), Card DATA Public;
    0x9F7D "Application version number (mag mode)" B Exact(2), Card FCI Public;
    0x9F7E "Dynamic card verification value (DCVV)" B Var, Card DATA Track;
}
