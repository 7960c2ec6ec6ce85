//! From a profile to the bytes of a card: records are laid out, certificates signed, then whatever is to be wrong is made
//! wrong.

mod fci;
pub(super) mod layout;

use std::collections::BTreeMap;
use std::sync::Arc;

use apdu::{tag, tlv};

use super::alteration::{Alteration, Edit, NotAnAlteration, Signed};
use super::chip::{Application, Chip, Directory, Files};
use super::contactless;
use super::numbers::Numbers;
use super::profile::{self, Decision, IssuerAuthentication, Profile};
use crate::issuer_keys::IssuerKeys;
use crate::pki::{Authority, Defects, KeyError, PrivateKey};

/// Why a card could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PersonalisationError {
    /// A key of it.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// An alteration names something this card does not have.
    #[error("nothing on this card to alter: no {0}")]
    NothingToAlter(String),
    /// The text of an alteration.
    #[error(transparent)]
    Text(#[from] NotAnAlteration),
    /// The AID is too short to hold a RID.
    #[error("an AID has 5 to 16 bytes, this one has {0}")]
    Aid(usize),
}

/// Makes the chip.
pub(super) fn personalise(profile: &Profile, issuer: &IssuerKeys) -> Result<Chip, PersonalisationError> {
    let profile = &with_features(profile);
    let made = profile.applications.iter().zip(0_u64..);
    let applications = made.map(|(application, place)| application_of(profile, application, place, issuer));
    let directory = profile.directory.as_ref().map(|directory| Directory {
        fci: fci::directory(directory),
        records: fci::directory_records(&profile.applications),
        blocked: directory.blocked,
    });
    let contactless_directory = contactless::directory(&profile.applications);
    let mut chip = Chip {
        blocked: profile.blocked,
        directory,
        contactless_directory,
        applications: applications.collect::<Result<_, _>>()?,
    };
    for alteration in &profile.alterations {
        alter(&mut chip, alteration).ok_or_else(|| PersonalisationError::NothingToAlter(target(alteration)))?;
    }
    Ok(chip)
}

/// The profile with everything that alterations give its first application.
fn with_features(profile: &Profile) -> Profile {
    let mut profile = profile.clone();
    if let Some(application) = profile.applications.first_mut() {
        profile.alterations.iter().for_each(|alteration| {
            if let Alteration::With(feature) = alteration {
                feature.give(application);
            }
        });
    }
    profile
}

fn application_of(
    profile: &Profile,
    application: &profile::Application,
    place: u64,
    issuer: &IssuerKeys,
) -> Result<Application, PersonalisationError> {
    let defects = defects(&profile.alterations);
    let rid = *application.aid.first_chunk::<5>().ok_or(PersonalisationError::Aid(application.aid.len()))?;
    let keys = Keys::of(application, rid)?;
    let mut entries = layout::entries(application, &keys, &defects);
    if let Some(contactless) = &application.contactless {
        entries.retain(|entry| contactless.personality.keeps((entry.sfi, entry.number)));
        entries.extend(contactless.personality.dynamic_record().map(layout::empty));
    }
    let aip = aip(application);
    Ok(Application {
        fci: fci::application(application),
        aip,
        announced_aip: aip.to_vec(),
        afl: layout::afl(&entries),
        records: entries.into_iter().map(|entry| ((entry.sfi, entry.number), entry.record)).collect(),
        pin_key: keys.pin.clone().or_else(|| keys.icc_signs(application).then(|| keys.icc.clone())),
        icc_key: keys.icc,
        defects,
        keys: issuer.card(application.version, &application.pan, application.sequence.unwrap_or(0)),
        blocked: application.blocked,
        atc: application.atc,
        last_online_atc: application.last_online_atc,
        pin: application.pin.clone(),
        tries_left: application.pin_tries_left,
        data: application.data.clone(),
        numbers: Numbers::new(profile.seed, place),
        profile: application.clone(),
    })
}

/// Every key pair an application's signatures need.
pub(super) struct Keys {
    authority: Authority,
    issuer: PrivateKey,
    icc: Arc<PrivateKey>,
    pin: Option<Arc<PrivateKey>>,
}

impl Keys {
    fn of(application: &profile::Application, rid: [u8; 5]) -> Result<Self, KeyError> {
        let authentication = &application.authentication;
        Ok(Self {
            authority: Authority::find(rid, authentication.authority)?,
            issuer: authentication.issuer.key()?,
            icc: Arc::new(authentication.icc.key()?),
            pin: authentication.pin.as_ref().map(|pin| pin.key().map(Arc::new)).transpose()?,
        })
    }

    fn icc_signs(&self, application: &profile::Application) -> bool {
        application.authentication.dda || application.authentication.cda
    }
}

fn aip(application: &profile::Application) -> [u8; 2] {
    let authentication = &application.authentication;
    let bits = [
        (authentication.sda, 0x40),
        (authentication.dda, 0x20),
        (application.cvm_list.is_some(), 0x10),
        (application.terminal_risk_management, 0x08),
        (application.issuer_authentication == IssuerAuthentication::Command, 0x04),
        (authentication.cda, 0x01),
    ];
    let aip = [bits.into_iter().filter(|(set, _)| *set).map(|(_, mask)| mask).sum(), 0x00];
    application.contactless.as_ref().map_or(aip, |contactless| contactless.personality.aip(aip))
}

fn defects(alterations: &[Alteration]) -> BTreeMap<Signed, Defects> {
    let mut defects: BTreeMap<Signed, Defects> = BTreeMap::new();
    for alteration in alterations {
        if let Alteration::Sign(signed, field, value) = alteration {
            let before = defects.remove(signed).unwrap_or_default();
            defects.insert(*signed, before.with(*field, value));
        }
    }
    defects
}

/// Changes the finished chip; `None` when there is nothing the alteration applies to.
fn alter(chip: &mut Chip, alteration: &Alteration) -> Option<()> {
    match alteration {
        Alteration::Holder(edit) => holder(chip, edit).then_some(()),
        Alteration::Record(sfi, number, edit) => {
            let files = chip.applications.iter_mut().map(|application| &mut application.records);
            any(files, |records| edit_record(records, (*sfi, *number), edit))
        }
        Alteration::Directory(number, edit) => edit_record(&mut chip.directory.as_mut()?.records, (1, *number), edit),
        Alteration::Pse(edit) => edit_bytes(&mut chip.directory.as_mut()?.fci, edit),
        Alteration::Ppse(edit) => edit_bytes(chip.contactless_directory.as_mut()?, edit),
        Alteration::Fci(edit) => {
            any(chip.applications.iter_mut(), |application| edit_bytes(&mut application.fci, edit))
        }
        Alteration::Aip(aip) => any(chip.applications.iter_mut(), |application| {
            application.announced_aip.clone_from(aip);
            Some(())
        }),
        Alteration::Afl(afl) => any(chip.applications.iter_mut(), |application| {
            application.afl.clone_from(afl);
            Some(())
        }),
        Alteration::Force(second, kind) => any(chip.applications.iter_mut(), |application| {
            let profile = &mut application.profile;
            *(if *second { &mut profile.second } else { &mut profile.first }) = Decision::Always(*kind);
            Some(())
        }),
        // These take effect before, while signing, or while answering.
        Alteration::With(..) | Alteration::Sign(..) | Alteration::Answer(..) | Alteration::AnswerAtTap(..) => Some(()),
    }
}

/// What an alteration is made to.
fn target(alteration: &Alteration) -> String {
    let with = |edit: &Edit| edit.tag().map(|tag| format!(" with {tag}")).unwrap_or_default();
    match alteration {
        Alteration::Holder(edit) => format!("record{}", with(edit)),
        Alteration::Record(sfi, number, edit) => format!("record {sfi}.{number}{}", with(edit)),
        Alteration::Directory(number, edit) => format!("record {number}{} in a payment system directory", with(edit)),
        Alteration::Pse(edit) => format!("FCI{} of a payment system directory", with(edit)),
        Alteration::Ppse(edit) => format!("FCI{} of a contactless directory", with(edit)),
        Alteration::Fci(edit) => format!("FCI{} of an application", with(edit)),
        _ => "application".to_owned(),
    }
}

/// Does `change` to each; something when it applied to one at least.
fn any<T>(items: impl Iterator<Item = T>, change: impl FnMut(T) -> Option<()>) -> Option<()> {
    items.filter_map(change).last()
}

fn edit_bytes(bytes: &mut Vec<u8>, edit: &Edit) -> Option<()> {
    *bytes = edit.apply(bytes)?;
    Some(())
}

fn edit_record(records: &mut Files, place: (u8, u8), edit: &Edit) -> Option<()> {
    match edit {
        Edit::Drop => return records.remove(&place).map(|_| ()),
        Edit::Replace(record) => {
            records.insert(place, record.clone());
            return Some(());
        }
        _ => {}
    }
    edit_bytes(records.get_mut(&place)?, edit)
}

/// Changes the first record that holds the tag the edit names.
fn holder(chip: &mut Chip, edit: &Edit) -> bool {
    let Some(wanted) = edit.tag() else { return false };
    let holds = |record: &&mut Vec<u8>| {
        let inside = tlv::find(record, tag::READ_RECORD_TEMPLATE_70).ok().flatten();
        inside.is_some_and(|template| matches!(tlv::find(template.value, wanted), Ok(Some(_))))
    };
    let mut records = chip.applications.iter_mut().flat_map(|application| application.records.values_mut());
    records.find(holds).is_some_and(|record| edit_bytes(record, edit).is_some())
}
