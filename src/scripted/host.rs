//! The issuer's host at the other end of the line: the software issuer, or a line that does not work.

use apdu::{tag, value::pan::Pan};
use kernel::{
    pin::{BlockFormat, OnlinePinBlock},
    point_of_sale::{Answer, Authorisation, AuthorisationRequest, Unable},
};
use serde::Deserialize;
use vectors::{
    Behaviour, Host,
    host::{Request, Response},
    issuer_keys::IssuerKeys,
    secret,
    symmetric::pin_block::{self, PinBlock},
};

/// What the line and the host do.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct HostScript {
    /// What the host does with a request whose cryptogram is right.
    pub behaviour: Behaviour,
    /// Why there is no answer, where there is none.
    pub unable: Option<NoAnswer>,
    /// Script templates in hexadecimal, in place of the host's.
    pub scripts: Option<String>,
    /// Issuer authentication data in hexadecimal, in place of the host's; empty is an object without a value.
    pub issuer_authentication_data: Option<String>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoAnswer {
    /// No network.
    NoLink,
    /// No connection to the host.
    NoConnection,
    /// The answer cannot be read.
    BadAnswer,
}

impl From<Behaviour> for HostScript {
    fn from(behaviour: Behaviour) -> Self {
        Self { behaviour, ..Self::default() }
    }
}

impl HostScript {
    /// The answer to a request that nobody checks: for cards whose issuer is not here.
    pub fn answer_unchecked(&self) -> Authorisation {
        let response_code = match self.behaviour {
            Behaviour::Silent => return Authorisation::Unable(Unable::NoAnswer),
            Behaviour::Decline(code) => code,
            Behaviour::Referral => *b"01",
            _ => *b"00",
        };
        Authorisation::Answered(Answer {
            response_code,
            issuer_authentication_data: None,
            scripts: Vec::new(),
            authorisation_code: None,
        })
    }
}

/// The software issuer behind a line.
#[derive(Clone, Debug)]
pub(super) struct IssuerHost {
    host: Host,
    script: HostScript,
    keys: IssuerKeys,
}

impl IssuerHost {
    pub(super) fn new(script: HostScript, pin: Option<&secret::Pin>) -> Self {
        let host = Host::new(script.behaviour);
        let host = match pin {
            Some(pin) => host.with_pin(pin.clone()),
            None => host,
        };
        Self { host, script, keys: IssuerKeys::test() }
    }

    pub(super) fn authorise(&mut self, request: &AuthorisationRequest<'_>) -> Authorisation {
        match self.script.unable {
            Some(NoAnswer::NoLink) => return Authorisation::Unable(Unable::NoLink),
            Some(NoAnswer::NoConnection) => return Authorisation::Unable(Unable::NoConnection),
            Some(NoAnswer::BadAnswer) => return Authorisation::Unable(Unable::BadAnswer),
            None => {}
        }
        match self.host.authorise(&as_the_host_knows_it(request)) {
            Some(response) => Authorisation::Answered(self.answer(response)),
            None => Authorisation::Unable(Unable::NoAnswer),
        }
    }

    fn answer(&self, response: Response) -> Answer {
        let given = |hexadecimal: &Option<String>| hexadecimal.as_ref().and_then(|digits| hex::decode(digits).ok());
        let scripts = given(&self.script.scripts);
        let authentication = given(&self.script.issuer_authentication_data);
        Answer {
            response_code: response.code,
            issuer_authentication_data: authentication.or(response.issuer_authentication_data),
            scripts: scripts.unwrap_or(response.scripts),
            authorisation_code: response.authorisation_code.map(|code| code.to_vec()),
        }
    }

    /// What the PIN pad makes of a PIN for this issuer.
    pub(super) fn seal(
        &self,
        format: BlockFormat,
        pin: &secret::Pin,
        pan: &Pan,
        random: [u8; 8],
    ) -> Option<OnlinePinBlock> {
        let number = match format {
            BlockFormat::Format0 => 0,
            BlockFormat::Format3 => 3,
            BlockFormat::Format4 => 4,
        };
        let pan = secret::Pan::from_packed(&pan.to_padded()).ok()?;
        let bytes = match pin_block::seal(number, pin, &pan, &self.keys.pin, &self.keys.pin_aes, random)? {
            PinBlock::Format0(block) | PinBlock::Format3(block) => block.to_vec(),
            PinBlock::Format4(block) => block.to_vec(),
        };
        Some(OnlinePinBlock { format, bytes })
    }
}

fn as_the_host_knows_it(request: &AuthorisationRequest<'_>) -> Request {
    let mut values: vectors::dol::Values =
        request.chip_data.iter().map(|(tag, value)| (*tag, value.to_vec())).collect();
    values.insert(tag::PAN_5A, request.pan.to_padded().to_vec());
    if let Some(number) = request.sequence_number {
        values.insert(tag::PAN_SEQUENCE_NUMBER_5F34, vec![number]);
    }
    Request { values, pin: request.pin.and_then(received) }
}

fn received(block: &OnlinePinBlock) -> Option<PinBlock> {
    let bytes = block.bytes.as_slice();
    match block.format {
        BlockFormat::Format0 => bytes.try_into().ok().map(PinBlock::Format0),
        BlockFormat::Format3 => bytes.try_into().ok().map(PinBlock::Format3),
        BlockFormat::Format4 => bytes.try_into().ok().map(PinBlock::Format4),
    }
}
