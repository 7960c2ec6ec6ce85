//! What is done, a line for each batch, so that a sweep goes on where it was stopped.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::{File, OpenOptions},
    io::{Read, Write},
    path::PathBuf,
};

use sha2::{Digest, Sha256};

use super::{
    Options,
    sweeping::{
        crew::Tally,
        mutant::World,
        properties::{Property, Violation},
    },
};

pub struct State {
    file: File,
    done: HashMap<String, Tally>,
}

impl State {
    /// The state in the build's folder; of other transactions, or another seed, it is none.
    pub fn open(world: &World, options: &Options) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sweep.state");
        let heading = format!("{} {}", digest(world), options.seed);
        let mut text = String::new();
        if !options.fresh
            && let Ok(mut file) = File::open(&path)
        {
            file.read_to_string(&mut text).unwrap();
        }
        let known = text.strip_prefix(&heading).and_then(|rest| rest.strip_prefix('\n'));
        // The last line may have been cut.
        let whole = known.map(|known| known.rsplit_once('\n').map_or("", |(lines, _)| lines));
        let done = whole.into_iter().flat_map(str::lines).filter_map(read).collect();
        let mut file = OpenOptions::new().create(true).append(true).open(&path).unwrap();
        if known.is_none() {
            file.set_len(0).unwrap();
            writeln!(file, "{heading}").unwrap();
        }
        Self { file, done }
    }

    pub fn has(&self, batch: &str) -> bool {
        self.done.contains_key(batch)
    }

    pub fn tally(&self, batch: &str) -> Tally {
        let Some(tally) = self.done.get(batch) else { return Tally::default() };
        Tally {
            let_through: tally.let_through.clone(),
            violations: tally.violations.clone(),
            silent: BTreeSet::new(),
            unnamed: BTreeMap::new(),
            ..*tally
        }
    }

    pub fn keep(&mut self, batch: &str, tally: &Tally) {
        let Tally { mutants, differ, named, most_exchanges, .. } = tally;
        let lines = tally.let_through.iter().map(|(line, name)| format!("\t~{line} {name}"));
        let wrong = tally.violations.iter().map(|(name, violation)| {
            let story = violation.story.replace(['\t', '\n'], " ");
            format!("\t!{} {name} {story}", violation.property as u8)
        });
        let further: String = lines.chain(wrong).collect();
        let line = format!("{batch}\t{mutants} {differ} {named} {most_exchanges}{further}\n");
        self.file.write_all(line.as_bytes()).unwrap();
    }
}

fn digest(world: &World) -> String {
    let mut hash = Sha256::new();
    for baseline in &world.baselines {
        hash.update(format!("{}{:?}", baseline.name, baseline.verdict));
        for (_, command, response) in baseline.exchanges() {
            hash.update(command);
            hash.update(response);
        }
    }
    hex::encode(&hash.finalize()[..8])
}

fn read(line: &str) -> Option<(String, Tally)> {
    let mut fields = line.split('\t');
    let batch = fields.next()?.to_owned();
    let numbers: Option<Vec<usize>> = fields.next()?.split(' ').map(|number| number.parse().ok()).collect();
    let &[mutants, differ, named, most_exchanges] = numbers?.as_slice() else { return None };
    let mut tally = Tally { mutants, differ, named, most_exchanges, ..Tally::default() };
    for field in fields {
        let (first, rest) = field.split_once(' ')?;
        match first.split_at(1) {
            ("~", number) => _ = tally.let_through.insert(number.parse().ok()?, rest.to_owned()),
            ("!", number) => tally.violations.push(violation(number, rest)?),
            _ => return None,
        }
    }
    Some((batch, tally))
}

fn violation(number: &str, rest: &str) -> Option<(String, Violation)> {
    let (name, story) = rest.split_once(' ')?;
    let number: u8 = number.parse().ok()?;
    let property = Property::ALL.into_iter().find(|property| *property as u8 == number)?;
    Some((name.to_owned(), Violation { property, story: story.to_owned() }))
}
