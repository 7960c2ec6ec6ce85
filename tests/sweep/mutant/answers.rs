//! Answers left out, doubled, swapped, or those of another card.

use vectors::pki::KeySpec;

use super::{
    super::{baseline::Baseline, tree},
    Change, Touch, World,
};

fn events(from: &Baseline) -> Vec<usize> {
    from.exchanges().map(|(event, ..)| event).collect()
}

/// Each left out, each doubled, each pair swapped.
pub fn count(from: &Baseline) -> usize {
    let events = events(from).len();
    2 * events + events * events.saturating_sub(1) / 2
}

pub fn change(from: &Baseline, number: usize) -> Option<Change> {
    let events = events(from);
    let count = events.len();
    let mut order = events.clone();
    match number {
        _ if number < count => {
            order.remove(number);
        }
        _ if number < 2 * count => order.insert(number - count, events[number - count]),
        _ => {
            let (first, second) = pair(number - 2 * count, count)?;
            order.swap(first, second);
        }
    }
    let mut places: Vec<usize> = (0..from.events.len()).collect();
    for (event, source) in events.iter().zip(&order) {
        places[*event] = *source;
    }
    let differs =
        |event: &&usize| from.exchange(**event).map(|it| it.1) != from.exchange(places[**event]).map(|it| it.1);
    // Where other commands follow than followed then, the answers come whole where they are asked for. Records that change
    // places do not.
    let is_record = |event: &usize| from.exchange(*event).is_some_and(|(command, _)| command[1] == 0xB2);
    let swaps = number >= 2 * count && events.iter().filter(differs).all(is_record);
    let touch = |event: &usize| {
        let touch = whole(from, *event);
        let breaks = touch.breaks && swaps;
        touch.breaks(breaks)
    };
    let touched: Vec<Touch> = events.iter().filter(differs).map(touch).collect();
    (!touched.is_empty()).then(|| Change { touched, places: Some(places), ..Change::default() })
}

/// The whole answer, which breaks what is signed with its tag.
fn whole(from: &Baseline, event: usize) -> Touch {
    let response = from.exchange(event).map_or(&[][..], |(_, response)| response);
    let data = response.len() - 2;
    let signed = |object: &tree::Object| from.labels.of_response(event, object.raw.start).is_signed();
    let breaks = tree::objects(&response[..data]).iter().any(signed);
    Touch::response(event, 0..response.len()).breaks(breaks)
}

fn pair(number: usize, count: usize) -> Option<(usize, usize)> {
    let pairs = (0..count).flat_map(|first| (first + 1..count).map(move |second| (first, second)));
    pairs.into_iter().nth(number)
}

/// Answers of other cards to the same instruction, each once.
pub fn splices(world: &World, baseline: usize, event: usize) -> Vec<&[u8]> {
    let from = &world.baselines[baseline];
    let Some((command, own)) = from.exchange(event) else { return Vec::new() };
    // What the same key signed over the same transaction is no other card's.
    let signs = matches!(command[1], 0x88 | 0xAE);
    let others = world.baselines.iter().filter(|other| other.name != from.name && other.kernel() == from.kernel());
    let others = others.filter(|other| !signs || key(other) != key(from));
    let fits = |asked: &[u8]| asked[1] == command[1] && (command[1] != 0xB2 || asked[2..4] == command[2..4]);
    let answers = others.flat_map(Baseline::exchanges).filter(|(_, asked, _)| fits(asked));
    let mut answers: Vec<&[u8]> = answers.map(|(_, _, response)| response).filter(|other| *other != own).collect();
    answers.sort_unstable();
    answers.dedup();
    answers
}

/// The key the card signs with.
fn key(of: &Baseline) -> Option<KeySpec> {
    Some(of.scenario.profile().ok()?.applications.first()?.authentication.icc.clone())
}

pub fn splice(world: &World, baseline: usize, event: usize, number: usize) -> Option<Change> {
    let from = &world.baselines[baseline];
    let (_, own) = from.exchange(event)?;
    let other = splices(world, baseline, event).swap_remove(number).to_vec();
    let signed = (0..own.len()).filter(|at| from.labels.of_response(event, *at).is_signed());
    let differs = signed.into_iter().any(|at| other.get(at) != own.get(at));
    Change::of_response(event, own, other, Touch::response(event, 0..own.len()).breaks(differs))
}
