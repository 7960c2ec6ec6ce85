//! Integrated data storage (`EMV Contactless Book C-2, 3.6`): an operator keeps data on the card, which come and go with the
//! records and the cryptogram.

mod digest;

use alloc::vec::Vec;

use apdu::{
    Bit, Bits, Card, Dol, Tag, tag,
    tag::k2,
    value::{CryptogramType, Pan},
};

use super::{
    CONTEXT, Learned,
    configuration::TerminalStore,
    data_exchange::DataExchange,
    generate_ac::Asked,
    objects::{self, missing},
    outcome::Failure,
};
use crate::{
    contactless::outcome::L2,
    finding::{Evidence, Fact, Finding, Reason, Severity},
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
    terminal::data::dol_values_in,
};

/// IDS status (`DF8128`): read, write.
const READS: u8 = 0x80;
const WRITES: u8 = 0x40;
/// DS summary status (`DF810B`).
const READ_DONE: u8 = 0x80;
const WRITE_DONE: u8 = 0x40;

/// DS ODS info for reader (`DF810A`).
mod info_for_reader {
    use apdu::Bit;

    pub const USABLE_FOR_ARQC: Bit = Bit::new(1, 7);
    pub const USABLE_FOR_AAC: Bit = Bit::new(1, 6);
    pub const STOP_IF_NO_TERM: Bit = Bit::new(1, 3);
    pub const STOP_IF_WRITE_FAILED: Bit = Bit::new(1, 2);
}

/// Whether this tap is about stored data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Storage {
    /// They are read.
    pub reads: bool,
}

/// What is done with the cryptogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// Data are read only.
    Read,
    /// Data are written, with this cryptogram.
    Write(CryptogramType),
}

/// S1: whether the terminal has an operator's slot and the card knows of data storage.
pub(super) fn begin(out: &mut Outcome, exchange: &mut DataExchange) -> Storage {
    let wanted = out.terminal.given(k2::DSVN_TERM_DF810D).is_some()
        && out.terminal.given(k2::DS_REQUESTED_OPERATOR_ID_9F5C).is_some();
    if !wanted {
        return Storage::default();
    }
    send_all(out, exchange, &[k2::APPLICATION_CAPABILITIES_INFORMATION_9F5D, k2::DS_ID_9F5E]);
    let id = out.card.value(k2::DS_ID_9F5E).is_some_and(|id| !id.is_empty());
    let reads = matches!(version(out), 1 | 2) && id;
    out.terminal.set(k2::IDS_STATUS_DF8128, &[if reads { READS } else { 0 }]);
    Storage { reads }
}

/// Data storage version number of the card.
fn version(out: &Outcome) -> u8 {
    let capabilities = out.card.array::<3>(k2::APPLICATION_CAPABILITIES_INFORMATION_9F5D).unwrap_or_default();
    capabilities.first().copied().unwrap_or_default() & 0x0F
}

/// S3R1: what GET PROCESSING OPTIONS brought; without it nothing is read.
pub(super) fn take_slot(out: &mut Outcome, exchange: &mut DataExchange, storage: Storage) -> Storage {
    if !storage.reads {
        return storage;
    }
    let tags = [
        k2::DS_SLOT_AVAILABILITY_9F5F,
        k2::DS_SUMMARY_1_9F7D,
        k2::DS_UNPREDICTABLE_NUMBER_9F7F,
        k2::DS_SLOT_MANAGEMENT_CONTROL_9F6F,
        k2::DS_ODS_CARD_9F54,
        tag::UNPREDICTABLE_NUMBER_9F37,
    ];
    send_all(out, exchange, &tags);
    let has = |tag: Tag| out.card.value(tag).is_some_and(|value| !value.is_empty());
    let summary = has(k2::DS_SUMMARY_1_9F7D);
    let empty_slot = has(k2::DS_SLOT_AVAILABILITY_9F5F) && summary && has(k2::DS_UNPREDICTABLE_NUMBER_9F7F);
    let reads = if out.card.has(k2::DS_ODS_CARD_9F54) { summary } else { empty_slot };
    out.terminal.set(k2::IDS_STATUS_DF8128, &[if reads { READS } else { 0 }]);
    Storage { reads }
}

fn send_all(out: &Outcome, exchange: &mut DataExchange, tags: &[Tag]) {
    for tag in tags {
        if let Some(value) = out.card.value(*tag).or_else(|| out.terminal.value(*tag)) {
            exchange.send(*tag, value);
        }
    }
}

/// S456.5: the data are this card's own: the identifier is card number and sequence number.
pub(super) fn check_id(out: &Outcome, storage: Storage) -> Result<(), Failure> {
    let id = out.card.value(k2::DS_ID_9F5E).unwrap_or(&[]);
    if !storage.reads || identifier(out).as_deref() == Some(id) {
        return Ok(());
    }
    let evidence = Evidence::found(Fact::DataObject, k2::DS_ID_9F5E).at(out.card.place(k2::DS_ID_9F5E));
    Err(Failure::new(Finding::new(Reason::KIdsWrongCard).with(evidence), L2::CardDataError))
}

/// Digits of the card number, then those of the sequence number, filled on the left to eight bytes at least.
fn identifier(out: &Outcome) -> Option<Vec<u8>> {
    let pan = out.card.value(tag::PAN_5A).and_then(|value| Pan::from_compressed(value).ok())?;
    let [sequence] = out.card.array(tag::PAN_SEQUENCE_NUMBER_5F34).unwrap_or_default();
    let mut digits = pan.unmask().digits().to_vec();
    digits.extend([sequence >> 4, sequence & 0x0F]);
    let length = digits.len().div_ceil(2).max(8).saturating_mul(2);
    let mut filled: Vec<u8> = core::iter::repeat_n(0, length.saturating_sub(digits.len())).collect();
    filled.append(&mut digits);
    Some(filled.as_chunks::<2>().0.iter().map(|[high, low]| (high << 4) | low).collect())
}

/// GAC.3 to .10: whether the operator's data are written with the cryptogram that the action analysis wants.
pub(super) fn plan(out: &mut Outcome, cryptogram: CryptogramType) -> Result<Plan, Failure> {
    let list = out.card.value(k2::DSDOL_9F5B).is_some_and(|list| !list.is_empty());
    if out.terminal.given(k2::DS_ODS_INFO_DF62).is_none() || !list {
        return Ok(Plan::Read);
    }
    for tag in [k2::DS_AC_TYPE_DF8108, k2::DS_ODS_INFO_FOR_READER_DF810A] {
        if out.terminal.given(tag).is_none() {
            let evidence = Evidence::missing(Fact::DataObject, tag).in_tag(tag);
            return Err(Failure::new(Finding::new(Reason::KIdsDataMissing).with(evidence), L2::IdsDataError));
        }
    }
    let wanted = CryptogramType::from_bits(out.terminal.byte(k2::DS_AC_TYPE_DF8108));
    let plan = match chosen(out, cryptogram, wanted) {
        Some(plan) => plan,
        None => return Err(no_match(cryptogram, wanted)),
    };
    if plan != Plan::Read {
        out.terminal.set(k2::IDS_STATUS_DF8128, &[READS | WRITES]);
        digest::prepare(out, version(out));
    }
    Ok(plan)
}

fn chosen(out: &Outcome, cryptogram: CryptogramType, wanted: CryptogramType) -> Option<Plan> {
    let info: Bits<1> = out.terminal.bits(k2::DS_ODS_INFO_FOR_READER_DF810A);
    let usable = |kind, bit: Bit| cryptogram == kind && info.has(bit);
    let lower = wanted == CryptogramType::Arqc && cryptogram == CryptogramType::Tc;
    if wanted == CryptogramType::Aac || wanted == cryptogram || lower {
        return Some(Plan::Write(wanted));
    }
    if usable(CryptogramType::Aac, info_for_reader::USABLE_FOR_AAC)
        || usable(CryptogramType::Arqc, info_for_reader::USABLE_FOR_ARQC)
    {
        return Some(Plan::Write(cryptogram));
    }
    (!info.has(info_for_reader::STOP_IF_NO_TERM)).then_some(Plan::Read)
}

fn no_match(cryptogram: CryptogramType, wanted: CryptogramType) -> Failure {
    let evidence = Evidence::compared(Fact::CryptogramAsked, [wanted.bits()], [cryptogram.bits()]);
    let finding = Finding::new(Reason::KIdsNoMatchingAc).with(evidence.in_tag(k2::DS_AC_TYPE_DF8108));
    Failure::new(finding, L2::IdsNoMatchingAc)
}

/// The values of the DSDOL; the last one is as long as it is.
pub(super) fn values(out: &Outcome) -> Result<Vec<u8>, Failure> {
    let list = out.card.value(k2::DSDOL_9F5B).unwrap_or(&[]);
    let wrong = || objects::parsing(Evidence::found(Fact::DataObjectList, list).at(out.card.place(k2::DSDOL_9F5B)));
    let dol = Dol::parse(list).map_err(|_| wrong())?;
    let mut values = dol_values_in(CONTEXT, &dol, &out.terminal, Some(&out.card));
    let last = dol.entries().last().map(|entry| (usize::from(entry.length), entry.tag));
    if let Some((wanted, tag)) = last {
        let value = out.terminal.value(tag).or_else(|| out.card.value(tag)).unwrap_or(&[]);
        let start = values.len().saturating_sub(wanted);
        if value.len() < wanted {
            values.truncate(start);
            values.extend_from_slice(value);
        }
    }
    Ok(values)
}

/// Whether a summary of an earlier tap is still the card's.
pub(super) fn check_same_summary(out: &Outcome, torn: Option<&[u8]>) -> Result<(), Failure> {
    match torn {
        Some(torn) if out.card.value(k2::DS_SUMMARY_1_9F7D) != Some(torn) => {
            Err(read_failed(torn, out.card.value(k2::DS_SUMMARY_1_9F7D).unwrap_or(&[])))
        }
        _ => Ok(()),
    }
}

fn read_failed(expected: &[u8], found: &[u8]) -> Failure {
    let evidence = Evidence::compared(Fact::DataObject, expected, found).in_tag(k2::DS_SUMMARY_1_9F7D);
    Failure::new(Finding::new(Reason::KIdsRead).with(evidence), L2::IdsReadError)
}

/// S910: the summaries the card signed, `signed`, say whether reading and writing worked.
pub(super) fn check<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    out: &mut Outcome,
    learned: &Learned,
    asked: Asked,
    signed: &[u8],
) -> Result<(), Failure> {
    if !learned.storage.reads {
        return Ok(());
    }
    let first = out.card.value(k2::DS_SUMMARY_1_9F7D).unwrap_or(&[]).to_vec();
    let Some((second, third)) = signed.split_at_checked(first.len()).filter(|(second, _)| !second.is_empty()) else {
        return Err(missing(k2::DS_SUMMARY_2_DF8101));
    };
    out.terminal.set(k2::DS_SUMMARY_2_DF8101, second);
    if second != first {
        return Err(read_failed(&first, second));
    }
    out.terminal.set(k2::DS_SUMMARY_STATUS_DF810B, &[READ_DONE]);
    if !asked.writes {
        return Ok(());
    }
    if third.len() != first.len() {
        return Err(missing(k2::DS_SUMMARY_3_DF8102));
    }
    out.terminal.set(k2::DS_SUMMARY_3_DF8102, third);
    if third != second {
        out.terminal.set(k2::DS_SUMMARY_STATUS_DF810B, &[READ_DONE | WRITE_DONE]);
        return Ok(());
    }
    let evidence = Evidence::found(Fact::DataObject, third).in_tag(k2::DS_SUMMARY_3_DF8102);
    let finding = Finding::new(Reason::KIdsWrite).with(evidence);
    let info: Bits<1> = out.terminal.bits(k2::DS_ODS_INFO_FOR_READER_DF810A);
    if info.has(info_for_reader::STOP_IF_WRITE_FAILED) {
        return Err(Failure::new(finding, L2::IdsWriteError));
    }
    session.report(finding.severity(Severity::Degraded));
    Ok(())
}
