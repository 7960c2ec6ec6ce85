//! What a finding weighs once it is known what became of it: a contactless reader goes on to the next application, or to
//! another card, and only the end tells what the end was.

use apdu::Card;

use super::{Session, Stop};
use crate::{finding::Severity, point_of_sale::PointOfSale};

impl<C: Card, P: PointOfSale> Session<'_, C, P> {
    /// Raises the finding at this place to what ended the transaction.
    pub fn raise_to_fatal(&mut self, place: usize) -> Option<Stop> {
        let finding = self.log.findings.get_mut(place)?;
        finding.severity = Severity::Fatal;
        Some(Stop { reason: finding.reason })
    }

    /// What stopped something that could be done without is no end of the transaction.
    pub fn go_on_without(&mut self) {
        let last = self.log.findings.last_mut().filter(|finding| finding.severity == Severity::Fatal);
        last.into_iter().for_each(|finding| finding.severity = Severity::Degraded);
    }

    /// The place of what weighs most among the findings made since there were `before`; the last of equals.
    pub fn worst_since(&self, before: usize) -> Option<usize> {
        let findings = self.log.findings.iter().enumerate().skip(before);
        findings.max_by_key(|(_, finding)| finding.severity).map(|(place, _)| place)
    }
}
