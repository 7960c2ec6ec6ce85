//! PC/SC result codes as faults: one table.

use apdu::Fault;

/// The fault a PC/SC result code stands for; a code outside the table keeps its number.
pub fn fault_of_code(code: u32) -> Fault {
    match code {
        0x8010_0001 | 0x8010_0014 => Fault::Internal,
        0x8010_0002 => Fault::Cancelled,
        0x8010_0008 => Fault::BufferShort,
        0x8010_0009 => Fault::UnknownReader,
        0x8010_000A => Fault::Timeout,
        0x8010_000B => Fault::Busy,
        0x8010_000C => Fault::Absent,
        0x8010_000F => Fault::Protocol,
        0x8010_0013 | 0x8010_0016 => Fault::Transmission,
        0x8010_0017 => Fault::Unplugged,
        0x8010_001C | 0x8010_0065 => Fault::BadAtr,
        0x8010_001D | 0x8010_001E => Fault::ServiceDown,
        0x8010_0027 | 0x8010_006A => Fault::NoPermission,
        0x8010_002E => Fault::NoReader,
        0x8010_0066 => Fault::Mute,
        0x8010_0067 => Fault::Unpowered,
        0x8010_0068 => Fault::Reset,
        0x8010_0069 => Fault::Removed,
        code => Fault::Other { code },
    }
}
