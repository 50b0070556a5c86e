//! Signing by EDS: the CMS that NCALayer made of the frozen PDF, with the PDF inside.

use super::{Brought, accept, refused};
use crate::api::applications::SignedReceipt;
use crate::api::signing::EdsSignature;
use crate::api::{ApiError, Caller};
use crate::pki::armor;
use crate::server::Core;
use crate::server::accounts::session::Session;

pub(super) async fn sign(
    core: &Core,
    caller: &Caller,
    session: &Session,
    input: EdsSignature,
) -> Result<SignedReceipt, ApiError> {
    let cms = armor::decode(input.cms.as_bytes()).map_err(|refusal| refused(core, &refusal))?;
    accept(
        core,
        Brought {
            owner: &session.person_iin,
            application: &input.application,
            cms,
            request_id: &caller.request_id,
            phone: None,
        },
    )
    .await
}
