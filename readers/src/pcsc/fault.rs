//! The library's errors as faults.

use apdu::Fault;

use crate::result_code::fault_of_code;

pub(super) fn fault_of(error: pcsc::Error) -> Fault {
    fault_of_code(error as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_catalogue_is_its_fault() {
        use pcsc::Error::*;
        let table = [
            (NoService, 0x8010_001D, Fault::ServiceDown),
            (ServiceStopped, 0x8010_001E, Fault::ServiceDown),
            (NoReadersAvailable, 0x8010_002E, Fault::NoReader),
            (UnknownReader, 0x8010_0009, Fault::UnknownReader),
            (ReaderUnavailable, 0x8010_0017, Fault::Unplugged),
            (SharingViolation, 0x8010_000B, Fault::Busy),
            (NoAccess, 0x8010_0027, Fault::NoPermission),
            (SecurityViolation, 0x8010_006A, Fault::NoPermission),
            (NoSmartcard, 0x8010_000C, Fault::Absent),
            (UnresponsiveCard, 0x8010_0066, Fault::Mute),
            (UnpoweredCard, 0x8010_0067, Fault::Unpowered),
            (UnsupportedCard, 0x8010_0065, Fault::BadAtr),
            (CardUnsupported, 0x8010_001C, Fault::BadAtr),
            (ResetCard, 0x8010_0068, Fault::Reset),
            (RemovedCard, 0x8010_0069, Fault::Removed),
            (ProtoMismatch, 0x8010_000F, Fault::Protocol),
            (NotTransacted, 0x8010_0016, Fault::Transmission),
            (CommError, 0x8010_0013, Fault::Transmission),
            (Timeout, 0x8010_000A, Fault::Timeout),
            (Cancelled, 0x8010_0002, Fault::Cancelled),
            (InsufficientBuffer, 0x8010_0008, Fault::BufferShort),
            (InternalError, 0x8010_0001, Fault::Internal),
            (UnknownError, 0x8010_0014, Fault::Internal),
        ];
        for (error, code, fault) in table {
            assert_eq!(error as u32, code, "{error}");
            assert_eq!(fault_of(error), fault, "{error}");
        }
    }

    #[test]
    fn any_other_code_keeps_its_number() {
        let named = (0x8010_0000..=0x8010_0080).filter(|code| fault_of_code(*code) != Fault::Other { code: *code });
        assert_eq!(named.count(), 23);
        assert_eq!(fault_of(pcsc::Error::InvalidHandle), Fault::Other { code: 0x8010_0003 });
        assert_eq!(fault_of_code(0), Fault::Other { code: 0 });
    }
}
