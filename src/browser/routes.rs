//! Which page stands at which address, and who may see it. The server knows the same addresses (`server::shell`).

use super::pages;
use leptos::prelude::AnyView;

pub struct Route {
    /// `:id` stands for one segment, which the page is given.
    pub path: &'static str,
    /// Only for people signed in.
    pub inside: bool,
    pub page: fn(String) -> AnyView,
}

pub static ROUTES: &[Route] = &[
    Route {
        path: "/",
        inside: false,
        page: |_| pages::start::page(),
    },
    Route {
        path: "/sign-in",
        inside: false,
        page: |_| pages::sign_in::page(),
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
        path: "/help",
        inside: false,
        page: |_| pages::help::page(),
    },
];

/// The route of a path, and what stands there for `:id`. A slash at the end changes nothing.
#[must_use]
pub fn find(path: &str) -> Option<(&'static Route, String)> {
    let path = if path.len() > 1 {
        path.strip_suffix('/').unwrap_or(path)
    } else {
        path
    };
    ROUTES
        .iter()
        .find_map(|route| match route.path.strip_suffix(":id") {
            None => (route.path == path).then(|| (route, String::new())),
            Some(before) => {
                let id = path.strip_prefix(before)?;
                (!id.is_empty() && !id.contains('/')).then(|| (route, id.to_owned()))
            }
        })
}
