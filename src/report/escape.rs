//! Text from cards, hosts and files, made harmless: it may move no cursor, end no line and turn no direction.

/// `text` with every control character and every invisible or direction-changing character written as `\u{…}`.
pub fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, character| {
        match is_harmless(character) {
            true => out.push(character),
            false => out.extend(character.escape_unicode()),
        }
        out
    })
}

fn is_harmless(character: char) -> bool {
    let invisible = matches!(
        character,
        '\u{AD}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
    );
    !character.is_control() && !invisible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_the_cursor_or_turns_the_direction_is_spelled_out() {
        assert_eq!(escape("VISA\u{1B}[2J"), "VISA\\u{1b}[2J");
        assert_eq!(escape("a\nb\rc\u{8}d\u{9B}"), "a\\u{a}b\\u{d}c\\u{8}d\\u{9b}");
        assert_eq!(escape("\u{202E}ASIV\u{2066}\u{200B}"), "\\u{202e}ASIV\\u{2066}\\u{200b}");
    }

    #[test]
    fn letters_of_any_script_stay() {
        assert_eq!(escape("中国银联 Crédit \"1\" \\"), "中国银联 Crédit \"1\" \\");
    }
}
