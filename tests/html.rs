//! The HTML page in a real browser: that it fetches nothing, fits a phone, speaks both languages, shows every exchange and
//! every byte it may, and that nothing a card says becomes more than text.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

#[path = "html/browser.rs"]
mod browser;
#[path = "html/secrecy.rs"]
mod secrecy;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use emvident::{explain::Explainer, report::Report, run::Run, scenario::Scenario, text::Language};
use serde_json::{Value, json};

use browser::Browser;

fn scenario(name: &str) -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/scenarios");
    Scenario::from_file(&folder.join(name).with_extension("toml")).unwrap()
}

/// A scenario's run in which the card took its time: 3 ms for the first exchange, 6 ms for the second and so on.
fn run(name: &str) -> Run {
    let scenario = scenario(name);
    let mut run = scenario.lay().unwrap().run(&scenario.transaction);
    for (exchange, number) in run.outcome.log.exchanges.iter_mut().zip(1..) {
        exchange.elapsed = Duration::from_millis(3 * number);
    }
    run
}

fn page(run: &Run, language: Language) -> String {
    Report::new(&run.outcome, &run.terminal, &run.transaction).with_exchanges(&run.outcome).html(language)
}

/// The page of any recording.
fn explained(recording: &str, language: Language) -> String {
    let mut explainer = Explainer::new().unwrap();
    explainer.keeps_exchanges = true;
    explainer.explain(recording.as_bytes(), None).unwrap().html(None, language)
}

/// A file with this page that nobody else uses.
fn file(page: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("page-{}-{number}.html", std::process::id()));
    fs::write(&file, page).unwrap();
    file
}

fn opened(page: &str) -> Browser {
    let mut browser = Browser::new();
    browser.open(&file(page));
    browser
}

const OPEN_EVERYTHING: &str = "document.querySelectorAll('details').forEach(one => { one.open = true; })";

#[test]
fn nothing_is_fetched_and_nothing_could_be() {
    let mut browser = Browser::new();
    let address = browser.open(&file(&page(&run("denied-by-action-code"), Language::En)));
    browser.click("[data-open=yes]");
    browser.click("[value=zh-CN]");
    browser.show_as("print", "dark");
    browser.ask("document.body.offsetHeight");
    let asked: Vec<&Value> =
        browser.events.iter().filter(|event| event["method"] == "Network.requestWillBeSent").collect();
    let urls: Vec<&str> = asked.iter().map(|event| event["params"]["request"]["url"].as_str().unwrap()).collect();
    assert_eq!(urls, [address.as_str()]);
    let complaints = ["Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"];
    let complaint = browser.events.iter().find(|event| complaints.contains(&event["method"].as_str().unwrap()));
    assert_eq!(complaint, None);

    // What would fetch or run something all the same is refused.
    let refused = browser.ask(
        "(async () => {
            const seen = [];
            document.addEventListener('securitypolicyviolation', event => seen.push(event.effectiveDirective));
            new Image().src = 'https://example.invalid/a.png';
            await fetch('https://example.invalid/').catch(() => 0);
            const script = document.createElement('script');
            script.textContent = 'window.ran = true';
            document.body.append(script);
            document.body.setAttribute('style', 'background: url(https://example.invalid/b.png)');
            await new Promise(done => setTimeout(done, 100));
            return { seen: seen.sort(), ran: window.ran === true };
        })()",
    );
    assert_eq!(
        refused,
        json!({ "seen": ["connect-src", "img-src", "script-src-elem", "style-src-attr"], "ran": false })
    );
}

/// What stands out to the right of the page, unless it is within something that scrolls by itself.
const OVERFLOW: &str = "(() => {
    const width = document.documentElement.clientWidth;
    const out = [...document.body.querySelectorAll('*')].filter(one => {
        const box = one.getBoundingClientRect();
        return box.width > 0 && box.right > width + 1 && !one.closest('.wide, legend');
    });
    return { width, scrolls: document.documentElement.scrollWidth, out: out.slice(0, 3).map(one => one.outerHTML.slice(0, 200)) };
})()";

#[test]
fn a_phone_shows_all_of_it_without_scrolling_sideways() {
    let mut browser = Browser::new();
    browser.resize(360, 740);
    for name in ["denied-by-action-code", "cda-online-approved", "ca-key-damaged", "record-cut", "pin-wrong-then-right"]
    {
        let Ok(_) = fs::metadata(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("vectors/scenarios/{name}.toml")))
        else {
            panic!("no scenario {name}")
        };
        let run = run(name);
        for language in Language::ALL {
            browser.open(&file(&page(&run, *language)));
            assert_eq!(browser.ask(OVERFLOW), json!({ "width": 360, "scrolls": 360, "out": [] }), "{name}");
            browser.ask(OPEN_EVERYTHING);
            assert_eq!(browser.ask(OVERFLOW), json!({ "width": 360, "scrolls": 360, "out": [] }), "{name}, open");
        }
    }
}

#[test]
fn the_language_changes_with_a_click_a_key_and_without_scripts() {
    let run = run("denied-by-action-code");
    let mut browser = opened(&page(&run, Language::En));
    let is_english =
        |text: &str| text.contains("Declined") && text.contains("Step by step") && !text.contains("已拒绝");
    let is_chinese =
        |text: &str| text.contains("已拒绝") && text.contains("交易过程") && !text.contains("Step by step");
    assert!(is_english(&browser.text()));
    let title = |browser: &mut Browser| browser.ask("[document.documentElement.lang, document.title.slice(0, 3)]");
    assert_eq!(title(&mut browser), json!(["en", "Dec"]));

    browser.click("[value=zh-CN]");
    assert!(is_chinese(&browser.text()));
    assert_eq!(title(&mut browser), json!(["zh-CN", "已拒绝"]));

    browser.ask("document.querySelector('[name=language]:checked').focus()");
    browser.press("ArrowLeft");
    assert!(is_english(&browser.text()));

    browser.open(&file(&page(&run, Language::ZhCn)));
    assert!(is_chinese(&browser.text()), "the language that was asked for comes first");

    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.open(&file(&page(&run, Language::ZhCn)));
    assert!(is_chinese(&browser.text()));
    browser.click("[value=en]");
    assert!(is_english(&browser.text()), "style alone is enough");
}

#[test]
fn every_exchange_is_there_with_its_bytes_and_opens() {
    let run = run("cda-online-approved");
    let mut browser = opened(&page(&run, Language::En));
    let exchanges = &run.outcome.log.exchanges;
    assert_eq!(browser.ask("document.querySelectorAll('details.exchange').length"), exchanges.len());
    for exchange in exchanges {
        let id = format!("#a1-x{}", exchange.number);
        let closed = browser.ask(&format!("document.querySelector('{id} .apdu').checkVisibility()"));
        assert_eq!(closed, false, "{id}");
        let line = browser.ask(&format!("document.querySelector('{id} summary').innerText"));
        let answer = exchange.response.as_ref().unwrap();
        let status = hex::encode_upper(&answer[answer.len() - 2..]);
        let time = format!("{}.0 ms", 3 * exchange.number);
        assert!(line.as_str().unwrap().contains(&status) && line.as_str().unwrap().contains(&time), "{id}: {line}");
        browser.ask(&format!("document.querySelector('{id} summary').focus()"));
        browser.press("Enter");
        let shown = browser.ask(&format!(
            "[...document.querySelectorAll('{id} .hex')].map(hex => hex.checkVisibility() ? hex.innerText.split(/\\s+/) : [])"
        ));
        let shown: Vec<Vec<String>> = serde_json::from_value(shown).unwrap();
        let [command, response] = shown.as_slice() else { panic!("{id}: {shown:?}") };
        assert_shows(command, &exchange.command, &id);
        assert_shows(response, answer, &id);
    }
}

/// Every byte is the one that was there, or hidden. Behind a command that carried a PIN stand as many as it had.
fn assert_shows(shown: &[String], bytes: &[u8], id: &str) {
    assert!(shown.len() >= bytes.len(), "{id}: {shown:?}");
    let is_right = |(shown, byte): (&String, &u8)| shown == "••" || *shown == format!("{byte:02X}");
    assert!(shown.iter().zip(bytes).all(is_right), "{id}: {shown:?} is not {}", hex::encode_upper(bytes));
    assert!(shown[bytes.len()..].iter().all(|shown| shown == "••"), "{id}: {shown:?}");
}

/// For every node beside digits what is marked when it has the focus: the node's label, where it says it stands, tag and
/// length, value.
const MARKED: &str = "[...document.querySelectorAll('.octets .node')].map(node => {
    node.focus();
    const hex = node.closest('.octets').querySelector('.hex');
    const digits = name => [...hex.querySelectorAll('b' + name)].map(one => one.textContent).join('');
    const place = node.querySelector(':scope > .place');
    return [node.querySelector('.label').innerText, place ? place.innerText : '', digits('.on-head'), digits('.on')];
})";

#[test]
fn a_node_marks_its_own_bytes() {
    let run = run("cda-online-approved");
    let mut browser = opened(&page(&run, Language::En));
    browser.ask(OPEN_EVERYTHING);
    let marked: Vec<[String; 4]> = serde_json::from_value(browser.ask(MARKED)).unwrap();
    let amount = format!("{:012}", run.transaction.amount);
    let (mut objects, mut values) = (0, 0);
    for [label, place, head, value] in &marked {
        let (start, end) = place.split_once('–').unwrap_or((place, place));
        let length = match (start.parse::<usize>(), end.parse::<usize>()) {
            (Ok(start), Ok(end)) => end - start + 1,
            _ => 0,
        };
        assert_eq!((head.chars().count() + value.chars().count()) / 2, length, "{label} {place}: {head} {value}");
        let tag = label.split(' ').next().unwrap();
        if !head.is_empty() {
            assert!(head.starts_with(tag), "{label}: {head}");
            let length = head.strip_prefix(tag).unwrap();
            let length = usize::from_str_radix(length.get(length.len() - 2..).unwrap(), 16).unwrap();
            assert_eq!(value.chars().count() / 2, length, "{label}: {head} {value}");
            objects += 1;
        }
        values += usize::from(label.starts_with("9F02") && *value == amount);
    }
    assert!(objects > 60, "{objects} data objects");
    assert!(values >= 2, "the amount stands in both lists of values that went to the card");
}

#[test]
fn the_mouse_marks_bytes_and_bytes_mark_their_node() {
    let run = run("cda-online-approved");
    let mut browser = opened(&page(&run, Language::En));
    let number = run.outcome.log.exchanges.iter().find(|exchange| exchange.command[1] == 0xA8).unwrap().number;
    browser.click(&format!("#a1-x{number} summary"));
    browser.point_at(&format!("#a1-x{number} .octets:last-child .tree .tree .node"));
    let digits =
        browser.ask("[...document.querySelectorAll('.hex .on, .hex .on-head')].map(b => b.textContent).join('')");
    assert!(digits.as_str().unwrap().starts_with("8202"), "{digits}");
    browser.point_at(&format!("#a1-x{number} .octets:last-child .hex b:last-of-type"));
    assert_eq!(browser.ask("document.querySelector('.node.on .label').innerText"), "status word");
}

/// Three labels that would be markup, from a card's own selection answer on.
#[test]
fn what_a_card_calls_itself_stays_text() {
    for label in
        ["<script>hit()</script>", "<img src=x onerror=hit()>", "\"><b onmouseover=\"hit()", "</title><h1>x</h1>"]
    {
        let object = |tag: &str, value: &str| format!("{tag}{:02X}{value}", value.len() / 2);
        let inner = object("50", &hex::encode(label)) + &object("9F38", "9F02069F1A02");
        let template = object("6F", &(object("84", "A0000000031010") + &object("A5", &inner)));
        let exchanges = json!({ "exchanges": [
            { "c": "00A4040007A000000003101000", "r": format!("{template}9000") },
            { "c": format!("00A40400{:02X}{}00", label.len(), hex::encode(label)), "r": "6A82" },
            { "c": "80A800000A8308000000001000015600", "r": "770A8202180094040801010090 00".replace(' ', "") },
            { "c": "00B2010C00", "r": "6A83" },
        ]});
        let mut browser = opened(&explained(&exchanges.to_string(), Language::En));
        browser.ask(OPEN_EVERYTHING);
        let ours =
            "[document.scripts.length, document.images.length, document.querySelectorAll('h1').length, typeof hit]";
        assert_eq!(browser.ask(ours), json!([1, 0, 1, "undefined"]), "{label}");
        let handlers = "[...document.querySelectorAll('*')].some(one => [...one.attributes].some(each => each.name.startsWith('on')))";
        assert_eq!(browser.ask(handlers), false, "{label}");
        assert!(browser.text().contains(label), "{label} can be read\n{}", browser.text());
    }
}

#[test]
fn the_matrix_has_every_bit_and_says_which_row_decided() {
    let run = run("denied-by-action-code");
    let mut browser = opened(&page(&run, Language::En));
    let analysis = &run.outcome.analyses[0];
    let rows = "document.querySelectorAll('#a1-codes .every tbody tr').length";
    assert_eq!(browser.ask(rows), 40 * run.outcome.analyses.len());
    let hit = browser.ask("[...document.querySelectorAll('#a1-codes > .wide td.hit')].map(one => one.closest('tr').querySelector('code').innerText)");
    let bits: Vec<String> = analysis
        .rows
        .iter()
        .flat_map(|row| &row.hits)
        .flat_map(|hit| vec![hit.bit.to_string(); usize::from(hit.in_tac) + usize::from(hit.in_iac)])
        .collect();
    assert_eq!(hit, json!(bits));
    assert!(!bits.is_empty());
    let decided = browser.ask("[...document.querySelectorAll('#a1-codes .decided')].map(one => one.innerText)");
    assert_eq!(decided[0], "Denial");
    assert!(decided[1].as_str().unwrap().contains("AAC"), "{decided}");
}

#[test]
fn the_root_comes_first_and_leads_to_its_exchange() {
    let run = run("ca-key-damaged");
    let mut browser = opened(&page(&run, Language::En));
    let cited = browser.ask("[...document.querySelectorAll('a.to')].map(one => one.getAttribute('href'))[0]");
    let cited = cited.as_str().unwrap_or_else(|| panic!("no evidence leads anywhere: {}", browser.text())).to_owned();
    browser.click(&format!("a.to[href='{cited}']"));
    browser.ask("new Promise(done => setTimeout(done, 50))");
    assert_eq!(browser.ask(&format!("document.querySelector('{cited}').open")), true);
    let order =
        browser.ask("[...document.querySelectorAll('h1, h2')].map(one => one.tagName).join(' ').startsWith('H1 H2')");
    assert_eq!(order, true);
    let marked = browser.ask(&format!("document.querySelectorAll('{cited} .node.cited').length"));
    assert_ne!(marked, 0, "the data object that was found wrong stands out");
}

#[test]
fn paper_shows_what_matters_and_nothing_to_press() {
    let run = run("ca-key-damaged");
    let mut browser = opened(&page(&run, Language::En));
    let cited = "document.querySelectorAll('details.cited').length";
    assert_ne!(browser.ask(cited), 0);
    browser.ask("window.dispatchEvent(new Event('beforeprint'))");
    browser.show_as("print", "light");
    let shown = "[...document.querySelectorAll('details.cited .apdu')].every(one => one.offsetHeight > 0)";
    assert_eq!(browser.ask(shown), true);
    assert_eq!(
        browser.ask("[...document.querySelectorAll('fieldset, button, nav')].some(one => one.checkVisibility())"),
        false
    );
    browser.ask("window.dispatchEvent(new Event('afterprint'))");
    assert_eq!(browser.ask("document.querySelectorAll('details[open]').length"), 0);
}

/// The text that is hardest to read: the lowest contrast of any text with what is behind it.
const CONTRAST: &str = "(() => {
    const channels = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
    const light = colour => channels(colour).slice(0, 3).map(each => each / 255)
        .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
        .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = one => {
        for (; one; one = one.parentElement) {
            const colour = getComputedStyle(one).backgroundColor;
            if (channels(colour)[3] !== 0) return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    const written = one => [...one.childNodes].some(each => each.nodeType === 3 && each.data.trim());
    const all = [...document.body.querySelectorAll('*')].filter(one => written(one) && one.checkVisibility() && one.tagName !== 'SCRIPT');
    const found = all.map(one => {
        const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => b - a);
        return [(a + 0.05) / (b + 0.05), one.outerHTML.slice(0, 120)];
    });
    return found.sort((a, b) => a[0] - b[0])[0];
})()";

#[test]
fn it_can_be_read_by_day_and_by_night() {
    let mut browser = opened(&page(&run("denied-by-action-code"), Language::En));
    browser.ask(OPEN_EVERYTHING);
    let mut papers = Vec::new();
    for scheme in ["light", "dark"] {
        browser.show_as("screen", scheme);
        let worst = browser.ask(CONTRAST);
        assert!(worst[0].as_f64().unwrap() >= 4.5, "{scheme}: {worst}");
        papers.push(browser.ask("getComputedStyle(document.documentElement).backgroundColor"));
    }
    assert_ne!(papers[0], papers[1]);
}

#[test]
fn exchanges_outside_the_transaction_are_shown_apart_and_attempts_keep_to_themselves() {
    let recording =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/traces/purchase.json")).unwrap();
    let mut twice: Value = serde_json::from_str(&recording).unwrap();
    let list = twice["exchanges"].as_array_mut().unwrap();
    list.push(json!({ "c": "80CA9F1700", "r": "6A88" }));
    let once = list.clone();
    list.extend(once);
    let count = list.len();
    let mut browser = opened(&explained(&twice.to_string(), Language::En));
    assert_eq!(browser.ask("document.querySelectorAll('article').length"), 2);
    let ids = browser.ask("[...document.querySelectorAll('[id]')].map(one => one.id)");
    let ids: Vec<String> = serde_json::from_value(ids).unwrap();
    let unique: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "a name stands for one place");
    assert_eq!(browser.ask("document.querySelectorAll('details.exchange').length"), count);
}

#[test]
fn the_program_writes_the_page_in_the_language_that_was_asked_for() {
    let trace = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/traces/purchase.transcript");
    let emvident = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_emvident")).args(arguments).env("LC_ALL", "C").output().unwrap()
    };
    let trace = trace.to_str().unwrap();
    let output = emvident(&["explain", trace, "--html", "--lang", "zh-CN", "--said", "交易卡认证失败"]);
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && page.starts_with("<!DOCTYPE html><html lang=\"zh-CN\">"), "{page}");
    assert!(page.contains("收单机构的卡认证未通过") && page.ends_with("</html>"));
    let paid = emvident(&["pay", "--card", "cda", "--html"]);
    assert!(String::from_utf8(paid.stdout).unwrap().contains("GENERATE AC"));
    assert_eq!(emvident(&["explain", trace, "--html", "--json"]).status.code(), Some(3));
}
