//! The policy: `[policy]`.

use alloc::vec::Vec;

use toml::de::DeValue;

use super::{
    ConfigError, Section,
    machine::or,
    values::{flag, number},
};
use crate::terminal::policy::{Policy, Switch};

const BASE: &str = "base";
const LEAST_RSA_BITS: &str = "least-rsa-bits";

/// Longer keys than this no certificate of a card can hold (`EMV 4.4 Book 2, Annex D2`).
const LONGEST_KEY: u16 = 1984;

/// The base, and over it each switch that is there.
pub(super) fn policy(file: &Section<'_>) -> Result<Policy, ConfigError> {
    let known: Vec<&str> = [BASE, LEAST_RSA_BITS].into_iter().chain(Switch::ALL.iter().map(|one| one.id())).collect();
    let Some(section) = file.section("policy", &known)? else { return Ok(Policy::EMV) };
    let base = or(&section, BASE, "\"emv\" or \"hardened\"", base, Policy::EMV)?;
    let bits = "a number of bits from 0, for any length, to 1984";
    let bits = or(&section, LEAST_RSA_BITS, bits, |value| number(value, 0..=LONGEST_KEY), base.least_rsa_bits)?;
    Switch::ALL.iter().try_fold(base.with_least_rsa_bits(bits), |policy, switch| {
        Ok(policy.with(*switch, or(&section, switch.id(), "true or false", flag, policy.has(*switch))?))
    })
}

fn base(value: &DeValue<'_>) -> Option<Policy> {
    match value.as_str()? {
        "emv" => Some(Policy::EMV),
        "hardened" => Some(Policy::hardened()),
        _ => None,
    }
}
