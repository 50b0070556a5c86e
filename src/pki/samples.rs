//! The national authority's published test files, which are not part of the repository. `CABINET_VECTORS` says where they
//! are (`../shared/vectors` otherwise); without them the tests that need them say so and pass.

use std::{env, fs, path::PathBuf};

pub(crate) fn folder() -> Option<PathBuf> {
    let base =
        env::var_os("CABINET_VECTORS").map_or_else(|| PathBuf::from("../shared/vectors"), PathBuf::from);
    if base.is_dir() {
        return Some(base);
    }
    eprintln!("no samples at {}: this test checked nothing", base.display());
    None
}

/// A file of the national samples.
pub(crate) fn bytes(name: &str) -> Option<Vec<u8>> {
    let path = folder()?.join("nuc-rk").join(name);
    Some(fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

pub(crate) fn text(name: &str) -> Option<String> {
    bytes(name).map(|bytes| String::from_utf8(bytes).unwrap())
}
