//! Trying every AID of the terminal (`EMV 4.4 Book 1, 12.3.3`).

use apdu::{Card, Command};

use super::{
    candidates::{Candidates, Described},
    fci::Fci,
};
use crate::{
    finding::{Evidence, Fact, Finding, Reason},
    point_of_sale::PointOfSale,
    session::{Reply, Session, Stop},
    terminal::ApplicationParameters,
};

/// A card that has more applications under one partial name than this is not asked further.
const MAX_OCCURRENCES: u8 = 32;

/// Selects each AID of the terminal in turn.
pub(super) async fn candidates<C: Card, P: PointOfSale>(session: &mut Session<'_, C, P>) -> Result<Candidates, Stop> {
    let mut found = Candidates::default();
    let terminal = session.terminal;
    for (index, application) in terminal.applications.iter().enumerate() {
        let reply = session.transmit_built(Command::select(&application.aid), Reason::SelNoCommonApp).await?;
        if index == 0 && reply.status().0 == 0x6A81 {
            return Err(session.stop(Finding::new(Reason::SelCardBlocked).with(reply.evidence())));
        }
        let is_unknown = matches!(reply.status().sw1(), 0x6D | 0x6E);
        let first = (index == 0).then(|| reply.evidence());
        found.select_unknown = found.select_unknown.or(first).filter(|_| is_unknown);
        occurrences(session, index, application, reply, &mut found).await?;
        session.afford(found.footprint())?;
    }
    Ok(found)
}

/// Follows one AID through SELECT NEXT while the card has longer names that start with it.
async fn occurrences<C: Card, P: PointOfSale>(
    session: &mut Session<'_, C, P>,
    index: usize,
    application: &ApplicationParameters,
    mut reply: Reply,
    found: &mut Candidates,
) -> Result<(), Stop> {
    for occurrence in 0..MAX_OCCURRENCES {
        // SELECT NEXT may also answer with a warning; the first SELECT only with 6283.
        let usable = matches!((occurrence, reply.status().sw1()), (1.., 0x62 | 0x63)) || reply.status().is_ok();
        let blocked = reply.status().0 == 0x6283;
        if !usable && !blocked {
            return Ok(());
        }
        let fci = match Fci::parse(reply.data()) {
            Ok(fci) => fci,
            Err(error) => {
                session.report(error.finding(Reason::SelFciFormat, &reply));
                return Ok(());
            }
        };
        let exact = fci.df_name == application.aid.as_slice();
        let longer = !exact && fci.df_name.starts_with(&application.aid);
        if blocked && (exact || (longer && application.partial)) {
            found.blocked = Some(Evidence::found(Fact::ApplicationId, fci.df_name).at(reply.place()));
        } else if exact || (longer && application.partial) {
            found.add(session.terminal, index, &Described::from_fci(&fci));
        } else {
            found.others.push(fci.df_name.to_vec());
        }
        if exact || !longer || !application.partial {
            return Ok(());
        }
        reply = session.transmit_built(Command::select_next(&application.aid), Reason::SelNoCommonApp).await?;
    }
    Ok(())
}
