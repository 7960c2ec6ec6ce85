//! An outcome and its parameters.

use apdu::Tag;
use kernel::contactless::{TapOutcome, UserInterfaceRequest, outcome::ErrorIndication};
use serde::Serialize;

use super::{say, say_with, word};
use crate::{
    report::page::{Page, Tone},
    text::Text,
};

/// Columns of the name of a parameter.
const NAME: usize = 30;

/// An outcome and its parameters; those that are not applicable are left out.
#[derive(Debug, Serialize)]
pub(in crate::report) struct OutcomeView {
    /// The id of the outcome.
    pub outcome: &'static str,
    parameters: Vec<ParameterView>,
    error: Vec<ParameterView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shows: Option<RequestView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shows_on_restart: Option<RequestView>,
    /// The tags of what it hands to the terminal; the values stand with the exchanges they come from.
    data_record: Vec<String>,
    discretionary_data: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ParameterView {
    parameter: &'static str,
    value: String,
}

#[derive(Debug, Serialize)]
struct RequestView {
    message: &'static str,
    status: &'static str,
}

impl OutcomeView {
    pub fn new(outcome: &TapOutcome) -> Self {
        Self {
            outcome: outcome.outcome.id(),
            parameters: parameters(outcome),
            error: errors(&outcome.error),
            shows: outcome.ui_on_outcome.as_ref().map(RequestView::new),
            shows_on_restart: outcome.ui_on_restart.as_ref().map(RequestView::new),
            data_record: tags(outcome.data_record.as_ref()),
            discretionary_data: tags(outcome.discretionary_data.as_ref()),
        }
    }

    /// The id of a parameter's value, where it has one.
    pub fn value(&self, parameter: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|one| one.parameter == parameter);
        found.map(|one| one.value.as_str())
    }

    pub fn print(&self, page: &mut Page<'_>) {
        let outcome = word(page.text, "outcome", self.outcome);
        page.row(4, &[(0, Tone::Plain, "→ "), (0, Tone::Strong, &outcome)]);
        self.parameters.iter().for_each(|parameter| parameter.print(page));
        let shown = [("shows", &self.shows), ("shows-on-restart", &self.shows_on_restart)];
        for (name, request) in shown.into_iter().filter_map(|(name, request)| Some((name, request.as_ref()?))) {
            row(page, name, Tone::Plain, &request.words(page.text));
        }
        let records = [("data-record", &self.data_record), ("discretionary", &self.discretionary_data)];
        for (name, tags) in records.into_iter().filter(|(_, tags)| !tags.is_empty()) {
            row(page, name, Tone::Faint, &tags.join(" "));
        }
        if !self.error.is_empty() {
            let errors: Vec<_> = self.error.iter().map(|error| error.error(page.text)).collect();
            row(page, "error", Tone::Bad, &errors.join(" · "));
        }
    }
}

fn row(page: &mut Page<'_>, name: &str, tone: Tone, words: &str) {
    let name = say(page, &format!("parameter-{name}"));
    page.row(6, &[(NAME, Tone::Faint, &name), (0, tone, words)]);
}

fn parameters(outcome: &TapOutcome) -> Vec<ParameterView> {
    let choices = [
        ("cvm", outcome.cvm.id()),
        ("start", outcome.start.id()),
        ("online-response-data", outcome.online_response_data.id()),
        ("alternate-interface", outcome.alternate_interface.id()),
        ("receipt", if outcome.receipt { "yes" } else { "-" }),
    ];
    let choices = choices.into_iter().filter(|(_, id)| *id != "-");
    let times = [
        ("field-off", outcome.field_off.map(u32::from)),
        ("removal-timeout", Some(u32::from(outcome.removal_timeout)).filter(|timeout| *timeout > 0)),
    ];
    let times = times.into_iter().filter_map(|(name, units)| Some((name, units?.saturating_mul(100).to_string())));
    let all = choices.map(|(name, id)| (name, id.to_owned())).chain(times);
    all.map(|(parameter, value)| ParameterView { parameter, value }).collect()
}

fn errors(error: &ErrorIndication) -> Vec<ParameterView> {
    let levels = [("l1", error.l1.id()), ("l2", error.l2.id()), ("l3", error.l3.id())];
    let levels = levels.into_iter().filter(|(_, id)| *id != "ok").map(|(level, id)| (level, id.to_owned()));
    let status = error.status.map(|status| ("sw", format!("{:04X}", status.0)));
    levels.chain(status).map(|(parameter, value)| ParameterView { parameter, value }).collect()
}

fn tags(record: Option<&Vec<(Tag, Vec<u8>)>>) -> Vec<String> {
    record.into_iter().flatten().map(|(tag, _)| tag.to_string()).collect()
}

impl ParameterView {
    fn print(&self, page: &mut Page<'_>) {
        let value = match self.parameter {
            "field-off" | "removal-timeout" => say_with(page, "milliseconds", &[("value", &self.value)]),
            parameter => word(page.text, parameter, &self.value),
        };
        row(page, self.parameter, Tone::Plain, &value);
    }

    fn error(&self, text: &Text) -> String {
        match self.parameter {
            "sw" => self.value.clone(),
            level => format!("{} {}", level.to_uppercase(), word(text, "error", &self.value)),
        }
    }
}

impl RequestView {
    fn new(request: &UserInterfaceRequest) -> Self {
        Self { message: request.message.id(), status: request.status.id() }
    }

    fn words(&self, text: &Text) -> String {
        let parts = [("message", self.message), ("status", self.status)];
        let parts = parts.into_iter().filter(|(_, id)| *id != "-").map(|(of, id)| word(text, of, id));
        parts.collect::<Vec<_>>().join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use kernel::contactless::{
        OutcomeKind, Start,
        outcome::{AlternateInterface, Cvm, L1, L2, L3, OnlineResponseData},
    };

    use super::*;
    use crate::text::{File, Language};

    macro_rules! ids {
        ($($of:literal $kind:ty),*) => {
            [$(<$kind>::ALL.iter().map(|one| ($of, one.id())).collect::<Vec<_>>()),*].concat()
        };
    }

    #[test]
    fn every_word_of_an_outcome_has_its_text() {
        let ids = ids!(
            "outcome" OutcomeKind, "cvm" Cvm, "start" Start, "online-response-data" OnlineResponseData,
            "alternate-interface" AlternateInterface, "error" L1, "error" L2, "error" L3
        );
        for language in Language::ALL {
            let text = Text::new(*language);
            let said = ids.iter().filter(|(_, id)| !matches!(*id, "-" | "ok"));
            let missing: Vec<_> =
                said.filter(|(of, id)| text.find(File::Tap, &format!("{of}-{id}")).is_none()).collect();
            assert!(missing.is_empty(), "{language:?}: {missing:?}");
        }
    }
}
