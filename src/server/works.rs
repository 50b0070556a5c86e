//! Works on the system, announced by the operator (`cabinet announce-works`). Every server looks for them in the database; the
//! page is told by a cookie beside its shell, which holds two moments and nothing of the person.

use super::{Core, cookies};
use crate::domain::time::Timestamp;
use axum::http::{HeaderMap, HeaderValue};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// The page reads it (`browser::works`): two moments in milliseconds, `1764280800000.1764291600000`.
const COOKIE: &str = "works";
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// A window of works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Works {
    pub begins: Timestamp,
    pub ends: Timestamp,
}

/// Why a window isn't announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WorksError {
    #[error("a moment is written like 2026-11-28T22:00:00+05:00")]
    Moment,
    #[error("the works end before they begin")]
    Order,
    #[error("the works are over already")]
    Past,
}

impl Works {
    /// Of two moments in RFC 3339.
    ///
    /// # Errors
    /// [`WorksError`].
    pub fn between(begins: &str, ends: &str, now: Timestamp) -> Result<Self, WorksError> {
        let moment = |text| Timestamp::parse_rfc3339(text).ok_or(WorksError::Moment);
        let (begins, ends) = (moment(begins)?, moment(ends)?);
        if ends <= begins {
            return Err(WorksError::Order);
        }
        if ends <= now {
            return Err(WorksError::Past);
        }
        Ok(Self { begins, ends })
    }
}

/// What is announced, as last read.
#[derive(Default)]
pub struct Announced(RwLock<Option<Works>>);

impl Announced {
    fn get(&self) -> Option<Works> {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, works: Option<Works>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = works;
    }

    /// The `Set-Cookie` beside a shell: the window that isn't over, or the end of a cookie that tells of another.
    #[must_use]
    pub fn cookie(&self, headers: &HeaderMap, now: Timestamp, secure: bool) -> Option<HeaderValue> {
        let told = cookies::value(headers, COOKIE);
        let works = self.get().filter(|works| works.ends > now);
        let (value, seconds) = match works {
            Some(works) => (
                format!("{}.{}", works.begins.0, works.ends.0),
                (works.ends.0 - now.0).div_euclid(1000) + 1,
            ),
            None if told.is_some() => (String::new(), 0),
            None => return None,
        };
        if told.as_deref() == Some(&value) {
            return None;
        }
        let secure = if secure { "; Secure" } else { "" };
        let cookie = format!("{COOKIE}={value}; Path=/; SameSite=Lax; Max-Age={seconds}{secure}");
        HeaderValue::from_str(&cookie).ok()
    }
}

/// Looks for news until the server stops.
pub async fn run(core: Arc<Core>) {
    let mut stopping = core.stopping.clone();
    while !*stopping.borrow() {
        match core.store.works().await {
            Ok(works) => core.works.put(works),
            Err(error) => tracing::error!(%error, "announced works can't be read"),
        }
        // Either ends the wait; the loop looks which it was.
        let _ = tokio::time::timeout(LOOK_EVERY, stopping.changed()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::fixture::House;
    use crate::server::store::WorksStore as _;
    use axum::http::header::COOKIE as HEADER;

    const NOW: Timestamp = Timestamp(1_764_280_000_000);

    fn works() -> Works {
        Works {
            begins: NOW.plus_seconds(60),
            ends: NOW.plus_seconds(3600),
        }
    }

    #[test]
    fn a_window_is_two_moments_in_order_and_not_over() {
        let between = |begins, ends| {
            Works::between(
                begins,
                ends,
                Timestamp::parse_rfc3339("2026-11-28T00:00:00Z").unwrap(),
            )
        };
        let (early, late) = ("2026-11-28T22:00:00+05:00", "2026-11-29T01:00:00+05:00");
        assert!(between(early, late).is_ok());
        assert_eq!(between(late, early), Err(WorksError::Order));
        assert_eq!(between("tonight", late), Err(WorksError::Moment));
        assert_eq!(
            between("2026-11-27T01:00:00Z", "2026-11-27T02:00:00Z"),
            Err(WorksError::Past)
        );
    }

    #[test]
    fn the_page_is_told_once_and_again_when_it_changes() {
        let announced = Announced::default();
        let mut headers = HeaderMap::new();
        assert_eq!(announced.cookie(&headers, NOW, true), None);
        announced.put(Some(works()));
        let value = format!("{}.{}", works().begins.0, works().ends.0);
        assert_eq!(
            announced.cookie(&headers, NOW, true).unwrap(),
            format!("works={value}; Path=/; SameSite=Lax; Max-Age=3601; Secure")
        );
        headers.insert(HEADER, format!("works={value}").parse().unwrap());
        assert_eq!(announced.cookie(&headers, NOW, true), None, "it knows");
        let over = announced.cookie(&headers, works().ends, false).unwrap();
        assert_eq!(over, "works=; Path=/; SameSite=Lax; Max-Age=0");
    }

    #[tokio::test]
    async fn one_window_stands_in_the_place_of_another() {
        let house = House::new().await;
        assert_eq!(house.store.works().await.unwrap(), None);
        house.store.announce_works(Some(works())).await.unwrap();
        let later = Works {
            ends: works().ends.plus_seconds(60),
            ..works()
        };
        house.store.announce_works(Some(later)).await.unwrap();
        assert_eq!(house.store.works().await.unwrap(), Some(later));
        house.store.announce_works(None).await.unwrap();
        assert_eq!(house.store.works().await.unwrap(), None);
    }
}
