//! `cabinet verify`: one signature or one evidence bundle, one JSON object, one exit code. For operators, and for anyone
//! who received a bundle and has nothing else of ours.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Map, Value, json};

use super::{
    Anchors, Certificate, Content, Instant, KeyKind, POLICY_VERSION, Purpose, Refusal, TimestampReport,
    Verified, armor,
    evidence::{
        self, BundleError,
        manifest::{purpose_name, revocation_json},
    },
    revocation::{CrlFault, OcspMaterial, Revocation, RevocationList, Undecided, When, decide},
    verify,
};

/// Files larger than any signature, list or bundle are not read.
const MAX_FILE: u64 = 256 * 1024 * 1024;

/// What to verify.
#[derive(Clone, Debug)]
pub enum VerifyArgs {
    Signature(SignatureArgs),
    /// Verify an evidence bundle again.
    Bundle {
        file: PathBuf,
        /// Pinned authorities to hold it to; its own are taken and named otherwise.
        authorities: Option<PathBuf>,
    },
}

#[derive(Clone, Debug)]
pub struct SignatureArgs {
    pub purpose: Purpose,
    /// The folder of pinned authorities.
    pub authorities: PathBuf,
    /// The document; without it the signature must carry one.
    pub document: Option<PathBuf>,
    /// Whose signature it must be.
    pub iin: Option<String>,
    /// Revocation lists, complete or delta, DER or PEM.
    pub lists: Vec<PathBuf>,
    /// An OCSP response.
    pub ocsp: Option<PathBuf>,
    pub revocation: bool,
    /// The moment of the verdict.
    pub at: Instant,
    /// DER, PEM or base64; `-` is standard input.
    pub signature: PathBuf,
}

/// The exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Accepted = 0,
    Refused = 1,
    /// Wrong usage: a file can't be read, or the folder of authorities holds none.
    Usage = 2,
    /// Everything stands but revocation, which nothing at hand could tell.
    Undecided = 3,
}

impl From<Outcome> for std::process::ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}

/// Why nothing could be verified at all.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("{0} is larger than 256 MiB")]
    TooLarge(PathBuf),
    #[error("{0}: not a revocation list of one of the authorities")]
    NotAList(PathBuf),
    #[error(transparent)]
    Anchors(#[from] super::anchors::AnchorsError),
}

/// Verifies and prints one JSON object and a line end to `out`; what was wrong with the call goes to `errors`.
pub fn run(args: &VerifyArgs, out: &mut dyn Write, errors: &mut dyn Write) -> io::Result<Outcome> {
    let report = match args {
        VerifyArgs::Signature(args) => signature(args),
        VerifyArgs::Bundle { file, authorities } => bundle(file, authorities.as_deref()),
    };
    match report {
        Ok((outcome, report)) => {
            writeln!(out, "{:#}", Value::Object(report))?;
            Ok(outcome)
        }
        Err(error) => {
            writeln!(errors, "cabinet verify: {error}")?;
            Ok(Outcome::Usage)
        }
    }
}

type Report = Map<String, Value>;

fn signature(args: &SignatureArgs) -> Result<(Outcome, Report), UsageError> {
    let anchors = Anchors::load(&args.authorities)?;
    let received = read(&args.signature)?;
    let document = args.document.as_deref().map(read).transpose()?;
    let lists = args
        .lists
        .iter()
        .map(|path| Ok((path.clone(), read(path)?)))
        .collect::<Result<Vec<_>, UsageError>>()?;
    let ocsp = args.ocsp.as_deref().map(read).transpose()?;

    let lists = lists
        .into_iter()
        .map(|(path, bytes)| list(&path, &bytes, &anchors))
        .collect::<Result<Vec<_>, _>>()?;

    let verdict =
        armor::decode(&received).and_then(|cms| either_way(&cms, document.as_deref(), args, &anchors));
    let verdict = verdict.and_then(|verified| match &args.iin {
        Some(iin) if *iin != verified.signer.iin => Err(Refusal::AnotherPerson),
        _ => Ok(verified),
    });
    let when = When::at(args.at);
    let revocation = match &verdict {
        Ok(verified) if args.revocation => Some(revocation(verified, ocsp.as_deref(), &lists, when)),
        _ => None,
    };
    Ok(report(verdict, revocation, args.purpose, when))
}

/// With a document at hand, the signature may carry it or not; without one it must carry it.
fn either_way(
    cms: &[u8],
    document: Option<&[u8]>,
    args: &SignatureArgs,
    anchors: &Anchors,
) -> Result<Verified, Refusal> {
    let verdict = |content| verify(cms, content, args.purpose, args.at, anchors);
    match document {
        None => verdict(Content::AttachedAny),
        Some(document) => match verdict(Content::Detached(document)) {
            Err(Refusal::ContentUnexpected) => verdict(Content::Attached(document)),
            other => other,
        },
    }
}

/// A list of one of the authorities; that it is badly signed or malformed is for the verdict to say.
fn list(
    path: &Path,
    bytes: &[u8],
    anchors: &Anchors,
) -> Result<(Certificate, Result<RevocationList, CrlFault>), UsageError> {
    let der: Arc<[u8]> = match bytes.first() {
        Some(0x30) => bytes.into(),
        _ => armor::decode(bytes)
            .map_err(|_| UsageError::NotAList(path.to_owned()))?
            .into(),
    };
    for issuer in anchors.issuers() {
        match RevocationList::verify(der.clone(), issuer) {
            Err(CrlFault::AnotherIssuer) => {}
            outcome => return Ok((issuer.clone(), outcome)),
        }
    }
    Err(UsageError::NotAList(path.to_owned()))
}

fn revocation(
    verified: &Verified,
    ocsp: Option<&[u8]>,
    lists: &[(Certificate, Result<RevocationList, CrlFault>)],
    when: When,
) -> Revocation {
    let (leaf, issuer) = (&verified.chain.leaf, &verified.chain.issuer);
    let sound: Vec<&RevocationList> = lists.iter().filter_map(|(_, list)| list.as_ref().ok()).collect();
    let material = ocsp.map(|response| OcspMaterial {
        response,
        nonce: None,
    });
    match decide(leaf, issuer, when, material, &sound) {
        Revocation::Undecided {
            why: Undecided::Nothing,
        } => {
            let mut faults = lists
                .iter()
                .filter(|(listed, _)| listed == issuer)
                .filter_map(|(_, list)| list.as_ref().err());
            let why = faults
                .next_back()
                .cloned()
                .map_or(Undecided::Nothing, Undecided::Crl);
            Revocation::Undecided { why }
        }
        decided => decided,
    }
}

fn bundle(file: &Path, authorities: Option<&Path>) -> Result<(Outcome, Report), UsageError> {
    let bytes = read(file)?;
    let pinned = authorities.map(Anchors::load).transpose()?;
    match evidence::reverify(&bytes, pinned.as_ref(), &|_| None) {
        Ok(again) => {
            let (outcome, mut report) =
                report(again.verdict, Some(again.revocation), again.purpose, again.when);
            report.insert("bundle_policy_version".into(), json!(again.policy_version));
            report.insert("root_sha256".into(), json!(again.root_sha256));
            report.insert(
                "authorities".into(),
                json!(if pinned.is_some() { "pinned" } else { "bundle" }),
            );
            Ok((outcome, report))
        }
        Err(fault) => Ok((Outcome::Refused, damaged(&fault))),
    }
}

fn damaged(fault: &BundleError) -> Report {
    let mut report = Report::new();
    report.insert("verdict".into(), json!("refused"));
    report.insert("reason".into(), json!(fault.code()));
    report.insert("explanation".into(), json!(fault.to_string()));
    report
}

fn report(
    verdict: Result<Verified, Refusal>,
    revocation: Option<Revocation>,
    purpose: Purpose,
    when: When,
) -> (Outcome, Report) {
    let refusal = match (&verdict, &revocation) {
        (Err(refusal), _) => Some(refusal.clone()),
        (Ok(_), Some(Revocation::Revoked { .. })) => Some(Refusal::Revoked),
        (Ok(_), Some(Revocation::Undecided { .. })) => Some(Refusal::RevocationUndecided),
        (Ok(_), None | Some(Revocation::Good { .. })) => None,
    };
    let outcome = match refusal {
        None => Outcome::Accepted,
        Some(Refusal::RevocationUndecided) => Outcome::Undecided,
        Some(_) => Outcome::Refused,
    };
    let verified = verdict.ok();
    let mut report = Report::new();
    report.insert(
        "verdict".into(),
        json!(if refusal.is_none() { "accepted" } else { "refused" }),
    );
    report.insert("reason".into(), json!(refusal.as_ref().map(Refusal::code)));
    report.insert(
        "explanation".into(),
        json!(refusal.as_ref().map(ToString::to_string)),
    );
    report.insert("purpose".into(), json!(purpose_name(purpose)));
    report.insert("at".into(), json!(when.as_of.to_string()));
    report.insert("policy_version".into(), json!(POLICY_VERSION));
    report.insert(
        "signer".into(),
        verified.as_ref().map_or(Value::Null, signer_json),
    );
    report.insert(
        "signing_time".into(),
        json!(
            verified
                .as_ref()
                .and_then(|v| v.signing_time)
                .map(|t| t.to_string())
        ),
    );
    let revocation = revocation.map_or_else(
        || json!({ "status": "not_checked" }),
        |decided| revocation_json(&decided),
    );
    report.insert("revocation".into(), revocation);
    report.insert(
        "timestamp".into(),
        verified
            .as_ref()
            .map_or(Value::Null, |v| timestamp_json(&v.timestamp)),
    );
    (outcome, report)
}

fn signer_json(verified: &Verified) -> Value {
    let signer = &verified.signer;
    json!({
        "name": signer.common_name,
        "surname": signer.surname,
        "given_name": signer.given_name,
        "patronymic": signer.patronymic,
        "iin": signer.iin,
        "algorithm": signer.algorithm.to_string(),
        "key": match verified.key_kind {
            KeyKind::Authentication => "authentication",
            KeyKind::Signature => "signature",
            KeyKind::Both => "both",
        },
        "certificate": {
            "serial": signer.serial_hex,
            "not_before": signer.not_before.to_string(),
            "not_after": signer.not_after.to_string(),
            "issuer": verified.chain.issuer.common_name(),
        },
    })
}

fn timestamp_json(report: &TimestampReport) -> Value {
    match report {
        TimestampReport::Absent => json!({ "status": "absent" }),
        TimestampReport::Valid(stamp) => json!({
            "status": "valid",
            "time": stamp.time.to_string(),
            "authority": stamp.authority,
            "policy": stamp.policy,
        }),
        TimestampReport::Invalid(fault) => {
            json!({ "status": "invalid", "reason": fault.code(), "explanation": fault.to_string() })
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, UsageError> {
    let failed = |source| UsageError::File {
        path: path.to_owned(),
        source,
    };
    let source: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(fs::File::open(path).map_err(failed)?)
    };
    let mut bytes = Vec::new();
    source
        .take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE {
        Err(UsageError::TooLarge(path.to_owned()))
    } else {
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests;
