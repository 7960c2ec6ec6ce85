//! The dates on which what has expired, or is not yet good, is good.

use alloc::vec::Vec;

use apdu::{Tag, tag, value::date::Date};

use super::{
    Change, Counterfactual,
    case::{Case, Setting},
    question::Question,
    rerun::{Followed, Goal},
};
use crate::{
    finding::{Certainty, Fact, Phase, Reason, Value},
    oda::report::Certificate,
};

/// CA key, issuer's certificate and card's: each can bring the last day forward once.
const DEEPEST_CHAIN: usize = 4;

const REASONS: [Reason; 5] = [
    Reason::OdaCapkExpired,
    Reason::OdaIssuerCertExpired,
    Reason::OdaIccCertExpired,
    Reason::RestrictExpired,
    Reason::RestrictNotEffective,
];

/// Days, both ends included.
#[derive(Clone, Copy)]
struct Days {
    from: Option<Date>,
    to: Option<Date>,
}

impl Days {
    fn until(self, last: Option<Date>) -> Self {
        Self { to: self.to.into_iter().chain(last).min(), ..self }
    }

    /// The day nearest to `today`; `None` when there is none at all.
    fn nearest(self, today: Date) -> Option<Date> {
        let after = self.from.map_or(today, |from| from.max(today));
        let day = self.to.map_or(after, |to| to.min(after));
        self.from.is_none_or(|from| from <= day).then_some(day)
    }

    fn change(self) -> Change {
        Change::Date { from: self.from, to: self.to }
    }
}

pub(super) fn search(question: &Question<'_>) -> Vec<Counterfactual> {
    let own = REASONS.contains(&question.reason()).then(|| own(question)).flatten();
    own.map(|(days, step, check)| answer(question, days, step, check)).into_iter().collect()
}

/// The days on which this check alone passes.
fn own(question: &Question<'_>) -> Option<(Days, Option<Certificate>, Fact)> {
    let until = |to| Days { from: None, to: Some(to) };
    let card = question.case;
    match question.reason() {
        Reason::RestrictExpired => {
            Some((until(date(card, tag::APPLICATION_EXPIRATION_DATE_5F24)?), None, Fact::ExpirationDate))
        }
        Reason::RestrictNotEffective => {
            let from = date(card, tag::APPLICATION_EFFECTIVE_DATE_5F25)?;
            Some((Days { from: Some(from), to: None }, None, Fact::EffectiveDate))
        }
        Reason::OdaCapkExpired => Some((until(expiry(question)?), Some(Certificate::CaKey), Fact::ExpirationDate)),
        Reason::OdaIssuerCertExpired => {
            Some((until(expiry(question)?), Some(Certificate::Issuer), Fact::CertificateExpiry))
        }
        _ => {
            let is_for_pins = question.phase() == Phase::CardholderVerification
                && question.case.card().has(tag::ICC_PIN_CERTIFICATE_9F2D);
            let certificate = if is_for_pins { Certificate::IccPin } else { Certificate::Icc };
            Some((until(expiry(question)?), Some(certificate), Fact::CertificateExpiry))
        }
    }
}

fn date(case: &Case<'_>, tag: Tag) -> Option<Date> {
    case.card().array(tag).and_then(|yymmdd| Date::from_yymmdd(yymmdd).ok())
}

/// The expiry that the finding found.
fn expiry(question: &Question<'_>) -> Option<Date> {
    question.finding.evidence.iter().find_map(|evidence| match evidence.found {
        Some(Value::Date(date)) => Some(date),
        _ => None,
    })
}

/// The days on which everything passes, or else those on which this check does. A date that fits proves nothing: cards do
/// expire. That one date repairs several things which expire for themselves makes a wrong clock likely.
fn answer(question: &Question<'_>, own: Days, step: Option<Certificate>, check: Fact) -> Counterfactual {
    let joint = joint(question, own);
    let answer = question.answer(joint.unwrap_or(own).change(), step, check, joint.is_some());
    let several = joint.is_some() && failed(question.case) > 1;
    Counterfactual { certainty: if several { Certainty::Likely } else { Certainty::Hint }, ..answer }
}

/// How many different things have the wrong date.
fn failed(case: &Case<'_>) -> usize {
    let findings = &case.outcome.log.findings;
    REASONS.iter().filter(|reason| findings.iter().any(|finding| finding.reason == **reason)).count()
}

/// The days on which application and certificates are good together, if the rest of the chain is.
fn joint(question: &Question<'_>, own: Days) -> Option<Days> {
    let case = question.case;
    let goals = goals(question);
    let application = Days { from: date(case, tag::APPLICATION_EFFECTIVE_DATE_5F25), to: own.to };
    let mut days = application.until(date(case, tag::APPLICATION_EXPIRATION_DATE_5F24));
    for _ in 0..DEEPEST_CHAIN {
        let today = days.nearest(case.transaction.date)?;
        let setting = Setting { today, ..case.setting() };
        let followed: Vec<Followed> = goals.iter().map(|goal| case.follow(&setting, *goal)).collect::<Option<_>>()?;
        let recovered = followed.iter().flat_map(|followed| &followed.report.steps);
        days = days.until(recovered.filter_map(|step| step.recovered.expiry).min());
        if followed.iter().all(|followed| followed.passed) && days.nearest(today) == Some(today) {
            return Some(days);
        }
    }
    None
}

/// What has to pass on that day: the method agreed on, and the key for PINs where the finding is about it.
fn goals(question: &Question<'_>) -> Vec<Goal> {
    let method = question.case.method().map(Goal::Method);
    let pins = (question.phase() == Phase::CardholderVerification).then_some(Goal::PinKey);
    method.into_iter().chain(pins).collect()
}
