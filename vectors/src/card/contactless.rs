//! What applications answer through the air: the contactless directory, and each kernel's commands.

pub mod c2;
pub mod c3;
pub mod c7;

use apdu::{Command, tag};

use super::chip::Application;
use super::profile;
use super::reply::Answer;
use super::transaction::Transaction;
use crate::template::{object, template};

/// Name of the proximity payment system environment.
pub(super) const PPSE: &[u8] = b"2PAY.SYS.DDF01";

/// How an application behaves through the air.
#[derive(Clone, Debug)]
pub struct Contactless {
    /// Kernel identifier (`9F2A`) in the directory.
    pub kernel_identifier: Option<Vec<u8>>,
    /// Extended selection (`9F29`) in the directory.
    pub extended_selection: Option<Vec<u8>>,
    /// The commands it knows.
    pub personality: Personality,
}

impl Contactless {
    /// An application that leaves the kernel to its AID.
    pub fn new(personality: Personality) -> Self {
        Self { kernel_identifier: None, extended_selection: None, personality }
    }
}

/// Which kernel's commands an application knows.
#[derive(Clone, Debug)]
pub enum Personality {
    /// Those of kernel 2.
    C2(c2::Personality),
    /// Those of kernel 3.
    C3(c3::Personality),
    /// Those of kernel 7.
    C7(c7::Personality),
}

impl Personality {
    /// Whether the application has this record of the contact layout.
    pub(super) fn keeps(&self, record: (u8, u8)) -> bool {
        match self {
            Self::C3(_) | Self::C7(_) => c3::keeps(record),
            _ => true,
        }
    }

    /// The record it writes anew in each transaction.
    pub(super) fn dynamic_record(&self) -> Option<(u8, u8)> {
        match self {
            Self::C3(_) => Some(c3::DYNAMIC_RECORD),
            Self::C7(_) => Some(c7::DYNAMIC_RECORD),
            _ => None,
        }
    }

    /// The AIP, from the one that its contacts would announce.
    pub(super) fn aip(&self, contact: [u8; 2]) -> [u8; 2] {
        match self {
            Self::C2(own) => own.aip(contact),
            _ => contact,
        }
    }

    /// What the issuer's part of the FCI says.
    pub(super) fn fci_objects(&self, application: &profile::Application) -> Vec<Vec<u8>> {
        match self {
            Self::C2(own) => own.fci_objects(application),
            _ => Vec::new(),
        }
    }

    /// What the first record holds, when it is not for the chip.
    pub(super) fn stripe_objects(&self, application: &profile::Application) -> Option<Vec<Vec<u8>>> {
        match self {
            Self::C2(own) => own.stripe_objects(application),
            _ => None,
        }
    }

    /// What the unsigned record says besides.
    pub(super) fn record_objects(&self) -> Vec<Vec<u8>> {
        match self {
            Self::C2(own) => own.record_objects(),
            _ => Vec::new(),
        }
    }

    /// Answers one command to the selected application.
    pub(super) fn command(
        &self,
        application: &mut Application,
        transaction: &mut Transaction,
        command: &Command,
    ) -> Answer {
        match self {
            Self::C2(_) => c2::command(application, transaction, command),
            Self::C3(_) => c3::command(application, transaction, command),
            Self::C7(_) => c7::command(application, transaction, command),
        }
    }
}

/// The FCI of the contactless directory; `None` for a card without contactless applications.
pub(super) fn directory(applications: &[profile::Application]) -> Option<Vec<u8>> {
    let entries: Vec<Vec<u8>> = applications.iter().filter_map(entry).collect();
    (!entries.is_empty()).then(|| {
        let listed = template(tag::FCI_ISSUER_DISCRETIONARY_DATA_BF0C, &entries);
        let name = object(tag::DF_NAME_84, PPSE);
        template(tag::FCI_TEMPLATE_6F, &[name, template(tag::FCI_PROPRIETARY_TEMPLATE_A5, &[listed])])
    })
}

fn entry(application: &profile::Application) -> Option<Vec<u8>> {
    let contactless = application.contactless.as_ref()?;
    let optional = |tag, value: Option<&[u8]>| value.map(|value| object(tag, value));
    let priority = application.priority.map(|priority| [priority]);
    let objects = [
        Some(object(tag::ADF_NAME_4F, &application.aid)),
        Some(object(tag::APPLICATION_LABEL_50, application.label.as_bytes())),
        optional(tag::APPLICATION_PRIORITY_INDICATOR_87, priority.as_ref().map(|value| &value[..])),
        optional(tag::KERNEL_IDENTIFIER_9F2A, contactless.kernel_identifier.as_deref()),
        optional(tag::EXTENDED_SELECTION_9F29, contactless.extended_selection.as_deref()),
    ];
    let objects: Vec<Vec<u8>> = objects.into_iter().flatten().collect();
    Some(template(tag::APPLICATION_TEMPLATE_61, &objects))
}
