//! The candidate list and who picks from it (`EMV 4.4 Book 1, 12.4`).

use alloc::{string::String, vec::Vec};

use apdu::{Card, tag, value::additional_terminal_capabilities::code_table};

use super::fci::Fci;
use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    point_of_sale::{Candidate, Message, PointOfSale},
    session::{Session, Stop},
    terminal::Terminal,
};

/// The applications card and terminal have in common.
#[derive(Debug, Default)]
pub struct Candidates {
    list: Vec<Candidate>,
    /// A blocked application matched: if nothing else does, that is the reason.
    pub(super) blocked: Option<Evidence>,
    /// Names the card showed and the terminal does not accept.
    pub(super) others: Vec<Vec<u8>>,
    /// Every SELECT was answered as an unknown command, the first one like this: this is no payment card.
    pub(super) select_unknown: Option<Evidence>,
    /// Something was picked and did not work.
    removed: bool,
}

/// What a directory entry or an FCI says about an application.
pub(super) struct Described<'a> {
    pub name: &'a [u8],
    pub label: Option<&'a [u8]>,
    pub preferred_name: Option<&'a [u8]>,
    pub code_table: Option<u8>,
    pub priority: Option<u8>,
}

impl<'a> Described<'a> {
    pub fn from_fci(fci: &Fci<'a>) -> Self {
        Self {
            name: fci.df_name,
            label: fci.value(tag::APPLICATION_LABEL_50),
            preferred_name: fci.value(tag::APPLICATION_PREFERRED_NAME_9F12),
            code_table: first(fci.value(tag::ISSUER_CODE_TABLE_INDEX_9F11)),
            priority: first(fci.value(tag::APPLICATION_PRIORITY_INDICATOR_87)),
        }
    }
}

pub(super) fn first(value: Option<&[u8]>) -> Option<u8> {
    value.and_then(|value| value.first().copied())
}

impl Candidates {
    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What is left, highest priority first.
    pub fn list(&self) -> &[Candidate] {
        &self.list
    }

    /// The bytes it takes: the list twice, as the outcome keeps a copy, and the other names with the evidence they become.
    pub(super) fn footprint(&self) -> usize {
        let texts = |candidate: &Candidate| candidate.name.len().saturating_add(candidate.label.len());
        let listed = self.list.capacity().saturating_mul(size_of::<Candidate>());
        let listed = self.list.iter().map(texts).fold(listed, usize::saturating_add).saturating_mul(2);
        let each = size_of::<Vec<u8>>().saturating_add(size_of::<Evidence>());
        let others = self.others.capacity().saturating_mul(each);
        let others = self.others.iter().map(|name| name.len().saturating_mul(2)).fold(others, usize::saturating_add);
        listed.saturating_add(others)
    }

    /// Takes an application that matched; a name already there is not taken twice.
    pub(super) fn add(&mut self, terminal: &Terminal, parameters: usize, described: &Described<'_>) {
        if self.list.iter().any(|known| known.name == described.name) {
            return;
        }
        let indicator = described.priority.unwrap_or(0);
        self.list.push(Candidate {
            name: described.name.to_vec(),
            label: label(terminal, described),
            priority: indicator & 0x0F,
            needs_confirmation: indicator & 0x80 != 0,
            parameters,
        });
        // Stable: equal priorities keep the card's order; no priority comes last.
        self.list.sort_by_key(|candidate| if candidate.priority == 0 { u8::MAX } else { candidate.priority });
    }

    /// Removes an application that could not be used; when it was the last one, its reason ends the transaction.
    /// From here on none is used without the cardholder.
    ///
    /// # Errors
    /// [`Stop`] when nothing is left.
    pub fn drop_refused<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        name: &[u8],
        finding: Finding,
    ) -> Result<(), Stop> {
        self.list.retain(|candidate| candidate.name != name);
        self.removed = true;
        if self.list.is_empty() {
            return Err(session.stop(finding));
        }
        session.report(finding);
        session.point_of_sale.show(Message::TryAgain);
        Ok(())
    }

    /// Picks the next application to select.
    pub(super) async fn pick<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
    ) -> Result<Candidate, Stop> {
        let policy = session.terminal.selection;
        match self.list.as_slice() {
            [] => Err(session.stop(self.nothing_left(session.terminal))),
            [only] => {
                let only = only.clone();
                self.confirm(session, only).await
            }
            several if policy.menu => {
                let chosen = session.point_of_sale.choose_application(several).await;
                let chosen = chosen.and_then(|index| several.get(index)).cloned();
                chosen.ok_or_else(|| session.stop(Finding::new(Reason::SelCardholderRefused)))
            }
            _ => self.highest_priority(session).await,
        }
    }

    /// Without a menu: the highest priority that the cardholder confirms, or that needs no confirmation.
    async fn highest_priority<C: Card, P: PointOfSale>(
        &self,
        session: &mut Session<'_, C, P>,
    ) -> Result<Candidate, Stop> {
        let can_confirm = session.terminal.selection.confirmation;
        for candidate in &self.list {
            let ask = candidate.needs_confirmation;
            if !ask || (can_confirm && session.point_of_sale.confirm_application(candidate).await) {
                return Ok(candidate.clone());
            }
        }
        Err(session.stop(Finding::new(Reason::SelCardholderRefused)))
    }

    async fn confirm<C: Card, P: PointOfSale>(
        &self,
        session: &mut Session<'_, C, P>,
        candidate: Candidate,
    ) -> Result<Candidate, Stop> {
        let policy = session.terminal.selection;
        // After a failure of an application the cardholder picked or confirmed, no other may be taken silently.
        let ask = candidate.needs_confirmation || (self.removed && policy.menu);
        if !ask || (policy.confirmation && session.point_of_sale.confirm_application(&candidate).await) {
            return Ok(candidate);
        }
        let evidence = Evidence::found(Fact::ApplicationId, candidate.name.as_slice());
        Err(session.stop(Finding::new(Reason::SelCardholderRefused).with(evidence)))
    }

    fn nothing_left(&self, terminal: &Terminal) -> Finding {
        if let Some(blocked) = &self.blocked {
            return Finding::new(Reason::SelAppBlocked).with(blocked.clone());
        }
        if let Some(unknown) = &self.select_unknown {
            return Finding::new(Reason::CardNotPayment).with(unknown.clone());
        }
        let mut finding = Finding::new(Reason::SelNoCommonApp);
        for name in &self.others {
            finding = finding.with(Evidence::found(Fact::ApplicationId, name.as_slice()));
        }
        for application in &terminal.applications {
            finding = finding.with(Evidence::missing(Fact::ApplicationId, application.aid.as_slice()));
        }
        finding
    }
}

/// The terminal's application that `name` matches: equal, or starting with an AID that allows partial names; the
/// longest AID wins.
pub(super) fn matching(terminal: &Terminal, name: &[u8]) -> Option<usize> {
    let applications = terminal.applications.iter().enumerate();
    let matches = applications
        .filter(|(_, known)| name == known.aid.as_slice() || (known.partial && name.starts_with(&known.aid)));
    matches.max_by_key(|(_, known)| known.aid.len()).map(|(index, _)| index)
}

/// What to call an application: preferred name in an alphabet the terminal has, else label, else AID.
fn label(terminal: &Terminal, described: &Described<'_>) -> String {
    let table = described
        .code_table
        .filter(|index| code_table(*index).is_some_and(|bit| terminal.additional_capabilities.has(bit)));
    match (described.preferred_name, table, described.label) {
        (Some(name), Some(index), _) if !name.is_empty() => printable(name, index == 1),
        (_, _, Some(label)) if !label.is_empty() => printable(label, false),
        _ => described.name.iter().flat_map(|byte| hex_digits(*byte)).collect(),
    }
}

/// Characters a card sent, with everything that could control a display taken out. Only ISO 8859-1 is decoded beyond
/// the common character set; other alphabets show as the replacement character.
fn printable(text: &[u8], latin_1: bool) -> String {
    let shown = text.iter().filter(|byte| !matches!(byte, 0x00..=0x1F | 0x7F..=0x9F));
    shown.map(|byte| if byte.is_ascii() || latin_1 { char::from(*byte) } else { char::REPLACEMENT_CHARACTER }).collect()
}

fn hex_digits(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 0x0F].map(|nibble| char::from_digit(u32::from(nibble), 16).unwrap_or('?').to_ascii_uppercase())
}
