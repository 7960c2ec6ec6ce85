//! Terminal action analysis (`EMV 4.4 Book 3, 10.7`).

use alloc::vec::Vec;

use apdu::{
    Tag, tag,
    value::{Tvr, cid::CryptogramType, terminal_type::TerminalType},
};

use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    outcome::MaskHit,
    store::CardData,
    terminal::ApplicationParameters,
};

/// One run of the action analysis: which codes were looked at, what they hit, what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionAnalysis {
    /// The TVR it looked at.
    pub tvr: Tvr,
    /// The code pairs in the order they were looked at; the last one decided.
    pub rows: Vec<Row>,
    /// The cryptogram to ask for.
    pub request: CryptogramType,
}

/// One pair of action codes against the TVR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which pair.
    pub codes: Codes,
    /// The terminal's.
    pub tac: Tvr,
    /// The issuer's, or the value the rules give when the card has none.
    pub iac: Tvr,
    /// The TVR bits that one of the two has.
    pub hits: Vec<MaskHit>,
}

/// The three pairs of action codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Codes {
    /// Decline without going online.
    Denial,
    /// Go online.
    Online,
    /// Decline when going online is not possible.
    Default,
}

impl Codes {
    /// Stable kebab-case id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Denial => "denial",
            Self::Online => "online",
            Self::Default => "default",
        }
    }

    /// The tag of the issuer's code.
    pub const fn tag(self) -> Tag {
        match self {
            Self::Denial => tag::IAC_DENIAL_9F0E,
            Self::Online => tag::IAC_ONLINE_9F0F,
            Self::Default => tag::IAC_DEFAULT_9F0D,
        }
    }
}

/// The action codes of one transaction: the terminal's and the issuer's.
#[derive(Clone, Copy, Debug)]
pub struct ActionCodes<'a> {
    application: &'a ApplicationParameters,
    card: &'a CardData,
    absent: Tvr,
}

impl<'a> ActionCodes<'a> {
    /// The codes for `application` on this card.
    pub fn new(application: &'a ApplicationParameters, card: &'a CardData) -> Self {
        Self { application, card, absent: apdu::Bits([0xFF; 5]) }
    }

    /// The same, where codes for going online that the card does not have ask for it on these bits only.
    #[must_use]
    pub fn absent(self, absent: Tvr) -> Self {
        Self { absent, ..self }
    }

    fn row(&self, tvr: Tvr, codes: Codes) -> Row {
        let tac = match codes {
            Codes::Denial => self.application.tac_denial,
            Codes::Online => self.application.tac_online,
            Codes::Default => self.application.tac_default,
        };
        // A card without codes is never declined for its own sake, and always sent online.
        let absent = if codes == Codes::Denial { Tvr::ZERO } else { self.absent };
        let iac = self.card.array(codes.tag()).map_or(absent, apdu::Bits);
        let met = tvr & (tac | iac);
        let hits = met.iter().map(|bit| MaskHit { bit, in_tac: tac.has(bit), in_iac: iac.has(bit) }).collect();
        Row { codes, tac, iac, hits }
    }
}

/// Decides what the first GENERATE AC asks for.
pub fn analyse(tvr: Tvr, codes: ActionCodes<'_>, terminal_type: TerminalType) -> ActionAnalysis {
    let mut rows = Vec::with_capacity(2);
    let mut hit = |which| {
        let row = codes.row(tvr, which);
        let hit = !row.hits.is_empty();
        rows.push(row);
        hit
    };
    let request = if hit(Codes::Denial) {
        CryptogramType::Aac
    } else if terminal_type.online_only() {
        CryptogramType::Arqc
    } else if terminal_type.offline_only() {
        if hit(Codes::Default) { CryptogramType::Aac } else { CryptogramType::Tc }
    } else if hit(Codes::Online) {
        CryptogramType::Arqc
    } else {
        CryptogramType::Tc
    };
    ActionAnalysis { tvr, rows, request }
}

/// Decides what the second GENERATE AC asks for when the transaction should have gone online and could not.
pub fn analyse_unable_online(tvr: Tvr, codes: ActionCodes<'_>) -> ActionAnalysis {
    let row = codes.row(tvr, Codes::Default);
    let request = if row.hits.is_empty() { CryptogramType::Tc } else { CryptogramType::Aac };
    ActionAnalysis { tvr, rows: alloc::vec![row], request }
}

impl ActionAnalysis {
    /// The finding of an analysis that declines: the bits that decided, and in which code.
    pub fn refusal(&self, reason: Reason) -> Option<Finding> {
        let row = self.rows.last().filter(|_| self.request == CryptogramType::Aac)?;
        let mut finding = Finding::new(reason)
            .with(Evidence::found(Fact::VerificationBits, self.tvr.0).in_tag(tag::TVR_95))
            .with(Evidence::found(Fact::ActionCode, row.iac.0).in_tag(row.codes.tag()))
            .with(Evidence::found(Fact::ActionCode, row.tac.0));
        finding.severity = crate::finding::Severity::Decline;
        Some(finding)
    }

    /// The bits that made it decline.
    pub fn deciding_bits(&self) -> impl Iterator<Item = MaskHit> + '_ {
        let declined = self.request == CryptogramType::Aac;
        self.rows.last().filter(|_| declined).into_iter().flat_map(|row| row.hits.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Place;
    use apdu::value::tvr;

    fn application(denial: Tvr, online: Tvr, default: Tvr) -> ApplicationParameters {
        ApplicationParameters {
            aid: alloc::vec![0xA0, 0, 0, 0, 3, 0x10, 0x10],
            partial: true,
            name: alloc::string::String::new(),
            version: [0, 0x96],
            tac_denial: denial,
            tac_online: online,
            tac_default: default,
            floor_limit: 0,
            random_selection: crate::terminal::RandomSelection { threshold: 0, target: 0, maximum: 0 },
            default_ddol: None,
            default_tdol: None,
            risk_management_data: None,
        }
    }

    const POS: TerminalType = TerminalType(0x22);
    const ONLINE_ONLY: TerminalType = TerminalType(0x21);
    const OFFLINE_ONLY: TerminalType = TerminalType(0x23);

    fn card_without_objection() -> CardData {
        let mut card = CardData::default();
        for codes in [Codes::Denial, Codes::Online, Codes::Default] {
            card.put(codes.tag(), &[0; 5], Place::default());
        }
        card
    }

    fn request(tvr: Tvr, application: &ApplicationParameters, card: &CardData, kind: TerminalType) -> CryptogramType {
        analyse(tvr, ActionCodes::new(application, card), kind).request
    }

    #[test]
    fn each_pair_of_codes_has_its_own_name() {
        assert_eq!([Codes::Denial, Codes::Online, Codes::Default].map(Codes::id), ["denial", "online", "default"]);
    }

    #[test]
    fn each_row_decides_for_each_terminal_type() {
        let expired = Tvr::ZERO.with(tvr::EXPIRED);
        let card = card_without_objection();
        let none = application(Tvr::ZERO, Tvr::ZERO, Tvr::ZERO);
        assert_eq!(request(expired, &none, &card, POS), CryptogramType::Tc);
        assert_eq!(request(expired, &none, &card, ONLINE_ONLY), CryptogramType::Arqc);
        assert_eq!(request(expired, &none, &card, OFFLINE_ONLY), CryptogramType::Tc);
        let online = application(Tvr::ZERO, expired, Tvr::ZERO);
        assert_eq!(request(expired, &online, &card, POS), CryptogramType::Arqc);
        assert_eq!(request(expired, &online, &card, OFFLINE_ONLY), CryptogramType::Tc);
        let default = application(Tvr::ZERO, Tvr::ZERO, expired);
        assert_eq!(request(expired, &default, &card, POS), CryptogramType::Tc);
        assert_eq!(request(expired, &default, &card, OFFLINE_ONLY), CryptogramType::Aac);
        let denial = application(expired, expired, expired);
        for kind in [POS, ONLINE_ONLY, OFFLINE_ONLY] {
            assert_eq!(request(expired, &denial, &card, kind), CryptogramType::Aac);
            assert_ne!(request(Tvr::ZERO, &denial, &card, kind), CryptogramType::Aac);
        }
    }

    #[test]
    fn a_card_without_codes_goes_online_on_any_bit_and_is_never_denied_for_one() {
        let card = CardData::default();
        let none = application(Tvr::ZERO, Tvr::ZERO, Tvr::ZERO);
        let new_card = Tvr::ZERO.with(tvr::NEW_CARD);
        assert_eq!(request(new_card, &none, &card, POS), CryptogramType::Arqc);
        let unable = analyse_unable_online(new_card, ActionCodes::new(&none, &card));
        assert_eq!(unable.request, CryptogramType::Aac);
        let hits: Vec<_> = unable.deciding_bits().collect();
        assert_eq!(hits, [MaskHit { bit: tvr::NEW_CARD, in_tac: false, in_iac: true }]);
    }
}
