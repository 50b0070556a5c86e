//! Windows that are not ours, drawn so that a person knows them again: the browser's question, NCALayer's choice of a key
//! file, NCALayer's password. Plain lines with the words that stand there; the steps beside them say it all, so a screen
//! reader passes over the drawings.

use super::plain::division;
use crate::browser::markup::{Markup, tag};
use crate::browser::texts::{key, t};

/// The browser asks whether the page may reach programs on this computer.
#[must_use]
pub fn question() -> Markup {
    let buttons = vec![pressed(t(key::WINDOW_ALLOW)), press(t(key::WINDOW_BLOCK))];
    window("", vec![line(t(key::WINDOW_APPS))], buttons)
}

/// NCALayer asks for the file of the key.
#[must_use]
pub fn key_file() -> Markup {
    let files = vec![line("AUTH_RSA256_….p12"), chosen("GOST512_….p12")];
    window(NCALAYER, files, vec![pressed(t(key::WINDOW_OPEN))])
}

/// NCALayer asks for the key's password.
#[must_use]
pub fn password() -> Markup {
    let asked = vec![line(t(key::SIGNIN_PASSWORD)), field("••••••••")];
    window(NCALAYER, asked, vec![pressed(t(key::WINDOW_SIGN))])
}

const NCALAYER: &str = "NCALayer";

fn window(title: &str, lines: Vec<Markup>, buttons: Vec<Markup>) -> Markup {
    let bar = (!title.is_empty()).then(|| tag("p").class("window__bar").text(title));
    tag("div")
        .class("window")
        .set("aria-hidden", "true")
        .maybe(bar)
        .child(division("window__lines", lines))
        .child(division("window__buttons", buttons))
}

fn line(words: &str) -> Markup {
    tag("p").text(words)
}

fn chosen(words: &str) -> Markup {
    tag("p").class("window__chosen").text(words)
}

fn field(words: &str) -> Markup {
    tag("p").class("window__field").text(words)
}

fn press(words: &str) -> Markup {
    tag("span").class("window__button").text(words)
}

/// The button that is meant.
fn pressed(words: &str) -> Markup {
    press(words).with_class("window__button--meant", true)
}
