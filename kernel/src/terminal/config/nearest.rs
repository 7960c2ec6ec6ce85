//! The known name a mistyped one is most like.

use alloc::vec::Vec;

/// The name in `known` that takes fewest changes to make out of `typed`, when that is at most a third of its letters.
pub(super) fn nearest<'k>(typed: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // A name this long is no slip of the finger, and the comparison takes time with the length of both.
    if typed.len() > 64 {
        return None;
    }
    let with_distance = known.into_iter().map(|name| (distance(typed, name), name));
    let (changes, name) = with_distance.min_by_key(|(changes, _)| *changes)?;
    (changes <= (name.chars().count() / 3).max(1)).then_some(name)
}

/// How many letters have to be put in, taken out or exchanged (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut previous: Vec<usize> = (0..=b.chars().count()).collect();
    for (row, from) in a.chars().enumerate() {
        let mut left = row.saturating_add(1);
        let mut current = Vec::with_capacity(previous.len());
        current.push(left);
        for (pair, to) in previous.windows(2).zip(b.chars()) {
            let [diagonal, above] = *pair else { continue };
            let exchange = diagonal.saturating_add(usize::from(from != to));
            left = exchange.min(above.saturating_add(1)).min(left.saturating_add(1));
            current.push(left);
        }
        previous = current;
    }
    previous.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_understood_and_other_words_are_not() {
        let known = ["currency", "country", "capabilities", "type"];
        assert_eq!(nearest("curency", known), Some("currency"));
        assert_eq!(nearest("capabilites", known), Some("capabilities"));
        assert_eq!(nearest("Type", known), Some("type"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest(&"x".repeat(1000), known), None);
    }

    #[test]
    fn distances_are_counted_in_letters() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
