//! Calls that may never return, and a caller who goes on all the same: a driver that hangs takes its thread with it, not
//! the program.

use std::{
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

use apdu::Fault;

/// A call; what it is made on is gone after the last one.
type Call<T> = Box<dyn FnOnce(&mut Option<T>) + Send>;

/// Something whose every call runs on a thread of its own, with a deadline.
///
/// Dropping it drops what it guards and waits for that, unless a call is overdue: then nobody waits any more.
pub(super) struct Guarded<T> {
    calls: Option<Sender<Call<T>>>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Send + 'static> Guarded<T> {
    /// Guards `value`.
    ///
    /// # Errors
    /// [`Fault::Internal`] when the system gives no thread.
    pub fn new(value: T) -> Result<Self, Fault> {
        let mut value = Some(value);
        let (calls, queue) = mpsc::channel::<Call<T>>();
        let work = move || queue.into_iter().for_each(|call| call(&mut value));
        let thread = thread::Builder::new().name("card".to_owned()).spawn(work).map_err(|_| Fault::Internal)?;
        Ok(Self { calls: Some(calls), thread: Some(thread) })
    }

    /// Makes a call and waits for its end, at most `limit`.
    ///
    /// # Errors
    /// [`Fault::Timeout`] when it is overdue, and of every call after that.
    pub fn call<R: Send + 'static>(
        &mut self,
        limit: Duration,
        call: impl FnOnce(&mut T) -> R + Send + 'static,
    ) -> Result<R, Fault> {
        self.run(limit, |value| value.as_mut().map(call))
    }

    /// Makes the last call, which takes what is guarded.
    ///
    /// # Errors
    /// As [`Guarded::call`].
    pub fn last<R: Send + 'static>(
        mut self,
        limit: Duration,
        call: impl FnOnce(T) -> R + Send + 'static,
    ) -> Result<R, Fault> {
        self.run(limit, |value| value.take().map(call))
    }

    fn run<R: Send + 'static>(
        &mut self,
        limit: Duration,
        call: impl FnOnce(&mut Option<T>) -> Option<R> + Send + 'static,
    ) -> Result<R, Fault> {
        let (done, result) = mpsc::sync_channel(1);
        // Nobody takes the result of an overdue call.
        let call = Box::new(move |value: &mut Option<T>| drop(done.send(call(value))));
        let calls = self.calls.as_ref().ok_or(Fault::Timeout)?;
        calls.send(call).map_err(|_| Fault::Internal)?;
        let result = result.recv_timeout(limit).map_err(|error| match error {
            RecvTimeoutError::Disconnected => Fault::Internal,
            RecvTimeoutError::Timeout => {
                (self.calls, self.thread) = (None, None);
                Fault::Timeout
            }
        })?;
        result.ok_or(Fault::Internal)
    }
}

impl<T> Drop for Guarded<T> {
    fn drop(&mut self) {
        self.calls = None;
        // A thread that panicked has dropped what it had.
        self.thread.take().map(JoinHandle::join).into_iter().for_each(drop);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
        time::Instant,
    };

    use super::*;

    const LONG: Duration = Duration::from_secs(600);
    const SHORT: Duration = Duration::from_millis(20);

    struct Flag(Arc<AtomicBool>);

    impl Drop for Flag {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[test]
    fn calls_come_back_in_order_with_what_they_found() {
        let mut guarded = Guarded::new(1_u32).unwrap();
        for expected in [2, 4, 8] {
            let doubled = guarded.call(LONG, |value| {
                *value *= 2;
                *value
            });
            assert_eq!(doubled, Ok(expected));
        }
    }

    #[test]
    fn a_call_that_hangs_is_overdue_and_nobody_waits_for_it() {
        let start = Instant::now();
        let mut guarded = Guarded::new(()).unwrap();
        assert_eq!(guarded.call(SHORT, |()| thread::sleep(LONG)), Err(Fault::Timeout));
        assert_eq!(guarded.call(LONG, |()| ()), Err(Fault::Timeout), "nothing goes to a reader that hangs");
        drop(guarded);
        assert!(start.elapsed() < LONG / 10);
    }

    #[test]
    fn dropping_waits_until_what_is_guarded_is_gone() {
        let gone = Arc::new(AtomicBool::new(false));
        drop(Guarded::new(Flag(gone.clone())).unwrap());
        assert!(gone.load(Ordering::SeqCst));
    }

    #[test]
    fn a_call_that_panics_is_a_fault() {
        let mut guarded = Guarded::new(()).unwrap();
        assert_eq!(guarded.call(LONG, |()| -> () { panic!("as a driver may") }), Err(Fault::Internal));
    }

    #[test]
    fn the_last_call_takes_what_is_guarded() {
        assert_eq!(Guarded::new(String::from("card")).unwrap().last(LONG, |value| value), Ok("card".to_owned()));
    }
}
