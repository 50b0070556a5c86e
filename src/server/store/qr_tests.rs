//! The store under races: whatever several servers try at once, each session takes one way, told by the audit step by step.

use super::sql::{self};
use super::*;
use crate::domain::person::Person;
use crate::domain::time::Date;
use crate::server::fixture::engine::{self, Engine};
use crate::server::signing::egov_mobile::session::{Step, is_end};
use crate::server::store::FundStore as _;
use crate::server::world::{SystemRandom, World, sha256};
use proptest::prelude::*;
use std::sync::Arc;

struct Standing;

impl crate::server::world::Clock for Standing {
    fn now(&self) -> Timestamp {
        T0
    }
}

const T0: Timestamp = Timestamp(1_790_000_000_000);

async fn store() -> (Arc<Database>, Engine, Iin) {
    let world = World {
        clock: Arc::new(Standing),
        random: Arc::new(SystemRandom),
    };
    let (store, engine) = engine::database(world).await;
    let iin = Iin::typed("990101390009").unwrap();
    let person = Person {
        iin: iin.clone(),
        surname: "Сынақова".into(),
        given_name: "Әлия".into(),
        patronymic: None,
        birth_date: Date::new(1999, 1, 1).unwrap(),
    };
    store.put_person(&person).await.unwrap();
    (Arc::new(store), engine, iin)
}

const LINK: Link = Link {
    way: Way::Screen,
    turn: 0,
};

fn new(id: &str, application: &str, iin: &Iin, document: u8) -> NewQr {
    NewQr {
        id: id.to_owned(),
        seed: [1; 16],
        application: application.to_owned(),
        iin: iin.clone(),
        document_sha256: [document; 32],
        document_lookup: sha256(format!("document of {id}")),
        links: vec![(sha256(format!("link of {id}")), LINK)],
    }
}

async fn started(store: &Database, id: &str, application: &str, iin: &Iin, document: u8) -> QrRow {
    match store
        .start_qr(new(id, application, iin, document), T0, Circumstances::default())
        .await
        .unwrap()
    {
        Started::New(row) => row,
        Started::Live(_) | Started::TooMany { .. } => panic!("a new session was expected"),
    }
}

async fn audited(store: &Database, id: &str) -> Vec<String> {
    sql::query_scalar("SELECT event FROM audit WHERE subject = ? ORDER BY id")
        .bind(id)
        .fetch_all(&mut store.read().await.unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn an_application_has_one_live_session_and_a_new_document_ends_the_old_one() {
    let (store, _folder, iin) = store().await;
    let first = started(&store, "a", "application", &iin, 1).await;
    let again = store
        .start_qr(new("b", "application", &iin, 1), T0, Circumstances::default())
        .await
        .unwrap();
    assert!(matches!(again, Started::Live(row) if row == first));
    let second = started(&store, "c", "application", &iin, 2).await;
    assert_eq!(second.session.state, QrState::New);
    let old = store.qr("a").await.unwrap().unwrap();
    assert_eq!(old.session.state, QrState::Cancelled);
    assert!(store.qr("b").await.unwrap().is_none());
    assert_eq!(
        store.qr_by_link(&sha256("link of c")).await.unwrap().unwrap().1,
        LINK
    );
    assert!(
        store
            .qr_by_document(&sha256("document of b"))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_row_is_read_back_as_it_was_stored() {
    let (store, _folder, iin) = store().await;
    let row = started(&store, "a", "application", &iin, 1).await;
    assert!(store.qr("a").await.unwrap() == Some(row.clone()));
    let Ok(Step::To(opened)) = row.session.open(LINK, T0) else {
        panic!("a new session opens")
    };
    let phone = Device {
        address: "10.0.0.1".into(),
        agent: "phone".into(),
    };
    let why = Circumstances {
        phone: Some(&phone),
        ..Circumstances::default()
    };
    assert!(store.step_qr(&row, &opened, T0, why).await.unwrap());
    assert!(
        !store.step_qr(&row, &opened, T0, why).await.unwrap(),
        "not from a state left behind"
    );
    let stored = store.qr("a").await.unwrap().unwrap();
    assert_eq!(stored.session, opened);
    assert_eq!(stored.phone, Some(phone));
    assert_eq!(stored.change, 2);
    assert_eq!(store.qr_changes(1).await.unwrap().len(), 1);
    assert_eq!(store.last_qr_change().await.unwrap(), 2);
}

#[tokio::test]
async fn time_ends_what_is_overdue_and_a_day_later_it_is_forgotten() {
    let (store, _folder, iin) = store().await;
    let row = started(&store, "a", "application", &iin, 1).await;
    let deadline = row.session.deadline;
    store.sweep_qr(deadline.plus_ms(-1)).await.unwrap();
    assert!(store.qr("a").await.unwrap() == Some(row));
    store.sweep_qr(deadline).await.unwrap();
    assert_eq!(
        store.qr("a").await.unwrap().unwrap().session.state,
        QrState::Expired
    );
    store.sweep_qr(deadline.plus_ms(KEPT_MS + 1)).await.unwrap();
    assert!(store.qr("a").await.unwrap().is_none());
    assert!(store.qr_by_link(&sha256("link of a")).await.unwrap().is_none());
    assert_eq!(
        store.last_qr_change().await.unwrap(),
        2,
        "numbers never come again"
    );
    assert_eq!(audited(&store, "a").await, ["qr.started", "qr.expired"]);
}

/// What a server tries, in the order of its requests.
#[derive(Debug, Clone)]
enum Try {
    Open,
    Take,
    Answer(u8, QrState),
    BadPut,
    Cancel,
    Sweep,
}

fn a_try() -> impl Strategy<Value = Try> {
    let end = prop_oneof![
        3 => Just(QrState::Signed),
        1 => Just(QrState::Refused),
        1 => Just(QrState::WrongSigner),
    ];
    prop_oneof![
        3 => Just(Try::Open),
        3 => Just(Try::Take),
        4 => (0..3_u8, end).prop_map(|(bytes, end)| Try::Answer(bytes, end)),
        1 => Just(Try::BadPut),
        1 => Just(Try::Cancel),
        1 => Just(Try::Sweep),
    ]
}

/// One request, as a server makes it: look, decide, swap; the loser looks again.
async fn make(store: &Database, attempt: &Try) {
    for _ in 0..20 {
        let row = store.qr("a").await.unwrap().unwrap();
        let next = match attempt {
            Try::Open => match row.session.open(LINK, T0) {
                Ok(Step::To(next)) => next,
                _ => return,
            },
            Try::Take => match row.session.take(T0) {
                Ok(Step::To(next)) => next,
                _ => return,
            },
            Try::Answer(bytes, end) => match row.session.may_answer(&[*bytes; 32], T0) {
                Ok(None) if *end == QrState::Signed => {
                    let signing = store.again(|| async {
                        let mut tx = store.write().await?;
                        let signed = sign(&mut tx, "a", &[*bytes; 32], T0, Circumstances::default()).await?;
                        if signed {
                            tx.commit().await?;
                        }
                        Ok(signed)
                    });
                    if signing.await.unwrap() {
                        return;
                    }
                    continue;
                }
                Ok(None) => row.session.answered(*end, [*bytes; 32]).unwrap(),
                _ => return,
            },
            Try::BadPut => match row.session.bad_put() {
                Some(next) => next,
                None => return,
            },
            Try::Cancel => match row.session.cancelled() {
                Some(next) => next,
                None => return,
            },
            Try::Sweep => return store.sweep_qr(T0).await.unwrap(),
        };
        let why = Circumstances::default();
        if store.step_qr(&row, &next, T0, why).await.unwrap() {
            return;
        }
    }
    panic!("twenty rounds lost");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 50, ..ProptestConfig::default() })]

    #[test]
    fn racing_servers_take_a_session_one_way_only(
        servers in prop::collection::vec(prop::collection::vec(a_try(), 1..8), 2..5),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
        let (row, events, changes) = runtime.block_on(async {
            let (store, _folder, iin) = store().await;
            started(&store, "a", "application", &iin, 1).await;
            let tasks: Vec<_> = servers
                .into_iter()
                .map(|tries| {
                    let store = store.clone();
                    tokio::spawn(async move {
                        for attempt in &tries {
                            make(&store, attempt).await;
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
            let row = store.qr("a").await.unwrap().unwrap();
            (row, audited(&store, "a").await, store.last_qr_change().await.unwrap())
        });
        prop_assert_eq!(events[0].as_str(), "qr.started");
        let place = |event: &str| events.iter().position(|known| known == event);
        for once in ["qr.opened", "qr.document_taken", "qr.signed", "qr.refused", "qr.cancelled", "qr.wrong_signer", "qr.failed"] {
            prop_assert!(events.iter().filter(|known| *known == once).count() <= 1, "{:?}", events);
        }
        let ends = events.iter().filter(|event| {
            session::parse(event.trim_start_matches("qr.")).is_some_and(is_end)
        }).count();
        prop_assert_eq!(ends, usize::from(is_end(row.session.state)), "{:?}", &events);
        if let Some(signed) = place("qr.signed") {
            prop_assert_eq!(signed, events.len() - 1, "nothing follows an end");
            prop_assert!(place("qr.opened") < place("qr.document_taken"));
            prop_assert!(place("qr.document_taken") < Some(signed));
            prop_assert!(row.session.answer.is_some());
        }
        prop_assert_eq!(row.change, events.len() as i64, "each change has its row and its number");
        prop_assert!(changes >= row.change);
    }
}
