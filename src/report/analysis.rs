//! Terminal action analysis: every bit that was set, and every code that has it.

use apdu::{Bit, value::Tvr};
use kernel::contact::analyse::{ActionAnalysis, Codes, Row};
use serde::Serialize;

use super::{
    followed::code_name,
    page::{Cell, Page, Tone},
};

/// One action analysis.
#[derive(Debug, Serialize)]
pub(super) struct AnalysisView {
    tvr: String,
    rows: Vec<RowView>,
    /// Every bit that was set, whether it matched or not.
    bits: Vec<BitView>,
    request: String,
    #[serde(skip)]
    pub(super) analysis: ActionAnalysis,
}

#[derive(Debug, Serialize)]
struct RowView {
    codes: &'static str,
    #[serde(skip)]
    kind: Codes,
    tac: String,
    iac: String,
    hit: bool,
}

#[derive(Debug, Serialize)]
struct BitView {
    bit: String,
    #[serde(skip)]
    at: Bit,
    /// For each row, whether the terminal's and the issuer's code have it.
    codes: Vec<HitView>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct HitView {
    tac: bool,
    iac: bool,
}

impl AnalysisView {
    pub fn new(analysis: &ActionAnalysis) -> Self {
        let bit = |at: Bit| BitView {
            bit: at.to_string(),
            at,
            codes: analysis.rows.iter().map(|row| HitView { tac: row.tac.has(at), iac: row.iac.has(at) }).collect(),
        };
        Self {
            tvr: spaced(analysis.tvr),
            rows: analysis.rows.iter().map(RowView::new).collect(),
            bits: analysis.tvr.iter().map(bit).collect(),
            request: analysis.request.to_string(),
            analysis: analysis.clone(),
        }
    }

    /// A table: a line for each bit, a column for each code that was looked at. `T` and `I` say whose code has the bit.
    pub fn print(&self, page: &mut Page<'_>) {
        page.heading("heading-codes");
        let (tvr, request) = (page.say_with("codes-tvr", &[("bits", &self.tvr)]), format!("→ {}", self.request));
        page.row(2, &[(BIT_COLUMN, Tone::Strong, &tvr), (0, Tone::Strong, &request)]);
        if self.bits.is_empty() {
            let none = page.say("codes-none");
            return page.row(2, &[(0, Tone::Faint, &none)]);
        }
        let legend = page.say("codes-legend");
        let names = self.rows.iter().map(|row| (CODE_COLUMN, Tone::Faint, code_name(row.kind)));
        let header: Vec<Cell<'_>> = [(BIT_COLUMN, Tone::Faint, &*legend)].into_iter().chain(names).collect();
        page.row(2, &header);
        self.bits.iter().for_each(|bit| bit.print(page));
    }
}

/// Where the codes begin, behind the names of the bits.
const BIT_COLUMN: usize = 60;
/// How wide the column of one code is.
const CODE_COLUMN: usize = 10;

impl RowView {
    fn new(row: &Row) -> Self {
        let hit = !row.hits.is_empty();
        Self { codes: row.codes.id(), kind: row.codes, tac: row.tac.to_string(), iac: row.iac.to_string(), hit }
    }
}

impl BitView {
    fn print(&self, page: &mut Page<'_>) {
        let name = format!("{}  {}", self.bit, page.text.verification_bit(self.at));
        let matched = self.codes.iter().any(|hit| hit.tac || hit.iac);
        let tone = if matched { Tone::Plain } else { Tone::Faint };
        let codes = self.codes.iter().map(|hit| (CODE_COLUMN, hit.tone(), hit.letters()));
        let cells: Vec<Cell<'_>> = [(BIT_COLUMN, tone, &*name)].into_iter().chain(codes).collect();
        page.row(2, &cells);
    }
}

impl HitView {
    fn letters(self) -> &'static str {
        match (self.tac, self.iac) {
            (true, true) => "T I",
            (true, false) => "T",
            (false, true) => "  I",
            (false, false) => "·",
        }
    }

    fn tone(self) -> Tone {
        if self.tac || self.iac { Tone::Warning } else { Tone::Faint }
    }
}

fn spaced(tvr: Tvr) -> String {
    tvr.0.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}
