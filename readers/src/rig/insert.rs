//! A card in a rig's reader, served by a thread.

use std::{
    io,
    net::SocketAddrV4,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use apdu::Card;

use crate::vpcd::{self, Power, Served};

/// A card in a rig's reader; it leaves when this is dropped.
pub struct Inserted {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<io::Result<Served>>>,
}

impl Inserted {
    pub(super) fn start<C, M, P>(address: SocketAddrV4, make: M, power: P) -> Self
    where
        C: Card,
        M: FnOnce() -> C + Send + 'static,
        P: FnMut(&mut C, Power) + Send + 'static,
    {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread =
            thread::spawn(move || vpcd::serve(&mut make(), address, power, || stopped.load(Ordering::Relaxed)));
        Self { stop, thread: Some(thread) }
    }

    /// Takes the card out and says what it was asked.
    ///
    /// # Errors
    /// When the reader could not be reached, or the card panicked.
    pub fn remove(mut self) -> io::Result<Served> {
        self.stop.store(true, Ordering::Relaxed);
        let thread = self.thread.take().ok_or(io::ErrorKind::NotConnected)?;
        thread.join().map_err(|_| io::Error::other("the card panicked"))?
    }
}

impl Drop for Inserted {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // Whoever wants the result calls `remove`.
            let _ = thread.join();
        }
    }
}
