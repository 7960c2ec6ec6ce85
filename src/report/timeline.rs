//! The transaction box by box: exchanges, findings, and what each box came to.

use apdu::{tag, value::Aip};
use kernel::{Phase, Reason};
use serde::Serialize;

use super::{
    Source, escape,
    exchange::ExchangeView,
    named,
    page::{Page, Tone},
};
use crate::text::{File, Text};

/// The boxes of the flow chart, in order.
const PHASES: [Phase; 24] = [
    Phase::Reset,
    Phase::PreProcessing,
    Phase::Activation,
    Phase::Selection,
    Phase::Initiation,
    Phase::RelayResistance,
    Phase::ReadData,
    Phase::DataExchange,
    Phase::Authentication,
    Phase::Restrictions,
    Phase::CardholderVerification,
    Phase::RiskManagement,
    Phase::ActionAnalysis,
    Phase::TornRecovery,
    Phase::MagStripe,
    Phase::FirstGenerateAc,
    Phase::Outcome,
    Phase::Online,
    Phase::IssuerUpdate,
    Phase::IssuerAuthentication,
    Phase::ScriptsBefore,
    Phase::SecondGenerateAc,
    Phase::ScriptsAfter,
    Phase::Completion,
];

/// One box.
#[derive(Debug, Serialize)]
pub(super) struct PhaseView {
    #[serde(serialize_with = "named::one")]
    pub(super) phase: Phase,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) result: Option<Achieved>,
    pub(super) exchanges: Vec<ExchangeView>,
    #[serde(serialize_with = "named::all")]
    pub(super) findings: Vec<Reason>,
    /// The cryptogram of a tap that has no GENERATE AC: it came with the answer to GET PROCESSING OPTIONS.
    #[serde(skip)]
    at_once: bool,
}

/// What a box came to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Achieved {
    /// The application that was chosen.
    Application(String),
    /// What the card supports, as bits of the AIP.
    Profile(Vec<String>),
    /// What the action analysis asks for, once or twice.
    Request(Vec<String>),
    /// What the card was asked for and gave.
    Cryptogram { asked: String, given: String },
    /// What the host said.
    Answer(Option<String>),
}

/// The boxes in which something happened.
pub(super) fn phases(source: Source<'_>) -> Vec<PhaseView> {
    let views = PHASES.into_iter().map(|phase| PhaseView::new(phase, source));
    views.filter(|view| view.result.is_some() || !view.exchanges.is_empty() || !view.findings.is_empty()).collect()
}

pub(super) fn print(phases: &[PhaseView], page: &mut Page<'_>) {
    page.heading("heading-timeline");
    phases.iter().for_each(|phase| phase.print(page));
}

impl PhaseView {
    fn new(phase: Phase, source: Source<'_>) -> Self {
        let log = &source.outcome.log;
        let exchanges = log.exchanges.iter().filter(|exchange| exchange.phase == phase);
        let findings = log.findings.iter().filter(|finding| finding.phase == phase);
        let generated = exchanges.clone().next().is_some();
        Self {
            phase,
            at_once: phase == Phase::FirstGenerateAc && source.outcome.tap.is_some() && !generated,
            result: Achieved::by(phase, source),
            exchanges: exchanges.map(|exchange| ExchangeView::new(exchange, source.context)).collect(),
            findings: findings.map(|finding| finding.reason).collect(),
        }
    }

    /// What the box is called.
    pub(super) fn title(&self, text: &Text) -> String {
        if self.at_once { text.say(File::Report, "cryptogram-at-once") } else { text.phase(self.phase) }
    }

    /// What it came to. A cryptogram that came at once was not asked for by a command of its own.
    pub(super) fn came_to(&self, text: &Text) -> Option<String> {
        match self.result.as_ref()? {
            Achieved::Cryptogram { given, .. } if self.at_once => Some(given.clone()),
            result => Some(result.say(text)),
        }
    }

    fn print(&self, page: &mut Page<'_>) {
        let phase = self.title(page.text);
        let result = self.came_to(page.text).map(|result| format!("  {result}")).unwrap_or_default();
        page.row(2, &[(0, Tone::Strong, &phase), (0, Tone::Faint, &result)]);
        self.exchanges.iter().for_each(|exchange| exchange.print(page));
        for reason in &self.findings {
            let title = page.text.title(*reason);
            let id = format!("  {}", reason.id());
            page.row(4, &[(5, Tone::Warning, "  •"), (0, Tone::Plain, &title), (0, Tone::Faint, &id)]);
        }
    }
}

impl Achieved {
    fn by(phase: Phase, source: Source<'_>) -> Option<Self> {
        let outcome = source.outcome;
        match phase {
            Phase::Selection => {
                let chosen = outcome.candidates.iter().find(|candidate| candidate.name == outcome.aid);
                chosen.map(|candidate| Self::Application(escape(&candidate.label)))
            }
            Phase::Initiation => outcome.card.array(tag::AIP_82).map(|aip| Self::profile(apdu::Bits(aip))),
            Phase::ActionAnalysis => {
                let requests: Vec<String> = outcome.analyses.iter().map(|one| one.request.to_string()).collect();
                (!requests.is_empty()).then_some(Self::Request(requests))
            }
            Phase::FirstGenerateAc => Self::cryptogram(source, 0),
            Phase::SecondGenerateAc => Self::cryptogram(source, 1),
            Phase::Online => Self::answer(source),
            _ => None,
        }
    }

    fn profile(aip: Aip) -> Self {
        Self::Profile(aip.iter().map(|bit| format!("{}-{}", bit.byte, bit.position)).collect())
    }

    fn cryptogram(source: Source<'_>, at: usize) -> Option<Self> {
        let one = source.outcome.cryptograms.get(at)?;
        Some(Self::Cryptogram { asked: one.asked.to_string(), given: one.cid.cryptogram_type().to_string() })
    }

    fn answer(source: Source<'_>) -> Option<Self> {
        let outcome = source.outcome;
        let code = outcome.response_code.filter(|_| outcome.online);
        let tried = outcome.log.findings.iter().any(|finding| finding.phase == Phase::Online);
        let code = code.map(|code| escape(&String::from_utf8_lossy(&code)));
        (code.is_some() || tried).then_some(Self::Answer(code))
    }

    pub(super) fn say(&self, text: &Text) -> String {
        match self {
            Self::Application(label) => label.clone(),
            Self::Profile(bits) if bits.is_empty() => text.say(File::Report, "profile-empty"),
            Self::Profile(bits) => {
                let names = bits.iter().filter_map(|bit| text.find(File::Facts, &format!("aip-{bit}")));
                let list = names.collect::<Vec<_>>().join(&text.say(File::Report, "comma"));
                text.say_with(File::Report, "profile", &[("list", &list)])
            }
            Self::Request(requests) => text.say_with(File::Report, "analysed", &[("request", &requests.join(" → "))]),
            Self::Cryptogram { asked, given } => format!("{asked} → {given}"),
            Self::Answer(Some(code)) => text.say_with(File::Report, "answered-code", &[("code", code)]),
            Self::Answer(None) => text.say(File::Report, "no-host-answer"),
        }
    }
}
