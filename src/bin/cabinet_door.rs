//! The browser's entry for everybody: the start page, the ways to sign in, help.

fn main() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(cabinet::browser::app::start(cabinet::browser::programs::DOOR));
}
