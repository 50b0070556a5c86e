//! What a verdict rested on, kept so that it can be reached again years later without any network: the signature and the
//! document as they came, the certificates up to the root, the OCSP response or revocation lists, the moments, and the
//! version of the policy.
//!
//! The bundle is a ZIP whose entries are stored, not packed (`docs/evidence-bundle.md`):
//!
//! | entry                 | what                                                                              |
//! | --------------------- | --------------------------------------------------------------------------------- |
//! | `manifest.json`       | format, policy version, purpose, moments, signer, revocation, SHA-256 of each entry |
//! | `signature.cms`       | the signature, byte for byte as it was received                                   |
//! | `document.bin`        | the document it is over                                                           |
//! | `authorities/N.cer`   | the pinned authorities that the signer's (and the time stamp's) certificate stood under |
//! | `ocsp.der`            | the OCSP response, when it decided                                                |
//! | `lists/SHA256.crl`    | the revocation lists, when they decided; a bundle kept beside a store of lists names them only |

pub(crate) mod manifest;

use std::{
    collections::BTreeMap,
    io::{Cursor, Read, Write},
    sync::Arc,
};

use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{
    Anchors, Content, POLICY_VERSION, Purpose, Refusal, TimestampReport, Verified,
    algorithm::Digest,
    certificate::hex,
    revocation::{OcspMaterial, Revocation, RevocationList, When, client, decide},
    verify,
};
use manifest::Manifest;

/// A bundle with a few lists of the production size.
const MAX_LENGTH: usize = 256 * 1024 * 1024;
const MAX_ENTRIES: usize = 64;
const README: &str = "This archive holds an electronic signature of Kazakhstan with everything its verification rested on.\n\
    manifest.json says what each file is; to verify it again, without any network: cabinet verify --bundle FILE\n";

/// Why a bundle could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("not a bundle: {0}")]
    Malformed(&'static str),
    #[error("not a ZIP archive")]
    Zip(#[from] zip::result::ZipError),
    #[error("{0} is missing")]
    Missing(String),
    #[error("{0} was changed: its SHA-256 is another")]
    Changed(String),
    #[error("the bundle's authorities are no authorities")]
    Authorities,
    #[error("the bundle's authorities are not the pinned ones")]
    OtherAuthorities,
    #[error("the bundle records a verdict that its contents do not give")]
    VerdictDiffers,
}

impl BundleError {
    /// A stable name for logs and the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "bundle_malformed",
            Self::Zip(_) => "bundle_zip",
            Self::Missing(_) => "bundle_missing",
            Self::Changed(_) => "bundle_changed",
            Self::Authorities => "bundle_authorities",
            Self::OtherAuthorities => "bundle_other_authorities",
            Self::VerdictDiffers => "bundle_verdict_differs",
        }
    }
}

/// Everything a verdict over one signature rested on, the lists by their hashes.
#[derive(Clone, Debug)]
pub struct Evidence {
    signature: Vec<u8>,
    document: Vec<u8>,
    attached: bool,
    purpose: Purpose,
    when: When,
    iin: String,
    authorities: Vec<Vec<u8>>,
    /// The response, and the nonce sent for it if one was.
    ocsp: Option<(Vec<u8>, Option<Vec<u8>>)>,
    lists: Vec<String>,
    revocation: Revocation,
}

/// SHA-256 in lower-case hexadecimal, as lists and entries are named by.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Digest::Sha256.hash(bytes))
}

impl Evidence {
    /// Collects it from a verified signature and what its revocation was decided from. `signature` is what was received,
    /// `document` what it is over, attached or not.
    pub fn new(
        signature: &[u8],
        document: &[u8],
        attached: bool,
        purpose: Purpose,
        verified: &Verified,
        checked: &client::Checked,
    ) -> Self {
        let mut authorities = vec![
            verified.chain.issuer.der().to_vec(),
            verified.chain.root.der().to_vec(),
        ];
        if let TimestampReport::Valid(stamp) = &verified.timestamp {
            for authority in [stamp.issuer.der(), stamp.root.der()] {
                if !authorities.iter().any(|known| known == authority) {
                    authorities.push(authority.to_vec());
                }
            }
        }
        Self {
            signature: signature.to_vec(),
            document: document.to_vec(),
            attached,
            purpose,
            when: checked.when,
            iin: verified.signer.iin.clone(),
            authorities,
            ocsp: checked
                .used
                .ocsp
                .as_ref()
                .map(|(response, nonce)| (response.clone(), Some(nonce.clone()))),
            lists: checked.used.lists.iter().map(|list| sha256_hex(list)).collect(),
            revocation: checked.revocation.clone(),
        }
    }

    /// The lists the verdict rested on, by SHA-256; whoever keeps the bundle must keep these beside it, once each.
    pub fn lists(&self) -> &[String] {
        &self.lists
    }

    /// The bundle with the lists that `find` gives put inside; those it doesn't give are only named. The same evidence
    /// always makes the same bytes.
    pub fn to_bundle(&self, find: &dyn Fn(&str) -> Option<Arc<[u8]>>) -> Result<Vec<u8>, BundleError> {
        let mut entries: Vec<(String, Vec<u8>)> = vec![
            ("signature.cms".into(), self.signature.clone()),
            ("document.bin".into(), self.document.clone()),
        ];
        for (index, authority) in self.authorities.iter().enumerate() {
            entries.push((format!("authorities/{index}.cer"), authority.clone()));
        }
        if let Some((response, _)) = &self.ocsp {
            entries.push(("ocsp.der".into(), response.clone()));
        }
        for name in &self.lists {
            if let Some(list) = find(name) {
                entries.push((format!("lists/{name}.crl"), list.to_vec()));
            }
        }
        let files = entries
            .iter()
            .map(|(name, bytes)| (name.clone(), sha256_hex(bytes)))
            .collect();
        let manifest = Manifest::of(self, files).to_json();

        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default());
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let first = [
            ("README.txt".to_owned(), README.into()),
            ("manifest.json".to_owned(), manifest),
        ];
        for (name, bytes) in first.into_iter().chain(entries) {
            writer.start_file(name, options)?;
            writer
                .write_all(&bytes)
                .map_err(|_| BundleError::Malformed("too large"))?;
        }
        Ok(writer.finish()?.into_inner())
    }

    /// Reads a bundle; `find` gives lists that it only names.
    fn from_bundle(
        bundle: &[u8],
        find: &dyn Fn(&str) -> Option<Arc<[u8]>>,
    ) -> Result<(Self, Manifest, Lists), BundleError> {
        let mut entries = unpack(bundle)?;
        let manifest = entries
            .remove("manifest.json")
            .ok_or(BundleError::Missing("manifest.json".into()))?;
        let manifest = Manifest::from_json(&manifest).ok_or(BundleError::Malformed("manifest.json"))?;
        entries.remove("README.txt");
        for (name, bytes) in &entries {
            match manifest.files.get(name) {
                Some(expected) if *expected == sha256_hex(bytes) => {}
                Some(_) => return Err(BundleError::Changed(name.clone())),
                None => return Err(BundleError::Malformed("an entry the manifest doesn't name")),
            }
        }
        if let Some(missing) = manifest.files.keys().find(|name| !entries.contains_key(*name)) {
            return Err(BundleError::Missing(missing.clone()));
        }
        let take = |entries: &mut BTreeMap<String, Vec<u8>>, name: &str| {
            entries
                .remove(name)
                .ok_or_else(|| BundleError::Missing(name.to_owned()))
        };
        let signature = take(&mut entries, "signature.cms")?;
        let document = take(&mut entries, "document.bin")?;
        let ocsp = entries
            .remove("ocsp.der")
            .map(|response| (response, manifest.ocsp_nonce.clone()));
        let mut lists = Vec::new();
        for name in &manifest.lists {
            let list = match entries.remove(&format!("lists/{name}.crl")) {
                Some(list) => list.into(),
                None => find(name).ok_or_else(|| BundleError::Missing(format!("list {name}")))?,
            };
            if sha256_hex(&list) != *name {
                return Err(BundleError::Changed(format!("list {name}")));
            }
            lists.push(list);
        }
        let authorities = entries
            .into_iter()
            .filter(|(name, _)| name.starts_with("authorities/"));
        let evidence = Self {
            signature,
            document,
            attached: manifest.attached,
            purpose: manifest.purpose,
            when: manifest.when,
            iin: manifest.iin.clone(),
            authorities: authorities.map(|(_, bytes)| bytes).collect(),
            ocsp,
            lists: manifest.lists.clone(),
            revocation: Revocation::Undecided {
                why: super::revocation::Undecided::Nothing,
            },
        };
        Ok((evidence, manifest, lists))
    }
}

type Lists = Vec<Arc<[u8]>>;

/// What looking at a bundle again gave.
#[derive(Debug)]
pub struct Reverified {
    /// The verdict over the signature, as of the bundle's own moment.
    pub verdict: Result<Verified, Refusal>,
    pub revocation: Revocation,
    pub when: When,
    pub purpose: Purpose,
    /// Which policy the recorded verdict followed; the one of today is [`POLICY_VERSION`].
    pub policy_version: u32,
    /// SHA-256 of the document and of the signature over it, lower-case hexadecimal.
    pub document_sha256: String,
    pub signature_sha256: String,
    /// SHA-256 of the root the verdict stands on. Without pinned authorities this is what the reader must recognise.
    pub root_sha256: Option<String>,
}

/// Verifies a bundle again, offline. `pinned` are the reader's own authorities; without them the bundle's are taken, and
/// [`Reverified::root_sha256`] says on whom everything stands. `find` gives lists that the bundle only names. An error
/// means the bundle is damaged or does not give the verdict it records.
pub fn reverify(
    bundle: &[u8],
    pinned: Option<&Anchors>,
    find: &dyn Fn(&str) -> Option<Arc<[u8]>>,
) -> Result<Reverified, BundleError> {
    let (evidence, manifest, lists) = Evidence::from_bundle(bundle, find)?;
    let own = Anchors::from_der(&evidence.authorities).map_err(|_| BundleError::Authorities)?;
    let anchors = pinned.unwrap_or(&own);
    let content = if evidence.attached {
        Content::Attached(&evidence.document)
    } else {
        Content::Detached(&evidence.document)
    };
    let verdict = verify(
        &evidence.signature,
        content,
        evidence.purpose,
        evidence.when.as_of,
        anchors,
    );
    let verdict = match verdict {
        Err(Refusal::UnknownIssuer) if pinned.is_some() => return Err(BundleError::OtherAuthorities),
        other => other,
    };
    let revocation = match &verdict {
        Ok(verified) => {
            let lists = lists
                .into_iter()
                .map(|list| RevocationList::verify(list, &verified.chain.issuer));
            // A list that no longer verifies can't have given the recorded verdict; leaving it out lets that show.
            let lists: Vec<RevocationList> = lists.filter_map(Result::ok).collect();
            let material = evidence.ocsp.as_ref().map(|(response, nonce)| OcspMaterial {
                response,
                nonce: nonce.as_deref(),
            });
            let lists = lists.iter().collect::<Vec<_>>();
            decide(
                &verified.chain.leaf,
                &verified.chain.issuer,
                evidence.when,
                material,
                &lists,
            )
        }
        Err(_) => Revocation::Undecided {
            why: super::revocation::Undecided::Nothing,
        },
    };
    let as_recorded = verdict
        .as_ref()
        .is_ok_and(|verified| verified.signer.iin == evidence.iin)
        && manifest::revocation_json(&revocation) == manifest.revocation;
    if !as_recorded {
        return Err(BundleError::VerdictDiffers);
    }
    let root_sha256 = verdict
        .as_ref()
        .ok()
        .map(|verified| sha256_hex(verified.chain.root.der()));
    Ok(Reverified {
        verdict,
        revocation,
        when: evidence.when,
        purpose: evidence.purpose,
        policy_version: manifest.policy_version,
        document_sha256: sha256_hex(&evidence.document),
        signature_sha256: sha256_hex(&evidence.signature),
        root_sha256,
    })
}

/// The entries by name. Nothing is unpacked but stored entries, each named once, none of it larger than what came in.
fn unpack(bundle: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, BundleError> {
    if bundle.len() > MAX_LENGTH {
        return Err(BundleError::Malformed("too large"));
    }
    let mut archive = ZipArchive::new(Cursor::new(bundle))?;
    if archive.len() > MAX_ENTRIES {
        return Err(BundleError::Malformed("too many entries"));
    }
    let (mut entries, mut total) = (BTreeMap::new(), 0);
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        if file.compression() != CompressionMethod::Stored {
            return Err(BundleError::Malformed("a packed entry"));
        }
        let name = file.name()?.into_owned();
        let mut bytes = Vec::new();
        let rest = bundle.len() - total;
        let read = file.by_ref().take(rest as u64 + 1).read_to_end(&mut bytes);
        total += read.map_err(|_| BundleError::Malformed("an entry's bytes"))?;
        if total > bundle.len() {
            return Err(BundleError::Malformed("entries that overlap"));
        }
        if entries.insert(name, bytes).is_some() {
            return Err(BundleError::Malformed("an entry twice"));
        }
    }
    Ok(entries)
}

const FORMAT: &str = "cabinet-evidence/1";
const _: () = assert!(
    POLICY_VERSION == 1,
    "a new policy must still give old bundles their verdicts"
);

#[cfg(test)]
mod tests;
