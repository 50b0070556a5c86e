//! What a person looks over and ends by themselves: sessions, the password, the consent. A password set in a session opened by
//! EDS needs no old one: the key has said who it is.

use super::password_rules;
use super::session::{self, ABSOLUTE_MS, IDLE_MS};
use super::{AccountsService, openings};
use crate::api::accounts::Way;
use crate::api::settings::{
    GivenConsent, NewPassword, OpenSession, PasswordSet, PastSignIn, SessionsToEnd, Settings, SettingsRoom,
};
use crate::api::{ApiError, Caller, Nothing};
use crate::server::limits::{self, Limit, Rule};
use crate::server::outbox::Message;
use crate::server::store::accounts::Try;
use crate::server::store::applications::hex;
use crate::server::world::sha256;
use async_trait::async_trait;

const SIGN_INS_SHOWN: u32 = 20;

/// What names a session on the page: of its hash, not to be turned back into it.
fn public_id(secret_hash: &[u8; 32]) -> String {
    hex(&sha256([b"session shown ".as_slice(), secret_hash].concat())[..8])
}

/// Which program on which system, as far as its own words tell.
fn browser(user_agent: &str) -> String {
    let find = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    // The later ones name the earlier ones too, to be served alike.
    let program = find(&[
        ("YaBrowser/", "Yandex Browser"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Edg", "Edge"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    [program, system]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

impl AccountsService {
    async fn settings_of(&self, session: &session::Session) -> Result<Settings, ApiError> {
        let (store, now) = (&self.core.store, self.core.world.now());
        let iin = &session.person_iin;
        let mut sessions: Vec<OpenSession> = store
            .sessions_of(iin, now.plus_ms(-IDLE_MS), now.plus_ms(-ABSOLUTE_MS))
            .await?
            .into_iter()
            .map(|row| OpenSession {
                id: public_id(&row.secret_hash),
                way: row.way,
                began_at: row.created_at,
                seen_at: row.seen_at,
                address: row.address,
                browser: browser(&row.user_agent),
                this: row.secret_hash == session.id_hash,
            })
            .collect();
        sessions.sort_by_key(|open| !open.this);
        let sign_ins = store.sign_ins_of(iin, SIGN_INS_SHOWN).await?;
        let consents = store.consents_of(iin).await?;
        Ok(Settings {
            sessions,
            sign_ins: sign_ins
                .into_iter()
                .map(|row| PastSignIn {
                    way: row.way,
                    at: row.at,
                    address: row.address,
                    browser: browser(&row.user_agent),
                })
                .collect(),
            consents: consents
                .into_iter()
                .map(|(given_at, withdrawn_at)| GivenConsent {
                    given_at,
                    withdrawn_at,
                })
                .collect(),
            has_password: store.has_password(iin).await?,
            by_eds: session.way == Way::Eds,
        })
    }

    /// Whether this is the person's password now; wrong ones count as they do at sign-in.
    async fn current_fits(
        &self,
        caller: &Caller,
        session: &session::Session,
        current: String,
    ) -> Result<bool, ApiError> {
        let core = &self.core;
        let limits = [Limit {
            key: limits::key(&core.keys, "password of account", &[session.person_iin.digits()]),
            rule: Rule::Growing { free: 10 },
        }];
        let begun = core
            .store
            .begin_password_try(&session.person_iin, &limits, core.world.now())
            .await?;
        let phc = match begun {
            Try::Admitted { phc } => phc,
            Try::TooMany { retry_after_seconds } => return Err(ApiError::TooMany { retry_after_seconds }),
        };
        if current.len() <= super::LONGEST_PASSWORD && self.password_fits(current, phc).await? {
            return Ok(true);
        }
        core.store
            .password_failed(&session.person_iin, &caller.request_id, core.world.now())
            .await?;
        Ok(false)
    }
}

#[async_trait]
impl SettingsRoom for AccountsService {
    async fn my_settings(&self, caller: &Caller, _: Nothing) -> Result<Settings, ApiError> {
        let session = session::require(&self.core, caller).await?;
        self.settings_of(&session).await
    }

    async fn end_sessions(&self, caller: &Caller, input: SessionsToEnd) -> Result<Settings, ApiError> {
        let session = session::require(&self.core, caller).await?;
        let now = self.core.world.now();
        let ended: Vec<[u8; 32]> = self
            .core
            .store
            .sessions_of(
                &session.person_iin,
                now.plus_ms(-IDLE_MS),
                now.plus_ms(-ABSOLUTE_MS),
            )
            .await?
            .into_iter()
            .map(|row| row.secret_hash)
            .filter(|hash| *hash != session.id_hash && (input.id.is_empty() || public_id(hash) == input.id))
            .collect();
        let all = input.id.is_empty();
        if all || !ended.is_empty() {
            self.core
                .store
                .end_sessions(&session.person_iin, &ended, all, &caller.request_id)
                .await?;
        }
        self.settings_of(&session).await
    }

    async fn set_password(&self, caller: &Caller, input: NewPassword) -> Result<PasswordSet, ApiError> {
        let core = &self.core;
        let session = session::require(core, caller).await?;
        let iin = &session.person_iin;
        let held = core
            .store
            .fund_record(iin)
            .await?
            .ok_or(ApiError::UnknownPerson)?;
        if let Err(weakness) = password_rules::judge(&input.new, &openings::known_of(&held)) {
            return Ok(openings::told(weakness));
        }
        if session.way != Way::Eds && !self.current_fits(caller, &session, input.current).await? {
            return Ok(PasswordSet::WrongCurrent);
        }
        let phc = self.hashed(input.new).await?;
        let now = core.world.now();
        let notices = openings::of_new_password(core, caller, &held.requisites, now);
        let messages: Vec<Message<'_>> = notices.iter().map(|notice| notice.message(now)).collect();
        core.store
            .change_password(iin, &phc, &session.id_hash, &messages, &caller.request_id)
            .await?;
        Ok(PasswordSet::Done)
    }

    async fn withdraw_consent(&self, caller: &Caller, _: Nothing) -> Result<Settings, ApiError> {
        let session = session::require(&self.core, caller).await?;
        self.core
            .store
            .withdraw_consents(&session.person_iin, &caller.request_id)
            .await?;
        self.core.waiting.nudge();
        self.settings_of(&session).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::accounts::Credentials;
    use crate::server::accounts::password;
    use crate::server::fixture::{ALIYA, BOLAT, House, iin};

    fn new_password(current: &str, new: &str) -> NewPassword {
        NewPassword {
            current: current.to_owned(),
            new: new.to_owned(),
        }
    }

    const GOOD: &str = "төрт көк түйе жолда";

    #[tokio::test]
    async fn a_person_sees_their_own_sessions_and_ends_the_others() {
        let house = House::new().await;
        let (mine, other) = (
            house.signed_in(&iin(ALIYA)).await,
            house.signed_in(&iin(ALIYA)).await,
        );
        let strangers = house.signed_in(&iin(BOLAT)).await;
        let rooms = &house.services.settings;
        let seen = rooms.my_settings(&mine, Nothing {}).await.unwrap();
        assert_eq!(seen.sessions.len(), 2);
        assert!(seen.sessions[0].this && !seen.sessions[1].this);
        let of_stranger = rooms.my_settings(&strangers, Nothing {}).await.unwrap().sessions[0]
            .id
            .clone();
        let end = |id: &str| SessionsToEnd { id: id.to_owned() };
        rooms.end_sessions(&mine, end(&of_stranger)).await.unwrap();
        assert!(
            rooms.my_settings(&strangers, Nothing {}).await.is_ok(),
            "another's isn't there to end"
        );
        let left = rooms
            .end_sessions(&mine, end(&seen.sessions[1].id))
            .await
            .unwrap();
        assert_eq!(left.sessions.len(), 1);
        assert_eq!(
            rooms.my_settings(&other, Nothing {}).await,
            Err(ApiError::SignedOut)
        );
        let third = house.signed_in(&iin(ALIYA)).await;
        rooms.end_sessions(&mine, end("")).await.unwrap();
        assert_eq!(
            rooms.my_settings(&third, Nothing {}).await,
            Err(ApiError::SignedOut)
        );
        assert!(rooms.my_settings(&mine, Nothing {}).await.is_ok());
    }

    #[tokio::test]
    async fn a_password_is_changed_by_who_knows_the_old_one_and_ends_other_sessions() {
        let house = House::new().await;
        let old = password::hash("ескі құпия сөйлем", &[1; 16], &house.core.keys.pepper).unwrap();
        use crate::server::store::AccountStore as _;
        house.store.set_password(&iin(ALIYA), &old).await.unwrap();
        let (mine, other) = (
            house.signed_in(&iin(ALIYA)).await,
            house.signed_in(&iin(ALIYA)).await,
        );
        let rooms = &house.services.settings;
        assert_eq!(
            rooms.set_password(&mine, new_password("басқа", GOOD)).await,
            Ok(PasswordSet::WrongCurrent)
        );
        assert!(rooms.my_settings(&other, Nothing {}).await.is_ok());
        assert_eq!(
            rooms
                .set_password(&mine, new_password("ескі құпия сөйлем", "12345678"))
                .await,
            Ok(PasswordSet::Common)
        );
        assert_eq!(
            rooms
                .set_password(&mine, new_password("ескі құпия сөйлем", GOOD))
                .await,
            Ok(PasswordSet::Done)
        );
        assert_eq!(
            rooms.my_settings(&other, Nothing {}).await,
            Err(ApiError::SignedOut)
        );
        let credentials = Credentials {
            iin: ALIYA.to_owned(),
            password: GOOD.to_owned(),
        };
        assert!(house.services.accounts.sign_in(&mine, credentials).await.is_ok());
    }

    #[tokio::test]
    async fn without_a_password_only_a_key_sets_one() {
        let house = House::new().await;
        let mine = house.signed_in(&iin(ALIYA)).await;
        let rooms = &house.services.settings;
        assert!(!rooms.my_settings(&mine, Nothing {}).await.unwrap().has_password);
        assert_eq!(
            rooms.set_password(&mine, new_password("", GOOD)).await,
            Ok(PasswordSet::WrongCurrent)
        );
        house.sql("UPDATE sessions SET way = 'eds'").await;
        assert_eq!(
            rooms.set_password(&mine, new_password("", GOOD)).await,
            Ok(PasswordSet::Done)
        );
        assert!(rooms.my_settings(&mine, Nothing {}).await.unwrap().has_password);
    }

    #[tokio::test]
    async fn a_withdrawn_consent_ends_the_application_being_made() {
        use crate::api::drafts::{CONSENT_VERSION, ConsentGiven};
        let house = House::new().await;
        let mine = house.signed_in(&iin(ALIYA)).await;
        let given = ConsentGiven {
            text_version: CONSENT_VERSION.to_owned(),
        };
        house
            .services
            .drafts
            .give_consent(&mine, given.clone())
            .await
            .unwrap();
        let first = house.services.drafts.open(&mine, Nothing {}).await.unwrap();
        let settings = house
            .services
            .settings
            .withdraw_consent(&mine, Nothing {})
            .await
            .unwrap();
        assert!(settings.consents[0].withdrawn_at.is_some());
        assert_eq!(
            house.services.drafts.open(&mine, Nothing {}).await.err(),
            Some(ApiError::NoConsent)
        );
        house.services.drafts.give_consent(&mine, given).await.unwrap();
        let again = house.services.drafts.open(&mine, Nothing {}).await.unwrap();
        assert_ne!(first.application, again.application, "a new one, filled anew");
    }

    #[test]
    fn browsers_are_told_by_their_own_words() {
        for (words, name) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0 Safari/537.36",
                "Chrome, Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/149.0 Mobile Safari/537.36 SamsungBrowser/29",
                "Samsung Internet, Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Safari/604.1",
                "Safari, iPhone",
            ),
            ("curl/8", ""),
        ] {
            assert_eq!(browser(words), name);
        }
    }
}
