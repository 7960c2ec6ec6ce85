//! Terminals that send anything at all.

use apdu::Command;
use emvident_vectors::SoftwareCard;
use proptest::prelude::*;

use crate::terminal::Terminal;

/// Headers that reach far into a card, and headers that do not.
fn header() -> impl Strategy<Value = [u8; 4]> {
    let known = prop::sample::select(vec![
        [0x00, 0xA4, 0x04, 0x00],
        [0x00, 0xA4, 0x04, 0x02],
        [0x80, 0xA8, 0x00, 0x00],
        [0x00, 0xB2, 0x01, 0x0C],
        [0x80, 0xCA, 0x9F, 0x36],
        [0x00, 0x84, 0x00, 0x00],
        [0x00, 0x20, 0x00, 0x80],
        [0x00, 0x20, 0x00, 0x88],
        [0x00, 0x88, 0x00, 0x00],
        [0x80, 0xAE, 0x80, 0x00],
        [0x80, 0xAE, 0x50, 0x00],
        [0x00, 0x82, 0x00, 0x00],
        [0x84, 0x24, 0x00, 0x02],
        [0x04, 0xDA, 0x9F, 0x58],
        [0x04, 0xDC, 0x01, 0x0C],
    ]);
    prop_oneof![3 => known, 1 => any::<[u8; 4]>()]
}

/// Data of the lengths that lists ask for, and of any length.
fn data() -> impl Strategy<Value = Vec<u8>> {
    let lengths = prop::sample::select(vec![0_usize, 4, 8, 10, 29, 31, 43, 128]);
    prop_oneof![
        lengths.prop_flat_map(|length| prop::collection::vec(any::<u8>(), length)),
        prop::collection::vec(any::<u8>(), 0..256)
    ]
}

fn drive(card: &mut SoftwareCard, commands: &[([u8; 4], Vec<u8>, Option<u8>)]) {
    for (header, data, le) in commands {
        let command = Command::new(*header, data, *le).unwrap();
        assert!(card.answer(&command).unwrap().as_bytes().len() >= 2);
    }
}

proptest! {
    #[test]
    fn no_sequence_of_commands_stops_a_card(
        name in prop::sample::select(vec!["cda", "dda", "unionpay", "visa-18", "pin-key", "two-applications"]),
        started in any::<bool>(),
        asked in prop::option::of(any::<bool>()),
        commands in prop::collection::vec((header(), data(), any::<Option<u8>>()), 0..24),
    ) {
        let mut terminal = Terminal::named(name);
        if started {
            terminal = terminal.start();
            if let Some(online) = asked {
                terminal.first_ac(if online { 0x80 } else { 0x50 });
            }
        }
        drive(&mut terminal.card, &commands);
    }

    #[test]
    fn no_text_stops_the_alteration_parser(text in "[a-z#:@/.=0-9A-F ]{0,40}") {
        let _ = text.parse::<emvident_vectors::Alteration>();
        let _ = text.parse::<emvident_vectors::Behaviour>();
    }
}
