//! Twelve leaks put in on purpose: all are found.

use super::canary::{Canary, NUMBERS, base_64, search};

const PIN_BLOCK: &str = "249182736FFFFFFF";
const KEY: &str = "0F1E2D3C4B5A69788796A5B4C3D2E1F0";
const NAME: &str = "QUILL/ZEPHYRINE";

fn number(at: usize) -> &'static str {
    NUMBERS[at]
}

/// What somebody let slip, and how.
fn leaks() -> Vec<(&'static str, Canary, Vec<u8>)> {
    let pan = |at: usize| Canary::account("card number", number(at));
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let packed = |text: &str| hex::decode(text).unwrap();
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>().into_bytes();
    let reversed: String = number(3).chars().rev().collect();
    vec![
        ("in an error", pan(2), format!("bad PAN {}", number(2)).into_bytes()),
        ("in groups of four", pan(2), b"4761 7392 8460 5171".to_vec()),
        ("two digits a byte", pan(2), packed(&format!("5A08{}", number(2)))),
        ("two digits a byte, shifted", pan(1), packed(&format!("A{}", number(1)))),
        ("a track in hexadecimal with colons", pan(0), b"57:07:47:61:73:92:84:60:5D".to_vec()),
        ("characters in hexadecimal", pan(1), hex::encode(number(1)).into_bytes()),
        ("base 64", pan(3), format!("{{\"x\":\"{}\"}}", base_64(format!("no.{}", number(3)).as_bytes())).into_bytes()),
        ("backwards", pan(3), reversed.into_bytes()),
        ("seven digits of the middle", pan(2), format!("****{}****", &number(2)[5..12]).into_bytes()),
        ("UTF-16", Canary::text("name", NAME), wide(NAME)),
        ("an address", Canary::text("name", NAME), escaped(NAME)),
        ("a key, in a debug dump", Canary::bytes("key", KEY), format!("Key([{}])", KEY.to_lowercase()).into_bytes()),
    ]
}

#[test]
fn twelve_leaks_put_in_on_purpose_are_found() {
    let leaks = leaks();
    assert_eq!(leaks.len(), 12);
    let missed: Vec<_> =
        leaks.iter().filter(|(_, canary, sink)| search(std::slice::from_ref(canary), "", sink).is_empty()).collect();
    assert!(missed.is_empty(), "{missed:?}");
    let block = Canary::bytes("PIN block", PIN_BLOCK);
    assert!(!search(&[block], "", b"> 00200080 08 24 91 82 73 6F FF FF FF").is_empty());
}

#[test]
fn what_may_be_shown_is_no_leak() {
    let masked = format!("{}******{}", &number(2)[..6], &number(2)[12..]);
    assert!(search(&[Canary::account("card number", number(2))], "", masked.as_bytes()).is_empty());
    assert!(search(&[Canary::text("name", NAME)], "", b"QUILL ZE, 15 bytes").is_empty());
}
