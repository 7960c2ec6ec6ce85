//! A payment system of one issuer and one card, with private keys, to sign what no real card would.

use alloc::{vec, vec::Vec};

use crypto_bigint::{Odd, U1024, modular::FixedMontyForm, modular::FixedMontyParams};

use crate::crypto::hash::sha1;

/// An RSA key of at most 128 bytes.
#[derive(Clone, Debug)]
pub struct PrivateKey {
    pub modulus: Vec<u8>,
    pub exponent: Vec<u8>,
    secret: Vec<u8>,
}

impl PrivateKey {
    fn new(exponent: &[u8], modulus: &str, secret: &str) -> Self {
        let hex = |text| hex::decode(text).unwrap();
        Self { modulus: hex(modulus), exponent: exponent.to_vec(), secret: hex(secret) }
    }

    /// The private operation.
    pub fn sign(&self, block: &[u8]) -> Vec<u8> {
        let parameters = FixedMontyParams::new_vartime(Odd::new(number(&self.modulus)).unwrap());
        let signed = FixedMontyForm::new(&number(block), &parameters).pow(&number(&self.secret)).retrieve();
        signed.to_be_bytes().as_ref()[128 - self.modulus.len()..].to_vec()
    }

    pub fn ca() -> Self {
        Self::new(&[3], CA[0], CA[1])
    }

    pub fn issuer() -> Self {
        Self::new(&[3], ISSUER[0], ISSUER[1])
    }

    pub fn small_issuer() -> Self {
        Self::new(&[1, 0, 1], SMALL_ISSUER[0], SMALL_ISSUER[1])
    }

    pub fn icc() -> Self {
        Self::new(&[3], ICC[0], ICC[1])
    }

    pub fn small_icc() -> Self {
        Self::new(&[3], SMALL_ICC[0], SMALL_ICC[1])
    }
}

fn number(bytes: &[u8]) -> U1024 {
    let mut padded = [0; 128];
    padded[128 - bytes.len()..].copy_from_slice(bytes);
    U1024::from_be_slice(&padded)
}

/// The bytes around a message.
#[derive(Clone, Debug)]
pub struct Frame {
    pub header: u8,
    pub trailer: u8,
    pub hash_mask: u8,
}

impl Default for Frame {
    fn default() -> Self {
        Self { header: 0x6A, trailer: 0xBC, hash_mask: 0 }
    }
}

impl Frame {
    /// Signs `message`, filled with BB, and with a hash that also covers `outside`.
    pub fn sign(&self, key: &PrivateKey, message: &[u8], outside: &[&[u8]]) -> Vec<u8> {
        let mut block = vec![0xBB; key.modulus.len() - 21];
        block[0] = self.header;
        block[1..=message.len()].copy_from_slice(message);
        let mut hash = sha1([&block[1..]].into_iter().chain(outside.iter().copied()));
        hash[0] ^= self.hash_mask;
        block.extend_from_slice(&hash);
        block.push(self.trailer);
        key.sign(&block)
    }
}

/// A certificate before it is signed; what is `None` follows from the key.
#[derive(Clone, Debug)]
pub struct Certificate {
    pub frame: Frame,
    pub format: u8,
    /// Issuer identifier or PAN.
    pub holder: Vec<u8>,
    pub expiry: [u8; 2],
    pub serial: [u8; 3],
    pub hash_algorithm: u8,
    pub key_algorithm: u8,
    pub key: PrivateKey,
    pub length: Option<u8>,
    pub exponent_length: Option<u8>,
    pub remainder: Option<Vec<u8>>,
}

/// A certificate with what stands beside it.
#[derive(Clone, Debug)]
pub struct Signed {
    pub certificate: Vec<u8>,
    pub remainder: Option<Vec<u8>>,
    pub exponent: Vec<u8>,
}

impl Certificate {
    pub fn new(format: u8, holder: &[u8], key: PrivateKey) -> Self {
        Self {
            frame: Frame::default(),
            format,
            holder: holder.to_vec(),
            expiry: [0x12, 0x30],
            serial: [0, 0, 7],
            hash_algorithm: 1,
            key_algorithm: 1,
            key,
            length: None,
            exponent_length: None,
            remainder: None,
        }
    }

    pub fn sign(&self, signer: &PrivateKey, static_data: &[u8]) -> Signed {
        let (modulus, exponent) = (&self.key.modulus, &self.key.exponent);
        let mut message = vec![self.format];
        message.extend_from_slice(&self.holder);
        message.extend_from_slice(&self.expiry);
        message.extend_from_slice(&self.serial);
        message.extend([self.hash_algorithm, self.key_algorithm]);
        message.push(self.length.unwrap_or(modulus.len() as u8));
        message.push(self.exponent_length.unwrap_or(exponent.len() as u8));
        let room = signer.modulus.len() - 22 - message.len();
        let (inside, rest) = modulus.split_at(room.min(modulus.len()));
        message.extend_from_slice(inside);
        let remainder = self.remainder.clone().or(Some(rest.to_vec()).filter(|rest| !rest.is_empty()));
        let outside = [remainder.as_deref().unwrap_or(&[]), exponent, static_data];
        let certificate = self.frame.sign(signer, &message, &outside);
        Signed { certificate, remainder, exponent: exponent.clone() }
    }
}

const CA: [&str; 2] = [
    "E907C0FEF5DB3D759F0C65CADEFAC27A3A796825E00F97E8F57572FA1AFF9C2F1009DDBBE7093E2406157A133258C3571D61992AA0395A315ACFA7071347100AD1B8C7574B137C3DF5733C61A40FDBC84F5FD5DF38021EC462B422320A1BA223B5A60666649D92A141F56BC1F38A49B6085DAC990B56B0F82EF493EDE28F4AA1",
    "26D6A02A7E4F34E8EFD7664C7A7F2069B469915BA557EEA6D3939329AF2A9A07D801A4F4A6818A5B5658E9ADDDB975E3DA3AEEDC70098F0839CD46812DE12D56D1898E0A694F74A15FA72876BF5F821C585E4ED38F98489C33F3BA9B798EE6F4FED4339C9771139CF695BB3E024F0B1FD0A08F0EE4924184E402DC4F15E6DA33",
];
const ISSUER: [&str; 2] = [
    "F2CAD95A9ED60CB566B858A80FDD9E10DEB1E1AE57B6E385287091BC09187327E748314804988FA9B5A8B5A9C58D631D79697FD68239F3AFBBDDD6EDCE95B5F4F618EFAB7692338684F8619D69EFCD08107D1A8E5303AC4E00B7E3FD1188BE9D7FEE7BDF57CDFB9A5DB1DE26275290B9",
    "0A1DC90E7148EB32399D03B1AB53E6960947696743A79ED03704B0BD2B0BAF76FEF85763003105FC6791B23C683B39768FB9BAA8F017BF7C930BCD63CA2200D52A2EECEEF124D5635D7826A4F06B2A042E0DB6D74711E73375D44E875B04B90E797F843CD040941E48887A854679A27B",
];
const SMALL_ISSUER: [&str; 2] = [
    "DBC43A27DDFE18D32EBE0B11B0F977DEB0CE5A40733F02BA8A53C84784BB5F8824B7445C4D3693A08E80A5824BA540BCF6C773E1E7C340F72A5F784FB74EFABFF13EB4B4212224A2CD1E100491DA15A0B7B25FD0A9C88D41",
    "015E6B524FD90FEAEC05029C3D6626C92F4D2355923BCAD6C2349BC9BE401A1F39F684A97C1DA24EF64DDCD3A2939AA7CA465D23D7081E2E3BEFD1CB14011563C719B0724452105D06FDE94146B812D5D864B806E0099F15",
];
const ICC: [&str; 2] = [
    "C329A27631BC27653C1A202FB34563FF617F089DC054B6B6C366064E3A6B313725FF9F22FB528C98555ABE8CF66ADB8508ED3E7FB70572AD500CF1BAE1A4EF40051711E9C57BFFB81D476F5BAFC8BDC04C3E62EB82BD85026D6B2B212871632F",
    "2086F069084A0690DF59B007F3363B553AEA816FA00E1E73CB3BABB7B46732DE865545307F386CC40E39CA6CD3BC79EB36F673C663D2D2733786B6FBD1315561FC38FCC7BDEB99090537F1B0E202CF23E0867AA65AA75A8A54344818535CF90F",
];
const SMALL_ICC: [&str; 2] = [
    "B59DE9B5C7ECDBE18C131D4C23299EE72626BEC4C058950EE23FF45C522B14D49359845B57AC5E8AA6EBF4EB0AACBDFA062DE0FE5504FB4FE700E4616F64E37F",
    "1E44FC48F6A779FAECADDA375B319A7BDBB11FCB756418D7D05FFE0F63072E2325CDBA595184FF67DB3DFD91CD2BC18C882330C61E78952BBE54104E38C8ABBF",
];
