//! The pages, one file each, named as their addresses.

pub mod applications;
pub mod consent;
pub mod done;
pub mod ended;
pub mod form;
pub mod help;
pub mod missing;
pub mod record;
pub mod services;
pub mod sign;
pub mod sign_in;
pub mod start;

use super::components::Skeleton;
use super::texts::{key, t};
use leptos::prelude::*;

/// While the server hasn't said who is signed in.
#[must_use]
pub fn waiting() -> AnyView {
    view! { <main class="page" id="main"><Skeleton lines=6 label=t(key::LOADING)/></main> }.into_any()
}

/// The steps of an application under a page's heading; `current` counts from 0.
#[must_use]
pub fn steps(current: usize) -> AnyView {
    use super::components::Steps;
    view! {
        <Steps
            label=t(key::STEPS_LABEL)
            steps=vec![t(key::STEP_FILL), t(key::STEP_SIGN), t(key::STEP_DONE)]
            current=current
            done=t(key::STEP_BEHIND)
        />
    }
    .into_any()
}
