//! The page a report is written on: lines that end in time, columns that stand under each other, colour that may be
//! missing.

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSeparator};
use unicode_width::UnicodeWidthStr;

use crate::text::{File, Text};

/// The widest line, in columns.
pub(super) const WIDTH: usize = 100;
/// Where text begins that follows a label.
const LABELLED: usize = 14;
/// Fewer columns than this are no room for text.
const NARROW: usize = 24;
/// How far a section's text stands in.
const INDENT: usize = 2;

/// How something is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it is.
    Plain,
    /// What matters most.
    Strong,
    /// It went well.
    Good,
    /// It went wrong.
    Bad,
    /// It may go wrong.
    Warning,
    /// For those who look closely.
    Faint,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Warning => AnsiColor::Yellow.on_default().bold(),
            Self::Faint => Style::new().dimmed(),
        }
    }
}

/// One cell of a line: how wide it is at least, how it is meant, what it says.
pub(crate) type Cell<'c> = (usize, Tone, &'c str);

/// A page.
pub(crate) struct Page<'t> {
    /// The texts.
    pub text: &'t Text,
    colour: bool,
    out: String,
}

impl<'t> Page<'t> {
    pub fn new(text: &'t Text, colour: bool) -> Self {
        Self { text, colour, out: String::with_capacity(4096) }
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.out
    }

    /// A text of the report.
    pub fn say(&self, id: &str) -> String {
        self.text.say(File::Report, id)
    }

    /// A text of the report with its variables.
    pub fn say_with(&self, id: &str, variables: &[(&'static str, &str)]) -> String {
        self.text.say_with(File::Report, id, variables)
    }

    /// A text about a recording.
    pub fn explain(&self, id: &str) -> String {
        self.text.say(File::Explain, id)
    }

    /// A text about a recording with its variables.
    pub fn explain_with(&self, id: &str, variables: &[(&'static str, &str)]) -> String {
        self.text.say_with(File::Explain, id, variables)
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.out.push('\n');
    }

    /// The heading of a section.
    pub fn heading(&mut self, id: &str) {
        let heading = self.say(id);
        self.heading_text(&heading);
    }

    /// The heading of a section, as it is.
    pub fn heading_text(&mut self, heading: &str) {
        self.blank();
        let style = Style::new().bold().underline();
        let heading = if self.colour { format!("{style}{heading}{style:#}") } else { heading.to_owned() };
        self.out.push_str(&heading);
        self.blank();
    }

    /// One line of cells, the first `indent` columns in. What does not fit any more goes on below the cell it is in, or
    /// below the cell before when too little room is left.
    pub fn row(&mut self, indent: usize, cells: &[Cell<'_>]) {
        let mut line = " ".repeat(indent);
        let (mut column, mut hanging) = (indent, indent);
        for (at, (width, tone, words)) in cells.iter().enumerate() {
            let is_last = at.saturating_add(1) == cells.len();
            if column.saturating_add(words.width()) > WIDTH && is_last {
                let start = if WIDTH.saturating_sub(column) < NARROW { hanging } else { column };
                return self.overflow(line, column, start, *tone, words);
            }
            // What fills its column still keeps off the next one; a cell without a column is followed at once.
            let gap = usize::from(*width > 0 && !words.ends_with(' '));
            let padded = if is_last { 0 } else { (*width).max(words.width().saturating_add(gap)) };
            line.push_str(&self.styled(*tone, words));
            line.push_str(&" ".repeat(padded.saturating_sub(words.width())));
            hanging = column;
            column = column.saturating_add(padded);
        }
        self.out.push_str(line.trim_end());
        self.blank();
    }

    /// The last cell of a line in which it has no room: on the lines below, from `start` on, and in this line when that
    /// is where it stands.
    fn overflow(&mut self, mut line: String, column: usize, start: usize, tone: Tone, words: &str) {
        let gap = words.len().saturating_sub(words.trim_start().len());
        let (here, start) = if column == start { (true, start.saturating_add(gap)) } else { (false, start) };
        line.push_str(&" ".repeat(gap));
        for (at, part) in wrap(words.trim(), WIDTH.saturating_sub(start)).iter().enumerate() {
            if at > 0 || !here {
                self.out.push_str(line.trim_end());
                self.blank();
                line = " ".repeat(start);
            }
            line.push_str(&self.styled(tone, part));
        }
        self.out.push_str(line.trim_end());
        self.blank();
    }

    /// Text that may need several lines.
    pub fn paragraph(&mut self, tone: Tone, words: &str) {
        for line in wrap(words, WIDTH.saturating_sub(INDENT)) {
            self.row(INDENT, &[(0, tone, &line)]);
        }
    }

    /// Text behind the label `id`, which stands on the first line only. No label for an empty id.
    pub fn labelled(&mut self, id: &str, tone: Tone, words: &str) {
        let label = if id.is_empty() { String::new() } else { self.say(id) };
        let column = LABELLED.saturating_sub(INDENT);
        for (at, line) in wrap(words, WIDTH.saturating_sub(LABELLED)).into_iter().enumerate() {
            let label = if at == 0 { label.as_str() } else { "" };
            self.row(INDENT, &[(column, Tone::Faint, label), (0, tone, &line)]);
        }
    }

    /// Several texts behind one label, each on lines of its own.
    pub fn labelled_all(&mut self, id: &str, tone: Tone, all: &[String]) {
        for (at, words) in all.iter().enumerate() {
            self.labelled(if at == 0 { id } else { "" }, tone, words);
        }
    }

    fn styled(&self, tone: Tone, words: &str) -> String {
        if !self.colour || tone == Tone::Plain || words.is_empty() {
            return words.to_owned();
        }
        let style = tone.style();
        format!("{style}{words}{style:#}")
    }
}

/// `words` in at most `width` columns, the rest left out.
pub(super) fn fit(words: &str, width: usize) -> String {
    if words.width() <= width {
        return words.to_owned();
    }
    let mut cut = words.to_owned();
    while cut.width() >= width && cut.pop().is_some() {}
    format!("{}…", cut.trim_end())
}

fn wrap(words: &str, width: usize) -> Vec<String> {
    let options = Options::new(width).word_separator(WordSeparator::UnicodeBreakProperties);
    textwrap::wrap(words, options).into_iter().map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    fn written(language: Language, colour: bool, write: impl FnOnce(&mut Page<'_>)) -> String {
        let text = Text::new(language);
        let mut page = Page::new(&text, colour);
        write(&mut page);
        page.finish()
    }

    #[test]
    fn no_line_is_wider_than_the_page_in_either_language() {
        let english = "a word and another one ".repeat(40);
        let chinese = "终端缺少该卡组织的公钥，因此无法验证卡片。".repeat(12);
        for words in [english.trim(), chinese.as_str()] {
            let page = written(Language::En, false, |page| page.labelled("label-do", Tone::Plain, words));
            assert!(page.lines().count() > 2, "{page}");
            assert!(page.lines().all(|line| line.width() <= WIDTH), "{page}");
        }
    }

    #[test]
    fn what_does_not_fit_goes_on_below() {
        let title = "t".repeat(80);
        let page = written(Language::En, false, |page| {
            page.row(2, &[(0, Tone::Plain, &title), (0, Tone::Plain, "  the-id-of-this-finding")]);
            page.row(4, &[(40, Tone::Plain, "command"), (0, Tone::Plain, &"word ".repeat(20))]);
        });
        let lines: Vec<&str> = page.lines().collect();
        assert_eq!(lines[1], "  the-id-of-this-finding");
        assert!(lines[2].starts_with("    command") && lines[2].width() <= WIDTH);
        assert_eq!(lines[3].find('w'), Some(44));
    }

    #[test]
    fn columns_stand_under_each_other_in_either_script() {
        let page = written(Language::En, false, |page| {
            page.row(2, &[(10, Tone::Plain, "密码错误"), (0, Tone::Plain, "x")]);
            page.row(2, &[(10, Tone::Plain, "wrong"), (0, Tone::Plain, "x")]);
        });
        let before: Vec<usize> = page.lines().map(|line| line.trim_end_matches('x').width()).collect();
        assert_eq!(before, [12, 12]);
    }

    #[test]
    fn colour_is_only_there_when_asked_for_and_changes_no_word() {
        let write = |page: &mut Page<'_>| {
            page.heading("heading-why");
            page.row(0, &[(4, Tone::Bad, "no"), (0, Tone::Plain, "yes")]);
        };
        let (plain, coloured) = (written(Language::En, false, write), written(Language::En, true, write));
        assert!(!plain.contains('\u{1B}') && coloured.contains('\u{1B}'));
        let without = |part: &str| part.split_once('m').map(|(_, words)| words.to_owned()).unwrap_or_default();
        let mut parts = coloured.split('\u{1B}');
        let first = parts.next().unwrap().to_owned();
        assert_eq!(first + &parts.map(without).collect::<String>(), plain);
    }
}
