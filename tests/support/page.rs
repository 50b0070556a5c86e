//! A page for tests that need none but can't start a server without.

use std::path::Path;

/// The page as the build leaves it, as far as the server looks at it.
pub fn lay_page(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    for lang in ["kk", "ru", "en"] {
        let html = format!(
            "<!doctype html><html lang=\"{lang}\"><meta name=\"cabinet-ncalayer\" content=\"wss://127.0.0.1:13579/\">"
        );
        for program in ["door", "room", "index"] {
            std::fs::write(folder.join(format!("{program}.{lang}.html")), &html).unwrap();
        }
    }
    std::fs::write(folder.join("build.txt"), "20261123T070000-0123abcd").unwrap();
}
