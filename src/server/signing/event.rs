//! What the Fund's own systems are told when an application is applied: who, which requisites from what to what, by which
//! application. `docs/operations.md` explains the parts to who reads it.

use crate::domain::time::Timestamp;
use crate::server::notice::Notice;
use crate::server::store::applications::{Document, hex};
use serde_json::json;

/// The name of the event.
const REQUISITES_CHANGED: &str = "requisites.changed";

/// The application is applied, and the requisites become of this version. The id is the event's for good: whoever has seen
/// it has seen the event.
pub(super) fn requisites_changed(id: String, document: &Document, version: u32, at: Timestamp) -> Notice {
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
        "changes": document.content.changes,
        "unconfirmed": document.content.unproven,
    });
    Notice::event(id, REQUISITES_CHANGED, event.to_string())
}
