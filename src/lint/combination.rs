//! Doubts about one combination of an AID and a contactless kernel.

use apdu::Tag;
use kernel::contactless::{Combination, KernelId};

use super::Check;

pub(super) const CHECKS: &[Check<Combination>] = &[
    ("lint-no-kernel", |_, one| ![KernelId::C2, KernelId::C3, KernelId::C7].contains(&one.kernel)),
    ("lint-nothing-allowed", |_, one| Limits::of(one).transaction == Some(0)),
    ("lint-verification-out-of-reach", |_, one| {
        let limits = Limits::of(one);
        limits.transaction.zip(limits.cvm).is_some_and(|(most, cvm)| most > 0 && cvm >= most)
    }),
    ("lint-floor-out-of-reach", |_, one| {
        let limits = Limits::of(one);
        limits.transaction.zip(limits.floor).is_some_and(|(most, floor)| most > 0 && floor >= most)
    }),
    ("lint-no-qualifiers", |_, one| [KernelId::C3, KernelId::C7].contains(&one.kernel) && one.ttq.is_none()),
    ("lint-combination-twice", |terminal, one| {
        let same =
            |other: &&Combination| (&other.aid, other.kernel, &other.kinds) == (&one.aid, one.kernel, &one.kinds);
        terminal.contactless.combinations.iter().filter(same).count() > 1
    }),
];

/// Amounts in minor units.
struct Limits {
    transaction: Option<u64>,
    floor: Option<u64>,
    cvm: Option<u64>,
}

impl Limits {
    /// Kernel 2 has limits of its own among its data objects.
    fn of(one: &Combination) -> Self {
        if one.kernel != KernelId::C2 {
            return Self { transaction: one.transaction_limit, floor: one.floor_limit, cvm: one.cvm_limit };
        }
        let own = |tag: u32| {
            let value = one.data.iter().find(|(known, _)| *known == Tag::new(tag)).map(|(_, value)| value);
            value.and_then(|value| apdu::value::bcd::to_number(value))
        };
        Self {
            transaction: own(READER_LIMIT).or(one.transaction_limit),
            floor: own(READER_FLOOR_LIMIT).or(one.floor_limit),
            cvm: own(READER_CVM_LIMIT).or(one.cvm_limit),
        }
    }
}

/// Reader contactless floor limit.
const READER_FLOOR_LIMIT: u32 = 0xDF8123;
/// Reader contactless transaction limit where no device verifies its holder, the smaller of the two.
const READER_LIMIT: u32 = 0xDF8124;
/// Reader CVM required limit.
const READER_CVM_LIMIT: u32 = 0xDF8126;
