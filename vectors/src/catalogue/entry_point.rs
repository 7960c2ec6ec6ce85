//! Contactless cards for what Entry Point decides: several applications, kernel identifiers, extensions.

use super::{Entry, entry, profile};
use crate::card::contactless::Contactless;
use crate::card::{Application, Profile};

/// The application of another card, with this priority, and `change` made to how it behaves through the air.
fn application(of: &str, priority: u8, change: impl Fn(&mut Contactless)) -> Option<Application> {
    let mut application = profile(of)?.applications.into_iter().next()?;
    application.priority = Some(priority);
    application.contactless.iter_mut().for_each(change);
    Some(application)
}

fn card(name: &str, applications: impl IntoIterator<Item = Option<Application>>) -> Profile {
    let mut applications = applications.into_iter().flatten();
    // A card of the catalogue has an application.
    let first = applications.next().unwrap_or_else(|| Application::new(crate::card::Scheme::Test));
    applications.fold(Profile::new(name, first), Profile::and)
}

/// The cards.
pub(super) const CARDS: &[Entry] = &[
    entry("wallet", "three applications through the air: c3-offline second, c2 first, c7-credit last", |name| {
        let plain = |of, priority| application(of, priority, |_| {});
        card(name, [plain("c3-offline", 2), plain("c2", 1), plain("c7-credit", 3)])
    }),
    entry("named-kernel", "c3-offline that names its kernel in the directory, and an extension of its name", |name| {
        let named = |contactless: &mut Contactless| {
            contactless.kernel_identifier = Some(vec![0x03]);
            contactless.extended_selection = Some(vec![0x01, 0x02]);
        };
        card(name, [application("c3-offline", 1, named)])
    }),
];
