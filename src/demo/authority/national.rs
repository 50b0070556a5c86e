//! The national test keys, from a folder laid out like `vectors/nuc-rk`: `ca/test`, `p12/gost512_2026`, `crl`. Without the
//! folder there are none; when their revocation list has ended they can no longer be checked and aren't offered.
