//! Signing in by EDS.
