//! Random phones: answers lost and asked for again, two phones and the browser at once, everything in any order.

use super::papers::Verdict;
use super::scene::{Scene, request, signed};
use super::session::QrState;
use crate::api::SignatureTrouble;
use crate::server::fixture::{ALIYA, iin};
use crate::server::store::qr::Circumstances;
use axum::body::Body;
use proptest::prelude::*;

/// What somebody sends while the document is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Sent {
    Signature(u8),
    Refusal,
    Rubbish,
    /// Of the browser.
    Cancel,
}

impl Sent {
    fn body(self) -> Option<String> {
        match self {
            Self::Signature(number) => Some(signed(&[0x30, 3, 2, 1, number])),
            Self::Refusal => Some(r#"{"status":"CANCELED","version":1}"#.into()),
            Self::Rubbish => Some("{".into()),
            Self::Cancel => None,
        }
    }
}

fn sent() -> impl Strategy<Value = Sent> {
    prop_oneof![
        6 => (0..3_u8).prop_map(Sent::Signature),
        2 => Just(Sent::Refusal),
        1 => Just(Sent::Rubbish),
        1 => Just(Sent::Cancel),
    ]
}

async fn send(scene: &Scene, session: &str, uri: &str, token: &str, sent: Sent) -> u16 {
    match sent.body() {
        Some(body) => scene
            .ask(request("PUT", uri, token, Body::from(body)))
            .await
            .0
            .as_u16(),
        None => {
            let by = Circumstances::default();
            scene.service.cancel(&iin(ALIYA), session, by).await.unwrap();
            0
        }
    }
}

/// What the answers of one session may be once it has ended, and by whom.
fn fits(end: QrState, winner: Option<Sent>, sent: Sent, status: u16) -> bool {
    match (end, winner == Some(sent)) {
        (QrState::Signed | QrState::Refused, true) => status == 200,
        (QrState::WrongSigner, true) => status == 403,
        (QrState::Signed, false) => matches!(status, 409 | 400),
        _ => matches!(status, 410 | 400),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 40, ..ProptestConfig::default() })]

    /// All is sent at once, then all of it again: one answer wins and hears the same as often as it asks, every other one
    /// hears that it is too late, and nothing changes any more.
    #[test]
    fn one_answer_wins_and_hears_the_same_for_ever(
        first in prop::collection::vec(sent(), 1..8),
        wrong_signer in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
        runtime.block_on(async {
            let verdicts = if wrong_signer {
                vec![Verdict::Refused(SignatureTrouble::AnotherPerson)]
            } else {
                vec![]
            };
            let scene = std::sync::Arc::new(Scene::usual(verdicts).await);
            let (session, uri, token) = scene.taken().await;
            let racing: Vec<_> = first
                .iter()
                .map(|one| {
                    let (scene, session, uri, token, one) =
                        (scene.clone(), session.session.clone(), uri.clone(), token.clone(), *one);
                    tokio::spawn(async move { send(&scene, &session, &uri, &token, one).await })
                })
                .collect();
            let mut heard = Vec::new();
            for (one, task) in first.iter().zip(racing) {
                heard.push((*one, task.await.unwrap()));
            }
            let ended = scene.stored(&session).await;
            if !super::session::is_end(ended.state) {
                prop_assert!(heard.iter().all(|(one, status)| *one == Sent::Rubbish && *status == 400), "{:?}", heard);
                return Ok(());
            }
            // Who won is told by the answers: only the winner hears 200, or 403 with its verdict.
            let winner = heard
                .iter()
                .find(|(_, status)| matches!(status, 200 | 403))
                .map(|(one, _)| *one);
            prop_assert_eq!(winner.is_some(), ended.answer.is_some(), "{:?} {:?}", &ended, &heard);
            for (one, status) in heard.iter().filter(|(one, _)| *one != Sent::Cancel) {
                prop_assert!(fits(ended.state, winner, *one, *status), "{:?} {:?}: {:?}", ended.state, winner, &heard);
            }
            for one in first.iter().chain(&first).filter(|one| **one != Sent::Rubbish) {
                let status = send(&scene, &session.session, &uri, &token, *one).await;
                prop_assert!(*one == Sent::Cancel || fits(ended.state, winner, *one, status), "again {:?} {}", one, status);
                prop_assert_eq!(&scene.stored(&session).await, &ended, "an end stays");
            }
            Ok(())
        })?;
    }
}
