//! Finding the attempts in a recording.

use alloc::vec::Vec;

use apdu::command::ins;

use super::Seen;

/// Cuts a recording where a new attempt begins: at the first SELECT after an application was put to use.
pub(super) fn split<'s, 'a>(seen: &'s [Seen<'a>]) -> Vec<&'s [Seen<'a>]> {
    let mut attempts = Vec::new();
    let (mut start, mut begun, mut application) = (0, false, false);
    for (at, exchange) in seen.iter().enumerate() {
        let selects = exchange.ins() == ins::SELECT;
        if selects && begun {
            attempts.extend(seen.get(start..at));
            (start, begun, application) = (at, false, false);
        }
        application = if selects { is_application(exchange) } else { application };
        begun |= application && uses_application(exchange);
    }
    attempts.extend(seen.get(start..).filter(|rest| !rest.is_empty()));
    attempts
}

/// A payment application was selected, and not a directory.
fn is_application(select: &Seen<'_>) -> bool {
    select.answer().is_some() && !is_directory(select.data())
}

pub(super) fn is_directory(name: &[u8]) -> bool {
    matches!(name, b"1PAY.SYS.DDF01" | b"2PAY.SYS.DDF01")
}

/// Commands that begin a transaction. GET DATA may come before.
fn uses_application(exchange: &Seen<'_>) -> bool {
    matches!(
        exchange.ins(),
        ins::GET_PROCESSING_OPTIONS | ins::READ_RECORD | ins::GENERATE_AC | ins::INTERNAL_AUTHENTICATE | ins::VERIFY
    )
}
