//! The terminal's own data objects for one transaction: what data object lists are filled from.

use apdu::{
    Dol, Tag,
    dictionary::{Context, Source, lookup},
    tag,
    value::amount::Amount,
};

use alloc::vec::Vec;

use super::{ApplicationParameters, Terminal};
use crate::{
    finding::Place,
    store::{CardData, TerminalData},
    transaction::Transaction,
};

/// Everything known before the card is asked to start.
pub fn terminal_data(
    terminal: &Terminal,
    application: &ApplicationParameters,
    aid: &[u8],
    transaction: &Transaction,
    unpredictable_number: [u8; 4],
) -> TerminalData {
    let mut data = TerminalData::default();
    let mut put = |tag: Tag, value: &[u8]| data.put(tag, value, Place::default());
    put(tag::AMOUNT_AUTHORISED_9F02, &numeric(transaction.amount));
    put(tag::AMOUNT_OTHER_9F03, &numeric(transaction.amount_other));
    put(tag::AMOUNT_AUTHORISED_BINARY_81, &binary(transaction.amount));
    put(tag::AMOUNT_OTHER_BINARY_9F04, &binary(transaction.amount_other));
    put(tag::TRANSACTION_TYPE_9C, &[transaction.kind.code()]);
    put(tag::TRANSACTION_DATE_9A, &transaction.date.to_yymmdd());
    put(tag::TRANSACTION_TIME_9F21, &transaction.time.to_hhmmss());
    put(tag::TRANSACTION_SEQUENCE_COUNTER_9F41, &sequence_counter(transaction.sequence_counter));
    put(tag::UNPREDICTABLE_NUMBER_9F37, &unpredictable_number);
    put(tag::TERMINAL_COUNTRY_CODE_9F1A, &terminal.country);
    put(tag::TRANSACTION_CURRENCY_CODE_5F2A, &terminal.currency);
    put(tag::TRANSACTION_CURRENCY_EXPONENT_5F36, &[terminal.currency_exponent]);
    put(tag::TERMINAL_TYPE_9F35, &[terminal.terminal_type.0]);
    put(tag::TERMINAL_CAPABILITIES_9F33, &terminal.capabilities.0);
    put(tag::ADDITIONAL_TERMINAL_CAPABILITIES_9F40, &terminal.additional_capabilities.0);
    put(tag::TERMINAL_IDENTIFICATION_9F1C, &terminal.identification);
    put(tag::IFD_SERIAL_NUMBER_9F1E, &terminal.ifd_serial_number);
    put(tag::MERCHANT_IDENTIFIER_9F16, &terminal.merchant_identifier);
    put(tag::MERCHANT_CATEGORY_CODE_9F15, &terminal.merchant_category_code);
    put(tag::MERCHANT_NAME_AND_LOCATION_9F4E, terminal.merchant_name.as_bytes());
    put(tag::ACQUIRER_IDENTIFIER_9F01, &terminal.acquirer_identifier);
    put(tag::POS_ENTRY_MODE_9F39, &[POS_ENTRY_MODE_CHIP]);
    put(tag::AID_TERMINAL_9F06, aid);
    put(tag::APPLICATION_VERSION_TERMINAL_9F09, &application.version);
    put(tag::TERMINAL_FLOOR_LIMIT_9F1B, &application.floor_limit.to_be_bytes());
    if let Some(risk_management_data) = &application.risk_management_data {
        put(tag::TERMINAL_RISK_MANAGEMENT_DATA_9F1D, risk_management_data);
    }
    put(tag::TVR_95, &[0; 5]);
    put(tag::TSI_9B, &[0; 2]);
    data
}

/// POS entry mode of a card read by its contact chip (ISO 8583: 05).
const POS_ENTRY_MODE_CHIP: u8 = 0x05;

/// The values `dol` asks for: the terminal's own, and from `card` only what the dictionary says a card gives.
pub fn dol_values(dol: &Dol<'_>, terminal: &TerminalData, card: Option<&CardData>) -> Vec<u8> {
    let context = terminal.value(tag::AID_TERMINAL_9F06).map_or(Context::Emv, Context::from_aid);
    dol_values_in(context, dol, terminal, card)
}

/// As [`dol_values`], where a kernel and not the AID says what tags mean.
pub fn dol_values_in(context: Context, dol: &Dol<'_>, terminal: &TerminalData, card: Option<&CardData>) -> Vec<u8> {
    let mut values = Vec::with_capacity(dol.total_length());
    dol.fill_in(context, &mut values, |tag| {
        terminal.value(tag).or_else(|| {
            let from_card = lookup(tag, context).is_some_and(|entry| entry.source == Source::Card);
            card.filter(|_| from_card).and_then(|card| card.value(tag))
        })
    });
    values
}

/// Twelve digits hold at most 999,999,999,999 minor units; a larger amount is cut to that.
fn numeric(amount: u64) -> [u8; 6] {
    Amount::from_minor_units(amount).map_or([0x99; 6], Amount::to_numeric)
}

/// A binary amount holds at most 4,294,967,295 minor units; a larger one is cut to that.
fn binary(amount: u64) -> [u8; 4] {
    u32::try_from(amount).unwrap_or(u32::MAX).to_be_bytes()
}

/// The sequence counter as four bytes of digits.
fn sequence_counter(counter: u32) -> [u8; 4] {
    let [_, _, digits @ ..] = numeric(u64::from(counter % 100_000_000));
    digits
}
