//! `emvident scenarios`: the corpus of attacks and faults, listed and run.

use emvident::{
    fault::{self, Case, Entry, Kind, Played, Verdict},
    text::{File, Text},
};
use serde_json::{Value, json};

use crate::{arguments, console::Console, failure::Failure};

/// An entry and what its cases came to.
struct Shown {
    entry: Entry,
    verdicts: Vec<Verdict>,
}

/// Runs the whole corpus, a line for each id; or the ids that are named, at length.
pub fn run(arguments: &arguments::Scenarios, console: &Console) -> Result<(), Failure> {
    let named = !arguments.ids.is_empty();
    let entries = match named {
        true => arguments.ids.iter().map(|id| fault::entry(id)).collect(),
        false => fault::entries(),
    };
    let shown: Result<Vec<Shown>, Failure> = entries.map_err(Failure::usage)?.into_iter().map(played).collect();
    let shown = shown?;
    let text = Text::new(console.language);
    if console.json {
        let list: Value = shown.iter().map(json_of).collect();
        console.print(&format!("{list:#}\n"))?;
    } else {
        for one in &shown {
            console.print(&if named { at_length(one, &text) } else { line(one, &text) })?;
        }
    }
    let wrong = shown.iter().filter(|one| !one.is_right()).count();
    if wrong == 0 { Ok(()) } else { Err(Failure::NotCompleted(say(&text, "wrong", &[("count", &wrong.to_string())]))) }
}

fn played(entry: Entry) -> Result<Shown, Failure> {
    let verdicts: Result<Vec<Verdict>, _> = entry.cases.iter().map(Case::verdict).collect();
    Ok(Shown { verdicts: verdicts.map_err(Failure::usage)?, entry })
}

impl Shown {
    fn is_right(&self) -> bool {
        self.verdicts.iter().all(|verdict| verdict.problems.is_empty())
    }

    /// Its ends under one policy, each once.
    fn ends(&self, policy: usize, text: &Text) -> String {
        let played = self.verdicts.iter().filter_map(|verdict| verdict.played.get(policy));
        let mut ends: Vec<String> = Vec::new();
        for end in played.map(|played| end(played, text)) {
            if !ends.contains(&end) {
                ends.push(end);
            }
        }
        ends.join(", ")
    }
}

fn say(text: &Text, id: &str, variables: &[(&'static str, &str)]) -> String {
    text.say_with(File::Faults, id, variables)
}

fn end(played: &Played, text: &Text) -> String {
    let outcome = &played.run.outcome;
    let id = match (outcome.decision.id(), outcome.online) {
        ("approved", true) => "approved-online",
        ("approved", false) => "approved-offline",
        ("declined", true) => "declined-online",
        ("declined", false) => "declined-offline",
        _ => "not-completed",
    };
    say(text, id, &[])
}

fn line(shown: &Shown, text: &Text) -> String {
    let Shown { entry, .. } = shown;
    let hole = say(text, &format!("hole-{}", entry.hole.id()), &[]);
    let state = match (&entry.kind, shown.is_right()) {
        (Kind::NotHere(_), _) => "not-here",
        (_, false) => "fails",
        (Kind::Exhaustive, true) if entry.cases.is_empty() => "tested",
        _ => "holds",
    };
    let first = format!("{:8}{} [{}; {hole}]\n", entry.id, entry.name_in(text.language()), say(text, state, &[]));
    if shown.verdicts.is_empty() {
        return first;
    }
    let [emv, hardened] = [shown.ends(0, text), shown.ends(1, text)];
    let ends = if emv == hardened { emv } else { format!("{emv}; hardened: {hardened}") };
    format!("{first}        emv: {ends}\n")
}

fn at_length(shown: &Shown, text: &Text) -> String {
    let Shown { entry, verdicts } = shown;
    let mut out = line(shown, text);
    out += &format!("        {}\n", say(text, "source", &[("source", &entry.source)]));
    if let Some(settled) = &entry.settled {
        out += &format!("        {}\n", say(text, "settled", &[("why", settled)]));
    }
    if let Kind::NotHere(why) = &entry.kind {
        out += &format!("        {why}\n");
    }
    for test in &entry.tests {
        out += &format!("        {}\n", say(text, "test", &[("test", test)]));
    }
    for (number, (case, verdict)) in (1..).zip(entry.cases.iter().zip(verdicts)) {
        out += &format!("\n{} {number} {}\n", entry.id, case.title);
        out.extend(verdict.problems.iter().map(|problem| format!("  !! {problem}\n")));
        out.extend(verdict.played.iter().map(|played| report(played, text)));
    }
    out
}

/// One run in a few lines: its end, its bits, its findings.
fn report(played: &Played, text: &Text) -> String {
    let came_to = &played.came_to;
    let mut out = format!("  {:9} {}\n", played.way.id(), end(played, text));
    let bits = [("TVR", Some(&came_to.tvr)), ("TSI", Some(&came_to.tsi)), ("CVM", came_to.cvm.as_ref())];
    let bits: Vec<_> = bits.into_iter().filter_map(|(name, bits)| Some(format!("{name} {}", bits?))).collect();
    let exchanges = played.run.outcome.log.exchanges.len().to_string();
    let exchanges = say(text, "exchanges", &[("count", &exchanges)]);
    out += &format!("{:12}{}  {exchanges}\n", "", bits.join("  "));
    for finding in &played.run.outcome.log.findings {
        let root = if came_to.root.as_deref() == Some(finding.reason.id()) { '*' } else { ' ' };
        out += &format!("{:10}{root} {}: {}\n", "", finding.reason.id(), text.title(finding.reason));
    }
    out
}

fn json_of(shown: &Shown) -> Value {
    let Shown { entry, verdicts } = shown;
    let why = if let Kind::NotHere(why) = &entry.kind { Some(why) } else { None };
    let cases = entry.cases.iter().zip(verdicts).map(|(case, verdict)| json_of_case(case, verdict));
    json!({
        "id": entry.id,
        "name": entry.name,
        "name_zh_cn": entry.name_zh_cn,
        "source": entry.source,
        "spec_hole": entry.hole.id(),
        "settled": entry.settled,
        "not_here": why,
        "tests": entry.tests,
        "holds": shown.is_right(),
        "cases": cases.collect::<Value>(),
    })
}

fn json_of_case(case: &Case, verdict: &Verdict) -> Value {
    let runs = verdict.played.iter().map(|played| {
        let came_to = &played.came_to;
        let run = json!({
            "decision": came_to.decision,
            "by": came_to.by,
            "tvr": came_to.tvr,
            "tsi": came_to.tsi,
            "cvm_results": came_to.cvm,
            "tap": came_to.tap,
            "root": came_to.root,
            "reasons": came_to.reasons,
            "exchanges": played.run.outcome.log.exchanges.len(),
        });
        (played.way.id().to_owned(), run)
    });
    json!({ "title": case.title, "problems": verdict.problems, "runs": runs.collect::<serde_json::Map<_, _>>() })
}
