//! How long it takes to follow a certificate chain: `cargo bench -p emvident-kernel --bench oda`.
//!
//! The chain is an invented one of usual sizes: CA key 1984 bits, issuer key 1408 bits, card key 1152 bits, exponent 3.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

use apdu::{Bits, Dol, tag, value::Date};
use divan::{Bencher, black_box};
use emvident_kernel::{
    crypto::rsa::{Exponent, PreparedKey, PublicKey},
    finding::Place,
    oda::{
        CaKey, Chain, ChainReport, KeyStore, Method, Purpose, StaticData, dda, issuer,
        keys::{CaKeyData, Kind, RSA, SHA_1},
    },
    store::CardData,
};

fn main() {
    divan::main();
}

const RID: [u8; 5] = [0xA0, 0, 0, 0, 0x03];
const NUMBER: [u8; 4] = [0xDE, 0xAD, 0xBE, 0xEF];

struct Scene {
    card: CardData,
    keys: KeyStore,
    records: Vec<u8>,
    signature: Vec<u8>,
}

impl Scene {
    fn new() -> Self {
        let mut card = CardData::default();
        let mut put = |tag, value: &[u8]| card.put(tag, value, Place::default());
        put(tag::PAN_5A, &[0x47, 0x61, 0x73, 0x90, 0x01, 0x01, 0x00, 0x10]);
        put(tag::AIP_82, &[0x20, 0x00]);
        put(tag::SDA_TAG_LIST_9F4A, &[0x82]);
        put(tag::CA_PUBLIC_KEY_INDEX_8F, &[0x92]);
        put(tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90, &bytes(ISSUER_CERTIFICATE));
        put(tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32, &[3]);
        put(tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46, &bytes(ICC_CERTIFICATE));
        put(tag::ICC_PUBLIC_KEY_REMAINDER_9F48, &bytes(ICC_REMAINDER));
        put(tag::ICC_PUBLIC_KEY_EXPONENT_9F47, &[3]);
        Self { card, keys: key_store(), records: (0..200).collect(), signature: bytes(SIGNATURE) }
    }

    fn chain(&self) -> Chain<'_> {
        Chain {
            card: &self.card,
            rid: RID,
            keys: &self.keys,
            revocations: &[],
            today: Date::new(2026, 1, 1).unwrap(),
            purpose: Purpose::Authentication(Method::Dda),
        }
    }
}

fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

fn key_store() -> KeyStore {
    let modulus = bytes(CA_MODULUS);
    let mut data = CaKeyData {
        rid: RID,
        index: 0x92,
        hash_algorithm: SHA_1,
        key_algorithm: RSA,
        modulus: &modulus,
        exponent: &[3],
        checksum: [0; 20],
        expiry: None,
        kind: Kind::Test,
        withdrawn: false,
    };
    data.checksum = data.computed_checksum();
    let mut keys = KeyStore::new();
    keys.add(CaKey::new(&data).unwrap());
    keys
}

/// RSA alone, with the CA key prepared.
#[divan::bench]
fn prepared_1984_bits(bencher: Bencher<'_, '_>) {
    let key = PreparedKey::new(&bytes(CA_MODULUS), Exponent::Three).unwrap();
    let input = bytes(ISSUER_CERTIFICATE);
    bencher.bench_local(|| key.apply(black_box(&input)));
}

/// RSA alone, with a key used once.
#[divan::bench]
fn once_1984_bits(bencher: Bencher<'_, '_>) {
    let (modulus, input) = (bytes(CA_MODULUS), bytes(ISSUER_CERTIFICATE));
    bencher.bench_local(|| PublicKey::new(black_box(&modulus), Exponent::Three).unwrap().apply(&input));
}

/// The issuer's key, with every check of its certificate and the report of them.
#[divan::bench]
fn issuer_key(bencher: Bencher<'_, '_>) {
    let scene = Scene::new();
    let chain = scene.chain();
    bencher.bench_local(|| issuer::recover(black_box(&chain), &mut ChainReport::default()).unwrap());
}

/// Everything DDA computes: choice of method, both certificates, DDOL and the card's signature.
#[divan::bench]
fn whole_dda(bencher: Bencher<'_, '_>) {
    let scene = Scene::new();
    bencher.bench_local(|| {
        let method = Method::choose(&Bits([0x20, 0]), &Bits([0, 0, 0xC8])).unwrap();
        let mut report = ChainReport::default();
        let static_data = StaticData::new(&scene.records, None, &scene.card, method).unwrap();
        let keys = black_box(scene.chain()).recover_keys(&static_data, &mut report).unwrap();
        let ddol: Dol<'_> = dda::choose_ddol(&scene.card, Some(&[0x9F, 0x37, 0x04])).unwrap();
        black_box(ddol);
        dda::verify(&keys.icc, &scene.signature, Place::default(), &NUMBER, &mut report).unwrap()
    });
}

const CA_MODULUS: &str = "\
    C06208F7A720E8F5780AD82D1EA654FA712A659504DCA0B960EDC622D82DA97362E2689F5C25D9C9D9C70CF8BB930C8F1C46B7B20F3FE5E3\
    B7B3928607014767D5FBDDD6504468FB0725BFBDD37646E3E34531D84829D7401E0BE7BAA6F3726DC59DA34E557F99B23FA0CC33DD2FF400\
    E081CF1B0E902509AF5E16AC3ED3BB5ED4D2884A52F69B8A58925D940691ECACFA2C43895E73A6EB5FFFDE867D77278196A06D0D38AB3B9A\
    FB79DA96B2769D63DF74B396D892167A17F733626620ECADEE7045F7E3A4EB2969DD655CC09B50F76725237985174F7488620D5217FC325A\
    179C1DBAE26CE9E2BD15B982140AE7ADAA39285640BB9F73";
const ISSUER_CERTIFICATE: &str = "\
    56155BD4A3725D70A74896F069A1C9D4321F429CA111BF619E1F74B725FFBEAFE0AC504BCFD7A8E3F4ED8156E2C35FD596B5ED2837EA3328\
    0B1ABB31B0F420E4E5C48DA9F4361F51984692DA84AB3738D75EC9AA1173CCF8CAA8ADCA128BF41F8776B10B400BEB6F305E129176EA8796\
    1B8DF45B060DF1F4B262CE6FB1A4D97A4CBE849B5EF28151B8D16017C66FDB49C6B0F8E6C426B2A306767711A3374DBAE80DC6250EAD9D76\
    616A0DD47175C1403475BE09644BACF980D2044AFE0A47E61CCA95AF301ECDC93C9891F752E4BC98587B1C09E067BBBB1EA44709D0C70395\
    023DBA2096920CA7CA7141E9661ED8C99C0693F903B30506";
const ICC_CERTIFICATE: &str = "\
    07534AA74A4958F73A32F10F45C3C065FBA0B206F6C3C1632DEFF02AA4C6989CFB6A117E6CB33DDEDE6039861078C888C422BA9F1EBBB05A\
    14135269549C5DB846F0AE2A34D915C60EA5B9BB3E27172CCB825EA60987A57E63325D95A840EDB27BE832F6BF625CD44E50EBABE4331844\
    97590086CC118670A5E9A30EC4A655E80C401E27F13CFF285F48975F3F687985E7F5D4A5AF7B800C08FD994F38BC9222AE2C5B4ACFE87711\
    0D6465AD9997A653";
const ICC_REMAINDER: &str = "44498481BB12202A9A65";
const SIGNATURE: &str = "\
    53A713B566A2DC4C9472A0D1DF1839D97E8C26F561FA980E33A7F47717F70D359EC2B13046B7C7487B83A1AD3198B4B2F988843629483F26\
    782548804CF9F251DAEA86731A31453D3478FBBF4CE3987487FF61961A1CEC12E3DDB34C43C9A07E6DB4B6D8DB866022B0EC051C0CAB1D6B\
    BD698A15BF5F970F2FA2A0A612C9522BA88C7CB2623FE8BD1D560840E56D3182";
