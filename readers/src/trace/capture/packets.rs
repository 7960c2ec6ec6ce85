//! The UDP packets of GSMTAP's port in a capture.

use std::time::Duration;

use etherparse::{SlicedPacket, TransportSlice};
use pcap_parser::{
    Block, Linktype, PcapBlockOwned, PcapHeader, PcapNGSlice, parse_pcap_frame, parse_pcap_frame_be, parse_pcap_header,
};

use crate::trace::{Error, error::found};

/// GSMTAP's port.
const PORT: u16 = 4_729;

const EXPECTED: &str = "a pcap or pcapng file";

/// One packet.
pub(super) struct Packet<'a> {
    /// From 1.
    pub number: usize,
    pub at: Option<Duration>,
    /// What UDP carries, if it goes to GSMTAP's port or comes from there.
    pub payload: Option<&'a [u8]>,
}

/// How far a capture could be read.
pub(super) struct Whole {
    /// The packet that is cut short or broken; nothing is read behind it.
    pub broken_at: Option<usize>,
}

/// Shows every packet of `file`.
pub(super) fn packets<'a>(file: &'a [u8], show: impl FnMut(Packet<'a>) -> Result<(), Error>) -> Result<Whole, Error> {
    if file.starts_with(&[0x0A, 0x0D, 0x0D, 0x0A]) { next_generation(file, show) } else { classic(file, show) }
}

fn classic<'a>(file: &'a [u8], mut show: impl FnMut(Packet<'a>) -> Result<(), Error>) -> Result<Whole, Error> {
    let (mut rest, header) = parse_pcap_header(file).map_err(|_| no_capture(file))?;
    let frame = if header.is_bigendian() { parse_pcap_frame_be } else { parse_pcap_frame };
    let mut number = 1_usize;
    while !rest.is_empty() {
        let Ok((behind, packet)) = frame(rest) else { return Ok(Whole { broken_at: Some(number) }) };
        let at = Some(time(&header, packet.ts_sec, packet.ts_usec));
        show(Packet { number, at, payload: payload(header.network, packet.data) })?;
        rest = behind;
        number = number.saturating_add(1);
    }
    Ok(Whole { broken_at: None })
}

fn time(header: &PcapHeader, seconds: u32, fraction: u32) -> Duration {
    let fraction = u64::from(fraction);
    let fraction =
        if header.is_nanosecond_precision() { Duration::from_nanos(fraction) } else { Duration::from_micros(fraction) };
    Duration::from_secs(u64::from(seconds)).saturating_add(fraction)
}

fn next_generation<'a>(file: &'a [u8], mut show: impl FnMut(Packet<'a>) -> Result<(), Error>) -> Result<Whole, Error> {
    let blocks = PcapNGSlice::from_slice(file).map_err(|_| no_capture(file))?;
    let mut links: Vec<Linktype> = Vec::new();
    let mut number = 1_usize;
    for block in blocks {
        let Ok(PcapBlockOwned::NG(block)) = block else { return Ok(Whole { broken_at: Some(number) }) };
        let (interface, data) = match block {
            Block::SectionHeader(_) => {
                links.clear();
                continue;
            }
            Block::InterfaceDescription(interface) => {
                links.push(interface.linktype);
                continue;
            }
            Block::EnhancedPacket(packet) => (packet.if_id, within(packet.data, packet.caplen)),
            Block::SimplePacket(packet) => (0, within(packet.data, packet.origlen)),
            _ => continue,
        };
        let link = usize::try_from(interface).ok().and_then(|interface| links.get(interface));
        show(Packet { number, at: None, payload: link.and_then(|link| payload(*link, data)) })?;
        number = number.saturating_add(1);
    }
    Ok(Whole { broken_at: None })
}

/// Without the bytes that fill up the block.
fn within(data: &[u8], length: u32) -> &[u8] {
    usize::try_from(length).ok().and_then(|length| data.get(..length)).unwrap_or(data)
}

fn no_capture(file: &[u8]) -> Error {
    Error::malformed(1, 1, EXPECTED, found(file.get(..8).unwrap_or(file)))
}

/// What UDP carries in a frame of `link`.
fn payload(link: Linktype, frame: &[u8]) -> Option<&[u8]> {
    const RAW: [i32; 5] = [12, 14, 101, 228, 229];
    let packet = match link {
        Linktype::ETHERNET => SlicedPacket::from_ethernet(frame),
        Linktype::LINUX_SLL => SlicedPacket::from_linux_sll(frame),
        Linktype::LINUX_SLL2 => SlicedPacket::from_ip(frame.get(20..)?),
        Linktype::NULL | Linktype::LOOP => SlicedPacket::from_ip(frame.get(4..)?),
        Linktype(raw) if RAW.contains(&raw) => SlicedPacket::from_ip(frame),
        _ => return None,
    };
    match packet.ok()?.transport? {
        TransportSlice::Udp(udp) if [udp.source_port(), udp.destination_port()].contains(&PORT) => Some(udp.payload()),
        _ => None,
    }
}
