//! The page: a client-side Leptos app over the static shell. `app` draws the frame and the routes, `pages` what stands in
//! it, `blocks` the parts of a page, `components` the design system; `calls` is the only way to the server and to NCALayer,
//! `errors` the only place where something that went wrong becomes words.

pub mod app;
pub mod blocks;
pub mod calls;
pub mod components;
pub mod draft;
pub mod errors;
pub mod form;
#[cfg(feature = "preview")]
pub mod gallery;
pub mod markup;
pub mod ncalayer;
pub mod pages;
pub mod programs;
pub mod robots;
pub mod routes;
pub mod session;
pub mod signals;
pub mod texts;
pub mod update;
pub mod window;
pub mod works;
