//! «Не өзгереді»: from what to what.

#[cfg(feature = "preview")]
pub mod stories;

use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    pub label: String,
    /// Empty when nothing stood there.
    pub before: String,
    /// What will stand there, or what is still to be done («нөмірді түзетіңіз»).
    pub after: String,
    /// `after` is still to be corrected.
    pub unfinished: bool,
}

/// `<ChangeList changes=changes before_word=t(key::BEFORE) after_word=t(key::AFTER) none=t(key::NOTHING_CHANGES)/>`.
/// The two words are for screen readers, which don't tell a struck line from another.
#[component]
pub fn ChangeList(
    #[prop(into)] changes: Signal<Vec<Change>>,
    before_word: &'static str,
    after_word: &'static str,
    /// Shown while nothing changes.
    #[prop(into)]
    none: String,
) -> impl IntoView {
    let change = move |Change {
                           label,
                           before,
                           after,
                           unfinished,
                       }: Change| {
        let before = (!before.is_empty()).then(|| {
            view! {
                <dd class="changes__before">
                    <span class="visually-hidden">{before_word}": "</span><del>{before}</del>
                </dd>
            }
        });
        view! {
            <div class="changes__change">
                <dt>{label}</dt>
                {before}
                <dd class="changes__after" class:changes__after--unfinished=unfinished>
                    <span class="changes__arrow" aria-hidden="true">"→ "</span>
                    <span class="visually-hidden">{after_word}": "</span>
                    {if unfinished { after.into_any() } else { view! { <ins>{after}</ins> }.into_any() }}
                </dd>
            </div>
        }
    };
    move || {
        let changes = changes.get();
        if changes.is_empty() {
            view! { <p class="changes__none">{none.clone()}</p> }.into_any()
        } else {
            view! { <dl class="changes">{changes.into_iter().map(change).collect_view()}</dl> }.into_any()
        }
    }
}
