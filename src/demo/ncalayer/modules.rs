//! The modules of NCALayer: which request is answered at once, which one opens the window, and what its answer looks like.

use super::choice::{CLIENT_AUTH, EMAIL_PROTECTION, Issuers, Wanted};
use super::frames::{Call, Frame, basics, common_utils, no_module};
use super::{Script, signing};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// What follows a request.
#[derive(Debug)]
pub(super) enum Next {
    Answer(Frame),
    /// The window opens.
    Window(Job),
}

/// Which module answers, and so in which envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Module {
    Basics,
    CommonUtils { method: String },
}

#[derive(Debug, Clone)]
pub(super) enum Work {
    Sign {
        documents: Vec<Vec<u8>>,
        attached: bool,
        stamped: bool,
        /// The certificate is wanted beside the signatures.
        with_certificate: bool,
    },
    KeyInfo,
}

/// A request that needs a key.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) module: Module,
    pub(super) work: Work,
    pub(super) wanted: Wanted,
    /// Of the window: `kk`, `kz`, `ru` or `en`.
    pub(super) locale: String,
    uuid: Option<Value>,
}

/// Answers a request, or says which window it needs. `locale` is what `changeLocale` set in this connection.
pub(super) fn dispatch(call: Call, script: &Script, locale: &mut String) -> Next {
    let (known, basics_known) = (!script.without_modules, !script.without_basics);
    match call.module.as_str() {
        "kz.gov.pki.knca.basics" if known && basics_known => in_basics(&call),
        "kz.gov.pki.knca.commonUtils" if known => {
            let uuid = call.uuid.clone();
            match in_common_utils(call, script, locale) {
                Next::Answer(frame) => Next::Answer(frame.with("uuid", uuid)),
                window @ Next::Window(_) => window,
            }
        }
        _ => Next::Answer(no_module()),
    }
}

/// An exception that the dispatcher of `basics` reports.
struct Exception(String);

/// Reading out of JSON objects as the Java library of NCALayer does it, with its words for what is wrong.
struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    fn required(&self, name: &str) -> Result<&'a Value, Exception> {
        let missing = || {
            Exception(format!(
                "org.json.JSONException: JSONObject[\"{name}\"] not found."
            ))
        };
        self.0.get(name).ok_or_else(missing)
    }

    fn object(&self, name: &str) -> Result<Fields<'a>, Exception> {
        let wrong = || {
            Exception(format!(
                "org.json.JSONException: JSONObject[\"{name}\"] is not a JSONObject."
            ))
        };
        self.required(name)?.as_object().map(Fields).ok_or_else(wrong)
    }

    /// Lenient: words do for flags.
    fn flag(&self, name: &str, default: bool) -> bool {
        match self.0.get(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(word)) if word.eq_ignore_ascii_case("true") => true,
            Some(Value::String(word)) if word.eq_ignore_ascii_case("false") => false,
            _ => default,
        }
    }

    fn words(&self, name: &str) -> Option<Vec<String>> {
        let list = self.0.get(name)?.as_array()?;
        Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    fn word(&self, name: &str) -> Option<String> {
        self.0.get(name)?.as_str().map(str::to_owned)
    }
}

fn in_basics(call: &Call) -> Next {
    if call.method != "sign" {
        let details = format!(
            "java.lang.IllegalArgumentException: {} is not defined in Basics",
            call.method
        );
        return Next::Answer(basics::general_error(&details));
    }
    let Some(Value::Object(args)) = &call.args else {
        return Next::Answer(basics::general_error(
            "java.lang.IllegalArgumentException: args is not defined",
        ));
    };
    match basics_sign(&Fields(args)) {
        Ok(job) => Next::Window(job),
        Err(Exception(details)) => Next::Answer(basics::invocation_error(&details)),
    }
}

fn basics_sign(args: &Fields<'_>) -> Result<Job, Exception> {
    let params = args.object("signingParams")?;
    let signer = args.object("signerParams")?;
    signer.required("extKeyUsageOids")?;
    if args.word("format").as_deref() != Some("cms") {
        let why = "java.lang.UnsupportedOperationException: only CMS is signed here";
        return Err(Exception(why.to_owned()));
    }
    if params.flag("digested", false) {
        let why = "java.lang.UnsupportedOperationException: digests are not signed here";
        return Err(Exception(why.to_owned()));
    }
    let texts = match args.required("data")? {
        Value::String(one) => vec![one.as_str()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => return Err(Exception("org.json.JSONException: data".to_owned())),
    };
    let decode = params.flag("decode", false);
    let decoded = |text: &str| match decode {
        true => STANDARD
            .decode(text)
            .map_err(|_| Exception("java.lang.IllegalArgumentException: Illegal base64".to_owned())),
        false => Ok(text.as_bytes().to_vec()),
    };
    Ok(Job {
        module: Module::Basics,
        work: Work::Sign {
            documents: texts.into_iter().map(decoded).collect::<Result<_, _>>()?,
            attached: params.flag("encapsulate", true),
            stamped: params.0.get("tsaProfile").is_some_and(Value::is_object),
            with_certificate: params.flag("outputCert", false),
        },
        wanted: Wanted {
            storages: args.words("allowedStorages"),
            usages: signer.words("extKeyUsageOids").unwrap_or_default(),
            issuers: match signer.0.get("chain") {
                Some(Value::Array(list)) if list.is_empty() => Issuers::Any,
                Some(Value::Array(_)) => Issuers::Given,
                _ => Issuers::National,
            },
            iin: signer.word("iin"),
            allow_expired: params.flag("allowExpired", false),
            allow_revoked: params.flag("allowRevoked", false),
        },
        locale: args.word("locale").unwrap_or_else(|| "ru".to_owned()),
        uuid: None,
    })
}

/// What a method of `commonUtils` takes, in order: `s` a string, `b` a flag, `l` a list.
fn parameters(method: &str) -> Option<&'static str> {
    Some(match method {
        "getActiveTokens" => "",
        "getKeyInfo" | "changeLocale" => "s",
        "createCAdESFromBase64" | "createCMSSignatureFromBase64" => "sssb",
        "createCAdESFromBase64Hash" => "sss",
        "signXml" => "sssss",
        "signXmls" => "sslss",
        _ => return None,
    })
}

fn in_common_utils(call: Call, script: &Script, locale: &mut String) -> Next {
    let method = call.method;
    let Some(expected) = parameters(&method) else {
        let why = format!("java.lang.NoSuchMethodException: {method}");
        return Next::Answer(common_utils::failure(&why));
    };
    let args = match call.args {
        Some(Value::Array(args)) => args,
        _ => Vec::new(),
    };
    let fits = |(kind, value): (char, &Value)| match kind {
        's' => value.is_string(),
        'b' => value.is_boolean(),
        _ => value.is_array(),
    };
    if args.len() != expected.len() || !expected.chars().zip(&args).all(fits) {
        return Next::Answer(common_utils::type_mismatch(&method));
    }
    let word = |place: usize| args.get(place).and_then(Value::as_str).unwrap_or_default();
    let work = match method.as_str() {
        "getActiveTokens" => {
            return Next::Answer(common_utils::result(script.tokens.clone().into()));
        }
        "changeLocale" => {
            word(0).clone_into(locale);
            return Next::Answer(common_utils::done());
        }
        "getKeyInfo" => Work::KeyInfo,
        "createCAdESFromBase64" | "createCMSSignatureFromBase64" => {
            let Ok(document) = STANDARD.decode(word(2)) else {
                return Next::Answer(common_utils::failure_without_message());
            };
            Work::Sign {
                documents: vec![document],
                attached: args.get(3) == Some(&Value::Bool(true)),
                stamped: method == "createCMSSignatureFromBase64",
                with_certificate: false,
            }
        }
        // The cabinet never signs digests or XML: those are refused as the real one refuses an empty digest.
        _ => return Next::Answer(common_utils::failure_without_message()),
    };
    let usage = match word(1) {
        "SIGNATURE" => Some(EMAIL_PROTECTION),
        "AUTHENTICATION" => Some(CLIENT_AUTH),
        _ => None,
    };
    Next::Window(Job {
        wanted: Wanted {
            storages: Some(vec![word(0).to_owned()]),
            usages: usage.map(str::to_owned).into_iter().collect(),
            issuers: Issuers::Any,
            iin: None,
            // The old window warns and lets the person go on.
            allow_expired: true,
            allow_revoked: true,
        },
        work,
        locale: locale.clone(),
        uuid: call.uuid,
        module: Module::CommonUtils { method },
    })
}

impl Job {
    fn in_envelope(&self, basics: Frame, common_utils: Frame) -> Frame {
        match self.module {
            Module::Basics => basics,
            Module::CommonUtils { .. } => common_utils.with("uuid", self.uuid.clone()),
        }
    }

    pub(super) fn cancelled(&self) -> Frame {
        self.in_envelope(basics::cancelled(), common_utils::cancelled())
    }

    pub(super) fn signing_failure(&self, details: &str) -> Frame {
        self.in_envelope(
            basics::signing_failure(details),
            common_utils::failure_without_message(),
        )
    }

    pub(super) fn invocation_error(&self) -> Frame {
        let details = "java.lang.IllegalStateException: scripted";
        self.in_envelope(basics::invocation_error(details), common_utils::failure(details))
    }

    pub(super) fn general_error(&self) -> Frame {
        let details = "java.lang.IllegalArgumentException: scripted";
        self.in_envelope(basics::general_error(details), common_utils::failure(details))
    }

    pub(super) fn type_mismatch(&self) -> Frame {
        let method = match &self.module {
            Module::Basics => "sign",
            Module::CommonUtils { method } => method,
        };
        common_utils::type_mismatch(method).with("uuid", self.uuid.clone())
    }

    /// The answer once the person has chosen a key and given its password.
    pub(super) fn done(&self, simulator: &super::NcaLayer, key: &str, script: &Script) -> Frame {
        match signing::result(self, simulator.keys(), key, script.shape) {
            Ok(result) => self.in_envelope(basics::result(result.clone()), common_utils::result(result)),
            Err(why) => self.signing_failure(&why),
        }
    }
}
