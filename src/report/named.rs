//! Terms of the kernel in JSON: their stable ids.

use kernel::{
    Decider, Decision, Phase, Reason, TransactionKind,
    contact::{analyse::Codes, verify_cardholder::Step},
    diagnosis::RuledOut,
    finding::{Category, Certainty, Fact, Remedy, Severity},
    oda::report::Certificate,
};
use serde::Serializer;

/// Something with a stable id.
pub(super) trait Named {
    /// The id.
    fn name(&self) -> &'static str;
}

macro_rules! named {
    ($($type:ty),*) => {
        $(impl Named for $type {
            fn name(&self) -> &'static str {
                self.id()
            }
        })*
    };
}

named!(
    Category,
    Certainty,
    Certificate,
    Codes,
    Decider,
    Decision,
    Fact,
    Phase,
    Reason,
    Remedy,
    RuledOut,
    Severity,
    Step,
    TransactionKind
);

/// One id.
pub(super) fn one<S: Serializer>(named: &impl Named, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(named.name())
}

/// One id, or none.
pub(super) fn maybe<S: Serializer>(named: &Option<impl Named>, serializer: S) -> Result<S::Ok, S::Error> {
    match named {
        Some(named) => one(named, serializer),
        None => serializer.serialize_none(),
    }
}

/// A list of ids.
pub(super) fn all<S: Serializer>(named: &[impl Named], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(named.iter().map(Named::name))
}
