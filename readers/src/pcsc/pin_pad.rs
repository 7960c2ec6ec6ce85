//! PIN pads of readers: PC/SC part 10, `FEATURE_VERIFY_PIN_DIRECT`.

use apdu::{Fault, PinPadRequest, Response, command::ins};
use zeroize::Zeroize;

use super::{card::parse, fault::fault_of};

/// `CM_IOCTL_GET_FEATURE_REQUEST`.
const FEATURE_REQUEST: u32 = 3400;
/// `FEATURE_VERIFY_PIN_DIRECT`.
const VERIFY_PIN_DIRECT: u8 = 0x06;
/// The fewest and the most digits a format 2 block holds (`EMV 4.4 Book 3, 6.5.12`).
const DIGITS: (u8, u8) = (4, 12);
/// VERIFY with an empty format 2 block; the reader fills in the number of digits and the digits.
const VERIFY: [u8; 13] = [0, ins::VERIFY, 0, 0x80, 8, 0x20, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

/// The control code with which this reader verifies a PIN, when it can.
pub(super) fn verify_control(card: &pcsc::Card) -> Option<u32> {
    let mut buffer = [0; 264];
    let features = card.control(pcsc::ctl_code(FEATURE_REQUEST.into()), &[], &mut buffer).ok()?;
    feature(features, VERIFY_PIN_DIRECT)
}

/// Looks `wanted` up in a feature list: tag, length 4, control code with the most significant byte first.
fn feature(mut list: &[u8], wanted: u8) -> Option<u32> {
    while let [tag, length, rest @ ..] = list {
        let (value, next) = rest.split_at_checked(usize::from(*length))?;
        if *tag == wanted {
            return value.try_into().ok().map(u32::from_be_bytes);
        }
        list = next;
    }
    None
}

/// Has the reader collect the PIN and send VERIFY.
///
/// The reader's own words come back as the status word: `6400` nobody typed in time, `6401` the cancel key, `6403` too
/// few or too many digits.
pub(super) fn verify(card: &pcsc::Card, control: u32, request: &PinPadRequest) -> Result<Response, Fault> {
    let mut buffer = [0; 264];
    let answer = card.control(control.into(), &pin_verify_structure(request), &mut buffer).map_err(fault_of)?;
    let response = parse(answer);
    buffer.zeroize();
    response
}

/// `PIN_VERIFY_STRUCTURE` for a plaintext PIN in a format 2 block.
fn pin_verify_structure(request: &PinPadRequest) -> Vec<u8> {
    let seconds = u8::try_from(request.timeout.as_secs()).unwrap_or(u8::MAX).max(1);
    let (fewest, most) = DIGITS;
    let max = request.max_digits.clamp(fewest, most);
    let min = request.min_digits.clamp(fewest, max);
    let mut bytes = vec![
        seconds, // bTimeOut: until the first key
        seconds, // bTimeOut2: after the first key
        0x89,    // bmFormatString: BCD, left-justified, one byte into the data field
        0x47,    // bmPINBlockString: four bits of PIN length, seven bytes of PIN
        0x04,    // bmPINLengthFormat: the length goes four bits into the data field
        max, min,  // wPINMaxExtraDigit, least significant byte first
        0x02, // bEntryValidationCondition: the key that confirms
        0x01, // bNumberMessage
    ];
    bytes.extend_from_slice(&0x0409_u16.to_le_bytes()); // wLangId
    bytes.extend_from_slice(&[0, 0, 0, 0]); // bMsgIndex, bTeoPrologue: the driver's
    bytes.extend_from_slice(&u32::try_from(VERIFY.len()).unwrap_or(0).to_le_bytes());
    bytes.extend_from_slice(&VERIFY);
    bytes
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn structure(min_digits: u8, max_digits: u8, seconds: u64) -> String {
        let request = PinPadRequest { min_digits, max_digits, timeout: Duration::from_secs(seconds) };
        hex::encode_upper(pin_verify_structure(&request))
    }

    #[test]
    fn the_structure_is_right_to_the_byte() {
        let expected = concat!(
            "1E1E",     // time-outs
            "894704",   // where the digits and their number go
            "0C04",     // 4 to 12 digits
            "0201",     // confirm key, one message
            "0904",     // language
            "00000000", // message, prologue
            "0D000000", // 13 bytes of command
            "0020008008",
            "20FFFFFFFFFFFFFF" // VERIFY, empty format 2 block
        );
        assert_eq!(structure(4, 12, 30), expected);
    }

    #[test]
    fn digits_and_time_stay_in_range() {
        assert!(structure(0, 99, 100_000).starts_with("FFFF8947040C04"));
        assert!(structure(9, 6, 0).starts_with("01018947040606"));
    }

    #[test]
    fn the_feature_list_is_read_and_a_broken_one_refused() {
        let list = hex::decode("080442330006060442330012").unwrap();
        assert_eq!(feature(&list, 0x06), Some(0x4233_0012));
        assert_eq!(feature(&list, 0x07), None);
        assert_eq!(feature(&list[..11], 0x06), None);
        assert_eq!(feature(&[0x06, 0x02, 0x42, 0x33], 0x06), None);
        assert_eq!(feature(&[0x06], 0x06), None);
    }
}
