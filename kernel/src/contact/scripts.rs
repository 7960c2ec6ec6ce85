//! Issuer-to-card scripts (`EMV 4.4 Book 3, 10.10`; Book 4, 6.3.9).

use alloc::vec::Vec;

use apdu::{
    Bit, Card, Command, Tag, tag, tlv,
    value::{Tsi, Tvr, tsi, tvr},
};

use crate::{
    consistency,
    finding::{Evidence, Fact, Finding, Phase, Reason},
    point_of_sale::PointOfSale,
    session::{Reply, Session, Stop},
    terminal::policy::Switch,
};

/// The scripts of one response must all fit this many bytes (`EMV 4.4 Book 3, 10.10`); longer ones are not sent.
pub const MAX_SCRIPTS: usize = 128;

/// The five bytes reported to the issuer for one script (`9F5B`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptResult {
    /// How it ended.
    pub end: ScriptEnd,
    /// Script identifier (`9F18`), zeros when the script has none.
    pub identifier: [u8; 4],
}

/// How a script ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptEnd {
    /// Nothing of it was sent.
    NotPerformed,
    /// This command, counted from 1, failed.
    Failed(u8),
    /// All commands were accepted.
    Successful,
}

impl ScriptResult {
    /// The five bytes.
    pub fn to_bytes(self) -> [u8; 5] {
        let first = match self.end {
            ScriptEnd::NotPerformed => 0x00,
            ScriptEnd::Failed(command) => 0x10 | command.min(0x0F),
            ScriptEnd::Successful => 0x20,
        };
        let [a, b, c, d] = self.identifier;
        [first, a, b, c, d]
    }
}

/// When scripts run: which template, which TVR bit and which reason speak of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Template `71`, before the second GENERATE AC.
    BeforeFinalAc,
    /// Template `72`, after it.
    AfterFinalAc,
}

impl When {
    pub(crate) const fn template(self) -> Tag {
        match self {
            Self::BeforeFinalAc => tag::ISSUER_SCRIPT_TEMPLATE_1_71,
            Self::AfterFinalAc => tag::ISSUER_SCRIPT_TEMPLATE_2_72,
        }
    }

    const fn bit(self) -> Bit {
        match self {
            Self::BeforeFinalAc => tvr::SCRIPT_FAILED_BEFORE_AC,
            Self::AfterFinalAc => tvr::SCRIPT_FAILED_AFTER_AC,
        }
    }

    const fn reason(self) -> Reason {
        match self {
            Self::BeforeFinalAc => Reason::Script71Failed,
            Self::AfterFinalAc => Reason::Script72Failed,
        }
    }

    const fn phase(self) -> Phase {
        match self {
            Self::BeforeFinalAc => Phase::ScriptsBefore,
            Self::AfterFinalAc => Phase::ScriptsAfter,
        }
    }
}

/// What the scripts of one kind did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scripts {
    /// TVR bits.
    pub tvr: Tvr,
    /// TSI bits.
    pub tsi: Tsi,
    /// One result for each script.
    pub results: Vec<ScriptResult>,
}

/// Runs the scripts of one kind out of everything the issuer sent.
///
/// # Errors
/// [`Stop`] when the card does not answer.
pub async fn run<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    when: When,
    received: &[u8],
) -> Result<Scripts, Stop> {
    session.enter(when.phase());
    let mut scripts = Scripts::default();
    let mut end = 0;
    for object in tlv::Reader::strict(received) {
        let script = match object {
            Ok(object) => object,
            // Both kinds are looked for in the same bytes: each reports what is broken of its own.
            Err(error) if when == owner(received, end) => {
                session.report(unreadable(received, error.offset).sets(when.bit()));
                scripts.fail(when, ScriptResult { end: ScriptEnd::NotPerformed, identifier: [0; 4] });
                break;
            }
            Err(_) => break,
        };
        end = script.offset.saturating_add(script.raw.len());
        if script.tag == when.template() {
            one(session, when, &script, end, &mut scripts).await?;
        }
    }
    Ok(scripts)
}

impl Scripts {
    fn fail(&mut self, when: When, result: ScriptResult) {
        self.tvr.set(when.bit());
        self.tsi.set(tsi::SCRIPT_PROCESSING_PERFORMED);
        self.results.push(result);
    }
}

/// Runs one script: its commands in order, until one fails.
async fn one<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    when: When,
    script: &tlv::Tlv<'_>,
    total: usize,
    scripts: &mut Scripts,
) -> Result<(), Stop> {
    let identifier = identifier(script.value);
    if total > MAX_SCRIPTS {
        let evidence = Evidence::compared(Fact::Length, MAX_SCRIPTS, total).in_tag(script.tag);
        session.report(Finding::new(Reason::ScriptTooLong).with(evidence));
        scripts.results.push(ScriptResult { end: ScriptEnd::NotPerformed, identifier });
        return Ok(());
    }
    let mut sent = 0_u8;
    for object in script.children() {
        let command = match command(object) {
            None => continue,
            Some(Ok(command)) => command,
            Some(Err(offset)) => {
                session.report(unreadable(script.value, offset).sets(when.bit()));
                let end = if sent == 0 { ScriptEnd::NotPerformed } else { ScriptEnd::Failed(sent.saturating_add(1)) };
                scripts.fail(when, ScriptResult { end, identifier });
                return Ok(());
            }
        };
        sent = sent.saturating_add(1);
        if !may_be_sent(session, &command, sent, identifier, Some(when.bit())) {
            scripts.fail(when, ScriptResult { end: ScriptEnd::Failed(sent), identifier });
            return Ok(());
        }
        let reply = session.transmit(&command).await?;
        if !matches!(reply.status().sw1(), 0x90 | 0x62 | 0x63) {
            session.report(failure(when, &reply, sent, identifier));
            scripts.fail(when, ScriptResult { end: ScriptEnd::Failed(sent), identifier });
            return Ok(());
        }
        session.report_all(block(&reply, &command));
    }
    scripts.tsi.set(tsi::SCRIPT_PROCESSING_PERFORMED);
    scripts.results.push(ScriptResult { end: ScriptEnd::Successful, identifier });
    Ok(())
}

/// Whether a command of a script goes to the card. One that no issuer sends is told; the policy keeps it back.
pub(crate) fn may_be_sent<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    command: &Command,
    number: u8,
    identifier: [u8; 4],
    bit: Option<Bit>,
) -> bool {
    let Some(unusual) = consistency::script::check(command, number, identifier) else { return true };
    let kept_back = session.terminal.policy.has(Switch::ScriptInstructionAllowList);
    let evidence = unusual.evidence.clone();
    session.report(unusual);
    if kept_back {
        session.report(Finding { evidence, tvr: bit, ..Finding::new(Reason::PolicyScriptCommand) });
    }
    !kept_back
}

/// Which kind of script starts at `offset`, when what starts there cannot be read. Anything that is not a template `72`
/// counts as the earlier kind.
fn owner(received: &[u8], offset: usize) -> When {
    let start = received.iter().skip(offset).find(|byte| **byte != 0x00);
    if start == Some(&0x72) { When::AfterFinalAc } else { When::BeforeFinalAc }
}

/// The command in an object of a script, or the offset of one that cannot be read; `None` for any other object.
pub(crate) fn command(object: Result<tlv::Tlv<'_>, tlv::Error>) -> Option<Result<Command, usize>> {
    match object {
        Ok(object) if object.tag == tag::ISSUER_SCRIPT_COMMAND_86 => {
            Some(Command::from_bytes(object.value).map_err(|_| object.offset))
        }
        Ok(_) => None,
        Err(error) => Some(Err(error.offset)),
    }
}

pub(crate) fn identifier(script: &[u8]) -> [u8; 4] {
    let object = tlv::find(script, tag::ISSUER_SCRIPT_IDENTIFIER_9F18).ok().flatten();
    object.and_then(|object| object.value.try_into().ok()).unwrap_or_default()
}

pub(crate) fn unreadable(bytes: &[u8], offset: usize) -> Finding {
    let evidence = Evidence::found(Fact::TlvError, bytes.len()).offset(offset);
    Finding::new(Reason::ScriptFormat).with(evidence)
}

pub(crate) fn failure(when: When, reply: &Reply, command: u8, identifier: [u8; 4]) -> Finding {
    let reason = match reply.status().0 {
        0x6988 | 0x6987 | 0x6982 | 0x9302 | 0x9406 => Reason::ScriptMacFailed,
        0x6882 => Reason::CardSecureMessagingUnsupported,
        _ => when.reason(),
    };
    Finding::new(reason)
        .sets(when.bit())
        .with(reply.evidence())
        .with(Evidence::found(Fact::ScriptCommand, command))
        .with(Evidence::found(Fact::ScriptIdentifier, identifier).in_tag(tag::ISSUER_SCRIPT_IDENTIFIER_9F18))
}

/// The issuer has blocked the card or the application with this command.
pub(crate) fn block(reply: &Reply, command: &Command) -> Option<Finding> {
    use apdu::command::ins::{APPLICATION_BLOCK, CARD_BLOCK};
    let blocks = matches!(command.ins(), APPLICATION_BLOCK | CARD_BLOCK) && reply.status().is_ok();
    blocks.then(|| Finding::new(Reason::ScriptCardBlocked).with(reply.evidence()))
}
