//! Any bytes as an answer to reset: its parts are parts of it, and it can be explained.

use emvident::{
    apdu::atr::Atr,
    decode::{Decoder, Kind},
};

/// The target.
pub fn run(input: &[u8]) {
    let _ = Decoder::default().decode(input, Kind::AnswerToReset);
    let _ = Decoder::default().detect(input);
    let Ok(atr) = Atr::parse(input) else { return };
    assert_eq!(atr.as_bytes(), input);
    assert!(atr.historical().len() <= 15 && input.ends_with(atr.tck().as_slice()));
    assert!(atr.groups().count() <= input.len());
    assert!(atr.protocols().all(|protocol| protocol < 16));
    let _ = (atr.tck_is_right(), atr.convention(), atr.group(u8::MAX), atr.is_contactless_storage_or_ats());
}
