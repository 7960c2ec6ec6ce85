//! Online processing and issuer authentication (`EMV 4.4 Book 3, 10.9`; Book 4, 6.3.8).

use alloc::vec::Vec;

use apdu::{
    Card, Command, Tag, tag,
    value::{Aip, Tsi, Tvr, aip, tsi, tvr},
};

use crate::{
    finding::{Evidence, Fact, Finding, Phase, Reason, Severity, Value},
    pin::OnlinePinBlock,
    point_of_sale::{Answer, Authorisation, AuthorisationRequest, PointOfSale, Unable},
    session::{Session, Stop},
    store::{CardData, TerminalData},
};

use super::read::Records;

/// The chip data an issuer gets, in the order of field 55.
pub(crate) const CHIP_DATA: [Tag; 21] = [
    tag::APPLICATION_CRYPTOGRAM_9F26,
    tag::CRYPTOGRAM_INFORMATION_DATA_9F27,
    tag::ISSUER_APPLICATION_DATA_9F10,
    tag::UNPREDICTABLE_NUMBER_9F37,
    tag::ATC_9F36,
    tag::TVR_95,
    tag::TRANSACTION_DATE_9A,
    tag::TRANSACTION_TYPE_9C,
    tag::AMOUNT_AUTHORISED_9F02,
    tag::TRANSACTION_CURRENCY_CODE_5F2A,
    tag::AIP_82,
    tag::TERMINAL_COUNTRY_CODE_9F1A,
    tag::AMOUNT_OTHER_9F03,
    tag::TERMINAL_CAPABILITIES_9F33,
    tag::CVM_RESULTS_9F34,
    tag::TERMINAL_TYPE_9F35,
    tag::IFD_SERIAL_NUMBER_9F1E,
    tag::DF_NAME_84,
    tag::APPLICATION_VERSION_TERMINAL_9F09,
    tag::TRANSACTION_SEQUENCE_COUNTER_9F41,
    tag::PAN_SEQUENCE_NUMBER_5F34,
];

/// How going online ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Online {
    /// The issuer approves.
    Approved(Answer),
    /// The issuer wants the attendant to ask; `approved` is how that ended.
    Referred {
        /// The issuer's answer.
        answer: Answer,
        /// What the attendant says.
        approved: bool,
    },
    /// The issuer declines.
    Declined(Answer),
    /// There is no answer.
    Unable(Unable),
    /// The terminal never goes online.
    OfflineOnly,
}

impl Online {
    /// The issuer's answer, if there is one.
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Approved(answer) | Self::Declined(answer) | Self::Referred { answer, .. } => Some(answer),
            Self::Unable(_) | Self::OfflineOnly => None,
        }
    }

    /// Whether the card is to be asked for a TC.
    pub fn approves(&self) -> bool {
        matches!(self, Self::Approved(_) | Self::Referred { approved: true, .. })
    }
}

/// Asks the issuer.
pub async fn go_online<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    card: &CardData,
    terminal: &TerminalData,
    records: &Records,
    pin: Option<&OnlinePinBlock>,
) -> Online {
    let request = AuthorisationRequest {
        chip_data: chip_data(card, terminal),
        pan: &records.pan,
        sequence_number: records.sequence_number,
        pin,
    };
    ask(session, &request).await
}

/// Sends the request, and understands the answer.
pub(crate) async fn ask<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    request: &AuthorisationRequest<'_>,
) -> Online {
    match session.point_of_sale.authorise(request).await {
        Authorisation::Unable(unable) => {
            session.report(no_answer(unable));
            Online::Unable(unable)
        }
        Authorisation::Answered(answer) => classify(session, answer).await,
    }
}

async fn classify<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, answer: Answer) -> Online {
    match &answer.response_code {
        b"00" | b"08" | b"10" | b"11" => return Online::Approved(answer),
        b"01" | b"02" => {
            let approved = session.point_of_sale.refer().await;
            if !approved {
                session.report(refusal(&answer));
            }
            return Online::Referred { answer, approved };
        }
        _ => session.report(refusal(&answer)),
    }
    Online::Declined(answer)
}

/// The reason behind an issuer's response code.
fn refusal(answer: &Answer) -> Finding {
    let reason = Reason::from_response_code(answer.response_code);
    let evidence =
        Evidence::found(Fact::ResponseCode, answer.response_code).in_tag(tag::AUTHORISATION_RESPONSE_CODE_8A);
    let finding = Finding::new(reason).severity(Severity::Decline).with(evidence);
    // The issuer's own reasons stay with the issuer.
    finding.certainty(crate::finding::Certainty::Hint)
}

fn no_answer(unable: Unable) -> Finding {
    let reason = match unable {
        Unable::NoLink => Reason::NetNoLink,
        Unable::NoConnection => Reason::NetConnectTimeout,
        Unable::NoAnswer => Reason::NetNoAnswer,
        Unable::BadAnswer => Reason::Host20InvalidResponse,
    };
    Finding::new(reason).with(Evidence::found(Fact::Question, Value::Word(unable.id())))
}

/// The chip data for the issuer (field 55), as far as they are there.
pub fn chip_data<'a>(card: &'a CardData, terminal: &'a TerminalData) -> Vec<(Tag, &'a [u8])> {
    let value = |tag: Tag| card.value(tag).or_else(|| terminal.value(tag));
    let mut data = Vec::with_capacity(CHIP_DATA.len());
    data.extend(CHIP_DATA.into_iter().filter_map(|tag| Some((tag, value(tag)?))));
    data
}

/// What issuer authentication adds to the verification results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IssuerAuthentication {
    /// TVR bits.
    pub tvr: Tvr,
    /// TSI bits.
    pub tsi: Tsi,
}

/// Lets the card check the issuer, when the card does that by EXTERNAL AUTHENTICATE and the issuer sent something to
/// check. A card that checks inside the second GENERATE AC gets the data there.
///
/// # Errors
/// [`Stop`] when the card does not answer.
pub async fn authenticate_issuer<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    profile: Aip,
    answer: &Answer,
) -> Result<IssuerAuthentication, Stop> {
    session.enter(Phase::IssuerAuthentication);
    let card_wants_it = profile.has(aip::ISSUER_AUTHENTICATION);
    let data = match &answer.issuer_authentication_data {
        Some(data) if card_wants_it => data,
        None if card_wants_it => {
            let missing = Evidence::missing(Fact::DataObject, tag::ISSUER_AUTHENTICATION_DATA_91);
            session.report(Finding::new(Reason::IssuerAuthMissing).with(missing));
            return Ok(IssuerAuthentication::default());
        }
        _ => return Ok(IssuerAuthentication::default()),
    };
    let reply = session.transmit_built(Command::external_authenticate(data), Reason::IssuerAuthFailed).await?;
    let performed = Tsi::ZERO.with(tsi::ISSUER_AUTHENTICATION_PERFORMED);
    if reply.status().is_ok() {
        return Ok(IssuerAuthentication { tvr: Tvr::ZERO, tsi: performed });
    }
    let sent = Evidence::found(Fact::IssuerAuthenticationData, data.as_slice());
    let finding = Finding::new(Reason::IssuerAuthFailed).sets(tvr::ISSUER_AUTHENTICATION_FAILED);
    let finding = finding.with(reply.evidence()).with(sent.in_tag(tag::ISSUER_AUTHENTICATION_DATA_91));
    session.report(finding);
    Ok(IssuerAuthentication { tvr: Tvr::ZERO.with(tvr::ISSUER_AUTHENTICATION_FAILED), tsi: performed })
}
