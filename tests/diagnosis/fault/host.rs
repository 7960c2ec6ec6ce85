//! Network, issuer's host, and the card's answer to it.

use emvident::{
    kernel::finding::reason,
    scripted::{HostScript, NoAnswer},
    vectors::{
        Behaviour,
        card::{Decision, profile::IssuerAuthentication},
        cryptogram::Kind,
        host::Script,
    },
};

use super::{Fault, Right, fault};
use crate::diagnosis::good::{Good, Terminals};

const HOST: &str = "host";
const NETWORK: &str = "network";
const ISSUER: &str = "issuer and card";
const SCRIPTS: &str = "scripts";

pub(super) const FAULTS: &[Fault] = &[
    fault(HOST, "declines", |good, random| {
        goes_online(good);
        let (code, id) = random.of(&codes());
        good.host = Behaviour::Decline(code).into();
        Right::is(id)
    }),
    fault(HOST, "declines with a code nobody lists", |good, random| {
        goes_online(good);
        good.host = Behaviour::Decline(*random.of(&[b"ZZ", b"QX", b"2K"])).into();
        Right::is("host-other")
    }),
    fault(HOST, "declines as usual", |good, random| {
        goes_online(good);
        let (code, id) = random.of(&[
            (*b"05", "host-05-do-not-honour"),
            (*b"51", "host-51-insufficient-funds"),
            (*b"54", "host-54-expired"),
            (*b"61", "host-61-amount-limit"),
        ]);
        good.host = Behaviour::Decline(code).into();
        Right::is(id)
    }),
    fault(HOST, "refers", |good, _| {
        goes_online(good);
        good.host = Behaviour::Referral.into();
        Right::is("host-01-refer-issuer")
    }),
    fault(NETWORK, "no answer", |good, random| {
        goes_online(good);
        good.host = random.of(&[
            HostScript { unable: Some(NoAnswer::NoLink), ..HostScript::default() },
            HostScript { unable: Some(NoAnswer::NoConnection), ..HostScript::default() },
            HostScript { unable: Some(NoAnswer::BadAnswer), ..HostScript::default() },
            Behaviour::Silent.into(),
        ]);
        Right::either(
            &["net-no-link", "net-connect-timeout", "net-no-answer", "host-20-invalid-response"],
            "the card is told that going online was not possible, not why",
        )
    }),
    fault(ISSUER, "wrong authentication data, checked by a command", |good, _| {
        goes_online(good);
        (good.card().issuer_authentication == IssuerAuthentication::Command).then_some(())?;
        good.host = Behaviour::WrongArpc.into();
        Right::is("issuer-auth-failed")
    }),
    fault(ISSUER, "wrong authentication data, checked in GENERATE AC", |good, _| {
        goes_online(good);
        (good.card().issuer_authentication == IssuerAuthentication::SecondGenerateAc).then_some(())?;
        good.host = Behaviour::WrongArpc.into();
        Right::either(&["issuer-auth-failed", "card-refused-after-online"], "the card keeps to itself why it refuses")
    }),
    fault(ISSUER, "no authentication data for a card that insists", |good, _| {
        goes_online(good);
        (good.card().issuer_authentication == IssuerAuthentication::Command).then_some(())?;
        good.card_mut().issuer_authentication_mandatory = true;
        good.host = Behaviour::ApproveWithout91.into();
        Right::is("issuer-auth-missing")
    }),
    fault(ISSUER, "the card refuses", |good, _| {
        goes_online(good);
        good.alter("force second aac");
        Right::is("card-refused-after-online")
    }),
    fault(SCRIPTS, "wrong MAC", |good, random| {
        goes_online(good);
        let before = random.yes();
        good.host = Behaviour::Script { script: Script::BadMac, before }.into();
        let summed = if before { "script-71-failed" } else { "script-72-failed" };
        Right::either(&["script-mac-failed", summed], "the one says why, the other what")
    }),
    fault(SCRIPTS, "card blocked by the issuer", |good, random| {
        goes_online(good);
        let script = random.of(&[Script::CardBlock, Script::ApplicationBlock]);
        good.host = Behaviour::Script { script, before: random.yes() }.into();
        Right::is("script-card-blocked")
    }),
];

/// The card asks for the issuer, and there is an amount that asks for it too.
fn goes_online(good: &mut Good) {
    good.at(Terminals::Online);
    good.purchase.amount = 15_000;
    good.card_mut().first = Decision::AtMost(Kind::Arqc);
}

/// Every code that declines, and its reason.
fn codes() -> Vec<([u8; 2], &'static str)> {
    let code = |id: &'static str| {
        let code = id.strip_prefix("host-")?.split('-').next()?.to_uppercase();
        let code: [u8; 2] = code.into_bytes().try_into().ok()?;
        (!matches!(&code, b"00" | b"01" | b"02" | b"08" | b"10" | b"11")).then_some((code, id))
    };
    reason::ALL.iter().filter_map(|reason| code(reason.id())).collect()
}
