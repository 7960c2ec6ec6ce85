//! The smallest terminal that can drive a card through a purchase.

use std::collections::BTreeMap;

use apdu::{Card, Command, Tag, tag, tlv};
use emvident_vectors::dol;
use emvident_vectors::{Profile, SoftwareCard, profile};

/// A card, and what the terminal knows.
pub(crate) struct Terminal {
    pub(crate) card: SoftwareCard,
    pub(crate) profile: Profile,
    /// The terminal's values and, after reading, the card's.
    pub(crate) values: BTreeMap<Tag, Vec<u8>>,
    /// What GET PROCESSING OPTIONS was sent.
    pub(crate) pdol_values: Vec<u8>,
    /// The signed records, and the AIP when tag 9F4A names it.
    pub(crate) static_data: Vec<u8>,
}

pub(crate) fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text.replace(' ', "")).unwrap()
}

/// An altered built-in card.
pub(crate) fn altered(name: &str, alterations: &[&str]) -> Terminal {
    let mut profile = profile(name).unwrap();
    profile.alterations.extend(alterations.iter().map(|text| text.parse().unwrap()));
    Terminal::new(profile)
}

impl Terminal {
    pub(crate) fn new(profile: Profile) -> Self {
        let given = [
            (tag::AMOUNT_AUTHORISED_9F02, "000000001000"),
            (tag::AMOUNT_OTHER_9F03, "000000000000"),
            (tag::TERMINAL_COUNTRY_CODE_9F1A, "0156"),
            (tag::TVR_95, "0000008000"),
            (tag::TRANSACTION_CURRENCY_CODE_5F2A, "0156"),
            (tag::TRANSACTION_DATE_9A, "261122"),
            (tag::TRANSACTION_TYPE_9C, "00"),
            (tag::UNPREDICTABLE_NUMBER_9F37, "9D3EA901"),
            (tag::TERMINAL_CAPABILITIES_9F33, "E0F0C8"),
            (tag::TERMINAL_TYPE_9F35, "22"),
        ];
        let values = given.into_iter().map(|(tag, value)| (tag, bytes(value))).collect();
        let card = SoftwareCard::new(&profile).unwrap();
        Self { card, profile, values, pdol_values: Vec::new(), static_data: Vec::new() }
    }

    pub(crate) fn named(name: &str) -> Self {
        altered(name, &[])
    }

    /// Sends a command: data and status word.
    pub(crate) fn send(&mut self, command: &Command) -> (Vec<u8>, u16) {
        let response = self.card.answer(command).unwrap();
        (response.data().to_vec(), response.status().0)
    }

    pub(crate) fn send_hex(&mut self, command: &str) -> (Vec<u8>, u16) {
        self.send(&Command::from_bytes(&bytes(command)).unwrap())
    }

    pub(crate) fn status(&mut self, command: &str) -> u16 {
        self.send_hex(command).1
    }

    /// Sends a command that must succeed.
    pub(crate) fn done(&mut self, command: &Command) -> Vec<u8> {
        let (data, status) = self.send(command);
        assert_eq!(status, 0x9000, "{command:?}");
        data
    }

    /// Selects the first application.
    pub(crate) fn select(&mut self) -> Vec<u8> {
        let aid = self.profile.applications[0].aid.clone();
        self.done(&Command::select(&aid).unwrap())
    }

    /// Selects, sends GET PROCESSING OPTIONS and reads every record.
    pub(crate) fn start(mut self) -> Self {
        let fci = self.select();
        self.learn(&fci);
        let pdol = self.values.get(&tag::PDOL_9F38).cloned().unwrap_or_default();
        self.pdol_values = self.fill(&pdol);
        let mut data = Vec::new();
        tlv::write(&mut data, tag::COMMAND_TEMPLATE_83, &self.pdol_values);
        let options = self.done(&Command::get_processing_options(&data).unwrap());
        self.learn_options(&options);
        self.read_records();
        self
    }

    fn learn_options(&mut self, options: &[u8]) {
        match tlv::find(options, tag::RESPONSE_FORMAT_1_80).unwrap() {
            Some(format_1) => {
                self.values.insert(tag::AIP_82, format_1.value[..2].to_vec());
                self.values.insert(tag::AFL_94, format_1.value[2..].to_vec());
            }
            None => self.learn(options),
        }
    }

    fn read_records(&mut self) {
        for entry in self.values[&tag::AFL_94].clone().chunks(4) {
            for number in entry[1]..=entry[2] {
                let record = self.done(&Command::read_record(entry[0] >> 3, number));
                self.learn(&record);
                if number - entry[1] < entry[3] {
                    let inside = tlv::find(&record, tag::READ_RECORD_TEMPLATE_70).unwrap().unwrap();
                    self.static_data.extend(inside.value);
                }
            }
        }
        if self.values.contains_key(&tag::SDA_TAG_LIST_9F4A) {
            self.static_data.extend(&self.values[&tag::AIP_82]);
        }
    }

    /// Keeps every primitive object.
    pub(crate) fn learn(&mut self, data: &[u8]) {
        tlv::walk(data, &mut |object, _| {
            self.values.insert(object.tag, object.value.to_vec());
        })
        .unwrap();
    }

    /// The values a list asks for, zeros for what is not known.
    pub(crate) fn fill(&self, list: &[u8]) -> Vec<u8> {
        let value = |(tag, length): (Tag, usize)| {
            let mut value = self.values.get(&tag).cloned().unwrap_or_default();
            value.resize(length, 0);
            value
        };
        dol::entries(list).into_iter().flat_map(value).collect()
    }

    /// GENERATE AC with the values of this list; `reference` is P1.
    pub(crate) fn generate_ac(&mut self, reference: u8, list: Tag) -> Vec<u8> {
        let data = self.fill(&self.values[&list]);
        let answer = self.done(&Command::generate_ac(reference, &data).unwrap());
        self.learn_cryptogram(&answer);
        answer
    }

    pub(crate) fn first_ac(&mut self, reference: u8) -> Vec<u8> {
        self.generate_ac(reference, tag::CDOL1_8C)
    }

    pub(crate) fn second_ac(&mut self, reference: u8) -> Vec<u8> {
        self.generate_ac(reference, tag::CDOL2_8D)
    }

    fn learn_cryptogram(&mut self, answer: &[u8]) {
        let Some(format_1) = tlv::find(answer, tag::RESPONSE_FORMAT_1_80).unwrap() else { return self.learn(answer) };
        let value = format_1.value;
        let parts = [
            (tag::CRYPTOGRAM_INFORMATION_DATA_9F27, &value[..1]),
            (tag::ATC_9F36, &value[1..3]),
            (tag::APPLICATION_CRYPTOGRAM_9F26, &value[3..11]),
            (tag::ISSUER_APPLICATION_DATA_9F10, &value[11..]),
        ];
        self.values.extend(parts.map(|(tag, value)| (tag, value.to_vec())));
    }

    /// The cryptogram information data of the last answer.
    pub(crate) fn cid(&self) -> u8 {
        self.values[&tag::CRYPTOGRAM_INFORMATION_DATA_9F27][0]
    }
}

/// The trait is what the kernel uses; here it must give the same as the direct call.
#[test]
fn the_card_trait_answers_at_once_with_the_profile_s_time() {
    let mut wanted = profile("cda").unwrap();
    wanted.elapsed = std::time::Duration::from_millis(7);
    let mut card = SoftwareCard::new(&wanted).unwrap();
    let command = Command::select(b"1PAY.SYS.DDF01").unwrap();
    let mut transmission = std::pin::pin!(card.transmit(&command));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Ok(exchange)) = transmission.as_mut().poll(&mut context) else { panic!("not ready") };
    assert_eq!((exchange.response.status().0, exchange.elapsed.as_millis()), (0x6A82, 7));
    assert_eq!(hex::encode_upper(Card::atr(&SoftwareCard::new(&wanted).unwrap())), "3BE000FF8131FE4514");
}
