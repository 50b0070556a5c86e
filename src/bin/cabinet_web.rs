//! The browser's entry for people signed in: loads the texts of the shell's language, then puts the cabinet in the shell's
//! place.

fn main() {
    console_error_panic_hook::set_once();
    // Leptos brings its own executor only when it mounts.
    wasm_bindgen_futures::spawn_local(cabinet::browser::app::start(cabinet::browser::programs::INSIDE));
}
