//! Terminal action analysis (`EMV Contactless Book C-2, 7.8, TAA`).

use apdu::{
    tag::{self, k2},
    value::{TerminalType, Tvr},
};

use super::configuration::TerminalStore;
use crate::{
    contact::analyse::{ActionAnalysis, ActionCodes, analyse as analyse_codes},
    outcome::Outcome,
    terminal::ApplicationParameters,
};

/// A card without action codes goes online on every bit but the two that only say whether relay resistance was there.
const ABSENT: Tvr = apdu::Bits([0xFF, 0xFF, 0xFF, 0xFF, 0xFC]);

/// Decides what the card is asked for.
pub(super) fn analyse(out: &Outcome) -> ActionAnalysis {
    let application = ApplicationParameters {
        tac_denial: out.terminal.bits(k2::TAC_DENIAL_DF8121),
        tac_online: out.terminal.bits(k2::TAC_ONLINE_DF8122),
        tac_default: out.terminal.bits(k2::TAC_DEFAULT_DF8120),
        ..ApplicationParameters::of(&out.aid)
    };
    let codes = ActionCodes::new(&application, &out.card).absent(ABSENT);
    analyse_codes(out.tvr, codes, TerminalType(out.terminal.byte(tag::TERMINAL_TYPE_9F35)))
}
