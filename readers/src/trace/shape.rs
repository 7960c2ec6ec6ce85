//! What is a command, a response or an answer to reset by its form alone.

use apdu::{StatusWord, command::ins};

/// The last two bytes.
pub(super) fn status(response: &[u8]) -> Option<StatusWord> {
    response.last_chunk().map(|sw| StatusWord(u16::from_be_bytes(*sw)))
}

/// Whether `bytes` end in a status word: SW1 is `61` to `6F` or `90` to `9F` (ISO 7816-4).
pub(super) fn is_response(bytes: &[u8]) -> bool {
    matches!(bytes, [.., 0x61..=0x6F | 0x90..=0x9F, _])
}

/// Whether `bytes` are a short command of the four cases, with a class a payment card may see and an instruction that
/// ISO 7816-3 allows.
pub(super) fn is_command(bytes: &[u8]) -> bool {
    let fits = match bytes {
        [_, _, _, _] | [_, _, _, _, _] | [_, _, _, _, 0, 0] => true,
        [_, _, _, _, lc, data @ ..] if *lc > 0 => matches!(data.len().checked_sub(usize::from(*lc)), Some(0 | 1)),
        _ => false,
    };
    fits && matches!(bytes, [0x00..=0x0F | 0x80..=0x8F | 0x90 | 0xA0 | 0xB0 | 0xFF, ins, ..] if *ins != 0 && !matches!(ins >> 4, 6 | 9))
}

/// Whether Lc announces more data than there is.
pub(super) fn lacks_data(command: &[u8]) -> bool {
    match command {
        [_, _, _, _, lc, data @ ..] => !data.is_empty() && data.len() < usize::from(*lc),
        _ => command.len() < 4,
    }
}

/// Whether `bytes` start a command of EMV whose data go on elsewhere.
pub(super) fn begins_command(bytes: &[u8]) -> bool {
    use ins::{EXTERNAL_AUTHENTICATE, GENERATE_AC, GET_PROCESSING_OPTIONS, INTERNAL_AUTHENTICATE, SELECT, VERIFY};
    const WITH_DATA: [u8; 6] =
        [SELECT, GET_PROCESSING_OPTIONS, GENERATE_AC, INTERNAL_AUTHENTICATE, EXTERNAL_AUTHENTICATE, VERIFY];
    lacks_data(bytes) && matches!(bytes, [0x00 | 0x80, ins, ..] if WITH_DATA.contains(ins))
}

/// Whether `bytes` start a response whose outer template goes on elsewhere, or was cut short.
pub(super) fn begins_response(bytes: &[u8]) -> bool {
    template_length(bytes).is_some_and(|length| length >= bytes.len())
}

/// Whether nothing is missing from a response: a status word, and before it all that an outer template announces.
pub(super) fn is_whole_response(bytes: &[u8]) -> bool {
    let Some((data, _)) = bytes.split_last_chunk::<2>() else { return false };
    is_response(bytes) && (data.is_empty() || template_length(data).is_none_or(|length| length <= data.len()))
}

/// Whether the data before the status word is one template, no more and no less.
pub(super) fn is_template_response(bytes: &[u8]) -> bool {
    let Some((data, _)) = bytes.split_last_chunk::<2>() else { return false };
    is_response(bytes) && template_length(data) == Some(data.len())
}

/// How long the template is that starts here: the outer tags of EMV responses, short and long lengths.
fn template_length(data: &[u8]) -> Option<usize> {
    let [0x61 | 0x6F | 0x70 | 0x77 | 0x80 | 0xA5, rest @ ..] = data else { return None };
    let (length, header) = match *rest {
        [length @ 0..=0x7F, ..] => (usize::from(length), 2_usize),
        [0x81, length, ..] => (usize::from(length), 3),
        [0x82, high, low, ..] => (usize::from(u16::from_be_bytes([high, low])), 4),
        _ => return None,
    };
    Some(length.saturating_add(header))
}

/// Where a command ends and its response begins, when both stand in one row of bytes. `is_boundary` tells where one may.
pub(super) fn split(bytes: &[u8], is_boundary: impl Fn(usize) -> bool) -> Option<(&[u8], &[u8])> {
    let at = |end: usize| bytes.split_at_checked(end).filter(|(command, _)| is_boundary(end) && is_command(command));
    let ends = || ends(bytes).into_iter().flatten().filter_map(at);
    let sure =
        ends().find(|(_, response)| response.len() == 2 && is_response(response) || is_template_response(response));
    sure.or_else(|| ends().find(|(_, response)| is_response(response)))
}

/// The ends a command that starts here may have: case 1; with Le; with data, without and with Le.
fn ends(bytes: &[u8]) -> [Option<usize>; 4] {
    let lc = bytes.get(4).filter(|lc| **lc > 0);
    let with_data = lc.map(|lc| usize::from(*lc).saturating_add(5));
    [with_data.map(|end| end.saturating_add(1)), with_data, Some(5), Some(4)]
}

/// Whether the data of a command of five bytes and P3 bytes more went to the card, as opposed to came from it (T=0).
pub(super) fn sends_data(ins: u8) -> bool {
    !matches!(
        ins,
        ins::READ_RECORD | ins::GET_DATA | ins::GET_RESPONSE | ins::GET_CHALLENGE | 0xB0 | 0xB1 | 0xB3 | 0xCB
    )
}

/// Whether `bytes` are an answer to reset: TS, the interface bytes T0 and TDi announce, as many historical bytes, TCK
/// unless T=0 alone is offered (ISO 7816-3).
pub(super) fn is_atr(bytes: &[u8]) -> bool {
    let [0x3B | 0x3F, format, rest @ ..] = bytes else { return false };
    let (mut interfaces, mut position, mut check) = (*format, 0_usize, false);
    // TD4 is as far as any card goes.
    for _ in 0..4 {
        let with_next = interfaces & 0x80 != 0;
        let count = (interfaces >> 4).count_ones();
        position = position.saturating_add(usize::try_from(count).unwrap_or(0));
        if !with_next {
            break;
        }
        let Some(next) = position.checked_sub(1).and_then(|last| rest.get(last)) else { return false };
        check |= next & 0x0F != 0;
        interfaces = *next;
    }
    let end = position.saturating_add(usize::from(format & 0x0F)).saturating_add(usize::from(check));
    rest.len() == end
}

/// Whether the one byte a T=0 card answered is a procedure byte to `command` (ISO 7816-3): NULL, INS, or its complement.
pub(super) fn is_procedure_byte(byte: u8, command: &[u8]) -> bool {
    byte == 0x60 || command.get(1).is_some_and(|ins| byte == *ins || byte == !*ins)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        hex::decode(hex.replace(' ', "")).unwrap()
    }

    #[test]
    fn commands_have_a_form() {
        for command in
            ["00A40400", "00B2010C00", "00A4040007A0000000041010", "00A4040007A000000004101000", "00B2010C0000"]
        {
            assert!(is_command(&bytes(command)), "{command}");
        }
        // Lc too large, Lc too small, no such class, no such instruction, a date in ASCII.
        for other in ["00A4040008A0000000041010", "00A4040003A0000000041010", "30B2010C00", "0060000000", "3132333435"]
        {
            assert!(!is_command(&bytes(other)), "{other}");
        }
    }

    #[test]
    fn a_response_is_whole_when_its_template_is() {
        assert!(is_whole_response(&bytes("6A82")));
        assert!(is_whole_response(&bytes("6F0384011A 9000")));
        assert!(!is_whole_response(&bytes("6F0484011A 9000")));
        assert!(!is_whole_response(&bytes("6F0384011A")));
        assert!(is_whole_response(&bytes("9F36020001 9000")));
        assert!(is_template_response(&bytes("70810101 9000")));
        assert!(!is_template_response(&bytes("9F36020001 9000")));
    }

    #[test]
    fn an_answer_to_reset_counts_its_own_bytes() {
        for atr in ["3B00", "3B600000", "3B6500002063CB6800", "3BE900008131FE454A434F503431563232A7", "3F620000AABB"] {
            assert!(is_atr(&bytes(atr)), "{atr}");
        }
        for other in ["3B", "3B6000", "3B60000000", "3BE800008131FE", "009000", "3BFFFFFFFFFFFFFFFFFF"] {
            assert!(!is_atr(&bytes(other)), "{other}");
        }
    }

    #[test]
    fn one_row_of_bytes_splits_where_a_template_fits() {
        let pairs = [
            ("00A4040007A000000004101000", "6F0384011A9000"),
            ("00A4040007A0000000041010", "6127"),
            ("00A4040007A0000000041010", "6F0384011A9000"),
            ("00B2010C00", "6A83"),
            ("0084000000", "0102030405060708 9000"),
        ];
        for (command, response) in pairs {
            let (command, response) = (bytes(command), bytes(response));
            let row = [command.clone(), response.clone()].concat();
            assert_eq!(split(&row, |_| true), Some((&*command, &*response)));
        }
        assert_eq!(split(&bytes("6F0384011A9000"), |_| true), None);
    }
}
