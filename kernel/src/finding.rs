//! Findings: what a check saw, as typed evidence. Nothing here is text for people.

pub mod evidence;
pub mod reason;

use alloc::vec::Vec;

use apdu::Bit;

pub use evidence::{Evidence, Fact, Place, Value};
pub use reason::Reason;

/// One thing a check has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which reason of the catalogue.
    pub reason: Reason,
    /// In which phase of the transaction; set when the session takes the finding.
    pub phase: Phase,
    /// What it did to the transaction.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// The TVR bit it set, if any.
    pub tvr: Option<Bit>,
    /// What was seen: the decisive evidence first.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// A proven finding that left the transaction going on with something lost ([`Severity::Degraded`]).
    pub fn new(reason: Reason) -> Self {
        Self {
            reason,
            phase: Phase::Reset,
            severity: Severity::Degraded,
            certainty: Certainty::Proven,
            tvr: None,
            evidence: Vec::new(),
        }
    }

    /// The same finding, ending the transaction.
    #[must_use]
    pub fn fatal(mut self) -> Self {
        self.severity = Severity::Fatal;
        self
    }

    /// The same finding with another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same finding with another certainty.
    #[must_use]
    pub fn certainty(mut self, certainty: Certainty) -> Self {
        self.certainty = certainty;
        self
    }

    /// The same finding, having set a TVR bit.
    #[must_use]
    pub fn sets(mut self, bit: Bit) -> Self {
        self.tvr = Some(bit);
        self
    }

    /// The same finding with one more piece of evidence.
    #[must_use]
    pub fn with(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }
}

/// The boxes of the flow chart (`EMV 4.4 Book 3, figure 7`), in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// Reset and answer to reset.
    Reset,
    /// Contactless: pre-processing.
    PreProcessing,
    /// Contactless: protocol activation.
    Activation,
    /// Application selection.
    Selection,
    /// Initiate application processing.
    Initiation,
    /// Contactless: relay resistance.
    RelayResistance,
    /// Read application data.
    ReadData,
    /// Contactless: data exchange with the terminal.
    DataExchange,
    /// Offline data authentication.
    Authentication,
    /// Processing restrictions.
    Restrictions,
    /// Cardholder verification.
    CardholderVerification,
    /// Terminal risk management.
    RiskManagement,
    /// Terminal action analysis.
    ActionAnalysis,
    /// Contactless: recovery of a torn transaction.
    TornRecovery,
    /// Contactless: the checksum of mag-stripe mode.
    MagStripe,
    /// The first GENERATE AC.
    FirstGenerateAc,
    /// Contactless: what the outcome shows, and the field.
    Outcome,
    /// Online processing.
    Online,
    /// Contactless: what the issuer sent to a card presented a second time.
    IssuerUpdate,
    /// Issuer authentication.
    IssuerAuthentication,
    /// Issuer scripts before the second GENERATE AC.
    ScriptsBefore,
    /// The second GENERATE AC.
    SecondGenerateAc,
    /// Issuer scripts after the second GENERATE AC.
    ScriptsAfter,
    /// Completion.
    Completion,
}

impl Phase {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::PreProcessing => "pre-processing",
            Self::Activation => "activation",
            Self::Selection => "selection",
            Self::Initiation => "initiation",
            Self::RelayResistance => "relay-resistance",
            Self::ReadData => "read-data",
            Self::DataExchange => "data-exchange",
            Self::Authentication => "authentication",
            Self::Restrictions => "restrictions",
            Self::CardholderVerification => "cardholder-verification",
            Self::RiskManagement => "risk-management",
            Self::ActionAnalysis => "action-analysis",
            Self::TornRecovery => "torn-recovery",
            Self::MagStripe => "mag-stripe",
            Self::FirstGenerateAc => "first-generate-ac",
            Self::Outcome => "outcome",
            Self::Online => "online",
            Self::IssuerUpdate => "issuer-update",
            Self::IssuerAuthentication => "issuer-authentication",
            Self::ScriptsBefore => "scripts-before",
            Self::SecondGenerateAc => "second-generate-ac",
            Self::ScriptsAfter => "scripts-after",
            Self::Completion => "completion",
        }
    }
}

/// What a finding did to the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing: worth knowing.
    Info,
    /// The transaction went on with something lost: a method, a CVM, being offline.
    Degraded,
    /// It set the bit that an action code turned into the decline.
    Cause,
    /// It was the decline.
    Decline,
    /// It ended the transaction.
    Fatal,
}

impl Severity {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Degraded => "degraded",
            Self::Cause => "cause",
            Self::Decline => "decline",
            Self::Fatal => "fatal",
        }
    }
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Certainty {
    /// A hint: from statistics, or a host code alone.
    Hint,
    /// Several causes are possible; this one fits best.
    Likely,
    /// The bytes allow no other reading.
    Proven,
}

impl Certainty {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Likely => "likely",
            Self::Proven => "proven",
        }
    }
}

/// Whose fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// The card, or who personalised it.
    Card,
    /// The cardholder.
    Cardholder,
    /// The terminal's configuration or keys.
    TerminalConfig,
    /// The reader or its driver.
    Reader,
    /// The network, the acquirer's or the issuer's host.
    NetworkIssuer,
    /// Whoever operates the terminal.
    Operator,
    /// Somebody who attacks.
    SuspectedAttack,
}

impl Category {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Cardholder => "cardholder",
            Self::TerminalConfig => "terminal-config",
            Self::Reader => "reader",
            Self::NetworkIssuer => "network-issuer",
            Self::Operator => "operator",
            Self::SuspectedAttack => "suspected-attack",
        }
    }
}

macro_rules! remedies {
    ($($name:ident = $id:literal, $doc:literal;)*) => {
        /// What a merchant can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Remedy {
            $(#[doc = $doc] $name,)*
        }

        impl Remedy {
            /// Stable kebab-case id.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// All remedies.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

remedies! {
    Retry = "retry", "Insert the card again, fully.";
    Clean = "clean", "Wipe chip and slot.";
    Tap = "tap", "Hold one card flat on the reader.";
    Phone = "phone", "Unlock the phone and tap again.";
    Insert = "insert", "Use the chip.";
    Other = "other", "Another card or way to pay.";
    Bank = "bank", "The customer calls the issuing bank.";
    NewCard = "new-card", "The customer needs a new card.";
    Pin = "pin", "Let the customer type the PIN again.";
    PinStop = "pin-stop", "Stop PIN tries.";
    Amount = "amount", "Check the amount.";
    Net = "net", "Check the network.";
    Query = "query", "Look the transaction up before charging again.";
    SignIn = "sign-in", "Sign the terminal on again.";
    Update = "update", "Download parameters, keys or software.";
    Clock = "clock", "Set date and time.";
    Reboot = "reboot", "Restart the terminal or reader.";
    Acquirer = "acquirer", "Call the acquirer with the reason id.";
    Redo = "redo", "Check the steps and do it again.";
    Hold = "hold", "Hand nothing over; call the acquirer.";
    Wait = "wait", "Try again in a few minutes.";
    None = "none", "Nothing to do.";
}
