//! What the recording of a tap tells about the reader that made it.

use alloc::vec::Vec;
use core::time::Duration;

use apdu::{
    Bits, Dol, Tag,
    dictionary::Context,
    tag::{self, k2, k3},
    tlv,
    value::{Ttq, ttq, tvr},
};

use super::{Recovered, Seen};
use crate::{
    contactless::{Combination, Contactless, KernelId},
    terminal::Terminal,
};

/// EXCHANGE RELAY RESISTANCE DATA and COMPUTE CRYPTOGRAPHIC CHECKSUM: no card with contacts knows them.
const RELAY_RESISTANCE: u8 = 0xEA;
const CHECKSUM: u8 = 0x2A;
const RECOVER_AC: u8 = 0xD0;

/// A limit no amount is above.
const NO_LIMIT: [u8; 6] = [0x99; 6];

/// Whether the card was read through the air: the contactless directory, a command only taps have, or a cryptogram in the
/// answer to GET PROCESSING OPTIONS.
pub(super) fn is_tap(exchange: &Seen<'_>) -> bool {
    match exchange.ins() {
        apdu::command::ins::SELECT => exchange.data() == b"2PAY.SYS.DDF01",
        apdu::command::ins::GET_PROCESSING_OPTIONS => exchange.answer().is_some_and(is_answer_to_tap),
        RELAY_RESISTANCE | CHECKSUM => matches!(exchange.command, [0x80, ..]),
        _ => false,
    }
}

/// A cryptogram beside the profile, or the profile's bit for EMV mode, which only contactless kernels read.
fn is_answer_to_tap(answer: &[u8]) -> bool {
    let Some(Ok(template)) = tlv::Reader::strict(answer).next() else { return false };
    let value = |tag| tlv::find(template.value, tag).ok().flatten().map(|object| object.value);
    let profile = match template.tag {
        tag::RESPONSE_FORMAT_1_80 => Some(template.value),
        tag::RESPONSE_FORMAT_2_77 if value(tag::APPLICATION_CRYPTOGRAM_9F26).is_some() => return true,
        tag::RESPONSE_FORMAT_2_77 => value(tag::AIP_82),
        _ => None,
    };
    matches!(profile, Some([_, 0x80..=0xFF, ..]))
}

/// What a reader needs to take this card as the recorded one did: one combination, of the card's own AID, or of each that
/// was tried. `None` where there is no kernel for it.
pub(super) fn contactless(recovered: &Recovered, base: &Terminal, seen: &[Seen<'_>]) -> Option<Contactless> {
    let kernel = recovered.kernel()?;
    let names = recovered.names();
    let combinations = names.iter().map(|name| combination(name, kernel, (recovered, base, seen))).collect();
    Some(Contactless { combinations, ..Contactless::default() })
}

fn combination(
    name: &[u8],
    kernel: KernelId,
    (recovered, base, seen): (&Recovered, &Terminal, &[Seen<'_>]),
) -> Combination {
    let known = base.contactless.combinations.iter().find(|known| known.kernel == kernel);
    let mut combination = Combination::new(name, kernel);
    if let Some(known) = known {
        combination.data.clone_from(&known.data);
        combination.options = known.options.clone();
        combination.ttq = known.ttq;
    }
    match kernel {
        KernelId::C2 => data_of_kernel_2(recovered, seen, &mut combination.data),
        _ => qualifiers(recovered, &mut combination),
    }
    combination
}

/// Whether an application reads the terminal transaction qualifiers and answers them with a cryptogram, as those of
/// kernel 3 do, whatever its name.
pub(super) fn is_quick(pdol: Option<&[u8]>, answer: Option<&[u8]>) -> bool {
    let asks = || Dol::parse(pdol?).ok()?.entries().find(|entry| entry.tag == k3::TTQ_9F66);
    let Some(Ok(template)) = tlv::Reader::strict(answer.unwrap_or(&[])).next() else { return false };
    let cryptogram = tlv::find(template.value, tag::APPLICATION_CRYPTOGRAM_9F26).ok().flatten();
    template.tag == tag::RESPONSE_FORMAT_2_77 && cryptogram.is_some() && asks().is_some()
}

/// The kernel of this application.
pub(super) fn kernel(aid: &[u8]) -> Option<KernelId> {
    match Context::from_aid(aid) {
        Context::Mastercard => Some(KernelId::C2),
        Context::Visa => Some(KernelId::C3),
        Context::UnionPay => Some(KernelId::C7),
        _ => None,
    }
}

/// The terminal transaction qualifiers as they were sent, and the limits that made their second byte.
fn qualifiers(recovered: &Recovered, combination: &mut Combination) {
    let Some(sent) = recovered.data.array(k3::TTQ_9F66).map(Bits) else { return };
    let sent: Ttq = sent;
    combination.ttq = Some(sent);
    combination.cvm_limit = sent.has(ttq::CVM_REQUIRED).then_some(0);
    combination.floor_limit = sent.has(ttq::ONLINE_CRYPTOGRAM_REQUIRED).then_some(0);
    combination.zero_amount_offline = Some(!sent.has(ttq::ONLINE_CRYPTOGRAM_REQUIRED));
}

/// Kernel 2's data objects: what its commands show it is configured with, in place of what `data` assumes.
fn data_of_kernel_2(recovered: &Recovered, seen: &[Seen<'_>], data: &mut Vec<(Tag, Vec<u8>)>) {
    let mut put = |tag: Tag, value: &[u8]| {
        data.retain(|(known, _)| *known != tag);
        data.push((tag, value.to_vec()));
    };
    let results: Option<[u8; 3]> = recovered.data.array(tag::CVM_RESULTS_9F34);
    let on_device = matches!(results, Some([0x01, 0x00, 0x02] | [0x3F, 0x00, 0x02]));
    let verified = results.is_some_and(|[method, ..]| !matches!(method & 0x3F, 0x1F | 0x3F));
    let sent = |ins: u8| seen.iter().any(|exchange| exchange.ins() == ins);
    let mag_stripe = sent(CHECKSUM) || passes_over_mag_stripe_file(recovered, seen);
    let bits = [(on_device, 0x20), (sent(RELAY_RESISTANCE), 0x10), (!mag_stripe, 0x80)];
    let configuration: u8 = bits.iter().filter(|(set, _)| *set).map(|(_, mask)| mask).sum();
    put(k2::KERNEL_CONFIGURATION_DF811B, &[configuration]);
    if let Some([input, cvm, security]) = recovered.data.array(tag::TERMINAL_CAPABILITIES_9F33) {
        put(k2::CARD_DATA_INPUT_CAPABILITY_DF8117, &[input]);
        put(k2::CVM_CAPABILITY_REQUIRED_DF8118, &[cvm]);
        put(k2::CVM_CAPABILITY_NOT_REQUIRED_DF8119, &[cvm]);
        put(k2::SECURITY_CAPABILITY_DF811F, &[security]);
    }
    let exceeded = recovered.had(tvr::FLOOR_LIMIT_EXCEEDED);
    put(k2::READER_FLOOR_LIMIT_DF8123, if exceeded { &[0; 6] } else { &NO_LIMIT });
    put(k2::CVM_REQUIRED_LIMIT_DF8126, if verified { &[0; 6] } else { &NO_LIMIT });
    // A reader that recovers torn transactions writes them down.
    let torn = |exchange: &Seen<'_>| exchange.ins() == apdu::command::ins::GENERATE_AC && exchange.response.is_none();
    let recovers = sent(RECOVER_AC) || seen.iter().any(torn);
    put(k2::TORN_RECORDS_DF811D, &[u8::from(recovers)]);
    put(k2::TRANSACTION_LIMIT_DF8124, &NO_LIMIT);
    put(k2::TRANSACTION_LIMIT_ON_DEVICE_CVM_DF8125, &NO_LIMIT);
}

/// A reader that supports mag-stripe mode does not read its file when it is in EMV mode (`EMV Contactless Book C-2, S3`).
fn passes_over_mag_stripe_file(recovered: &Recovered, seen: &[Seen<'_>]) -> bool {
    let listed = recovered.card.value(tag::AFL_94).is_some_and(|afl| afl.starts_with(&[0x08, 0x01, 0x01, 0x00]));
    let read = seen.iter().any(|exchange| exchange.command.starts_with(&[0x00, 0xB2, 0x01, 0x0C]));
    listed && !read
}

/// Files and numbers of the records that the AFL names and no signature covers (`EMV 4.4 Book 3, 10.2`).
pub(super) fn unsigned_records(recovered: &Recovered) -> Vec<(u8, u8)> {
    let (entries, _) = recovered.card.value(tag::AFL_94).unwrap_or(&[]).as_chunks::<4>();
    let unsigned = |[file, first, last, signed]: &[u8; 4]| {
        let file = file >> 3;
        (first.saturating_add(*signed)..=*last).map(move |number| (file, number))
    };
    entries.iter().flat_map(unsigned).collect()
}

/// A directory that lists the application a recording begins with, where it does not show the directory.
pub(super) fn directory_of(aid: &[u8]) -> Vec<u8> {
    let inside = |tag: Tag, value: &[u8]| {
        let mut object = Vec::new();
        tlv::write(&mut object, tag, value);
        object
    };
    let entry = inside(tag::APPLICATION_TEMPLATE_61, &inside(tag::ADF_NAME_4F, aid));
    let listed = inside(tag::FCI_ISSUER_DISCRETIONARY_DATA_BF0C, &entry);
    inside(tag::FCI_TEMPLATE_6F, &inside(tag::FCI_PROPRIETARY_TEMPLATE_A5, &listed))
}

/// A time for relay resistance that the card's own limits allow, where the recording tells none: its shortest, and what
/// the way there and back is expected to take.
pub(super) fn time_within(response: &[u8]) -> Duration {
    let [0x80, _, _, _, _, _, high, low, ..] = *response else { return Duration::ZERO };
    /// Units of 100 µs: the terminal's expected transmission times for command and response.
    const EXPECTED: u64 = 0x12 + 0x18;
    let shortest = u64::from(u16::from_be_bytes([high, low]));
    Duration::from_micros(shortest.saturating_add(EXPECTED).saturating_mul(100))
}
