//! Hexadecimal digits as people paste them.

/// What an input may hold at most, in bytes.
pub const MAX_BYTES: usize = 65_536;

/// Why a text is no hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// Nothing there.
    #[error("no hexadecimal digit")]
    Empty,
    /// A character that is neither a digit nor between digits.
    #[error("line {line}, character {column}: '{}' is no hexadecimal digit", character.escape_debug())]
    Character {
        /// Line, from 1.
        line: usize,
        /// Character in the line, from 1.
        column: usize,
        /// The character.
        character: char,
    },
    /// An odd number of digits.
    #[error("{digits} digits are no whole bytes: a digit is missing or one too many")]
    Odd {
        /// How many digits there are.
        digits: usize,
    },
    /// More than [`MAX_BYTES`].
    #[error("more than {MAX_BYTES} bytes")]
    TooLong,
}

/// The bytes of a text of hexadecimal digits. Between bytes there may be spaces, line ends, `:`, `-`, `,` and `0x`; what
/// follows a `#` up to the end of its line is a comment.
///
/// # Errors
/// [`InputError`] with the first character that is none of these.
pub fn bytes(text: &str) -> Result<Vec<u8>, InputError> {
    let mut digits = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let content = line.split('#').next().unwrap_or("");
        read_line(content, index.saturating_add(1), &mut digits)?;
    }
    let (pairs, rest) = digits.as_chunks::<2>();
    match (pairs.len(), rest.is_empty()) {
        (0, true) => Err(InputError::Empty),
        (_, false) => Err(InputError::Odd { digits: digits.len() }),
        (length, true) if length > MAX_BYTES => Err(InputError::TooLong),
        _ => Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect()),
    }
}

fn read_line(line: &str, number: usize, digits: &mut Vec<u8>) -> Result<(), InputError> {
    let mut characters = line.chars().enumerate().peekable();
    while let Some((column, character)) = characters.next() {
        let is_prefix = character == '0' && matches!(characters.peek(), Some((_, 'x' | 'X')));
        match character.to_digit(16) {
            _ if is_prefix => _ = characters.next(),
            Some(digit) => digits.push(u8::try_from(digit).unwrap_or_default()),
            None if character.is_whitespace() || ":-,".contains(character) => {}
            None => return Err(InputError::Character { line: number, column: column.saturating_add(1), character }),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_are_read_as_people_write_them() {
        for text in ["9F3602", "9f 36 02", "9F:36:02", "0x9F, 0x36, 0x02", "9F-36-02", "9F36\r\n02 # the counter\n"] {
            assert_eq!(bytes(text), Ok(vec![0x9F, 0x36, 0x02]), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_placed() {
        assert_eq!(bytes("  "), Err(InputError::Empty));
        assert_eq!(bytes("9F3"), Err(InputError::Odd { digits: 3 }));
        let wrong = InputError::Character { line: 2, column: 3, character: 'G' };
        assert_eq!(bytes("9F\n36G"), Err(wrong.clone()));
        assert_eq!(wrong.to_string(), "line 2, character 3: 'G' is no hexadecimal digit");
        let escape = InputError::Character { line: 1, column: 1, character: '\u{1B}' };
        assert_eq!(bytes("\u{1B}[2J"), Err(escape.clone()));
        assert!(!escape.to_string().contains('\u{1B}'));
        assert_eq!(bytes(&"00".repeat(MAX_BYTES + 1)), Err(InputError::TooLong));
    }

    proptest! {
        #[test]
        fn bytes_come_back(value in proptest::collection::vec(any::<u8>(), 1..100), upper: bool) {
            let text = if upper { hex::encode_upper(&value) } else { hex::encode(&value) };
            prop_assert_eq!(bytes(&text), Ok(value));
        }

        #[test]
        fn any_text_is_read_or_refused(text: String) {
            let _ = bytes(&text);
        }
    }
}
