//! Drafts, frozen documents, signatures.

use super::Sqlite;
use async_trait::async_trait;

#[async_trait]
pub trait ApplicationStore: Send + Sync {}

#[async_trait]
impl ApplicationStore for Sqlite {}
