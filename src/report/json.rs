//! The report as JSON.

use std::collections::BTreeMap;

use kernel::{Reason, finding::Remedy};
use serde::Serialize;

use super::{Report, SCHEMA};
use crate::text::Text;

#[derive(Serialize)]
pub(super) struct Document<'r> {
    schema: &'static str,
    language: &'static str,
    #[serde(flatten)]
    report: &'r Report,
    /// What the reasons among the findings mean.
    texts: BTreeMap<&'static str, ReasonTexts>,
    /// What the remedies mean.
    remedies: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct ReasonTexts {
    title: String,
    means: String,
    engineer: String,
}

pub(super) fn document<'r>(report: &'r Report, text: &Text) -> Document<'r> {
    let reasons =
        report.findings().map(|finding| finding.reason).chain(report.explanation.suspicions().iter().copied());
    let remedies = report.explanation.remedies().iter();
    Document {
        schema: SCHEMA,
        language: text.language().tag(),
        report,
        texts: reasons.map(|reason| (reason.id(), texts(reason, text))).collect(),
        remedies: remedies.map(|remedy: &Remedy| (remedy.id(), text.remedy(*remedy))).collect(),
    }
}

fn texts(reason: Reason, text: &Text) -> ReasonTexts {
    let texts = text.reason(reason);
    ReasonTexts { title: texts.title, means: texts.means, engineer: texts.engineer }
}
