//! The field of a contactless reader.

use std::{
    thread,
    time::{Duration, Instant},
};

use apdu::{Card, Command, Exchange, Fault, PinPadRequest, Presence};

use super::{PcscCard, Reader, Readers};

/// How long a card that was activated before may take to leave when one is asked for again. One that stays longer, such as
/// a phone that lies on the reader, is activated anew where it is.
const LEAVING: Duration = Duration::from_secs(3);
/// How long another program may look at a new card.
const PATIENCE: Duration = Duration::from_secs(2);

/// A contactless reader as a card: each activation is a card that comes into its field.
///
/// A PC/SC reader polls by itself and reports the one card it has activated; its answer to reset is made from what the card
/// sent (PC/SC part 3, 3.1.3.2.3). Of several cards in the field it reports one, or none: PC/SC has no word for a
/// collision.
pub struct Field {
    readers: Readers,
    reader: Reader,
    limit: Duration,
    card: Option<PcscCard>,
    /// A card was activated before, so a new one is to be presented.
    again: bool,
}

impl Field {
    /// The field of `reader`; a card may take up to `limit` to come into it.
    pub fn new(readers: Readers, reader: Reader, limit: Duration) -> Self {
        Self { readers, reader, limit, card: None, again: false }
    }

    fn find(&mut self) -> Result<Presence, Fault> {
        // A dropped card is reset, and the reader is free to find the next.
        drop(self.card.take());
        if std::mem::replace(&mut self.again, true) {
            match self.readers.wait_for_removal(&self.reader, Some(LEAVING), || false) {
                Ok(()) | Err(Fault::Timeout) => {}
                Err(fault) => return Err(fault),
            }
        }
        let start = Instant::now();
        loop {
            let left = self.limit.saturating_sub(start.elapsed());
            match self.readers.wait_for_card(&self.reader, Some(left), || false) {
                Ok(()) => {}
                Err(Fault::Absent) => return Ok(Presence::None),
                Err(fault) => return Err(fault),
            }
            match self.readers.open(&self.reader, PATIENCE) {
                Ok(card) => {
                    self.card = Some(card);
                    return Ok(Presence::One);
                }
                // It passed through the field too fast: the next may stay.
                Err(Fault::Absent | Fault::Removed | Fault::Mute | Fault::Unpowered)
                    if start.elapsed() < self.limit =>
                {
                    thread::sleep(Duration::from_millis(50));
                }
                Err(fault) => return Err(fault),
            }
        }
    }
}

impl Card for Field {
    async fn activate(&mut self) -> Result<Presence, Fault> {
        self.find()
    }

    async fn field_off(&mut self, duration: Duration) -> Result<(), Fault> {
        if let Some(card) = self.card.take() {
            // The card may be gone already, and then it has no power either.
            let _ = card.power_off();
        }
        thread::sleep(duration);
        Ok(())
    }

    async fn transmit(&mut self, command: &Command) -> Result<Exchange, Fault> {
        match &mut self.card {
            Some(card) => card.transmit(command).await,
            None => Err(Fault::Absent),
        }
    }

    fn atr(&self) -> &[u8] {
        self.card.as_ref().map_or(&[], |card| card.atr())
    }

    async fn verify_on_pin_pad(&mut self, _: &PinPadRequest) -> Result<Exchange, Fault> {
        Err(Fault::Unsupported)
    }
}
