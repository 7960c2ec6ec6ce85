//! Free text on one line: what cannot be seen or would break the line is written as an escape.

use std::fmt::{self, Write};

/// Writes ` text`, or nothing for an empty text: some editors remove a space at the end of a line.
pub(super) fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    if text.is_empty() {
        return Ok(());
    }
    f.write_char(' ')?;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let at_end = characters.peek().is_none();
        write_character(f, character, at_end && character == ' ')?;
    }
    Ok(())
}

/// Writes a header key: lower-case letters, digits and dashes, all else as escapes; so is the first character of a name
/// in `reserved`, which keeps it apart.
pub(super) fn write_key(f: &mut fmt::Formatter<'_>, key: &str, reserved: &[&str]) -> fmt::Result {
    let is_reserved = reserved.contains(&key);
    key.chars().enumerate().try_for_each(|(index, character)| {
        let plain = matches!(character, 'a'..='z' | '0'..='9' | '-');
        write_character(f, character, !plain || (is_reserved && index == 0))
    })
}

fn write_character(f: &mut fmt::Formatter<'_>, character: char, escape: bool) -> fmt::Result {
    match character {
        '\\' => f.write_str("\\\\"),
        '\n' => f.write_str("\\n"),
        '\t' => f.write_str("\\t"),
        _ if escape || !is_visible(character) => write!(f, "\\u{{{:x}}}", u32::from(character)),
        _ => f.write_char(character),
    }
}

/// Whether a reader of the file sees the character for what it is: no control, no other kind of space, nothing that
/// changes the direction of writing.
fn is_visible(character: char) -> bool {
    let invisible = character.is_control() || (character.is_whitespace() && character != ' ');
    let formatting = matches!(
        character,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}'
    );
    !invisible && !formatting
}

/// Text with its escapes undone, or where the bad escape starts, in characters from 0.
pub(super) fn unescape(text: &str) -> Result<String, usize> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        plain.push_str(before);
        let at = || text.chars().count().saturating_sub(escape.chars().count()).saturating_sub(1);
        let (character, after) = escaped(escape).ok_or_else(at)?;
        plain.push(character);
        rest = after;
    }
    plain.push_str(rest);
    Ok(plain)
}

/// The character an escape stands for, and what follows it.
fn escaped(escape: &str) -> Option<(char, &str)> {
    let mut characters = escape.chars();
    match characters.next()? {
        '\\' => Some(('\\', characters.as_str())),
        'n' => Some(('\n', characters.as_str())),
        't' => Some(('\t', characters.as_str())),
        'u' => {
            let (number, after) = characters.as_str().strip_prefix('{')?.split_once('}')?;
            let all_digits = number.bytes().all(|digit| digit.is_ascii_hexdigit());
            let number = all_digits.then(|| u32::from_str_radix(number, 16).ok())??;
            Some((char::from_u32(number)?, after))
        }
        _ => None,
    }
}
