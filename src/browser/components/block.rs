//! The white sheets a page is made of.

#[cfg(feature = "preview")]
pub mod stories;

use leptos::prelude::*;

/// A sheet with a heading, the sentence that says why it is asked, and where its data come from:
/// `<Block id="address" title=t(key::ADDRESS) why=t(key::WHY_ADDRESS)>…</Block>`
#[component]
pub fn Block(
    id: &'static str,
    #[prop(into)] title: String,
    #[prop(optional, into)] why: Signal<String>,
    /// «ЖТ МДБ, бүгін 09:41»: source and time of what can't be changed here.
    #[prop(optional, into)]
    stamp: Signal<String>,
    /// Beside the sentence: a link or a link-like button.
    #[prop(optional, into)]
    action: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let stamp = move || {
        let stamp = stamp.get();
        (!stamp.is_empty()).then(|| view! { <p class="block__stamp">{stamp}</p> })
    };
    let has_action = action.is_some();
    view! {
        <section class="block" id=id aria-labelledby=format!("{id}-title")>
            <div class="block__head">
                <h2 class="block__title" id=format!("{id}-title")>{title}</h2>
                {stamp}
            </div>
            {move || (has_action || !why.with(String::is_empty)).then(|| view! { <p class="block__why">{why}</p> })}
            {action.map(|action| view! { <div class="block__action">{action}</div> })}
            {children()}
        </section>
    }
}

/// A smaller sheet beside the form (below it on a phone), which stays in view: «Не өзгереді».
/// `<Panel id="changes" title=t(key::WHAT_CHANGES)>…</Panel>`
#[component]
pub fn Panel(id: &'static str, #[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <aside class="panel" id=id aria-labelledby=format!("{id}-title")>
            <h2 class="panel__title" id=format!("{id}-title")>{title}</h2>
            {children()}
        </aside>
    }
}

/// The form and what stands beside it (below it on a phone): `<Columns side=panel>…blocks…</Columns>`
#[component]
pub fn Columns(side: AnyView, children: Children) -> impl IntoView {
    view! {
        <div class="columns">
            <div class="columns__main">{children()}</div>
            {side}
        </div>
    }
}
