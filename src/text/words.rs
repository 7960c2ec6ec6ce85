//! The texts of the kernel's own terms.

use apdu::{
    Bit, StatusWord, status,
    value::{CvmCondition, CvmMethod},
};
use kernel::{
    Decider, Decision, Phase, TransactionKind,
    finding::{Category, Certainty, Fact, Remedy, Severity},
    oda::report::Certificate,
    point_of_sale::Message,
};

use super::{File, Text};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident($type:ty) = $file:ident $prefix:literal;)*) => {
        impl Text {
            $($(#[$doc])* pub fn $name(&self, what: $type) -> String {
                self.say(File::$file, &format!(concat!($prefix, "-{}"), what.id()))
            })*
        }
    };
}

words! {
    /// What a merchant can do.
    remedy(Remedy) = Remedies "remedy";
    /// What evidence is about.
    fact(Fact) = Facts "fact";
    /// A box of the flow chart.
    phase(Phase) = Facts "phase";
    /// What a finding did to the transaction.
    severity(Severity) = Facts "severity";
    /// How sure a finding is.
    certainty(Certainty) = Facts "certainty";
    /// Whose fault.
    category(Category) = Facts "category";
    /// How it ended.
    decision(Decision) = Facts "decision";
    /// Who decided it.
    decider(Decider) = Facts "decider";
    /// What kind of transaction.
    kind(TransactionKind) = Facts "kind";
    /// A certificate or signature of the chain.
    certificate(Certificate) = Facts "certificate";
    /// A message for cardholder or merchant.
    message(Message) = Facts "message";
}

impl Text {
    /// A bit of the terminal verification results.
    pub fn verification_bit(&self, bit: Bit) -> String {
        self.say(File::Facts, &format!("tvr-{}-{}", bit.byte, bit.position))
    }

    /// A bit of the transaction status information.
    pub fn status_bit(&self, bit: Bit) -> String {
        self.say(File::Facts, &format!("tsi-{}-{}", bit.byte, bit.position))
    }

    /// What a status word says in answer to the instruction `ins`.
    pub fn status_word(&self, ins: u8, status: StatusWord) -> String {
        self.say(File::Status, &format!("sw-{}", status::key(ins, status)))
    }

    /// A fixed word of evidence; the word itself when it needs no translation.
    pub fn word(&self, word: &str) -> String {
        self.find(File::Facts, &format!("word-{word}")).unwrap_or_else(|| word.replace('-', " "))
    }

    /// How a rule wants the cardholder verified.
    pub fn method(&self, method: CvmMethod) -> String {
        let id = match method {
            CvmMethod::Fail => "fail",
            CvmMethod::PlaintextPin => "plaintext-pin",
            CvmMethod::OnlinePin => "online-pin",
            CvmMethod::PlaintextPinAndSignature => "plaintext-pin-and-signature",
            CvmMethod::EncipheredPin => "enciphered-pin",
            CvmMethod::EncipheredPinAndSignature => "enciphered-pin-and-signature",
            CvmMethod::Biometric { .. } => "biometric",
            CvmMethod::Signature => "signature",
            CvmMethod::NoCvm => "no-cvm",
            CvmMethod::PaymentSystem(_) => "payment-system",
            CvmMethod::Issuer(_) => "issuer",
            CvmMethod::Unrecognised(_) => "unrecognised",
        };
        self.say(File::Facts, &format!("method-{id}"))
    }

    /// When a rule holds; `x` and `y` are the amounts of the list, as they are to be shown.
    pub fn condition(&self, condition: CvmCondition, (x, y): (&str, &str)) -> String {
        let (id, amount) = match condition {
            CvmCondition::Always => ("always", ""),
            CvmCondition::UnattendedCash => ("unattended-cash", ""),
            CvmCondition::NotCashNorCashback => ("not-cash-nor-cashback", ""),
            CvmCondition::TerminalSupports => ("terminal-supports", ""),
            CvmCondition::ManualCash => ("manual-cash", ""),
            CvmCondition::PurchaseWithCashback => ("purchase-with-cashback", ""),
            CvmCondition::UnderX => ("under-x", x),
            CvmCondition::OverX => ("over-x", x),
            CvmCondition::UnderY => ("under-y", y),
            CvmCondition::OverY => ("over-y", y),
            CvmCondition::Rfu(_) => ("rfu", ""),
            CvmCondition::PaymentSystem(_) => ("payment-system", ""),
        };
        self.say_with(File::Facts, &format!("condition-{id}"), &[("amount", amount)])
    }
}
