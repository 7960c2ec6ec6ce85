//! Every id of the corpus. The attacks on kernel 8 and the rows of other kernels that are not here have no id here.

const FAMILIES: &[(&str, &[(usize, usize)])] = &[
    ("ATK", &[(1, 29), (40, 63)]),
    ("CRY", &[(1, 48)]),
    ("TLV", &[(1, 20)]),
    ("REC", &[(1, 8)]),
    ("AFL", &[(1, 12)]),
    ("AIP", &[(1, 2)]),
    ("DOL", &[(1, 14)]),
    ("SEL", &[(1, 10)]),
    ("SW", &[(1, 10)]),
    ("GAC", &[(1, 9)]),
    ("CVM", &[(1, 9)]),
    ("TRM", &[(1, 3)]),
    ("TAA", &[(1, 4)]),
    ("T0", &[(1, 10)]),
    ("PCSC", &[(1, 14)]),
    ("CL", &[(1, 4)]),
    ("HOST", &[(1, 5)]),
    ("CFG", &[(1, 10)]),
];

pub fn all() -> Vec<String> {
    let family = |(name, ranges): &(&str, &[(usize, usize)])| {
        let numbers = ranges.iter().flat_map(|(first, last)| *first..=*last);
        numbers.map(|number| format!("{name}-{number:02}")).collect::<Vec<_>>()
    };
    FAMILIES.iter().flat_map(family).collect()
}
