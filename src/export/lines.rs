//! An export written down: a transcript, of a transcript as one that replays, of anything else as one that is explained.

use apdu::{Command, Response};
use kernel::Transaction;
use readers::{
    Tape, Transcript,
    trace::Trace,
    transcript::{Configuration, Header, Line, RecordedCommand},
};
use sha2::{Digest, Sha256};

use super::{
    header::{self, Setup},
    manifest::Kind,
    rules::Rules,
    talk::Talk,
};
use crate::{
    recorded::Replayed,
    run::{self, recorded_source},
    scenario::Purchase,
    setup::SetupError,
};

/// A recording that brings along what a replay needs.
pub(super) fn replayable(trace: &Trace) -> Option<&Transcript> {
    trace.transcript.as_ref().filter(|transcript| recorded_source(&transcript.header).is_ok())
}

/// Writes the exchanges with the terminal they are for; whether it is a recording that replays.
pub(super) fn transcript(trace: &Trace, talks: &[Talk], setup: &Setup, rules: &mut Rules) -> (Transcript, bool) {
    let replayed = replayable(trace).and_then(|own| replay(own, talks, setup, rules).ok());
    replayed.unwrap_or_else(|| (plain(trace, talks, setup, rules), true))
}

/// Writes the exchanges without a terminal and without changing anything.
pub(super) fn as_it_is(trace: &Trace, talks: &[Talk]) -> Transcript {
    let header = Header { atr: trace.atr.clone().unwrap_or_default(), ..Header::default() };
    let mut rules = Rules::default();
    Transcript { header, lines: talks.iter().flat_map(|talk| exchange(talk, &mut rules)).collect() }
}

/// Writes the exchanges with the terminal they are compared with.
pub(super) fn plain(trace: &Trace, talks: &[Talk], setup: &Setup, rules: &mut Rules) -> Transcript {
    let mut header = trace.transcript.as_ref().map(|own| own.header.clone()).unwrap_or_default();
    header.comments.clear();
    header.configuration = Some(Configuration {
        name: setup.source.name.clone(),
        hash: hex::encode(Sha256::digest(&setup.source.text)),
        text: Some(setup.source.text.clone()),
    });
    header.atr = header::answer_to_reset(trace.atr.as_deref().unwrap_or(&[]));
    header.parameters.insert("card-keys".to_owned(), setup.source.describe_card_keys());
    move_day(&mut header, rules);
    header::parameters(&mut header, setup);
    let lines = talks.iter().flat_map(|talk| exchange(talk, rules)).collect();
    Transcript { header, lines }
}

/// The day and the hour of a header that has them.
fn move_day(header: &mut Header, rules: &Rules) {
    if let Ok(purchase) = Purchase::from_parameters(&header.parameters).and_then(|own| moved(own, rules))
        && header.parameters.contains_key("date")
    {
        header.parameters.insert("date".to_owned(), purchase.date);
        header.parameters.insert("time".to_owned(), purchase.time);
    }
}

fn exchange(talk: &Talk, rules: &mut Rules) -> Vec<Line> {
    let Some(command) = command(talk, rules) else { return Vec::new() };
    let response = talk.response.as_deref().and_then(|response| Response::from_bytes(response).ok());
    let response = response.map(|response| Line::Response(apdu::Exchange { response, elapsed: talk.elapsed }));
    [Line::Command(command)].into_iter().chain(response).collect()
}

/// The command, without what must not be seen. What is no command is written as far as it is one.
fn command(talk: &Talk, rules: &mut Rules) -> Option<RecordedCommand> {
    let bytes = &talk.command;
    let header: [u8; 4] = *bytes.first_chunk()?;
    if talk.is_secret {
        rules.manifest.count(Kind::Secret);
        let announced = bytes.get(4).copied().unwrap_or_default();
        return Some(RecordedCommand::masked(header, announced, None));
    }
    let command = Command::from_bytes(bytes).or_else(|_| {
        rules.manifest.count(Kind::Command);
        Command::new(header, talk.data(), None)
    });
    command.ok().as_ref().map(RecordedCommand::from)
}

/// Runs the changed recording through this kernel, so that commands, questions and notices say what is now to be said.
/// Whether it goes the same way to its end.
fn replay(
    own: &Transcript,
    talks: &[Talk],
    setup: &Setup,
    rules: &mut Rules,
) -> Result<(Transcript, bool), SetupError> {
    let terminal = setup.source.terminal()?;
    let purchase = moved(Purchase::from_parameters(&own.header.parameters)?, rules)?;
    let transaction: Transaction = purchase.resolve()?;
    let mut changed = own.clone();
    changed.header.atr = header::answer_to_reset(&own.header.atr);
    let mut answers = talks.iter();
    put_answers(&mut changed, &mut answers, rules);
    let tape = Tape::in_order(changed);
    let header = run::header(&setup.source, &purchase);
    let run = run::record(tape.card(), Replayed::new(tape.clone()), terminal, transaction, header);
    let mut transcript = run.transcript;
    header::parameters(&mut transcript.header, setup);
    Ok((transcript, tape.difference().is_none() && tape.is_at_end()))
}

/// Puts the new answers of the card where the old ones were.
fn put_answers<'t>(changed: &mut Transcript, talks: &mut impl Iterator<Item = &'t Talk>, rules: &mut Rules) {
    let mut current = None;
    for line in &mut changed.lines {
        match line {
            Line::Command(command) => {
                current = talks.next();
                rules.manifest.count_if(Kind::Secret, command.command().is_none());
            }
            Line::Response(exchange) => {
                let response = current.take().and_then(|talk| talk.response.as_deref());
                let response = response.and_then(|response| Response::from_bytes(response).ok());
                response.into_iter().for_each(|response| exchange.response = response);
            }
            Line::PinPad(_) | Line::Fault(_) => current = None,
            Line::Answer(text) => *text = replaced(text, rules),
            _ => {}
        }
    }
}

/// What people or a host answered: hexadecimal words may hold a card number.
fn replaced(text: &str, rules: &Rules) -> String {
    let words = text.split(' ').map(|word| {
        let mut bytes = hex::decode(word).unwrap_or_default();
        if rules.surrogates.replace(&mut bytes) > 0 { hex::encode_upper(bytes) } else { word.to_owned() }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn moved(purchase: Purchase, rules: &Rules) -> Result<Purchase, SetupError> {
    let date = rules.calendar.date(purchase.resolve()?.date);
    let date = format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
    Ok(Purchase { date, time: "00:00:00".to_owned(), ..purchase })
}
