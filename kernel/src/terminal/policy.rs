//! The hardened policy: what a terminal may ask beyond EMV. A switch only ever makes the outcome stricter: it declines where
//! EMV would go online or approve, goes online where EMV would approve, or wants a PIN where EMV would believe a claim. What
//! a switch decides has a finding of its own, which says that the policy decided and not EMV.

macro_rules! switches {
    ($($(#[$doc:meta])* $name:ident = $id:literal;)*) => {
        /// One thing a policy can ask.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Switch {
            $($(#[$doc])* $name,)*
        }

        impl Switch {
            /// All switches, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Stable kebab-case id: its name in the configuration.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }
        }
    };
}

switches! {
    /// A card whose offline data authentication failed is declined, whatever the action codes and the card say.
    DeclineOnOdaFailure = "decline-on-oda-failure";
    /// Kernels 3 and 7 ask for a signature also when the transaction goes online, and decline when it is wrong.
    RequireOdaForOnline = "require-oda-for-online";
    /// Static data authentication alone is never enough for an offline approval.
    NoSdaOnlyOffline = "no-sda-only-offline";
    /// No PIN goes to the card in the clear.
    NoPlaintextPin = "no-plaintext-pin";
    /// No PIN goes to a card whose static data, and with them its CVM list, are not verified.
    PinOnlyAfterVerifiedStaticData = "pin-only-after-verified-static-data";
    /// No magnetic stripe data through the air.
    NoMsd = "no-msd";
    /// A claim that the cardholder's device verified its holder counts when the card signed it or says that it is a phone,
    /// a watch or the like.
    CdcvmOnlyIfSignedOrMobile = "cdcvm-only-if-signed-or-mobile";
    /// A card number that belongs to another payment system than the application ends the transaction.
    RidIinMatch = "rid-iin-match";
    /// A card that knows relay resistance has to pass it.
    RrpRequiredWhenSupported = "rrp-required-when-supported";
    /// Nothing is approved offline without the card's signature over its decision.
    OfflineApprovalOnlyWithSignedAc = "offline-approval-only-with-signed-ac";
    /// Script commands outside the issuer's set are not sent.
    ScriptInstructionAllowList = "script-instruction-allow-list";
    /// What the host approves has to be authenticated by the card when the card can do that.
    NoApprovalWithoutIssuerAuthentication = "no-approval-without-issuer-authentication";
    /// At most [`MAX_PIN_ENTRIES`] PINs for the card in one transaction, and none after its counter did not fall.
    LimitPinEntries = "limit-pin-entries";
    /// A card that says it verified no PIN where the terminal believes it did is declined.
    DeclineOnCvrMismatch = "decline-on-cvr-mismatch";
}

/// How many PINs may be tried on one card in one transaction under [`Switch::LimitPinEntries`].
pub const MAX_PIN_ENTRIES: u8 = 3;

/// What `base = "hardened"` asks of RSA keys, in bits.
pub const HARDENED_RSA_BITS: u16 = 1024;

/// Below this many bits a key is worth a warning wherever a policy asks for a length at all.
pub const ADVISED_RSA_BITS: u16 = 1408;

/// The policy of a terminal: the switches that are on. Nothing is on by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Policy {
    /// One bit for each switch, in the order of [`Switch::ALL`].
    on: u32,
    /// The shortest RSA key a certificate chain may have, in bits; 0 asks for nothing.
    pub least_rsa_bits: u16,
}

impl Policy {
    /// What EMV says and no more.
    pub const EMV: Self = Self { on: 0, least_rsa_bits: 0 };

    /// All switches on.
    pub fn hardened() -> Self {
        let policy = Self { least_rsa_bits: HARDENED_RSA_BITS, ..Self::EMV };
        Switch::ALL.iter().fold(policy, |policy, switch| policy.with(*switch, true))
    }

    /// Whether a switch is on.
    pub const fn has(&self, switch: Switch) -> bool {
        self.on & Self::bit(switch) != 0
    }

    /// The same policy with a switch on or off.
    #[must_use]
    pub const fn with(self, switch: Switch, on: bool) -> Self {
        let others = self.on & !Self::bit(switch);
        Self { on: if on { others | Self::bit(switch) } else { others }, ..self }
    }

    /// The same policy with another shortest RSA key.
    #[must_use]
    pub const fn with_least_rsa_bits(self, least_rsa_bits: u16) -> Self {
        Self { least_rsa_bits, ..self }
    }

    const fn bit(switch: Switch) -> u32 {
        1 << switch as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_switch_is_its_own() {
        for switch in Switch::ALL {
            let policy = Policy::EMV.with(*switch, true);
            let on: alloc::vec::Vec<_> = Switch::ALL.iter().filter(|other| policy.has(**other)).collect();
            assert_eq!(on, [switch]);
            assert_eq!(policy.with(*switch, false), Policy::EMV);
            assert!(Policy::hardened().has(*switch));
        }
    }
}
