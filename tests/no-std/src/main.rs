//! Links `apdu` and `kernel` into a program that brings its own allocator and panic handler and has no `std`.
//!
//! When a crate below pulls `std` in, its panic handler is the second one and this does not compile.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::{
    alloc::{GlobalAlloc, Layout},
    vec::Vec,
};
use core::{
    cell::UnsafeCell,
    sync::atomic::{AtomicUsize, Ordering},
};

use apdu::{Tag, tag, tlv};

const HEAP: usize = 1 << 20;

/// Hands out memory from the front and takes none back.
struct Bump {
    heap: UnsafeCell<[u8; HEAP]>,
    used: AtomicUsize,
}

// SAFETY: every byte of the heap is handed out once.
unsafe impl Sync for Bump {}

// SAFETY: `alloc` gives disjoint, aligned, in-bounds pieces, or null.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.used.fetch_add(layout.size() + layout.align(), Ordering::Relaxed);
        if start + layout.size() + layout.align() > HEAP {
            return core::ptr::null_mut();
        }
        let base = self.heap.get().cast::<u8>().wrapping_add(start);
        base.wrapping_add(base.align_offset(layout.align()))
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static ALLOCATOR: Bump = Bump { heap: UnsafeCell::new([0; HEAP]), used: AtomicUsize::new(0) };

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: `abort` takes nothing and does not return.
    unsafe { abort() }
}

/// The precompiled `core` asks for this name even when panics abort.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

#[link(name = "c")]
unsafe extern "C" {
    fn abort() -> !;
}

/// Status 0 when a record reads as it should.
#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    i32::from(!record_reads())
}

fn record_reads() -> bool {
    let record = [0x70, 0x06, 0x5F, 0x24, 0x03, 0x31, 0x12, 0x31];
    let mut seen: Vec<Tag> = Vec::new();
    tlv::walk(&record, &mut |object, _| seen.push(object.tag)).is_ok()
        && seen == [tag::READ_RECORD_TEMPLATE_70, tag::APPLICATION_EXPIRATION_DATE_5F24]
}
