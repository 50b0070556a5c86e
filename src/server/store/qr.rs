//! Signing sessions on the phone.

use super::Sqlite;
use async_trait::async_trait;

#[async_trait]
pub trait QrStore: Send + Sync {}

#[async_trait]
impl QrStore for Sqlite {}
