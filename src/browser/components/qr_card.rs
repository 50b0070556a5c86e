//! The QR code to scan: dark on white in every theme, with its quiet zone, as one path.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::{drawing, maybe, tag};
use crate::browser::signals::Signal;
use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// ISO/IEC 18004: four light modules on every side.
const QUIET_ZONE: usize = 4;

/// The modules of a QR code, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrMatrix {
    width: usize,
    dark: Vec<bool>,
}

impl QrMatrix {
    /// The code of this text with medium error correction, which a scratched screen needs. `None` when it is too long
    /// for any QR code.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let dark = code
            .into_colors()
            .into_iter()
            .map(|color| color == Color::Dark)
            .collect();
        Some(Self { width, dark })
    }

    /// The side of the picture in modules, quiet zone included.
    #[must_use]
    pub fn side(&self) -> usize {
        self.width + 2 * QUIET_ZONE
    }

    /// An SVG path of the dark modules, those in a row drawn as one rectangle.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::with_capacity(self.dark.len() * 4);
        for (y, row) in self.dark.chunks(self.width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] {
                    let length = run.len();
                    let _ = write!(
                        path,
                        "M{} {}h{length}v1h-{length}z",
                        x + QUIET_ZONE,
                        y + QUIET_ZONE
                    );
                }
                x += run.len();
            }
        }
        path
    }
}

/// `<QrCard code=matrix label=t(key::QR_LABEL)>…validity and countdown…</QrCard>`; a pale square while there is no code.
#[component]
pub fn QrCard(
    #[prop(into)] code: Signal<Option<QrMatrix>>,
    /// What a screen reader says of the picture.
    label: &'static str,
    /// The code is no longer valid: it is hidden behind `children`, which offer a new one.
    #[prop(optional, into)]
    stale: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let picture = maybe(move || {
        code.get().map(|code| {
            let side = code.side().to_string();
            let view_box = ["0 0 ", &side, " ", &side].concat();
            let attributes = [
                ("class", "qr__picture"),
                ("viewBox", view_box.as_str()),
                ("role", "img"),
                ("aria-label", label),
            ];
            let light = [("class", "qr__light"), ("width", &side), ("height", &side)];
            let path = code.path();
            let dark = [
                ("class", "qr__dark"),
                ("shape-rendering", "crispEdges"),
                ("d", path.as_str()),
            ];
            drawing("svg", &attributes)
                .child(drawing("rect", &light))
                .child(drawing("path", &dark))
        })
    });
    tag("div")
        .class("qr")
        .live_class("qr--stale", move || stale.get())
        .child(tag("div").class("qr__frame").child(picture))
        .child(tag("div").class("qr__below").inset(children()))
        .view()
}
