//! One to four changes at random places, the same ones for the same seed and number.

use super::{Change, Edit, Name, Side, Touch, Wedge, World};

pub struct Random(pub u64);

impl Random {
    /// SplitMix64.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

pub fn change(world: &World, name: &Name) -> Option<Change> {
    let from = &world.baselines[name.baseline];
    let mut random = Random(world.seed ^ (name.baseline as u64) << 48 ^ name.number as u64);
    random.next();
    let exchanges: Vec<_> = from.exchanges().collect();
    let mut change = Change::default();
    for _ in 0..=random.below(4) {
        let (event, command, response) = exchanges[random.below(exchanges.len())];
        if random.below(8) == 0 {
            let at = random.below(command.len());
            change.command = Some(Wedge { at: event, edit: Edit::Flip(at, 1 << random.below(8)) });
            change.touched.push(Touch { event, side: Side::Command, range: at..at + 1, breaks: false });
            continue;
        }
        let known = change.responses.iter().position(|(at, _)| *at == event);
        let place = known.unwrap_or_else(|| {
            change.responses.push((event, response.to_vec()));
            change.responses.len() - 1
        });
        edit(&mut change.responses[place].1, &mut random);
        change.touched.push(Touch::response(event, 0..response.len()).breaks(false));
    }
    let changed = change.responses.iter().any(|(at, bytes)| from.exchange(*at).is_some_and(|(_, own)| own != bytes));
    (changed || change.command.is_some()).then_some(change)
}

/// One change of a byte, a cut, or an insertion.
fn edit(bytes: &mut Vec<u8>, random: &mut Random) {
    let data = bytes.len() - 2;
    match random.below(6) {
        0 if data > 0 => drop(bytes.drain(random.below(data)..data)),
        1 => bytes.insert(random.below(data + 1), random.next() as u8),
        2 if data > 0 => drop(bytes.remove(random.below(data))),
        3 => {
            let at = random.below(bytes.len());
            bytes[at] = random.next() as u8;
        }
        _ => {
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
        }
    }
}
