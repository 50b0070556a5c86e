//! The server: configuration, router, store, accounts, registers, applications, signing, delivery, audit.
