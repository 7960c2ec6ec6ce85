use alloc::{format, string::ToString};

use apdu::value::{terminal_capabilities as capability, tvr};

use crate::{
    pin::BlockFormat,
    terminal::{CdaMode, Terminal},
};

const SMALL: &str = r#"[terminal]
type = "22"
country = 156
currency = "CNY"
capabilities = ["ic-with-contacts", "no-cvm", "cda"]

[keys]
default = false

[[application]]
name = "Visa"
aid = "A0000000031010"
version = "008C"
tac-denial = "0010000000"
tac-online = "DC4004F800"
tac-default = "DC4000A800"
"#;

/// The message about SMALL with `from` made `to`.
fn message(from: &str, to: &str) -> alloc::string::String {
    assert!(SMALL.contains(from), "{from}");
    Terminal::from_toml(&SMALL.replacen(from, to, 1)).unwrap_err().to_string()
}

fn changed(from: &str, to: &str) -> Terminal {
    assert!(SMALL.contains(from), "{from}");
    Terminal::from_toml(&SMALL.replacen(from, to, 1)).unwrap()
}

#[test]
fn the_sample_files_are_right() {
    let retail = Terminal::from_toml(include_str!("../../../../terminals/retail.toml")).unwrap();
    assert_eq!(retail.country, [0x01, 0x56]);
    assert_eq!(retail.capabilities.0, [0xE0, 0xF8, 0xC8]);
    assert_eq!(retail.additional_capabilities.0, [0x70, 0x00, 0xB0, 0xF0, 0x01]);
    assert_eq!(retail.applications[0].floor_limit, 20_000);
    assert_eq!(retail.applications[0].random_selection.maximum, 50);
    assert!(retail.keys.iter().all(|key| key.kind() == crate::oda::keys::Kind::Live));
    let offline = Terminal::from_toml(include_str!("../../../../terminals/offline-only.toml")).unwrap();
    assert!(offline.terminal_type.offline_only() && offline.terminal_type.unattended());
    let unattended = Terminal::from_toml(include_str!("../../../../terminals/unattended.toml")).unwrap();
    assert!(!unattended.capabilities.has(capability::SIGNATURE));
    let atm = Terminal::from_toml(include_str!("../../../../terminals/atm.toml")).unwrap();
    assert!(atm.terminal_type.is_atm(atm.additional_capabilities));
    assert_eq!(atm.pin.online_format, BlockFormat::Format4);
}

#[test]
fn what_is_left_out_is_strict_and_empty() {
    let terminal = Terminal::from_toml(SMALL).unwrap();
    assert_eq!((terminal.currency, terminal.currency_exponent), ([0x01, 0x56], 2));
    assert_eq!(terminal.cda_mode, CdaMode::Mode1);
    assert!(!terminal.pin.bypass_allowed && terminal.selection.use_pse);
    assert!(terminal.keys.is_empty() && terminal.exceptions.is_empty() && terminal.revocations.is_empty());
    let [application] = terminal.applications.as_slice() else { panic!("one application") };
    assert!(application.partial && application.tac_denial.has(tvr::SERVICE_NOT_ALLOWED));
    assert_eq!((application.floor_limit, application.random_selection.target), (0, 0));
}

#[test]
fn test_keys_come_only_when_asked_for() {
    let live = changed("default = false", "default = true").keys;
    let both = changed("default = false", "default = true\ntest-keys = true").keys;
    assert!(!live.is_empty() && both.len() > live.len());
}

#[test]
fn values_may_be_numbers_or_words() {
    assert_eq!(changed("\"CNY\"", "\"jpy\"").currency_exponent, 0);
    assert_eq!(changed("\"CNY\"", "840").currency, [0x08, 0x40]);
    assert_eq!(changed("country = 156", "country = \"056\"").country, [0x00, 0x56]);
    assert_eq!(changed("\"22\"", "22").terminal_type.0, 0x22);
    let limit =
        |limit: &str| changed("version", &format!("floor-limit = \"{limit}\"\nversion")).applications[0].floor_limit;
    assert_eq!((limit("500.00"), limit("500"), limit("0.5"), limit("42949672.95")), (50_000, 50_000, 50, u32::MAX));
}

#[test]
fn wrong_values_say_line_field_value_and_what_would_be_right() {
    assert_eq!(
        message("\"CNY\"", "\"CNYY\""),
        "line 4: terminal.currency = \"CNYY\" cannot be used; right would be a currency such as \"CNY\" or 156"
    );
    assert_eq!(
        message("country = 156", "country = \"CN\""),
        "line 3: terminal.country = \"CN\" cannot be used; right would be the number of a country such as 156"
    );
    assert_eq!(
        message("\"22\"", "\"29\""),
        "line 2: terminal.type = \"29\" cannot be used; right would be two digits of a terminal type such as \"22\", \
         attended and online-capable"
    );
    assert_eq!(
        message("\"DC4000A800\"", "\"DC4000A8\""),
        "line 16: application.tac-default = \"DC4000A8\" cannot be used; right would be ten hexadecimal digits in \
         quotes, one bit for each of the TVR, such as \"0010000000\""
    );
    assert_eq!(
        message("version", "floor-limit = \"5,00\"\nversion"),
        "line 13: application.floor-limit = \"5,00\" cannot be used; right would be an amount in quotes such as \"500.00\""
    );
    assert_eq!(
        message("version", "random-target = 40\nrandom-maximum = 20\nversion"),
        "line 14: application.random-maximum = 20 cannot be used; right would be at least the random-target, 40"
    );
    assert_eq!(
        message("version", "default-ddol = \"9F37\"\nversion"),
        "line 13: application.default-ddol = \"9F37\" cannot be used; right would be a data object list as hexadecimal \
         digits in quotes, such as \"9F3704\""
    );
}

#[test]
fn amounts_have_no_more_digits_than_the_currency_nor_fewer_than_one() {
    for wrong in ["1.234", ".5", "5.", "", "-1", "1e3", "42949672.96", "500.0.0"] {
        let text = SMALL.replacen("version", &format!("floor-limit = \"{wrong}\"\nversion"), 1);
        assert!(Terminal::from_toml(&text).is_err(), "{wrong}");
    }
    assert!(message("version", "floor-limit = 500\nversion").starts_with("line 13: application.floor-limit = 500 "));
}

#[test]
fn unknown_names_are_refused_with_the_nearest_one() {
    assert_eq!(
        message("country =", "contry ="),
        "line 3: terminal.contry is not a known name; perhaps terminal.country is meant"
    );
    assert_eq!(message("[keys]", "[kees]"), "line 7: kees is not a known name; perhaps keys is meant");
    assert_eq!(
        message("default = false", "colour = 1"),
        "line 8: keys.colour is not a known name; known are default, test-keys"
    );
    assert_eq!(
        message("\"no-cvm\"", "\"nocvm\""),
        "line 5: terminal.capabilities = \"nocvm\" cannot be used; right would be \"no-cvm\""
    );
    assert!(message("\"no-cvm\"", "7").ends_with("dda, cda, card-capture"));
}

#[test]
fn what_has_to_be_there_is_asked_for() {
    assert_eq!(
        message("currency = \"CNY\"\n", ""),
        "line 1: terminal.currency is missing; right would be a currency such as \"CNY\" or 156"
    );
    let no_application = SMALL.split("[[application]]").next().unwrap();
    assert_eq!(
        Terminal::from_toml(no_application).unwrap_err().to_string(),
        "line 10: application is missing; right would be at least one table [[application]]"
    );
    assert_eq!(
        Terminal::from_toml("").unwrap_err().to_string(),
        "line 1: terminal is missing; right would be a table [terminal] with type, country and currency"
    );
}

#[test]
fn what_is_no_toml_says_so() {
    assert_eq!(message("country = 156", "country = = 156"), "line 3: this is not TOML: extra `=`, expected nothing");
    assert!(message("[keys]", "keys = 5").starts_with("line "));
}

#[test]
fn card_numbers_are_read_and_never_shown() {
    let with = |pan: &str| format!("{SMALL}\n[[exception]]\npan = \"{pan}\"\nsequence-number = 1\n");
    let terminal = Terminal::from_toml(&with("4761739001010010")).unwrap();
    assert_eq!(terminal.exceptions[0].1, Some(1));
    assert_eq!(
        Terminal::from_toml(&with("476173900101001O")).unwrap_err().to_string(),
        "line 19: exception.pan cannot be used; right would be a card number of 1 to 19 digits in quotes"
    );
}

#[test]
fn revocations_and_keys_are_read() {
    let revoked = format!("{SMALL}\n[[revocation]]\nrid = \"A000000003\"\nindex = \"92\"\nserial = \"000001\"\n");
    let terminal = Terminal::from_toml(&revoked).unwrap();
    assert_eq!((terminal.revocations[0].index, terminal.revocations[0].serial), (0x92, [0, 0, 1]));
    let modulus = "81".repeat(64);
    let key = format!(
        "{SMALL}\n[[ca-key]]\nrid = \"A000000003\"\nindex = \"92\"\nmodulus = \"{modulus}\"\nexponent = \"03\"\n\
         checksum = \"{}\"\nexpiry = 2028-12-31\n",
        "00".repeat(20)
    );
    let error = Terminal::from_toml(&key).unwrap_err().to_string();
    assert!(error.starts_with("line 23: ca-key.checksum = \"0000"), "{error}");
    assert!(error.contains("right would be CA key A000000003/92: the checksum is"), "{error}");
}

#[test]
fn a_policy_has_a_base_and_single_switches_over_it() {
    use crate::terminal::policy::{Policy, Switch};
    let policy = |lines: &str| Terminal::from_toml(&format!("{SMALL}\n[policy]\n{lines}\n")).map(|read| read.policy);
    assert_eq!(Terminal::from_toml(SMALL).unwrap().policy, Policy::EMV);
    assert_eq!(policy("base = \"emv\"").unwrap(), Policy::EMV);
    assert_eq!(policy("base = \"hardened\"").unwrap(), Policy::hardened());
    let but_one = policy("base = \"hardened\"\nno-plaintext-pin = false\nleast-rsa-bits = 1152").unwrap();
    let expected = Policy::hardened().with(Switch::NoPlaintextPin, false);
    assert_eq!(but_one, expected.with_least_rsa_bits(1152));
    assert_eq!(policy("no-msd = true").unwrap(), Policy::EMV.with(Switch::NoMsd, true));
    let wrong = |lines| policy(lines).unwrap_err().to_string();
    assert_eq!(
        wrong("base = \"strict\""),
        "line 19: policy.base = \"strict\" cannot be used; right would be \"emv\" or \"hardened\""
    );
    assert_eq!(wrong("no-mds = true"), "line 19: policy.no-mds is not a known name; perhaps policy.no-msd is meant");
    assert!(wrong("no-msd = 1").ends_with("right would be true or false"));
    assert!(wrong("least-rsa-bits = 2048").contains("policy.least-rsa-bits"));
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "(?s).{0,200}") {
        let _ = Terminal::from_toml(&text);
    }

    #[test]
    fn any_value_is_read_without_panic(value in "[ -~]{0,30}") {
        let _ = Terminal::from_toml(&SMALL.replacen("156", &value, 1));
        let _ = Terminal::from_toml(&SMALL.replacen("\"A0000000031010\"", &value, 1));
        let _ = Terminal::from_toml(&SMALL.replacen("[\"ic-with-contacts\", \"no-cvm\", \"cda\"]", &value, 1));
    }
}
