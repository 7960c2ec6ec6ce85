//! Two transactions for people.

use apdu::{
    Bit, Tag,
    dictionary::{Context, lookup},
    tag,
};

use super::{Cause, Diff, Differing, Divergence, From, Parting, Where, side::SideView};
use crate::{
    report::page::{Page, Tone},
    text::{File, Text},
};

/// How wide the columns for exchanges, phases and items are.
const NUMBERS: usize = 5;
const PHASE: usize = 30;
const ITEM: usize = 26;

pub(super) fn print(diff: &Diff, text: &Text, colour: bool) -> String {
    let mut page = Page::new(text, colour);
    print_side("A", &diff.a, &mut page);
    print_side("B", &diff.b, &mut page);
    print_first_byte(diff.first_byte.as_ref(), &mut page);
    print_first_decision(diff.first_decision.as_ref(), &mut page);
    print_cause(&diff.explained_by, &mut page);
    print_items("heading-configuration", &diff.configuration, &mut page);
    print_decisions(&diff.decisions, &mut page);
    print_exchanges(diff, &mut page);
    page.finish()
}

fn say(page: &Page<'_>, id: &str) -> String {
    page.text.say(File::Diff, id)
}

fn print_side(letter: &str, side: &SideView, page: &mut Page<'_>) {
    let (decision, decider) = (page.text.decision(side.ends.0), page.text.decider(side.ends.1));
    let root = side.root.map(|id| format!(" · {} {id}", page.text.say(File::Reasons, id))).unwrap_or_default();
    let line = format!("{}: {decision} · {decider}{root}", side.name);
    page.row(0, &[(3, Tone::Strong, letter), (0, Tone::Plain, &line)]);
}

fn print_first_byte(first: Option<&Divergence>, page: &mut Page<'_>) {
    let heading = say(page, "heading-first-byte");
    page.heading_text(&heading);
    match first {
        Some(divergence) => print_divergence(divergence, page),
        None => {
            let none = say(page, "no-byte");
            page.paragraph(Tone::Plain, &none);
        }
    }
}

fn print_divergence(divergence: &Divergence, page: &mut Page<'_>) {
    let number = |number: Option<u16>| number.map_or("–".to_owned(), |number| number.to_string());
    let (a, b) = (number(divergence.exchanges.0), number(divergence.exchanges.1));
    let from = match divergence.from {
        From::Terminal => "terminal",
        From::Card => "card",
        From::Issuer => "issuer",
    };
    let from = say(page, &format!("from-{from}"));
    let phase = page.text.phase(divergence.phase);
    let place = page.text.say_with(
        File::Diff,
        "place",
        &[("phase", &phase), ("command", divergence.command), ("a", &a), ("b", &b), ("from", &from)],
    );
    page.row(2, &[(0, Tone::Plain, &place)]);
    let what = what(divergence, page);
    page.row(2, &[(0, Tone::Strong, &what)]);
    let none = say(page, if divergence.part == "exchange" { "absent" } else { "not-shown" });
    for (letter, value) in [("A", &divergence.a), ("B", &divergence.b)] {
        page.row(4, &[(3, Tone::Faint, letter), (0, Tone::Plain, value.as_ref().unwrap_or(&none))]);
    }
    for bit in &divergence.bits {
        let name = divergence.tag.and_then(|tag| bit_name(tag, *bit, page.text)).unwrap_or_default();
        let line = page.text.say_with(File::Diff, "bit", &[("bit", &bit.to_string()), ("name", &name)]);
        page.row(4, &[(0, Tone::Plain, line.trim_end())]);
    }
}

/// The data object or part, and the byte in it.
fn what(divergence: &Divergence, page: &Page<'_>) -> String {
    let object = divergence.tag.map(|tag| {
        let name = lookup(tag, Context::Emv).map_or("", |entry| entry.name);
        format!("{tag} {name}").trim().to_owned()
    });
    let object = object.unwrap_or_else(|| say(page, &format!("part-{}", divergence.part)));
    let Some(offset) = divergence.offset else { return object };
    let byte = offset.saturating_add(1).to_string();
    page.text.say_with(File::Diff, "byte", &[("object", &object), ("byte", &byte)])
}

/// What a bit of the objects that are made of bits says.
fn bit_name(tag: Tag, bit: Bit, text: &Text) -> Option<String> {
    let (file, table) = match tag {
        tag::TVR_95 => (File::Facts, "tvr"),
        tag::TSI_9B => (File::Facts, "tsi"),
        tag::TERMINAL_CAPABILITIES_9F33 => (File::Decode, "bit-capabilities"),
        tag::ADDITIONAL_TERMINAL_CAPABILITIES_9F40 => (File::Decode, "bit-additional"),
        tag::AIP_82 => (File::Decode, "bit-aip"),
        tag::APPLICATION_USAGE_CONTROL_9F07 => (File::Decode, "bit-auc"),
        _ => return None,
    };
    text.find(file, &format!("{table}-{}-{}", bit.byte, bit.position))
}

fn print_first_decision(first: Option<&Parting>, page: &mut Page<'_>) {
    let heading = say(page, "heading-first-decision");
    page.heading_text(&heading);
    let Some(first) = first else {
        let none = say(page, "no-decision");
        return page.paragraph(Tone::Plain, &none);
    };
    print_parting(first, page);
    for bit in &first.bits {
        let name = page.text.verification_bit(*bit);
        let line = page.text.say_with(File::Diff, "bit", &[("bit", &bit.to_string()), ("name", &name)]);
        page.row(4, &[(0, Tone::Plain, &line)]);
    }
}

fn print_parting(parting: &Parting, page: &mut Page<'_>) {
    let name = say(page, &format!("decision-{}", parting.id));
    let values = format!("A {}   B {}", parting.a, parting.b);
    page.row(2, &[(ITEM, Tone::Plain, &name), (0, Tone::Plain, &values)]);
}

fn print_cause(cause: &Cause, page: &mut Page<'_>) {
    let heading = say(page, "heading-cause");
    page.heading_text(&heading);
    let certainty = page.text.certainty(cause.certainty);
    let side = page.text.say_with(File::Diff, &format!("cause-{}", cause.side.id()), &[("certainty", &certainty)]);
    page.paragraph(Tone::Strong, &side);
    if cause.side == Where::Nowhere {
        return;
    }
    cause.items.iter().for_each(|item| print_item(item, page));
    cause.card_bytes.iter().for_each(|bytes| print_divergence(bytes, page));
}

fn print_items(heading: &str, items: &[Differing], page: &mut Page<'_>) {
    if items.is_empty() {
        return;
    }
    let heading = say(page, heading);
    page.heading_text(&heading);
    items.iter().for_each(|item| print_item(item, page));
}

fn print_item(item: &Differing, page: &mut Page<'_>) {
    let name = say(page, &format!("item-{}", item.id));
    let unknown = say(page, "unknown");
    let values = format!("A {}   B {}", item.a.as_ref().unwrap_or(&unknown), item.b.as_ref().unwrap_or(&unknown));
    let tag = item.tag.as_ref().map(|tag| format!("  {tag}")).unwrap_or_default();
    page.row(2, &[(ITEM, Tone::Plain, &name), (0, Tone::Plain, &values), (0, Tone::Faint, &tag)]);
}

fn print_decisions(decisions: &[Parting], page: &mut Page<'_>) {
    if decisions.len() < 2 {
        return;
    }
    let heading = say(page, "heading-decisions");
    page.heading_text(&heading);
    decisions.iter().for_each(|parting| print_parting(parting, page));
}

fn print_exchanges(diff: &Diff, page: &mut Page<'_>) {
    let heading = say(page, "heading-exchanges");
    page.heading_text(&heading);
    for pair in &diff.exchanges {
        let number = |number: Option<u16>| number.map_or("–".to_owned(), |number| number.to_string());
        let here = |divergence: &&Divergence| divergence.exchanges == (pair.a, pair.b);
        let differs = |varies: bool| diff.divergences.iter().filter(here).any(|found| found.varies == varies);
        let sign = if differs(false) {
            "≠"
        } else if differs(true) {
            "~"
        } else {
            "="
        };
        let (a, b, phase) = (number(pair.a), number(pair.b), page.text.phase(pair.phase));
        let cells = [
            (NUMBERS, Tone::Faint, a.as_str()),
            (NUMBERS, Tone::Faint, &b),
            (3, Tone::Strong, sign),
            (PHASE, Tone::Faint, &phase),
            (0, Tone::Plain, pair.command),
        ];
        page.row(2, &cells);
    }
}
