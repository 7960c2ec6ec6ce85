//! What a scenario must come to, worked out from the specification by hand.

use serde::Deserialize;

/// How a transaction must end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expectation {
    /// `approved`, `declined` or `not-completed`.
    pub decision: String,
    /// Who decided, such as `issuer`.
    pub by: String,
    /// Terminal verification results, ten hexadecimal digits.
    pub tvr: String,
    /// Transaction status information, four hexadecimal digits.
    pub tsi: String,
    /// CVM results, six hexadecimal digits; left out when the transaction did not get that far.
    pub cvm: Option<String>,
    /// Authorisation response code, two characters; left out when there is none.
    pub response_code: Option<String>,
    /// What each GENERATE AC asks for: its reference control parameter P1, two hexadecimal digits.
    #[serde(default)]
    pub asked: Vec<String>,
    /// `online`, `signature`, `advice`, `reversal`, in this order.
    #[serde(default)]
    pub flags: Vec<String>,
    /// Issuer script results (`9F5B`), ten hexadecimal digits for each script.
    #[serde(default)]
    pub scripts: Vec<String>,
    /// The ids of all findings, in the order they are made.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// The id of the root cause; left out for an approval.
    pub root: Option<String>,
    /// The ids of what nobody proved and what would explain it as well.
    #[serde(default)]
    pub suspicions: Vec<String>,
    /// The final contactless outcome with its parameters in one line, such as `online-request cvm=online-pin data-record`;
    /// left out when it is not checked.
    pub tap: Option<String>,
    /// The outcome of every kernel activation, in order; left out when they are not checked.
    pub taps: Option<Vec<String>>,
}
