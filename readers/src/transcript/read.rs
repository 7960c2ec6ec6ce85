//! Reading a transcript.

mod bytes;
mod scan;

use std::{collections::BTreeSet, time::Duration};

use apdu::{Exchange, PinPadRequest, Response};

use super::{
    Error, FORMAT, Header, Line, Transcript, fault_name,
    write::{ATR, PIN_PAD, TERMINAL, TERMINAL_HASH},
};
use bytes::{command, octets};
use scan::Scan;

pub(super) fn transcript(text: &str) -> Result<Transcript, Error> {
    let mut lines = (1..).zip(text.lines()).map(|(number, line)| Scan::new(number, line));
    let first = lines.next().unwrap_or_else(|| Scan::new(1, ""));
    if first.rest() != FORMAT {
        return Err(first.error("\"emvident transcript 1\""));
    }
    let header = header(lines.by_ref().take_while(|line| !line.rest().is_empty()))?;
    let body = lines.filter(|line| !line.rest().trim().is_empty());
    Ok(Transcript { header, lines: body.map(line).collect::<Result<_, _>>()? })
}

fn header<'a>(lines: impl Iterator<Item = Scan<'a>>) -> Result<Header, Error> {
    let mut header = Header::default();
    let mut seen = BTreeSet::new();
    for line in lines {
        if let Some(comment) = line.after("#") {
            header.comments.push(comment.text()?);
        } else if let Some(text) = line.after("|") {
            configuration_line(&mut header, &line, &text.text()?)?;
        } else {
            pair(&mut header, &mut seen, &line)?;
        }
    }
    Ok(header)
}

fn configuration_line(header: &mut Header, line: &Scan<'_>, text: &str) -> Result<(), Error> {
    let Some(configuration) = &mut header.configuration else {
        return Err(line.error("\"terminal: NAME\" before the terminal's text"));
    };
    match &mut configuration.text {
        Some(whole) => {
            whole.push('\n');
            whole.push_str(text);
        }
        None => configuration.text = Some(text.to_owned()),
    }
    Ok(())
}

fn pair(header: &mut Header, seen: &mut BTreeSet<String>, line: &Scan<'_>) -> Result<(), Error> {
    let Some((key, value)) = line.split(':') else {
        return Err(line.error("\"key: value\", or an empty line before the first event"));
    };
    if !seen.insert(key.rest().to_owned()) {
        return Err(line.error("a key that was not there before"));
    }
    match key.rest() {
        TERMINAL => header.configuration.get_or_insert_default().name = value.text()?,
        TERMINAL_HASH => header.configuration.get_or_insert_default().hash = value.text()?,
        ATR => header.atr = octets(&value)?,
        PIN_PAD if value.rest() == " yes" => header.pin_pad = true,
        PIN_PAD => return Err(value.error("\"yes\"")),
        _ => {
            header.parameters.insert(key.unescaped()?, value.text()?);
        }
    }
    Ok(())
}

fn line(line: Scan<'_>) -> Result<Line, Error> {
    let Some((mark, payload)) = line.mark() else { return Err(line.error("an event")) };
    match mark {
        '>' => command(&payload).map(Line::Command),
        '%' => pin_pad(&payload).map(Line::PinPad),
        '<' => response(&payload).map(Line::Response),
        '!' => fault_name::fault(payload.rest().trim()).map(Line::Fault).ok_or_else(|| payload.error("a fault's name")),
        '?' => payload.text().map(Line::Question),
        '=' => payload.text().map(Line::Answer),
        ':' => payload.text().map(Line::Notice),
        '#' => payload.text().map(Line::Comment),
        _ => Err(line.error("one of > < ! % ? = : #")),
    }
}

/// `DATA SW 1234us`.
fn response(payload: &Scan<'_>) -> Result<Exchange, Error> {
    let (bytes, time) = payload.split_last_word();
    let elapsed = micros(&time)?;
    let octets = octets(&bytes)?;
    let response = Response::from_bytes(&octets).map_err(|_| bytes.error("2 to 258 bytes of response"))?;
    Ok(Exchange { response, elapsed })
}

/// `MIN MAX 1234us`.
fn pin_pad(payload: &Scan<'_>) -> Result<PinPadRequest, Error> {
    let (digits, time) = payload.split_last_word();
    let timeout = micros(&time)?;
    let (min, max) = digits.split_last_word();
    let number = |scan: &Scan<'_>| scan.number().ok_or_else(|| scan.error("a number of digits"));
    Ok(PinPadRequest { min_digits: number(&min)?, max_digits: number(&max)?, timeout })
}

fn micros(time: &Scan<'_>) -> Result<Duration, Error> {
    let number = time.before("us").and_then(|number| number.number());
    number.map(Duration::from_micros).ok_or_else(|| time.error("a time such as 1234us"))
}
