//! The server's own secrets: files under `data/keys` (or `keys_dir`), made at the first start, readable by their owner alone.
//! Whoever moves the database moves them too: passwords are worth nothing without the pepper. Several servers of one
//! database work with the same ones: it keeps what they are known by, and a server with others doesn't start.

use super::StartError;
use super::world::{World, sha256};
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// 32 bytes each.
pub struct Keys {
    /// Keys the password hashes besides their salt.
    pub pepper: [u8; 32],
    /// Keys what limits count by (IIN, telephone, address), so that the rows tell nobody's.
    pub limits: [u8; 32],
    /// What the secrets of signing sessions are derived from: with another key the live ones die.
    pub phones: [u8; 32],
    /// Keys the codes sent to contacts: six digits alone would be guessed from any plain hash.
    pub codes: [u8; 32],
    /// What the codes of receipts are derived from: with another key receipts get new codes, and the old ones stay good.
    pub receipts: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(withheld)")
    }
}

impl Keys {
    /// Reads the files, or makes them.
    ///
    /// # Errors
    /// [`StartError::Data`] and [`StartError::Key`].
    pub fn open(folder: &Path, world: &World) -> Result<Self, StartError> {
        make_private_folder(folder).map_err(|error| StartError::Data {
            folder: folder.to_owned(),
            error,
        })?;
        Ok(Self {
            pepper: read_or_make(&folder.join("pepper"), world)?,
            limits: read_or_make(&folder.join("limits"), world)?,
            phones: read_or_make(&folder.join("phones"), world)?,
            codes: read_or_make(&folder.join("codes"), world)?,
            receipts: read_or_make(&folder.join("receipts"), world)?,
        })
    }

    /// What each is known by: SHA-256, by the file's name. Nothing is learned from it of 32 random bytes.
    #[must_use]
    pub fn fingerprints(&self) -> [(&'static str, [u8; 32]); 5] {
        [
            ("pepper", &self.pepper),
            ("limits", &self.limits),
            ("phones", &self.phones),
            ("codes", &self.codes),
            ("receipts", &self.receipts),
        ]
        .map(|(name, key)| {
            (
                name,
                sha256([b"cabinet key ".as_slice(), name.as_bytes(), key.as_slice()].concat()),
            )
        })
    }
}

/// A folder nobody else may look into; one that is there is left as it is.
pub(super) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// The key in a file, or a new one. Servers that start at once in one folder come out with the same one.
fn read_or_make(file: &Path, world: &World) -> Result<[u8; 32], StartError> {
    let trouble = |why: String| StartError::Key {
        file: file.to_owned(),
        why,
    };
    let io = |error: io::Error| trouble(error.to_string());
    match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        read => return whole(&read.map_err(io)?).map_err(trouble),
    }
    // Written whole before it has its name; whoever is second finds the name taken and reads.
    let coming = file.with_extension(world.id());
    write_key(&coming, &world.bytes()).map_err(io)?;
    let named = fs::hard_link(&coming, file);
    fs::remove_file(&coming).map_err(io)?;
    match named {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(io(error)),
        _ => whole(&fs::read(file).map_err(io)?).map_err(trouble),
    }
}

fn whole(bytes: &[u8]) -> Result<[u8; 32], String> {
    bytes
        .try_into()
        .map_err(|_| format!("it must hold 32 bytes, not {}", bytes.len()))
}

fn write_key(file: &Path, key: &[u8; 32]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut new = options.open(file)?;
    new.write_all(key)?;
    new.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_that_start_at_once_in_one_folder_have_the_same_keys() {
        let folder = tempfile::tempdir().unwrap();
        let world = World::system();
        let found: Vec<_> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| Keys::open(folder.path(), &world).unwrap().fingerprints()))
                .collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert!(found.iter().all(|keys| keys == &found[0]));
        let names = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(names, 5, "nothing else is left there");
        let again = Keys::open(folder.path(), &world).unwrap().fingerprints();
        assert_eq!(again, found[0]);
        fs::write(folder.path().join("codes"), "short").unwrap();
        let problem = Keys::open(folder.path(), &world).unwrap_err().to_string();
        assert!(
            problem.contains("codes") && problem.contains("32 bytes"),
            "{problem}"
        );
    }

    #[test]
    fn a_key_is_known_by_its_name_too() {
        let keys = Keys {
            pepper: [1; 32],
            limits: [1; 32],
            phones: [2; 32],
            codes: [3; 32],
            receipts: [4; 32],
        };
        let known: std::collections::BTreeSet<_> =
            keys.fingerprints().into_iter().map(|(_, known)| known).collect();
        assert_eq!(known.len(), 5);
    }
}
