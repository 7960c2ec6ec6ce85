//! The corpus of attacks and faults: what hostile and broken cards, wedges, hosts and readers do, and how it must end.
//!
//! One file in `vectors/faults` is one id of the corpus. It holds cases:
//!
//! ```toml
//! id = "ATK-05"
//! name = "PIN wedge"
//! name-zh-cn = "密码楔入"
//! source = "who published it"
//! spec-hole = "yes"                      # yes, part, no: whether the specification lets it through
//! settled = "why the expectation is another than one would think"
//!
//! [[case]]                               # or all of it without [[case]], when there is one
//! title = "what is special about this case"
//! card = "cda"                           # everything else as in a scenario: transaction, people, host, …
//! mutations = ["wire verify sw 9000"]    # see `mutation`; without them, it is the control
//! limits = { exchanges = 20, ms = 2000 }
//! expect.emv = { decision = "approved", by = "card", reasons = ["…"] }
//! expect.hardened = { decision = "declined" }    # what differs from emv; left out when nothing does
//! ```
//!
//! Every case is run three times: under the policy `emv`, under `hardened`, and without its mutations. The last is the
//! control: it must be approved, and must find none of what the case is about.
//!
//! `kind = "exhaustive"` with `tests = ["tests/faults/x.rs: name"]` names tests that go through everything there is;
//! `kind = "not-here"` says `why` an id has nothing to run.

mod case;
mod corpus;
mod document;
mod entry;
mod mutation;
mod play;
mod wire;

pub use case::{Case, Expected, Limits};
pub use corpus::{FILES, entries, entry};
pub use document::table;
pub use entry::{Entry, Hole, Kind};
pub use mutation::Mutation;
pub use play::{Played, Verdict, Way};
pub use wire::Wire;
