//! Logs by any program, and lines somebody typed.

use std::time::Duration;

use super::{
    Error, Format, Trace,
    labelled::{self, Bare, Dialect, Engine},
    lines::lines,
};

/// How far into a line its time may stand.
const CLOCK: usize = 48;

pub(super) const EXPECTED: &str = "commands and responses in hex, such as \"-> 00A40400…\" and \"<- 6F…9000\"";

pub(super) fn read(text: &[u8]) -> Result<Trace, Error> {
    let mut engine = Engine::new(Dialect { format: Format::Text, find: labelled::find, bare: Bare::Apdu });
    for line in lines(text) {
        let line = line?;
        let (at, start) = clock(&line.text);
        engine.line(&line, start, at)?;
    }
    engine.finish(EXPECTED)
}

/// The time of day at the start of a line, and where the line goes on; a time behind words is part of the line.
fn clock(line: &[u8]) -> (Option<Duration>, usize) {
    let head = line.get(..CLOCK).unwrap_or(line);
    let colon = head.iter().position(|byte| *byte == b':');
    let Some((at, end)) = colon.and_then(|colon| time(line, colon)) else { return (None, 0) };
    let before = line.get(..end).unwrap_or(&[]);
    let leads = before.iter().all(|byte| byte.is_ascii_digit() || b" \t[]()-/.,:TZ+".contains(byte));
    (Some(at), if leads { behind(line, end) } else { 0 })
}

/// `H:MM:SS` and a fraction around the first colon, and where it ends.
fn time(line: &[u8], colon: usize) -> Option<(Duration, usize)> {
    let digit = |at: usize| line.get(at).filter(|byte| byte.is_ascii_digit()).map(|byte| u64::from(byte & 0x0F));
    let pair = |at: usize| Some(digit(at)?.saturating_mul(10).saturating_add(digit(at.checked_add(1)?)?));
    let ones = digit(colon.checked_sub(1)?)?;
    let tens = colon.checked_sub(2).and_then(digit).unwrap_or(0);
    let hours = tens.saturating_mul(10).saturating_add(ones);
    let minutes = pair(colon.checked_add(1)?).filter(|minutes| *minutes < 60)?;
    let second_colon = colon.checked_add(3)?;
    let seconds =
        pair(colon.checked_add(4)?).filter(|seconds| *seconds < 60 && line.get(second_colon) == Some(&b':'))?;
    let end = colon.checked_add(6)?;
    let whole = hours.saturating_mul(3_600).saturating_add(minutes.saturating_mul(60)).saturating_add(seconds);
    // Another colon makes it hex.
    let is_time = hours < 24 && line.get(end) != Some(&b':');
    let (fraction, end) = fraction(line, end);
    is_time.then_some((Duration::from_secs(whole).saturating_add(fraction), end))
}

/// `.123456` behind the seconds.
fn fraction(line: &[u8], end: usize) -> (Duration, usize) {
    let [b'.' | b',', digits @ ..] = line.get(end..).unwrap_or(&[]) else { return (Duration::ZERO, end) };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let value = |at: usize| digits.get(at).filter(|_| at < count).map_or(0, |byte| u64::from(byte & 0x0F));
    let nanoseconds = (0..9).fold(0_u64, |sum, at| sum.saturating_mul(10).saturating_add(value(at)));
    let end = if count > 0 { end.saturating_add(count).saturating_add(1) } else { end };
    (Duration::from_nanos(nanoseconds), end)
}

/// Behind the zone and brackets that end a time.
fn behind(line: &[u8], end: usize) -> usize {
    let rest = line.get(end..).unwrap_or(&[]);
    let length = match rest {
        [b'Z', ..] => 1,
        [b'+', _, _, b':', _, _, ..] => 6,
        [b'+', _, _, _, _, b' ', ..] => 5,
        _ => 0,
    };
    let brackets = rest.get(length..).unwrap_or(&[]).iter().take_while(|byte| b"])|:, \t".contains(byte)).count();
    end.saturating_add(length).saturating_add(brackets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_from_hex() {
        let millis = |line: &str| {
            let (at, start) = clock(line.as_bytes());
            (at.map(|at| at.as_millis()), line.get(start..).unwrap().to_owned())
        };
        assert_eq!(millis("00:00:01.250 00A4"), (Some(1_250), "00A4".to_owned()));
        assert_eq!(millis("[2024-05-01 00:01:00] 00A4"), (Some(60_000), "00A4".to_owned()));
        assert_eq!(millis("2024-05-01T00:00:02,5Z> 00A4"), (Some(2_500), "> 00A4".to_owned()));
        assert_eq!(millis("2024-05-01T00:00:02+08:00 00A4"), (Some(2_000), "00A4".to_owned()));
        assert_eq!(millis("May  1 01:00:00 pos: 00A4"), (Some(3_600_000), "May  1 01:00:00 pos: 00A4".to_owned()));
        for hex in ["00:A4:04:00", "00:20:00:80:08", "12:34", "90:00", "00A4", ":", "1:2:3", "99:00:00 6F"] {
            assert_eq!(clock(hex.as_bytes()), (None, 0), "{hex}");
        }
    }
}
