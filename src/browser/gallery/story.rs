//! What a component's `stories.rs` declares.

use leptos::prelude::AnyView;

/// A component with its states.
pub struct Chapter {
    /// In addresses: `text-field`.
    pub id: &'static str,
    pub title: &'static str,
    /// What must hold, so that anyone can use it.
    pub criteria: &'static [&'static str],
    /// The file the states stand in.
    pub source: &'static str,
    pub stories: &'static [Story],
}

/// One state.
pub struct Story {
    /// In addresses and as the name of the function that draws it: `with_error`.
    pub id: &'static str,
    pub render: fn() -> AnyView,
}

impl Chapter {
    /// The code of one of its stories, as it stands in the file.
    #[must_use]
    pub fn code(&self, story: &str) -> &'static str {
        let head = format!("\nfn {story}() ");
        let Some(start) = self.source.find(&head) else {
            return "";
        };
        let body = &self.source[start + 1..];
        body.find("\n}\n").map_or(body, |end| &body[..end + 2])
    }
}
