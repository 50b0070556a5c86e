//! The browser's entry: loads the texts of the shell's language, then puts the app in the shell's place.

fn main() {
    console_error_panic_hook::set_once();
    leptos::task::spawn_local(cabinet::browser::app::start());
}
