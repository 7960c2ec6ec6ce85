//! What a CVM rule asks for, decided from values alone (`EMV 4.4 Book 3, 10.5 and Annex C3`; Book 4, 6.3.4).

use core::cmp::Ordering;

use apdu::{
    Bit, tag,
    value::{
        AdditionalTerminalCapabilities, CvmCondition, CvmMethod, CvmRule, TerminalCapabilities, TerminalType,
        additional_terminal_capabilities::PRINT_ATTENDANT, terminal_capabilities as capability, tvr,
    },
};

use crate::{
    store::CardData,
    terminal::Terminal,
    transaction::{Transaction, TransactionKind},
};

/// Everything that conditions and methods are decided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// Terminal type (`9F35`).
    pub terminal_type: TerminalType,
    /// Terminal capabilities (`9F33`).
    pub capabilities: TerminalCapabilities,
    /// Additional terminal capabilities (`9F40`).
    pub additional_capabilities: AdditionalTerminalCapabilities,
    /// Transaction currency code (`5F2A`).
    pub currency: [u8; 2],
    /// Application currency code (`9F42`).
    pub application_currency: Option<[u8; 2]>,
    /// Transaction type.
    pub kind: TransactionKind,
    /// Amount authorised in minor units.
    pub amount: u64,
    /// The cashback part of it in minor units.
    pub amount_other: u64,
    /// Amount X of the list.
    pub x: u32,
    /// Amount Y of the list.
    pub y: u32,
}

/// Why a condition does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unmet {
    /// This is no unattended cash.
    NotUnattendedCash,
    /// This is unattended cash, manual cash or purchase with cashback.
    CashOrCashback,
    /// The terminal cannot perform the method.
    MethodUnusable(Unusable),
    /// This is no manual cash.
    NotManualCash,
    /// This is no purchase with cashback.
    NotCashback,
    /// The card does not say its currency.
    NoApplicationCurrency,
    /// The transaction is in another currency than the application.
    OtherCurrency,
    /// The amount is not under this one.
    NotUnder(u32),
    /// The amount is not over this one.
    NotOver(u32),
    /// The condition is reserved or a payment system's own.
    ConditionUnknown,
}

impl Unmet {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::NotUnattendedCash => "not-unattended-cash",
            Self::CashOrCashback => "cash-or-cashback",
            Self::MethodUnusable(_) => "method-unusable",
            Self::NotManualCash => "not-manual-cash",
            Self::NotCashback => "not-cashback",
            Self::NoApplicationCurrency => "no-application-currency",
            Self::OtherCurrency => "other-currency",
            Self::NotUnder(_) => "not-under",
            Self::NotOver(_) => "not-over",
            Self::ConditionUnknown => "condition-unknown",
        }
    }
}

/// Why a method cannot be performed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// This kernel does not know it.
    Unrecognised,
    /// This kernel knows it, this terminal cannot do it.
    Unsupported(Missing),
}

/// What the terminal is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// This bit of its capabilities (`9F33`).
    Capability(Bit),
    /// An attendant to compare signatures.
    Attendant,
    /// A printer that the attendant can reach, for the signature line.
    AttendantPrinter,
}

impl Missing {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Capability(_) => "capability",
            Self::Attendant => "attendant",
            Self::AttendantPrinter => "attendant-printer",
        }
    }
}

/// A method that this terminal can perform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Performable {
    /// Fail CVM processing.
    Fail,
    /// No CVM required.
    NoCvm,
    /// Signature.
    Signature,
    /// Enciphered PIN verified online.
    OnlinePin,
    /// PIN verified by the card.
    OfflinePin {
        /// The PIN travels enciphered.
        enciphered: bool,
        /// A signature is wanted too.
        signature: bool,
    },
}

impl Circumstances {
    /// What terminal, transaction and card say.
    pub fn new(terminal: &Terminal, transaction: &Transaction, card: &CardData, x: u32, y: u32) -> Self {
        Self {
            terminal_type: terminal.terminal_type,
            capabilities: terminal.capabilities,
            additional_capabilities: terminal.additional_capabilities,
            currency: terminal.currency,
            application_currency: card.array(tag::APPLICATION_CURRENCY_CODE_9F42),
            kind: transaction.kind,
            amount: transaction.amount,
            amount_other: transaction.amount_other,
            x,
            y,
        }
    }

    fn is_unattended_cash(&self) -> bool {
        self.kind == TransactionKind::Cash && self.terminal_type.unattended()
    }

    /// Cash that somebody hands out: asked for as such, or at any terminal that is not unattended.
    fn is_manual_cash(&self) -> bool {
        self.kind.is_cash() && !self.is_unattended_cash()
    }

    fn is_cashback(&self) -> bool {
        let purchase = self.kind == TransactionKind::Purchase && self.amount_other > 0;
        self.kind == TransactionKind::PurchaseWithCashback || purchase
    }

    /// Whether the card can be given a PIN in any form.
    fn has_offline_pin(&self) -> bool {
        self.capabilities.has(capability::PLAINTEXT_OFFLINE_PIN)
            || self.capabilities.has(capability::ENCIPHERED_OFFLINE_PIN_RSA)
    }

    fn need(&self, bit: Bit) -> Result<(), Unusable> {
        let has = self.capabilities.has(bit);
        if has { Ok(()) } else { Err(Unusable::Unsupported(Missing::Capability(bit))) }
    }

    /// A signature is for an attendant to compare, on paper that the terminal prints.
    fn need_signature(&self) -> Result<(), Unusable> {
        self.need(capability::SIGNATURE)?;
        let missing = match (self.terminal_type.attended(), self.additional_capabilities.has(PRINT_ATTENDANT)) {
            (true, true) => return Ok(()),
            (false, _) => Missing::Attendant,
            (true, false) => Missing::AttendantPrinter,
        };
        Err(Unusable::Unsupported(missing))
    }
}

/// Whether the condition of a rule holds. A condition that is not understood, or for which data is missing, does not.
///
/// # Errors
/// [`Unmet`]: why not.
pub fn condition(rule: CvmRule, circumstances: &Circumstances) -> Result<(), Unmet> {
    let (holds, otherwise) = match rule.condition() {
        CvmCondition::Always => return Ok(()),
        CvmCondition::UnattendedCash => (circumstances.is_unattended_cash(), Unmet::NotUnattendedCash),
        CvmCondition::NotCashNorCashback => {
            (!circumstances.kind.is_cash() && !circumstances.is_cashback(), Unmet::CashOrCashback)
        }
        CvmCondition::TerminalSupports => {
            return method(rule.method(), circumstances).map(drop).map_err(Unmet::MethodUnusable);
        }
        CvmCondition::ManualCash => (circumstances.is_manual_cash(), Unmet::NotManualCash),
        CvmCondition::PurchaseWithCashback => (circumstances.is_cashback(), Unmet::NotCashback),
        CvmCondition::UnderX => return under(circumstances, circumstances.x),
        CvmCondition::OverX => return over(circumstances, circumstances.x),
        CvmCondition::UnderY => return under(circumstances, circumstances.y),
        CvmCondition::OverY => return over(circumstances, circumstances.y),
        CvmCondition::Rfu(_) | CvmCondition::PaymentSystem(_) => return Err(Unmet::ConditionUnknown),
    };
    if holds { Ok(()) } else { Err(otherwise) }
}

/// An amount equal to the limit is neither under nor over it.
fn under(circumstances: &Circumstances, limit: u32) -> Result<(), Unmet> {
    let under = compared(circumstances, limit)? == Ordering::Less;
    if under { Ok(()) } else { Err(Unmet::NotUnder(limit)) }
}

fn over(circumstances: &Circumstances, limit: u32) -> Result<(), Unmet> {
    let over = compared(circumstances, limit)? == Ordering::Greater;
    if over { Ok(()) } else { Err(Unmet::NotOver(limit)) }
}

/// The amount against `limit`, which is in the application's currency.
fn compared(circumstances: &Circumstances, limit: u32) -> Result<Ordering, Unmet> {
    match circumstances.application_currency {
        None => Err(Unmet::NoApplicationCurrency),
        Some(currency) if currency != circumstances.currency => Err(Unmet::OtherCurrency),
        Some(_) => Ok(circumstances.amount.cmp(&u64::from(limit))),
    }
}

/// Whether this kernel knows a method and this terminal can perform it.
///
/// Biometric methods and the codes that payment systems and issuers have for themselves are not recognised. PINs are
/// enciphered for the card under RSA keys only, so that the capability to do so under ECC keys supports nothing here.
///
/// # Errors
/// [`Unusable`]: why not.
pub fn method(method: CvmMethod, circumstances: &Circumstances) -> Result<Performable, Unusable> {
    let offline_pin = |enciphered, signature| Performable::OfflinePin { enciphered, signature };
    let (needs, performable) = match method {
        CvmMethod::Fail => return Ok(Performable::Fail),
        CvmMethod::NoCvm => (capability::NO_CVM, Performable::NoCvm),
        CvmMethod::Signature => (capability::SIGNATURE, Performable::Signature),
        CvmMethod::OnlinePin => (capability::ONLINE_PIN, Performable::OnlinePin),
        CvmMethod::PlaintextPin => (capability::PLAINTEXT_OFFLINE_PIN, offline_pin(false, false)),
        CvmMethod::PlaintextPinAndSignature => (capability::PLAINTEXT_OFFLINE_PIN, offline_pin(false, true)),
        CvmMethod::EncipheredPin => (capability::ENCIPHERED_OFFLINE_PIN_RSA, offline_pin(true, false)),
        CvmMethod::EncipheredPinAndSignature => (capability::ENCIPHERED_OFFLINE_PIN_RSA, offline_pin(true, true)),
        CvmMethod::Biometric { .. }
        | CvmMethod::PaymentSystem(_)
        | CvmMethod::Issuer(_)
        | CvmMethod::Unrecognised(_) => return Err(Unusable::Unrecognised),
    };
    circumstances.need(needs)?;
    if method.needs_signature() {
        circumstances.need_signature()?;
    }
    Ok(performable)
}

/// The TVR bit of a rule whose condition holds and whose method is unusable.
///
/// A PIN that cannot be entered at all is a missing PIN pad; a PIN that could be entered for another method is not.
pub fn unusable_bit(method: CvmMethod, unusable: Unusable, circumstances: &Circumstances) -> Option<Bit> {
    let no_pin_pad = method == CvmMethod::OnlinePin || (method.needs_offline_pin() && !circumstances.has_offline_pin());
    match unusable {
        Unusable::Unrecognised => Some(tvr::UNRECOGNISED_CVM),
        Unusable::Unsupported(_) => no_pin_pad.then_some(tvr::PIN_PAD_FAILED),
    }
}

#[cfg(test)]
mod tests;
