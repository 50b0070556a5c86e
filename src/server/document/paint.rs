//! From lines to PDF: text with tags (headings, paragraphs, tables of two columns), page numbers as artifacts, an outline.

use super::font::{Font, Fonts, Weight};
use super::layout::{self, CODE_SIDE, Code, Column, Line, MARGIN, PAGE, Piece, Words};
use super::{RenderError, Sheet, beside};
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use crate::texts::fill;
use crate::texts::outgoing::{key, text};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};
use krilla::{Document, SerializeSettings};
use std::collections::BTreeMap;
use std::num::NonZeroU16;

const FOOT: f32 = PAGE.1 - 36.0;
const FOOT_SIZE: f32 = 8.5;

/// Identifiers of the lines of each column of each piece, in reading order.
type Marks = BTreeMap<(usize, Column), Vec<Identifier>>;

pub(super) fn paint(sheet: &Sheet<'_>, pieces: &[Piece]) -> Result<Vec<u8>, RenderError> {
    let fonts = Fonts::get().ok_or(RenderError::Fonts)?;
    let lines = layout::set(pieces, fonts);
    let pages = lines.iter().map(|line| line.page).max().unwrap_or_default() + 1;
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| RenderError::Standard(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let settings =
        PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| RenderError::Standard("page size".to_owned()))?;
    let mut marks = Marks::new();
    for number in 0..pages {
        let mut page = document.start_page_with(settings.clone());
        let mut surface = page.surface();
        surface.set_fill(Some(Fill {
            paint: rgb::Color::black().into(),
            opacity: NormalizedF32::ONE,
            rule: krilla::paint::FillRule::default(),
        }));
        for line in lines.iter().filter(|line| line.page == number) {
            let mark = if let Some(Piece::Code { code, .. }) = pieces.get(line.piece) {
                let mark = surface.start_tagged(ContentTag::Other);
                draw_code(&mut surface, code, (line.x, line.y - CODE_SIDE));
                mark
            } else {
                let span = SpanTag::empty().with_lang(Some(line.lang.tag()));
                let mark = surface.start_tagged(ContentTag::Span(span));
                draw(
                    &mut surface,
                    fonts.of(line.weight),
                    line.size,
                    (line.x, line.y),
                    &line.text,
                );
                mark
            };
            surface.end_tagged();
            marks.entry((line.piece, line.column)).or_default().push(mark);
        }
        let foot = foot(sheet, number + 1, pages);
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
        draw(
            &mut surface,
            fonts.of(Weight::Regular),
            FOOT_SIZE,
            (MARGIN, FOOT),
            &foot,
        );
        surface.end_tagged();
        surface.finish();
        page.finish();
    }
    document.set_outline(outline(pieces, &lines));
    document.set_tag_tree(tags(pieces, marks).with_lang(Some(Lang::Kk.tag().to_owned())));
    document.set_metadata(metadata(sheet));
    document
        .finish()
        .map_err(|error| RenderError::Standard(format!("{error:?}").chars().take(400).collect()))
}

fn draw(surface: &mut Surface<'_>, font: &Font, size: f32, (x, y): (f32, f32), text: &str) {
    surface.draw_glyphs(
        Point::from_xy(x, y),
        &font.shape(text),
        font.krilla.clone(),
        text,
        size,
        false,
    );
}

/// The dark modules, those in a row drawn as one rectangle.
fn draw_code(surface: &mut Surface<'_>, code: &Code, (left, top): (f32, f32)) {
    // A side has 177 modules at most.
    let module = CODE_SIDE / code.width as f32;
    let mut y = 0.0;
    let mut path = PathBuilder::new();
    for row in code.dark.chunks(code.width) {
        let mut x = 0.0;
        for run in row.chunk_by(|a, b| a == b) {
            let length = run.len() as f32;
            if run[0]
                && let Some(dark) =
                    Rect::from_xywh(left + x * module, top + y * module, length * module, module)
            {
                path.push_rect(dark);
            }
            x += length;
        }
        y += 1.0;
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn foot(sheet: &Sheet<'_>, page: usize, pages: usize) -> String {
    let (page, pages) = (page.to_string(), pages.to_string());
    let values = [("number", sheet.number), ("page", &page), ("pages", &pages)];
    let said = beside(sheet.lang, |lang| fill(text(lang, key::PDF_PAGE), &values));
    joined(&said, " · ")
}

fn joined(words: &Words, between: &str) -> String {
    let texts: Vec<&str> = words.iter().map(|(_, text)| text.as_str()).collect();
    texts.join(between)
}

fn outline(pieces: &[Piece], lines: &[Line]) -> Outline {
    let mut outline = Outline::new();
    for (index, piece) in pieces.iter().enumerate() {
        let (Piece::Title(words) | Piece::Heading(words)) = piece else {
            continue;
        };
        if let Some(line) = lines.iter().find(|line| line.piece == index) {
            let place = XyzDestination::new(line.page, Point::from_xy(line.x, line.y - line.size));
            outline.push_child(OutlineNode::new(joined(words, " / "), place));
        }
    }
    outline
}

fn tags(pieces: &[Piece], mut marks: Marks) -> TagTree {
    let mut tree = TagTree::new();
    let mut table: Option<TagGroup> = None;
    for (index, piece) in pieces.iter().enumerate() {
        let mut column = |column| marks.remove(&(index, column)).unwrap_or_default();
        if let Piece::Row { .. } = piece {
            let mut row = TagGroup::new(Tag::TR);
            let mut label = TagGroup::new(Tag::TH(TableHeaderScope::Row));
            column(Column::First)
                .into_iter()
                .for_each(|mark| label.push(mark));
            let mut value = TagGroup::new(Tag::TD);
            column(Column::Second)
                .into_iter()
                .for_each(|mark| value.push(mark));
            row.push(label);
            row.push(value);
            table.get_or_insert_with(|| TagGroup::new(Tag::Table)).push(row);
            continue;
        }
        if let Some(table) = table.take() {
            tree.push(table);
        }
        let heading = |level: u16, words: &Words| {
            let level = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
            TagGroup::new(Tag::Hn(level, Some(joined(words, " / "))))
        };
        let mut group = match piece {
            Piece::Title(words) => heading(1, words),
            Piece::Heading(words) => heading(2, words),
            Piece::Subheading(words) => heading(3, words),
            Piece::Label(words) => heading(4, words),
            Piece::Code { alt, .. } => TagGroup::new(Tag::Figure(Some(joined(alt, " / ")))),
            Piece::Paragraph(_) | Piece::Row { .. } => TagGroup::new(Tag::P),
        };
        column(Column::First)
            .into_iter()
            .for_each(|mark| group.push(mark));
        tree.push(group);
    }
    if let Some(table) = table {
        tree.push(table);
    }
    tree
}

fn metadata(sheet: &Sheet<'_>) -> Metadata {
    let title = beside(sheet.lang, |lang| {
        format!("{} {}", text(lang, sheet.title), sheet.number)
    });
    Metadata::new()
        .title(joined(&title, " / "))
        .language(sheet.lang.tag().to_owned())
        .creation_date(date_time(sheet.made_at))
        .document_id(sheet.id.to_owned())
}

fn date_time(at: Timestamp) -> DateTime {
    let day = at.date_kz();
    let clock = at.clock_kz();
    let part = |from: usize| {
        clock
            .get(from..from + 2)
            .and_then(|digits| digits.parse().ok())
            .unwrap_or_default()
    };
    // `Date` holds years from 1 on.
    DateTime::new(day.year().unsigned_abs())
        .month(day.month())
        .day(day.day())
        .hour(part(0))
        .minute(part(3))
        .second(u8::try_from(at.0.rem_euclid(60_000) / 1000).unwrap_or_default())
        .utc_offset_hour(5)
        .utc_offset_minute(0)
}
