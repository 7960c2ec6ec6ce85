//! The action analysis as a matrix: every bit of the TVR against every code that was looked at.

use apdu::Bit;
use kernel::contact::analyse::{ActionAnalysis, Row};
use maud::{Markup, html};

use super::Place;
use crate::{
    report::{analysis::AnalysisView, followed::code_name},
    text::File,
};

/// Every analysis that was made.
pub(super) fn matrices(analyses: &[AnalysisView], at: Place<'_>) -> Markup {
    html! {
        @if !analyses.is_empty() {
            section.card id=(at.id("codes")) {
                h2 { (at.both.from(File::Report, "heading-codes")) }
                p.faint { (at.both.html("codes-legend")) }
                @for (number, one) in (1..).zip(analyses) { (matrix(&one.analysis, &at.id(&format!("codes-{number}")), at)) }
            }
        }
    }
}

fn matrix(analysis: &ActionAnalysis, name: &str, at: Place<'_>) -> Markup {
    let set: Vec<Bit> = analysis.tvr.iter().collect();
    let bytes = analysis.tvr.0.map(|byte| format!("{byte:02X}")).join(" ");
    html! {
        h3 id=(name) { "TVR " code { (bytes) } " → " (analysis.request) }
        @if set.is_empty() { p { (at.both.from(File::Report, "codes-none")) } }
        (table(analysis, &set, name, at))
        details.every {
            summary { (at.both.html("every-bit")) }
            (table(analysis, &every_bit(), name, at))
        }
    }
}

fn every_bit() -> Vec<Bit> {
    (1..=5).flat_map(|byte| (1..=8).rev().map(move |position| Bit::new(byte, position))).collect()
}

fn table(analysis: &ActionAnalysis, bits: &[Bit], name: &str, at: Place<'_>) -> Markup {
    let decided = analysis.rows.len().saturating_sub(1);
    html! {
        div.wide tabindex="0" role="region" aria-labelledby=(name) { table {
            thead {
                tr {
                    th rowspan="2" scope="col" { (at.both.html("bit")) }
                    @for (index, row) in analysis.rows.iter().enumerate() {
                        th.decided[index == decided] colspan="2" scope="colgroup" { (code_name(row.codes)) }
                    }
                }
                tr { @for _ in &analysis.rows { th scope="col" { "TAC" } th scope="col" { "IAC" } } }
            }
            tbody { @for bit in bits { (line(analysis, *bit, at)) } }
            tfoot { tr {
                th scope="row" { (at.both.html("row-result")) }
                @for (index, row) in analysis.rows.iter().enumerate() { (result(row, index == decided, analysis, at)) }
            } }
        } }
    }
}

fn line(analysis: &ActionAnalysis, bit: Bit, at: Place<'_>) -> Markup {
    let set = analysis.tvr.has(bit);
    html! {
        tr.set[set] {
            th scope="row" {
                @if set { span.on { "●" } } @else { span.off { "○" } }
                " " code { (bit) } " " (at.both.say(|text| text.verification_bit(bit)))
            }
            @for row in &analysis.rows { (cell(set, row.tac.has(bit))) (cell(set, row.iac.has(bit))) }
        }
    }
}

/// `●` a bit that is set and meets the code, `○` the code has it and it is not set, `·` neither.
fn cell(set: bool, in_code: bool) -> Markup {
    match (set, in_code) {
        (true, true) => html! { td.hit { "●" } },
        (false, true) => html! { td { "○" } },
        (_, false) => html! { td.off { "·" } },
    }
}

fn result(row: &Row, decided: bool, analysis: &ActionAnalysis, at: Place<'_>) -> Markup {
    let id = if row.hits.is_empty() { "row-without-match" } else { "row-match" };
    html! {
        td.decided[decided] colspan="2" {
            (at.both.html(id))
            @if decided { " → " strong { (analysis.request) } }
        }
    }
}
