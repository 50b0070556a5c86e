//! The browser's entry for people signed in: what the Fund holds, the services, what was signed.

fn main() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(cabinet::browser::app::start(cabinet::browser::programs::ROOM));
}
