//! How long something stays valid, by the server's clock: the phone's own may be wrong by hours.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::tag;
use crate::browser::signals::{RwSignal, Signal, StoredValue, effect};
use leptos::prelude::*;
use std::time::Duration;

/// `<Countdown deadline=deadline server_now=answered_at on_end=expired/>`: minutes and seconds left. Both in
/// milliseconds since 1970 UTC; `server_now` is the server's time when its answer came and is taken as of this moment.
#[component]
pub fn Countdown(
    #[prop(into)] deadline: Signal<i64>,
    #[prop(into)] server_now: Signal<i64>,
    /// Once, when nothing is left; again after a new deadline.
    #[prop(optional, into)]
    on_end: Option<Callback<()>>,
) -> impl IntoView {
    let left = RwSignal::new(0_i64);
    let ahead = StoredValue::new(0_i64);
    let ended_for = StoredValue::new(i64::MIN);
    let tick = move || {
        let until = deadline.get_untracked();
        let now = local_now() + ahead.get_value();
        left.set((until - now).max(0));
        if until <= now && ended_for.get_value() != until {
            ended_for.set_value(until);
            if let Some(on_end) = on_end {
                on_end.run(());
            }
        }
    };
    effect(move || {
        deadline.track();
        ahead.set_value(server_now.get() - local_now());
        tick();
    });
    let timer = set_interval_with_handle(tick, Duration::from_millis(500)).ok();
    on_cleanup(move || {
        if let Some(timer) = timer {
            timer.clear();
        }
    });
    tag("span")
        .class("countdown")
        .set("role", "timer")
        .live_text(move || minutes_and_seconds(left.get()))
        .view()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds since 1970 fit an i64 for ages"
)]
fn local_now() -> i64 {
    js_sys::Date::now() as i64
}

/// `4:32`; a begun second counts whole, so that `0:00` means the end.
fn minutes_and_seconds(left_ms: i64) -> String {
    let seconds = (left_ms + 999) / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::minutes_and_seconds;

    #[test]
    fn a_begun_second_counts_whole() {
        assert_eq!(minutes_and_seconds(0), "0:00");
        assert_eq!(minutes_and_seconds(1), "0:01");
        assert_eq!(minutes_and_seconds(272_000), "4:32");
        assert_eq!(minutes_and_seconds(600_001), "10:01");
    }
}
