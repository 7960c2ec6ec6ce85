//! What the issuer sent, delivered to a card that is presented again (`EMV Contactless Book C-3, 6`). The transaction is
//! decided: nothing here changes that.

use apdu::{Card, Command, tlv};

use crate::{
    contact::scripts::{self, ScriptEnd, ScriptResult, When},
    contactless::{
        kernel::Exit,
        outcome::{OutcomeKind, TapOutcome},
    },
    finding::{Finding, Phase, Reason, Severity},
    outcome::Outcome,
    point_of_sale::{Answer, PointOfSale},
    session::{NoReply, Session},
};

/// Sends EXTERNAL AUTHENTICATE and the scripts. A card that leaves early has got what it got.
///
/// # Errors
/// [`Exit`] when the reader fails.
pub(super) async fn update<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    answer: &Answer,
) -> Result<TapOutcome, Exit> {
    session.enter(Phase::IssuerUpdate);
    match deliver(session, out, answer).await {
        Ok(()) | Err(NoReply::L1(_)) => Ok(TapOutcome::new(OutcomeKind::EndApplication)),
        Err(NoReply::Stop(stop)) => Err(stop.into()),
    }
}

async fn deliver<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    answer: &Answer,
) -> Result<(), NoReply> {
    if let Some(data) = &answer.issuer_authentication_data {
        let reply = session.exchange_built(Command::external_authenticate(data), Reason::IssuerAuthFailed).await?;
        if !reply.status().is_ok() {
            let finding = Finding::new(Reason::IssuerAuthFailed).severity(Severity::Info);
            session.report(finding.with(reply.evidence()));
        }
    }
    if let Some(Err(error)) = tlv::Reader::strict(&answer.scripts).find(Result::is_err) {
        session.report(scripts::unreadable(&answer.scripts, error.offset).severity(Severity::Info));
    }
    for when in [When::BeforeFinalAc, When::AfterFinalAc] {
        let objects = tlv::Reader::strict(&answer.scripts).map_while(Result::ok);
        for template in objects.filter(|object| object.tag == when.template()) {
            let identifier = scripts::identifier(template.value);
            let end = script(session, when, &template, identifier).await?;
            out.scripts.push(ScriptResult { end, identifier });
        }
    }
    Ok(())
}

/// Sends the commands of one script, until one fails.
async fn script<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    when: When,
    template: &tlv::Tlv<'_>,
    identifier: [u8; 4],
) -> Result<ScriptEnd, NoReply> {
    let mut sent = 0_u8;
    for command in template.children().filter_map(scripts::command) {
        let command = match command {
            Ok(command) => command,
            Err(offset) => {
                session.report(scripts::unreadable(template.value, offset).severity(Severity::Info));
                return Ok(if sent == 0 { ScriptEnd::NotPerformed } else { ScriptEnd::Failed(sent.saturating_add(1)) });
            }
        };
        sent = sent.saturating_add(1);
        if !scripts::may_be_sent(session, &command, sent, identifier, None) {
            return Ok(ScriptEnd::Failed(sent));
        }
        let reply = session.exchange(&command).await?;
        if !matches!(reply.status().sw1(), 0x90 | 0x62 | 0x63) {
            let failure = scripts::failure(when, &reply, sent, identifier);
            session.report(Finding { tvr: None, ..failure.severity(Severity::Info) });
            return Ok(ScriptEnd::Failed(sent));
        }
        session.report_all(scripts::block(&reply, &command));
    }
    Ok(ScriptEnd::Successful)
}
