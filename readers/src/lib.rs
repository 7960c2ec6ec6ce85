//! Everything that *is* a card, and everything that looks like one.
//!
//! A card is whatever implements [`apdu::Card`]; the EMV kernel knows no more about it. Here are
//!
//! - `pcsc`: the card in a PC/SC reader, T=0 or T=1, with the reader's PIN pad if it has one (feature `pcsc`, default);
//! - [`Tape`]: the card, and the point of sale, of a recorded transaction;
//! - wrappers around any other card, which nest: [`Tracer`] shows every exchange, [`Recorder`] writes it to a
//!   [`Transcript`], [`FaultInjector`] lets it go wrong;
//! - [`trace`]: what others recorded, in whatever shape, as commands and responses;
//! - [`vpcd`]: the other way round, any card as a virtual card for other programs' PC/SC;
//! - `rig`: readers without hardware, for tests (feature `rig`, Linux only).
//!
//! [`transport`] holds what T=0 and T=1 ask of whoever sends a command, free of PC/SC.
//!
//! Cards answer with a future that is ready at once; [`wait`] runs one without an async runtime.
//!
//! ```
//! # use emvident_readers as readers;
//! use apdu::{Card, Command};
//! use readers::{FaultInjector, Recording, Tape, Transcript, fault_injector::{Rule, What}, transcript::Header, wait};
//!
//! // A recorded card, whose first answer gets another status word, recorded again.
//! let tape = Tape::new(Transcript::parse("emvident transcript 1\n\n> 80CA9F36 00\n< 9F36020001 9000 150us\n")?);
//! let faulty = FaultInjector::new(tape.card(), [Rule::at(1, What::Status(apdu::StatusWord(0x6A88)))]);
//! let recording = Recording::new(Header::default());
//! let mut card = recording.card(faulty);
//!
//! let exchange = wait(card.transmit(&Command::get_data(0x9F36)))?;
//! assert_eq!(exchange.response.status().0, 0x6A88);
//! assert!(recording.transcript().to_string().ends_with("> 80CA9F36 00\n< 9F36020001 6A88 150us\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]
// What cards, readers, hosts and files send must not overflow anything. Tests may count as they like.
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

pub mod fault_injector;
pub mod notation;
#[cfg(feature = "pcsc")]
pub mod pcsc;
pub mod recorder;
pub mod replay;
mod result_code;
#[cfg(all(feature = "rig", target_os = "linux"))]
pub mod rig;
pub mod trace;
pub mod tracer;
pub mod transcript;
pub mod transport;
pub mod vpcd;
mod wait;

pub use fault_injector::FaultInjector;
pub use recorder::{Recorder, Recording};
pub use replay::{ReplayCard, Tape};
pub use result_code::fault_of_code;
pub use tracer::Tracer;
pub use transcript::Transcript;
pub use wait::wait;
