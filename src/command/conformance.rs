//! `emvident conformance`: the subjects of the Entry Point tests, and what shows that they hold.

use emvident::conformance::{Proof, Subject, subjects};
use serde_json::{Value, json};

use crate::{console::Console, failure::Failure};

/// Columns of the words.
const WIDTH: usize = 78;

/// Prints the table: number, what must hold, and by how many runs it is shown or why it cannot apply.
pub fn run(console: &Console) -> Result<(), Failure> {
    let subjects = subjects().map_err(Failure::usage)?;
    let text = if console.json { json_of(&subjects) } else { subjects.iter().map(line).collect() };
    console.print(&text)
}

fn line(subject: &Subject) -> String {
    let proof = match &subject.proof {
        Proof::Runs(1) => "tested".to_owned(),
        Proof::Runs(count) => format!("tested in {count} runs"),
        Proof::CannotApply(why) => format!("cannot apply: {why}"),
        Proof::None => "not covered".to_owned(),
    };
    let words = format!("{} [{proof}]", subject.words.as_deref().unwrap_or_default());
    let indent = " ".repeat(14);
    let options = textwrap::Options::new(WIDTH).subsequent_indent(&indent);
    format!("{:14}{}\n", subject.number, textwrap::fill(&words, options))
}

fn json_of(subjects: &[Subject]) -> String {
    let one = |subject: &Subject| {
        let (runs, why) = match &subject.proof {
            Proof::Runs(count) => (*count, None),
            Proof::CannotApply(why) => (0, Some(why)),
            Proof::None => (0, None),
        };
        json!({ "number": subject.number, "words": subject.words, "runs": runs, "cannot_apply": why })
    };
    format!("{:#}\n", subjects.iter().map(one).collect::<Value>())
}
