//! The postal index of the address being typed, offered by «Қазпошта» where it is connected. Nobody waits for it: without an
//! answer nothing shows, and the index is typed as ever.

use super::plain::{division, notice, paragraph};
use crate::api::addresses::{FoundPostcode, PostcodeQuery};
use crate::browser::calls::inside_calls;
use crate::browser::components::{Button, ButtonKind, NoticeKind, focus_field};
use crate::browser::draft::DraftKeeper;
use crate::browser::markup::{IntoMarkup, Markup, maybe};
use crate::browser::signals::{RwSignal, StoredValue, effect, spawn};
use crate::browser::texts::{key, t};
use crate::browser::window;
use crate::domain::form::Field;
use leptos::prelude::*;

/// After the last letter of the address.
const PAUSE_MS: i32 = 800;

/// Shows what was found for an address that has changed, as long as its index is empty.
#[must_use]
pub fn offered(keeper: DraftKeeper) -> Markup {
    let fields = keeper.fields;
    let calls = inside_calls();
    let found = RwSignal::new(Vec::<FoundPostcode>::new());
    // How often the address has changed; the form as it opened asks nothing.
    let changes = StoredValue::new(0_u32);
    effect(move || {
        let query = PostcodeQuery {
            region: fields.region.get(),
            district: fields.district.get(),
            settlement: fields.settlement.get(),
            street: fields.street.get(),
            house: fields.house.get(),
        };
        let is_empty = fields.postcode.with(String::is_empty);
        changes.update_value(|count| *count += 1);
        let mine = changes.get_value();
        if found.with_untracked(|found| !found.is_empty()) {
            found.set(Vec::new());
        }
        if mine == 1 || !is_empty || [&query.region, &query.street, &query.house].contains(&&String::new()) {
            return;
        }
        let still = move || changes.try_get_value() == Some(mine);
        spawn(async move {
            window::sleep(PAUSE_MS).await;
            if !still() {
                return;
            }
            let answer = (calls.suggest_postcodes)(query).await.unwrap_or_default();
            if still() {
                found.set(answer);
            }
        });
    });
    maybe(move || {
        let found = found.get();
        (!found.is_empty()).then(|| {
            let mut lines = vec![paragraph("", t(key::POSTCODE_FOUND).to_owned())];
            for one in found {
                let code = one.postcode.clone();
                // The button goes with the notice: the focus moves to what it has filled.
                let take = Callback::new(move |()| {
                    fields.postcode.set(code.clone());
                    focus_field(Field::Postcode.id());
                });
                let button =
                    view! { <Button kind=ButtonKind::Link on_press=take>{one.postcode}</Button> }.markup();
                lines.push(division("stack", vec![button, paragraph("", one.address)]));
            }
            notice(NoticeKind::Info, "", true, lines)
        })
    })
}
