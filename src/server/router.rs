//! Which address leads where, and what stands around every answer.

use super::{Core, StartError, services};
use crate::api::Caller;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use axum::routing::post;
use std::net::SocketAddr;
use std::sync::Arc;

/// The whole application.
///
/// # Errors
/// [`StartError::Page`].
pub fn build(core: &Arc<Core>) -> Result<Router, StartError> {
    let services = services(core);
    let answer = move |ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request<Body>| {
        let services = services.clone();
        async move {
            let caller = Caller::new(peer.ip(), crate::domain::lang::Lang::Kk, String::new());
            let provide = move || {
                leptos::prelude::provide_context(services.clone());
                leptos::prelude::provide_context(caller.clone());
            };
            let response = leptos_axum::handle_server_fns_with_context(provide, request).await;
            let response: Response = axum::response::IntoResponse::into_response(response);
            response
        }
    };
    let app = Router::new()
        .route("/api/{*fn_name}", post(answer))
        .merge(rooms(core));
    Ok(app)
}

/// The addresses that rooms answer themselves (documents, eGov Mobile), one line each.
fn rooms(core: &Arc<Core>) -> Router {
    let _ = core;
    Router::new()
}
