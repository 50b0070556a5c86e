//! The pages, one file each, named as their addresses.

pub mod accessibility;
pub mod applications;
pub mod check;
pub mod consent;
pub mod done;
pub mod ended;
pub mod form;
pub mod help;
pub mod missing;
pub mod opening;
pub mod privacy;
pub mod record;
pub mod services;
pub mod settings;
pub mod sign;
pub mod sign_in;
pub mod start;
pub mod suspend;

use super::blocks::trouble::skeleton;
use super::components::{Page, Steps};
use super::markup::{IntoMarkup, Markup, nothing, tag};
use super::routes::{self, Before, Program};
use super::texts::{key, t};
use super::window;
use crate::browser::signals::{Signal, spawn};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Goes to a path of ours; with `true` the present page leaves no trace in the history.
#[must_use]
pub fn navigator() -> Callback<(String, bool)> {
    let navigate = use_navigate();
    let way = expect_context::<Way>();
    Callback::new(move |(path, replace): (String, bool)| {
        let bare = path.split(['?', '#']).next().unwrap_or_default();
        if routes::find(way.program.routes, bare).is_none() {
            return elsewhere(way.before, path, replace);
        }
        let options = NavigateOptions {
            replace,
            // A link to a field scrolls there by itself.
            scroll: !path.contains('#'),
            ..Default::default()
        };
        navigate(&path, options);
    })
}

/// The program, and what is to be done before it is left; in the context.
#[derive(Clone, Copy)]
pub struct Way {
    pub program: Program,
    pub before: Before,
}

/// Leaves for a page of the other program, by a full load.
pub fn elsewhere(before: Before, path: String, replace: bool) {
    spawn(async move {
        before.run(()).await;
        window::remember_move();
        if replace {
            window::leave_instead(&path);
        } else {
            window::leave_for(&path);
        }
    });
}

/// A page: its title and heading, one sentence under it (may be empty), its content.
#[must_use]
pub fn frame(title: &'static str, lead: &'static str, content: Markup) -> Markup {
    framed(Signal::derive(move || title.to_owned()), lead, None, content)
}

/// A page whose heading may change or that stands on a step of an application, counted from 0.
#[must_use]
pub fn framed(title: Signal<String>, lead: &'static str, step: Option<usize>, content: Markup) -> Markup {
    let steps = match step {
        Some(current) => view! {
            <Steps
                label=t(key::STEPS_LABEL)
                steps=vec![t(key::STEP_FILL), t(key::STEP_SIGN), t(key::STEP_DONE)]
                current=current
                done=t(key::STEP_BEHIND)
            />
        }
        .markup(),
        None => nothing(),
    };
    let content = content.view();
    view! { <Page title=title brand=t(key::BRAND) lead=lead below_title=steps>{content}</Page> }.markup()
}

/// While the server hasn't said who is signed in.
#[must_use]
pub fn waiting() -> Markup {
    tag("main").class("page").id("main").child(skeleton(6))
}
