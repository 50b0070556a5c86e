//! The receipt of a signed application: number, time, what changed, state, signer, the document's hash, and a QR code by
//! which anyone can check it. Made anew whenever it is asked for; the same data give the same bytes.

use super::layout::Code;
use super::{Piece, RenderError, Rendered, Sheet, Words, at, beside, change_pieces, plain, rendered, time};
use crate::api::applications::SigningWay;
use crate::domain::application::ApplicationState;
use crate::domain::lang::Lang;
use crate::domain::requisites::Change;
use crate::domain::time::Timestamp;
use crate::texts::fill;
use crate::texts::outgoing::{Key, key, text};
use qrcode::{Color, EcLevel, QrCode};

/// Everything the receipt says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt<'a> {
    /// `2026-000184`
    pub number: &'a str,
    pub lang: Lang,
    pub full_name: String,
    /// `•••• •••• 0009`
    pub iin_masked: String,
    pub changes: &'a [Change],
    pub state: ApplicationState,
    pub state_at: Timestamp,
    pub signed_at: Timestamp,
    pub way: SigningWay,
    /// Number of the signer's certificate, hexadecimal.
    pub certificate: &'a str,
    /// Who issued it; may be empty.
    pub issuer: &'a str,
    /// Of the document, hexadecimal.
    pub sha256: &'a str,
    /// The page where it is checked, without the code.
    pub check_page: &'a str,
    /// As it is printed.
    pub code: &'a str,
    /// What the QR code holds.
    pub check_link: &'a str,
}

/// Makes the receipt.
///
/// # Errors
/// [`RenderError`]: a fault of the program, not of the data.
pub fn render(receipt: &Receipt<'_>) -> Result<Rendered, RenderError> {
    let id = format!("{}-{}", receipt.number, receipt.state.as_str());
    let sheet = Sheet {
        lang: receipt.lang,
        number: receipt.number,
        title: key::PDF_RECEIPT_TITLE,
        made_at: receipt.state_at,
        id: &id,
    };
    rendered(&sheet, &pieces(receipt))
}

fn pieces(receipt: &Receipt<'_>) -> Vec<Piece> {
    let lang = receipt.lang;
    let both = |key| beside(lang, |lang| text(lang, key).to_owned());
    let row = |label, value: Words| Piece::Row {
        label: both(label),
        value,
    };
    let way = match receipt.way {
        SigningWay::Eds => key::PDF_WAY_EDS,
        SigningWay::EgovMobile => key::PDF_WAY_EGOV_MOBILE,
    };
    let mut pieces = vec![
        Piece::Title(both(key::PDF_RECEIPT_TITLE)),
        Piece::Paragraph(both(key::PDF_SUBJECT)),
        row(key::PDF_NUMBER, plain(receipt.number)),
        row(key::PDF_SIGNED_AT, time(lang, receipt.signed_at)),
        row(key::PDF_STATE, both(state(receipt.state))),
        row(key::PDF_STATE_AT, time(lang, receipt.state_at)),
    ];
    if receipt.state == ApplicationState::Applied {
        pieces.push(Piece::Paragraph(beside(lang, |lang| {
            let since = at(lang, receipt.state_at);
            fill(text(lang, key::PDF_IN_USE), &[("time", &since)])
        })));
    }
    pieces.push(Piece::Heading(both(key::PDF_SIGNER)));
    pieces.push(row(key::PDF_FULL_NAME, plain(&receipt.full_name)));
    pieces.push(row(key::PDF_IIN, plain(&receipt.iin_masked)));
    pieces.push(row(key::PDF_WAY, both(way)));
    pieces.push(row(key::PDF_CERTIFICATE, plain(receipt.certificate)));
    if !receipt.issuer.is_empty() {
        pieces.push(row(key::PDF_ISSUER, plain(receipt.issuer)));
    }
    pieces.push(Piece::Heading(both(key::PDF_CHANGES)));
    let mut block = None;
    for change in receipt.changes {
        pieces.extend(change_pieces(change, lang, &mut block));
    }
    pieces.push(Piece::Heading(both(key::PDF_CHECK)));
    pieces.push(row(key::PDF_SHA256, plain(receipt.sha256)));
    pieces.push(row(key::PDF_CODE, plain(receipt.code)));
    pieces.push(Piece::Paragraph(beside(lang, |lang| {
        fill(text(lang, key::PDF_CHECK_HOW), &[("address", receipt.check_page)])
    })));
    pieces.extend(code(receipt.check_link).map(|code| Piece::Code {
        code,
        alt: both(key::PDF_CHECK_QR),
    }));
    pieces
}

/// The words for the state; an application that wasn't signed has no receipt.
const fn state(state: ApplicationState) -> Key {
    match state {
        ApplicationState::Applied => key::PDF_STATE_APPLIED,
        ApplicationState::Refused => key::PDF_STATE_REFUSED,
        ApplicationState::Cancelled => key::PDF_STATE_CANCELLED,
        _ => key::PDF_STATE_CHECKING,
    }
}

/// With medium error correction, as paper gets creased. `None` for a text too long for any QR code.
fn code(link: &str) -> Option<Code> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M).ok()?;
    Some(Code {
        width: code.width(),
        dark: code
            .into_colors()
            .into_iter()
            .map(|color| color == Color::Dark)
            .collect(),
    })
}

#[cfg(test)]
mod tests;
