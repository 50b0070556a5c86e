//! What the page asks NCALayer: the module `basics`, and `commonUtils` where `basics` is missing.

use crate::domain::lang::Lang;
use serde::Serialize;

const BASICS: &str = "kz.gov.pki.knca.basics";
const COMMON_UTILS: &str = "kz.gov.pki.knca.commonUtils";
/// KAZTOKEN's own module. NCALayer doesn't know it and says so, which is how the two are told apart.
const KAZTOKEN: &str = "kz.digiflow.mobile.extensions";

/// Extended key usage `emailProtection`: the national CA's mark of a key for signing.
const FOR_SIGNING: &str = "1.3.6.1.5.5.7.3.4";

/// What the signature is for. It decides which keys NCALayer lets the person choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Any key: today's GOST keys have one file for signing in and for signing.
    SignIn,
    /// Keys for signing only.
    Document,
}

/// Which issuers' keys NCALayer lets the person choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Chain {
    /// Valid keys of the national CA.
    #[default]
    National,
    /// Keys of anybody, test keys too: for the demo, whose keys no national CA has issued.
    Any,
}

/// A signature over one document, which will stand inside the CMS.
#[derive(Debug, Clone, Copy)]
pub struct SignRequest<'a> {
    pub data_base64: &'a str,
    pub purpose: Purpose,
    pub lang: Lang,
    /// NCALayer's names of storages; `None` for all of them.
    pub storages: Option<&'a [&'a str]>,
    pub chain: Chain,
}

#[derive(Serialize)]
struct Request<'a, A: Serialize> {
    module: &'a str,
    method: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    args: Option<A>,
}

fn frame<A: Serialize>(module: &str, method: &str, args: Option<A>) -> String {
    // Strings, lists and flags alone can't fail to become JSON; an empty frame would be refused by the agent anyway.
    serde_json::to_string(&Request { module, method, args }).unwrap_or_default()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BasicsSign<'a> {
    allowed_storages: Option<&'a [&'a str]>,
    format: &'static str,
    data: &'a str,
    signing_params: SigningParams,
    signer_params: SignerParams,
    locale: &'static str,
}

/// No time stamp is asked for: a time stamp server out of reach would fail the whole signature.
#[derive(Serialize)]
struct SigningParams {
    decode: bool,
    encapsulate: bool,
    digested: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignerParams {
    /// All of them must be in the certificate.
    ext_key_usage_oids: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    chain: Option<[&'static str; 0]>,
}

impl SignRequest<'_> {
    /// `sign` of `basics`.
    #[must_use]
    pub fn basics(&self) -> String {
        let args = BasicsSign {
            allowed_storages: self.storages,
            format: "cms",
            data: self.data_base64,
            signing_params: SigningParams {
                decode: true,
                encapsulate: true,
                digested: false,
            },
            signer_params: SignerParams {
                ext_key_usage_oids: match self.purpose {
                    Purpose::SignIn => &[],
                    Purpose::Document => &[FOR_SIGNING],
                },
                chain: match self.chain {
                    Chain::National => None,
                    Chain::Any => Some([]),
                },
            },
            locale: self.lang.tag(),
        };
        frame(BASICS, "sign", Some(args))
    }

    /// `createCAdESFromBase64` of `commonUtils`, which takes one storage and has neither a language nor a chain.
    #[must_use]
    pub fn common_utils(&self, storage: &str) -> String {
        // An empty kind of key offers both kinds.
        let kind = match self.purpose {
            Purpose::SignIn => "",
            Purpose::Document => "SIGNATURE",
        };
        frame(
            COMMON_UTILS,
            "createCAdESFromBase64",
            Some((storage, kind, self.data_base64, true)),
        )
    }

    /// The one storage for `common_utils`: a plugged-in token if it is among the wanted ones, else the first wanted.
    #[must_use]
    pub fn storage<'s>(&'s self, plugged_in: &'s [String]) -> &'s str {
        let wanted = self.storages.unwrap_or_default();
        plugged_in
            .iter()
            .map(String::as_str)
            .find(|token| wanted.is_empty() || wanted.contains(token))
            .or_else(|| wanted.first().copied())
            .unwrap_or("PKCS12")
    }
}

/// Asks for KAZTOKEN's version: it answers with it, NCALayer that it has no such module.
#[must_use]
pub fn probe() -> String {
    frame(KAZTOKEN, "getVersion", None::<()>)
}

/// Tells `commonUtils` the language of its dialogs. Kazakh is `kz` there.
#[must_use]
pub fn change_locale(lang: Lang) -> String {
    let locale = match lang {
        Lang::Kk => "kz",
        Lang::Ru => "ru",
        Lang::En => "en",
    };
    frame(COMMON_UTILS, "changeLocale", Some([locale]))
}

/// Asks `commonUtils` which tokens are plugged in.
#[must_use]
pub fn active_tokens() -> String {
    frame(COMMON_UTILS, "getActiveTokens", None::<()>)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn ask() -> SignRequest<'static> {
        SignRequest {
            data_base64: "MTEK",
            purpose: Purpose::SignIn,
            lang: Lang::Kk,
            storages: None,
            chain: Chain::National,
        }
    }

    fn parsed(frame: &str) -> Value {
        serde_json::from_str(frame).unwrap()
    }

    #[test]
    fn signing_in_accepts_either_kind_of_key_and_names_no_chain() {
        assert_eq!(
            parsed(&ask().basics()),
            json!({"module": "kz.gov.pki.knca.basics", "method": "sign", "args": {
                "allowedStorages": null, "format": "cms", "data": "MTEK",
                "signingParams": {"decode": true, "encapsulate": true, "digested": false},
                "signerParams": {"extKeyUsageOids": []}, "locale": "kk"}})
        );
    }

    #[test]
    fn a_document_asks_for_a_signing_key_and_the_demo_for_any_chain() {
        let request = SignRequest {
            purpose: Purpose::Document,
            storages: Some(&["AKKaztokenStore"]),
            chain: Chain::Any,
            lang: Lang::Ru,
            ..ask()
        };
        let args = parsed(&request.basics())["args"].take();
        assert_eq!(args["allowedStorages"], json!(["AKKaztokenStore"]));
        assert_eq!(
            args["signerParams"],
            json!({"extKeyUsageOids": ["1.3.6.1.5.5.7.3.4"], "chain": []})
        );
        assert_eq!(args["locale"], "ru");
    }

    #[test]
    fn frames_of_the_old_module_are_the_recorded_ones() {
        assert_eq!(
            parsed(&probe()),
            json!({"module": "kz.digiflow.mobile.extensions", "method": "getVersion"})
        );
        assert_eq!(
            parsed(&active_tokens()),
            json!({"module": "kz.gov.pki.knca.commonUtils", "method": "getActiveTokens"})
        );
        assert_eq!(parsed(&change_locale(Lang::Kk))["args"], json!(["kz"]));
        let document = SignRequest {
            purpose: Purpose::Document,
            ..ask()
        };
        assert_eq!(
            parsed(&document.common_utils("AKKaztokenStore")),
            json!({"module": "kz.gov.pki.knca.commonUtils", "method": "createCAdESFromBase64",
                "args": ["AKKaztokenStore", "SIGNATURE", "MTEK", true]})
        );
    }

    #[test]
    fn a_plugged_in_token_is_used_only_if_it_is_wanted() {
        let token = ["AKKaztokenStore".to_owned()];
        assert_eq!(ask().storage(&[]), "PKCS12");
        assert_eq!(ask().storage(&token), "AKKaztokenStore");
        let file = SignRequest {
            storages: Some(&["PKCS12"]),
            ..ask()
        };
        assert_eq!(file.storage(&token), "PKCS12");
    }
}
