//! What has to hold for every mutant.

use std::{cell::OnceCell, collections::BTreeSet};

use emvident::{
    apdu::Tag,
    kernel::{
        Outcome,
        finding::{Evidence, Fact, Finding, Value},
        session::MAX_EXCHANGES,
    },
};

use super::{
    allowed::Allowed,
    baseline::Baseline,
    engine,
    feeds::Feeds,
    labels::Label,
    mutant::{Change, Side, Touch},
    silent::Silent,
    tree,
    verdict::{Oda, Rank, Verdict},
};

/// A property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Property {
    /// No panic, and no more exchanges than a transaction may have.
    Safe = 1,
    /// What is signed cannot be changed and still be authentic.
    Sound,
    /// Nothing becomes more lenient but by what the specification lets through.
    NoUpgrade,
    /// Whatever differs is explained.
    Explained,
    /// The same twice.
    Determined,
    /// No bit of the TVR is lost but by what feeds it.
    Honest,
    /// Hardened is never more lenient.
    Hardened,
}

impl Property {
    pub const ALL: [Self; 7] =
        [Self::Safe, Self::Sound, Self::NoUpgrade, Self::Explained, Self::Determined, Self::Honest, Self::Hardened];

    pub fn id(self) -> String {
        format!("P{}", self as u8)
    }
}

/// A property that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub property: Property,
    pub story: String,
}

/// What one mutant came to.
#[derive(Debug, Default)]
pub struct Judged {
    pub violations: Vec<Violation>,
    /// The allow-list lines it is let through by.
    pub let_through: Vec<usize>,
    /// Its outcome or TVR differs from the baseline's.
    pub differs: bool,
    /// A finding names what was changed, or what it is in.
    pub named: bool,
    /// The line of the list that lets it differ without a word.
    pub silent: Option<usize>,
    /// What was changed and what was said instead, when it is not named.
    pub story: String,
    pub exchanges: usize,
}

/// A way of being more lenient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upgrade {
    /// Online instead of declined, or offline instead of online.
    Outcome,
    /// The cardholder is verified less well, and no result says that it failed.
    Cvm,
    /// Less is proved about the card, and no result says that it failed.
    Authentication,
}

/// All that the issuer signed, as findings name it.
const STATIC_DATA: &str = "static data";

/// The tables that judging needs.
pub struct Judge {
    pub allowed: Allowed,
    pub feeds: Feeds,
    pub silent: Silent,
}

impl Judge {
    /// The tables of the repository.
    pub fn read() -> Self {
        Self { allowed: Allowed::read(), feeds: Feeds::read(), silent: Silent::read() }
    }
}

/// What a transaction may have to say of itself though nothing is wrong with the card: the amount, the line, the people.
const NO_FAULTS: [&str; 9] = [
    "trm-floor",
    "pin-wrong",
    "cvm-failed",
    "oda-no-common-method",
    "cvm-ptl",
    "host-no-link",
    "host-unable",
    "pin-blocked",
    "oda-capk-not-found",
];

/// Which of the costly questions are asked too.
#[derive(Clone, Copy, Default)]
pub struct Thorough {
    /// Run it twice.
    pub twice: bool,
    /// Run it on the hardened terminal.
    pub hardened: bool,
}

impl Judge {
    pub fn judge(&self, baseline: &Baseline, change: &Change, thorough: Thorough) -> Judged {
        let Some(outcome) = engine::run(baseline, change) else {
            let violation = Violation { property: Property::Safe, story: "the kernel panicked".to_owned() };
            return Judged { violations: vec![violation], ..Judged::default() };
        };
        let verdict = Verdict::of(&outcome);
        let case =
            Case { judge: self, baseline, change, outcome: &outcome, verdict: &verdict, fields: OnceCell::new() };
        let (upgrade, let_through) = case.no_upgrade();
        let differs = case.differs();
        let named = differs && case.named();
        let story = if differs && !named { case.unnamed() } else { String::new() };
        let (explained, silent) = case.explained(differs);
        let checks = [case.safe(), case.sound(), upgrade, explained, case.honest()];
        let mut violations: Vec<Violation> = checks.into_iter().flatten().collect();
        violations.extend(thorough.twice.then(|| case.determined()).flatten());
        violations.extend(thorough.hardened.then(|| case.hardened()).flatten());
        Judged { violations, let_through, differs, named, silent, story, exchanges: verdict.exchanges }
    }

    /// The baseline itself: what it is, and nothing to complain about when it was approved.
    pub fn judge_control(&self, baseline: &Baseline) -> Option<Violation> {
        let outcome = engine::run(baseline, &Change::default())?;
        let verdict = Verdict::of(&outcome);
        if verdict != baseline.verdict {
            let story = format!("unchanged, it came to {verdict:?} and not {:?}", baseline.verdict);
            return Some(Violation { property: Property::Determined, story });
        }
        let faults = verdict.findings.iter().filter(|id| !NO_FAULTS.contains(id)).count();
        let silent = verdict.rank == Rank::Declined || faults == 0;
        (!silent).then(|| Violation {
            property: Property::Explained,
            story: format!("nothing is wrong, and it says {:?}", verdict.findings),
        })
    }
}

struct Case<'a> {
    judge: &'a Judge,
    baseline: &'a Baseline,
    change: &'a Change,
    outcome: &'a Outcome,
    verdict: &'a Verdict,
    /// The answer of [`Case::fields`].
    fields: OnceCell<BTreeSet<String>>,
}

impl Case<'_> {
    fn violation(&self, property: Property, story: String) -> Option<Violation> {
        Some(Violation { property, story })
    }

    fn safe(&self) -> Option<Violation> {
        let exchanges = self.verdict.exchanges;
        (exchanges > usize::from(MAX_EXCHANGES))
            .then(|| Violation { property: Property::Safe, story: format!("{exchanges} exchanges") })
    }

    /// Whether something authenticated was changed.
    fn breaks(&self) -> bool {
        let signed = |touch: &Touch| touch.breaks && self.labels(touch).any(Label::is_signed);
        self.change.must_fail || self.change.touched.iter().any(signed)
    }

    fn labels<'t>(&'t self, touch: &'t Touch) -> impl Iterator<Item = Label> + 't {
        touch.range.clone().map(|at| self.baseline.labels.of(touch.side, touch.event, at))
    }

    fn sound(&self) -> Option<Violation> {
        if !self.breaks() {
            return None;
        }
        // A transaction that ends before its last signature is read has not taken that one for good.
        let all = self.verdict.signatures >= self.baseline.verdict.signatures;
        match (self.verdict.oda, self.verdict.rank) {
            (Oda::Succeeded, rank) if all || rank > Rank::Declined => {
                self.violation(Property::Sound, "authentication succeeded".to_owned())
            }
            (_, Rank::Offline) => self.violation(Property::Sound, "approved offline".to_owned()),
            _ => None,
        }
    }

    /// The fields that were changed, and those that come after a changed tag or length, which are read otherwise then.
    fn fields(&self) -> &BTreeSet<String> {
        self.fields.get_or_init(|| self.changed_fields())
    }

    fn changed_fields(&self) -> BTreeSet<String> {
        let touched = self.change.touched.iter().flat_map(|touch| {
            let fields = fields_of(self.baseline, touch);
            let end = if self.shifts(touch) { fields.len() - 2 } else { touch.range.end };
            (touch.range.start..end).filter_map(move |at| fields.get(at).cloned())
        });
        touched.chain(self.change.fields.iter().cloned()).collect()
    }

    /// Whether what follows stands elsewhere, or is something else.
    fn shifts(&self, touch: &Touch) -> bool {
        let Some((_, response)) = self.baseline.exchange(touch.event) else { return false };
        if touch.side == Side::Command || touch.range.start + 2 >= response.len() {
            return false;
        }
        let lengthened =
            self.change.responses.iter().any(|(at, new)| *at == touch.event && new.len() != response.len());
        let objects = tree::objects(&response[..response.len() - 2]);
        let in_header = |at: usize| objects.iter().any(|object| (object.raw.start..object.value.start).contains(&at));
        lengthened || touch.range.clone().any(in_header)
    }

    /// In what way it is more lenient than it was.
    fn upgrades(&self) -> Vec<Upgrade> {
        let (was, is) = (&self.baseline.verdict, self.verdict);
        let goes_on = is.rank > Rank::Declined;
        let ways = [
            (Upgrade::Outcome, is.rank > was.rank),
            (Upgrade::Cvm, goes_on && is.cvm < was.cvm),
            (Upgrade::Authentication, goes_on && is.rank >= was.rank && is.proof < was.proof),
        ];
        ways.into_iter().filter(|(_, is_so)| *is_so).map(|(way, _)| way).collect()
    }

    fn no_upgrade(&self) -> (Option<Violation>, Vec<usize>) {
        let upgrades = self.upgrades();
        if upgrades.is_empty() {
            return (None, Vec::new());
        }
        let (was, is) = (&self.baseline.verdict, self.verdict);
        let fields = self.fields();
        let lines = upgrades.iter().map(|way| self.judge.allowed.lines(was.kernel, fields, *way));
        let lines: Vec<Vec<usize>> = lines.collect();
        if lines.iter().all(|lines| !lines.is_empty()) && !(self.breaks() && is.rank == Rank::Offline) {
            return (None, lines.concat());
        }
        let fields = if fields.len() > 4 { format!("{} fields", fields.len()) } else { format!("{fields:?}") };
        let story = format!(
            "{upgrades:?}: {:?} {:?} {:?} from {:?} {:?} {:?} by {fields}",
            is.rank, is.cvm, is.proof, was.rank, was.cvm, was.proof
        );
        (self.violation(Property::NoUpgrade, story), Vec::new())
    }

    fn differs(&self) -> bool {
        let (was, is) = (&self.baseline.verdict, self.verdict);
        (was.rank, was.decision, was.online, was.tvr) != (is.rank, is.decision, is.online, is.tvr)
    }

    fn explained(&self, differs: bool) -> (Option<Violation>, Option<usize>) {
        if !differs || !self.outcome.log.findings.is_empty() {
            return (None, None);
        }
        let fields = self.fields();
        match self.judge.silent.line(self.baseline.verdict.kernel, fields) {
            Some(line) => (None, Some(line)),
            None => {
                (self.violation(Property::Explained, format!("it differs by {fields:?} and nothing says why")), None)
            }
        }
    }

    fn named(&self) -> bool {
        let fields = self.with_containers(self.fields().clone());
        let events: BTreeSet<usize> = self.change.touched.iter().map(|touch| touch.event).collect();
        let exchanges = numbers(self.baseline, &events);
        let names = |evidence: &Evidence| names(evidence, &fields, &exchanges);
        self.outcome.log.findings.iter().flat_map(|finding: &Finding| &finding.evidence).any(names)
    }

    fn unnamed(&self) -> String {
        let field = self
            .change
            .touched
            .first()
            .and_then(|touch| fields_of(self.baseline, touch).get(touch.range.start).cloned());
        let reasons: Vec<_> = self.outcome.log.findings.iter().map(|finding| finding.reason.id()).collect();
        format!("{} {}: {}", self.baseline.verdict.kernel, field.unwrap_or_default(), reasons.join(" "))
    }

    /// With what the fields are checked by: certificates for what stands beside them and for the static data.
    fn with_containers(&self, mut fields: BTreeSet<String>) -> BTreeSet<String> {
        let containers = [("92", "90"), ("9F32", "90"), ("9F48", "9F46"), ("9F47", "9F46"), ("template", "70")];
        for (part, container) in containers {
            if fields.contains(part) {
                fields.insert(container.to_owned());
            }
        }
        for label in self.change.touched.iter().flat_map(|touch| self.labels(touch)) {
            let seal = match label {
                Label::IccCertificate => "9F46",
                Label::Ssad => "93",
                _ => continue,
            };
            fields.extend([seal, STATIC_DATA].map(str::to_owned));
        }
        fields
    }

    fn honest(&self) -> Option<Violation> {
        let (was, is) = (&self.baseline.verdict, self.verdict);
        if !is.decided || !was.decided || is.rank == Rank::Declined {
            return None;
        }
        let lost = self.judge.feeds.lost(was.tvr, is.tvr);
        let fields = self.fields();
        let unfed: Vec<_> = lost.into_iter().filter(|bit| !self.judge.feeds.feeds(*bit, fields)).collect();
        (!unfed.is_empty())
            .then(|| Violation { property: Property::Honest, story: format!("TVR {unfed:?} lost by {fields:?}") })
    }

    fn determined(&self) -> Option<Violation> {
        let again = engine::run(self.baseline, self.change)?;
        let same = format!("{again:?}") == format!("{:?}", self.outcome);
        (!same)
            .then(|| Violation { property: Property::Determined, story: "another outcome the second time".to_owned() })
    }

    /// Which PIN a hardened terminal takes is another question: no PIN in the clear may be none at all.
    fn hardened(&self) -> Option<Violation> {
        let outcome = engine::run_on(self.baseline, &self.baseline.hardened, self.change)?;
        let (was, is) = (self.verdict.rank, Verdict::of(&outcome).rank);
        (is > was).then(|| Violation { property: Property::Hardened, story: format!("{was:?}, and hardened {is:?}") })
    }
}

/// The exchanges as findings number them.
fn numbers(baseline: &Baseline, events: &BTreeSet<usize>) -> BTreeSet<u16> {
    let numbered = (1..).zip(baseline.exchanges());
    numbered.filter(|(_, (event, ..))| events.contains(event)).map(|(number, _)| number).collect()
}

/// The field of each byte of what `touch` is about.
fn fields_of<'a>(baseline: &'a Baseline, touch: &Touch) -> &'a [String] {
    baseline.fields.at(touch.event, touch.side)
}

/// Whether the evidence is about a changed field or the exchange it came in.
fn names(evidence: &Evidence, fields: &BTreeSet<String>, exchanges: &BTreeSet<u16>) -> bool {
    let place = &evidence.place;
    if evidence.fact == Fact::StaticData && fields.contains(STATIC_DATA) {
        return true;
    }
    let is_field = |tag: Tag| fields.contains(&tag.to_string());
    let value = |value: &Option<Value>| match value {
        Some(Value::Tag(tag)) => is_field(*tag),
        Some(Value::Tags(tags)) => tags.iter().any(|tag| is_field(*tag)),
        _ => false,
    };
    place.tag.is_some_and(is_field)
        || place.exchange.is_some_and(|exchange| exchanges.contains(&exchange))
        || value(&evidence.expected)
        || value(&evidence.found)
}
