//! One transaction in progress: the card, the point of sale, and everything seen so far.

mod bounds;
mod reply;
mod weigh;

use alloc::vec::Vec;
use core::time::Duration;

use apdu::{Bit, Card, Command, Fault, Octets, PinPadRequest, Presence, Tag, command::CommandError};

use crate::{
    contactless::outcome::L1,
    finding::{Evidence, Fact, Finding, Phase, Place, Reason, Severity},
    point_of_sale::PointOfSale,
    seeded::{Bug, bug},
    terminal::Terminal,
    transaction::Transaction,
};

use bounds::Spent;
pub use bounds::{MAX_EXCHANGES, MAX_KEPT};
pub use reply::Reply;

/// Hardly a purchase takes more.
const USUAL_EXCHANGES: usize = 24;

/// The flow cannot go on. The finding that says why is already among the session's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The fatal reason.
    pub reason: Reason,
}

/// One transaction: whom it talks to, what it is about, what it has seen.
pub struct Session<'a, C, P> {
    card: &'a mut C,
    /// People and hosts.
    pub point_of_sale: &'a mut P,
    /// The configuration.
    pub terminal: &'a Terminal,
    /// What is asked for.
    pub transaction: &'a Transaction,
    phase: Phase,
    log: Log,
    spent: Spent,
}

/// What a session has seen: the findings and the exchanges, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// Findings in the order they were made.
    pub findings: Vec<Finding>,
    /// Exchanges in order; number 1 is the first.
    pub exchanges: Vec<LoggedExchange>,
}

/// One exchange as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedExchange {
    /// Its number: from 1, or the one a recording has it under.
    pub number: u16,
    /// The phase it belongs to.
    pub phase: Phase,
    /// The command; of one that carries a PIN only the header and the length.
    pub command: Octets,
    /// The response with its status word; `None` when the card gave none.
    pub response: Option<Octets>,
    /// The time it took.
    pub elapsed: Duration,
}

impl<'a, C: Card, P: PointOfSale> Session<'a, C, P> {
    /// A session that has seen nothing.
    pub fn new(
        card: &'a mut C,
        point_of_sale: &'a mut P,
        terminal: &'a Terminal,
        transaction: &'a Transaction,
    ) -> Self {
        Self {
            card,
            point_of_sale,
            terminal,
            transaction,
            phase: Phase::Reset,
            log: Log::default(),
            spent: Spent::default(),
        }
    }

    /// The card's answer to reset.
    pub fn atr(&self) -> &[u8] {
        self.card.atr()
    }

    /// Whether the reader has its own PIN pad.
    pub fn has_pin_pad(&self) -> bool {
        self.card.has_pin_pad()
    }

    /// Enters the next box of the flow chart: what follows belongs to it.
    pub fn enter(&mut self, phase: Phase) {
        self.phase = phase;
    }

    /// The box the session is in.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// What has been seen.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Ends the session and gives what was seen.
    pub fn into_log(self) -> Log {
        self.log
    }

    /// Takes a finding while there is room; when there is none, the next step ends the transaction.
    pub fn report(&mut self, mut finding: Finding) {
        if bug(Bug::SayNothing) {
            return;
        }
        finding.phase = self.phase;
        if self.spent.has_room_for(&finding) {
            self.log.findings.push(finding);
        }
    }

    /// Takes a finding; one of the same reason gets its evidence instead.
    pub fn report_or_confirm(&mut self, mut finding: Finding) {
        match self.log.findings.iter_mut().find(|known| known.reason == finding.reason) {
            Some(known) if self.spent.has_room_for_evidence(&finding.evidence) => {
                known.evidence.append(&mut finding.evidence);
            }
            Some(_) => {}
            None => self.report(finding),
        }
    }

    /// Takes several findings.
    pub fn report_all(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.report(finding));
    }

    /// Looks again at the findings from the `since`-th on, now that more is known.
    pub(crate) fn revise(&mut self, since: usize, revise: impl Fn(Finding) -> Finding) {
        let later = self.log.findings.split_off(since.min(self.log.findings.len()));
        self.log.findings.extend(later.into_iter().map(revise));
    }

    /// Raises the severity of the findings that set a TVR bit, now that the bit has decided something.
    pub fn raise(&mut self, bit: Bit, severity: Severity) {
        let caused = self.log.findings.iter_mut().filter(|finding| finding.tvr == Some(bit));
        caused.for_each(|finding| finding.severity = finding.severity.max(severity));
    }

    /// Takes the finding that ends the transaction.
    pub fn stop(&mut self, finding: Finding) -> Stop {
        let reason = finding.reason;
        self.report(finding.fatal());
        Stop { reason }
    }

    /// Sends a command, keeps the exchange, and turns a missing answer into the end of the transaction.
    ///
    /// # Errors
    /// [`Stop`] when the card gave no answer or a bound of the transaction is reached.
    pub async fn transmit(&mut self, command: &Command) -> Result<Reply, Stop> {
        let answer = self.send(command).await?;
        self.keep(command.as_bytes(), command.is_secret(), answer)
    }

    /// Sends a command that may not have fitted, with what a misfit means.
    ///
    /// # Errors
    /// [`Stop`] as [`Session::transmit`], or with `misfit` when the command could not be built.
    pub async fn transmit_built(
        &mut self,
        command: Result<Command, CommandError>,
        misfit: Reason,
    ) -> Result<Reply, Stop> {
        match command {
            Ok(command) => self.transmit(&command).await,
            Err(_) => Err(self.stop(Finding::new(misfit))),
        }
    }

    /// Sends a command to a contactless card. An error of transmission is reported and given back.
    ///
    /// # Errors
    /// [`NoReply`].
    pub async fn exchange(&mut self, command: &Command) -> Result<Reply, NoReply> {
        let answer = self.send(command).await?;
        let none = match self.write_down(command.as_bytes(), command.is_secret(), answer) {
            Ok(reply) => return Ok(self.within_bounds().map(|()| reply)?),
            Err(none) => none,
        };
        let Some((error, reason)) = l1_error(none.fault) else {
            return Err(self.stop(unanswered(none.fault, none.exchange)).into());
        };
        self.report(finding_of(reason, none.fault, none.exchange));
        Err(NoReply::L1(error))
    }

    /// As [`Session::exchange`] for a command that may not have fitted, with what a misfit means.
    ///
    /// # Errors
    /// [`NoReply`].
    pub async fn exchange_built(
        &mut self,
        command: Result<Command, CommandError>,
        misfit: Reason,
    ) -> Result<Reply, NoReply> {
        match command {
            Ok(command) => self.exchange(&command).await,
            Err(_) => Err(self.stop(Finding::new(misfit)).into()),
        }
    }

    /// Switches the field on and waits for a card.
    ///
    /// # Errors
    /// [`Stop`] when the reader gives up.
    pub async fn activate(&mut self) -> Result<Presence, Stop> {
        self.card.activate().await.map_err(|fault| self.stop(unanswered(fault, 0)))
    }

    /// Switches the field off for `hold` units of 100 ms.
    ///
    /// # Errors
    /// [`Stop`] when the reader does not obey.
    pub async fn field_off(&mut self, hold: u8) -> Result<(), Stop> {
        let duration = Duration::from_millis(u64::from(hold).saturating_mul(100));
        self.card.field_off(duration).await.map_err(|fault| self.stop(unanswered(fault, 0)))
    }

    /// Asks the card for a data object it keeps outside its records (`EMV 4.4 Book 3, 6.5.7`). That the card does not give
    /// it is no error: then [`Reply::object`] is `None`.
    ///
    /// # Errors
    /// [`Stop`] as [`Session::transmit`].
    pub async fn get_data(&mut self, tag: Tag) -> Result<Reply, Stop> {
        self.transmit(&Command::get_data(u16::try_from(tag.number()).unwrap_or_default())).await
    }

    /// Lets the reader's PIN pad send VERIFY.
    ///
    /// # Errors
    /// [`Stop`] when there was no answer.
    pub async fn verify_on_pin_pad(&mut self, request: &PinPadRequest) -> Result<Reply, Stop> {
        self.check_budget()?;
        let answer = self.card.verify_on_pin_pad(request).await;
        self.keep(&[0x00, apdu::command::ins::VERIFY, 0x00, 0x80], true, answer)
    }

    async fn send(&mut self, command: &Command) -> Result<Result<apdu::Exchange, Fault>, Stop> {
        self.check_budget()?;
        let answer = self.card.transmit(command).await;
        answer.iter().for_each(|exchange| self.spent.time(exchange.elapsed));
        Ok(answer)
    }

    fn keep(&mut self, command: &[u8], secret: bool, answer: Result<apdu::Exchange, Fault>) -> Result<Reply, Stop> {
        let kept = self.write_down(command, secret, answer);
        let reply = kept.map_err(|none| self.stop(unanswered(none.fault, none.exchange)))?;
        self.within_bounds().map(|()| reply)
    }

    fn write_down(
        &mut self,
        command: &[u8],
        secret: bool,
        answer: Result<apdu::Exchange, Fault>,
    ) -> Result<Reply, Unanswered> {
        let ins = command.get(1).copied().unwrap_or_default();
        let sent = self.card.sent().cloned();
        let command = sent.as_ref().map_or(command, Command::as_bytes);
        let shown = if secret { command.get(..5).unwrap_or(command) } else { command };
        let (response, elapsed) = match &answer {
            Ok(exchange) => (Some(exchange.response.as_bytes().into()), exchange.elapsed),
            Err(_) => (None, Duration::ZERO),
        };
        let exchange = u16::try_from(self.log.exchanges.len().saturating_add(1)).unwrap_or(u16::MAX);
        let (phase, command) = (self.phase, shown.into());
        let logged = LoggedExchange { number: exchange, phase, command, response, elapsed };
        self.spent.exchange(&logged);
        if self.log.exchanges.is_empty() {
            self.log.exchanges.reserve(USUAL_EXCHANGES);
        }
        self.log.exchanges.push(logged);
        match answer {
            Ok(answer) => Ok(Reply { response: answer.response, exchange, ins, elapsed, sent }),
            Err(fault) => Err(Unanswered { fault, exchange }),
        }
    }
}

/// A command that got no answer.
struct Unanswered {
    fault: Fault,
    exchange: u16,
}

fn unanswered(fault: Fault, exchange: u16) -> Finding {
    finding_of(reason_of(fault), fault, exchange)
}

fn finding_of(reason: Reason, fault: Fault, exchange: u16) -> Finding {
    let evidence = match fault {
        Fault::Other { code } => Evidence::found(Fact::ReaderCode, code),
        _ => Evidence::found(Fact::ReaderCode, reason.id()),
    };
    Finding::new(reason).with(evidence.at(Place::exchange(exchange)))
}

/// Why a contactless card gave no answer that the flow could go on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoReply {
    /// An error of transmission: the flow decides what to do about it.
    L1(L1),
    /// The transaction cannot go on at all.
    Stop(Stop),
}

impl From<Stop> for NoReply {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// What a fault is to a contactless reader, when the card or the air is to blame (`EMV Contactless Book D, 10`).
const fn l1_error(fault: Fault) -> Option<(L1, Reason)> {
    Some(match fault {
        Fault::Timeout | Fault::Mute | Fault::Absent => (L1::TimeOut, Reason::L1Timeout),
        Fault::Removed => (L1::TimeOut, Reason::CardRemovedEarly),
        Fault::Transmission => (L1::Transmission, Reason::L1Transmission),
        Fault::Protocol | Fault::Length => (L1::Protocol, Reason::L1Protocol),
        _ => return None,
    })
}

/// The reason behind a missing answer (`diagnosis` catalogue, PC/SC codes).
pub const fn reason_of(fault: Fault) -> Reason {
    match fault {
        Fault::ServiceDown => Reason::ReaderServiceDown,
        Fault::NoReader => Reason::ReaderNone,
        Fault::UnknownReader => Reason::ReaderUnknownName,
        Fault::Unplugged => Reason::ReaderUnplugged,
        Fault::Busy => Reason::ReaderBusy,
        Fault::NoPermission => Reason::ReaderPermission,
        Fault::Absent => Reason::CardAbsent,
        Fault::Mute => Reason::CardNoAtr,
        Fault::Unpowered => Reason::CardUnpowered,
        Fault::BadAtr => Reason::CardAtrInvalid,
        Fault::Reset => Reason::CardResetByOther,
        Fault::Removed => Reason::CardRemoved,
        Fault::Protocol => Reason::ReaderProtocolMismatch,
        Fault::Transmission => Reason::TransportError,
        Fault::Timeout => Reason::TransportTimeout,
        Fault::Cancelled => Reason::UserCancelled,
        Fault::BufferShort => Reason::ReaderBufferShort,
        Fault::Length => Reason::TransportLengthMismatch,
        Fault::RecordingEnds => Reason::TransportTraceIncomplete,
        Fault::RecordingDiffers => Reason::TransportTraceDiffers,
        _ => Reason::ReaderInternal,
    }
}
