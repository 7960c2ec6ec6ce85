//! JCB, and the kernel of Book C-5.

use super::table::{table, template};
use super::{Context, Entry, Format, Length, Sensitivity, Source};
use crate::Tag;
use Length::{Exact, Range};

table! { Jcb
    0x9F50 "Cardholder verification status" B Exact(1), Card ANSWER Public;
    0x9F52 "Terminal compatibility indicator" B Exact(1), Terminal NONE Public;
    0x9F53 "Terminal interchange profile" B Exact(3), Terminal NONE Public;
    0x9F5F "Offline balance" N Exact(6), Card ANSWER Linkable;
    0x9F60 "Issuer update parameter" B Exact(1), Card ANSWER Public;
    0x9F6E "Device information" B Exact(4), Card DATA Public;
    0x9F7C "Partner discretionary data" B Range(0, 32), Card DATA Linkable;
}
