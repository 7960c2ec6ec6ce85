//! Any text as a file of the user's: terminal, scenario, CA keys, transaction. An error names what is wrong; a terminal that
//! is right can be written into a recording.

use emvident::{kernel::Terminal, scenario::Scenario, setup::TerminalSource};

/// The target. The first byte says which file.
pub fn run(input: &[u8]) {
    let Some((kind, text)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    match kind % 4 {
        0 => terminal(text),
        1 => scenario(text),
        2 => keys(text),
        _ => overrides(text),
    }
}

fn terminal(text: &str) {
    match Terminal::from_toml(text) {
        Ok(terminal) => assert!(terminal.limits.contact.as_secs() > 0),
        Err(error) => {
            let lines = text.lines().count();
            assert!(error.line <= lines + 1, "line {} of {lines}", error.line);
            assert!(error.to_string().len() < 2000 + text.len(), "it repeats itself");
        }
    }
}

fn scenario(text: &str) {
    let Ok(scenario) = toml::from_str::<Scenario>(text) else { return };
    let _ = scenario.transaction.resolve();
    if let Ok(source) = scenario.source() {
        let words = source.describe_card_keys();
        assert_eq!(source.clone().with_card_keys(&words).as_ref().ok(), Some(&source));
        let _ = source.terminal();
    }
    let _ = scenario.profile();
}

/// CA keys are tables of a terminal's file.
fn keys(text: &str) {
    let whole = format!("{}\n{text}", TerminalSource::for_tests().text);
    if let Ok(terminal) = Terminal::from_toml(&whole) {
        assert!(terminal.keys.iter().all(|key| key.modulus().len() <= 248));
    }
}

fn overrides(text: &str) {
    let Ok(table) = text.parse() else { return };
    if let Ok(source) = TerminalSource::for_tests().with(&table) {
        let _ = source.terminal();
    }
}
