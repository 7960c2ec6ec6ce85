//! Terminal parameters and CA keys as a Chinese acquirer's host downloads them.

use super::table::{table, template};
use super::{Context, Entry, Format, Length, Sensitivity, Source};
use crate::Tag;
use Length::{Exact, Range, Var};

table! { Download
    0x9F7B "Electronic cash terminal transaction limit" N Exact(6), Terminal NONE Public;
    0xDF01 "Application selection indicator" B Exact(1), Terminal NONE Public;
    0xDF02 "CA public key modulus" B Range(1, 248), Terminal NONE Public;
    0xDF03 "CA public key checksum" B Exact(20), Terminal NONE Public;
    0xDF04 "CA public key exponent" B Range(1, 3), Terminal NONE Public;
    0xDF05 "CA public key expiry date" Var Range(3, 8), Terminal NONE Public;
    0xDF06 "CA public key hash algorithm indicator" B Exact(1), Terminal NONE Public;
    0xDF07 "CA public key algorithm indicator" B Exact(1), Terminal NONE Public;
    0xDF11 "Terminal action code - default" B Exact(5), Terminal NONE Public;
    0xDF12 "Terminal action code - online" B Exact(5), Terminal NONE Public;
    0xDF13 "Terminal action code - denial" B Exact(5), Terminal NONE Public;
    0xDF14 "Default DDOL" B Var, Terminal NONE Public;
    0xDF15 "Threshold value for biased random selection" B Exact(4), Terminal NONE Public;
    0xDF16 "Maximum target percentage for biased random selection" N Exact(1), Terminal NONE Public;
    0xDF17 "Target percentage for random selection" N Exact(1), Terminal NONE Public;
    0xDF18 "Terminal online PIN capability" B Exact(1), Terminal NONE Public;
    0xDF19 "Contactless offline floor limit" N Exact(6), Terminal NONE Public;
    0xDF20 "Contactless transaction limit" N Exact(6), Terminal NONE Public;
    0xDF21 "Contactless CVM limit" N Exact(6), Terminal NONE Public;
}
