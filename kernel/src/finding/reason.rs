//! Every reason the kernel can give, with what does not depend on language: its stable id, whose fault it usually is, what
//! to do, and the clause behind it. The texts for people are translations keyed by the id.

use super::{Category, Remedy};

/// What a reason means whatever the language.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The reason.
    pub reason: Reason,
    /// Stable kebab-case id; never changed, never used again for something else.
    pub id: &'static str,
    /// Whose fault: the usual one first, others after.
    pub categories: &'static [Category],
    /// What the merchant can do, first things first.
    pub remedies: &'static [Remedy],
    /// The clause that rules the check.
    pub clause: &'static str,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $id:literal, [$($category:ident),*], [$($remedy:ident),*], $clause:literal;)*) => {
        /// Why something failed, or what made it go another way.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        /// All reasons, in the order of the catalogue.
        pub const ALL: &[Reason] = &[$(Reason::$name,)*];

        impl Reason {
            /// The language-independent facts of this reason.
            pub const fn entry(self) -> Entry {
                match self {
                    $(Self::$name => Entry {
                        reason: Self::$name,
                        id: $id,
                        categories: &[$(Category::$category,)*],
                        remedies: &[$(Remedy::$remedy,)*],
                        clause: $clause,
                    },)*
                }
            }
        }
    };
}

impl Reason {
    /// The stable id.
    pub const fn id(self) -> &'static str {
        self.entry().id
    }

    /// The reason behind an issuer's authorisation response code (`8A`; ISO 8583 DE 39). Codes that mean the same share
    /// one reason, and a code of no known meaning has one of its own.
    pub fn from_response_code(code: [u8; 2]) -> Self {
        let code = match &code.map(|character| character.to_ascii_lowercase()) {
            b"70" => *b"1a",
            b"n3" => *b"n4",
            b"n7" => *b"82",
            b"r1" | b"r3" => *b"r0",
            b"a4" | b"a5" | b"a6" => *b"a2",
            other => *other,
        };
        let about = |id: &str| id.as_bytes().strip_prefix(b"host-").is_some_and(|rest| rest.starts_with(&code));
        let numbered = |id: &str| about(id) && id.as_bytes().get(7) == Some(&b'-');
        ALL.iter().copied().find(|reason| numbered(reason.id())).unwrap_or(Self::HostOther)
    }

    /// Whether the exchanges of one transaction can show it. The other reasons are told by people, hosts and stripes, or
    /// seen over many transactions; they stand last in the catalogue.
    pub fn is_shown_by_a_transaction(self) -> bool {
        self < Self::NetSim
    }

    /// Whether the hardened policy decided, and not EMV.
    pub fn is_of_policy(self) -> bool {
        self >= Self::PolicyOdaFailed && self <= Self::PolicyCvrMismatch
    }

    /// The reason with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        ALL.iter().copied().find(|reason| reason.id() == id)
    }
}

reasons! {
    // Reader and transport

    /// Smart-card service is not running.
    ReaderServiceDown = "reader-service-down", [Reader], [Reboot], "PC/SC Part 5";
    /// No card reader is connected.
    ReaderNone = "reader-none", [Reader], [Reboot], "PC/SC Part 5";
    /// The chosen reader does not exist.
    ReaderUnknownName = "reader-unknown-name", [TerminalConfig, Reader], [Reboot], "PC/SC Part 5";
    /// Reader was unplugged during use.
    ReaderUnplugged = "reader-unplugged", [Reader], [Reboot], "PC/SC Part 5";
    /// Another program is using the card.
    ReaderBusy = "reader-busy", [TerminalConfig], [Reboot], "PC/SC Part 5";
    /// No right to use the reader.
    ReaderPermission = "reader-permission", [TerminalConfig], [Acquirer], "PC/SC Part 5";
    /// Card and reader agree on no protocol.
    ReaderProtocolMismatch = "reader-protocol-mismatch", [Reader, Card], [Retry, Other], "PC/SC Part 5";
    /// Answer did not fit the buffer.
    ReaderBufferShort = "reader-buffer-short", [TerminalConfig], [Acquirer], "PC/SC Part 5";
    /// Reader driver fault.
    ReaderInternal = "reader-internal", [Reader], [Reboot], "PC/SC Part 5";
    /// No card in the reader.
    CardAbsent = "card-absent", [Operator], [Retry], "EMV 4.4 Book 3, 6.3.5";
    /// Chip does not answer.
    CardNoAtr = "card-no-atr", [Card, Operator, Reader], [Retry, Clean, NewCard], "EMV Contact Interface 1.0";
    /// Card has no power.
    CardUnpowered = "card-unpowered", [Reader], [Retry], "EMV 4.4 Book 3, 6.3.5";
    /// Chip answer to reset breaks the rules.
    CardAtrInvalid = "card-atr-invalid", [Card, Reader], [Retry, Clean, Other], "EMV Contact Interface 1.0";
    /// Card is not a payment card.
    CardNotPayment = "card-not-payment", [Card, Operator], [Other], "EMV 4.4 Book 3, 6.3.5";
    /// Card was taken out too early.
    CardRemoved = "card-removed", [Operator, Cardholder], [Retry], "EMV 4.4 Book 4, 6.5";
    /// Card was reset by another program.
    CardResetByOther = "card-reset-by-other", [TerminalConfig], [Retry], "EMV 4.4 Book 3, 6.3.5";
    /// Card answered too late.
    TransportTimeout = "transport-timeout", [Card, Reader], [Retry, Clean], "EMV Contact Interface 1.0";
    /// Transmission error with the chip.
    TransportError = "transport-error", [Card, Reader], [Clean, Retry], "EMV Contact Interface 1.0";
    /// Answer length does not fit the request.
    TransportLengthMismatch = "transport-length-mismatch", [Reader, Card], [Retry, Acquirer], "EMV Contact Interface 1.0";
    /// Recorded trace has gaps.
    TransportTraceIncomplete = "transport-trace-incomplete", [Operator], [None], "EMV Contact Interface 1.0";
    /// The recording holds another command at this point.
    TransportTraceDiffers = "transport-trace-differs", [Operator], [None], "EMV 4.4 Book 3, 6.3.5";
    /// The card wants more exchanges than any transaction needs.
    BoundExchanges = "bound-exchanges", [Card, SuspectedAttack], [Other, NewCard], "EMV 4.4 Book 3, 6.3.5";
    /// The card takes more time than the terminal gives it.
    BoundTime = "bound-time", [Card, Reader, SuspectedAttack], [Clean, Other], "EMV 4.4 Book 3, 6.3.5";
    /// The card sends more than the terminal keeps of one transaction.
    BoundMemory = "bound-memory", [Card, SuspectedAttack], [Other, NewCard], "EMV 4.4 Book 3, 6.3.5";
    /// Card reports an inner fault.
    CardInternalError = "card-internal-error", [Card], [Retry, NewCard], "EMV 4.4 Book 3, 6.3.5";
    /// Card does not know a command it must know.
    CardCommandUnsupported = "card-command-unsupported", [Card], [Other], "EMV 4.4 Book 3, 6.3.5";
    /// Secure messaging not available on card.
    CardSecureMessagingUnsupported = "card-secure-messaging-unsupported", [Card, NetworkIssuer], [None], "EMV 4.4 Book 3, 6.3.5";
    /// Transaction cancelled at the terminal.
    UserCancelled = "user-cancelled", [Operator, Cardholder], [Redo], "EMV 4.4 Book 4, 6.5";
    // Application selection and card data

    /// Card is blocked.
    SelCardBlocked = "sel-card-blocked", [Card, NetworkIssuer], [Bank, Other], "EMV 4.4 Book 1, 12.3";
    /// Card type not supported by this terminal.
    SelNoCommonApp = "sel-no-common-app", [TerminalConfig, Card], [Other, Update], "EMV 4.4 Book 1, 12.3";
    /// Payment application on the card is blocked.
    SelAppBlocked = "sel-app-blocked", [Card, NetworkIssuer], [Bank, Other], "EMV 4.4 Book 1, 12.3";
    /// Customer did not confirm the application.
    SelCardholderRefused = "sel-cardholder-refused", [Cardholder, Operator], [Redo], "EMV 4.4 Book 1, 12.3";
    /// Final selection of the application failed.
    SelFinalFailed = "sel-final-failed", [Card], [Retry, Other], "EMV 4.4 Book 1, 12.4";
    /// Application header has wrong format.
    SelFciFormat = "sel-fci-format", [Card], [Other], "EMV 4.4 Book 1, 11.3.4";
    /// Card directory has wrong format.
    SelPseFormat = "sel-pse-format", [Card], [None], "EMV 4.4 Book 1, 12.3.2";
    /// Card directory is blocked.
    SelPseBlocked = "sel-pse-blocked", [Card], [None], "EMV 4.4 Book 1, 12.3.2";
    /// Card refused to start the transaction.
    GpoSw = "gpo-sw", [Card, TerminalConfig], [Retry, Other], "EMV 4.4 Book 3, 10.1";
    /// Start data had the wrong length.
    GpoPdolLength = "gpo-pdol-length", [TerminalConfig], [Update, Acquirer], "EMV 4.4 Book 3, 10.1";
    /// Card does not allow this kind of transaction here.
    GpoNotAllowed = "gpo-not-allowed", [Card, TerminalConfig], [Other], "EMV 4.4 Book 3, 10.1";
    /// Answer to start command has wrong format.
    GpoFormat = "gpo-format", [Card], [Other], "EMV 4.4 Book 3, 10.1";
    /// Card lists no records.
    AflEmpty = "afl-empty", [Card], [Other], "EMV 4.4 Book 3, 10.2";
    /// Record list of card is wrong.
    AflInvalid = "afl-invalid", [Card], [Other], "EMV 4.4 Book 3, 10.2";
    /// A card record could not be read.
    RecSw = "rec-sw", [Card], [Retry, Clean, Other], "EMV 4.4 Book 3, 10.2";
    /// Record is not in the template 70.
    RecTemplate = "rec-template", [Card], [Other], "EMV 4.4 Book 3, 10.2";
    /// Record data cannot be decoded.
    RecParse = "rec-parse", [Card], [Other], "EMV 4.4 Book 3, 10.2";
    /// Same data twice on the card.
    RecDuplicateTag = "rec-duplicate-tag", [Card], [Other], "EMV 4.4 Book 3, 10.2";
    /// Expiry date missing on chip.
    RecMandatoryMissing5f24 = "rec-mandatory-missing-5f24", [Card], [Other], "EMV 4.4 Book 3, 10.2";
    /// Card number missing on chip.
    RecMandatoryMissing5a = "rec-mandatory-missing-5a", [Card], [Other], "EMV 4.4 Book 3, 10.2";
    /// CDOL1 missing on chip.
    RecMandatoryMissing8c = "rec-mandatory-missing-8c", [Card], [Other], "EMV 4.4 Book 3, 10.2";
    /// CDOL2 missing on chip.
    RecMandatoryMissing8d = "rec-mandatory-missing-8d", [Card], [Other], "EMV 4.4 Book 3, 10.2";
    /// A data element has an impossible value.
    DataFormat = "data-format", [Card], [Other], "EMV 4.4 Book 3, 7.5";
    /// Data needed for a check is missing on the chip.
    IccDataMissing = "icc-data-missing", [Card], [None], "EMV 4.4 Book 3, 7.5";
    /// Card number on chip and in track 2 image differ.
    CardTrack2PanMismatch = "card-track2-pan-mismatch", [SuspectedAttack, Card], [Hold], "EMV 4.4 Book 3, 7.5";
    /// Expiry in track 2 image differs from chip expiry.
    CardTrack2ExpiryMismatch = "card-track2-expiry-mismatch", [Card, SuspectedAttack], [Bank], "EMV 4.4 Book 3, 7.5";
    /// Card number check digit is wrong.
    CardLuhnFailed = "card-luhn-failed", [Card, SuspectedAttack], [Hold], "EMV 4.4 Book 3, 7.5";
    /// Test card on a live terminal.
    CardTestCardOnLive = "card-test-card-on-live", [Operator, Card], [Other], "EMV 4.4 Book 3, 6.3.5";
    // Restrictions and risk management

    /// Card and terminal application versions differ.
    RestrictVersion = "restrict-version", [TerminalConfig, Card], [Update], "EMV 4.4 Book 3, 10.4.1";
    /// Card may not be used in an ATM.
    RestrictUsageAtm = "restrict-usage-atm", [Card], [Other], "EMV 4.4 Book 3, 10.4.2";
    /// Card may only be used in an ATM.
    RestrictUsageNonAtm = "restrict-usage-non-atm", [Card], [Other], "EMV 4.4 Book 3, 10.4.2";
    /// Cash not allowed with this card here.
    RestrictUsageCash = "restrict-usage-cash", [Card], [Other], "EMV 4.4 Book 3, 10.4.2";
    /// Purchase of goods not allowed with this card here.
    RestrictUsageGoods = "restrict-usage-goods", [Card, TerminalConfig], [Other], "EMV 4.4 Book 3, 10.4.2";
    /// Purchase of services not allowed with this card here.
    RestrictUsageServices = "restrict-usage-services", [Card, TerminalConfig], [Other], "EMV 4.4 Book 3, 10.4.2";
    /// Cashback not allowed with this card here.
    RestrictUsageCashback = "restrict-usage-cashback", [Card], [Redo], "EMV 4.4 Book 3, 10.4.2";
    /// Card is not valid yet.
    RestrictNotEffective = "restrict-not-effective", [Card, TerminalConfig], [Clock, Bank], "EMV 4.4 Book 3, 10.4.3";
    /// Card has expired.
    RestrictExpired = "restrict-expired", [Card, TerminalConfig], [Clock, NewCard], "EMV 4.4 Book 3, 10.4.3";
    /// Card is on the stop list.
    TrmException = "trm-exception", [Card, SuspectedAttack], [Hold], "EMV 4.4 Book 4, 6.3.5";
    /// Amount is above the floor limit.
    TrmFloor = "trm-floor", [TerminalConfig], [None], "EMV 4.4 Book 3, 10.6.1";
    /// Picked at random for online check.
    TrmRandom = "trm-random", [TerminalConfig], [None], "EMV 4.4 Book 3, 10.6.2";
    /// Lower offline counter limit passed.
    TrmLcol = "trm-lcol", [Card], [None], "EMV 4.4 Book 3, 10.6.3";
    /// Upper offline counter limit passed.
    TrmUcol = "trm-ucol", [Card], [Net], "EMV 4.4 Book 3, 10.6.3";
    /// New card, never online before.
    TrmNewcard = "trm-newcard", [Card], [Net], "EMV 4.4 Book 3, 10.6.3";
    /// Merchant forced online.
    TrmForced = "trm-forced", [Operator], [None], "EMV 4.4 Book 4, 6.3.5";
    /// Card counters could not be read.
    TrmVelocityDataMissing = "trm-velocity-data-missing", [Card], [None], "EMV 4.4 Book 3, 10.6.3";
    /// Default TDOL was used.
    TdolDefault = "tdol-default", [Card, TerminalConfig], [None], "EMV 4.4 Book 3, 9.2.2";
    /// Terminal rules declined without going online.
    TaaDeniedOffline = "taa-denied-offline", [TerminalConfig, Card], [Other], "EMV 4.4 Book 3, 10.7";
    /// Declined as the host could not be reached.
    TaaDeniedUnableOnline = "taa-denied-unable-online", [NetworkIssuer], [Net], "EMV 4.4 Book 3, 10.7";
    /// Offline-only terminal had to decline.
    TaaDeniedOfflineOnly = "taa-denied-offline-only", [TerminalConfig, Card], [Other], "EMV 4.4 Book 3, 10.7";
    /// Terminal date or time is wrong.
    TerminalClockWrong = "terminal-clock-wrong", [TerminalConfig], [Clock], "EMV 4.4 Book 3, 6.3.5";
    /// No action codes loaded for this AID.
    TerminalTacMissing = "terminal-tac-missing", [TerminalConfig], [Update], "EMV 4.4 Book 3, 6.3.5";
    /// Unpredictable number repeats or looks weak.
    TerminalUnWeak = "terminal-un-weak", [TerminalConfig, SuspectedAttack], [Acquirer], "EMV 4.4 Book 3, 6.3.5";
    // Offline data authentication

    /// Card was not authenticated offline.
    OdaNotPerformed = "oda-not-performed", [TerminalConfig, Card], [None], "EMV 4.4 Book 3, 10.3";
    /// Card and terminal share no authentication method.
    OdaNoCommonMethod = "oda-no-common-method", [TerminalConfig, Card], [Update], "EMV 4.4 Book 3, 10.3";
    /// CA key index missing on card.
    OdaDataMissing8f = "oda-data-missing-8f", [Card], [Bank], "EMV 4.4 Book 3, 10.3";
    /// Issuer certificate missing on card.
    OdaDataMissing90 = "oda-data-missing-90", [Card], [Bank], "EMV 4.4 Book 3, 10.3";
    /// Issuer key remainder missing.
    OdaDataMissing92 = "oda-data-missing-92", [Card], [Bank], "EMV 4.4 Book 3, 10.3";
    /// Static signature missing.
    OdaDataMissing93 = "oda-data-missing-93", [Card], [Bank], "EMV 4.4 Book 3, 10.3";
    /// Issuer key exponent missing.
    OdaDataMissing9f32 = "oda-data-missing-9f32", [Card], [Bank], "EMV 4.4 Book 3, 10.3";
    /// Chip certificate missing on card.
    OdaDataMissing9f46 = "oda-data-missing-9f46", [Card], [Bank], "EMV 4.4 Book 3, 10.3";
    /// Chip key exponent missing.
    OdaDataMissing9f47 = "oda-data-missing-9f47", [Card], [Bank], "EMV 4.4 Book 3, 10.3";
    /// Chip key remainder missing.
    OdaDataMissing9f48 = "oda-data-missing-9f48", [Card], [Bank], "EMV 4.4 Book 3, 10.3";
    /// Card number missing for certificate check.
    OdaDataMissing5a = "oda-data-missing-5a", [Card], [Bank], "EMV 4.4 Book 3, 10.3";
    /// CA public key of the card scheme is missing.
    OdaCapkNotFound = "oda-capk-not-found", [TerminalConfig], [Update], "EMV 4.4 Book 2, 11.2";
    /// CA public key has expired.
    OdaCapkExpired = "oda-capk-expired", [TerminalConfig], [Clock, Update], "EMV 4.4 Book 2, 11.2";
    /// CA public key was withdrawn.
    OdaCapkWithdrawn = "oda-capk-withdrawn", [TerminalConfig, SuspectedAttack], [Update], "EMV 4.4 Book 2, 11.2";
    /// CA public key file is damaged.
    OdaCapkChecksum = "oda-capk-checksum", [TerminalConfig], [Update], "EMV 4.4 Book 2, 11.2";
    /// CA key uses an algorithm not supported.
    OdaCapkAlgorithm = "oda-capk-algorithm", [TerminalConfig], [Update], "EMV 4.4 Book 2, 11.2";
    /// Issuer certificate length is wrong.
    OdaIssuerCertLength = "oda-issuer-cert-length", [Card, TerminalConfig], [Bank], "EMV 4.4 Book 2, 6.3";
    /// Issuer certificate cannot be opened.
    OdaIssuerCertRecover = "oda-issuer-cert-recover", [TerminalConfig, Card, SuspectedAttack], [Update, Bank], "EMV 4.4 Book 2, 6.3";
    /// Issuer certificate format byte wrong.
    OdaIssuerCertFormat = "oda-issuer-cert-format", [Card], [Bank], "EMV 4.4 Book 2, 6.3";
    /// Hash algorithm of issuer certificate unknown.
    OdaIssuerCertHashAlg = "oda-issuer-cert-hash-alg", [Card, TerminalConfig], [Update], "EMV 4.4 Book 2, 6.3";
    /// Key algorithm of issuer certificate unknown.
    OdaIssuerCertPkAlg = "oda-issuer-cert-pk-alg", [Card, TerminalConfig], [Update], "EMV 4.4 Book 2, 6.3";
    /// Issuer certificate hash does not match.
    OdaIssuerCertHash = "oda-issuer-cert-hash", [Card, SuspectedAttack], [Hold], "EMV 4.4 Book 2, 6.3";
    /// Issuer id in certificate does not fit the card number.
    OdaIssuerCertIssuerId = "oda-issuer-cert-issuer-id", [SuspectedAttack, Card], [Hold], "EMV 4.4 Book 2, 6.3";
    /// Issuer certificate has expired.
    OdaIssuerCertExpired = "oda-issuer-cert-expired", [Card, TerminalConfig], [Clock, NewCard], "EMV 4.4 Book 2, 6.3";
    /// Issuer certificate is revoked.
    OdaIssuerCertRevoked = "oda-issuer-cert-revoked", [Card, SuspectedAttack], [Hold], "EMV 4.4 Book 2, 6.3";
    /// Issuer key remainder wrong.
    OdaIssuerCertRemainder = "oda-issuer-cert-remainder", [Card], [Bank], "EMV 4.4 Book 2, 6.3";
    /// Issuer key exponent wrong.
    OdaIssuerCertExponent = "oda-issuer-cert-exponent", [Card], [Bank], "EMV 4.4 Book 2, 6.3";
    /// Issuer key is longer than allowed.
    OdaIssuerKeyTooLong = "oda-issuer-key-too-long", [Card], [Bank], "EMV 4.4 Book 2, 6.3";
    /// Issuer key is no RSA key.
    OdaIssuerKeyUnusable = "oda-issuer-key-unusable", [Card], [Bank], "EMV 4.4 Book 2, 6.3";
    /// Tag list of signed static data is wrong.
    OdaSdaTagListInvalid = "oda-sda-tag-list-invalid", [Card], [Bank], "EMV 4.4 Book 3, 10.3";
    /// A signed record is not in template 70.
    OdaStaticRecordTemplate = "oda-static-record-template", [Card], [Bank], "EMV 4.4 Book 3, 10.3";
    /// Static signature length wrong.
    OdaSsadLength = "oda-ssad-length", [Card], [Bank], "EMV 4.4 Book 2, 5.4";
    /// Static signature cannot be opened.
    OdaSsadRecover = "oda-ssad-recover", [Card, SuspectedAttack], [Hold], "EMV 4.4 Book 2, 5.4";
    /// Static signature format byte wrong.
    OdaSsadFormat = "oda-ssad-format", [Card], [Bank], "EMV 4.4 Book 2, 5.4";
    /// Hash algorithm of static signature unknown.
    OdaSsadHashAlg = "oda-ssad-hash-alg", [Card, TerminalConfig], [Update], "EMV 4.4 Book 2, 5.4";
    /// Card data changed since it was signed (SDA).
    OdaSsadHash = "oda-ssad-hash", [SuspectedAttack, Card], [Hold], "EMV 4.4 Book 2, 5.4";
    /// Chip certificate length wrong.
    OdaIccCertLength = "oda-icc-cert-length", [Card], [Bank], "EMV 4.4 Book 2, 6.4";
    /// Chip certificate cannot be opened.
    OdaIccCertRecover = "oda-icc-cert-recover", [Card, SuspectedAttack], [Hold], "EMV 4.4 Book 2, 6.4";
    /// Chip certificate format byte wrong.
    OdaIccCertFormat = "oda-icc-cert-format", [Card], [Bank], "EMV 4.4 Book 2, 6.4";
    /// Hash algorithm of chip certificate unknown.
    OdaIccCertHashAlg = "oda-icc-cert-hash-alg", [Card, TerminalConfig], [Update], "EMV 4.4 Book 2, 6.4";
    /// Key algorithm of chip certificate unknown.
    OdaIccCertPkAlg = "oda-icc-cert-pk-alg", [Card, TerminalConfig], [Update], "EMV 4.4 Book 2, 6.4";
    /// Chip certificate hash does not match.
    OdaIccCertHash = "oda-icc-cert-hash", [Card, SuspectedAttack], [Hold], "EMV 4.4 Book 2, 6.4";
    /// Signed card records were changed.
    OdaIccCertStaticDataChanged = "oda-icc-cert-static-data-changed", [SuspectedAttack, Card], [Hold], "EMV 4.4 Book 2, 6.4";
    /// Card number in chip certificate differs.
    OdaIccCertPan = "oda-icc-cert-pan", [SuspectedAttack, Card], [Hold], "EMV 4.4 Book 2, 6.4";
    /// Chip certificate has expired.
    OdaIccCertExpired = "oda-icc-cert-expired", [Card, TerminalConfig], [Clock, NewCard], "EMV 4.4 Book 2, 6.4";
    /// Chip key remainder wrong.
    OdaIccCertRemainder = "oda-icc-cert-remainder", [Card], [Bank], "EMV 4.4 Book 2, 6.4";
    /// Chip key exponent wrong.
    OdaIccCertExponent = "oda-icc-cert-exponent", [Card], [Bank], "EMV 4.4 Book 2, 6.4";
    /// Chip key is longer than allowed.
    OdaIccKeyTooLong = "oda-icc-key-too-long", [Card], [Bank], "EMV 4.4 Book 2, 6.4";
    /// Chip key is no RSA key.
    OdaIccKeyUnusable = "oda-icc-key-unusable", [Card], [Bank], "EMV 4.4 Book 2, 6.4";
    /// Card does not ask for the terminal random number.
    OdaDdolMissingUn = "oda-ddol-missing-un", [Card], [Bank], "EMV 4.4 Book 2, 6.5.1";
    /// No DDOL on card and none in terminal.
    OdaDdolNoDefault = "oda-ddol-no-default", [TerminalConfig], [Update], "EMV 4.4 Book 2, 6.5.1";
    /// Card refused to sign.
    OdaIntAuthSw = "oda-int-auth-sw", [Card], [Retry, Other], "EMV 4.4 Book 2, 6.5.1";
    /// Signature answer cannot be decoded.
    OdaIntAuthResponse = "oda-int-auth-response", [Card], [Other], "EMV 4.4 Book 2, 6.5.1";
    /// Dynamic signature length wrong.
    OdaSdadLength = "oda-sdad-length", [Card], [Bank], "EMV 4.4 Book 2, 6.5";
    /// Dynamic signature cannot be opened.
    OdaSdadRecover = "oda-sdad-recover", [SuspectedAttack, Card], [Hold], "EMV 4.4 Book 2, 6.5";
    /// Dynamic signature format byte wrong.
    OdaSdadFormat = "oda-sdad-format", [Card], [Bank], "EMV 4.4 Book 2, 6.5";
    /// Hash algorithm of dynamic signature unknown.
    OdaSdadHashAlg = "oda-sdad-hash-alg", [Card, TerminalConfig], [Update], "EMV 4.4 Book 2, 6.5";
    /// Dynamic data length wrong.
    OdaSdadLdd = "oda-sdad-ldd", [Card], [Bank], "EMV 4.4 Book 2, 6.5";
    /// Dynamic signature hash does not match.
    OdaSdadHash = "oda-sdad-hash", [SuspectedAttack, TerminalConfig], [Hold], "EMV 4.4 Book 2, 6.5";
    /// Card did not sign the cryptogram.
    OdaCdaNoSdad = "oda-cda-no-sdad", [Card, SuspectedAttack], [Other], "EMV 4.4 Book 2, 6.6";
    /// Signed decision differs from shown decision.
    OdaCdaCidMismatch = "oda-cda-cid-mismatch", [SuspectedAttack], [Hold], "EMV 4.4 Book 2, 6.6";
    /// Transaction data was changed between card and terminal.
    OdaCdaTdhc = "oda-cda-tdhc", [SuspectedAttack, TerminalConfig], [Hold], "EMV 4.4 Book 2, 6.6";
    /// Random number not part of CDA data.
    OdaCdaUnMissing = "oda-cda-un-missing", [Card], [Bank], "EMV 4.4 Book 2, 6.6";
    // Cardholder verification

    /// CVM list has wrong format.
    CvmListFormat = "cvm-list-format", [Card], [Other], "EMV 4.4 Book 3, 10.5";
    /// Card has no CVM rules.
    CvmListEmpty = "cvm-list-empty", [Card], [None], "EMV 4.4 Book 3, 10.5";
    /// CVM rule not known to the terminal.
    CvmUnrecognised = "cvm-unrecognised", [TerminalConfig, Card], [Update], "EMV 4.4 Book 3, 10.5";
    /// CVM rule known but not supported here.
    CvmUnsupported = "cvm-unsupported", [TerminalConfig], [Update], "EMV 4.4 Book 3, 10.5";
    /// Cardholder verification failed.
    CvmFailed = "cvm-failed", [Cardholder, TerminalConfig], [Pin], "EMV 4.4 Book 3, 10.5";
    /// PIN pad missing or broken.
    CvmPinpad = "cvm-pinpad", [Reader, TerminalConfig], [Reboot, Acquirer], "EMV 4.4 Book 3, 10.5";
    /// PIN was not entered.
    CvmBypass = "cvm-bypass", [Operator, Cardholder], [Pin], "EMV 4.4 Book 3, 10.5";
    /// PIN try limit was passed.
    CvmPtl = "cvm-ptl", [Cardholder], [PinStop], "EMV 4.4 Book 3, 10.5";
    /// No rule of the list fits.
    CvmNoneMatched = "cvm-none-matched", [TerminalConfig, Card], [Other], "EMV 4.4 Book 3, 10.5";
    /// Wrong PIN.
    PinWrong = "pin-wrong", [Cardholder], [Pin], "EMV 4.4 Book 3, 10.5.1";
    /// Wrong PIN, one try left.
    PinLastTry = "pin-last-try", [Cardholder], [Pin], "EMV 4.4 Book 3, 10.5.1";
    /// PIN is blocked.
    PinBlocked = "pin-blocked", [Cardholder], [PinStop], "EMV 4.4 Book 3, 10.5.1";
    /// PIN entry was skipped.
    PinBypassed = "pin-bypassed", [Operator, Cardholder], [Pin], "EMV 4.4 Book 3, 10.5.1";
    /// PIN entry was cancelled.
    PinCancelled = "pin-cancelled", [Cardholder], [Redo], "EMV 4.4 Book 3, 10.5.1";
    /// PIN entry took too long.
    PinTimeout = "pin-timeout", [Cardholder, Operator], [Redo], "EMV 4.4 Book 3, 10.5.1";
    /// Card gave no random number for PIN encryption.
    PinChallengeFailed = "pin-challenge-failed", [Card], [Retry], "EMV 4.4 Book 2, 7.2";
    /// No key to encrypt the PIN on the card.
    PinKeyMissing = "pin-key-missing", [Card], [Other], "EMV 4.4 Book 2, 7.1";
    /// Key for offline PIN could not be checked.
    PinKeyRecoveryFailed = "pin-key-recovery-failed", [TerminalConfig, Card], [Update], "EMV 4.4 Book 2, 7.1";
    /// PIN length not 4 to 12 digits.
    PinLengthOutOfRange = "pin-length-out-of-range", [Cardholder, Operator], [Pin], "EMV 4.4 Book 3, 10.5.1";
    /// Unexpected answer to PIN check.
    VerifySw = "verify-sw", [Card], [Other], "EMV 4.4 Book 3, 6.5.12";
    /// No work key for online PIN.
    PinOnlineKeyMissing = "pin-online-key-missing", [TerminalConfig], [SignIn], "EMV 4.4 Book 3, 10.5.2";
    /// Host cannot decode the PIN block.
    PinBlockFormatRejected = "pin-block-format-rejected", [TerminalConfig, NetworkIssuer], [SignIn], "EMV 4.4 Book 3, 10.5.1";
    /// Host says wrong PIN.
    PinOnlineWrong = "pin-online-wrong", [Cardholder], [Pin], "EMV 4.4 Book 3, 10.5.2";
    /// Host says too many wrong PINs.
    PinOnlineTries = "pin-online-tries", [Cardholder], [PinStop], "EMV 4.4 Book 3, 10.5.2";
    /// Biometric check failed.
    BiometricFailed = "biometric-failed", [Cardholder, Reader], [Other], "EMV 4.4 Book 3, 10.5";
    // Cryptograms, issuer authentication, scripts

    /// Card refused to make the cryptogram.
    GenacSw = "genac-sw", [Card, TerminalConfig], [Retry, Other], "EMV 4.4 Book 3, 6.5.5";
    /// Cryptogram data had the wrong length.
    GenacCdolLength = "genac-cdol-length", [TerminalConfig], [Acquirer], "EMV 4.4 Book 3, 6.5.5";
    /// Answer with cryptogram has wrong format.
    GenacFormat = "genac-format", [Card], [Other], "EMV 4.4 Book 3, 6.5.5";
    /// Card answered with a higher decision than asked.
    GenacLogicError = "genac-logic-error", [SuspectedAttack, Card], [Hold], "EMV 4.4 Book 3, 6.5.5";
    /// Card itself declined before going online.
    CardDeclinedFirstGac = "card-declined-first-gac", [Card, NetworkIssuer], [Other, Bank], "EMV 4.4 Book 3, 10.8";
    /// Host approved but card refused.
    CardRefusedAfterOnline = "card-refused-after-online", [Card, NetworkIssuer], [Query, Other], "EMV 4.4 Book 3, 10.11";
    /// Card-own counters forced a decline.
    CardCounterLimit = "card-counter-limit", [Card], [Net, Bank], "EMV 4.4 Book 3, 6.3.5";
    /// Card does not trust the host answer.
    IssuerAuthFailed = "issuer-auth-failed", [NetworkIssuer, SuspectedAttack], [Query, Other], "EMV 4.4 Book 3, 10.9";
    /// Host sent no issuer authentication data.
    IssuerAuthMissing = "issuer-auth-missing", [NetworkIssuer], [None], "EMV 4.4 Book 3, 10.9";
    /// Host could not verify the ARQC.
    ArqcVerifyFailed = "arqc-verify-failed", [NetworkIssuer, SuspectedAttack], [Other], "EMV 4.4 Book 2, 8.1";
    /// Key index on card unknown to host.
    KeyIndexMismatch = "key-index-mismatch", [NetworkIssuer], [Bank], "EMV 4.4 Book 3, 6.3.5";
    /// Issuer command before final step failed.
    Script71Failed = "script-71-failed", [Card, NetworkIssuer], [None], "EMV 4.4 Book 3, 10.10";
    /// Issuer command after final step failed.
    Script72Failed = "script-72-failed", [Card, NetworkIssuer], [None], "EMV 4.4 Book 3, 10.10";
    /// Issuer command had a wrong MAC.
    ScriptMacFailed = "script-mac-failed", [NetworkIssuer], [Acquirer], "EMV 4.4 Book 3, 10.10";
    /// Issuer script cannot be decoded.
    ScriptFormat = "script-format", [NetworkIssuer], [Acquirer], "EMV 4.4 Book 3, 10.10";
    /// Issuer scripts too long.
    ScriptTooLong = "script-too-long", [NetworkIssuer], [Acquirer], "EMV 4.4 Book 3, 10.10";
    /// Issuer blocked the card or application in this sale.
    ScriptCardBlocked = "script-card-blocked", [NetworkIssuer, Card], [Hold, Bank], "EMV 4.4 Book 3, 10.10";
    // Host response codes

    /// Approved.
    Host00Approved = "host-00-approved", [NetworkIssuer], [None], "ISO 8583 DE 39";
    /// Refer to issuer.
    Host01ReferIssuer = "host-01-refer-issuer", [NetworkIssuer], [Bank, Other], "ISO 8583 DE 39";
    /// Refer to issuer, special.
    Host02ReferSpecial = "host-02-refer-special", [NetworkIssuer], [Bank, Other], "ISO 8583 DE 39";
    /// Merchant not registered or invalid.
    Host03InvalidMerchant = "host-03-invalid-merchant", [TerminalConfig], [Acquirer], "ISO 8583 DE 39";
    /// Keep the card.
    Host04Capture = "host-04-capture", [SuspectedAttack, NetworkIssuer], [Hold], "ISO 8583 DE 39";
    /// Not accepted by issuer (no detail).
    Host05DoNotHonour = "host-05-do-not-honour", [NetworkIssuer, Cardholder], [Bank, Other], "ISO 8583 DE 39";
    /// Issuer system error.
    Host06Error = "host-06-error", [NetworkIssuer], [Wait], "ISO 8583 DE 39";
    /// Keep the card, special.
    Host07CaptureSpecial = "host-07-capture-special", [SuspectedAttack, NetworkIssuer], [Hold], "ISO 8583 DE 39";
    /// Approved for part of the amount.
    Host10Partial = "host-10-partial", [NetworkIssuer], [Redo], "ISO 8583 DE 39";
    /// Transaction not valid or not supported.
    Host12InvalidTransaction = "host-12-invalid-transaction", [TerminalConfig, NetworkIssuer], [Redo, Acquirer], "ISO 8583 DE 39";
    /// Amount not valid or over limit.
    Host13InvalidAmount = "host-13-invalid-amount", [Operator, TerminalConfig], [Amount], "ISO 8583 DE 39";
    /// Card number not valid, not active or closed.
    Host14InvalidCard = "host-14-invalid-card", [Card, Cardholder], [Bank, Other], "ISO 8583 DE 39";
    /// No issuer for this card.
    Host15NoIssuer = "host-15-no-issuer", [TerminalConfig, Card], [Other, Acquirer], "ISO 8583 DE 39";
    /// Customer cancelled.
    Host17CustomerCancel = "host-17-customer-cancel", [Cardholder], [Redo], "ISO 8583 DE 39";
    /// Enter the transaction again.
    Host19Reenter = "host-19-reenter", [Operator, Card], [Redo, Clean], "ISO 8583 DE 39";
    /// Invalid response.
    Host20InvalidResponse = "host-20-invalid-response", [NetworkIssuer], [Wait], "ISO 8583 DE 39";
    /// Card not initialised or dormant.
    Host21CardInactive = "host-21-card-inactive", [Cardholder], [Bank], "ISO 8583 DE 39";
    /// Operation wrong or malfunction.
    Host22SuspectedMalfunction = "host-22-suspected-malfunction", [Operator, NetworkIssuer], [Redo], "ISO 8583 DE 39";
    /// Fee not acceptable.
    Host23Fee = "host-23-fee", [TerminalConfig], [Acquirer], "ISO 8583 DE 39";
    /// Original transaction not found.
    Host25NoOriginal = "host-25-no-original", [Operator], [Redo], "ISO 8583 DE 39";
    /// Message format error.
    Host30FormatError = "host-30-format-error", [TerminalConfig], [Acquirer, Update], "ISO 8583 DE 39";
    /// Bank not supported by switch.
    Host31BankUnsupported = "host-31-bank-unsupported", [NetworkIssuer], [Other], "ISO 8583 DE 39";
    /// Expired card, keep.
    Host33ExpiredCapture = "host-33-expired-capture", [Card], [NewCard], "ISO 8583 DE 39";
    /// Suspected fraud, keep.
    Host34FraudCapture = "host-34-fraud-capture", [SuspectedAttack], [Hold], "ISO 8583 DE 39";
    /// Restricted, call acquirer.
    Host35ContactAcquirer = "host-35-contact-acquirer", [NetworkIssuer], [Acquirer], "ISO 8583 DE 39";
    /// Restricted card.
    Host36RestrictedCapture = "host-36-restricted-capture", [NetworkIssuer], [Bank], "ISO 8583 DE 39";
    /// Too many PIN tries.
    Host38PinTries = "host-38-pin-tries", [Cardholder], [PinStop], "ISO 8583 DE 39";
    /// No credit account.
    Host39NoCreditAccount = "host-39-no-credit-account", [Operator, Cardholder], [Other], "ISO 8583 DE 39";
    /// Function not supported by issuer.
    Host40FunctionUnsupported = "host-40-function-unsupported", [NetworkIssuer, TerminalConfig], [Redo, Other], "ISO 8583 DE 39";
    /// Lost card.
    Host41Lost = "host-41-lost", [SuspectedAttack, Cardholder], [Hold], "ISO 8583 DE 39";
    /// No such account.
    Host42NoAccount = "host-42-no-account", [Cardholder], [Bank], "ISO 8583 DE 39";
    /// Stolen card.
    Host43Stolen = "host-43-stolen", [SuspectedAttack], [Hold], "ISO 8583 DE 39";
    /// Chip card may not be used by stripe.
    Host45NoFallback = "host-45-no-fallback", [Operator], [Insert], "ISO 8583 DE 39";
    /// Not enough money or credit.
    Host51InsufficientFunds = "host-51-insufficient-funds", [Cardholder], [Other], "ISO 8583 DE 39";
    /// No cheque account.
    Host52NoChecking = "host-52-no-checking", [Operator, Cardholder], [Redo], "ISO 8583 DE 39";
    /// No savings account.
    Host53NoSavings = "host-53-no-savings", [Operator, Cardholder], [Redo], "ISO 8583 DE 39";
    /// Expired card.
    Host54Expired = "host-54-expired", [Card, TerminalConfig], [NewCard], "ISO 8583 DE 39";
    /// Wrong PIN.
    Host55WrongPin = "host-55-wrong-pin", [Cardholder, TerminalConfig], [Pin], "ISO 8583 DE 39";
    /// No card record.
    Host56NoRecord = "host-56-no-record", [NetworkIssuer, Cardholder], [Bank], "ISO 8583 DE 39";
    /// Not permitted to this card.
    Host57NotPermittedCard = "host-57-not-permitted-card", [Cardholder, NetworkIssuer], [Bank, Insert], "ISO 8583 DE 39";
    /// Not permitted at this terminal.
    Host58NotPermittedTerminal = "host-58-not-permitted-terminal", [TerminalConfig], [Acquirer], "ISO 8583 DE 39";
    /// Suspected fraud / card check failed.
    Host59SuspectedFraud = "host-59-suspected-fraud", [SuspectedAttack, TerminalConfig], [Hold], "ISO 8583 DE 39";
    /// Call acquirer security.
    Host60ContactAcquirer = "host-60-contact-acquirer", [NetworkIssuer], [Acquirer], "ISO 8583 DE 39";
    /// Over the amount limit.
    Host61AmountLimit = "host-61-amount-limit", [Cardholder, TerminalConfig], [Amount, Bank], "ISO 8583 DE 39";
    /// Restricted card.
    Host62Restricted = "host-62-restricted", [Cardholder, NetworkIssuer], [Bank], "ISO 8583 DE 39";
    /// Security violation.
    Host63Security = "host-63-security", [TerminalConfig, SuspectedAttack], [SignIn, Acquirer], "ISO 8583 DE 39";
    /// Amount does not match the original.
    Host64OriginalAmount = "host-64-original-amount", [Operator], [Redo], "ISO 8583 DE 39";
    /// Over the number of uses (schemes also: PIN or chip needed).
    Host65FrequencyOrPin = "host-65-frequency-or-pin", [Cardholder], [Insert, Bank], "ISO 8583 DE 39";
    /// Stronger check needed.
    Host1aSca = "host-1a-sca", [Cardholder], [Insert], "ISO 8583 DE 39";
    /// Answer came too late.
    Host68Late = "host-68-late", [NetworkIssuer], [Query], "ISO 8583 DE 39";
    /// Too many wrong PINs.
    Host75PinTries = "host-75-pin-tries", [Cardholder], [PinStop], "ISO 8583 DE 39";
    /// Batch does not match, sign on again.
    Host77Batch = "host-77-batch", [TerminalConfig], [SignIn], "ISO 8583 DE 39";
    /// Card blocked, new or not active.
    Host78BlockedNew = "host-78-blocked-new", [Cardholder], [Bank], "ISO 8583 DE 39";
    /// Terminal uploads offline data again.
    Host79OfflineData = "host-79-offline-data", [NetworkIssuer, TerminalConfig], [None], "ISO 8583 DE 39";
    /// Batch upload wrong.
    Host80BatchWrong = "host-80-batch-wrong", [TerminalConfig], [Acquirer], "ISO 8583 DE 39";
    /// Card check value wrong.
    Host82Cvv = "host-82-cvv", [SuspectedAttack, TerminalConfig], [Hold], "ISO 8583 DE 39";
    /// Terminal id not valid.
    Host89TerminalInvalid = "host-89-terminal-invalid", [TerminalConfig], [Acquirer], "ISO 8583 DE 39";
    /// Day change in progress.
    Host90Cutover = "host-90-cutover", [NetworkIssuer], [Wait], "ISO 8583 DE 39";
    /// Issuer or switch not working.
    Host91IssuerDown = "host-91-issuer-down", [NetworkIssuer], [Wait], "ISO 8583 DE 39";
    /// Institution not found or line error.
    Host92Route = "host-92-route", [NetworkIssuer], [Wait], "ISO 8583 DE 39";
    /// Not allowed by law.
    Host93Law = "host-93-law", [NetworkIssuer], [Other], "ISO 8583 DE 39";
    /// Duplicate transaction.
    Host94Duplicate = "host-94-duplicate", [Operator, TerminalConfig], [Query], "ISO 8583 DE 39";
    /// Totals do not match.
    Host95Reconcile = "host-95-reconcile", [TerminalConfig], [Acquirer], "ISO 8583 DE 39";
    /// System fault at the centre.
    Host96System = "host-96-system", [NetworkIssuer], [Wait], "ISO 8583 DE 39";
    /// Terminal not registered.
    Host97TerminalUnregistered = "host-97-terminal-unregistered", [TerminalConfig], [Acquirer], "ISO 8583 DE 39";
    /// Issuer answer timed out.
    Host98IssuerTimeout = "host-98-issuer-timeout", [NetworkIssuer], [Query], "ISO 8583 DE 39";
    /// PIN format error, sign on again.
    Host99PinFormat = "host-99-pin-format", [TerminalConfig], [SignIn], "ISO 8583 DE 39";
    /// MAC error, sign on again.
    HostA0Mac = "host-a0-mac", [TerminalConfig, NetworkIssuer], [SignIn], "ISO 8583 DE 39";
    /// Transfer currency differs.
    HostA1Currency = "host-a1-currency", [TerminalConfig], [Acquirer], "ISO 8583 DE 39";
    /// Approved with a remark (A2, A4, A5, A6).
    HostA2Check = "host-a2-check", [NetworkIssuer], [Query], "ISO 8583 DE 39";
    /// Security processing failed at host.
    HostA7Security = "host-a7-security", [NetworkIssuer, TerminalConfig], [SignIn], "ISO 8583 DE 39";
    /// Customer stopped the payment order.
    HostR0StopPayment = "host-r0-stop-payment", [Cardholder], [Other], "ISO 8583 DE 39";
    /// Cash service limit.
    HostN4CashLimit = "host-n4-cash-limit", [Cardholder], [Amount], "ISO 8583 DE 39";
    /// Other refusal code.
    HostOther = "host-other", [NetworkIssuer], [Bank, Acquirer], "ISO 8583 DE 39";
    // Network

    /// No network.
    NetNoLink = "net-no-link", [NetworkIssuer], [Net], "EMV 4.4 Book 4, 12.2";
    /// No connection to the host.
    NetConnectTimeout = "net-connect-timeout", [NetworkIssuer, TerminalConfig], [Net], "EMV 4.4 Book 4, 12.2";
    /// Host did not answer in time.
    NetNoAnswer = "net-no-answer", [NetworkIssuer], [Query], "EMV 4.4 Book 4, 12.2";
    /// A reversal is still waiting.
    NetReversalPending = "net-reversal-pending", [NetworkIssuer], [Query], "EMV 4.4 Book 4, 12.2";
    // Contactless

    /// Fast DDA data missing.
    OdaFdda9f69Missing = "oda-fdda-9f69-missing", [Card], [Insert], "EMV Contactless Book C-3, 5.6";
    /// Fast DDA version not supported.
    OdaFddaVersion = "oda-fdda-version", [Card, TerminalConfig], [Insert, Update], "EMV Contactless Book C-3, 5.6";
    /// Fast DDA card random number wrong.
    OdaFddaUn = "oda-fdda-un", [Card], [Insert], "EMV Contactless Book C-3, 5.6";
    /// Distance check values were not signed by the card.
    OdaRrpDataMismatch = "oda-rrp-data-mismatch", [SuspectedAttack], [Hold], "EMV Contactless Book C-2, 6";
    /// Amount above the contactless limit.
    EpAmountOverReaderLimit = "ep-amount-over-reader-limit", [TerminalConfig], [Insert], "EMV Contactless Book B, 3.1.1";
    /// Zero amount not allowed.
    EpZeroAmountNotAllowed = "ep-zero-amount-not-allowed", [Operator, TerminalConfig], [Redo], "EMV Contactless Book B, 3.1.1";
    /// More than one card in the field.
    EpCollision = "ep-collision", [Operator, Cardholder], [Tap], "EMV Contactless Book B, 3.2.1";
    /// No card found in time.
    EpNoCard = "ep-no-card", [Operator], [Tap], "EMV Contactless Book B, 3.2.1";
    /// Card has no contactless directory.
    EpPpseMissing = "ep-ppse-missing", [Card], [Insert, Other], "EMV Contactless Book B, 3.3.2";
    /// Contactless directory has wrong format.
    EpPpseFormat = "ep-ppse-format", [Card], [Insert], "EMV Contactless Book B, 3.3.2";
    /// No contactless app for this card and kernel.
    EpNoCombination = "ep-no-combination", [TerminalConfig, Card], [Insert, Update], "EMV Contactless Book B, 3.3.2";
    /// Card asks for a kernel not present.
    EpKernelIdUnsupported = "ep-kernel-id-unsupported", [TerminalConfig], [Insert, Update], "EMV Contactless Book B, 3.3.2";
    /// Contactless app could not be selected.
    EpSelectFailed = "ep-select-failed", [Card], [Tap, Insert], "EMV Contactless Book B, 3.3.3";
    /// Contactless is turned off for this app.
    EpInterfaceDisabled = "ep-interface-disabled", [Card, Cardholder], [Insert, Phone], "EMV Contactless Book B, 3.3.3";
    /// Card left the field or did not answer.
    L1Timeout = "l1-timeout", [Cardholder, Reader], [Tap], "EMV Contactless Book D, 10";
    /// Radio transmission error.
    L1Transmission = "l1-transmission", [Reader, Cardholder], [Tap], "EMV Contactless Book D, 10";
    /// Radio protocol error.
    L1Protocol = "l1-protocol", [Card, Reader], [Tap, Insert], "EMV Contactless Book D, 10";
    /// Card was taken away too soon.
    CardRemovedEarly = "card-removed-early", [Cardholder], [Tap], "EMV Contactless Book A, 8.1";
    /// Card asks for the chip contact.
    KGpo6984OtherInterface = "k-gpo-6984-other-interface", [Card], [Insert], "EMV Contactless Book C-3, 4.4";
    /// Card refuses contactless for this sale.
    KGpo6985 = "k-gpo-6985", [Card], [Insert], "EMV Contactless Book C-3, 4.4";
    /// Phone wants the customer's OK.
    KGpo6986SeePhone = "k-gpo-6986-see-phone", [Cardholder], [Phone], "EMV Contactless Book C-3, 4.4";
    /// Record list missing.
    KAflMissing = "k-afl-missing", [Card], [Insert], "EMV Contactless Book C-2, 6";
    /// Needed data missing.
    KMandatoryMissing = "k-mandatory-missing", [Card], [Insert], "EMV Contactless Book C-2, 6";
    /// Same data twice.
    KDuplicateTag = "k-duplicate-tag", [Card], [Insert], "EMV Contactless Book C-2, 6";
    /// Data cannot be decoded.
    KTemplateError = "k-template-error", [Card], [Insert], "EMV Contactless Book C-2, 6";
    /// Card mode not supported by reader.
    KModeNotSupported = "k-mode-not-supported", [TerminalConfig, Card], [Insert], "EMV Contactless Book C-2, 6";
    /// Amount above the reader limit.
    KTransactionLimitExceeded = "k-transaction-limit-exceeded", [TerminalConfig], [Insert], "EMV Contactless Book C-2, 6";
    /// No amount given.
    KAmountMissing = "k-amount-missing", [Operator, TerminalConfig], [Redo], "EMV Contactless Book C-2, 6";
    /// Distance check answer below minimum time.
    KRrpTooFast = "k-rrp-too-fast", [Card, SuspectedAttack], [Insert], "EMV Contactless Book C-2, 3.10";
    /// Distance check answer too slow.
    KRrpTooSlow = "k-rrp-too-slow", [SuspectedAttack, Reader], [Insert, Hold], "EMV Contactless Book C-2, 3.10";
    /// Distance check ratio out of range.
    KRrpThreshold = "k-rrp-threshold", [Reader, SuspectedAttack], [Insert], "EMV Contactless Book C-2, 3.10";
    /// Distance check exchange failed.
    KRrpMismatch = "k-rrp-mismatch", [SuspectedAttack, Card], [Insert, Hold], "EMV Contactless Book C-2, 3.10";
    /// Card decision does not fit the request.
    KCidInconsistent = "k-cid-inconsistent", [SuspectedAttack, Card], [Insert], "EMV Contactless Book C-2, 6";
    /// Card signature check failed.
    KCdaFailed = "k-cda-failed", [SuspectedAttack, TerminalConfig, Card], [Insert], "EMV Contactless Book C-2, 6";
    /// Sale was torn during the cryptogram.
    KTorn = "k-torn", [Cardholder], [Tap], "EMV Contactless Book C-2, 6";
    /// Second tap is needed.
    KSecondTapNeeded = "k-second-tap-needed", [Cardholder], [Phone], "EMV Contactless Book C-2, 6";
    /// Mag-stripe mode data wrong.
    KMagNunInvalid = "k-mag-nun-invalid", [Card], [Insert], "EMV Contactless Book C-2, 6";
    /// Mag-stripe mode code missing.
    KMagCvc3Missing = "k-mag-cvc3-missing", [Card], [Insert], "EMV Contactless Book C-2, 6";
    /// Balance could not be read.
    KBalanceReadFailed = "k-balance-read-failed", [Card], [None], "EMV Contactless Book C-2, 6";
    /// Terminal gave no data in time.
    KDataExchangeTimeout = "k-data-exchange-timeout", [TerminalConfig, Operator], [Redo], "EMV Contactless Book C-2, 3.5";
    /// Terminal stopped the payment.
    KDataExchangeStop = "k-data-exchange-stop", [Operator], [Redo], "EMV Contactless Book C-2, 3.5";
    /// Stored data belong to another card.
    KIdsWrongCard = "k-ids-wrong-card", [Card, SuspectedAttack], [Insert], "EMV Contactless Book C-2, 3.6";
    /// Stored data could not be read.
    KIdsRead = "k-ids-read", [Card, SuspectedAttack], [Insert], "EMV Contactless Book C-2, 3.6";
    /// Data could not be stored.
    KIdsWrite = "k-ids-write", [Card], [Tap, Insert], "EMV Contactless Book C-2, 3.6";
    /// Terminal has nothing to store.
    KIdsDataMissing = "k-ids-data-missing", [TerminalConfig], [Redo], "EMV Contactless Book C-2, 3.6";
    /// Data cannot be stored with this decision.
    KIdsNoMatchingAc = "k-ids-no-matching-ac", [TerminalConfig, Card], [Redo], "EMV Contactless Book C-2, 3.6";
    /// Card signature check failed (fDDA).
    C3FddaFailed = "c3-fdda-failed", [TerminalConfig, Card, SuspectedAttack], [Insert], "EMV Contactless Book C-3, 5.6";
    /// Signed card qualifiers differ.
    C3CtqMismatch = "c3-ctq-mismatch", [SuspectedAttack], [Hold], "EMV Contactless Book C-3, 5.7";
    /// No cardholder check possible contactless.
    C3CvmNotPossible = "c3-cvm-not-possible", [TerminalConfig], [Insert], "EMV Contactless Book C-3, 5.7";
    /// Card expired (contactless).
    C3Expired = "c3-expired", [Card, TerminalConfig], [Clock, NewCard], "EMV Contactless Book C-3, 5.5";
    /// Cash or cashback not allowed contactless.
    C3CashNotAllowed = "c3-cash-not-allowed", [Card], [Insert], "EMV Contactless Book C-3, 5.5";
    /// Card or limit needs online but reader is offline.
    C3OnlineRequiredOfflineReader = "c3-online-required-offline-reader", [TerminalConfig], [Insert], "EMV Contactless Book C-3, 5.8";
    /// Old stripe-data mode only.
    C3MsdNotSupported = "c3-msd-not-supported", [Card], [Insert], "EMV Contactless Book C-3, 4.4";
    /// Card may have paid but reading stopped (flash).
    C7TornTransaction = "c7-torn-transaction", [Cardholder], [Tap, Query], "EMV Contactless Book C-7, 4";
    /// Card uses national algorithms not supported.
    C7SmNotSupported = "c7-sm-not-supported", [TerminalConfig], [Insert, Update], "JR/T 0025.7";
    /// SM support flag not sent to card.
    C7SmIndicatorMissing = "c7-sm-indicator-missing", [TerminalConfig], [Update], "JR/T 0025.7";
    /// Electronic cash balance too low.
    C7EcashBalanceLow = "c7-ecash-balance-low", [Cardholder], [Other], "JR/T 0025.12";
    /// Above the e-cash single limit.
    C7EcashSingleLimit = "c7-ecash-single-limit", [Card], [Insert], "JR/T 0025.12";
    // Data that do not fit together: what EMV lets pass and an attack would look like

    /// Card says that it verified no PIN.
    CvmCvrMismatch = "cvm-cvr-mismatch", [SuspectedAttack, Card], [Hold, Acquirer], "EMV 4.4 Book 3, Annex C9.3";
    /// Count of PIN tries does not fall.
    PinCounterStuck = "pin-counter-stuck", [SuspectedAttack, Card], [PinStop, Other], "EMV 4.4 Book 3, 6.5.12";
    /// Card number of another payment system.
    CardRidIinMismatch = "card-rid-iin-mismatch", [SuspectedAttack, Card], [Hold, Insert], "ISO/IEC 7812-1";
    /// A plain card says that the customer's device checked the customer.
    KCdcvmOnPlainCard = "k-cdcvm-on-plain-card", [SuspectedAttack, Card], [Insert, Hold], "EMV Contactless Book C-3, 5.7";
    /// What the card tells the bank knows nothing of a check by the device.
    KCdcvmNotInResults = "k-cdcvm-not-in-results", [SuspectedAttack, Card], [Insert, Hold], "EMV Contactless Book C-3, 5.7";
    /// Contactless answer made of contact data.
    KContactApplication = "k-contact-application", [SuspectedAttack, Card], [Insert], "EMV Contactless Book C-3, 5.4";
    /// Chip card that wants to be read like a stripe.
    KMsdOnEmvCard = "k-msd-on-emv-card", [SuspectedAttack, Card], [Insert, Hold], "EMV Contactless Book C-2, 3.3";
    /// Card signed though nobody asked.
    C3SignatureNotAsked = "c3-signature-not-asked", [SuspectedAttack, Card], [Insert], "EMV Contactless Book C-3, 5.6";
    /// Card has what it says it cannot do.
    OdaDowngrade = "oda-downgrade", [SuspectedAttack, Card], [Hold, Acquirer], "EMV 4.4 Book 3, 10.3";
    /// Counter of the card lies behind its own last online one.
    TrmCounterBehind = "trm-counter-behind", [SuspectedAttack, Card], [Hold], "EMV 4.4 Book 3, 10.6.3";
    /// Every answer takes as long as a relay would.
    TransportRelaySuspected = "transport-relay-suspected", [SuspectedAttack, Reader, Card], [Insert, Hold], "EMV Contactless Book C-2, 3.10";
    /// Card asks for what it must not know.
    DataListAsksSecret = "data-list-asks-secret", [SuspectedAttack, Card], [Other, Acquirer], "EMV 4.4 Book 3, 5.4";
    /// Card gives data that only terminal or bank may give.
    DataTerminalTagFromCard = "data-terminal-tag-from-card", [SuspectedAttack, Card], [Other, Acquirer], "EMV 4.4 Book 3, 7.5";
    /// Command to the card that no bank sends.
    ScriptInstructionUnusual = "script-instruction-unusual", [SuspectedAttack, NetworkIssuer], [Acquirer], "EMV 4.4 Book 3, 10.10";
    // What the hardened policy decided, and not EMV

    /// Failed authentication is enough to decline.
    PolicyOdaFailed = "policy-oda-failed", [SuspectedAttack, TerminalConfig, Card], [Other, Update], "hardened policy";
    /// Signed static data alone are no proof for an offline approval.
    PolicySdaOnly = "policy-sda-only", [Card, TerminalConfig], [Net, Other], "hardened policy";
    /// A key is too weak to prove anything.
    PolicyWeakKey = "policy-weak-key", [SuspectedAttack, TerminalConfig, Card], [Other, Update], "hardened policy";
    /// A key is shorter than advised.
    PolicyKeyWarning = "policy-key-warning", [Card, TerminalConfig], [None], "hardened policy";
    /// No PIN goes to the card in the clear.
    PolicyPlaintextPin = "policy-plaintext-pin", [TerminalConfig, Card], [Other, Tap], "hardened policy";
    /// No PIN goes to a card that was not verified.
    PolicyPinUnverifiedCard = "policy-pin-unverified-card", [SuspectedAttack, TerminalConfig, Card], [Other, Update], "hardened policy";
    /// No more PINs in this transaction.
    PolicyPinEntries = "policy-pin-entries", [Cardholder, TerminalConfig], [PinStop, Other], "hardened policy";
    /// No PIN for a card that does not count.
    PolicyPinCounter = "policy-pin-counter", [SuspectedAttack, Card], [PinStop, Other], "hardened policy";
    /// Nothing weaker makes up for the PIN that was refused.
    PolicyCvmRefused = "policy-cvm-refused", [TerminalConfig, Card], [Other], "hardened policy";
    /// Stripe data through the air are not taken.
    PolicyMsd = "policy-msd", [TerminalConfig, Card], [Insert], "hardened policy";
    /// The device's claim to have checked the customer is not proven.
    PolicyCdcvmUnproven = "policy-cdcvm-unproven", [SuspectedAttack, TerminalConfig], [Pin, Insert], "hardened policy";
    /// Card number of another payment system is not taken.
    PolicyRidIin = "policy-rid-iin", [SuspectedAttack, TerminalConfig], [Hold, Insert], "hardened policy";
    /// Distance check not passed.
    PolicyRrp = "policy-rrp", [SuspectedAttack, Reader, TerminalConfig], [Insert, Hold], "hardened policy";
    /// Offline approval that nobody signed.
    PolicyAcNotSigned = "policy-ac-not-signed", [Card, TerminalConfig], [Net, Other], "hardened policy";
    /// No signature with an online request, though asked for.
    PolicyOnlineUnsigned = "policy-online-unsigned", [Card], [None], "hardened policy";
    /// Command that no bank sends was not given to the card.
    PolicyScriptCommand = "policy-script-command", [SuspectedAttack, NetworkIssuer], [Acquirer], "hardened policy";
    /// Approval that the card could not check.
    PolicyIssuerNotAuthenticated = "policy-issuer-not-authenticated", [SuspectedAttack, NetworkIssuer], [Query, Other], "hardened policy";
    /// Card and terminal disagree on the PIN.
    PolicyCvrMismatch = "policy-cvr-mismatch", [SuspectedAttack, Card], [Hold, Acquirer], "hardened policy";
    // Network, keys, terminal and merchant set-up

    /// SIM card missing, unpaid or out of data.
    NetSim = "net-sim", [NetworkIssuer], [Net, Acquirer], "EMV 4.4 Book 4, 12.2";
    /// Host name was not found.
    NetDns = "net-dns", [NetworkIssuer, TerminalConfig], [Net], "EMV 4.4 Book 4, 12.2";
    /// Secure connection to the host failed.
    NetTls = "net-tls", [TerminalConfig, NetworkIssuer], [Clock, Update], "EMV 4.4 Book 4, 12.2";
    /// Network is unstable.
    NetUnstable = "net-unstable", [NetworkIssuer], [Net], "EMV 4.4 Book 4, 12.2";
    /// Host does not know the new card or terminal yet.
    NetHostSyncDelay = "net-host-sync-delay", [NetworkIssuer], [Wait], "EMV 4.4 Book 4, 12.2";
    /// Host is in maintenance.
    NetHostMaintenance = "net-host-maintenance", [NetworkIssuer], [Wait], "EMV 4.4 Book 4, 12.2";
    /// Reversal was refused.
    NetReversalFailed = "net-reversal-failed", [NetworkIssuer], [Acquirer], "EMV 4.4 Book 4, 12.2";
    /// Approval came after the time-out.
    NetLateApproval = "net-late-approval", [NetworkIssuer], [Query], "EMV 4.4 Book 4, 12.2";
    /// The same sale may be charged twice.
    NetDoubleChargeRisk = "net-double-charge-risk", [Operator, NetworkIssuer], [Query], "EMV 4.4 Book 4, 12.2";
    /// Chip data in the message is wrong or cut.
    HostMessageDe55Bad = "host-message-de55-bad", [TerminalConfig], [Acquirer], "ISO 8583 DE 55";
    /// Entry mode does not fit the data.
    HostEntryModeMismatch = "host-entry-mode-mismatch", [TerminalConfig], [Acquirer], "ISO 8583 DE 22";
    /// Card sequence number missing or wrong.
    HostPsnMissing = "host-psn-missing", [TerminalConfig, Card], [Acquirer], "ISO 8583 DE 23";
    /// Terminal has no master key.
    KeyMasterMissing = "key-master-missing", [TerminalConfig], [Acquirer], "ISO 11568";
    /// Work keys are too old.
    KeyWorkExpired = "key-work-expired", [TerminalConfig], [SignIn], "ISO 11568";
    /// Terminal erased its keys.
    KeyLostTamper = "key-lost-tamper", [TerminalConfig, SuspectedAttack], [Acquirer], "ISO 11568";
    /// Key check value is wrong.
    KeyCheckvalue = "key-checkvalue", [TerminalConfig], [SignIn, Acquirer], "ISO 11568";
    /// Terminal lacks the application parameters.
    ParamAidMissing = "param-aid-missing", [TerminalConfig], [Update], "EMV 4.4 Book 4, 10.2";
    /// Public keys were loaded only in part.
    ParamCapkDownloadIncomplete = "param-capk-download-incomplete", [TerminalConfig], [Update], "EMV 4.4 Book 4, 10.2";
    /// Limits are set wrong.
    ParamLimitsWrong = "param-limits-wrong", [TerminalConfig], [Update], "EMV 4.4 Book 4, 10.2";
    /// Stop list or revocation list is too old.
    ParamRevocationListOld = "param-revocation-list-old", [TerminalConfig], [Update], "EMV 4.4 Book 4, 10.2";
    /// Upgrade does not fit the parameters or keys.
    SwUpgradeIncompatible = "sw-upgrade-incompatible", [TerminalConfig], [Update, Acquirer], "EMV 4.4 Book 4, 9";
    /// Program was not loaded completely.
    SwDownloadIncomplete = "sw-download-incomplete", [TerminalConfig], [Update, Acquirer], "EMV 4.4 Book 4, 9";
    /// Approval of the kernel has run out.
    SwKernelApprovalExpired = "sw-kernel-approval-expired", [TerminalConfig], [Update], "EMV 4.4 Book 4, 9";
    /// Fault in this program.
    SwInternalError = "sw-internal-error", [TerminalConfig], [Reboot, Acquirer], "EMV 4.4 Book 4, 9";
    /// Printer is out of paper or broken.
    HwPrinter = "hw-printer", [Reader], [Retry], "EMV 4.4 Book 4, 11";
    /// Battery is low.
    HwBattery = "hw-battery", [Reader], [Reboot], "EMV 4.4 Book 4, 11";
    /// Stripe head is dirty.
    HwStripeHeadDirty = "hw-stripe-head-dirty", [Reader], [Clean], "ISO/IEC 7811-6";
    /// Fee rate or trade code does not fit the card.
    MerchantFeeRateMismatch = "merchant-fee-rate-mismatch", [TerminalConfig], [Acquirer], "ISO 8583 DE 39";
    /// This kind of transaction is not in the contract.
    MerchantTypeNotOpen = "merchant-type-not-open", [TerminalConfig], [Acquirer], "ISO 8583 DE 39";
    /// This kind of card is not in the contract.
    MerchantCardTypeNotOpen = "merchant-card-type-not-open", [TerminalConfig], [Other, Acquirer], "ISO 8583 DE 39";
    /// Limit of the merchant is reached.
    MerchantLimit = "merchant-limit", [TerminalConfig], [Amount, Acquirer], "ISO 8583 DE 39";
    /// Merchant or terminal is suspended.
    MerchantSuspended = "merchant-suspended", [TerminalConfig], [Acquirer], "ISO 8583 DE 39";
    /// Risk control stopped the sale.
    MerchantRiskControl = "merchant-risk-control", [NetworkIssuer, SuspectedAttack], [Bank, Acquirer], "ISO 8583 DE 39";
    /// Terminal is used away from its place.
    MerchantLocationMismatch = "merchant-location-mismatch", [TerminalConfig], [Acquirer], "ISO 8583 DE 39";
    /// Acquirer has not verified this card yet.
    MerchantCardNotEnrolled = "merchant-card-not-enrolled", [NetworkIssuer, Operator], [Insert, Acquirer], "ISO 8583 DE 39";
    /// Operator or terminal is not signed on.
    OperatorNotSignedIn = "operator-not-signed-in", [Operator], [SignIn], "EMV 4.4 Book 4, 11";
    /// Batch is full.
    OperatorBatchFull = "operator-batch-full", [Operator], [Redo], "EMV 4.4 Book 4, 11";
    /// Wrong transaction type chosen.
    OperatorWrongType = "operator-wrong-type", [Operator], [Redo], "EMV 4.4 Book 4, 11";
    /// Amount typed wrongly.
    OperatorAmountError = "operator-amount-error", [Operator], [Redo], "EMV 4.4 Book 4, 11";
    /// Data of the original sale typed wrongly.
    OperatorOriginalWrong = "operator-original-wrong", [Operator], [Redo], "ISO 8583 DE 39";
    /// Card inserted the wrong way.
    OperatorCardWrongSide = "operator-card-wrong-side", [Operator], [Retry], "EMV Contact Interface 1.0";
    /// Card is not activated.
    CardNotActivated = "card-not-activated", [Cardholder], [Bank], "ISO 8583 DE 39";
    /// Card is cancelled.
    CardCancelled = "card-cancelled", [Cardholder], [Other], "ISO 8583 DE 39";
    /// Card or account is frozen.
    CardFrozen = "card-frozen", [Cardholder, NetworkIssuer], [Bank], "ISO 8583 DE 39";
    /// Card is reported lost or stolen.
    CardReportedLost = "card-reported-lost", [SuspectedAttack, Cardholder], [Hold], "ISO 8583 DE 39";
    /// Limit of the card is reached.
    CardDailyLimit = "card-daily-limit", [Cardholder], [Amount, Bank], "ISO 8583 DE 39";
    /// Use abroad or in this currency is switched off.
    CardOverseasClosed = "card-overseas-closed", [Cardholder], [Bank], "ISO 8583 DE 39";
    /// Contactless is switched off for this card.
    CardContactlessClosed = "card-contactless-closed", [Cardholder], [Insert], "ISO 8583 DE 39";
    /// Account class has low limits.
    CardAccountTypeLimited = "card-account-type-limited", [Cardholder], [Bank], "ISO 8583 DE 39";
    /// Old card used after renewal.
    CardOldAfterRenewal = "card-old-after-renewal", [Cardholder], [NewCard], "ISO 8583 DE 39";
    // Magnetic stripe and fall-back

    /// Stripe could not be read.
    MagReadError = "mag-read-error", [Card, Operator, Reader], [Redo, Clean], "ISO/IEC 7811-6";
    /// Stripe is damaged or erased.
    MagDamaged = "mag-damaged", [Card], [Insert, NewCard], "ISO/IEC 7811-6";
    /// Track 2 has the wrong format.
    MagTrack2Format = "mag-track2-format", [Card, SuspectedAttack], [Other], "ISO/IEC 7813";
    /// Card number on the stripe fails its check digit.
    MagLuhn = "mag-luhn", [Card, SuspectedAttack], [Hold], "ISO/IEC 7812-1";
    /// Chip card was swiped: insert it.
    MagChipCardSwiped = "mag-chip-card-swiped", [Operator], [Insert], "EMV 4.4 Book 4, 6.6";
    /// Fall-back to the stripe after a chip fault.
    MagFallbackAllowed = "mag-fallback-allowed", [Card, Reader], [Redo], "EMV 4.4 Book 4, 6.6";
    /// Fall-back to the stripe is not allowed.
    MagFallbackRefused = "mag-fallback-refused", [TerminalConfig, Operator], [Other], "EMV 4.4 Book 4, 6.6";
    /// Many fall-backs on this reader.
    MagFallbackRateHigh = "mag-fallback-rate-high", [Reader, SuspectedAttack], [Clean, Acquirer], "EMV 4.4 Book 4, 6.6";
    /// Card must go online.
    MagServiceCodeOnline = "mag-service-code-online", [Card], [Net], "ISO/IEC 7813";
    /// Card asks for the PIN.
    MagServiceCodePin = "mag-service-code-pin", [Card], [Pin], "ISO/IEC 7813";
    /// Card is for cash only.
    MagServiceCodeCashOnly = "mag-service-code-cash-only", [Card], [Other], "ISO/IEC 7813";
    /// Card is not for general use.
    MagServiceCodePrivate = "mag-service-code-private", [Card], [Other], "ISO/IEC 7813";
    /// Service code on the stripe is not that of the chip.
    MagServiceCodeAltered = "mag-service-code-altered", [SuspectedAttack, Card], [Hold], "ISO/IEC 7813";
    /// Card has expired (stripe).
    MagExpired = "mag-expired", [Card, TerminalConfig], [Clock, NewCard], "ISO/IEC 7813";
    /// Copies of card number or expiry differ.
    MagTrackMismatch = "mag-track-mismatch", [SuspectedAttack, Card], [Hold], "ISO/IEC 7813";
    /// Stripe is a copy of the chip's track data.
    MagSameAsChip = "mag-same-as-chip", [SuspectedAttack, Card], [Acquirer], "ISO/IEC 7813";
    /// Stripe is no longer accepted for this scheme.
    MagNotSupported = "mag-not-supported", [TerminalConfig], [Other], "ISO/IEC 7813";
    // Seen from outside one transaction

    /// Contacts are unsteady.
    ReaderSlotDirty = "reader-slot-dirty", [Reader, Card], [Clean], "EMV Contact Interface 1.0";
    /// Country or currency of the terminal is wrong.
    TerminalCountryWrong = "terminal-country-wrong", [TerminalConfig], [Update], "EMV 4.4 Book 4, 10.1";
    /// Terminal type or capabilities are wrong.
    TerminalTypeWrong = "terminal-type-wrong", [TerminalConfig], [Update], "EMV 4.4 Book 4, 5.1";
    /// PIN has expired, is initial or was never set.
    PinExpiredOrNotSet = "pin-expired-or-not-set", [Cardholder], [Bank], "ISO 8583 DE 39";
    /// No PIN or signature is needed below a limit.
    CvmExemptLimit = "cvm-exempt-limit", [TerminalConfig], [None], "EMV 4.4 Book 4, 10.2";
    /// Transaction counter is far ahead of the last time.
    AtcJump = "atc-jump", [Card, SuspectedAttack], [None], "EMV 4.4 Book 3, 6.5.5";
    /// Transaction counter went back or stood still.
    AtcReplay = "atc-replay", [SuspectedAttack, Card], [Hold], "EMV 4.4 Book 3, 6.5.5";
    /// Card is blank.
    CardNotPersonalised = "card-not-personalised", [Card], [NewCard], "EMV 4.4 Book 1, 12.3";
}
