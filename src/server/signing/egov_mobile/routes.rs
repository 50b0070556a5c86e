//! What the phone asks: API №1 (`GET /s/…/mgovSign`), API №2 (`GET` and `PUT /d/…/mgovSign`). Everything but success is
//! `{"message"}` in the language of `Accept-Language`, which the app shows as it is. The router around puts `no-store` on
//! every answer and logs routes, never paths: these hold secrets.

use super::papers::{Paper, Verdict};
use super::secrets::{Secrets, lookup};
use super::session::{QrState, Step, Stop, Way};
use super::{EgovMobile, ROUNDS};
use crate::api::{ApiError, SignatureTrouble};
use crate::domain::lang::Lang;
use crate::pki::armor;
use crate::server::document::told;
use crate::server::limits::{self, Limit, Rule};
use crate::server::questions::{RequestId, client_address};
use crate::server::store::StoreError;
use crate::server::store::qr::{Circumstances, Device, QrRow};
use crate::server::traces;
use crate::server::world::sha256;
use crate::texts::fill;
use crate::texts::outgoing::{Key, key, text};
use crate::wire::egov_mobile::{
    Accepted, AuthType, Complaint, Documents, Invitation, MetaRow, Organisation, Returned, ReturnedError,
};
use axum::body::{Body, HttpBody as _};
use axum::extract::rejection::PathRejection;
use axum::extract::{ConnectInfo, FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use tracing::Instrument as _;

/// The body of a PUT: a PDF of 200 kB inside a CMS inside base64 inside JSON, with room.
pub const PUT_LIMIT: usize = 2 * 1024 * 1024;
/// So much of a body that is too large is read away, so that the phone hears why it is refused.
const READ_AWAY: usize = 16 * 1024 * 1024;
const CMS_LIMIT: usize = 1024 * 1024;
/// There is one document; its number says nothing.
const DOCUMENT_ID: u32 = 1;
/// What a refusal counts as: the SHA-256 of nothing.
fn declined() -> [u8; 32] {
    sha256(b"")
}

/// The addresses that phones know. They carry no cookie and come from no page: nothing but these secrets guards them.
pub fn router(service: Arc<EgovMobile>) -> Router {
    let nothing_here = |asked: Asked| async move { asked.answer(Trouble::Unknown) };
    Router::new()
        .route(
            "/s/{link}/mgovSign",
            get(invite).head(nothing_here).fallback(nothing_here),
        )
        .route(
            "/d/{document}/mgovSign",
            get(hand_out)
                .put(take_back)
                .head(nothing_here)
                .fallback(nothing_here),
        )
        .with_state(service)
}

/// Who asks, in which language.
#[derive(Clone)]
struct Asked {
    lang: Lang,
    phone: Device,
    /// What limits count as one address.
    network: String,
    bearer: Option<String>,
    request_id: Option<String>,
}

impl FromRequestParts<Arc<EgovMobile>> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        service: &Arc<EgovMobile>,
    ) -> Result<Self, Self::Rejection> {
        let header = |name: header::HeaderName| parts.headers.get(name)?.to_str().ok();
        let lang = header(header::ACCEPT_LANGUAGE)
            .and_then(Lang::from_accept_language)
            .unwrap_or_default();
        let agent = header(header::USER_AGENT).unwrap_or_default();
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let address = peer.map(|peer| {
            let proxies = service.core.config.proxies;
            client_address(peer.0.ip(), &parts.headers, proxies)
        });
        Ok(Self {
            lang,
            phone: Device {
                address: address.map(|ip| ip.to_string()).unwrap_or_default(),
                agent: agent.chars().filter(|c| !c.is_control()).take(200).collect(),
            },
            network: address.map(limits::network).unwrap_or_default(),
            bearer: header(header::AUTHORIZATION)
                .and_then(|value| value.split_once(' '))
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
                .map(|(_, token)| token.to_owned()),
            request_id: parts.extensions.get::<RequestId>().map(|id| id.0.clone()),
        })
    }
}

impl Asked {
    fn answer(&self, trouble: Trouble) -> Response {
        trouble.told(self.lang)
    }

    fn circumstances(&self) -> Circumstances<'_> {
        Circumstances {
            phone: Some(&self.phone),
            request_id: self.request_id.as_deref(),
            ..Circumstances::default()
        }
    }
}

/// Everything that isn't success, as the phone is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    Unknown,
    Stop(Stop),
    NoAccess,
    TooMany {
        retry_after_seconds: u32,
    },
    TooLarge,
    Unreadable,
    Signature(SignatureTrouble),
    /// Answered before with this very signature.
    RefusedBefore(QrState),
    TooSlow,
    Unavailable,
}

impl Trouble {
    /// The answer in a language.
    pub(super) fn told(self, lang: Lang) -> Response {
        let message = text(lang, self.text()).to_owned();
        let mut response = (self.status(), Json(Complaint { message })).into_response();
        let wait = match self {
            Self::Unavailable | Self::TooSlow => Some(60),
            Self::TooMany { retry_after_seconds } => Some(retry_after_seconds),
            _ => None,
        };
        if let Some(seconds) = wait {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
        }
        response
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::Stop(Stop::OldLink | Stop::Ended(_)) => StatusCode::GONE,
            Self::Stop(Stop::OutOfTurn | Stop::SignedOtherwise) => StatusCode::CONFLICT,
            Self::NoAccess => StatusCode::UNAUTHORIZED,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Signature(_) | Self::RefusedBefore(_) => StatusCode::FORBIDDEN,
            Self::TooSlow | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn text(&self) -> Key {
        match self {
            Self::Unknown => key::EGOV_UNKNOWN,
            Self::Stop(Stop::OldLink) => key::EGOV_OLD_LINK,
            Self::Stop(Stop::OutOfTurn) => key::EGOV_OUT_OF_TURN,
            Self::Stop(Stop::SignedOtherwise) => key::EGOV_SIGNED_OTHERWISE,
            Self::Stop(Stop::Ended(state)) => match state {
                QrState::Expired => key::EGOV_EXPIRED,
                QrState::Cancelled => key::EGOV_CANCELLED,
                QrState::Refused => key::EGOV_REFUSED,
                QrState::Signed => key::EGOV_SIGNED_OTHERWISE,
                _ => key::EGOV_ENDED,
            },
            Self::NoAccess => key::EGOV_NO_ACCESS,
            Self::TooMany { .. } => key::EGOV_TOO_MANY,
            Self::TooLarge => key::EGOV_TOO_LARGE,
            Self::Unreadable => key::EGOV_UNREADABLE,
            Self::RefusedBefore(QrState::WrongSigner) => key::EGOV_WRONG_SIGNER,
            Self::RefusedBefore(_) => key::EGOV_BAD_SIGNATURE,
            Self::TooSlow => key::EGOV_SLOW,
            Self::Unavailable => key::EGOV_BUSY,
            Self::Signature(trouble) => match trouble {
                SignatureTrouble::AnotherPerson => key::EGOV_WRONG_SIGNER,
                SignatureTrouble::Organisation => key::EGOV_ORGANISATION,
                SignatureTrouble::AuthenticationKey => key::EGOV_AUTHENTICATION_KEY,
                SignatureTrouble::Expired => key::EGOV_CERTIFICATE_EXPIRED,
                SignatureTrouble::NotYetValid => key::EGOV_CERTIFICATE_EARLY,
                SignatureTrouble::Revoked => key::EGOV_CERTIFICATE_REVOKED,
                SignatureTrouble::UntrustedIssuer => key::EGOV_UNTRUSTED,
                _ => key::EGOV_BAD_SIGNATURE,
            },
        }
    }
}

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "database");
        Self::Unavailable
    }
}

/// The secret in an address; what isn't even text is nobody's.
type Secret = Result<Path<String>, PathRejection>;

/// API №1.
async fn invite(State(service): State<Arc<EgovMobile>>, link: Secret, asked: Asked) -> Response {
    match service.invitation(link, &asked).await {
        Ok(invitation) => Json(invitation).into_response(),
        Err(trouble) => asked.answer(trouble),
    }
}

/// API №2, GET.
async fn hand_out(State(service): State<Arc<EgovMobile>>, document: Secret, asked: Asked) -> Response {
    match service.documents(document, &asked).await {
        Ok(documents) => Json(documents).into_response(),
        Err(trouble) => asked.answer(trouble),
    }
}

/// API №2, PUT. The bound covers a slow phone and a slow verifier alike; a judgement already begun is finished even if
/// the phone no longer waits for it, and the phone's repetition hears how it ended.
async fn take_back(
    State(service): State<Arc<EgovMobile>>,
    document: Secret,
    asked: Asked,
    request: Request,
) -> Response {
    let bound = service.core.config.egov_mobile.put_bound();
    let body = request.into_body();
    let taken = tokio::time::timeout(bound, service.take_back(document, &asked, body)).await;
    match taken.unwrap_or(Err(Trouble::TooSlow)) {
        Ok(accepted) => Json(accepted).into_response(),
        Err(trouble) => asked.answer(trouble),
    }
}

impl EgovMobile {
    /// The secret of an address, once the caller's network hasn't asked too often. Guessing finds nothing anyway (128
    /// bits); this keeps a flood of guesses, and of large bodies, off the database.
    async fn admitted(&self, secret: Secret, asked: &Asked) -> Result<String, Trouble> {
        let limit = Limit {
            key: limits::key(&self.core.keys, "phones from address", &[&asked.network]),
            rule: Rule::Window {
                most: self.core.config.limits.phones_per_address,
                ms: 60_000,
            },
        };
        if let Some(retry_after_seconds) = self.core.store.admit(limit, self.core.world.now()).await? {
            return Err(Trouble::TooMany { retry_after_seconds });
        }
        secret.map(|Path(secret)| secret).map_err(|_| Trouble::Unknown)
    }

    async fn invitation(&self, link: Secret, asked: &Asked) -> Result<Invitation, Trouble> {
        let link = lookup(&self.admitted(link, asked).await?);
        let store = &self.core.store;
        for _ in 0..ROUNDS {
            let (row, link) = store.qr_by_link(&link).await?.ok_or(Trouble::Unknown)?;
            let now = self.core.world.now();
            match row.session.open(link, now)? {
                Step::To(next) => {
                    let paper = self.paper(&row).await?;
                    if store.step_qr(&row, &next, now, asked.circumstances()).await? {
                        self.core.waiting.nudge();
                        return Ok(self.written_invitation(&row, &paper, asked.lang));
                    }
                }
                Step::Again => {
                    let paper = self.paper(&row).await?;
                    if !store.count_qr_fetch(&row, now, asked.circumstances()).await? {
                        return Err(Trouble::TooMany {
                            retry_after_seconds: 60,
                        });
                    }
                    return Ok(self.written_invitation(&row, &paper, asked.lang));
                }
            }
        }
        Err(Trouble::Unavailable)
    }

    fn written_invitation(&self, row: &QrRow, paper: &Paper, lang: Lang) -> Invitation {
        let secrets = Secrets::new(&self.core.keys.phones, &row.seed);
        let code = secrets.code(&row.document_sha256);
        let config = &self.core.config.egov_mobile;
        let values = [("code", code.as_str()), ("number", &paper.number)];
        Invitation::new(
            fill(text(lang, key::EGOV_DESCRIPTION), &values),
            row.session.end(),
            Organisation {
                name_ru: config.organisation.name_ru.clone(),
                name_kz: config.organisation.name_kk.clone(),
                name_en: config.organisation.name_en.clone(),
                bin: config.organisation.bin.clone(),
            },
            self.api_2(&secrets.document()),
            (config.auth_type == AuthType::Token).then(|| secrets.token()),
        )
    }

    async fn documents(&self, document: Secret, asked: &Asked) -> Result<Documents, Trouble> {
        let document = self.admitted(document, asked).await?;
        let store = &self.core.store;
        for _ in 0..ROUNDS {
            let row = self.by_document(&document, asked).await?;
            let now = self.core.world.now();
            match row.session.take(now)? {
                Step::To(next) => {
                    let paper = self.paper(&row).await?;
                    if store.step_qr(&row, &next, now, asked.circumstances()).await? {
                        self.core.waiting.nudge();
                        return Ok(self.written_documents(&row, &paper, asked.lang));
                    }
                }
                Step::Again => {
                    let paper = self.paper(&row).await?;
                    if !store.count_qr_fetch(&row, now, asked.circumstances()).await? {
                        return Err(Trouble::TooMany {
                            retry_after_seconds: 60,
                        });
                    }
                    return Ok(self.written_documents(&row, &paper, asked.lang));
                }
            }
        }
        Err(Trouble::Unavailable)
    }

    fn written_documents(&self, row: &QrRow, paper: &Paper, lang: Lang) -> Documents {
        let secrets = Secrets::new(&self.core.keys.phones, &row.seed);
        let code = secrets.code(&row.document_sha256);
        let number = [("number", paper.number.as_str())];
        let meta_row = |name: Key, value: String| MetaRow {
            name: text(lang, name).to_owned(),
            value,
        };
        let started = row.session.started;
        let mut meta = vec![
            meta_row(
                key::EGOV_META_CODE,
                fill(text(lang, key::EGOV_META_CODE_VALUE), &[("code", &code)]),
            ),
            meta_row(key::EGOV_META_NUMBER, paper.number.clone()),
            meta_row(key::EGOV_META_IIN, row.iin.masked()),
        ];
        meta.extend(paper.changes.iter().map(|change| {
            let (field, before, after) = told(change, lang);
            meta_row(field, format!("{before} → {after}"))
        }));
        meta.push(meta_row(
            key::EGOV_META_STARTED,
            format!("{}, {}", started.date_kz().dotted(), started.clock_kz()),
        ));
        meta.push(meta_row(
            key::EGOV_META_CAUTION,
            text(lang, key::EGOV_META_CAUTION_VALUE).to_owned(),
        ));
        let name = |lang| fill(text(lang, key::EGOV_DOCUMENT_NAME), &number);
        Documents::pdf(
            DOCUMENT_ID,
            [name(Lang::Kk), name(Lang::Ru), name(Lang::En)],
            meta,
            STANDARD.encode(&paper.pdf),
            self.core.config.egov_mobile.pdf_mime,
        )
    }

    async fn take_back(
        self: &Arc<Self>,
        document: Secret,
        asked: &Asked,
        body: Body,
    ) -> Result<Accepted, Trouble> {
        let document = self.admitted(document, asked).await?;
        let row = self.by_document(&document, asked).await?;
        let body = read_body(body).await?;
        let returned = match Returned::read(&body, DOCUMENT_ID) {
            Ok(returned) => returned,
            Err(error) => return Err(self.useless(&row, error, asked).await?),
        };
        let (answer, cms) = match returned {
            Returned::Declined => (declined(), None),
            Returned::Signed(text) => {
                // What is no base64 at all is judged as it is, and refused.
                let cms = armor::decode(text.as_bytes()).unwrap_or_else(|_| text.into_bytes());
                if cms.len() > CMS_LIMIT {
                    return Err(Trouble::TooLarge);
                }
                (sha256(&cms), Some(cms))
            }
        };
        drop(body);
        let (service, asked) = (self.clone(), asked.clone());
        // A task of its own: what is begun is finished, whether or not the phone waits.
        let judging = async move { service.answer(&document, &asked, answer, cms).await };
        tokio::spawn(traces::carried(judging).in_current_span())
            .await
            .map_err(|error| {
                tracing::error!(%error, "judging a phone's answer");
                Trouble::Unavailable
            })?
    }

    /// Ends the session as the phone's answer has it. In every race the loser looks again: it then finds its own answer, or
    /// another end.
    async fn answer(
        &self,
        document: &str,
        asked: &Asked,
        answer: [u8; 32],
        cms: Option<Vec<u8>>,
    ) -> Result<Accepted, Trouble> {
        let store = &self.core.store;
        let arrived = self.core.world.now();
        let circumstances = asked.circumstances();
        for _ in 0..ROUNDS {
            let row = store
                .qr_by_document(&lookup(document))
                .await?
                .ok_or(Trouble::Unknown)?;
            if row.session.may_answer(&answer, arrived)?.is_some() {
                return match row.session.state {
                    QrState::Signed | QrState::Refused => Ok(self.accepted(&row)),
                    state => Err(Trouble::RefusedBefore(state)),
                };
            }
            let (end, trouble) = match &cms {
                None => (QrState::Refused, None),
                Some(cms) => match self.papers.judge(&row, cms.clone(), answer, circumstances).await {
                    Verdict::Accepted => {
                        self.core.waiting.nudge();
                        return Ok(self.accepted(&row));
                    }
                    Verdict::TooLate => {
                        if store
                            .qr(&row.id)
                            .await?
                            .is_some_and(|now| now.session == row.session)
                        {
                            // Nobody was faster: the application itself is no longer to be signed.
                            return Err(self.cancel_as_outdated(&row).await?);
                        }
                        continue;
                    }
                    Verdict::Unavailable => return Err(Trouble::Unavailable),
                    Verdict::Refused(SignatureTrouble::AnotherPerson) => {
                        (QrState::WrongSigner, Some(SignatureTrouble::AnotherPerson))
                    }
                    Verdict::Refused(trouble) => (QrState::Failed, Some(trouble)),
                },
            };
            let reason = trouble.as_ref().map(reason);
            let why = Circumstances {
                reason: reason.as_deref(),
                ..circumstances
            };
            let Some(next) = row.session.answered(end, answer) else {
                continue;
            };
            if store.step_qr(&row, &next, self.core.world.now(), why).await? {
                self.core.waiting.nudge();
                return match trouble {
                    None => Ok(self.accepted(&row)),
                    Some(trouble) => Err(Trouble::Signature(trouble)),
                };
            }
        }
        Err(Trouble::Unavailable)
    }

    /// Counts a body that holds no answer.
    async fn useless(&self, row: &QrRow, error: ReturnedError, asked: &Asked) -> Result<Trouble, Trouble> {
        let now = self.core.world.now();
        // No signature has this SHA-256, so this only asks whether an answer may come now.
        row.session.may_answer(&sha256(error.to_string()), now)?;
        let reason = error.to_string();
        let why = Circumstances {
            reason: Some(&reason),
            ..asked.circumstances()
        };
        if let Some(next) = row.session.bad_put()
            && self.core.store.step_qr(row, &next, now, why).await?
        {
            self.core.waiting.nudge();
        }
        Ok(Trouble::Unreadable)
    }

    fn accepted(&self, row: &QrRow) -> Accepted {
        let same_phone = row
            .session
            .opened_by
            .is_some_and(|link| link.way == Way::SamePhone);
        let back = self.core.config.public_url.trim_end_matches('/');
        Accepted::new(same_phone.then(|| format!("{back}/sign/{}", row.application)))
    }

    /// The session of this address, for whoever also shows the token.
    async fn by_document(&self, document: &str, asked: &Asked) -> Result<QrRow, Trouble> {
        let found = self.core.store.qr_by_document(&lookup(document)).await?;
        let row = found.ok_or(Trouble::Unknown)?;
        if self.core.config.egov_mobile.auth_type == AuthType::Token {
            let secrets = Secrets::new(&self.core.keys.phones, &row.seed);
            let shown = asked.bearer.as_deref().unwrap_or_default();
            if !secrets.is_token(shown) {
                return Err(Trouble::NoAccess);
            }
        }
        Ok(row)
    }

    /// The document this session is for. One that is no longer to be signed ends the session.
    async fn paper(&self, row: &QrRow) -> Result<Paper, Trouble> {
        let paper = match self.papers.frozen(&row.iin, &row.application).await {
            Ok(paper) => Some(paper),
            Err(ApiError::NotFound | ApiError::WrongState) => None,
            Err(_) => return Err(Trouble::Unavailable),
        };
        if let Some(paper) = paper.filter(|paper| paper.sha256 == row.document_sha256) {
            return Ok(paper);
        }
        Err(self.cancel_as_outdated(row).await?)
    }

    async fn cancel_as_outdated(&self, row: &QrRow) -> Result<Trouble, StoreError> {
        if let Some(next) = row.session.cancelled() {
            let (now, why) = (self.core.world.now(), Circumstances::default());
            self.core.store.step_qr(row, &next, now, why).await?;
            self.core.waiting.nudge();
        }
        Ok(Trouble::Stop(Stop::Ended(QrState::Cancelled)))
    }
}

/// For the audit.
fn reason(trouble: &SignatureTrouble) -> String {
    match trouble {
        SignatureTrouble::Damaged { code } => code.clone(),
        other => serde_json::to_value(other)
            .ok()
            .and_then(|value| value["trouble"].as_str().map(str::to_owned))
            .unwrap_or_default(),
    }
}

/// The body, if it isn't too large.
async fn read_body(mut body: Body) -> Result<Vec<u8>, Trouble> {
    if body.size_hint().lower() > READ_AWAY as u64 {
        return Err(Trouble::TooLarge);
    }
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.map_err(|_| Trouble::Unreadable)?.into_data() else {
            continue;
        };
        length += data.len();
        if length > READ_AWAY {
            return Err(Trouble::TooLarge);
        }
        if length > PUT_LIMIT {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&data);
        }
    }
    if length > PUT_LIMIT {
        return Err(Trouble::TooLarge);
    }
    Ok(bytes)
}
