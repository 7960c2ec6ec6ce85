//! Faults by name. The names are part of the format: they never change.

use apdu::Fault;

const NAMES: [(Fault, &str); 22] = [
    (Fault::ServiceDown, "service-down"),
    (Fault::NoReader, "no-reader"),
    (Fault::UnknownReader, "unknown-reader"),
    (Fault::Unplugged, "unplugged"),
    (Fault::Busy, "busy"),
    (Fault::NoPermission, "no-permission"),
    (Fault::Absent, "absent"),
    (Fault::Mute, "mute"),
    (Fault::Unpowered, "unpowered"),
    (Fault::BadAtr, "bad-atr"),
    (Fault::Reset, "reset"),
    (Fault::Removed, "removed"),
    (Fault::Protocol, "protocol"),
    (Fault::Transmission, "transmission"),
    (Fault::Timeout, "timeout"),
    (Fault::Cancelled, "cancelled"),
    (Fault::BufferShort, "buffer-short"),
    (Fault::Length, "length"),
    (Fault::Internal, "internal"),
    (Fault::RecordingEnds, "recording-ends"),
    (Fault::RecordingDiffers, "recording-differs"),
    (Fault::Unsupported, "unsupported"),
];

const OTHER: &str = "other ";

/// The name; of a fault with an interface's own code, `other` and the code.
pub(super) fn name(fault: Fault) -> String {
    let known = NAMES.iter().find(|(known, _)| *known == fault);
    match (known, fault) {
        (Some((_, name)), _) => (*name).to_owned(),
        (None, Fault::Other { code }) => format!("{OTHER}{code:08X}"),
        (None, _) => "internal".to_owned(),
    }
}

/// The fault of that name.
pub(super) fn fault(name: &str) -> Option<Fault> {
    if let Some(code) = name.strip_prefix(OTHER) {
        let code = if code.len() == 8 { u32::from_str_radix(code, 16).ok()? } else { return None };
        return Some(Fault::Other { code });
    }
    NAMES.iter().find(|(_, known)| *known == name).map(|(fault, _)| *fault)
}
