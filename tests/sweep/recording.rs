//! What the labeller is given: the recordings and the public keys, in JSON.

use emvident::kernel::Terminal;
use serde_json::{Value, json};

use super::baseline::Baseline;

/// All of it.
pub fn json(baselines: &[Baseline]) -> Value {
    let keys = vectors::ca_keys().into_iter().map(|key| {
        json!({
            "rid": hex::encode(key.rid),
            "index": key.index,
            "modulus": hex::encode(key.modulus),
            "exponent": hex::encode(key.exponent),
        })
    });
    json!({ "keys": keys.collect::<Vec<_>>(), "recordings": baselines.iter().map(one).collect::<Vec<_>>() })
}

fn one(baseline: &Baseline) -> Value {
    let exchanges = baseline.exchanges().map(|(event, command, response)| {
        json!({ "event": event, "command": hex::encode(command), "response": hex::encode(response) })
    });
    json!({
        "name": baseline.name,
        "kernel": baseline.kernel(),
        "capabilities": capabilities(&baseline.terminal),
        "exchanges": exchanges.collect::<Vec<_>>(),
    })
}

fn capabilities(terminal: &Terminal) -> String {
    hex::encode(terminal.capabilities.0)
}
