//! Counting what the kernel allocates, on this thread and while it runs: cards, people and hosts do not count, what they
//! give does.
//!
//! Growing a buffer counts as having the old and the new one at once, as on an allocator that has to copy.

#![allow(unsafe_code, reason = "an allocator cannot be written without")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

/// The system's allocator, counting. A program that measures has it as its `#[global_allocator]`.
#[derive(Debug)]
pub struct Counting;

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    live: isize,
    peak: isize,
    calls: usize,
}

thread_local! {
    /// `None` while nothing is measured.
    static COUNT: Cell<Option<Count>> = const { Cell::new(None) };
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The most bytes that were allocated at one time.
    pub peak: usize,
    /// How often something was allocated.
    pub calls: usize,
}

fn count(bytes: isize) {
    // While a thread ends there is nothing to count with, and nothing to count.
    let _ = COUNT.try_with(|cell| {
        if let Some(mut count) = cell.get() {
            count.live += bytes;
            count.peak = count.peak.max(count.live);
            count.calls += usize::from(bytes > 0);
            cell.set(Some(count));
        }
    });
}

fn signed(size: usize) -> isize {
    isize::try_from(size).unwrap_or(isize::MAX)
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(signed(layout.size()));
        // SAFETY: the caller keeps the rules of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-signed(layout.size()));
        // SAFETY: the caller keeps the rules of `dealloc`.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(signed(size));
        count(-signed(layout.size()));
        // SAFETY: the caller keeps the rules of `realloc`.
        unsafe { System.realloc(at, layout, size) }
    }
}

/// Does something and says what it allocated.
pub fn measured<T>(what: impl FnOnce() -> T) -> (T, Measured) {
    let before = COUNT.replace(Some(Count::default()));
    let done = what();
    let Count { peak, calls, .. } = COUNT.replace(before).unwrap_or_default();
    (done, Measured { peak: peak.unsigned_abs(), calls })
}

/// Does something that does not count, but for `size` of what it gives.
pub fn outside<T>(what: impl FnOnce() -> T, size: impl FnOnce(&T) -> usize) -> T {
    let before = COUNT.replace(None);
    let done = what();
    COUNT.set(before);
    count(signed(size(&done)));
    done
}
