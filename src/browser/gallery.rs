//! The gallery: every component in every state beside its code, for designers and for the checks. Its own program, never
//! in the page. Knobs stand in the query (`?lang=ru&theme=dark&contrast=more&text=200&width=360&motion=off&long=1`), the
//! state in the fragment (`#button/busy`); `bare=1` shows that state alone.

mod canned;
mod knobs;
mod pages;
mod shelf;
mod story;

pub use knobs::say;
pub use pages::PAGES;
pub use shelf::{CHAPTERS, start};
pub use story::{Chapter, Story};
