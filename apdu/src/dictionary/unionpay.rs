//! UnionPay and PBOC (JR/T 0025), and the kernel of Book C-7.

use super::table::{table, template};
use super::{Context, Entry, Format, Length, Sensitivity, Source};
use crate::Tag;
use Length::{Exact, Multiple, Range, Var};

table! { UnionPay
    0x9F51 "Application currency code (electronic cash)" N Exact(2), Card DATA Public;
    0x9F5D "Available offline spending amount" N Exact(6), Card DATA Linkable;
    0x9F61 "Cardholder identification number" Ans Range(1, 40), Card DATA Account;
    0x9F62 "Cardholder identification type" B Exact(1), Card DATA Account;
    0x9F63 "Card product identification information" B Exact(16), Card DATA Linkable;
    0x9F66 "Terminal transaction qualifiers (TTQ)" B Exact(4), Terminal NONE Public;
    0x9F69 "Card authentication related data" B Range(8, 16), Card DATA Linkable;
    0x9F6C "Card transaction qualifiers (CTQ)" B Exact(2), Card DATA Public;
    0x9F6D "Electronic cash reset threshold" N Exact(6), Card NONE Public;
    0x9F74 "Electronic cash issuer authorisation code" Ans Exact(6), Card DATA Public;
    0x9F77 "Electronic cash balance limit" N Exact(6), Card NONE Public;
    0x9F78 "Electronic cash single transaction limit" N Exact(6), Card NONE Public;
    0x9F79 "Electronic cash balance" N Exact(6), Card NONE Linkable;
    0x9F7A "Electronic cash terminal support indicator" B Exact(1), Terminal NONE Public;
    0x9F7B "Electronic cash terminal transaction limit" N Exact(6), Terminal NONE Public;
    0x9F7C "Customer exclusive data" B Range(0, 32), Card DATA Linkable;
    0xDF31 "Issuer script results" B Multiple { of: 5, max: 255 }, Terminal NONE Public;
    0xDF4D "Electronic cash load log entry" B Exact(2), Card FCI Linkable;
    0xDF4F "Electronic cash load log format" B Var, Card NONE Public;
    0xDF60 "CAPP transaction indicator" B Exact(1), Terminal NONE Public;
    0xDF61 "Segment charge application identifier" B Exact(1), Card FCI Public;
    0xDF62 "Segment charge deduction limit" N Exact(6), Card NONE Public;
    0xDF63 "Segment charge amount already deducted" N Exact(6), Card NONE Linkable;
    0xDF69 "SM algorithm support indicator" B Exact(1), Terminal NONE Public;
    0xDF71 "Second electronic cash currency code" N Exact(2), Card DATA Public;
    0xDF76 "Second currency electronic cash reset threshold" N Exact(6), Card NONE Public;
    0xDF77 "Second currency electronic cash balance limit" N Exact(6), Card NONE Public;
    0xDF78 "Second currency electronic cash single transaction limit" N Exact(6), Card NONE Public;
    0xDF79 "Second currency electronic cash balance" N Exact(6), Card NONE Linkable;
}
