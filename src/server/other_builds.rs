//! Files of other builds of the page, served beside this one's: while servers are exchanged one after another, a page of one
//! build asks a server of another for its programs and words. `cabinet assets export` fills the folder (`assets_dir`) before
//! a build answers anybody; running servers take over what comes into it. Only names that carry a hash count: such a name
//! means one content for ever. No shell is among them, so that nobody is shown a page of another build.

use super::Core;
use super::static_files::{self, StaticFiles, carries_hash, plain_name};
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::Response;
use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

const LOOK_EVERY: Duration = Duration::from_secs(10);

/// What the folder held when it was last looked through.
#[derive(Default)]
pub struct OtherBuilds(RwLock<Arc<StaticFiles>>);

impl OtherBuilds {
    fn held(&self) -> Arc<StaticFiles> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The answer for a path, if another build has such a file.
    #[must_use]
    pub fn respond(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        self.held().respond(path, headers)
    }

    /// Takes over what came into the folder, and forgets what was taken out of it.
    ///
    /// # Errors
    /// What the file system says; all that is held stays then.
    pub fn look(&self, folder: &Path) -> io::Result<()> {
        let held = self.held();
        let known: BTreeSet<&str> = held.names().collect();
        let mut found = static_files::list(folder)?;
        found.retain(|(name, _)| is_asset(name));
        let names = found.iter().map(|(name, _)| name.clone()).collect();
        found.retain(|(name, _)| !known.contains(plain_name(name)));
        let come = static_files::pair(static_files::read(found)?);
        let now = held.kept(&names, come);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(now);
        Ok(())
    }
}

/// Looks for news until the server stops.
pub async fn run(core: Arc<Core>) {
    let mut stopping = core.stopping.clone();
    while core.config.assets_dir.is_some() && !*stopping.borrow() {
        // Either ends the wait; the loop looks which it was.
        let _ = tokio::time::timeout(LOOK_EVERY, stopping.changed()).await;
        let core = core.clone();
        let looked = tokio::task::spawn_blocking(move || match &core.config.assets_dir {
            Some(folder) => core.other_builds.look(folder),
            None => Ok(()),
        });
        if let Ok(Err(error)) = looked.await {
            tracing::error!(%error, "the folder of other builds can't be read");
        }
    }
}

fn is_asset(name: &str) -> bool {
    carries_hash(name) && !plain_name(name).ends_with(".html")
}

/// Writes the files of a build, as far as other builds may need them, into the folder of other builds. A server that looks
/// meanwhile finds each file whole and with its compressed forms, or not at all.
///
/// # Errors
/// What the file system says.
pub fn export(mut files: Vec<(String, Bytes)>, folder: &Path) -> io::Result<usize> {
    files.retain(|(name, _)| is_asset(name));
    files.sort_by_key(|(name, _)| plain_name(name) == name);
    for (name, content) in &files {
        let place = folder.join(name);
        let (Some(within), Some(file)) = (place.parent(), place.file_name()) else {
            continue;
        };
        std::fs::create_dir_all(within)?;
        // A name with a dot isn't looked at.
        let unfinished = within.join(format!(".{}", file.display()));
        let mut written = std::fs::File::create(&unfinished)?;
        written.write_all(content)?;
        written.sync_all()?;
        std::fs::rename(unfinished, place)?;
    }
    Ok(files.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built() -> Vec<(String, Bytes)> {
        [
            ("cabinet-web-0a1b2c3d4e5f6071.js", "let web"),
            ("cabinet-web-0a1b2c3d4e5f6071.js.br", "brotli"),
            ("fonts/onest-a0546920.woff2", "font"),
            ("door.kk.html", "a shell"),
            ("old-0a1b2c3d4e5f6071.html", "a shell by another name"),
            ("robots.txt", "all"),
        ]
        .map(|(name, content)| (name.to_owned(), Bytes::from(content)))
        .to_vec()
    }

    fn answers(builds: &OtherBuilds, path: &str) -> bool {
        builds.respond(path, &HeaderMap::new()).is_some()
    }

    #[test]
    fn what_is_exported_is_taken_over_and_no_shell_is_among_it() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(export(built(), folder.path()).unwrap(), 3);
        let builds = OtherBuilds::default();
        builds.look(folder.path()).unwrap();
        assert!(answers(&builds, "/cabinet-web-0a1b2c3d4e5f6071.js"));
        assert!(answers(&builds, "/fonts/onest-a0546920.woff2"));
        // Were they put there by hand, they wouldn't count either.
        for (name, content) in built() {
            let place = folder.path().join(name);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(place, content).unwrap();
        }
        builds.look(folder.path()).unwrap();
        for path in ["/door.kk.html", "/old-0a1b2c3d4e5f6071.html", "/robots.txt"] {
            assert!(!answers(&builds, path), "{path}");
        }
    }

    #[test]
    fn what_comes_and_goes_is_noticed_and_what_a_name_meant_it_means_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("app-0a1b2c3d4e5f.js");
        let builds = OtherBuilds::default();
        builds.look(folder.path()).unwrap();
        assert!(!answers(&builds, "/app-0a1b2c3d4e5f.js"));
        std::fs::write(&place, "first").unwrap();
        builds.look(folder.path()).unwrap();
        let tag = || {
            let answer = builds.respond("/app-0a1b2c3d4e5f.js", &HeaderMap::new());
            answer.map(|answer| answer.headers()["etag"].clone())
        };
        let first = tag().unwrap();
        std::fs::write(&place, "second").unwrap();
        builds.look(folder.path()).unwrap();
        assert_eq!(tag(), Some(first));
        std::fs::remove_file(&place).unwrap();
        builds.look(folder.path()).unwrap();
        assert_eq!(tag(), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_is_passed_over() {
        let outside = tempfile::tempdir().unwrap();
        let secret = outside.path().join("secret-0a1b2c3d4e5f.js");
        std::fs::write(&secret, "secret").unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(&secret, folder.path().join("secret-0a1b2c3d4e5f.js")).unwrap();
        std::fs::write(folder.path().join("app-0a1b2c3d4e5f.js"), "app").unwrap();
        let within = folder.path().join("again-0a1b2c3d4e5f.js");
        std::os::unix::fs::symlink(folder.path().join("app-0a1b2c3d4e5f.js"), within).unwrap();
        let builds = OtherBuilds::default();
        builds.look(folder.path()).unwrap();
        assert!(!answers(&builds, "/secret-0a1b2c3d4e5f.js"));
        assert!(answers(&builds, "/again-0a1b2c3d4e5f.js"));
    }

    #[test]
    fn a_folder_that_is_gone_loses_nothing_that_is_held() {
        let folder = tempfile::tempdir().unwrap();
        export(built(), folder.path()).unwrap();
        let builds = OtherBuilds::default();
        builds.look(folder.path()).unwrap();
        assert!(builds.look(&folder.path().join("elsewhere")).is_err());
        assert!(answers(&builds, "/cabinet-web-0a1b2c3d4e5f6071.js"));
    }
}
