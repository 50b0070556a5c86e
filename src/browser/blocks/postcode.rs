//! The postal index of the address being typed, offered by «Қазпошта» where it is connected. Nobody waits for it: without an
//! answer nothing shows, and the index is typed as ever.

use super::plain::{notice, paragraph};
use crate::api::addresses::PlaceQuery;
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
    let found = RwSignal::new(Vec::<String>::new());
    // How often the address has changed; the form as it opened asks nothing.
    let changes = StoredValue::new(0_u32);
    effect(move || {
        let parts = [fields.district, fields.settlement, fields.street, fields.house].map(|part| part.get());
        let wanted = fields.postcode.with(String::is_empty) && !parts[2].is_empty() && !parts[3].is_empty();
        let query = PlaceQuery {
            region: fields.region.get(),
            text: parts.join(", "),
        };
        changes.update_value(|count| *count += 1);
        let mine = changes.get_value();
        found.set(Vec::new());
        if mine == 1 || !wanted {
            return;
        }
        let still = move || changes.try_get_value() == Some(mine);
        spawn(async move {
            window::sleep(PAUSE_MS).await;
            if still() {
                let answer = (calls.suggest_postcodes)(query).await.unwrap_or_default();
                if still() {
                    found.set(answer);
                }
            }
        });
    });
    let taken = move |line: String| {
        let code = line.split_once(' ').map_or("", |(code, _)| code).to_owned();
        // The button goes with the notice: the focus moves to what it has filled.
        let take = Callback::new(move |()| {
            fields.postcode.set(code.clone());
            focus_field(Field::Postcode.id());
        });
        view! { <Button kind=ButtonKind::Link on_press=take>{line}</Button> }.markup()
    };
    maybe(move || {
        let found = found.get();
        (!found.is_empty()).then(|| {
            let mut lines = vec![paragraph("", t(key::POSTCODE_FOUND).to_owned())];
            lines.extend(found.into_iter().map(taken));
            notice(NoticeKind::Info, "", true, lines)
        })
    })
}
