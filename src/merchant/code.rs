//! Response codes in what was said.

/// Words next to which two characters are a code.
const MARKERS: [&str; 12] =
    ["码", "码为", "代码", "应答", "应答码", "返回码", "code", "codes", "rc", "err", "error", "de39"];

/// Words that make a number count something else.
const COUNTED: [char; 13] = ['次', '元', '天', '岁', '分', '秒', '小', '点', '号', '张', '块', '万', '月'];

/// A code, and how sure it is that it is one, in percent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// Two characters, in capitals.
    pub code: String,
    /// How sure.
    pub score: u8,
}

/// The code in words as [`super::spelling::Spelling::plain`] writes them.
pub(super) fn find(plain: &[char]) -> Option<Code> {
    let plain: String = plain.iter().collect();
    let parts: Vec<&str> = plain.split(' ').filter(|part| !part.is_empty()).collect();
    let place = parts.iter().position(|part| is_code(part))?;
    let code = parts.get(place)?.to_ascii_uppercase();
    let before = place.checked_sub(1).and_then(|place| parts.get(place));
    let after = place.checked_add(1).and_then(|place| parts.get(place));
    let score = match (before, after) {
        (_, Some(after)) if after.starts_with(COUNTED) => return None,
        (None, None) => 100,
        (Some(before), _) if MARKERS.iter().any(|marker| before.ends_with(marker)) => 95,
        // Terminals print the code before or after the words.
        (None, _) | (_, None) => 85,
        _ => return None,
    };
    Some(Code { code, score })
}

/// Two letters or digits, a digit among them.
fn is_code(part: &str) -> bool {
    part.len() == 2
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && part.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merchant::spelling::Spelling;

    fn code(said: &str) -> Option<(String, u8)> {
        find(&Spelling::builtin().plain(said)).map(|found| (found.code, found.score))
    }

    #[test]
    fn a_code_is_seen_where_terminals_print_it() {
        let sure = |code: &str, score| Some((code.to_owned(), score));
        assert_eq!(code("55"), sure("55", 100));
        assert_eq!(code(" a0 "), sure("A0", 100));
        assert_eq!(code("应答码：38"), sure("38", 95));
        assert_eq!(code("错误代码45，请插卡"), sure("45", 95));
        assert_eq!(code("DE39=51"), sure("51", 95));
        assert_eq!(code("05-交易失败请联系发卡行"), sure("05", 85));
        assert_eq!(code("declined 51"), sure("51", 85));
    }

    #[test]
    fn other_numbers_are_no_codes() {
        for said in ["输错10次", "100", "刷了 50 元", "pin", "5", "卡号 6222 的卡", "about 20 of them failed"]
        {
            assert_eq!(code(said), None, "{said}");
        }
    }
}
