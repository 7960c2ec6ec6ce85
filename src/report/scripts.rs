//! What the issuer's scripts came to.

use kernel::contact::scripts::{ScriptEnd, ScriptResult};
use serde::Serialize;

use super::page::{Page, Tone};

/// One script.
#[derive(Debug, Serialize)]
pub(super) struct ScriptView {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identifier: Option<String>,
    pub(super) result: &'static str,
    /// The command that failed, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) failed_command: Option<u8>,
}

impl ScriptView {
    pub fn new(script: &ScriptResult) -> Self {
        let identifier = Some(script.identifier).filter(|identifier| *identifier != [0; 4]);
        let (result, failed_command) = match script.end {
            ScriptEnd::NotPerformed => ("not-performed", None),
            ScriptEnd::Failed(command) => ("failed", Some(command)),
            ScriptEnd::Successful => ("successful", None),
        };
        Self { identifier: identifier.map(hex::encode_upper), result, failed_command }
    }

    fn print(&self, page: &mut Page<'_>) {
        let (sign, tone) = if self.result == "successful" { ("✓", Tone::Good) } else { ("✗", Tone::Bad) };
        let identifier = self.identifier.clone().unwrap_or_else(|| page.say("script-without-id"));
        let number = self.failed_command.unwrap_or_default().to_string();
        let result = page.say_with(&format!("script-{}", self.result), &[("number", &number)]);
        page.row(2, &[(2, tone, sign), (22, Tone::Plain, &identifier), (0, tone, &result)]);
    }
}

pub(super) fn print(scripts: &[ScriptView], page: &mut Page<'_>) {
    if scripts.is_empty() {
        return;
    }
    page.heading("heading-scripts");
    scripts.iter().for_each(|script| script.print(page));
}
