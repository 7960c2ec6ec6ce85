//! What is asked for on the command line.

use super::sweeping::mutant::Class;

pub const USAGE: &str =
    "usage: make sweep SWEEP=\"[--only CLASS]... [--baseline NAME]... [--seed N] [--random N] [--twice N] \
[--hardened N] [--fresh] [--replay ID]\"
CLASS: bit byte cut insert object tag flags status splice answers random command-bit command-byte forged";

pub struct Options {
    /// The classes; none for all.
    pub only: Vec<Class>,
    /// The transactions; none for all.
    pub baselines: Vec<String>,
    pub seed: u64,
    /// Random mutants of each transaction.
    pub random: usize,
    /// One in so many is run twice.
    pub twice: usize,
    /// One in so many is run on the hardened terminal.
    pub hardened: usize,
    /// What was done before is done again.
    pub fresh: bool,
    pub replay: Option<String>,
}

impl Options {
    pub fn from_arguments(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            only: Vec::new(),
            baselines: Vec::new(),
            seed: 1,
            random: 300_000,
            twice: 101,
            hardened: 7,
            fresh: false,
            replay: None,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} takes a value"));
            match word.as_str() {
                "--only" => {
                    let class = value()?;
                    options.only.push(Class::from_id(&class).ok_or_else(|| format!("no class is called {class}"))?);
                }
                "--baseline" => options.baselines.push(value()?),
                "--seed" => options.seed = number(&value()?)?,
                "--random" => options.random = number(&value()?)?,
                "--twice" => options.twice = number::<usize>(&value()?)?.max(1),
                "--hardened" => options.hardened = number::<usize>(&value()?)?.max(1),
                "--fresh" => options.fresh = true,
                "--replay" => options.replay = Some(value()?),
                "--help" => return Err(String::new()),
                // What cargo says to every bench.
                "--bench" => {}
                _ => return Err(format!("{word} is not known")),
            }
        }
        Ok(options)
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text} is no number"))
}
