//! Where the hardened policy has its say in kernels 3 and 7, which go by the card's qualifiers. Under EMV nothing here changes
//! anything.

use apdu::{
    Card, Tag, tag,
    tag::k3::{CTQ_9F6C, FORM_FACTOR_INDICATOR_9F6E},
    value::{Ttq, ttq},
};

use super::{kernel_id::KernelId, outcome::Cvm, vouch::Voucher};
use crate::{
    consistency::device,
    finding::{Evidence, Fact, Finding, Reason, Severity},
    hardened,
    outcome::Outcome,
    point_of_sale::PointOfSale,
    session::Session,
    store::CardData,
    terminal::policy::{Policy, Switch},
};

/// The reader's qualifiers: a signature is asked for also when the transaction goes online.
pub(super) fn qualifiers(policy: Policy, reader: Ttq) -> Ttq {
    let asks = policy.has(Switch::RequireOdaForOnline);
    if asks { reader.with(ttq::ODA_FOR_ONLINE) } else { reader }
}

/// Whether a failed signature is enough to decline, whatever the card wishes then; `online` when it was for the issuer.
pub(super) fn failed<C: Card, P: PointOfSale>(session: &Session<'_, C, P>, online: bool) -> Option<Finding> {
    let switch = if online { Switch::RequireOdaForOnline } else { Switch::DeclineOnOdaFailure };
    session.terminal.policy.has(switch).then(|| Finding::new(Reason::PolicyOdaFailed))
}

/// The card was asked for a signature with its online request and gave none.
pub(super) fn online_unsigned<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>) {
    if session.terminal.policy.has(Switch::RequireOdaForOnline) {
        let missing = Evidence::missing(Fact::DataObject, tag::SIGNED_DYNAMIC_APPLICATION_DATA_9F4B);
        session.report(Finding::new(Reason::PolicyOnlineUnsigned).severity(Severity::Info).with(missing));
    }
}

/// A verified signature under a key that proves nothing.
pub(super) fn keys<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>, out: &Outcome) -> Option<Finding> {
    let policy = session.terminal.policy;
    session.report_all(hardened::keys::warnings(policy, &out.chain));
    hardened::keys::too_weak(policy, &out.chain)
}

/// fDDA never covers the card's decision: what it approves offline goes online instead.
pub(super) fn offline_approval<C: Card, P: PointOfSale>(session: &Session<'_, C, P>) -> Option<Finding> {
    let policy = session.terminal.policy;
    policy.has(Switch::OfflineApprovalOnlyWithSignedAc).then(|| Finding::new(Reason::PolicyAcNotSigned))
}

/// The method, where the claim of the cardholder's device is believed; else a PIN for the issuer.
///
/// # Errors
/// Why the transaction is declined: the reader takes no PIN.
pub(super) fn believe<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    kernel: KernelId,
    out: &Outcome,
    reader: Ttq,
    cvm: Cvm,
) -> Result<Cvm, Finding> {
    let claims = cvm == Cvm::ConfirmationCodeVerified;
    let required = session.terminal.policy.has(Switch::CdcvmOnlyIfSignedOrMobile);
    let proven = || Voucher::of(out, CTQ_9F6C) == Voucher::Card || device::is_mobile(kernel, &out.card);
    if !claims || !required || proven() {
        return Ok(cvm);
    }
    let finding = unproven(&out.card);
    if !reader.has(ttq::ONLINE_PIN) {
        return Err(finding);
    }
    session.report(finding);
    Ok(Cvm::OnlinePin)
}

fn unproven(card: &CardData) -> Finding {
    let own = |tag: Tag| match card.value(tag) {
        Some(value) => Evidence::found(Fact::DataObject, value).at(card.place(tag)),
        None => Evidence::missing(Fact::DataObject, tag),
    };
    Finding::new(Reason::PolicyCdcvmUnproven).with(own(CTQ_9F6C)).with(own(FORM_FACTOR_INDICATOR_9F6E))
}
