//! A software card between which and the kernel stands the input: most answers pass, the others are spoilt as bytes, as
//! data objects, as status words, as time, or come from the input alone. So the fuzzer reaches the last box of the chart
//! and not only the first, and our own directory and FCI lead hostile bytes into each kernel.

use std::time::Duration;

use emvident::{
    apdu::{Card, Command, Exchange, Fault, PinPadRequest, Presence, Response, Tag, tlv},
    vectors::SoftwareCard,
};

use super::{input::Input, unruly::Shared};

/// The card.
#[derive(Debug)]
pub struct Hostile<'a> {
    /// What it is made of.
    pub card: SoftwareCard,
    /// What it does.
    pub input: Shared<'a>,
    /// Whether its reader has a PIN pad.
    pub pin_pad: bool,
    /// From this exchange on the answers are the input's alone.
    pub taken_over_at: u8,
}

const FAULTS: [Fault; 12] = [
    Fault::Removed,
    Fault::Timeout,
    Fault::Transmission,
    Fault::Protocol,
    Fault::Length,
    Fault::Mute,
    Fault::Reset,
    Fault::Unpowered,
    Fault::Unplugged,
    Fault::Internal,
    Fault::Absent,
    Fault::Other { code: 0xDEAD_BEEF },
];

const STATUS_WORDS: [u16; 16] = [
    0x9000, 0x6283, 0x6300, 0x63C0, 0x63C1, 0x6700, 0x6982, 0x6983, 0x6984, 0x6985, 0x6A81, 0x6A82, 0x6A83, 0x6A88,
    0x6D00, 0x6F00,
];

impl Hostile<'_> {
    fn spoil(&mut self, response: &Response) -> Result<Response, Fault> {
        let mut input = self.input.borrow_mut();
        if self.taken_over_at == 0 {
            let mut bytes = input.some();
            bytes.extend_from_slice(&input.one_of(&STATUS_WORDS).to_be_bytes());
            return Response::from_bytes(&bytes).map_err(|_| Fault::Length);
        }
        self.taken_over_at = self.taken_over_at.saturating_sub(1);
        let bytes = match input.byte() {
            0..=169 => return Ok(response.clone()),
            170..=184 => spoilt_bytes(response.as_bytes(), &mut input),
            185..=229 => spoilt_objects(response, &mut input),
            230..=237 => [response.data(), &input.one_of(&STATUS_WORDS).to_be_bytes()].concat(),
            238..=243 => vec![input.byte(), input.byte()],
            244..=248 => input.some(),
            _ => return Err(*input.one_of(&FAULTS)),
        };
        Response::from_bytes(&bytes).map_err(|_| Fault::Transmission)
    }

    fn elapsed(&self) -> Duration {
        let late = self.input.borrow_mut().byte();
        match late {
            0..=249 => Duration::from_micros(u64::from(late) * 50),
            250..=254 => Duration::from_secs(u64::from(late - 249) * 6),
            255 => Duration::from_secs(u64::from(u32::MAX)),
        }
    }
}

fn spoilt_bytes(bytes: &[u8], input: &mut Input<'_>) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let (how, at) = (input.byte() % 3, usize::from(input.byte()).min(bytes.len()));
    match (how, bytes.get_mut(at)) {
        (0, Some(byte)) => *byte ^= input.byte(),
        (1, _) => bytes.truncate(at),
        _ => drop(bytes.splice(at..at, input.some())),
    }
    bytes
}

/// The answer with one data object changed, and the lengths around it right.
fn spoilt_objects(response: &Response, input: &mut Input<'_>) -> Vec<u8> {
    let mut count = 0;
    let _ = tlv::walk(response.data(), &mut |_, _| count += 1);
    let mut wanted = usize::from(input.byte()).checked_rem(count).unwrap_or(0);
    let how = input.byte() % 8;
    let new = if how < 4 { input.some() } else { Vec::new() };
    let mask = input.byte();
    let change = |object: &tlv::Tlv<'_>, out: &mut Vec<u8>| match how {
        0 | 1 => tlv::write(out, object.tag, &new),
        2 => {
            out.extend_from_slice(object.raw);
            out.extend_from_slice(&new);
        }
        3 => tlv::write(out, Tag::new(u32::from(mask)), object.value),
        4 => {}
        5 => out.extend_from_slice(&object.raw.repeat(2)),
        6 => tlv::write(out, object.tag, &object.value.iter().map(|byte| byte ^ mask).collect::<Vec<_>>()),
        _ => tlv::write(out, object.tag, &object.value[..object.value.len().min(usize::from(mask))]),
    };
    let mut bytes = rebuilt(response.data(), &mut wanted, 0, &change);
    bytes.extend_from_slice(&response.status().0.to_be_bytes());
    bytes
}

fn rebuilt(objects: &[u8], wanted: &mut usize, depth: u8, change: &impl Fn(&tlv::Tlv<'_>, &mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    for object in tlv::Reader::strict(objects).flatten() {
        let hit = *wanted == 0;
        *wanted = wanted.wrapping_sub(1);
        if hit {
            change(&object, &mut out);
        } else if object.tag.is_constructed() && depth < tlv::MAX_DEPTH {
            let inside = rebuilt(object.value, wanted, depth + 1, change);
            tlv::write(&mut out, object.tag, &inside);
        } else {
            out.extend_from_slice(object.raw);
        }
    }
    out
}

impl Card for Hostile<'_> {
    async fn activate(&mut self) -> Result<Presence, Fault> {
        let presence = self.card.activate().await?;
        let mut input = self.input.borrow_mut();
        Ok(match input.byte() {
            0..=240 => presence,
            241..=247 => Presence::Several,
            248..=252 => Presence::None,
            _ => return Err(*input.one_of(&FAULTS)),
        })
    }

    async fn field_off(&mut self, duration: Duration) -> Result<(), Fault> {
        self.card.field_off(duration).await
    }

    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        let Exchange { response, .. } = self.card.transmit(command).await?;
        let elapsed = self.elapsed();
        Ok(Exchange { response: self.spoil(&response)?, elapsed })
    }

    fn atr(&self) -> &[u8] {
        self.card.atr()
    }

    fn has_pin_pad(&self) -> bool {
        self.pin_pad
    }

    async fn verify_on_pin_pad(&mut self, _: &PinPadRequest) -> Result<Exchange, Fault> {
        let mut input = self.input.borrow_mut();
        let status = [input.byte(), input.byte()];
        let response = Response::from_bytes(&status).map_err(|_| Fault::Transmission)?;
        Ok(Exchange { response, elapsed: Duration::ZERO })
    }
}
