//! What no recording tells, and what is taken instead.

/// Something that had to be assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assumption {
    /// The date: no list of the card asked for it.
    Date,
    /// The terminal's country.
    Country,
    /// What the terminal can do (`9F33`).
    Capabilities,
    /// What kind of terminal it is (`9F35`).
    TerminalType,
    /// The amount.
    Amount,
    /// The issuer's response code: only what the card was asked next tells.
    ResponseCode,
    /// The terminal's own action codes: no recording tells them.
    ActionCodes,
    /// That the rules for cards with contacts hold, though the card was read without.
    Contact,
    /// That the card answered relay resistance in time: the recording has no times.
    Distance,
}

impl Assumption {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Country => "country",
            Self::Capabilities => "capabilities",
            Self::TerminalType => "terminal-type",
            Self::Amount => "amount",
            Self::ResponseCode => "response-code",
            Self::ActionCodes => "action-codes",
            Self::Contact => "contact",
            Self::Distance => "distance",
        }
    }

    /// All assumptions.
    pub const ALL: &'static [Self] = &[
        Self::Date,
        Self::Country,
        Self::Capabilities,
        Self::TerminalType,
        Self::Amount,
        Self::ResponseCode,
        Self::ActionCodes,
        Self::Contact,
        Self::Distance,
    ];
}
