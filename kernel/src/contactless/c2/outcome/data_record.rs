//! Data record and discretionary data (`EMV Contactless Book C-2, Annex A`): what the terminal gets with an outcome.

use alloc::vec::Vec;

use apdu::{Tag, tag, tag::k2};

use crate::{
    contactless::{c2::mode::Mode, kernel::record},
    outcome::Outcome,
};

/// Data record (`FF8105`).
pub(in crate::contactless::c2) fn data_record(out: &Outcome, mode: Mode) -> Vec<(Tag, Vec<u8>)> {
    let tags = if mode == Mode::MagStripe { MAG_STRIPE_RECORD } else { RECORD };
    record(&out.card, &out.terminal, tags)
}

/// Discretionary data (`FF8106`).
pub(super) fn discretionary_data(out: &Outcome, mode: Mode) -> Vec<(Tag, Vec<u8>)> {
    let tags = if mode == Mode::MagStripe { MAG_STRIPE_DISCRETIONARY } else { DISCRETIONARY };
    record(&out.card, &out.terminal, tags)
}

const RECORD: &[Tag] = &[
    tag::AMOUNT_AUTHORISED_9F02,
    tag::AMOUNT_OTHER_9F03,
    tag::APPLICATION_CRYPTOGRAM_9F26,
    tag::APPLICATION_EXPIRATION_DATE_5F24,
    tag::AIP_82,
    tag::APPLICATION_LABEL_50,
    tag::PAN_5A,
    tag::PAN_SEQUENCE_NUMBER_5F34,
    tag::APPLICATION_PREFERRED_NAME_9F12,
    tag::ATC_9F36,
    tag::APPLICATION_USAGE_CONTROL_9F07,
    tag::APPLICATION_VERSION_TERMINAL_9F09,
    tag::CRYPTOGRAM_INFORMATION_DATA_9F27,
    tag::CVM_RESULTS_9F34,
    tag::DF_NAME_84,
    tag::IFD_SERIAL_NUMBER_9F1E,
    tag::ISSUER_APPLICATION_DATA_9F10,
    tag::ISSUER_CODE_TABLE_INDEX_9F11,
    tag::PAYMENT_ACCOUNT_REFERENCE_9F24,
    tag::TERMINAL_CAPABILITIES_9F33,
    tag::TERMINAL_COUNTRY_CODE_9F1A,
    tag::TERMINAL_TYPE_9F35,
    tag::TVR_95,
    tag::TRACK_2_EQUIVALENT_DATA_57,
    k2::TRANSACTION_CATEGORY_CODE_9F53,
    tag::TRANSACTION_CURRENCY_CODE_5F2A,
    tag::TRANSACTION_DATE_9A,
    tag::TRANSACTION_TYPE_9C,
    tag::UNPREDICTABLE_NUMBER_9F37,
];

const MAG_STRIPE_RECORD: &[Tag] = &[
    tag::APPLICATION_LABEL_50,
    tag::APPLICATION_PREFERRED_NAME_9F12,
    tag::DF_NAME_84,
    tag::ISSUER_CODE_TABLE_INDEX_9F11,
    k2::MAG_STRIPE_APPLICATION_VERSION_9F6D,
    tag::PAYMENT_ACCOUNT_REFERENCE_9F24,
    tag::TRACK_1_DATA_56,
    k2::TRACK_2_DATA_9F6B,
];

const DISCRETIONARY: &[Tag] = &[
    k2::APPLICATION_CAPABILITIES_INFORMATION_9F5D,
    tag::APPLICATION_CURRENCY_CODE_9F42,
    k2::BALANCE_BEFORE_AC_DF8104,
    k2::BALANCE_AFTER_AC_DF8105,
    k2::DS_SUMMARY_3_DF8102,
    k2::DS_SUMMARY_STATUS_DF810B,
    k2::ERROR_INDICATION_DF8115,
    k2::PRE_AC_PUT_DATA_STATUS_DF810F,
    k2::POST_AC_PUT_DATA_STATUS_DF810E,
    k2::THIRD_PARTY_DATA_9F6E,
    k2::TORN_RECORD_FF8101,
];

const MAG_STRIPE_DISCRETIONARY: &[Tag] = &[
    k2::APPLICATION_CAPABILITIES_INFORMATION_9F5D,
    k2::ERROR_INDICATION_DF8115,
    k2::THIRD_PARTY_DATA_9F6E,
    k2::DD_CARD_TRACK_1_DF812A,
    k2::DD_CARD_TRACK_2_DF812B,
];
