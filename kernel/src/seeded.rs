//! Deliberate bugs: each leaves out one check, so that a test can show that the soundness sweep finds it
//! (`docs/security.md`, Soundness). They exist with the feature `seeded-bugs` alone, where one is chosen at run time;
//! without it `bug` is a constant and nothing of them is built.

/// A check that is left out, or done wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Bug {
    SkipTrailer = 1,
    SkipHeader,
    SkipFormat,
    SkipHash,
    SkipHashAlgorithm,
    SkipKeyAlgorithm,
    SkipIssuerIdentifier,
    SkipCardNumber,
    SkipCertificateExpiry,
    SkipRevocation,
    RebuildPadding,
    AnyExponentLength,
    AnyTagList,
    AnyDataLength,
    AnyRecordTemplate,
    TrustClearCid,
    SkipTransactionHash,
    SkipDynamicHash,
    SkipRelayResistance,
    AcceptUnsignedTc,
    AcceptFailedSignature,
    AcceptHigherCryptogram,
    ForgetFailedBit,
    PanicOnShortCounter,
    SayNothing,
}

impl Bug {
    /// All of them.
    #[cfg(feature = "seeded-bugs")]
    pub const ALL: [Self; 25] = [
        Self::SkipTrailer,
        Self::SkipHeader,
        Self::SkipFormat,
        Self::SkipHash,
        Self::SkipHashAlgorithm,
        Self::SkipKeyAlgorithm,
        Self::SkipIssuerIdentifier,
        Self::SkipCardNumber,
        Self::SkipCertificateExpiry,
        Self::SkipRevocation,
        Self::RebuildPadding,
        Self::AnyExponentLength,
        Self::AnyTagList,
        Self::AnyDataLength,
        Self::AnyRecordTemplate,
        Self::TrustClearCid,
        Self::SkipTransactionHash,
        Self::SkipDynamicHash,
        Self::SkipRelayResistance,
        Self::AcceptUnsignedTc,
        Self::AcceptFailedSignature,
        Self::AcceptHigherCryptogram,
        Self::ForgetFailedBit,
        Self::PanicOnShortCounter,
        Self::SayNothing,
    ];
}

#[cfg(feature = "seeded-bugs")]
static CHOSEN: core::sync::atomic::AtomicU8 = core::sync::atomic::AtomicU8::new(0);

/// From now on the kernel has this bug, or none; in the whole program.
#[cfg(feature = "seeded-bugs")]
pub fn choose(bug: Option<Bug>) {
    CHOSEN.store(bug.map_or(0, |bug| bug as u8), core::sync::atomic::Ordering::Relaxed);
}

/// Whether the kernel has this bug now.
#[cfg(feature = "seeded-bugs")]
pub(crate) fn bug(bug: Bug) -> bool {
    CHOSEN.load(core::sync::atomic::Ordering::Relaxed) == bug as u8
}

/// It never has.
#[cfg(not(feature = "seeded-bugs"))]
pub(crate) const fn bug(_: Bug) -> bool {
    false
}
