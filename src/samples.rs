//! Other people's files that tests are held to, which are not part of the repository: the national authority's test
//! material with recorded frames (`nuc-rk`), and the paths of C2SP/x509-limbo (`limbo`). `CABINET_VECTORS` says where they
//! are (`../shared/vectors` otherwise). Without them a test says so and passes; with them it leaves a mark in the folder
//! `CABINET_TEST_SAMPLES`, by which `make test` counts them.

use std::{env, fs, path::PathBuf, process, thread};

/// The national samples' folder.
pub(crate) fn nuc_rk() -> Option<PathBuf> {
    folder("nuc-rk")
}

/// A file of public registers beside the samples: `CABINET_VECTORS/../data`.
#[cfg(feature = "ssr")]
pub(crate) fn data(name: &str) -> Option<Vec<u8>> {
    let vectors =
        env::var_os("CABINET_VECTORS").map_or_else(|| PathBuf::from("../shared/vectors"), PathBuf::from);
    let file = vectors.join("../data").join(name);
    let content = fs::read(&file).ok();
    if content.is_none() {
        eprintln!("no {}: this test checked nothing", file.display());
    }
    content
}

/// The limbo cases' folder.
#[cfg(feature = "pki")]
pub(crate) fn limbo() -> Option<PathBuf> {
    folder("limbo")
}

/// A file of the national samples.
#[cfg(feature = "pki")]
pub(crate) fn bytes(name: &str) -> Option<Vec<u8>> {
    let path = nuc_rk()?.join(name);
    Some(fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

pub(crate) fn text(name: &str) -> Option<String> {
    let path = nuc_rk()?.join(name);
    Some(fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn folder(name: &str) -> Option<PathBuf> {
    let vectors =
        env::var_os("CABINET_VECTORS").map_or_else(|| PathBuf::from("../shared/vectors"), PathBuf::from);
    let folder = vectors.join(name);
    if !folder.is_dir() {
        eprintln!("no samples at {}: this test checked nothing", folder.display());
        return None;
    }
    if let Some(marks) = env::var_os("CABINET_TEST_SAMPLES") {
        // Each test has a thread of its own, or a process.
        let mark = format!("{}.{:?}", process::id(), thread::current().id());
        let path = PathBuf::from(marks).join(name).join(mark);
        fs::write(&path, "").unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    Some(folder)
}
