//! Offline PIN processing (`EMV 4.4 Book 3, 10.5.1`).

use apdu::{Card, Command, PinPadRequest, tag, value::CvmResult, value::tvr};

use super::{
    enciphered_pin::{PinKeys, verify_enciphered},
    ended::{Ended, cancelled, pin_bypassed, pin_pad_failed, timed_out},
    policy::PinRules,
};
use crate::{
    finding::{Evidence, Fact, Finding, Reason, Severity},
    oda::IccKey,
    pin::Pin,
    point_of_sale::{Message, PinEntry, PinRequest, PointOfSale},
    session::{Reply, Session, Stop},
};

/// A card counts its tries in four bits: one that asks again and again has no counter.
const MAX_TRIES: u8 = 15;

/// P2 of VERIFY for a plaintext PIN.
const PLAINTEXT: u8 = 0x80;

/// Lets the card verify a PIN: in plaintext, or enciphered when there are `keys`.
pub(super) async fn offline_pin<C: Card, P: PointOfSale, K>(
    session: &mut Session<'_, C, P>,
    keys: Option<&mut PinKeys<K>>,
    rules: &mut PinRules,
) -> Result<Ended, Stop>
where
    K: FnOnce() -> Result<IccKey, alloc::vec::Vec<Finding>>,
{
    let counter = session.get_data(tag::PIN_TRY_COUNTER_9F17).await?;
    let tries_left = match counter.object(tag::PIN_TRY_COUNTER_9F17) {
        Some([tries]) => Some(*tries),
        _ => None,
    };
    let ended = (tries_left == Some(0)).then(|| blocked(session, tries(&counter, 0).in_tag(tag::PIN_TRY_COUNTER_9F17)));
    // A PIN the policy refuses may be one the card has blocked: that is told to whoever decides, under either policy.
    if let Some(ended) = rules.refusal(session, keys.is_some(), ended).or(ended) {
        return Ok(ended);
    }
    let key = match keys.map(|keys| keys.key(session)) {
        None => None,
        Some(Ok(key)) => Some(key),
        Some(Err(ended)) => return Ok(ended),
    };
    let mut request = PinRequest {
        tries_left,
        after_wrong_pin: false,
        enciphered: key.is_some(),
        reader_has_pin_pad: key.is_none() && session.has_pin_pad(),
        bypass_allowed: session.terminal.pin.bypass_allowed,
    };
    for _ in 0..MAX_TRIES {
        if let Some(ended) = rules.one_more(session) {
            return Ok(ended);
        }
        let tried = match one_try(session, &request, key).await? {
            Ok(tried) => tried,
            Err(ended) => return Ok(ended),
        };
        match answer(session, &tried)? {
            Answer::Ended(ended) => return Ok(ended),
            Answer::Again => {}
            Answer::Wrong(left) => {
                if let Some(ended) = stuck(session, rules, request.tries_left, left, &tried.reply) {
                    return Ok(ended);
                }
                request = PinRequest { tries_left: Some(left), after_wrong_pin: true, ..request };
            }
        }
    }
    Ok(blocked(session, Evidence::found(Fact::Limit, MAX_TRIES)))
}

/// What VERIFY came to, and whether the reader's PIN pad sent it.
struct Tried {
    reply: Reply,
    on_pin_pad: bool,
}

/// One PIN entered and verified; the inner error is a method that ends without VERIFY.
async fn one_try<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    request: &PinRequest,
    key: Option<&IccKey>,
) -> Result<Result<Tried, Ended>, Stop> {
    if request.tries_left == Some(1) {
        let evidence = Evidence::found(Fact::TriesLeft, 1_u8);
        session.report(Finding::new(Reason::PinLastTry).severity(Severity::Info).with(evidence));
        session.point_of_sale.show(Message::LastPinTry);
    }
    session.point_of_sale.show(Message::EnterPin);
    match session.point_of_sale.enter_pin(request).await {
        PinEntry::Entered(pin) => Ok(verify(session, pin, key).await?.map(|reply| Tried { reply, on_pin_pad: false })),
        PinEntry::OnReader if request.reader_has_pin_pad => {
            let reply = session.verify_on_pin_pad(&PinPadRequest::default()).await?;
            Ok(Ok(Tried { reply, on_pin_pad: true }))
        }
        PinEntry::Bypassed => pin_bypassed(session).map(Err),
        PinEntry::Cancelled => Err(cancelled(session, None)),
        PinEntry::TimedOut => Err(timed_out(session, None)),
        // Whoever leaves a PIN to a reader that cannot take it has no PIN pad.
        PinEntry::PinPadBroken | PinEntry::OnReader => Ok(Err(pin_pad_failed(session))),
    }
}

/// Sends VERIFY with a PIN, which is wiped when it is done.
async fn verify<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    pin: Pin,
    key: Option<&IccKey>,
) -> Result<Result<Reply, Ended>, Stop> {
    let block = pin.block_format_2();
    match key {
        Some(key) => verify_enciphered(session, &block, key).await,
        None => {
            let command = Command::verify(PLAINTEXT, block.as_slice());
            session.transmit_built(command, Reason::VerifySw).await.map(Ok)
        }
    }
}

/// What an answer to VERIFY leads to.
enum Answer {
    /// The method has ended.
    Ended(Ended),
    /// The PIN was wrong; so many tries are left, at least one.
    Wrong(u8),
    /// The PIN never reached the card.
    Again,
}

fn answer<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, tried: &Tried) -> Result<Answer, Stop> {
    let evidence = tried.reply.evidence();
    let status = tried.reply.status();
    match (status.0, status.tries_left()) {
        (0x9000, _) => {
            session.point_of_sale.show(Message::PinOk);
            Ok(Answer::Ended(Ended::Done(CvmResult::Successful)))
        }
        (0x6983 | 0x6984, _) => Ok(Answer::Ended(blocked(session, evidence))),
        (_, Some(left)) => Ok(wrong(session, tried, left)),
        (0x6400, _) if tried.on_pin_pad => Err(timed_out(session, Some(evidence))),
        (0x6401, _) if tried.on_pin_pad => Err(cancelled(session, Some(evidence))),
        (0x6403, _) if tried.on_pin_pad => {
            session.report(Finding::new(Reason::PinLengthOutOfRange).severity(Severity::Info).with(evidence));
            session.point_of_sale.show(Message::TryAgain);
            Ok(Answer::Again)
        }
        _ => Err(session.stop(Finding::new(Reason::VerifySw).with(evidence))),
    }
}

fn wrong<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, tried: &Tried, left: u8) -> Answer {
    let finding = Finding::new(Reason::PinWrong).with(tried.reply.evidence());
    session.report(finding.with(tries(&tried.reply, left)));
    session.point_of_sale.show(Message::IncorrectPin);
    match left {
        0 => Answer::Ended(blocked(session, tried.reply.evidence())),
        left => Answer::Wrong(left),
    }
}

/// A wrong PIN costs a try. A card that does not count lets anybody try all of them.
fn stuck<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    rules: &PinRules,
    before: Option<u8>,
    left: u8,
    reply: &Reply,
) -> Option<Ended> {
    let before = before.filter(|before| left >= *before)?;
    let evidence = Evidence::compared(Fact::TriesLeft, before.saturating_sub(1), left).at(reply.place());
    session.report_or_confirm(Finding::new(Reason::PinCounterStuck).severity(Severity::Info).with(evidence.clone()));
    rules.counter_stuck(session, evidence)
}

fn tries(reply: &Reply, left: u8) -> Evidence {
    Evidence::found(Fact::TriesLeft, left).at(reply.place())
}

/// The card takes no PIN any more: what was seen of that, and what it means for the transaction.
fn blocked<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, evidence: Evidence) -> Ended {
    session.report(Finding::new(Reason::PinBlocked).with(evidence.clone()));
    Ended::failed(session, Finding::new(Reason::CvmPtl).sets(tvr::PIN_TRY_LIMIT_EXCEEDED).with(evidence))
}
