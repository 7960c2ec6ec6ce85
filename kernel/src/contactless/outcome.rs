//! What a kernel, and in the end Entry Point, hands to the terminal (`EMV Contactless Book A, 6.2`; Book B, 3.5).

pub mod error_indication;
pub mod user_interface;

use alloc::vec::Vec;
use core::fmt;

use apdu::Tag;

pub use error_indication::{ErrorIndication, L1, L2, L3};
pub use user_interface::{MessageId, Status, UserInterfaceRequest, ValueQualifier};

use super::kernel_id::KernelId;

/// An outcome with all its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TapOutcome {
    /// What the terminal is to do.
    pub outcome: OutcomeKind,
    /// Where Entry Point begins again.
    pub start: Start,
    /// What host data a new start waits for.
    pub online_response_data: OnlineResponseData,
    /// The cardholder verification the terminal has to perform.
    pub cvm: Cvm,
    /// What to show with the outcome.
    pub ui_on_outcome: Option<UserInterfaceRequest>,
    /// What to show when it starts again.
    pub ui_on_restart: Option<UserInterfaceRequest>,
    /// Data for the authorisation or clearing message.
    pub data_record: Option<Vec<(Tag, Vec<u8>)>>,
    /// Data for the terminal's own use.
    pub discretionary_data: Option<Vec<(Tag, Vec<u8>)>>,
    /// The interface to go to.
    pub alternate_interface: AlternateInterface,
    /// A receipt is to be given.
    pub receipt: bool,
    /// For how many units of 100 ms the field goes off; `None` leaves it as it is.
    pub field_off: Option<u8>,
    /// After how many units of 100 ms without a host answer the cardholder may take the card away; 0 for no limit.
    pub removal_timeout: u16,
    /// What went wrong, in the coding of kernel 2.
    pub error: ErrorIndication,
}

impl TapOutcome {
    /// An outcome with every other parameter not applicable.
    pub fn new(outcome: OutcomeKind) -> Self {
        Self {
            outcome,
            start: Start::NotApplicable,
            online_response_data: OnlineResponseData::NotApplicable,
            cvm: Cvm::NotApplicable,
            ui_on_outcome: None,
            ui_on_restart: None,
            data_record: None,
            discretionary_data: None,
            alternate_interface: AlternateInterface::NotApplicable,
            receipt: false,
            field_off: None,
            removal_timeout: 0,
            error: ErrorIndication::default(),
        }
    }

    /// The same with this start.
    #[must_use]
    pub fn start(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// The same with this to show at once.
    #[must_use]
    pub fn shows(mut self, message: MessageId, status: Status) -> Self {
        self.ui_on_outcome = Some(UserInterfaceRequest::new(message, status));
        self
    }

    /// The same with this to show at the restart.
    #[must_use]
    pub fn shows_on_restart(mut self, message: MessageId, status: Status) -> Self {
        self.ui_on_restart = Some(UserInterfaceRequest::new(message, status));
        self
    }
}

/// The outcome and its parameters in one line; what is not applicable or empty is left out. What it shows at once stands in
/// the transcript, where it was shown.
impl fmt::Display for TapOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.outcome.id())?;
        let parameters = [
            ("start", self.start.id()),
            ("online-response-data", self.online_response_data.id()),
            ("cvm", self.cvm.id()),
            ("alternate-interface", self.alternate_interface.id()),
        ];
        let applicable = parameters.into_iter().filter(|(_, value)| *value != "-");
        applicable.into_iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))?;
        if let Some(ui) = &self.ui_on_restart {
            write!(f, " ui-on-restart={}/{}", ui.message.id(), ui.status.id())?;
        }
        self.field_off.map_or(Ok(()), |hold| write!(f, " field-off={hold}"))?;
        if self.removal_timeout != 0 {
            write!(f, " removal-timeout={}", self.removal_timeout)?;
        }
        let flags = [
            (self.receipt, "receipt"),
            (self.data_record.is_some(), "data-record"),
            (self.discretionary_data.is_some(), "discretionary-data"),
        ];
        flags.into_iter().filter(|(set, _)| *set).try_for_each(|(_, name)| write!(f, " {name}"))?;
        fmt::Display::fmt(&self.error, f)
    }
}

macro_rules! choices {
    ($(#[$doc:meta])* $kind:ident { $($(#[$item:meta])* $name:ident = $id:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $kind {
            $($(#[$item])* $name,)*
        }

        impl $kind {
            /// Stable kebab-case id.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}
pub(crate) use choices;

choices! {
    /// The outcomes (`EMV Contactless Book A, 6.1`).
    OutcomeKind {
        /// Go on with the next candidate.
        SelectNext = "select-next",
        /// Present the card again.
        TryAgain = "try-again",
        /// Approved.
        Approved = "approved",
        /// Declined.
        Declined = "declined",
        /// Ask the issuer.
        OnlineRequest = "online-request",
        /// Go to the contacts or the stripe.
        TryAnotherInterface = "try-another-interface",
        /// The transaction ends without a decision.
        EndApplication = "end-application",
        /// Collect a PIN, then start again.
        RequestOnlinePin = "request-online-pin",
    }
}

choices! {
    /// Where Entry Point begins again.
    Start {
        /// Pre-processing.
        A = "a",
        /// Protocol activation.
        B = "b",
        /// Combination selection.
        C = "c",
        /// Kernel activation.
        D = "d",
        /// Nowhere.
        NotApplicable = "-",
    }
}

choices! {
    /// What host data a new start waits for.
    OnlineResponseData {
        /// Issuer authentication data or scripts.
        EmvData = "emv-data",
        /// Any answer.
        Any = "any",
        /// None.
        NotApplicable = "-",
    }
}

choices! {
    /// The cardholder verification the terminal has to perform.
    Cvm {
        /// None.
        NoCvm = "no-cvm",
        /// Online PIN.
        OnlinePin = "online-pin",
        /// The cardholder's own device has verified the cardholder.
        ConfirmationCodeVerified = "confirmation-code-verified",
        /// A signature.
        ObtainSignature = "obtain-signature",
        /// Nothing was decided.
        NotApplicable = "-",
    }
}

choices! {
    /// The interface to go to.
    AlternateInterface {
        /// The contacts.
        ContactChip = "contact-chip",
        /// The stripe.
        MagneticStripe = "magnetic-stripe",
        /// None in particular.
        NotApplicable = "-",
    }
}

/// What became of one kernel activation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activation {
    /// The kernel.
    pub kernel: KernelId,
    /// The name the application was selected with.
    pub name: Vec<u8>,
    /// The combination, as an index of the terminal's.
    pub combination: usize,
    /// Where Entry Point began.
    pub start: Start,
    /// The terminal has started Entry Point again after an outcome.
    pub restarted: bool,
    /// What the kernel said.
    pub outcome: TapOutcome,
}
