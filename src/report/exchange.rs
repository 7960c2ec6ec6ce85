//! One exchange with the card, without anything that is secret.

use apdu::{StatusWord, command, command::ins, dictionary::Context, value::CryptogramType};
use kernel::session::LoggedExchange;
use serde::Serialize;

use super::{
    escape,
    page::{Page, Tone, fit},
    shown::{StatusView, TagView},
};
use crate::text::{File, Text};

/// How wide the column of commands is: a SELECT with the longest name fits.
const COMMAND: usize = 40;

/// One exchange. Data stay in the transcript: here is what was asked for and how it ended.
#[derive(Debug, Serialize)]
pub(super) struct ExchangeView {
    pub(super) number: u16,
    pub(super) command: &'static str,
    /// What the command is about: a name, a record, a tag, a cryptogram.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) about: String,
    /// The data object it is about.
    #[serde(skip)]
    tag: Option<TagView>,
    /// `None` when the card gave no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<StatusView>,
    /// Data bytes in the answer.
    length: usize,
    pub(super) microseconds: u128,
}

impl ExchangeView {
    pub fn new(exchange: &LoggedExchange, context: Context) -> Self {
        let (cla, ins) = match &*exchange.command {
            [cla, ins, ..] => (*cla, *ins),
            _ => (0, 0),
        };
        let answer = exchange.response.as_deref().unwrap_or_default();
        let status = answer.last_chunk::<2>().map(|status| StatusWord(u16::from_be_bytes(*status)));
        Self {
            number: exchange.number,
            command: name_of(&exchange.command, cla, ins),
            about: about(&exchange.command),
            tag: data_object(&exchange.command, context),
            status: status.map(|status| StatusView::new(ins, status)),
            length: answer.len().saturating_sub(2),
            microseconds: exchange.elapsed.as_micros(),
        }
    }

    pub fn print(&self, page: &mut Page<'_>) {
        let number = format!("{:>3}", self.number);
        let about = self.about_in(page.text);
        let command = fit(format!("{} {about}", self.command).trim_end(), COMMAND.saturating_sub(1));
        let (sw, tone, meaning) = match &self.status {
            None => ("----".to_owned(), Tone::Bad, page.say("no-answer")),
            Some(status) if status.meaning == "ok" => (status.sw.clone(), Tone::Faint, String::new()),
            Some(status) => (status.sw.clone(), Tone::Plain, status.say(page.text)),
        };
        let time = self.time();
        let cells = [
            (5, Tone::Faint, &*number),
            (COMMAND, Tone::Plain, &*command),
            (6, tone, &sw),
            (0, Tone::Faint, &*time),
            (0, Tone::Faint, &meaning),
        ];
        page.row(4, &cells);
    }

    /// What the command is about, in the language of `text`.
    pub(super) fn about_in(&self, text: &Text) -> String {
        self.tag.as_ref().map_or_else(|| self.about.clone(), |tag| tag.say(text))
    }

    /// Time is worth a word when a person could notice it.
    pub(super) fn time(&self) -> String {
        let tenths = self.microseconds.saturating_add(50).checked_div(100).unwrap_or_default();
        let (whole, tenth) = (tenths.checked_div(10).unwrap_or_default(), tenths.checked_rem(10).unwrap_or_default());
        if tenths == 0 { String::new() } else { format!("{whole}.{tenth} ms  ") }
    }
}

/// A name that fits its column and tells the next application under a name from the first.
fn name_of(command: &[u8], cla: u8, ins: u8) -> &'static str {
    match (command::name(ins, cla), command) {
        ("GENERATE APPLICATION CRYPTOGRAM", _) => "GENERATE AC",
        ("SELECT", [_, _, _, p2, ..]) if p2 & 0x03 == 0x02 => "SELECT NEXT",
        (other, _) => other,
    }
}

fn data_object(command: &[u8], context: Context) -> Option<TagView> {
    match command {
        [_, ins::GET_DATA, p1, p2, ..] => Some(TagView::new(tag(*p1, *p2), context)),
        _ => None,
    }
}

fn about(command: &[u8]) -> String {
    let [_, instruction, p1, p2, rest @ ..] = command else { return String::new() };
    match *instruction {
        ins::SELECT => name(rest.get(1..).unwrap_or_default()),
        ins::READ_RECORD => format!("{}.{p1}", p2 >> 3),
        ins::GET_DATA => tag(*p1, *p2).to_string(),
        ins::GENERATE_AC => {
            let signed = if p1 & 0x10 != 0 { " + CDA" } else { "" };
            format!("{}{signed}", CryptogramType::from_bits(*p1))
        }
        ins::VERIFY => format!("P2 {p2:02X}"),
        _ => String::new(),
    }
}

fn tag(p1: u8, p2: u8) -> apdu::Tag {
    apdu::Tag::new(u32::from(u16::from_be_bytes([p1, p2])))
}

/// The name in a SELECT, without Lc and Le: letters where it is made of them.
fn name(rest: &[u8]) -> String {
    let name = rest.strip_suffix(&[0]).unwrap_or(rest);
    let letters = name.iter().all(|byte| matches!(byte, 0x20..=0x7E));
    if letters { escape(&String::from_utf8_lossy(name)) } else { hex::encode_upper(name) }
}

impl StatusView {
    /// What it means.
    pub fn say(&self, text: &Text) -> String {
        text.say(File::Status, &format!("sw-{}", self.meaning))
    }
}
