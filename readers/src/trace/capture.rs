//! pcap and pcapng files with GSMTAP packets of type SIM, as SIMtrace and its relatives write them.

mod gsmtap;
mod packets;

use super::{Error, Format, Reason, Trace, assembler::Assembler};
use packets::packets;

const EXPECTED: &str = "UDP packets of port 4729 with APDUs (GSMTAP type 4)";

pub(super) fn read(file: &[u8]) -> Result<Trace, Error> {
    let mut assembler = Assembler::new(Format::Capture);
    let mut card = gsmtap::Card::default();
    let whole = packets(file, |packet| match packet.payload {
        Some(payload) => card.hear(&mut assembler, packet.number, packet.at, payload),
        None => {
            assembler.skip(packet.number, Reason::OtherProtocol, b"", 0);
            Ok(())
        }
    })?;
    card.end(&mut assembler)?;
    if let Some(packet) = whole.broken_at {
        assembler.skip(packet, Reason::Damaged, b"", 0);
    }
    assembler.finish_filled(EXPECTED)
}
