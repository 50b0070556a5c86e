//! The document's two fonts (Onest, SIL Open Font License, `assets/fonts`): which glyph a character has and how wide it is.
//! The tables read are `cmap` (format 4), `head`, `hhea` and `hmtx`; the files are ours, so a missing part means a bad build.

use krilla::text::{Font as KrillaFont, GlyphId, KrillaGlyph};
use std::sync::LazyLock;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Onest-Regular.ttf");
const SEMI_BOLD: &[u8] = include_bytes!("../../../assets/fonts/Onest-SemiBold.ttf");

/// The document's two weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    SemiBold,
}

pub(super) struct Fonts {
    regular: Font,
    semi_bold: Font,
}

static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(Fonts::new);

impl Fonts {
    /// Read once. `None` when a font file isn't what the build should have brought.
    pub(super) fn get() -> Option<&'static Self> {
        FONTS.as_ref()
    }

    fn new() -> Option<Self> {
        Some(Self {
            regular: Font::new(REGULAR)?,
            semi_bold: Font::new(SEMI_BOLD)?,
        })
    }

    pub(super) const fn of(&self, weight: Weight) -> &Font {
        match weight {
            Weight::Regular => &self.regular,
            Weight::SemiBold => &self.semi_bold,
        }
    }
}

pub(super) struct Font {
    pub(super) krilla: KrillaFont,
    data: &'static [u8],
    units_per_em: f32,
    /// Offset of the `cmap` subtable of format 4.
    characters: usize,
    advances: usize,
    advance_count: u16,
}

impl Font {
    fn new(data: &'static [u8]) -> Option<Self> {
        let cmap = table(data, b"cmap")?;
        let count = u16_at(data, cmap + 2)?;
        let characters = (0..usize::from(count)).find_map(|index| {
            let offset = cmap + u32_at(data, cmap + 4 + index * 8 + 4)?;
            (u16_at(data, offset)? == 4).then_some(offset)
        })?;
        Some(Self {
            krilla: KrillaFont::new(data.into(), 0)?,
            data,
            units_per_em: f32::from(u16_at(data, table(data, b"head")? + 18)?),
            characters,
            advances: table(data, b"hmtx")?,
            advance_count: u16_at(data, table(data, b"hhea")? + 34)?,
        })
    }

    /// The glyph of a character; none for characters the font lacks.
    pub(super) fn glyph(&self, character: char) -> Option<u16> {
        let code = u16::try_from(u32::from(character)).ok()?;
        let at = |offset: usize| u16_at(self.data, offset);
        let doubled = usize::from(at(self.characters + 6)?);
        let ends = self.characters + 14;
        let (starts, deltas, ranges) = (ends + doubled + 2, ends + 2 * doubled + 2, ends + 3 * doubled + 2);
        for offset in (0..doubled).step_by(2) {
            if code > at(ends + offset)? {
                continue;
            }
            let start = at(starts + offset)?;
            if code < start {
                return None;
            }
            let delta = at(deltas + offset)?;
            let glyph = match at(ranges + offset)? {
                0 => code.wrapping_add(delta),
                range => {
                    let place = ranges + offset + usize::from(range) + 2 * usize::from(code - start);
                    match at(place)? {
                        0 => 0,
                        glyph => glyph.wrapping_add(delta),
                    }
                }
            };
            return (glyph != 0).then_some(glyph);
        }
        None
    }

    /// In em.
    fn advance(&self, glyph: u16) -> f32 {
        let index = glyph.min(self.advance_count.saturating_sub(1));
        let width = u16_at(self.data, self.advances + 4 * usize::from(index)).unwrap_or_default();
        f32::from(width) / self.units_per_em
    }

    /// In em; characters the font lacks count nothing.
    pub(super) fn width(&self, text: &str) -> f32 {
        text.chars()
            .filter_map(|c| self.glyph(c))
            .map(|glyph| self.advance(glyph))
            .sum()
    }

    pub(super) fn shape(&self, text: &str) -> Vec<KrillaGlyph> {
        text.char_indices()
            .filter_map(|(start, c)| {
                let glyph = self.glyph(c)?;
                let range = start..start + c.len_utf8();
                Some(KrillaGlyph::new(
                    GlyphId::new(u32::from(glyph)),
                    self.advance(glyph),
                    0.0,
                    0.0,
                    0.0,
                    range,
                    None,
                ))
            })
            .collect()
    }
}

fn table(data: &[u8], tag: &[u8; 4]) -> Option<usize> {
    let count = usize::from(u16_at(data, 4)?);
    (0..count)
        .map(|index| 12 + index * 16)
        .find(|record| data.get(*record..record + 4) == Some(tag))
        .and_then(|record| u32_at(data, record + 8))
}

fn u16_at(data: &[u8], offset: usize) -> Option<u16> {
    let bytes = data.get(offset..offset + 2)?;
    Some(u16::from_be_bytes([bytes[0], bytes[1]]))
}

fn u32_at(data: &[u8], offset: usize) -> Option<usize> {
    let bytes = data.get(offset..offset + 4)?;
    usize::try_from(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_weights_have_every_letter_of_the_three_languages() {
        let fonts = Fonts::new().unwrap();
        let letters = ('а'..='я')
            .chain('А'..='Я')
            .chain("ЁёӘәҒғҚқҢңӨөҰұҮүҺһІі«»—–№•„“()+-.,:;/@_\"'".chars())
            .chain(' '..='~');
        for c in letters {
            for weight in [Weight::Regular, Weight::SemiBold] {
                assert!(fonts.of(weight).glyph(c).is_some(), "{weight:?} {c:?}");
            }
        }
        assert_eq!(fonts.of(Weight::Regular).glyph('中'), None);
        assert_eq!(fonts.of(Weight::Regular).glyph('🙂'), None);
    }

    #[test]
    fn widths_add_up_and_differ_by_weight() {
        let fonts = Fonts::new().unwrap();
        let width = |weight, text| fonts.of(weight).width(text);
        assert!(width(Weight::SemiBold, "Өтініш") > width(Weight::Regular, "Өтініш"));
        let sum = width(Weight::Regular, "Ө") + width(Weight::Regular, "т");
        assert!((width(Weight::Regular, "Өт") - sum).abs() < 1e-6);
    }
}
