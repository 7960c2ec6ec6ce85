//! The payment system environment (`EMV 4.4 Book 1, 12.3.2`).

use apdu::{Card, Command, tag, tlv};

use super::{
    candidates::{Candidates, Described, first, matching},
    fci::Fci,
};
use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    point_of_sale::PointOfSale,
    session::{Reply, Session, Stop},
    terminal::Terminal,
};

/// The name of the payment system environment.
const PSE: &[u8] = b"1PAY.SYS.DDF01";

/// Reads the directory. `None` when there is none, it is broken, or it lists nothing the terminal accepts: then the
/// list of AIDs decides.
pub(super) async fn candidates<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
) -> Result<Option<Candidates>, Stop> {
    let Some(directory) = select_environment(session).await? else { return Ok(None) };
    let mut found = Candidates::default();
    for record in 1..=u8::MAX {
        let reply = session.transmit(&Command::read_record(directory.sfi, record)).await?;
        match reply.status().0 {
            0x9000 => {}
            0x6A83 => break,
            _ => {
                session.report(Finding::new(Reason::SelPseFormat).with(reply.evidence()));
                return Ok(None);
            }
        }
        if let Err(finding) = take_record(session.terminal, &directory, &reply, &mut found) {
            session.report(finding);
            return Ok(None);
        }
        session.afford(found.footprint())?;
    }
    Ok((!found.is_empty()).then_some(found))
}

/// What the environment's FCI says about its directory.
struct Directory {
    sfi: u8,
    code_table: Option<u8>,
}

/// Selects the environment and gives the file its directory is in.
async fn select_environment<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
) -> Result<Option<Directory>, Stop> {
    let reply = session.transmit_built(Command::select(PSE), Reason::SelPseFormat).await?;
    match reply.status().0 {
        0x9000 => {}
        0x6A81 => return Err(session.stop(Finding::new(Reason::SelCardBlocked).with(reply.evidence()))),
        0x6283 => {
            session.report(Finding::new(Reason::SelPseBlocked).with(reply.evidence()));
            return Ok(None);
        }
        _ => return Ok(None),
    }
    match directory(&reply) {
        Ok(directory) => Ok(Some(directory)),
        Err(finding) => {
            session.report(finding);
            Ok(None)
        }
    }
}

fn directory(reply: &Reply) -> Result<Directory, Finding> {
    let fci = Fci::parse(reply.data()).map_err(|error| error.finding(Reason::SelPseFormat, reply))?;
    match fci.value(tag::SFI_88) {
        Some([sfi @ 1..=10]) => {
            Ok(Directory { sfi: *sfi, code_table: first(fci.value(tag::ISSUER_CODE_TABLE_INDEX_9F11)) })
        }
        Some(other) => {
            let evidence = Evidence::found(Fact::DataObject, other).at(reply.place()).in_tag(tag::SFI_88);
            Err(Finding::new(Reason::SelPseFormat).with(evidence))
        }
        None => {
            let evidence = Evidence::missing(Fact::DataObject, tag::SFI_88).at(reply.place());
            Err(Finding::new(Reason::SelPseFormat).with(evidence))
        }
    }
}

/// Takes the entries (`61`) of one directory record (`70`). What else stands in the templates is ignored.
fn take_record(
    terminal: &Terminal,
    directory: &Directory,
    reply: &Reply,
    found: &mut Candidates,
) -> Result<(), Finding> {
    let broken = |offset: usize| {
        let evidence = Evidence::found(Fact::TlvError, reply.data()).at(reply.place()).offset(offset);
        Finding::new(Reason::SelPseFormat).with(evidence)
    };
    let record = tlv::find(reply.data(), tag::READ_RECORD_TEMPLATE_70).map_err(|error| broken(error.offset))?;
    let record = record.ok_or_else(|| broken(0))?;
    for object in record.children() {
        let object = object.map_err(|error| broken(error.offset))?;
        if object.tag == tag::APPLICATION_TEMPLATE_61 {
            take_entry(terminal, directory, &object, found).ok_or_else(|| broken(object.offset))?;
        }
    }
    Ok(())
}

fn take_entry(terminal: &Terminal, directory: &Directory, entry: &tlv::Tlv<'_>, found: &mut Candidates) -> Option<()> {
    let value = |tag| tlv::find(entry.value, tag).ok().flatten().map(|object| object.value);
    let name = value(tag::ADF_NAME_4F).filter(|name| (5..=16).contains(&name.len()))?;
    let described = Described {
        name,
        label: value(tag::APPLICATION_LABEL_50),
        preferred_name: value(tag::APPLICATION_PREFERRED_NAME_9F12),
        code_table: directory.code_table,
        priority: first(value(tag::APPLICATION_PRIORITY_INDICATOR_87)),
    };
    match matching(terminal, name) {
        Some(parameters) => found.add(terminal, parameters, &described),
        None => found.others.push(name.to_vec()),
    }
    Some(())
}
