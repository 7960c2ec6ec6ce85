//! Command APDUs: the four cases of ISO 7816-4 with short lengths, and every command EMV uses.

use core::fmt;

use crate::Octets;

mod name;

pub use name::name;

/// The longest short command: header, Lc, 255 data bytes, Le.
pub const MAX_COMMAND: usize = 261;

/// One command APDU.
///
/// The bytes are wiped when the value is dropped; `Debug` hides the data of commands that carry a PIN.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    bytes: Octets,
}

/// The command cannot be expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// More than 255 data bytes.
    #[error("{0} data bytes do not fit a short command (255 at most)")]
    TooLong(usize),
    /// Raw bytes that are none of the four cases.
    #[error("{0} bytes are not a command APDU: Lc does not fit")]
    NotACommand(usize),
}

/// Instruction bytes of EMV commands.
pub mod ins {
    /// APPLICATION BLOCK (script).
    pub const APPLICATION_BLOCK: u8 = 0x1E;
    /// APPLICATION UNBLOCK (script).
    pub const APPLICATION_UNBLOCK: u8 = 0x18;
    /// CARD BLOCK (script).
    pub const CARD_BLOCK: u8 = 0x16;
    /// VERIFY.
    pub const VERIFY: u8 = 0x20;
    /// VERIFY with data objects, as for biometrics.
    pub const VERIFY_DATA_OBJECT: u8 = 0x21;
    /// PIN CHANGE/UNBLOCK (script).
    pub const PIN_CHANGE_UNBLOCK: u8 = 0x24;
    /// EXTERNAL AUTHENTICATE.
    pub const EXTERNAL_AUTHENTICATE: u8 = 0x82;
    /// GET CHALLENGE.
    pub const GET_CHALLENGE: u8 = 0x84;
    /// INTERNAL AUTHENTICATE.
    pub const INTERNAL_AUTHENTICATE: u8 = 0x88;
    /// SELECT.
    pub const SELECT: u8 = 0xA4;
    /// GET PROCESSING OPTIONS.
    pub const GET_PROCESSING_OPTIONS: u8 = 0xA8;
    /// GENERATE APPLICATION CRYPTOGRAM.
    pub const GENERATE_AC: u8 = 0xAE;
    /// READ RECORD.
    pub const READ_RECORD: u8 = 0xB2;
    /// GET RESPONSE (T=0 transport).
    pub const GET_RESPONSE: u8 = 0xC0;
    /// GET DATA.
    pub const GET_DATA: u8 = 0xCA;
    /// PUT DATA (script).
    pub const PUT_DATA: u8 = 0xDA;
    /// UPDATE RECORD (script).
    pub const UPDATE_RECORD: u8 = 0xDC;
    /// COMPUTE CRYPTOGRAPHIC CHECKSUM (contactless, kernel 2).
    pub const COMPUTE_CRYPTOGRAPHIC_CHECKSUM: u8 = 0x2A;
    /// RECOVER AC (contactless, kernel 2).
    pub const RECOVER_AC: u8 = 0xD0;
    /// EXCHANGE RELAY RESISTANCE DATA (contactless, kernels 2 and 8).
    pub const EXCHANGE_RELAY_RESISTANCE_DATA: u8 = 0xEA;

    /// Whether the data of a command with this instruction may hold a PIN or a biometric: VERIFY in both its codings, CHANGE
    /// REFERENCE DATA, DISABLE and ENABLE VERIFICATION, RESET RETRY COUNTER (ISO/IEC 7816-4), whatever class and parameters.
    pub const fn is_secret(instruction: u8) -> bool {
        matches!(instruction, VERIFY | VERIFY_DATA_OBJECT | PIN_CHANGE_UNBLOCK | 0x25 | 0x26 | 0x28 | 0x2C | 0x2D)
    }
}

impl Command {
    /// Builds a command from its parts: `data` empty means no Lc, `le` as the byte sent (0 asks for 256).
    ///
    /// # Errors
    /// [`CommandError::TooLong`] for more than 255 data bytes.
    pub fn new(header: [u8; 4], data: &[u8], le: Option<u8>) -> Result<Self, CommandError> {
        let lc = u8::try_from(data.len()).map_err(|_| CommandError::TooLong(data.len()))?;
        let length = [lc];
        Ok(Self { bytes: Octets::of_parts(&[&header, if lc > 0 { &length } else { &[] }, data, le.as_slice()]) })
    }

    /// Takes a whole APDU of case 1 to 4.
    ///
    /// # Errors
    /// [`CommandError::NotACommand`] when Lc does not fit the number of bytes.
    pub fn from_bytes(apdu: &[u8]) -> Result<Self, CommandError> {
        let fits = match apdu {
            [_, _, _, _] | [_, _, _, _, _] => true,
            [_, _, _, _, lc, rest @ ..] if *lc > 0 => {
                let lc = usize::from(*lc);
                rest.len() == lc || rest.len() == lc.saturating_add(1)
            }
            _ => false,
        };
        if !fits {
            return Err(CommandError::NotACommand(apdu.len()));
        }
        Ok(Self { bytes: apdu.into() })
    }

    /// The APDU as sent.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// CLA, INS, P1, P2.
    pub fn header(&self) -> [u8; 4] {
        self.bytes.first_chunk().copied().unwrap_or_default()
    }

    /// The instruction byte.
    pub fn ins(&self) -> u8 {
        self.header()[1]
    }

    /// The data field, empty in cases 1 and 2.
    pub fn data(&self) -> &[u8] {
        match self.as_bytes() {
            [_, _, _, _, lc, rest @ ..] if !rest.is_empty() => rest.get(..usize::from(*lc)).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// The Le byte of cases 2 and 4.
    pub fn le(&self) -> Option<u8> {
        match self.as_bytes() {
            [_, _, _, _, le] => Some(*le),
            [_, _, _, _, lc, rest @ ..] => rest.get(usize::from(*lc)).copied(),
            _ => None,
        }
    }

    /// Whether the data field may hold a PIN or a biometric: [`ins::is_secret`].
    pub fn is_secret(&self) -> bool {
        ins::is_secret(self.ins())
    }
}

impl Drop for Command {
    fn drop(&mut self) {
        self.bytes.wipe();
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = if self.is_secret() { self.as_bytes().get(..5).unwrap_or(&[]) } else { self.as_bytes() };
        f.write_str("Command(")?;
        for byte in shown {
            write!(f, "{byte:02X}")?;
        }
        f.write_str(if self.is_secret() { " [hidden])" } else { ")" })
    }
}

/// The commands of EMV, named as the Books name them.
impl Command {
    /// SELECT by name, first or only occurrence (`EMV 4.4 Book 1, 11.3`).
    ///
    /// # Errors
    /// [`CommandError::TooLong`] when the name is longer than a command can carry.
    pub fn select(name: &[u8]) -> Result<Self, CommandError> {
        Self::new([0x00, ins::SELECT, 0x04, 0x00], name, Some(0))
    }

    /// SELECT by name, next occurrence (`EMV 4.4 Book 1, 11.3`).
    ///
    /// # Errors
    /// [`CommandError::TooLong`] when the name is longer than a command can carry.
    pub fn select_next(name: &[u8]) -> Result<Self, CommandError> {
        Self::new([0x00, ins::SELECT, 0x04, 0x02], name, Some(0))
    }

    /// READ RECORD (`EMV 4.4 Book 1, 11.2`).
    pub fn read_record(sfi: u8, record: u8) -> Self {
        Self::fixed([0x00, ins::READ_RECORD, record, (sfi << 3) | 0x04], Some(0))
    }

    /// GET PROCESSING OPTIONS with the whole data field, tag 83 included (`EMV 4.4 Book 3, 6.5.8`).
    ///
    /// # Errors
    /// [`CommandError::TooLong`] when the data does not fit.
    pub fn get_processing_options(data: &[u8]) -> Result<Self, CommandError> {
        Self::new([0x80, ins::GET_PROCESSING_OPTIONS, 0x00, 0x00], data, Some(0))
    }

    /// GET DATA for a tag of one or two bytes (`EMV 4.4 Book 3, 6.5.7`).
    pub fn get_data(tag: u16) -> Self {
        let [p1, p2] = tag.to_be_bytes();
        Self::fixed([0x80, ins::GET_DATA, p1, p2], Some(0))
    }

    /// GET CHALLENGE (`EMV 4.4 Book 3, 6.5.6`).
    pub fn get_challenge() -> Self {
        Self::fixed([0x00, ins::GET_CHALLENGE, 0x00, 0x00], Some(0))
    }

    /// INTERNAL AUTHENTICATE (`EMV 4.4 Book 3, 6.5.9`).
    ///
    /// # Errors
    /// [`CommandError::TooLong`] when the data does not fit.
    pub fn internal_authenticate(data: &[u8]) -> Result<Self, CommandError> {
        Self::new([0x00, ins::INTERNAL_AUTHENTICATE, 0x00, 0x00], data, Some(0))
    }

    /// VERIFY; `p2` is 80 for a plaintext PIN, 88 for one enciphered under an RSA key (`EMV 4.4 Book 3, 6.5.12`).
    ///
    /// # Errors
    /// [`CommandError::TooLong`] when the data does not fit.
    pub fn verify(p2: u8, data: &[u8]) -> Result<Self, CommandError> {
        Self::new([0x00, ins::VERIFY, 0x00, p2], data, None)
    }

    /// GENERATE APPLICATION CRYPTOGRAM with its reference control parameter (`EMV 4.4 Book 3, 6.5.5`).
    ///
    /// # Errors
    /// [`CommandError::TooLong`] when the data does not fit.
    pub fn generate_ac(p1: u8, data: &[u8]) -> Result<Self, CommandError> {
        Self::new([0x80, ins::GENERATE_AC, p1, 0x00], data, Some(0))
    }

    /// EXTERNAL AUTHENTICATE (`EMV 4.4 Book 3, 6.5.4`).
    ///
    /// # Errors
    /// [`CommandError::TooLong`] when the data does not fit.
    pub fn external_authenticate(data: &[u8]) -> Result<Self, CommandError> {
        Self::new([0x00, ins::EXTERNAL_AUTHENTICATE, 0x00, 0x00], data, None)
    }

    /// COMPUTE CRYPTOGRAPHIC CHECKSUM with the values of the UDOL (`EMV Contactless Book C-2, 5.2`).
    ///
    /// # Errors
    /// [`CommandError::TooLong`] when the data does not fit.
    pub fn compute_cryptographic_checksum(data: &[u8]) -> Result<Self, CommandError> {
        Self::new([0x80, ins::COMPUTE_CRYPTOGRAPHIC_CHECKSUM, 0x8E, 0x80], data, Some(0))
    }

    /// EXCHANGE RELAY RESISTANCE DATA with the terminal's entropy (`EMV Contactless Book C-2, 5.3`).
    ///
    /// # Errors
    /// [`CommandError::TooLong`], which four bytes never are.
    pub fn exchange_relay_resistance_data(entropy: [u8; 4]) -> Result<Self, CommandError> {
        Self::new([0x80, ins::EXCHANGE_RELAY_RESISTANCE_DATA, 0x00, 0x00], &entropy, Some(0))
    }

    /// PUT DATA of a contactless kernel: a tag of one or two bytes and its value (`EMV Contactless Book C-2, 5.7`).
    ///
    /// # Errors
    /// [`CommandError::TooLong`] when the value does not fit.
    pub fn put_data(tag: u16, value: &[u8]) -> Result<Self, CommandError> {
        let [p1, p2] = tag.to_be_bytes();
        Self::new([0x80, ins::PUT_DATA, p1, p2], value, None)
    }

    /// RECOVER AC with the values of the DRDOL (`EMV Contactless Book C-2, 5.9`).
    ///
    /// # Errors
    /// [`CommandError::TooLong`] when the data does not fit.
    pub fn recover_ac(data: &[u8]) -> Result<Self, CommandError> {
        Self::new([0x80, ins::RECOVER_AC, 0x00, 0x00], data, Some(0))
    }

    fn fixed(header: [u8; 4], le: Option<u8>) -> Self {
        Self { bytes: Octets::of_parts(&[&header, le.as_slice()]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, vec, vec::Vec};
    use proptest::prelude::*;

    #[test]
    fn commands_are_what_the_books_say() {
        let bytes = |command: Command| hex::encode_upper(command.as_bytes());
        assert_eq!(bytes(Command::select(b"1PAY.SYS.DDF01").unwrap()), "00A404000E315041592E5359532E444446303100");
        assert_eq!(bytes(Command::select_next(&[0xA0, 0, 0, 0, 3]).unwrap()), "00A4040205A00000000300");
        assert_eq!(bytes(Command::read_record(1, 2)), "00B2020C00");
        assert_eq!(bytes(Command::get_processing_options(&[0x83, 0x00]).unwrap()), "80A8000002830000");
        assert_eq!(bytes(Command::get_data(0x9F17)), "80CA9F1700");
        assert_eq!(bytes(Command::get_challenge()), "0084000000");
        assert_eq!(bytes(Command::verify(0x80, &[0x24]).unwrap()), "002000800124");
        assert_eq!(bytes(Command::external_authenticate(&[1, 2]).unwrap()), "00820000020102");
        assert_eq!(bytes(Command::compute_cryptographic_checksum(&[0; 4]).unwrap()), "802A8E80040000000000");
        assert_eq!(bytes(Command::exchange_relay_resistance_data([1, 2, 3, 4]).unwrap()), "80EA0000040102030400");
        assert_eq!(bytes(Command::put_data(0x9F75, &[7]).unwrap()), "80DA9F750107");
        assert_eq!(bytes(Command::recover_ac(&[7]).unwrap()), "80D00000010700");
    }

    #[test]
    fn pins_are_not_printed() {
        let block = [0x24, 0x12, 0x34, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        assert_eq!(format!("{:?}", Command::verify(0x80, &block).unwrap()), "Command(0020008008 [hidden])");
        let change = Command::new([0x8C, ins::PIN_CHANGE_UNBLOCK, 0, 0], &block, None).unwrap();
        assert!(!format!("{change:?}").contains("2412"));
        let biometric = Command::new([0x00, 0x21, 0, 0x88], &block, None).unwrap();
        assert!(!format!("{biometric:?}").contains("2412"));
        assert_eq!(format!("{:?}", Command::get_challenge()), "Command(0084000000)");
    }

    #[test]
    fn what_is_no_short_command_is_refused() {
        assert_eq!(Command::new([0; 4], &[0; 256], None).unwrap_err(), CommandError::TooLong(256));
        for raw in [vec![], vec![0; 3], vec![0, 0, 0, 0, 0, 0], vec![0, 0, 0, 0, 2, 1], vec![0, 0, 0, 0, 1, 1, 1, 1]] {
            assert_eq!(Command::from_bytes(&raw).unwrap_err(), CommandError::NotACommand(raw.len()));
        }
    }

    proptest! {
        #[test]
        fn parts_survive(header: [u8; 4], data in proptest::collection::vec(any::<u8>(), 0..=255), le: Option<u8>) {
            let command = Command::new(header, &data, le).unwrap();
            prop_assert_eq!(command.header(), header);
            prop_assert_eq!(command.data(), &data);
            prop_assert_eq!(command.le(), le);
            prop_assert_eq!(Command::from_bytes(command.as_bytes()).unwrap(), command);
        }

        #[test]
        fn any_bytes_are_taken_apart_or_refused(raw in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(command) = Command::from_bytes(&raw) {
                let mut rebuilt: Vec<u8> = command.header().to_vec();
                if !command.data().is_empty() {
                    rebuilt.push(u8::try_from(command.data().len()).unwrap());
                    rebuilt.extend_from_slice(command.data());
                }
                rebuilt.extend(command.le());
                prop_assert_eq!(rebuilt, raw);
            }
        }
    }
}
