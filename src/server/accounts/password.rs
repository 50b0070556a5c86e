//! Passwords: argon2id (19 MiB, two passes, one lane: RFC 9106, OWASP ASVS 5.0 appendix C) with a pepper, so that a
//! stolen database alone lets nobody guess.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use unicode_normalization::UnicodeNormalization as _;

/// KiB, passes, lanes.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// A hash that can't be made: the parameters or the pepper are out of bounds.
#[derive(Debug, thiserror::Error)]
#[error("the password can't be hashed")]
pub struct HashError;

fn hasher(pepper: &[u8; 32]) -> Result<Argon2<'_>, HashError> {
    let params = Params::new(COST.0, COST.1, COST.2, None).map_err(|_| HashError)?;
    Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params).map_err(|_| HashError)
}

/// The PHC string to keep. Takes some 40 ms of one core: run it where blocking is allowed. The password is taken in
/// Unicode's form NFKC, so that one typed on another keyboard is the same.
///
/// # Errors
/// [`HashError`].
pub fn hash(password: &str, salt: &[u8; 16], pepper: &[u8; 32]) -> Result<String, HashError> {
    let text: String = password.nfkc().collect();
    let hash = hasher(pepper)?
        .hash_password_with_salt(text.as_bytes(), salt)
        .map_err(|_| HashError)?;
    Ok(hash.to_string())
}

/// Whether the password is the one of `phc`. The same work as [`hash`].
#[must_use]
pub fn verify(password: &str, phc: &str, pepper: &[u8; 32]) -> bool {
    let text: String = password.nfkc().collect();
    let Ok(known) = PasswordHash::new(phc) else {
        return false;
    };
    hasher(pepper).is_ok_and(|argon2| argon2.verify_password(text.as_bytes(), &known).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_and_no_other_pepper() {
        let phc = hash("құпия сөз Ⅳ", &[7; 16], &[1; 32]).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify("құпия сөз IV", &phc, &[1; 32]), "NFKC makes them one");
        assert!(!verify("құпия сөз V", &phc, &[1; 32]));
        assert!(!verify("құпия сөз Ⅳ", &phc, &[2; 32]));
        assert!(!verify("", "not a hash", &[1; 32]));
    }
}
