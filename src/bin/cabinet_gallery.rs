//! The gallery's entry.

fn main() {
    console_error_panic_hook::set_once();
    cabinet::browser::gallery::start();
}
