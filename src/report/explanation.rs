//! Why: the root, what followed, what to do.

use kernel::{
    Decision, Reason,
    diagnosis::RuledOut,
    finding::{Category, Remedy, Severity},
};
use serde::Serialize;

use super::{
    Source,
    finding::FindingView,
    followed::{self, LinkView},
    named,
    page::{Page, Tone},
};
use crate::text::{File, Text};

/// How wide the column of severities is.
const SEVERITY: usize = 12;

/// Why it ended as it did.
#[derive(Debug, Serialize)]
pub(super) struct Explanation {
    #[serde(skip)]
    pub(super) decision: Decision,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) root: Option<FindingView>,
    /// Whose fault the root is, most likely first.
    #[serde(serialize_with = "named::all")]
    pub(super) blame: Vec<Category>,
    pub(super) followed: Vec<LinkView>,
    #[serde(serialize_with = "named::all")]
    pub(super) suspicions: Vec<Reason>,
    #[serde(serialize_with = "named::all")]
    pub(super) ruled_out: Vec<RuledOut>,
    #[serde(serialize_with = "named::all")]
    pub(super) remedies: Vec<Remedy>,
    /// Findings that are consequences of the root.
    pub(super) consequences: Vec<FindingView>,
    /// Findings that are no part of this.
    pub(super) others: Vec<FindingView>,
}

impl Explanation {
    pub fn new(source: Source<'_>) -> Self {
        let diagnosis = source.diagnosis;
        let view = |at: &usize| source.outcome.log.findings.get(*at).map(|finding| FindingView::new(finding, source));
        Self {
            decision: source.outcome.decision,
            root: diagnosis.primary.as_ref().and_then(view),
            blame: diagnosis.blame.clone(),
            followed: followed::links(source),
            suspicions: diagnosis.suspicions.clone(),
            ruled_out: diagnosis.ruled_out.clone(),
            remedies: diagnosis.remedies.clone(),
            consequences: followed::findings(source).iter().filter_map(view).collect(),
            others: diagnosis.others.iter().filter_map(view).collect(),
        }
    }

    /// Every finding, the root first.
    pub fn findings(&self) -> impl Iterator<Item = &FindingView> {
        self.root.iter().chain(&self.consequences).chain(&self.others)
    }

    /// The reason of the root.
    pub fn primary(&self) -> Option<Reason> {
        self.root.as_ref().map(|root| root.reason)
    }

    /// What cannot be the root.
    pub fn ruled_out(&self) -> &[RuledOut] {
        &self.ruled_out
    }

    pub fn remedies(&self) -> &[Remedy] {
        &self.remedies
    }

    pub fn suspicions(&self) -> &[Reason] {
        &self.suspicions
    }

    pub fn print(&self, page: &mut Page<'_>) {
        match &self.root {
            Some(root) => self.print_root(root, page),
            None => self.print_without_root(page),
        }
        self.print_others(page);
    }

    fn print_root(&self, root: &FindingView, page: &mut Page<'_>) {
        let texts = page.text.reason(root.reason);
        page.heading("heading-why");
        page.row(2, &[(0, Tone::Strong, &texts.title), (0, Tone::Faint, "  "), (0, Tone::Faint, root.reason.id())]);
        page.paragraph(Tone::Plain, &texts.means);
        page.blank();
        self.print_remedies(page);
        page.labelled("label-engineer", Tone::Plain, &texts.engineer);
        page.blank();
        let fault = self
            .blame
            .iter()
            .map(|category| page.text.category(*category))
            .collect::<Vec<_>>()
            .join(&page.say("semicolon"));
        let certainty = page.text.certainty(root.certainty);
        let fault = page.say_with("fault", &[("whose", &fault), ("certainty", &certainty)]);
        page.labelled("label-fault", Tone::Plain, &fault);
        let seen: Vec<String> = root.evidence.iter().map(|evidence| evidence.say(page.text)).collect();
        page.labelled_all("label-seen", Tone::Plain, &seen);
        page.labelled("label-rule", Tone::Plain, root.clause);
        page.labelled_all("label-followed", Tone::Plain, &followed::say(&self.followed, page.text));
        let suspects: Vec<String> = self.suspicions.iter().map(|reason| page.text.title(*reason)).collect();
        page.labelled_all("label-suspect", Tone::Warning, &suspects);
        if !self.ruled_out.is_empty() {
            let ruled_out: Vec<String> = self.ruled_out.iter().map(|what| say_ruled_out(*what, page.text)).collect();
            let ruled_out = ruled_out.join(&page.say("semicolon"));
            page.labelled("label-ruled-out", Tone::Faint, &ruled_out);
        }
    }

    fn print_without_root(&self, page: &mut Page<'_>) {
        if self.decision == Decision::Approved {
            if self.others.is_empty() {
                let plainly = page.say("approved-plainly");
                page.row(2, &[(0, Tone::Faint, &plainly)]);
            }
            return;
        }
        page.heading("heading-why");
        let unexplained = page.say("unexplained");
        page.paragraph(Tone::Plain, &unexplained);
        self.print_remedies(page);
    }

    fn print_remedies(&self, page: &mut Page<'_>) {
        let remedies: Vec<String> = self.remedies.iter().map(|remedy| page.text.remedy(*remedy)).collect();
        page.labelled_all("label-do", Tone::Strong, &remedies);
    }

    pub fn print_others(&self, page: &mut Page<'_>) {
        if self.others.is_empty() {
            return;
        }
        page.heading("heading-also");
        for finding in &self.others {
            let (title, severity) = (page.text.title(finding.reason), page.text.severity(finding.severity));
            let id = format!("  {}", finding.reason.id());
            page.row(2, &[(SEVERITY, Tone::Faint, &severity), (0, Tone::Plain, &title), (0, Tone::Faint, &id)]);
            // A note says it all; of what cost something people want to know what it was.
            for evidence in finding.evidence.iter().filter(|_| finding.severity > Severity::Info) {
                let seen = evidence.say(page.text);
                page.row(2, &[(SEVERITY, Tone::Faint, ""), (0, Tone::Faint, &seen)]);
            }
        }
    }
}

pub(super) fn say_ruled_out(what: RuledOut, text: &Text) -> String {
    match what {
        RuledOut::Certificate(certificate) => text.certificate(certificate),
        other => text.say(File::Report, &format!("ruled-out-{}", other.id())),
    }
}
