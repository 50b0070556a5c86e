//! The JSON of signing by QR with eGov Mobile («QR и Кросс подписание», edition 5, of АО «НИТ»), as the server speaks it:
//! names, cases and types to the letter, since the app refuses anything else. API №1 describes ([`Invitation`]), API №2
//! gives the document ([`Documents`]) and takes it back signed ([`Returned`]). Written strictly, read leniently.

use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What stands before the address of API №1 in a QR code: this case, one colon, no slashes, nothing escaped.
pub const QR_PREFIX: &str = "mobileSign:";

/// The page that opens eGov Mobile on the phone it is opened on. `link` is the address of API №1: without a query of its
/// own, so that nobody has to agree on how to escape one.
pub const APP_PAGE: &str = "https://m.egov.kz/mobileSign/";

/// The text of the QR code for this address of API №1.
#[must_use]
pub fn qr_payload(api_1: &str) -> String {
    format!("{QR_PREFIX}{api_1}")
}

/// The link that opens the app itself; `app_page` is [`APP_PAGE`] but in a demo.
#[must_use]
pub fn app_link(app_page: &str, api_1: &str) -> String {
    format!("{app_page}?link={api_1}")
}

/// API №1's answer: who asks for a signature, for what, until when, and where the documents are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invitation {
    /// Shown in bold above everything; at most about 80 characters are seen.
    pub description: String,
    /// [`Timestamp::egov_mobile`]; the app shows it to the minute.
    pub expiry_date: String,
    pub organisation: Organisation,
    pub document: DocumentPlace,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Organisation {
    pub name_ru: String,
    pub name_kz: String,
    pub name_en: String,
    /// Twelve digits.
    pub bin: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentPlace {
    /// The address of API №2, for GET and PUT.
    pub uri: String,
    pub auth_type: AuthType,
    /// Empty with [`AuthType::None`]: the app wants the field even then.
    pub auth_token: String,
}

/// How the app shows API №2 that it has been at API №1. `Eds`, the third way of the protocol, asks for an XML signature by
/// the authentication key and is left out on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuthType {
    /// `Authorization: Bearer` with the token, on GET and PUT.
    Token,
    None,
}

impl Invitation {
    #[must_use]
    pub fn new(
        description: String,
        expiry: Timestamp,
        organisation: Organisation,
        uri: String,
        token: Option<String>,
    ) -> Self {
        Self {
            description,
            expiry_date: expiry.egov_mobile(),
            organisation,
            document: DocumentPlace {
                uri,
                auth_type: match token {
                    Some(_) => AuthType::Token,
                    None => AuthType::None,
                },
                auth_token: token.unwrap_or_default(),
            },
        }
    }
}

/// How the documents are to be signed. Others of the protocol (XML, `CMS_SIGN_ONLY`, `SIGN_BYTES_ARRAY`, `MIX_SIGN`) aren't
/// asked for here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum SignMethod {
    /// A CMS that carries the document; the app adds a time stamp of the national authority.
    #[serde(rename = "CMS_WITH_DATA")]
    CmsWithData,
}

/// API №2's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Documents {
    pub sign_method: SignMethod,
    /// Always 1.
    pub version: u32,
    pub documents_to_sign: Vec<DocumentToSign>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentToSign {
    /// A number: text is refused by the app.
    pub id: u32,
    pub name_ru: String,
    pub name_kz: String,
    pub name_en: String,
    /// Rows of label and value, shown as they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub meta: Vec<MetaRow>,
    pub document: DocumentBody,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MetaRow {
    pub name: String,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentBody {
    pub file: DocumentFile,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentFile {
    pub mime: PdfMime,
    /// Base64 without line ends.
    pub data: String,
}

/// How a PDF's media type is written. Which of them an app wants is for its owner to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PdfMime {
    /// Of edition 5.
    #[default]
    #[serde(rename = "application/pdf")]
    Pdf,
    /// Of older editions.
    #[serde(rename = "@file/pdf")]
    FilePdf,
}

impl Documents {
    /// One PDF to be signed as CMS with the document inside.
    #[must_use]
    pub fn pdf(id: u32, names: [String; 3], meta: Vec<MetaRow>, base64: String, mime: PdfMime) -> Self {
        let [name_kz, name_ru, name_en] = names;
        Self {
            sign_method: SignMethod::CmsWithData,
            version: 1,
            documents_to_sign: vec![DocumentToSign {
                id,
                name_ru,
                name_kz,
                name_en,
                meta,
                document: DocumentBody {
                    file: DocumentFile { mime, data: base64 },
                },
            }],
        }
    }
}

/// What came back with PUT: the same JSON, in which the signed document stands where the document stood. Unknown fields
/// are passed over and all that isn't needed may be absent; no `version`, an older media type or a number written as text
/// is no reason to lose a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returned {
    /// What stands in `data`: base64 of a CMS, if all is well. Not yet judged.
    Signed(String),
    /// «Отказать»: the unsigned documents came back with `"status": "CANCELED"`.
    Declined,
}

/// Why a returned JSON can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReturnedError {
    #[error("not JSON")]
    NotJson,
    #[error("not in the agreed shape")]
    Shape,
    #[error("another way of signing than asked for")]
    Method,
    #[error("not the document given")]
    AnotherDocument,
}

#[derive(Deserialize)]
struct RawReturned {
    #[serde(default)]
    status: Option<String>,
    #[serde(rename = "signMethod", default)]
    sign_method: Option<String>,
    #[serde(rename = "documentsToSign", default)]
    documents: Vec<RawDocument>,
}

#[derive(Deserialize)]
struct RawDocument {
    id: RawId,
    #[serde(default)]
    document: Option<RawBody>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawId {
    Number(u64),
    Text(String),
}

#[derive(Deserialize)]
struct RawBody {
    file: RawFile,
}

#[derive(Deserialize)]
struct RawFile {
    data: String,
}

impl Returned {
    /// Reads the body of a PUT for the one document `id`.
    ///
    /// # Errors
    /// [`ReturnedError`] tells broken JSON, another shape, another method and another document apart.
    pub fn read(body: &[u8], id: u32) -> Result<Self, ReturnedError> {
        let raw: RawReturned = serde_json::from_slice(body).map_err(|error| {
            if error.is_data() {
                ReturnedError::Shape
            } else {
                ReturnedError::NotJson
            }
        })?;
        if raw.status.is_some_and(|status| {
            status.eq_ignore_ascii_case("CANCELED") || status.eq_ignore_ascii_case("CANCELLED")
        }) {
            return Ok(Self::Declined);
        }
        if raw.sign_method.is_some_and(|method| method != "CMS_WITH_DATA") {
            return Err(ReturnedError::Method);
        }
        let mut documents = raw.documents.into_iter();
        let (Some(document), None) = (documents.next(), documents.next()) else {
            return Err(ReturnedError::Shape);
        };
        let same = match document.id {
            RawId::Number(number) => number == u64::from(id),
            RawId::Text(text) => text == id.to_string(),
        };
        if !same {
            return Err(ReturnedError::AnotherDocument);
        }
        let data = document.document.ok_or(ReturnedError::Shape)?.file.data;
        Ok(Self::Signed(data))
    }
}

/// The answer to a PUT that went well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Accepted {
    status: &'static str,
    /// Where «Назад» leads on the same phone; carries no secret.
    #[serde(rename = "backUrl", skip_serializing_if = "Option::is_none")]
    back_url: Option<String>,
}

impl Accepted {
    #[must_use]
    pub const fn new(back_url: Option<String>) -> Self {
        Self {
            status: "success",
            back_url,
        }
    }
}

/// Every other answer: the app shows the message as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Complaint {
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organisation() -> Organisation {
        Organisation {
            name_ru: "Фонд «Пример»".into(),
            name_kz: "«Мысал» қоры".into(),
            name_en: "Example Fund".into(),
            bin: "000740000728".into(),
        }
    }

    fn invitation(token: Option<&str>) -> String {
        serde_json::to_string(&Invitation::new(
            "4719 · Өтініш № 2026-000184".into(),
            Timestamp::parse_rfc3339("2026-08-14T10:52:24.138Z").unwrap(),
            organisation(),
            "https://qr.example.kz/d/AAAAAAAAAAAAAAAAAAAAAA/mgovSign".into(),
            token.map(str::to_owned),
        ))
        .unwrap()
    }

    #[test]
    fn api_1_is_written_to_the_letter() {
        assert_eq!(
            invitation(Some("2dffe45dssvg")),
            concat!(
                r#"{"description":"4719 · Өтініш № 2026-000184","#,
                r#""expiry_date":"2026-08-14T15:52:24.138+0500","#,
                r#""organisation":{"nameRu":"Фонд «Пример»","nameKz":"«Мысал» қоры","nameEn":"Example Fund","bin":"000740000728"},"#,
                r#""document":{"uri":"https://qr.example.kz/d/AAAAAAAAAAAAAAAAAAAAAA/mgovSign","#,
                r#""auth_type":"Token","auth_token":"2dffe45dssvg"}}"#
            )
        );
    }

    #[test]
    fn without_authentication_the_token_is_there_and_empty() {
        assert!(invitation(None).ends_with(r#""auth_type":"None","auth_token":""}}"#));
    }

    fn documents(meta: Vec<MetaRow>) -> String {
        serde_json::to_string(&Documents::pdf(
            184,
            ["Өтініш".into(), "Заявление".into(), "Application".into()],
            meta,
            "JVBERi0=".into(),
            PdfMime::default(),
        ))
        .unwrap()
    }

    #[test]
    fn api_2_is_written_to_the_letter() {
        let meta = vec![MetaRow {
            name: "Экрандағы код".into(),
            value: "4719".into(),
        }];
        assert_eq!(
            documents(meta),
            concat!(
                r#"{"signMethod":"CMS_WITH_DATA","version":1,"documentsToSign":[{"id":184,"#,
                r#""nameRu":"Заявление","nameKz":"Өтініш","nameEn":"Application","#,
                r#""meta":[{"name":"Экрандағы код","value":"4719"}],"#,
                r#""document":{"file":{"mime":"application/pdf","data":"JVBERi0="}}}]}"#
            )
        );
    }

    #[test]
    fn an_empty_meta_is_left_out() {
        assert!(!documents(vec![]).contains("meta"));
    }

    #[test]
    fn the_answers_to_put_are_written_to_the_letter() {
        let json = |value: &Accepted| serde_json::to_string(value).unwrap();
        assert_eq!(json(&Accepted::new(None)), r#"{"status":"success"}"#);
        assert_eq!(
            json(&Accepted::new(Some("https://cabinet.example.kz/".into()))),
            r#"{"status":"success","backUrl":"https://cabinet.example.kz/"}"#
        );
        assert_eq!(
            serde_json::to_string(&Complaint {
                message: "Мерзімі өтті".into()
            })
            .unwrap(),
            r#"{"message":"Мерзімі өтті"}"#
        );
    }

    #[test]
    fn the_qr_carries_the_bare_address_and_the_app_link_needs_no_escaping() {
        let api_1 = "https://qr.example.kz/s/AAAAAAAAAAAAAAAAAAAAAA/mgovSign";
        assert_eq!(
            qr_payload(api_1),
            "mobileSign:https://qr.example.kz/s/AAAAAAAAAAAAAAAAAAAAAA/mgovSign"
        );
        assert_eq!(
            app_link(APP_PAGE, api_1),
            "https://m.egov.kz/mobileSign/?link=https://qr.example.kz/s/AAAAAAAAAAAAAAAAAAAAAA/mgovSign"
        );
    }

    fn signed(data: &str) -> String {
        documents(vec![]).replace("JVBERi0=", data)
    }

    #[test]
    fn the_signed_document_is_found_where_the_document_stood() {
        let read = |body: &str| Returned::read(body.as_bytes(), 184);
        let taken = Ok(Returned::Signed("MIIB".into()));
        assert_eq!(read(&signed("MIIB")), taken);
        let variants = [
            signed("MIIB").replace(r#""version":1,"#, ""),
            signed("MIIB").replace("application/pdf", "@file/pdf"),
            signed("MIIB").replace(r#""mime":"application/pdf","#, ""),
            signed("MIIB").replace(r#""id":184"#, r#""id":"184""#),
            signed("MIIB").replace(r#""signMethod":"CMS_WITH_DATA","#, r#""added":[1],"#),
            signed("MIIB").replace(r#""version":1"#, r#""version":1,"status":null"#),
        ];
        for body in variants {
            assert_eq!(read(&body), taken, "{body}");
        }
    }

    #[test]
    fn a_refusal_is_read_with_and_without_the_documents() {
        let original = documents(vec![]).replace(r#""version":1"#, r#""version":1,"status":"CANCELED""#);
        for body in [original.as_str(), r#"{"status":"CANCELED","version":1}"#] {
            assert_eq!(
                Returned::read(body.as_bytes(), 184),
                Ok(Returned::Declined),
                "{body}"
            );
        }
    }

    #[test]
    fn each_useless_body_has_its_name() {
        use ReturnedError::{AnotherDocument, Method, NotJson, Shape};
        let one = signed("MIIB");
        let twice = one.replace(
            "]}",
            r#",{"id":184,"document":{"file":{"mime":"","data":"MIIB"}}}]}"#,
        );
        let cases = [
            (one[..one.len() - 9].to_owned(), NotJson),
            (String::new(), NotJson),
            ("[]".into(), Shape),
            ("{}".into(), Shape),
            (one.replace(r#""file""#, r#""File""#), Shape),
            (one.replace(r#""MIIB""#, "7"), Shape),
            (twice, Shape),
            (one.replace("CMS_WITH_DATA", "CMS_SIGN_ONLY"), Method),
            (one.replace("184", "185"), AnotherDocument),
            (one.replace(r#""id":184"#, r#""id":"0184""#), AnotherDocument),
        ];
        for (body, reason) in cases {
            assert_eq!(Returned::read(body.as_bytes(), 184), Err(reason), "{body}");
        }
    }
}
