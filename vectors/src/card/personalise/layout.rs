//! Which data object stands in which record, and the application file locator that follows from it.

use std::collections::BTreeMap;

use apdu::{Tag, tag};

use super::Keys;
use crate::card::alteration::Signed;
use crate::card::profile::Application;
use crate::pki::{self, Certificate, Defects, Subject};
use crate::template::{object, template};

/// One record and where it stands.
pub(super) struct Entry {
    pub(super) sfi: u8,
    pub(super) number: u8,
    pub(super) authenticated: bool,
    pub(super) record: Vec<u8>,
}

type AllDefects = BTreeMap<Signed, Defects>;

/// The records: SFI 1 for track 2 and name, SFI 2 for what is signed and then what is not, SFI 3 for certificates.
pub(super) fn entries(application: &Application, keys: &Keys, defects: &AllDefects) -> Vec<Entry> {
    let signed = signed_objects(application);
    let static_data = static_data(application, &signed);
    let track = vec![track_2(application), object(tag::CARDHOLDER_NAME_5F20, application.cardholder.as_bytes())];
    let contactless = application.contactless.as_ref().map(|contactless| &contactless.personality);
    // Tracks for mag-stripe mode stand first and alone.
    let stripe = contactless.and_then(|personality| personality.stripe_objects(application));
    let (first, behind) = stripe.map_or((track.clone(), Vec::new()), |stripe| (stripe, track));
    let further = contactless.map_or_else(Vec::new, |personality| personality.record_objects());
    let mut entries = vec![
        entry(1, 1, false, &first),
        entry(2, 1, true, &signed),
        entry(2, 2, false, &[unsigned_objects(application), behind, further].concat()),
    ];
    let certificates = certificates(application, keys, defects, &static_data);
    let numbered = (1..).zip(certificates.iter().filter(|objects| !objects.is_empty()));
    entries.extend(numbered.map(|(number, objects)| entry(3, number, false, objects)));
    entries
}

fn entry(sfi: u8, number: u8, authenticated: bool, objects: &[Vec<u8>]) -> Entry {
    Entry { sfi, number, authenticated, record: template(tag::READ_RECORD_TEMPLATE_70, objects) }
}

/// A record that is written when a transaction comes.
pub(super) fn empty((sfi, number): (u8, u8)) -> Entry {
    entry(sfi, number, false, &[])
}

/// The application file locator: one entry a file, signed records first (`EMV 4.4 Book 3, 10.2`).
pub(super) fn afl(entries: &[Entry]) -> Vec<u8> {
    let mut files: BTreeMap<u8, (u8, u8)> = BTreeMap::new();
    for entry in entries {
        let (last, signed) = files.entry(entry.sfi).or_default();
        *last = (*last).max(entry.number);
        *signed = signed.saturating_add(u8::from(entry.authenticated));
    }
    files.into_iter().flat_map(|(sfi, (last, signed))| [sfi << 3, 1, last, signed]).collect()
}

/// What the issuer signs: the records' objects, and the AIP when tag `9F4A` names it (`EMV 4.4 Book 3, 10.3`).
fn static_data(application: &Application, signed: &[Vec<u8>]) -> Vec<u8> {
    let aip = if application.aip_is_signed { &super::aip(application)[..] } else { &[] };
    [&signed.concat()[..], aip].concat()
}

fn optional(tag: Tag, value: Option<impl AsRef<[u8]>>) -> Option<Vec<u8>> {
    value.map(|value| object(tag, value.as_ref()))
}

fn signed_objects(application: &Application) -> Vec<Vec<u8>> {
    let codes = application.action_codes.as_ref();
    let objects = [
        Some(object(tag::PAN_5A, &application.pan.value())),
        optional(tag::PAN_SEQUENCE_NUMBER_5F34, application.sequence.map(|number| [number])),
        Some(object(tag::APPLICATION_EXPIRATION_DATE_5F24, &application.expiration)),
        Some(object(tag::APPLICATION_EFFECTIVE_DATE_5F25, &application.effective)),
        Some(object(tag::ISSUER_COUNTRY_CODE_5F28, &application.country)),
        Some(object(tag::APPLICATION_USAGE_CONTROL_9F07, &application.usage)),
        optional(tag::CVM_LIST_8E, application.cvm_list.as_ref()),
        optional(tag::IAC_DENIAL_9F0E, codes.map(|[denial, ..]| denial)),
        optional(tag::IAC_ONLINE_9F0F, codes.map(|[_, online, _]| online)),
        optional(tag::IAC_DEFAULT_9F0D, codes.map(|[.., default]| default)),
        application.aip_is_signed.then(|| object(tag::SDA_TAG_LIST_9F4A, &[0x82])),
    ];
    objects.into_iter().flatten().collect()
}

fn unsigned_objects(application: &Application) -> Vec<Vec<u8>> {
    let limits = application.offline_limits;
    let objects = [
        Some(object(tag::CDOL1_8C, &application.cdol1)),
        Some(object(tag::CDOL2_8D, &application.cdol2)),
        Some(object(tag::APPLICATION_VERSION_CARD_9F08, &application.version_number)),
        Some(object(tag::APPLICATION_CURRENCY_CODE_9F42, &application.currency)),
        Some(object(tag::APPLICATION_CURRENCY_EXPONENT_9F44, &[0x02])),
        optional(tag::LOWER_CONSECUTIVE_OFFLINE_LIMIT_9F14, limits.map(|(lower, _)| [lower])),
        optional(tag::UPPER_CONSECUTIVE_OFFLINE_LIMIT_9F23, limits.map(|(_, upper)| [upper])),
        optional(tag::DDOL_9F49, application.ddol.as_ref()),
        Some(object(
            tag::SERVICE_CODE_5F30,
            &hex::decode(format!("0{}", application.service_code)).unwrap_or_default(),
        )),
    ];
    objects.into_iter().flatten().collect()
}

/// PAN, separator, expiry as YYMM, service code, discretionary data.
pub(in crate::card) fn track_2(application: &Application) -> Vec<u8> {
    let [year, month, _] = application.expiration;
    let text = format!("{}D{year:02X}{month:02X}{}12345678", application.pan.digits(), application.service_code);
    let even = if text.len().is_multiple_of(2) { text } else { text + "F" };
    object(tag::TRACK_2_EQUIVALENT_DATA_57, &hex::decode(even).unwrap_or_default())
}

/// The records of SFI 3: the authority's index and the issuer's key, then what the methods need.
fn certificates(application: &Application, keys: &Keys, defects: &AllDefects, static_data: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let methods = &application.authentication;
    let signs = keys.icc_signs(application);
    if !methods.sda && !signs && keys.pin.is_none() {
        return Vec::new();
    }
    let signer = Signer { application, keys, defects };
    let issuer = signer.issuer();
    let mut records = vec![
        vec![
            object(tag::CA_PUBLIC_KEY_INDEX_8F, &[methods.authority]),
            object(tag::ISSUER_PUBLIC_KEY_EXPONENT_9F32, &issuer.exponent),
        ],
        vec![object(tag::ISSUER_PUBLIC_KEY_CERTIFICATE_90, &issuer.certificate)],
    ];
    if let Some(first) = records.first_mut() {
        first.extend(remainder(tag::ISSUER_PUBLIC_KEY_REMAINDER_92, &issuer));
    }
    if methods.sda {
        records.push(vec![object(tag::SIGNED_STATIC_APPLICATION_DATA_93, &signer.static_data(static_data))]);
    }
    if signs {
        records.extend(key_records(ICC_TAGS, &signer.icc(static_data)));
    }
    records.extend(signer.pin().iter().flat_map(|certificate| key_records(PIN_TAGS, certificate)));
    records
}

/// Certificate, exponent, remainder.
const ICC_TAGS: [Tag; 3] =
    [tag::ICC_PUBLIC_KEY_CERTIFICATE_9F46, tag::ICC_PUBLIC_KEY_EXPONENT_9F47, tag::ICC_PUBLIC_KEY_REMAINDER_9F48];
const PIN_TAGS: [Tag; 3] = [tag::ICC_PIN_CERTIFICATE_9F2D, tag::ICC_PIN_EXPONENT_9F2E, tag::ICC_PIN_REMAINDER_9F2F];

/// A certificate fills a record; exponent and remainder share the next.
fn key_records([certificate, exponent, rest]: [Tag; 3], key: &Certificate) -> [Vec<Vec<u8>>; 2] {
    let mut second = vec![object(exponent, &key.exponent)];
    second.extend(remainder(rest, key));
    [vec![object(certificate, &key.certificate)], second]
}

fn remainder(tag: Tag, key: &Certificate) -> Option<Vec<u8>> {
    (!key.remainder.is_empty()).then(|| object(tag, &key.remainder))
}

struct Signer<'a> {
    application: &'a Application,
    keys: &'a Keys,
    defects: &'a AllDefects,
}

impl Signer<'_> {
    fn wrong(&self, signed: Signed) -> Defects {
        self.defects.get(&signed).cloned().unwrap_or_default()
    }

    fn issuer(&self) -> Certificate {
        let identifier = self.application.pan.packed(10);
        let identifier = [identifier.get(..3).unwrap_or(&[]), &[0xFF]].concat();
        let expiry = self.application.authentication.issuer_expiry;
        let subject = Subject { key: &self.keys.issuer, identifier: &identifier, expiry, serial: [0x00, 0x10, 0x01] };
        pki::issuer_certificate(&self.keys.authority.key, subject, &self.wrong(Signed::Issuer))
    }

    fn static_data(&self, static_data: &[u8]) -> Vec<u8> {
        pki::signed_static_data(&self.keys.issuer, [0xDA, 0xC1], static_data, &self.wrong(Signed::Static))
    }

    fn icc(&self, static_data: &[u8]) -> Certificate {
        let identifier = self.application.pan.packed(10);
        let expiry = self.application.authentication.icc_expiry;
        let subject = Subject { key: &self.keys.icc, identifier: &identifier, expiry, serial: [0x00, 0x20, 0x02] };
        pki::icc_certificate(&self.keys.issuer, subject, static_data, &self.wrong(Signed::Icc))
    }

    fn pin(&self) -> Option<Certificate> {
        let identifier = self.application.pan.packed(10);
        let expiry = self.application.authentication.icc_expiry;
        let key = self.keys.pin.as_deref()?;
        let subject = Subject { key, identifier: &identifier, expiry, serial: [0x00, 0x30, 0x03] };
        Some(pki::icc_pin_certificate(&self.keys.issuer, subject, &self.wrong(Signed::Pin)))
    }
}
