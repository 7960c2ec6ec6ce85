//! The fields of the personality as text.

use super::{Personality, RelayResistance, Storage};

/// Gives one field a value: `NAME:VALUE`.
pub(in crate::card) fn give(personality: &mut Personality, text: &str) -> Option<()> {
    let (name, value) = text.split_once(':')?;
    let bytes = || hex::decode(value).ok();
    let yes = value == "yes";
    match name {
        "emv-mode" => personality.emv_mode = yes,
        "on-device-cvm" => personality.on_device_cvm = yes,
        "relay" => personality.relay_resistance = Some(relay(value)?),
        "capabilities" => personality.capabilities = Some(bytes()?.try_into().ok()?),
        "third-party-data" => personality.third_party_data = Some(bytes()?),
        "interaction" => {
            let taps = value.split('/').map(|tap| <[u8; 3]>::try_from(hex::decode(tap).ok()?).ok());
            personality.interaction = taps.collect::<Option<_>>()?;
        }
        "recovery" => personality.recovery = Some(bytes()?),
        "stripe" => personality.stripe = yes,
        "track-1" => personality.track_1 = yes,
        "stored" => personality.storage.get_or_insert_with(Storage::default).data = Some(bytes()?),
        "broken-storage" => personality.storage.get_or_insert_with(Storage::default).broken = yes,
        _ => return None,
    }
    Some(())
}

/// `MINIMUM/MAXIMUM/TRANSMISSION/TAKES[/TAKES...]`, decimal.
fn relay(value: &str) -> Option<RelayResistance> {
    let numbers: Option<Vec<u16>> = value.split('/').map(|number| number.parse().ok()).collect();
    match numbers?.as_slice() {
        [minimum, maximum, transmission, takes @ ..] if !takes.is_empty() => Some(RelayResistance {
            minimum: *minimum,
            maximum: *maximum,
            transmission: *transmission,
            takes: takes.to_vec(),
        }),
        _ => None,
    }
}
