//! Lines and pages: paragraphs are broken at spaces (a word longer than its line anywhere), rows stand in two columns, and a
//! heading never stays alone at a page's end.

use super::font::{Fonts, Weight};
use crate::domain::lang::Lang;
use unicode_normalization::UnicodeNormalization;

/// What is said, in one or two languages, Kazakh first.
pub(super) type Words = Vec<(Lang, String)>;

/// A piece of the document; consecutive rows are one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Title(Words),
    Heading(Words),
    Subheading(Words),
    Label(Words),
    Paragraph(Words),
    Row {
        label: Words,
        value: Words,
    },
    /// A QR code, and what stands for it where it can't be seen.
    Code {
        code: Code,
        alt: Words,
    },
}

/// The modules of a QR code, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) width: usize,
    pub(super) dark: Vec<bool>,
}

/// Points; an A4 page.
pub(super) const PAGE: (f32, f32) = (595.0, 842.0);
pub(super) const MARGIN: f32 = 56.0;
const BOTTOM: f32 = PAGE.1 - 64.0;
const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
const LABEL_WIDTH: f32 = 150.0;
const GAP: f32 = 14.0;
const LEADING: f32 = 1.4;
/// A QR code as it is printed, without its quiet zone: 4 cm.
pub(super) const CODE_SIDE: f32 = 113.4;

/// A column of a piece: a row has two, everything else one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    First,
    Second,
}

/// A line where it stands. `y` is the baseline, from the top of the page.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) page: usize,
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) size: f32,
    pub(super) weight: Weight,
    pub(super) lang: Lang,
    pub(super) text: String,
    /// Index of the piece.
    pub(super) piece: usize,
    pub(super) column: Column,
}

struct Style {
    size: f32,
    weight: Weight,
    before: f32,
    /// Room that must be left beneath, so that what is headed starts on the same page.
    keep: f32,
}

impl Piece {
    const fn style(&self) -> Style {
        let (size, weight, before, keep) = match self {
            Self::Title(_) => (17.0, Weight::SemiBold, 14.0, 80.0),
            Self::Heading(_) => (12.0, Weight::SemiBold, 16.0, 60.0),
            Self::Subheading(_) => (10.5, Weight::SemiBold, 10.0, 60.0),
            Self::Label(_) => (10.0, Weight::SemiBold, 6.0, 40.0),
            Self::Paragraph(_) => (10.0, Weight::Regular, 5.0, 0.0),
            Self::Row { .. } => (10.0, Weight::Regular, 4.0, 0.0),
            Self::Code { .. } => (CODE_SIDE / LEADING, Weight::Regular, 10.0, 0.0),
        };
        Style {
            size,
            weight,
            before,
            keep,
        }
    }
}

/// Sets the pieces on pages.
pub(super) fn set(pieces: &[Piece], fonts: &Fonts) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut page, mut y) = (0, MARGIN);
    for (index, piece) in pieces.iter().enumerate() {
        let style = piece.style();
        let columns: Vec<(Column, f32, Vec<Broken>)> = match piece {
            Piece::Row { label, value } => vec![
                (Column::First, MARGIN, broken(label, &style, LABEL_WIDTH, fonts)),
                (
                    Column::Second,
                    MARGIN + LABEL_WIDTH + GAP,
                    broken(value, &style, WIDTH - LABEL_WIDTH - GAP, fonts),
                ),
            ],
            Piece::Title(words)
            | Piece::Heading(words)
            | Piece::Subheading(words)
            | Piece::Label(words)
            | Piece::Paragraph(words) => {
                vec![(Column::First, MARGIN, broken(words, &style, WIDTH, fonts))]
            }
            // One line as high as the code.
            Piece::Code { alt, .. } => {
                let line = Broken {
                    size: style.size,
                    weight: style.weight,
                    lang: alt.first().map_or(Lang::Kk, |(lang, _)| *lang),
                    text: String::new(),
                };
                vec![(Column::First, MARGIN, vec![line])]
            }
        };
        let height = columns
            .iter()
            .map(|(_, _, column)| column.iter().map(|line| line.size * LEADING).sum())
            .fold(0.0, f32::max);
        y += style.before;
        let room = BOTTOM - y;
        // A piece longer than a page flows over; anything else moves to the next page whole.
        if height + style.keep > room && height + style.keep < BOTTOM - MARGIN {
            (page, y) = (page + 1, MARGIN);
        }
        let (mut end_page, mut end_y) = (page, y);
        for (column, x, broken) in columns {
            let (mut line_page, mut line_y) = (page, y);
            for line in broken {
                if line_y + line.size * LEADING > BOTTOM {
                    (line_page, line_y) = (line_page + 1, MARGIN);
                }
                line_y += line.size * LEADING;
                lines.push(Line {
                    page: line_page,
                    x,
                    y: line_y,
                    size: line.size,
                    weight: line.weight,
                    lang: line.lang,
                    text: line.text,
                    piece: index,
                    column,
                });
            }
            if (line_page, line_y) > (end_page, end_y) {
                (end_page, end_y) = (line_page, line_y);
            }
        }
        (page, y) = (end_page, end_y);
    }
    lines
}

struct Broken {
    size: f32,
    weight: Weight,
    lang: Lang,
    text: String,
}

fn broken(words: &Words, style: &Style, width: f32, fonts: &Fonts) -> Vec<Broken> {
    let mut lines = Vec::new();
    for (index, (lang, text)) in words.iter().enumerate() {
        // The language beside Kazakh stands a little smaller, never bold.
        let (size, weight) = if index == 0 {
            (style.size, style.weight)
        } else {
            (style.size.min(10.5) - 0.5, Weight::Regular)
        };
        let font = fonts.of(weight);
        let fits = |line: &str| font.width(line) * size <= width;
        let clean = drawable(text, |c| font.glyph(c).is_some());
        let mut line = String::new();
        let mut push = |text: String| {
            lines.push(Broken {
                size,
                weight,
                lang: *lang,
                text,
            });
        };
        for word in clean.split_whitespace() {
            if !line.is_empty() {
                if fits(&format!("{line} {word}")) {
                    line.push(' ');
                    line.push_str(word);
                    continue;
                }
                // The space stays at the line's end: words are told apart when the text is read out or copied.
                line.push(' ');
                push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                line.push(c);
                if !fits(&line) && line.chars().count() > 1 {
                    line.pop();
                    push(std::mem::take(&mut line));
                    line.push(c);
                }
            }
        }
        if !line.is_empty() {
            push(line);
        }
    }
    lines
}

/// The text as the font can draw it: characters it lacks are named by number rather than left out.
fn drawable(text: &str, has: impl Fn(char) -> bool) -> String {
    let mut drawn = String::with_capacity(text.len());
    for c in text.nfc() {
        if c.is_whitespace() {
            drawn.push(' ');
        } else if has(c) {
            drawn.push(c);
        } else {
            drawn.push_str(&format!("[U+{:04X}]", u32::from(c)));
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str) -> Piece {
        Piece::Paragraph(vec![(Lang::Kk, text.to_owned())])
    }

    #[test]
    fn no_line_is_wider_than_its_column_and_no_word_is_lost() {
        let fonts = Fonts::get().unwrap();
        let text = "Қазақстан ".repeat(300) + &"ы".repeat(900) + " соңы";
        let lines = set(&[paragraph(&text)], fonts);
        for line in &lines {
            let width = fonts.of(line.weight).width(line.text.trim_end()) * line.size;
            assert!(width <= WIDTH, "{}", line.text);
            assert!(line.y <= BOTTOM);
        }
        let joined: String = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(joined, text);
    }

    #[test]
    fn a_heading_goes_with_what_it_heads() {
        let fonts = Fonts::get().unwrap();
        for count in 30..60 {
            let mut pieces = vec![paragraph("мәтін"); count];
            pieces.push(Piece::Heading(vec![(Lang::Kk, "Тақырып".to_owned())]));
            pieces.push(paragraph("мәтін"));
            let lines = set(&pieces, fonts);
            let page_of = |piece| {
                lines
                    .iter()
                    .find(|line| line.piece == piece)
                    .map(|line| line.page)
            };
            assert_eq!(page_of(count), page_of(count + 1), "after {count} paragraphs");
        }
    }

    #[test]
    fn what_the_font_lacks_is_named() {
        assert_eq!(drawable("é中\n", |c| c == 'é'), "é[U+4E2D] ");
    }
}
