//! CVM list and results (`EMV 4.4 Book 3, 10.5`).

use apdu::value::{Amount, CvmList, CvmResults, CvmRule};

use super::{Inside, Value};
use crate::decode::{
    node::{Label, Meaning, Node, Shown, span},
    problem::Problem,
};

/// CVM list (`8E`).
pub fn list(value: Value<'_>) -> Option<Inside> {
    let bytes = value.bytes;
    let error = CvmList::parse(bytes).err();
    let whole = bytes.get(..bytes.len().saturating_sub(bytes.len() % 2)).unwrap_or(&[]);
    let Ok(list) = CvmList::parse(whole) else {
        return error.map(|error| Problem::cvm_list(error, value.at).into());
    };
    let amounts =
        [list.x, list.y].map(|amount| value.around.application_amount(Amount::from_binary(amount.to_be_bytes())));
    let mut children: Vec<Node> = ["amount-x", "amount-y"]
        .into_iter()
        .zip(amounts.clone())
        .zip([0usize, 4])
        .map(|((name, amount), offset)| {
            let at = value.at.saturating_add(offset);
            Node::part(name, at, bytes.get(offset..offset.saturating_add(4)).unwrap_or(&[])).meaning(amount)
        })
        .collect();
    let at = |index: usize| value.at.saturating_add(8).saturating_add(index.saturating_mul(2));
    children.extend(list.rules().enumerate().map(|(index, rule)| {
        let node = Node::new(
            Label::Numbered("rule", index.saturating_add(1)),
            span(at(index), 2),
            Shown::Bytes(vec![rule.method_byte, rule.condition_byte]),
        );
        node.with_children(rule_parts(rule, at(index), &amounts))
    }));
    Some(Inside { meaning: None, children, problem: error.map(|error| Problem::cvm_list(error, value.at)) })
}

/// CVM results (`9F34`).
pub fn results(value: Value<'_>) -> Option<Inside> {
    let results = CvmResults(value.bytes.try_into().ok()?);
    let [.., last] = results.0;
    let result = match last {
        0 => "unknown",
        1 => "failed",
        2 => "successful",
        _ => "reserved",
    };
    let unknown = [Meaning::Word("amount-x"), Meaning::Word("amount-y")];
    let mut children = match results.performed() {
        true => rule_parts(results.rule(), value.at, &unknown),
        false => vec![field("method", value.at, Meaning::Word("no-method-performed"))],
    };
    children.push(field("result", value.at.saturating_add(2), Meaning::Word(result)));
    Some(children.into())
}

fn rule_parts(rule: CvmRule, at: usize, amounts: &[Meaning; 2]) -> Vec<Node> {
    let failure = if rule.continue_on_failure() { "try-next-rule" } else { "verification-fails" };
    let condition = Meaning::Condition(rule.condition_byte, Box::new(amounts.clone()));
    vec![
        field("method", at, Meaning::Method(rule.method_byte)),
        field("condition", at.saturating_add(1), condition),
        field("on-failure", at, Meaning::Word(failure)),
    ]
}

fn field(name: &'static str, at: usize, meaning: Meaning) -> Node {
    Node::new(Label::Part(name), span(at, 1), Shown::InChildren).meaning(meaning)
}
