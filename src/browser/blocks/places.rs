//! Places of the KATO classifier, suggested while «district» or «settlement» is typed; a suggestion fills region, district,
//! settlement and the code of the place at once. Without an answer (no classifier, no network) the field is a plain one.

use crate::api::addresses::{FoundPlace, PlaceQuery};
use crate::browser::calls::inside_calls;
use crate::browser::draft::DraftKeeper;
use crate::browser::signals::{RwSignal, Signal, StoredValue, spawn};
use crate::browser::window;
use leptos::prelude::Callback;

/// After the last letter: asked once a word, not once a letter.
const PAUSE_MS: i32 = 200;

/// What a field that suggests needs.
#[derive(Clone, Copy)]
pub struct Suggest {
    /// The paths of the places found.
    pub lines: Signal<Vec<String>>,
    pub typed: Callback<()>,
    pub pick: Callback<usize>,
}

/// Suggestions for what is typed into `value`.
#[must_use]
pub fn suggest(keeper: DraftKeeper, value: RwSignal<String>) -> Suggest {
    let fields = keeper.fields;
    let calls = inside_calls();
    let found = RwSignal::new(Vec::<FoundPlace>::new());
    let latest = StoredValue::new(0_u32);
    let typed = move |()| {
        // Of what is typed by hand no code is known.
        fields.kato.set(String::new());
        latest.update_value(|count| *count += 1);
        let mine = latest.get_value();
        let still = move || latest.try_get_value() == Some(mine);
        spawn(async move {
            window::sleep(PAUSE_MS).await;
            if !still() {
                return;
            }
            let asked = (calls.suggest_places)(PlaceQuery {
                region: fields.region.get_untracked(),
                text: value.get_untracked(),
            });
            let places = asked.await.unwrap_or_default();
            if still() {
                found.set(places);
            }
        });
    };
    let pick = move |index: usize| {
        let picked = found.with_untracked(|found| found.get(index).cloned());
        if let Some(place) = picked {
            fields.region.set(place.region);
            fields.district.set(place.district);
            fields.settlement.set(place.settlement);
            fields.kato.set(place.code);
        }
    };
    Suggest {
        lines: Signal::derive(move || {
            found.with(|found| found.iter().map(|place| place.path.clone()).collect())
        }),
        typed: Callback::new(typed),
        pick: Callback::new(pick),
    }
}
