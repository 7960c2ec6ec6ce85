//! What the flow chart writes down as it goes from box to box. Only the chart itself writes here: a box gets values and
//! gives values.

use alloc::vec::Vec;

use apdu::{
    Card, tag,
    value::{Tsi, Tvr, cid::CryptogramType},
};

use super::{
    analyse::ActionAnalysis,
    authenticate::Authentication,
    generate_ac::{Answered, Inputs, Request},
    go_online::Online,
    initiate::Options,
    manage_risk::RiskManagement,
    restrict::Restrictions,
    scripts::Scripts,
    select::Application,
    verify_cardholder::Verification,
};
use crate::{
    finding::{Finding, Place, Reason, Severity},
    outcome::{Cryptogram, Outcome},
    pin::OnlinePinBlock,
    point_of_sale::{PointOfSale, RandomPurpose},
    session::{Session, Stop},
    terminal::{ApplicationParameters, data::terminal_data},
};

impl Outcome {
    /// Starts with an application: its FCI, and the terminal's data for it.
    pub(super) fn begin<'a, C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'a, C, P>,
        selected: Application,
    ) -> Result<&'a ApplicationParameters, Stop> {
        let terminal = session.terminal;
        let Some(parameters) = terminal.applications.get(selected.candidate.parameters) else {
            return Err(session.stop(Finding::new(Reason::SelNoCommonApp)));
        };
        let mut unpredictable_number = [0; 4];
        session.point_of_sale.random(RandomPurpose::UnpredictableNumber, &mut unpredictable_number);
        self.terminal = terminal_data(terminal, parameters, &selected.name, session.transaction, unpredictable_number);
        self.aid = selected.name;
        self.card = selected.card;
        Ok(parameters)
    }

    /// Verification results of one box.
    pub(super) fn learn(&mut self, tvr: Tvr, tsi: Tsi) {
        self.tvr |= tvr;
        self.tsi |= tsi;
    }

    pub(super) fn authenticated(&mut self, mut authentication: Authentication) -> Authentication {
        self.learn(authentication.tvr, authentication.tsi);
        self.chain = core::mem::take(&mut authentication.chain);
        if let Some((tag, value)) = &authentication.proved {
            self.card.put(*tag, value, Place::default());
        }
        if let Some(index) = self.card.value(tag::CA_PUBLIC_KEY_INDEX_8F) {
            self.terminal.put(tag::CA_PUBLIC_KEY_INDEX_TERMINAL_9F22, index, Place::default());
        }
        authentication
    }

    pub(super) fn restricted<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        restrictions: Restrictions,
    ) {
        session.report_all(restrictions.findings);
        self.learn(restrictions.tvr, Tsi::ZERO);
    }

    pub(super) fn verified(&mut self, verification: Verification) -> Option<OnlinePinBlock> {
        self.learn(verification.tvr, verification.tsi);
        self.terminal.put(tag::CVM_RESULTS_9F34, &verification.results.0, Place::default());
        self.cvm_results = Some(verification.results);
        self.signature_required = verification.signature;
        verification.online_pin
    }

    pub(super) fn risk_managed(&mut self, risk: RiskManagement) {
        self.learn(risk.tvr, risk.tsi);
    }

    /// The analysis before the first GENERATE AC. A terminal that does not go online says so in `8A`.
    pub(super) fn analysed<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        analysis: ActionAnalysis,
        request: Request,
    ) {
        let offline_only = session.terminal.terminal_type.offline_only();
        let by_default_codes = offline_only && analysis.rows.len() > 1;
        let reason = if by_default_codes { Reason::TaaDeniedOfflineOnly } else { Reason::TaaDeniedOffline };
        match request.cryptogram {
            CryptogramType::Tc => self.respond(*b"Y1"),
            CryptogramType::Aac => self.respond(*b"Z1"),
            CryptogramType::Arqc | CryptogramType::Rfu => {}
        }
        self.analysed_as(session, analysis, reason);
    }

    /// The analysis after going online was not possible.
    pub(super) fn analysed_unable_online<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        analysis: ActionAnalysis,
        request: Request,
        online: &Online,
    ) {
        let reason = match online {
            Online::OfflineOnly => Reason::TaaDeniedOfflineOnly,
            _ => Reason::TaaDeniedUnableOnline,
        };
        self.respond(if request.cryptogram == CryptogramType::Tc { *b"Y3" } else { *b"Z3" });
        self.analysed_as(session, analysis, reason);
    }

    fn analysed_as<C: Card, P: PointOfSale>(
        &mut self,
        session: &mut Session<'_, C, P>,
        analysis: ActionAnalysis,
        reason: Reason,
    ) {
        for hit in analysis.deciding_bits() {
            session.raise(hit.bit, Severity::Cause);
        }
        session.report_all(analysis.refusal(reason));
        self.analyses.push(analysis);
    }

    /// Sets the authorisation response code the card may ask for.
    pub(super) fn respond(&mut self, code: [u8; 2]) {
        self.terminal.put(tag::AUTHORISATION_RESPONSE_CODE_8A, &code, Place::default());
        self.response_code = Some(code);
    }

    pub(super) fn cryptogram_inputs<'a>(
        &'a mut self,
        application: &'a ApplicationParameters,
        authentication: &'a Authentication,
        options: &'a Options,
    ) -> Inputs<'a> {
        Inputs {
            card: &self.card,
            terminal: &mut self.terminal,
            application,
            authentication,
            pdol_values: &options.pdol_values,
            tvr: self.tvr,
            tsi: self.tsi,
        }
    }

    pub(super) fn answered(&mut self, answered: Answered) -> Answered {
        self.learn(answered.tvr, answered.tsi);
        self.advice |= answered.cid.advice_required();
        self.chain.steps.extend(answered.chain.steps.iter().cloned());
        self.cryptograms.push(Cryptogram {
            asked: answered.request.cryptogram,
            signature_asked: answered.request.signature,
            cid: answered.cid,
            cryptogram: answered.cryptogram,
            atc: answered.atc,
            issuer_data: answered.card.value(tag::ISSUER_APPLICATION_DATA_9F10).unwrap_or_default().to_vec(),
        });
        answered.card.iter().for_each(|(tag, value)| self.card.put(tag, value, answered.card.place(tag)));
        if let Some(cryptogram) = answered.cryptogram {
            let place = self.card.place(tag::APPLICATION_CRYPTOGRAM_9F26);
            self.card.put(tag::APPLICATION_CRYPTOGRAM_9F26, &cryptogram, place);
        }
        answered
    }

    /// What the issuer said, for the card to ask for. Whatever may have been approved there must be reversed until the
    /// card has agreed.
    pub(super) fn went_online(&mut self, online: &Online) {
        self.online = online.answer().is_some();
        self.reversal = match online {
            Online::Unable(unable) => unable.may_have_reached_host(),
            _ => online.approves(),
        };
        let Some(answer) = online.answer() else { return };
        self.respond(answer.response_code);
        if let Some(data) = &answer.issuer_authentication_data {
            self.terminal.put(tag::ISSUER_AUTHENTICATION_DATA_91, data, Place::default());
        }
        if let Some(code) = &answer.authorisation_code {
            self.terminal.put(tag::AUTHORISATION_CODE_89, code, Place::default());
        }
    }

    pub(super) fn ran_scripts(&mut self, scripts: Scripts) {
        self.learn(scripts.tvr, scripts.tsi);
        self.scripts.extend(scripts.results);
        let bytes: Vec<u8> = self.scripts.iter().flat_map(|result| result.to_bytes()).collect();
        if !bytes.is_empty() {
            self.terminal.put(tag::ISSUER_SCRIPT_RESULTS_9F5B, &bytes, Place::default());
        }
    }
}
