//! The kernel of Book C-8.

use super::table::{table, template};
use super::{Context, Entry, Format, Length, Sensitivity, Source};
use crate::Tag;
use Length::{Exact, OneOf, Range, Var};

/// A data envelope.
const ENVELOPE: Length = Range(0, 243);

table! { Kernel8
    0x9E "Kernel key data" B OneOf(&[64, 132]), Kernel NONE Public;
    0x9F2B "Kernel qualifier" B Exact(8), Kernel NONE Public;
    0x9F2C "Card qualifier" B Exact(7), Card FCI Public;
    0x9F8102 "Cardholder verification decision" B Exact(1), Card ANSWER Public;
    0x9F8103 "Card key data" B OneOf(&[64, 132]), Card ANSWER Linkable;
    0x9F8104 "Card TVR" B Exact(5), Card ANSWER Public;
    0x9F8105 "EDA-MAC" B Exact(8), Card ANSWER Linkable;
    0x9F8106 "Authenticated application data" B Range(0, 128), Card ANSWER Linkable;
    0x9F8107 "IAD MAC offset" B Exact(1), Card ANSWER Public;
    0x9F8108 "Restart indicator" B Range(2, 5), Card ANSWER Public;
    0x9F8109 "IAD MAC" B Exact(8), Kernel NONE Linkable;
    0x9F810A "Extended SDA tag list" B Var, Card DATA Public;
    0x9F810B "ICC ECC public key for RSA certificates" B OneOf(&[32, 66]), Card DATA Linkable;
    0x9F810C "Relay resistance time excess" B Exact(2), Kernel NONE Public;
    0x9F810D "Card capabilities information" B Exact(2), Card DATA Public;
    0x9F8111 "Data envelope 1" B ENVELOPE, Card NONE Linkable;
    0x9F8112 "Data envelope 2" B ENVELOPE, Card NONE Linkable;
    0x9F8113 "Data envelope 3" B ENVELOPE, Card NONE Linkable;
    0x9F8114 "Data envelope 4" B ENVELOPE, Card NONE Linkable;
    0x9F8115 "Data envelope 5" B ENVELOPE, Card NONE Linkable;
    0x9F8116 "Data envelope 6" B ENVELOPE, Card NONE Linkable;
    0x9F8117 "Data envelope 7" B ENVELOPE, Card NONE Linkable;
    0x9F8118 "Data envelope 8" B ENVELOPE, Card NONE Linkable;
    0x9F8119 "Data envelope 9" B ENVELOPE, Card NONE Linkable;
    0x9F811A "Data envelope 10" B ENVELOPE, Card NONE Linkable;
    0x9F8201 "Data needed" B Var, Kernel NONE Public;
    0x9F8202 "Proceed to first write flag" B Exact(1), Terminal NONE Public;
    0x9F8203 "Tags to read" B Var, Terminal NONE Public;
    0x9F8204 "Error indication" B Exact(6), Kernel NONE Public;
    0x9F8205 "User interface request data 1" B Exact(13), Kernel NONE Public;
    0x9F8206 "Card data input capability" B Exact(1), Terminal NONE Public;
    0x9F8207 "CVM capability - CVM required" B Exact(1), Terminal NONE Public;
    0x9F8208 "CVM capability - no CVM required" B Exact(1), Terminal NONE Public;
    0x9F8209 "Kernel configuration" B Exact(2), Terminal NONE Public;
    0x9F820A "Security capability" B Exact(1), Terminal NONE Public;
    0x9F820B "Terminal action code - denial" B Exact(5), Terminal NONE Public;
    0x9F820C "Terminal action code - online" B Exact(5), Terminal NONE Public;
    0x9F820D "Reader contactless floor limit" N Exact(6), Terminal NONE Public;
    0x9F820E "Reader CVM required limit" N Exact(6), Terminal NONE Public;
    0x9F820F "Time out value" B Exact(2), Terminal NONE Public;
    0x9F8210 "Outcome parameter set" B Exact(8), Kernel NONE Public;
    0x9F8211 "Message hold time" N Exact(3), Terminal NONE Public;
    0x9F8212 "Hold time value" B Exact(1), Terminal NONE Public;
    0x9F8213 "Minimum relay resistance grace period" B Exact(2), Terminal NONE Public;
    0x9F8214 "Maximum relay resistance grace period" B Exact(2), Terminal NONE Public;
    0x9F8215 "Terminal expected transmission time for relay resistance C-APDU" B Exact(2), Terminal NONE Public;
    0x9F8216 "Terminal expected transmission time for relay resistance R-APDU" B Exact(2), Terminal NONE Public;
    0x9F8217 "Relay resistance accuracy threshold" B Exact(2), Terminal NONE Public;
    0x9F8218 "Relay resistance transmission time mismatch threshold" B Exact(1), Terminal NONE Public;
    0x9F8219 "User interface request data 2" B Var, Kernel NONE Public;
    0x9F821A "Kernel reserved TVR mask" B Exact(5), Terminal NONE Public;
    0x9F821B "Write data status" B Exact(1), Kernel NONE Public;
    0x9F821C "Read data status" B Exact(1), Kernel NONE Public;
    0x9F821D "Message identifiers on restart" B Var, Terminal NONE Public;
    0x9F821E "Default IAD MAC offset" B Exact(1), Terminal NONE Public;
    0x9F821F "Discretionary data tag list" B Var, Terminal NONE Public;
    0x9F8220 "Default CDOL1" B Var, Terminal NONE Public;
    0x9F8221 "Tag mapping list" B Var, Terminal NONE Public;
    0xBF8101 "Data to send" Var Var, Kernel NONE Account;
    0xBF8102 "Data record" Var Var, Kernel NONE Account;
    0xBF8103 "Discretionary data" Var Var, Kernel NONE Account;
    0xBF8104 "Data envelopes to write" Var Var, Terminal NONE Linkable;
}
