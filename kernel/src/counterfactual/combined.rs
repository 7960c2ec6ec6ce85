//! The signature of CDA over other data.

use alloc::vec::Vec;

use apdu::{Dol, command::ins, tag, tlv};

use super::{
    Change, Composition, Counterfactual, PdolPart,
    case::{Case, Sent},
    dynamic::other_sequence_numbers,
    question::Question,
};
use crate::{
    finding::{Fact, Phase, Place, Reason, Value},
    oda::{ChainReport, GenerateAc, IccKey, cda, report::Certificate},
};

/// More unpredictable numbers than this are not tried.
const MOST_NUMBERS: usize = 16;

/// A GENERATE AC with everything that goes into its signature.
#[derive(Clone)]
pub(super) struct Command<'a> {
    pub(super) sent: Sent<'a>,
    pub(super) pdol: &'a [u8],
    pub(super) first: &'a [u8],
    pub(super) first_place: Place,
    pub(super) second: Option<&'a [u8]>,
    list: Option<Dol<'a>>,
    pub(super) number: [u8; 4],
    pub(super) objects: &'a [u8],
}

impl<'a> Command<'a> {
    /// What the rule says was signed.
    pub(super) fn as_signed(&self) -> GenerateAc<'a> {
        GenerateAc {
            pdol_values: self.pdol,
            cdol1_values: self.first,
            cdol2_values: self.second,
            list: self.list,
            unpredictable_number: self.number,
            response: self.objects,
            place: self.sent.place(),
        }
    }
}

impl<'a> Case<'a> {
    /// The GENERATE AC of this phase, when the card was asked for a signature with it and did not decline.
    pub(super) fn generate_ac(&self, phase: Phase) -> Option<Command<'a>> {
        let sent = self.last(ins::GENERATE_AC, phase)?;
        let objects = sent.objects();
        let cid = tlv::find(objects, tag::CRYPTOGRAM_INFORMATION_DATA_9F27).ok().flatten()?.value.first()?;
        let signed = sent.header[2] & 0x10 != 0 && cid & 0xC0 != 0;
        let is_second = phase == Phase::SecondGenerateAc;
        let first = if is_second { self.last(ins::GENERATE_AC, Phase::FirstGenerateAc)? } else { sent };
        let list = if is_second { tag::CDOL2_8D } else { tag::CDOL1_8C };
        let list = self.card().value(list).and_then(|list| Dol::parse(list).ok());
        signed.then(|| Command {
            sent,
            pdol: self.pdol_values(),
            first: first.data,
            first_place: first.place(),
            second: is_second.then_some(sent.data),
            list,
            number: list.and_then(|list| number_in(&list, sent.data)).unwrap_or_default(),
            objects,
        })
    }

    /// Every unpredictable number that was sent anywhere, then zero; without `used`. With the exchange it was sent in.
    pub(super) fn other_numbers(&self, used: [u8; 4]) -> Vec<(Option<u16>, [u8; 4])> {
        let mut numbers: Vec<(Option<u16>, [u8; 4])> = Vec::new();
        let sent = self.exchanges().filter_map(|sent| Some((Some(sent.exchange), self.number_of(&sent)?)));
        let own = self.outcome.terminal.array(tag::UNPREDICTABLE_NUMBER_9F37).map(|number| (None, number));
        for (exchange, number) in sent.chain(own).chain([(None, [0; 4])]) {
            if number != used && !numbers.iter().any(|(_, known)| *known == number) && numbers.len() < MOST_NUMBERS {
                numbers.push((exchange, number));
            }
        }
        numbers
    }

    fn number_of(&self, sent: &Sent<'a>) -> Option<[u8; 4]> {
        let (list, data) = match (sent.ins(), sent.phase) {
            (ins::GET_PROCESSING_OPTIONS, _) => {
                let template = tlv::find(sent.data, tag::COMMAND_TEMPLATE_83).ok().flatten()?;
                (tag::PDOL_9F38, template.value)
            }
            (ins::INTERNAL_AUTHENTICATE, _) => (tag::DDOL_9F49, sent.data),
            (ins::GENERATE_AC, Phase::SecondGenerateAc) => (tag::CDOL2_8D, sent.data),
            (ins::GENERATE_AC, _) => (tag::CDOL1_8C, sent.data),
            _ => return None,
        };
        let default = || self.application().and_then(|application| application.default_ddol.as_deref());
        let list = self.card().value(list).or_else(|| default().filter(|_| list == tag::DDOL_9F49))?;
        number_in(&Dol::parse(list).ok()?, data)
    }
}

fn number_in(list: &Dol<'_>, data: &[u8]) -> Option<[u8; 4]> {
    data.get(list.range_of(tag::UNPREDICTABLE_NUMBER_9F37)?)?.try_into().ok()
}

pub(super) fn search(question: &Question<'_>) -> Vec<Counterfactual> {
    let with_cryptogram = matches!(question.phase(), Phase::FirstGenerateAc | Phase::SecondGenerateAc);
    let command = question.case.generate_ac(question.phase()).filter(|_| with_cryptogram);
    let try_all = match question.reason() {
        Reason::OdaSdadHash | Reason::OdaCdaUnMissing => numbers,
        Reason::OdaCdaTdhc => transaction_data,
        Reason::OdaCdaCidMismatch => decision,
        _ => return Vec::new(),
    };
    let Some((command, keys)) = command.and_then(|command| Some((command, question.case.keys()?))) else {
        return Vec::new();
    };
    try_all(question, &keys.icc, &command).into_iter().collect()
}

/// Verifies a changed command, and tells whether `fact` passes then.
fn answer(
    question: &Question<'_>,
    key: &IccKey,
    command: &GenerateAc<'_>,
    fact: Fact,
    change: Change,
) -> Option<Counterfactual> {
    question.case.spend(1)?;
    let mut report = ChainReport::default();
    let verified = cda::verify(key, command, &mut report);
    let passes = report.steps.iter().flat_map(|step| &step.checks).any(|check| check.fact == fact && check.passed);
    passes.then(|| question.answer(change, Some(Certificate::DynamicSignature), fact, verified.is_ok()))
}

fn numbers(question: &Question<'_>, key: &IccKey, command: &Command<'_>) -> Option<Counterfactual> {
    let others = question.case.other_numbers(command.number).into_iter();
    // A list that does not ask for the number counts as having had zeros sent, and those have been tried.
    let mut others = others.filter(|(_, value)| *value != command.number);
    others.find_map(|(exchange, value)| {
        let changed = GenerateAc { unpredictable_number: value, ..command.as_signed() };
        answer(question, key, &changed, Fact::Hash, Change::UnpredictableNumber { value, exchange })
    })
}

/// The cryptogram information that the finding says was signed, put into the answer.
fn decision(question: &Question<'_>, key: &IccKey, command: &Command<'_>) -> Option<Counterfactual> {
    let evidence = question.finding.evidence.first()?;
    let byte = |value: &Option<Value>| match value {
        Some(Value::Bytes(bytes)) => bytes.first().copied(),
        _ => None,
    };
    let (signed, given) = (byte(&evidence.expected)?, byte(&evidence.found)?);
    let objects = objects(command.objects).into_iter().fold(Vec::new(), |mut objects, object| {
        match object.tag {
            tag::CRYPTOGRAM_INFORMATION_DATA_9F27 => tlv::write(&mut objects, object.tag, &[signed]),
            _ => objects.extend_from_slice(object.raw),
        }
        objects
    });
    let changed = GenerateAc { response: &objects, ..command.as_signed() };
    let answer = answer(question, key, &changed, Fact::CryptogramInformation, Change::Decision { signed, given })?;
    // Putting the signed byte there makes this check pass whatever the card is; the hash is what proves it.
    answer.passes.whole_chain.then_some(answer)
}

fn objects(bytes: &[u8]) -> Vec<tlv::Tlv<'_>> {
    tlv::Reader::strict(bytes).map_while(Result::ok).collect()
}

/// The transaction data with one part otherwise, then with two, then with all.
fn transaction_data(question: &Question<'_>, key: &IccKey, command: &Command<'_>) -> Option<Counterfactual> {
    let sorted = sorted(command.objects);
    let composed = compositions(command).into_iter().find_map(|parts| {
        let changed = composed(question.case, command, parts, &sorted);
        answer(question, key, &changed, Fact::TransactionDataHash, Change::TransactionData { parts })
    });
    composed.or_else(|| sequence_numbers(question, key, command))
}

/// Every other composition, those that differ in least first.
fn compositions(command: &Command<'_>) -> Vec<Composition> {
    let is_second = command.second.is_some();
    let pdols = [PdolPart::Values, PdolPart::Nothing, PdolPart::Template];
    let lists = [(true, true), (false, true), (true, false)];
    let lists = lists.get(..if is_second { 3 } else { 1 }).unwrap_or(&[]);
    let mut all = Vec::new();
    for pdol in pdols {
        for (cdol1, cdol2) in lists {
            let parts = Composition { pdol, cdol1: *cdol1, cdol2: *cdol2 && is_second, sorted: false };
            all.extend([parts, Composition { sorted: true, ..parts }]);
        }
    }
    let distance = |parts: &Composition| {
        let others = [parts.pdol != PdolPart::Values, !parts.cdol1, is_second && !parts.cdol2, parts.sorted];
        others.into_iter().filter(|other| *other).count()
    };
    all.retain(|parts| distance(parts) > 0 && !(command.pdol.is_empty() && parts.pdol == PdolPart::Nothing));
    all.sort_by_key(distance);
    all
}

fn composed<'c>(case: &Case<'c>, command: &Command<'c>, parts: Composition, sorted: &'c [u8]) -> GenerateAc<'c> {
    let pdol_values = match parts.pdol {
        PdolPart::Values => command.pdol,
        PdolPart::Template => case.initiation().map_or(&[][..], |sent| sent.data),
        PdolPart::Nothing => &[],
    };
    GenerateAc {
        pdol_values,
        cdol1_values: if parts.cdol1 { command.first } else { &[] },
        cdol2_values: command.second.filter(|_| parts.cdol2),
        response: if parts.sorted { sorted } else { command.objects },
        ..command.as_signed()
    }
}

/// The objects of an answer in the order of their tags.
fn sorted(answer: &[u8]) -> Vec<u8> {
    let mut objects = objects(answer);
    objects.sort_by_key(|object| (object.tag.number(), object.offset));
    objects.into_iter().flat_map(|object| object.raw).copied().collect()
}

/// The PAN sequence number in another number of bytes, where the command's list asks for it.
fn sequence_numbers(question: &Question<'_>, key: &IccKey, command: &Command<'_>) -> Option<Counterfactual> {
    let variants = other_sequence_numbers(&command.list?, command.sent.data);
    variants.into_iter().find_map(|(length, data)| {
        let as_signed = command.as_signed();
        let changed = match command.second {
            Some(_) => GenerateAc { cdol2_values: Some(&data), ..as_signed },
            None => GenerateAc { cdol1_values: &data, ..as_signed },
        };
        answer(question, key, &changed, Fact::TransactionDataHash, Change::SequenceNumberLength { length })
    })
}
