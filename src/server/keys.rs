//! The server's own secrets: files under `data/keys`, made at the first start, readable by their owner alone. Whoever
//! moves the database moves them too: passwords are worth nothing without the pepper.

use super::StartError;
use super::world::World;
use std::fs;
use std::io::Write as _;
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
    pub fn open(data: &Path, world: &World) -> Result<Self, StartError> {
        let folder = data.join("keys");
        make_private_folder(&folder).map_err(|error| StartError::Data {
            folder: folder.clone(),
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
}

/// A folder nobody else may look into; one that is there is left as it is.
pub(super) fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

fn read_or_make(file: &Path, world: &World) -> Result<[u8; 32], StartError> {
    let trouble = |why: String| StartError::Key {
        file: file.to_owned(),
        why,
    };
    match fs::read(file) {
        Ok(bytes) => bytes
            .try_into()
            .map_err(|bytes: Vec<u8>| trouble(format!("it must hold 32 bytes, not {}", bytes.len()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = world.bytes();
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            {
                use std::os::unix::fs::OpenOptionsExt as _;
                options.mode(0o600);
            }
            let written = options.open(file).and_then(|mut new| {
                new.write_all(&key)?;
                new.sync_all()
            });
            written.map(|()| key).map_err(|error| trouble(error.to_string()))
        }
        Err(error) => Err(trouble(error.to_string())),
    }
}
