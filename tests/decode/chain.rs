//! Certificates of software cards, opened; issuer application data of software cards, read.

use emvident::{
    apdu::{Tag, dictionary::Context, tag, tlv},
    decode::{Authority, Decoded, Decoder, Kind, Label, Meaning, Node, Shown, holds_certificate},
    inspect,
    kernel::oda::KeyStore,
    scenario::Scenario,
    text::Language,
    vectors::cryptogram::{self, Facts, IssuerAuthenticationResult, Version, issuer_application_data},
};

use super::{every_node, lines};

/// Everything a software card gives, as data objects.
pub fn objects_of(card: &str) -> (Vec<u8>, KeyStore) {
    let mut table = Scenario::of_card(card).lay().unwrap();
    let reading = inspect::read(&mut table.card, &table.terminal, &table.transaction).unwrap().remove(0);
    let mut bytes = Vec::new();
    reading.objects.iter().for_each(|(tag, value)| tlv::write(&mut bytes, tag, value));
    (bytes, table.terminal.keys)
}

fn opened(bytes: &[u8], keys: &KeyStore, rid: Option<[u8; 5]>) -> Decoded {
    let authority = Some(Authority { keys, rid, index: None });
    Decoder { authority, ..Decoder::default() }.decode(bytes, Kind::DataObjects)
}

fn recovered(decoded: &Decoded, tag: Tag) -> &Node {
    let holder = every_node(decoded)
        .into_iter()
        .find(|node| matches!(node.label, Label::Object { tag: found, .. } if found == tag));
    holder.unwrap().children.iter().find(|node| node.is_recovered()).unwrap()
}

fn field<'n>(node: &'n Node, name: &str) -> &'n Node {
    node.children.iter().find(|field| matches!(field.label, Label::Part(found) if found == name)).unwrap()
}

#[test]
fn a_chain_is_opened_down_to_the_card() {
    let (bytes, keys) = objects_of("dda");
    assert!(holds_certificate(&bytes));
    let decoded = opened(&bytes, &keys, None);
    let issuer = recovered(&decoded, tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90);
    assert_eq!(issuer.problem, None);
    assert!(matches!(field(issuer, "issuer-identifier").meaning, Some(Meaning::Digits(_))));
    let card = recovered(&decoded, tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46);
    assert_eq!(card.problem, None);
    let Some(Meaning::Account(number)) = &field(card, "account-number").meaning else { panic!("{card:?}") };
    assert!(number.contains("******"), "{number}");
    assert_eq!(decoded.problem(), None);
}

#[test]
fn static_signatures_are_opened() {
    let (bytes, keys) = objects_of("sda");
    let decoded = opened(&bytes, &keys, None);
    let signature = recovered(&decoded, tag::SIGNED_STATIC_APPLICATION_DATA_93);
    assert_eq!(signature.problem, None);
    assert_eq!(field(signature, "certificate-format").bytes, Shown::Bytes(vec![3]));
}

#[test]
fn a_key_that_is_missing_or_of_another_system_is_said() {
    let (bytes, keys) = objects_of("dda");
    let problem = |decoded: &Decoded| {
        recovered(decoded, tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90).problem.as_ref().map(|problem| problem.key)
    };
    assert_eq!(problem(&opened(&bytes, &KeyStore::new(), None)), Some("ca-key-unknown"));
    assert_eq!(problem(&opened(&bytes, &keys, Some([0xA0, 0, 0, 0, 0x99]))), Some("ca-key-other"));
    let mut damaged = bytes.clone();
    let at = damaged.windows(2).position(|pair| pair == [0x90, 0x81]).unwrap() + 10;
    damaged[at] ^= 1;
    assert_eq!(problem(&opened(&damaged, &keys, None)), Some("ca-key-wrong"));
    assert_eq!(opened(&damaged, &keys, None).problem(), None, "the input itself is whole");
}

#[test]
fn what_cards_tell_their_issuers_is_understood_in_every_layout() {
    let facts = Facts {
        first: Some(cryptogram::Kind::Arqc),
        pin_performed: true,
        pin_failed: true,
        unable_online: true,
        issuer_authentication: IssuerAuthenticationResult::Failed,
        scripts: 3,
        script_failed: true,
        ..Facts::default()
    };
    let versions =
        [Version::Visa10, Version::Visa18, Version::UnionPay1, Version::MChip10, Version::MChip14, Version::Common];
    for version in versions {
        let data = issuer_application_data(version, 7, &facts);
        let kind = Kind::from_name("iad").unwrap();
        let said =
            lines(&Decoder { context: Some(Context::Emv), ..Decoder::default() }.decode(&data, kind), Language::En);
        let says = |words: &str| said.iter().any(|line| line.ends_with(words));
        for words in [
            "first cryptogram: ARQC: go online",
            "second cryptogram: not asked for",
            "Terminal was unable to go online",
            "script commands: 3",
            "derivation key index: 07",
        ] {
            assert!(says(words), "{version:?}: no \"{words}\" in {said:#?}");
        }
        for words in ["Offline PIN was wrong", "Issuer authentication failed", "Issuer script failed"] {
            assert!(says(words), "{version:?}: no \"{words}\" in {said:#?}");
        }
    }
}
