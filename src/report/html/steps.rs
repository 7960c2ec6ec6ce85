//! The transaction box by box, and in each box its exchanges: when, how long, and every byte.

use std::collections::BTreeMap;

use kernel::Reason;
use maud::{Markup, html};

use super::{
    Place,
    apdu::{Apdu, Apdus},
    bytes,
};
use crate::{
    report::{Report, exchange::ExchangeView, timeline::PhaseView},
    text::File,
};

/// When an exchange began and how long it took, in microseconds since the first command. The time between exchanges is the
/// terminal's and counts nothing here.
#[derive(Default)]
struct Clock {
    spans: BTreeMap<u16, (u128, u128)>,
    total: u128,
}

impl Clock {
    fn new<'e>(exchanges: impl Iterator<Item = &'e ExchangeView>) -> Self {
        let taken: BTreeMap<u16, u128> = exchanges.map(|one| (one.number, one.microseconds)).collect();
        let mut clock = Self::default();
        for (number, microseconds) in taken {
            clock.spans.insert(number, (clock.total, microseconds));
            clock.total = clock.total.saturating_add(microseconds);
        }
        clock
    }

    /// Start and length in hundredths of a percent of the whole.
    fn share(&self, number: u16) -> Option<(u128, u128)> {
        let (start, length) = *self.spans.get(&number)?;
        let share = |part: u128| part.saturating_mul(10_000).checked_div(self.total);
        Some((share(start)?, share(length)?.max(40)))
    }
}

/// All boxes of the transaction.
pub(super) fn steps(report: &Report, apdus: &Apdus, at: Place<'_>) -> Markup {
    let clock = Clock::new(report.timeline.iter().flat_map(|phase| &phase.exchanges));
    html! {
        section.card id=(at.id("steps")) {
            h2 { (at.both.from(File::Report, "heading-timeline")) }
            p.faint { (total(&clock, at)) " " span.legend { (at.both.html("legend")) } }
            p.all hidden {
                button type="button" data-open="yes" { (at.both.html("open-all")) } " "
                button type="button" data-open="no" { (at.both.html("close-all")) }
            }
            ol.phases { @for phase in &report.timeline { (self::phase(phase, apdus, &clock, at)) } }
        }
        (unused(apdus, at))
    }
}

fn total(clock: &Clock, at: Place<'_>) -> Markup {
    let count = clock.spans.len().to_string();
    let time = milliseconds(clock.total);
    let id = if clock.total == 0 { "exchanges" } else { "exchanges-time" };
    at.both.html_with(id, &[("count", &count), ("time", &time)])
}

fn milliseconds(microseconds: u128) -> String {
    let tenths = microseconds.saturating_add(50).checked_div(100).unwrap_or_default();
    format!("{}.{} ms", tenths.checked_div(10).unwrap_or_default(), tenths.checked_rem(10).unwrap_or_default())
}

fn phase(phase: &PhaseView, apdus: &Apdus, clock: &Clock, at: Place<'_>) -> Markup {
    let both = at.both;
    let is_root = |reason: &Reason| at.marks.root == Some(*reason);
    let has_root = phase.findings.iter().any(is_root);
    html! {
        li.phase.found[!phase.findings.is_empty()].root[has_root] {
            h3 { (both.say(|text| phase.title(text))) }
            @if phase.result.is_some() { p.result { (both.say(|text| phase.came_to(text).unwrap_or_default())) } }
            @for reason in &phase.findings {
                p.finding.root[is_root(reason)] { "• " (both.say(|text| text.title(*reason))) " " code.id { (reason.id()) } }
            }
            // What the transaction used twice was sent once.
            @for one in phase.exchanges.iter().filter(|one| at.shows_first(one.number)) {
                (exchange(one, apdus.find(one.number), Some(clock), at))
            }
        }
    }
}

fn unused(apdus: &Apdus, at: Place<'_>) -> Markup {
    html! {
        @if !apdus.unused.is_empty() {
            section.card {
                h2 { (at.both.html("heading-unused")) }
                p.faint { (at.both.html("unused")) }
                @for (one, apdu) in &apdus.unused { (exchange(one, Some(apdu), None, at)) }
            }
        }
    }
}

fn exchange(one: &ExchangeView, apdu: Option<&Apdu>, clock: Option<&Clock>, at: Place<'_>) -> Markup {
    let cited = at.cited(one.number);
    html! {
        details.exchange.cited[!cited.is_empty()] id=(at.exchange(one.number)) {
            summary { (line(one, clock, at)) }
            @if let Some(apdu) = apdu {
                div.apdu {
                    (part("command", apdu.command.bytes.len(), bytes::octets(&apdu.command, &cited, at.both), at))
                    @if let Some(response) = &apdu.response {
                        (part("answer", response.bytes.len(), bytes::octets(response, &cited, at.both), at))
                    }
                }
            }
        }
    }
}

fn part(id: &str, length: usize, content: Markup, at: Place<'_>) -> Markup {
    let count = length.to_string();
    html! { h4 { (at.both.html(id)) " " small { (at.both.html_with("bytes", &[("count", &count)])) } } (content) }
}

fn line(one: &ExchangeView, clock: Option<&Clock>, at: Place<'_>) -> Markup {
    let is_ok = one.status.as_ref().is_some_and(|status| status.meaning == "ok");
    let meaning = one.status.as_ref().filter(|_| !is_ok).map(|status| at.both.say(|text| status.say(text)));
    html! {
        span.number { (one.number) }
        span.command { (one.command) " " span.about { (at.both.say(|text| one.about_in(text))) } }
        span.status.ok[is_ok] {
            @match &one.status { Some(status) => (status.sw), None => (at.both.from(File::Report, "no-answer")) }
        }
        span.time { (one.time().trim()) }
        @if let Some((start, length)) = clock.and_then(|clock| clock.share(one.number)) { (bar(start, length)) }
        @if let Some(meaning) = meaning { span.says { (meaning) } }
    }
}

/// One bar of the waterfall.
fn bar(start: u128, length: u128) -> Markup {
    let percent = |share: u128| {
        let (whole, part) = (share.checked_div(100).unwrap_or_default(), share.checked_rem(100).unwrap_or_default());
        format!("{whole}.{part:02}%")
    };
    html! {
        svg.bar aria-hidden="true" width="100%" height="6" {
            rect x=(percent(start.min(9_960))) width=(percent(length)) height="6" rx="2" {}
        }
    }
}
