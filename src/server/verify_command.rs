//! `cabinet verify` as it is typed; what it does is `pki::command`.

use super::world::World;
use crate::domain::iin::Iin;
use crate::pki::command::{self, Outcome, SignatureArgs, VerifyArgs};
use crate::pki::{Instant, Purpose};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// Verify an electronic signature, or an evidence bundle again.
///
/// Prints one JSON object. Exits 0 when accepted, 1 when refused, 2 for wrong usage, 3 when revocation could not be decided.
#[derive(Args)]
pub struct Verify {
    /// What the signature is for
    #[arg(long, required_unless_present = "bundle")]
    purpose: Option<PurposeArg>,
    /// The folder of trusted authorities: roots and those below them, .cer or .pem
    #[arg(long, value_name = "DIR", required_unless_present = "bundle")]
    ca: Option<PathBuf>,
    /// The document; without it the signature must carry one
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
    /// Whose signature it must be
    #[arg(long, value_parser = twelve_digits)]
    iin: Option<String>,
    /// A revocation list, complete or delta; may be given several times
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// An OCSP response
    #[arg(long, value_name = "FILE")]
    ocsp: Option<PathBuf>,
    /// Leave revocation out
    #[arg(long, conflicts_with_all = ["crl", "ocsp"])]
    no_revocation: bool,
    /// The moment of the verdict; now otherwise
    #[arg(long, value_name = "RFC3339", value_parser = moment)]
    at: Option<Instant>,
    /// An evidence bundle, in place of a signature
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["purpose", "document", "iin", "crl", "ocsp", "no_revocation", "at", "signature"]
    )]
    bundle: Option<PathBuf>,
    /// CMS as DER, PEM or base64; - is standard input
    #[arg(required_unless_present = "bundle")]
    signature: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum PurposeArg {
    SignIn,
    Document,
}

fn moment(text: &str) -> Result<Instant, &'static str> {
    Instant::from_rfc3339(text).ok_or("not a moment such as 2026-10-01T00:00:00Z")
}

/// The control digit isn't looked at: the authority's word stands.
fn twelve_digits(text: &str) -> Result<String, &'static str> {
    Iin::from_authority(text)
        .map(|iin| iin.digits().to_owned())
        .map_err(|_| "not twelve digits")
}

impl Verify {
    fn into_args(self, world: &World) -> Option<VerifyArgs> {
        if let Some(file) = self.bundle {
            return Some(VerifyArgs::Bundle {
                file,
                authorities: self.ca,
            });
        }
        Some(VerifyArgs::Signature(SignatureArgs {
            purpose: match self.purpose? {
                PurposeArg::SignIn => Purpose::SignIn,
                PurposeArg::Document => Purpose::Document,
            },
            authorities: self.ca?,
            document: self.document,
            iin: self.iin,
            lists: self.crl,
            ocsp: self.ocsp,
            revocation: !self.no_revocation,
            at: self
                .at
                .unwrap_or_else(|| Instant::from_unix(world.now().0 / 1_000)),
            signature: self.signature?,
        }))
    }
}

/// Verifies and gives the exit code.
#[must_use]
pub fn run(verify: Verify, world: &World) -> ExitCode {
    // `None` can't come: clap demands what is missing then.
    let done = verify
        .into_args(world)
        .map(|args| command::run(&args, &mut std::io::stdout(), &mut std::io::stderr()));
    match done {
        Some(Ok(outcome)) => outcome.into(),
        _ => Outcome::Usage.into(),
    }
}

#[cfg(all(test, feature = "demo"))]
mod tests;
