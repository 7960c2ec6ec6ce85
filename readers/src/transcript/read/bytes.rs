//! Bytes in hexadecimal, some of them masked.

use apdu::Command;

use super::{
    super::{Error, RecordedCommand},
    scan::Scan,
};

const A_COMMAND: &str = "a command of 4 to 261 bytes whose Lc fits";

/// Bytes, spaces between them wherever.
pub(super) fn octets(piece: &Scan<'_>) -> Result<Vec<u8>, Error> {
    pairs(piece)?.into_iter().collect::<Option<_>>().ok_or_else(|| piece.error("bytes that are not masked"))
}

/// A command; one whose data is masked, or may hold a PIN, is kept without its data.
pub(super) fn command(piece: &Scan<'_>) -> Result<RecordedCommand, Error> {
    let pairs = pairs(piece)?;
    let wrong = || piece.error(A_COMMAND);
    if let Some(octets) = pairs.iter().copied().collect::<Option<Vec<_>>>() {
        return Command::from_bytes(&octets).map(|command| RecordedCommand::from(&command)).map_err(|_| wrong());
    }
    masked(&pairs).ok_or_else(wrong)
}

/// A command with `**` in its data field and nowhere else.
fn masked(pairs: &[Option<u8>]) -> Option<RecordedCommand> {
    let [Some(cla), Some(ins), Some(p1), Some(p2), Some(lc), rest @ ..] = pairs else { return None };
    let (_, le) = rest.split_at_checked(usize::from(*lc))?;
    let le = match le {
        [] => None,
        [Some(le)] => Some(*le),
        _ => return None,
    };
    Some(RecordedCommand::masked([*cla, *ins, *p1, *p2], *lc, le))
}

/// One entry for each two characters: a byte, or nothing for `**`.
fn pairs(piece: &Scan<'_>) -> Result<Vec<Option<u8>>, Error> {
    let mut pairs = Vec::new();
    let mut characters = piece.characters().filter(|(_, character)| *character != ' ');
    while let Some((here, first)) = characters.next() {
        let pair = match (first, characters.next()) {
            ('*', Some((_, '*'))) => Some(None),
            (high, Some((_, low))) => octet(high, low).map(Some),
            _ => None,
        };
        pairs.push(pair.ok_or_else(|| here.error("two hexadecimal digits"))?);
    }
    Ok(pairs)
}

fn octet(high: char, low: char) -> Option<u8> {
    let value = high.to_digit(16)?.checked_mul(16)?.checked_add(low.to_digit(16)?)?;
    u8::try_from(value).ok()
}
