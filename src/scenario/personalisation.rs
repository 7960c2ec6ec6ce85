//! What a scenario changes on a card before it is personalised: everything is signed as it stands then.

use toml::{Table, Value};
use vectors::{
    Profile,
    card::{Application, Decision},
    cryptogram::Kind,
    pki::KeySpec,
};

use crate::setup::SetupError;

const HEX: &str = "hexadecimal digits";

/// Applies `changes` to the card and to each of its applications.
///
/// # Errors
/// [`SetupError`] names the field that is unknown or wrong.
pub(super) fn apply(changes: &Table, profile: &mut Profile) -> Result<(), SetupError> {
    for (name, value) in changes {
        match name.as_str() {
            "atr" => profile.atr = bytes("atr", value)?,
            "directory-blocked" => {
                let directory = profile.directory.get_or_insert_default();
                directory.blocked = value.as_bool().unwrap_or(false);
            }
            _ => profile.applications.iter_mut().try_for_each(|application| change(application, name, value))?,
        }
    }
    Ok(())
}

fn change(application: &mut Application, name: &str, value: &Value) -> Result<(), SetupError> {
    let authentication = &mut application.authentication;
    match name {
        "expiration" => application.expiration = fixed("expiration", value)?,
        "effective" => application.effective = fixed("effective", value)?,
        "country" => application.country = fixed("country", value)?,
        "currency" => application.currency = fixed("currency", value)?,
        "usage" => application.usage = fixed("usage", value)?,
        "version-number" => application.version_number = fixed("version-number", value)?,
        "pdol" => application.pdol = bytes("pdol", value)?,
        "cdol1" => application.cdol1 = bytes("cdol1", value)?,
        "cdol2" => application.cdol2 = bytes("cdol2", value)?,
        "ddol" => application.ddol = some_bytes("ddol", value)?,
        "cvm-list" => application.cvm_list = some_bytes("cvm-list", value)?,
        "priority" => application.priority = Some(number("priority", value)?),
        "issuer-expiry" => authentication.issuer_expiry = fixed("issuer-expiry", value)?,
        "icc-expiry" => authentication.icc_expiry = fixed("icc-expiry", value)?,
        "authority" => [authentication.authority] = fixed("authority", value)?,
        "icc-key" => authentication.icc = key(number("icc-key", value)?),
        "sda" => authentication.sda = flag("sda", value)?,
        "dda" => authentication.dda = flag("dda", value)?,
        "cda" => authentication.cda = flag("cda", value)?,
        "aip-is-signed" => application.aip_is_signed = flag("aip-is-signed", value)?,
        "pin-tries-left" => application.pin_tries_left = number("pin-tries-left", value)?,
        "atc" => application.atc = number("atc", value)?,
        "last-online-atc" => application.last_online_atc = number("last-online-atc", value)?,
        "offline-limits" => {
            let [lower, upper] = fixed("offline-limits", value)?;
            application.offline_limits = Some((lower, upper));
        }
        "card-offline-limit" => application.card_offline_limit = Some(number("card-offline-limit", value)?),
        "action-codes" => application.action_codes = action_codes(value)?,
        "first" => application.first = decision("first", value)?,
        "second" => application.second = decision("second", value)?,
        "issuer-authentication-mandatory" => {
            application.issuer_authentication_mandatory = flag("issuer-authentication-mandatory", value)?;
        }
        _ => return Err(SetupError::value("personalisation", name, "a field that a card has")),
    }
    Ok(())
}

fn key(bytes: usize) -> KeySpec {
    KeySpec::new(&format!("icc-{}", bytes.saturating_mul(8)), bytes, 3)
}

fn text(field: &'static str, value: &Value) -> Result<String, SetupError> {
    value.as_str().map(str::to_owned).ok_or_else(|| SetupError::value(field, value.to_string(), "text in quotes"))
}

fn bytes(field: &'static str, value: &Value) -> Result<Vec<u8>, SetupError> {
    let text = text(field, value)?;
    hex::decode(text.replace(' ', "")).map_err(|_| SetupError::value(field, text, HEX))
}

fn some_bytes(field: &'static str, value: &Value) -> Result<Option<Vec<u8>>, SetupError> {
    let bytes = bytes(field, value)?;
    Ok((!bytes.is_empty()).then_some(bytes))
}

fn fixed<const N: usize>(field: &'static str, value: &Value) -> Result<[u8; N], SetupError> {
    let bytes = bytes(field, value)?;
    bytes.try_into().map_err(|_| SetupError::value(field, value.to_string(), "hexadecimal digits of the right number"))
}

fn number<T: TryFrom<i64>>(field: &'static str, value: &Value) -> Result<T, SetupError> {
    let number = value.as_integer().and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| SetupError::value(field, value.to_string(), "a number in range"))
}

fn flag(field: &'static str, value: &Value) -> Result<bool, SetupError> {
    value.as_bool().ok_or_else(|| SetupError::value(field, value.to_string(), "true or false"))
}

/// Denial, online and default, five bytes each; empty for a card without.
fn action_codes(value: &Value) -> Result<Option<[[u8; 5]; 3]>, SetupError> {
    let all = bytes("action-codes", value)?;
    if all.is_empty() {
        return Ok(None);
    }
    let codes: Vec<[u8; 5]> = all.chunks(5).filter_map(|code| code.try_into().ok()).collect();
    let codes = codes.try_into().map_err(|_| SetupError::value("action-codes", value.to_string(), "thirty digits"))?;
    Ok(Some(codes))
}

fn decision(field: &'static str, value: &Value) -> Result<Decision, SetupError> {
    let text = text(field, value)?;
    let wanted = || SetupError::value(field, &text, "as-asked, at-most KIND or always KIND, with aac, arqc or tc");
    let kind = |name: &str| match name {
        "aac" => Some(Kind::Aac),
        "arqc" => Some(Kind::Arqc),
        "tc" => Some(Kind::Tc),
        _ => None,
    };
    match text.split(' ').collect::<Vec<_>>().as_slice() {
        ["as-asked"] => Ok(Decision::AsAsked),
        ["at-most", name] => kind(name).map(Decision::AtMost).ok_or_else(wanted),
        ["always", name] => kind(name).map(Decision::Always).ok_or_else(wanted),
        _ => Err(wanted()),
    }
}
