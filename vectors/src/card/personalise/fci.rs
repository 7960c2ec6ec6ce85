//! File control information of applications and of the payment system directory, and the directory's records
//! (`EMV 4.4 Book 1, 11.3, 12.2`).

use apdu::{Tag, tag};

use crate::card::chip::{Files, PSE};
use crate::card::profile::{Application, Directory};
use crate::card::transaction_log;
use crate::template::{object, template};

fn fci(name: &[u8], proprietary: &[Vec<u8>]) -> Vec<u8> {
    let name = object(tag::DF_NAME_84, name);
    template(tag::FCI_TEMPLATE_6F, &[name, template(tag::FCI_PROPRIETARY_TEMPLATE_A5, proprietary)])
}

fn text(tag: Tag, text: Option<&str>) -> Option<Vec<u8>> {
    text.map(|text| object(tag, text.as_bytes()))
}

fn byte(tag: Tag, value: Option<u8>) -> Option<Vec<u8>> {
    value.map(|value| object(tag, &[value]))
}

/// The FCI of an application.
pub(super) fn application(application: &Application) -> Vec<u8> {
    let preferred = application.preferred_name.as_ref();
    let pdol = Some(&application.pdol).filter(|pdol| !pdol.is_empty());
    let proprietary = [
        text(tag::APPLICATION_LABEL_50, Some(&application.label)),
        byte(tag::APPLICATION_PRIORITY_INDICATOR_87, application.priority),
        pdol.map(|pdol| object(tag::PDOL_9F38, pdol)),
        text(tag::LANGUAGE_PREFERENCE_5F2D, application.languages.as_deref()),
        byte(tag::ISSUER_CODE_TABLE_INDEX_9F11, preferred.map(|(_, table)| *table)),
        text(tag::APPLICATION_PREFERRED_NAME_9F12, preferred.map(|(name, _)| name.as_str())),
        application.log.then(log_entry),
        contactless_objects(application),
    ];
    fci(&application.aid, &proprietary.into_iter().flatten().collect::<Vec<_>>())
}

/// What an application says there when it is selected through the air.
fn contactless_objects(application: &Application) -> Option<Vec<u8>> {
    let objects = application.contactless.as_ref()?.personality.fci_objects(application);
    (!objects.is_empty()).then(|| template(tag::FCI_ISSUER_DISCRETIONARY_DATA_BF0C, &objects))
}

fn log_entry() -> Vec<u8> {
    let entry = object(tag::LOG_ENTRY_9F4D, &[transaction_log::SFI, transaction_log::RECORDS]);
    template(tag::FCI_ISSUER_DISCRETIONARY_DATA_BF0C, &[entry])
}

/// The FCI of the directory, whose records are in SFI 1.
pub(super) fn directory(directory: &Directory) -> Vec<u8> {
    let proprietary = [
        byte(tag::SFI_88, Some(1)),
        text(tag::LANGUAGE_PREFERENCE_5F2D, directory.languages.as_deref()),
        byte(tag::ISSUER_CODE_TABLE_INDEX_9F11, directory.code_table),
    ];
    fci(PSE, &proprietary.into_iter().flatten().collect::<Vec<_>>())
}

/// One record with one entry per application.
pub(super) fn directory_records(applications: &[Application]) -> Files {
    let records = applications.iter().map(|application| {
        template(tag::READ_RECORD_TEMPLATE_70, &[template(tag::APPLICATION_TEMPLATE_61, &entry(application))])
    });
    (1..).map(|number| (1, number)).zip(records).collect()
}

fn entry(application: &Application) -> Vec<Vec<u8>> {
    let preferred = application.preferred_name.as_ref();
    let objects = [
        Some(object(tag::ADF_NAME_4F, &application.aid)),
        text(tag::APPLICATION_LABEL_50, Some(&application.label)),
        byte(tag::APPLICATION_PRIORITY_INDICATOR_87, application.priority),
        text(tag::APPLICATION_PREFERRED_NAME_9F12, preferred.map(|(name, _)| name.as_str())),
    ];
    objects.into_iter().flatten().collect()
}
