//! How much two texts are alike.

/// What a text scores at least that is a part of a phrase.
const INSIDE: usize = 50;
/// Less than this percentage of a phrase may be part of any.
const LEAST_PART: usize = 25;

/// How well `phrase` fits what was said, in percent; 0 when it does not.
pub(super) fn score(phrase: &[char], said: &[char]) -> u8 {
    let (longer, shorter) = (phrase.len().max(said.len()), phrase.len().min(said.len()));
    let coverage = percent(shorter, longer);
    let edits = edits_inside(phrase, said);
    let score = if edits <= allowed(phrase.len()) {
        percent(phrase.len().saturating_sub(edits), phrase.len()).saturating_mul(coverage.saturating_add(100)) / 200
    } else if coverage >= LEAST_PART && says_something(said) && phrase.windows(said.len()).any(|part| part == said) {
        INSIDE.saturating_add(coverage.saturating_mul(2) / 5)
    } else {
        0
    };
    u8::try_from(score).unwrap_or(100)
}

/// How many edits still leave a phrase recognisable: one character less in a short Chinese phrase is another message.
fn allowed(length: usize) -> usize {
    match length {
        0..=5 => 0,
        6..=10 => 1,
        _ => 2,
    }
}

/// Two Chinese characters, or a word of four letters.
fn says_something(said: &[char]) -> bool {
    let weight = |character: &char| match character {
        ' ' => 0,
        '\u{2E80}'.. => 2,
        _ => 1,
    };
    said.iter().map(weight).sum::<usize>() >= 4
}

fn percent(part: usize, whole: usize) -> usize {
    part.saturating_mul(100).checked_div(whole).unwrap_or(0)
}

/// The fewest characters to insert, leave out or change so that `phrase` stands somewhere in `said` (Sellers).
fn edits_inside(phrase: &[char], said: &[char]) -> usize {
    let mut column: Vec<usize> = (0..=phrase.len()).collect();
    let mut best = phrase.len();
    for character in said {
        // The phrase may begin anywhere, so nothing of it costs nothing.
        let mut diagonal = 0;
        let mut above = 0;
        for (cost, wanted) in column.iter_mut().skip(1).zip(phrase) {
            let changed = diagonal + usize::from(wanted != character);
            diagonal = *cost;
            above = changed.min(above + 1).min(*cost + 1);
            *cost = above;
        }
        best = best.min(above);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn characters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    fn of(phrase: &str, said: &str) -> u8 {
        score(&characters(phrase), &characters(said))
    }

    #[test]
    fn the_same_is_best_and_a_part_is_less() {
        assert_eq!(of("密码错误", "密码错误"), 100);
        assert!(of("密码错误", "机器说密码错误怎么办") > 50);
        assert!(of("密码错误", "机器说密码错误怎么办") < of("密码错误", "密码错误啊"));
        assert!(of("磁条卡未认证", "未认证") > 50);
        assert_eq!(of("脱机拒绝", "联机拒绝"), 0, "one character of four is another message");
    }

    #[test]
    fn a_few_edits_are_forgiven_in_long_phrases() {
        assert!(of(" insufficient funds ", " insuficient funds ") > 80);
        assert!(of("请持卡人与发卡行联系", "请持卡人和发卡行联系") > 80);
        assert_eq!(of(" insufficient funds ", " incorrect pin "), 0);
    }

    /// The distance written down as its definition says, for short texts.
    fn by_definition(phrase: &[char], said: &[char]) -> usize {
        let parts = (0..=said.len()).flat_map(|from| (from..=said.len()).map(move |to| (from, to)));
        parts.map(|(from, to)| levenshtein(phrase, &said[from..to])).min().unwrap()
    }

    fn levenshtein(a: &[char], b: &[char]) -> usize {
        match (a.split_first(), b.split_first()) {
            (None, _) => b.len(),
            (_, None) => a.len(),
            (Some((x, a_rest)), Some((y, b_rest))) if x == y => levenshtein(a_rest, b_rest),
            (Some((_, a_rest)), Some((_, b_rest))) => {
                1 + levenshtein(a_rest, b).min(levenshtein(a, b_rest)).min(levenshtein(a_rest, b_rest))
            }
        }
    }

    proptest! {
        #[test]
        fn the_distance_is_that_of_its_definition(phrase in "[ab]{1,5}", said in "[ab]{0,6}") {
            let (phrase, said) = (characters(&phrase), characters(&said));
            prop_assert_eq!(edits_inside(&phrase, &said), by_definition(&phrase, &said));
        }

        #[test]
        fn a_score_is_a_percentage(phrase in ".{0,30}", said in ".{0,40}") {
            prop_assert!(score(&characters(&phrase), &characters(&said)) <= 100);
        }
    }
}
