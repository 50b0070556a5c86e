//! A copy of what stands in `data`, taken while the server runs, and put back where nothing stands yet: the database and the
//! keys, without which no password fits and no receipt is found. The authorities are the operator's own files.

use super::audit::{AuditStore as _, Report};
use super::store::{Database, StoreError};
use super::world::World;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Its name in `data` and in the copy.
pub const DATABASE: &str = "cabinet.sqlite";
const KEYS: &str = "keys";

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{} holds something already; name a folder that is empty or isn't there yet", .0.display())]
    NotEmpty(PathBuf),
    #[error("there is no copy in {}: {DATABASE} or its keys are missing", .0.display())]
    NoCopy(PathBuf),
    #[error("a cabinet stands in {} already; move it away first, nothing was changed", .0.display())]
    Occupied(PathBuf),
    #[error("the copy in {} is damaged: {why}", .folder.display())]
    Damaged { folder: PathBuf, why: String },
    #[error("{}: {error}", .path.display())]
    System { path: PathBuf, error: io::Error },
    #[error("the database: {0}")]
    Store(#[from] StoreError),
}

/// Copies database and keys into a new folder, and reads the copy over. The server may run meanwhile: the copy is of one
/// moment.
///
/// # Errors
/// [`BackupError`]; what was begun is left for the operator to look at.
pub async fn back_up(data: &Path, to: &Path) -> Result<(), BackupError> {
    if fs::read_dir(to).is_ok_and(|mut held| held.next().is_some()) {
        return Err(BackupError::NotEmpty(to.to_owned()));
    }
    make_private(&to.join(KEYS))?;
    let copy = to.join(DATABASE);
    Database::copy(&data.join(DATABASE), &copy).await?;
    on_disk(&copy)?;
    copy_keys(&data.join(KEYS), &to.join(KEYS))?;
    on_disk(to)?;
    sound(to).await
}

/// Puts a copy into the data folder, where no cabinet may stand yet, and goes over its audit.
///
/// # Errors
/// [`BackupError`]; a database is in the folder only once all of it is on disk.
pub async fn restore(from: &Path, data: &Path, world: World) -> Result<Report, BackupError> {
    let copy = from.join(DATABASE);
    if !copy.is_file() || !from.join(KEYS).is_dir() {
        return Err(BackupError::NoCopy(from.to_owned()));
    }
    let file = data.join(DATABASE);
    if file.exists() || data.join(KEYS).exists() {
        return Err(BackupError::Occupied(data.to_owned()));
    }
    sound(from).await?;
    make_private(&data.join(KEYS))?;
    copy_keys(&from.join(KEYS), &data.join(KEYS))?;
    let coming = data.join("cabinet.sqlite.coming");
    copy_file(&copy, &coming)?;
    fs::rename(&coming, &file).map_err(at(&file))?;
    on_disk(data)?;
    let store = Database::open(&file, world).await?;
    Ok(store.verify_audit().await?)
}

/// Every page of the copy can be read, and nothing refers to what isn't there.
async fn sound(folder: &Path) -> Result<(), BackupError> {
    match Database::faults(&folder.join(DATABASE)).await? {
        faults if faults.is_empty() => Ok(()),
        faults => Err(BackupError::Damaged {
            folder: folder.to_owned(),
            why: faults.join("; "),
        }),
    }
}

fn copy_keys(from: &Path, to: &Path) -> Result<(), BackupError> {
    for entry in fs::read_dir(from).map_err(at(from))? {
        let entry = entry.map_err(at(from))?;
        copy_file(&entry.path(), &to.join(entry.file_name()))?;
    }
    on_disk(to)
}

/// The bytes and the permissions, on disk.
fn copy_file(from: &Path, to: &Path) -> Result<(), BackupError> {
    fs::copy(from, to).map_err(at(to))?;
    on_disk(to)
}

fn on_disk(path: &Path) -> Result<(), BackupError> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(at(path))
}

fn make_private(folder: &Path) -> Result<(), BackupError> {
    super::keys::make_private_folder(folder).map_err(at(folder))
}

fn at(path: &Path) -> impl Fn(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::System {
        path: path.clone(),
        error,
    }
}
