//! SELECT (`EMV 4.4 Book 1, 11.3`): by whole or partial name, first or next.

use apdu::{Command, StatusWord};

use super::SoftwareCard;
use super::chip::PSE;
use super::contactless::PPSE;
use super::reply::{Answer, Reply, sw};
use super::transaction::Transaction;

/// What is selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Selected {
    /// Nothing yet.
    #[default]
    Nothing,
    /// The payment system directory.
    Directory,
    /// The contactless directory.
    ContactlessDirectory,
    /// An application, by its place.
    Application(usize),
}

impl SoftwareCard {
    pub(super) fn select(&mut self, command: &Command) -> Answer {
        let [_, _, by_name, occurrence] = command.header();
        if by_name != 0x04 || occurrence & !0x02 != 0 {
            return Err(sw::WRONG_PARAMETERS);
        }
        if self.chip.blocked {
            return Err(sw::FUNCTION_NOT_SUPPORTED);
        }
        let found = self.find(command.data(), occurrence == 0x02).ok_or(sw::FILE_NOT_FOUND)?;
        self.session.selected = found;
        self.session.transaction = Transaction::default();
        self.file_control_information(found)
    }

    /// The first, or the next after the selected, whose name is this or starts with it.
    fn find(&self, name: &[u8], next: bool) -> Option<Selected> {
        if name == PSE && !next {
            return self.chip.directory.is_some().then_some(Selected::Directory);
        }
        if name == PPSE && !next {
            return self.chip.contactless_directory.is_some().then_some(Selected::ContactlessDirectory);
        }
        let start = match self.session.selected {
            Selected::Application(place) if next => place.saturating_add(1),
            _ if next => return None,
            _ => 0,
        };
        let mut names = self.chip.applications.iter().map(|application| &application.profile.aid).enumerate();
        let fits = |aid: &[u8]| name.len() >= 5 && (aid.starts_with(name) || self.is_extended(aid, name));
        names.find(|(place, aid)| *place >= start && fits(aid)).map(|(place, _)| Selected::Application(place))
    }

    /// Whether `name` is `aid` with the extension this card announces for it (`EMV Contactless Book B, 3.3.3.3`).
    fn is_extended(&self, aid: &[u8], name: &[u8]) -> bool {
        let mut profiles = self.chip.applications.iter().map(|application| &application.profile);
        let contactless = profiles.find(|profile| profile.aid == aid).and_then(|profile| profile.contactless.as_ref());
        let extension = contactless.and_then(|contactless| contactless.extended_selection.as_ref());
        extension.is_some_and(|extension| name.strip_prefix(aid) == Some(extension))
    }

    fn file_control_information(&self, selected: Selected) -> Answer {
        let (data, blocked) = match selected {
            Selected::Application(place) => {
                let application = self.chip.applications.get(place).ok_or(sw::FILE_NOT_FOUND)?;
                (&application.fci, application.blocked)
            }
            Selected::ContactlessDirectory => {
                (self.chip.contactless_directory.as_ref().ok_or(sw::FILE_NOT_FOUND)?, false)
            }
            _ => {
                let directory = self.chip.directory.as_ref().ok_or(sw::FILE_NOT_FOUND)?;
                (&directory.fci, directory.blocked)
            }
        };
        let status = if blocked { sw::FILE_INVALIDATED } else { StatusWord::OK };
        Ok(Reply { data: data.clone(), status })
    }
}
