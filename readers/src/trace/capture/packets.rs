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

#[cfg(test)]
mod tests {
    use super::*;
    use etherparse::PacketBuilder;

    /// A classic capture of one frame.
    fn capture(link: i32, frame: &[u8], big_endian: bool) -> Vec<u8> {
        let length = u32::try_from(frame.len()).unwrap();
        let words = [0xA1B2_C3D4, 0x0002_0004, 0, 0, 0xFFFF, u32::try_from(link).unwrap(), 1, 500_000, length, length];
        let halves =
            |word: u32| [word >> 16, word & 0xFFFF].map(|half| u16::try_from(half).unwrap().to_le_bytes()).concat();
        let word = |(index, word): (usize, u32)| match (index, big_endian) {
            (_, true) => word.to_be_bytes().to_vec(),
            (1, false) => halves(word),
            _ => word.to_le_bytes().to_vec(),
        };
        words.into_iter().enumerate().flat_map(word).chain(frame.iter().copied()).collect()
    }

    fn payloads(file: &[u8]) -> Vec<Option<Vec<u8>>> {
        let mut found = Vec::new();
        packets(file, |packet| {
            assert_eq!(packet.at, Some(Duration::from_millis(1_500)));
            found.push(packet.payload.map(<[u8]>::to_vec));
            Ok(())
        })
        .unwrap();
        found
    }

    #[test]
    fn every_usual_link_is_known() {
        let built = |build: &dyn Fn(&mut Vec<u8>)| {
            let mut frame = Vec::new();
            build(&mut frame);
            frame
        };
        let ip = built(&|frame| {
            PacketBuilder::ipv4([127, 0, 0, 1], [127, 0, 0, 1], 9).udp(5, PORT).write(frame, b"tap").unwrap()
        });
        let ip_6 = built(&|frame| PacketBuilder::ipv6([1; 16], [2; 16], 9).udp(PORT, 5).write(frame, b"tap").unwrap());
        let vlan = built(&|frame| {
            let ethernet =
                PacketBuilder::ethernet2([0; 6], [0; 6]).single_vlan(etherparse::VlanId::try_new(7).unwrap());
            ethernet.ipv6([1; 16], [2; 16], 9).udp(5, PORT).write(frame, b"tap").unwrap();
        });
        let behind = |header: &[u8]| [header, &ip].concat();
        let cooked = [0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0];
        let frames = [
            (1, vlan),
            (101, ip.clone()),
            (229, ip_6),
            (0, behind(&[2, 0, 0, 0])),
            (113, behind(&cooked)),
            (276, behind(&[0; 20])),
        ];
        for (link, frame) in frames {
            for big_endian in [false, true] {
                assert_eq!(payloads(&capture(link, &frame, big_endian)), [Some(b"tap".to_vec())], "link {link}");
            }
        }
        let other_port =
            built(&|frame| PacketBuilder::ipv4([1; 4], [2; 4], 9).udp(5, 53).write(frame, b"dns").unwrap());
        assert_eq!(payloads(&capture(101, &other_port, false)), [None]);
        assert_eq!(payloads(&capture(147, &ip, false)), [None]);
        assert_eq!(payloads(&capture(1, b"short", false)), [None]);
    }
}
