//! Which page stands at which address, who may see it, and in which of the three programs it is: what a visitor loads first
//! carries no more than the way in. The server knows the same addresses (`server::shell`).

use super::pages;
use super::session::Session;
use crate::api::openings::Opening;
use crate::browser::markup::Markup;
use leptos::prelude::Callback;
use std::pin::Pin;

pub struct Route {
    /// `:id` stands for one segment, which the page is given.
    pub path: &'static str,
    /// Only for people signed in.
    pub inside: bool,
    pub page: fn(String) -> Markup,
}

/// In two programs: a person whose session has ended signs in again without leaving what the page's memory holds.
const SIGN_IN: Route = Route {
    path: "/sign-in",
    inside: false,
    page: |_| pages::sign_in::page(),
};

/// Of `cabinet-door`: the way in, and what belongs to no person.
pub static DOOR: &[Route] = &[
    Route {
        path: "/",
        inside: false,
        page: |_| pages::start::page(),
    },
    SIGN_IN,
    Route {
        path: "/register",
        inside: false,
        page: |_| pages::opening::page(Opening::Registration),
    },
    Route {
        path: "/reset",
        inside: false,
        page: |_| pages::opening::page(Opening::PasswordReset),
    },
    Route {
        path: "/help",
        inside: false,
        page: |_| pages::help::page(),
    },
    Route {
        path: "/privacy",
        inside: false,
        page: |_| pages::privacy::page(),
    },
    Route {
        path: "/accessibility",
        inside: false,
        page: |_| pages::accessibility::page(),
    },
];

/// Of `cabinet-room`: what a person sees first after signing in, what follows a signature and is come back to long after, and
/// what is no part of an application.
pub static ROOM: &[Route] = &[
    Route {
        path: "/settings",
        inside: true,
        page: |_| pages::settings::page(),
    },
    Route {
        path: "/check",
        inside: false,
        page: |_| pages::check::page(),
    },
    Route {
        path: "/suspend",
        inside: false,
        page: |_| pages::suspend::page(),
    },
    Route {
        path: "/done/:id",
        inside: true,
        page: pages::done::page,
    },
    Route {
        path: "/applications",
        inside: true,
        page: |_| pages::applications::page(),
    },
    Route {
        path: "/record",
        inside: true,
        page: |_| pages::record::page(),
    },
    Route {
        path: "/services",
        inside: true,
        page: |_| pages::services::page(),
    },
    Route {
        path: "/consent",
        inside: true,
        page: |_| pages::consent::page(),
    },
];

/// Of `cabinet-web`: what the person came for, the form and its signature.
pub static INSIDE: &[Route] = &[
    SIGN_IN,
    Route {
        path: "/form",
        inside: true,
        page: |_| pages::form::page(),
    },
    Route {
        path: "/sign/:id",
        inside: true,
        page: pages::sign::page,
    },
];

/// One of the programs, or the gallery's.
#[derive(Clone, Copy)]
pub struct Program {
    pub routes: &'static [&'static [Route]],
    /// Puts what its pages share into the context, and gives what is to be done before the program is left.
    pub prepare: fn(Session) -> Before,
}

/// What is to be done before the program is left: a draft is saved. `false` when something would be lost all the same.
pub type Before = Callback<(), Pin<Box<dyn Future<Output = bool>>>>;

/// The route of a path, and what stands there for `:id`. A slash at the end changes nothing.
#[must_use]
pub fn find(tables: &[&'static [Route]], path: &str) -> Option<(&'static Route, String)> {
    let path = if path.len() > 1 {
        path.strip_suffix('/').unwrap_or(path)
    } else {
        path
    };
    tables
        .iter()
        .copied()
        .flatten()
        .find_map(|route| match route.path.strip_suffix(":id") {
            None => (route.path == path).then(|| (route, String::new())),
            Some(before) => {
                let id = path.strip_prefix(before)?;
                (!id.is_empty() && !id.contains('/')).then(|| (route, id.to_owned()))
            }
        })
}
