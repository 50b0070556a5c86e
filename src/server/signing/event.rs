//! What the Fund's own systems are told when an application is applied: who, which requisites from what to what, by which
//! application. `docs/operations.md` explains the parts to who reads it.

use crate::api::ApiError;
use crate::domain::requisites::Change;
use crate::domain::time::Timestamp;
use crate::server::Core;
use crate::server::notice::Notice;
use crate::server::store::applications::{Document, hex};
use serde_json::json;

/// The name of the event.
pub(super) const REQUISITES_CHANGED: &str = "requisites.changed";

/// The application is applied, and the requisites become of this version. The id is the event's for good: whoever has seen it has seen the event.
pub(super) async fn requisites_changed(
    core: &Core,
    document: &Document,
    version: u32,
    at: Timestamp,
) -> Result<Notice, ApiError> {
    let changes = &document.content.changes;
    let proven = core.store.proven_contacts(&document.iin).await?;
    let unconfirmed: Vec<_> = changes
        .iter()
        .filter_map(Change::new_contact)
        .filter(|(_, contact)| proven.iter().all(|proven| proven != contact))
        .map(|(field, _)| field)
        .collect();
    let id = core.world.id();
    let event = json!({
        "id": id,
        "event": REQUISITES_CHANGED,
        "at": at.rfc3339(),
        "iin": document.iin.digits(),
        "version": version,
        "application": {
            "id": document.application,
            "number": document.content.number,
            "document_sha256": hex(&document.sha256),
        },
        "changes": changes,
        "unconfirmed": unconfirmed,
    });
    Ok(Notice::event(id, REQUISITES_CHANGED, event.to_string()))
}
