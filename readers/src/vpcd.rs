//! Any card as a virtual PC/SC card: the card side of the vpcd protocol.
//!
//! The virtual reader driver `vpcd` listens on a TCP port; connecting means inserting the card, closing means taking it
//! out. A message is two bytes of length, most significant first, and a body: one byte is a control word, more are a
//! command, answered with a message of the same form.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

use apdu::{Card, Command, Fault, Response, StatusWord};
use zeroize::Zeroizing;

use crate::wait::wait;

/// How often a waiting card looks whether it shall stop.
const GLANCE: Duration = Duration::from_millis(50);
/// How long the reader may take to accept an answer.
const WRITE_LIMIT: Duration = Duration::from_secs(10);
/// `6700`: wrong length, the answer to bytes that are no command.
const WRONG_LENGTH: StatusWord = StatusWord(0x6700);

/// What a reader does to a card besides sending commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// Power off.
    Off,
    /// Power on: cold reset.
    On,
    /// Warm reset.
    Reset,
}

/// What happened while a card was served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// Commands answered.
    pub exchanges: u64,
    /// Cold and warm resets.
    pub resets: u64,
    /// Why it ended.
    pub ended: Ended,
}

/// Why serving a card ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The caller asked for it.
    Stopped,
    /// The reader went away.
    ReaderClosed,
    /// The card gave a fault instead of an answer, which to the reader is a card pulled out.
    Card(Fault),
}

/// Inserts `card` into the virtual reader at `address` and answers until `stop` says so, the reader closes, or the
/// card gives a fault. `power` tells the card that its power comes or goes or that it is reset: it then forgets
/// everything that is not stored. `stop` is asked at least twenty times a second.
///
/// # Errors
/// When the reader cannot be reached, or the connection fails other than by closing.
pub fn serve<C: Card>(
    card: &mut C,
    address: impl ToSocketAddrs,
    power: impl FnMut(&mut C, Power),
    stop: impl FnMut() -> bool,
) -> io::Result<Served> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(GLANCE))?;
    stream.set_write_timeout(Some(WRITE_LIMIT))?;
    let mut slot = Slot { stream, power, stop, served: Served { exchanges: 0, resets: 0, ended: Ended::ReaderClosed } };
    slot.served.ended = match slot.run(card) {
        Ok(ended) => ended,
        Err(error) if is_closing(&error) => Ended::ReaderClosed,
        Err(error) => return Err(error),
    };
    Ok(slot.served)
}

fn is_closing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
}

struct Slot<P, S> {
    stream: TcpStream,
    power: P,
    stop: S,
    served: Served,
}

impl<P, S: FnMut() -> bool> Slot<P, S> {
    fn run<C: Card>(&mut self, card: &mut C) -> io::Result<Ended>
    where
        P: FnMut(&mut C, Power),
    {
        while let Some(message) = self.receive()? {
            if let Err(fault) = self.answer(card, &message)? {
                return Ok(Ended::Card(fault));
            }
        }
        Ok(Ended::Stopped)
    }

    fn answer<C: Card>(&mut self, card: &mut C, message: &[u8]) -> io::Result<Result<(), Fault>>
    where
        P: FnMut(&mut C, Power),
    {
        match message {
            [0] => (self.power)(card, Power::Off),
            [1] => self.reset(card, Power::On),
            [2] => self.reset(card, Power::Reset),
            [4] => self.send(card.atr())?,
            [] | [_] => {}
            _ => return self.exchange(card, message),
        }
        Ok(Ok(()))
    }

    fn reset<C>(&mut self, card: &mut C, how: Power)
    where
        P: FnMut(&mut C, Power),
    {
        self.served.resets = self.served.resets.saturating_add(1);
        (self.power)(card, how);
    }

    fn exchange<C: Card>(&mut self, card: &mut C, message: &[u8]) -> io::Result<Result<(), Fault>> {
        let Ok(command) = Command::from_bytes(message) else {
            return self.send(Response::status_only(WRONG_LENGTH).as_bytes()).map(Ok);
        };
        match wait(card.transmit(&command)) {
            Ok(exchange) => {
                self.served.exchanges = self.served.exchanges.saturating_add(1);
                self.send(exchange.response.as_bytes()).map(Ok)
            }
            Err(fault) => Ok(Err(fault)),
        }
    }

    /// The next message, wiped after use because it may carry a PIN; nothing when the caller wants to stop.
    fn receive(&mut self) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let mut length = [0; 2];
        if !self.fill(&mut length)? {
            return Ok(None);
        }
        let mut body = Zeroizing::new(vec![0; usize::from(u16::from_be_bytes(length))]);
        Ok(self.fill(&mut body)?.then_some(body))
    }

    fn fill(&mut self, mut room: &mut [u8]) -> io::Result<bool> {
        while !room.is_empty() {
            if (self.stop)() {
                return Ok(false);
            }
            acknowledge_quickly(&self.stream)?;
            match self.stream.read(room) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(read) => room = room.get_mut(read..).unwrap_or_default(),
                Err(error) if is_pause(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Length and body leave in one segment: apart, the second would wait for the first one's acknowledgement.
    fn send(&mut self, body: &[u8]) -> io::Result<()> {
        let length = u16::try_from(body.len()).map_err(|_| ErrorKind::InvalidData)?;
        let mut message = Vec::with_capacity(body.len().saturating_add(2));
        message.extend_from_slice(&length.to_be_bytes());
        message.extend_from_slice(body);
        self.stream.write_all(&message)
    }
}

fn is_pause(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

/// The driver sends length and body apart and waits for an acknowledgement in between, which the kernel delays by 40 ms
/// unless asked before every read: the option does not last.
#[cfg(target_os = "linux")]
fn acknowledge_quickly(stream: &TcpStream) -> io::Result<()> {
    use std::os::linux::net::TcpStreamExt;
    stream.set_quickack(true)
}

#[cfg(not(target_os = "linux"))]
fn acknowledge_quickly(_: &TcpStream) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{
        future::Future,
        net::TcpListener,
        sync::atomic::{AtomicBool, Ordering},
        thread,
    };

    use apdu::Exchange;

    use super::*;

    /// Answers with the command's own bytes and `9000`; INS FF pulls the card out.
    #[derive(Default)]
    struct Echo {
        powers: Vec<Power>,
    }

    impl Card for Echo {
        fn transmit(&mut self, command: &Command) -> impl Future<Output = Result<Exchange, Fault>> {
            let response = Response::new(command.as_bytes(), StatusWord::OK).map_err(|_| Fault::Length);
            let answer = response.map(|response| Exchange { response, elapsed: Duration::ZERO });
            std::future::ready(if command.ins() == 0xFF { Err(Fault::Removed) } else { answer })
        }

        fn atr(&self) -> &[u8] {
            &[0x3B, 0x60, 0, 0]
        }
    }

    /// The reader's side: `talk` speaks to a served card and ends the session by closing.
    fn with_reader(talk: impl FnOnce(&mut TcpStream)) -> (Served, Echo) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let card = thread::spawn(move || {
            let mut card = Echo::default();
            let served = serve(&mut card, address, |card, power| card.powers.push(power), || false).unwrap();
            (served, card)
        });
        let (mut stream, _) = listener.accept().unwrap();
        talk(&mut stream);
        drop(stream);
        card.join().unwrap()
    }

    fn answer(stream: &mut TcpStream) -> Vec<u8> {
        let mut length = [0; 2];
        stream.read_exact(&mut length).unwrap();
        let mut body = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut body).unwrap();
        body
    }

    #[test]
    fn controls_commands_and_nonsense_are_told_apart() {
        let (served, card) = with_reader(|stream| {
            stream.write_all(&[0, 1, 1, 0, 1, 2, 0, 1, 0, 0, 1, 9, 0, 0, 0, 1, 4]).unwrap();
            assert_eq!(answer(stream), [0x3B, 0x60, 0, 0]);
            stream.write_all(&[0, 5, 0, 0xB2, 1]).unwrap();
            stream.write_all(&[0x0C, 0]).unwrap();
            assert_eq!(answer(stream), [0, 0xB2, 1, 0x0C, 0, 0x90, 0]);
            stream.write_all(&[0, 6, 0, 0xB2, 1, 0x0C, 9, 9]).unwrap();
            assert_eq!(answer(stream), [0x67, 0]);
        });
        assert_eq!(card.powers, [Power::On, Power::Reset, Power::Off]);
        assert_eq!(served, Served { exchanges: 1, resets: 2, ended: Ended::ReaderClosed });
    }

    #[test]
    fn a_fault_of_the_card_pulls_it_out() {
        let (served, _) = with_reader(|stream| {
            stream.write_all(&[0, 4, 0, 0xFF, 0, 0]).unwrap();
            assert_eq!(stream.read(&mut [0; 1]).unwrap(), 0);
        });
        assert_eq!(served.ended, Ended::Card(Fault::Removed));
    }

    #[test]
    fn the_caller_can_stop_a_waiting_card() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        static STOP: AtomicBool = AtomicBool::new(false);
        let card =
            thread::spawn(move || serve(&mut Echo::default(), address, |_, _| {}, || STOP.load(Ordering::Relaxed)));
        let (stream, _) = listener.accept().unwrap();
        STOP.store(true, Ordering::Relaxed);
        assert_eq!(card.join().unwrap().unwrap().ended, Ended::Stopped);
        drop(stream);
    }
}
