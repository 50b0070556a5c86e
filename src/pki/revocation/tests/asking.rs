//! The checker against a network that lies, stalls and breaks, scripted in place of a server.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use super::{
    super::client::{
        Checked, Checker, Fetch, FetchError, Fetched, ListFailure, Refreshed, Request, Response, Sources,
        USER_AGENT,
    },
    *,
};

const OCSP: &str = "http://ocsp.configured.invalid/";
const LIST: &str = "http://crl.configured.invalid/nca.crl";
const DELTA: &str = "http://crl.configured.invalid/nca_d.crl";

type Answer = Box<dyn Fn(&[u8]) -> Result<Response, FetchError> + Send>;

/// What each address answers, and what was asked.
#[derive(Clone, Default)]
struct Network(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    answers: HashMap<String, Answer>,
    asked: Vec<String>,
}

impl Network {
    fn answers(&self, url: &str, answer: impl Fn(&[u8]) -> Result<Response, FetchError> + Send + 'static) {
        self.0
            .lock()
            .unwrap()
            .answers
            .insert(url.to_owned(), Box::new(answer));
    }

    fn gives(&self, url: &str, body: Vec<u8>) {
        self.answers(url, move |_| {
            Ok(Response {
                status: 200,
                body: body.clone(),
            })
        });
    }

    fn asked(&self) -> usize {
        self.0.lock().unwrap().asked.len()
    }
}

impl Fetch for Network {
    fn fetch<'a>(&'a self, request: Request<'a>) -> Fetched<'a> {
        assert_eq!(request.user_agent, USER_AGENT);
        let mut script = self.0.lock().unwrap();
        script.asked.push(request.url.to_owned());
        let body = request.body.map_or(&[][..], |(_, body)| body);
        let answer = match script.answers.get(request.url) {
            Some(answer) => answer(body),
            None => Err(FetchError::Timeout),
        };
        Box::pin(async move { answer })
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

struct Asked {
    case: Case,
    network: Network,
    checker: Checker<Network>,
}

impl Asked {
    fn new() -> Self {
        let case = Case::gost();
        let network = Network::default();
        let sources = Sources {
            ocsp: Some(OCSP.into()),
            lists: vec![LIST.into(), DELTA.into()],
        };
        let checker = Checker::new(network.clone(), sources, &case.world.anchors);
        Self {
            case,
            network,
            checker,
        }
    }

    fn check(&self, when: When) -> Checked {
        wait(
            self.checker
                .check(&self.case.leaf, &self.case.issuer, NONCE, when),
        )
    }

    fn revocation(&self, when: When) -> Revocation {
        self.check(when).revocation
    }

    fn response(&self, status: CertificateStatus, at: Instant) -> Vec<u8> {
        let key = Key::gost("responder");
        let template = Template::responder(
            "OCSP RESPONDER",
            &key,
            now().plus_seconds(-DAY),
            now().plus_seconds(DAY),
        );
        let responder = self.case.world.authority.credential(&template, key);
        OcspResponse::new(self.case.cert_id(), status, at, Some(NONCE.to_vec())).sign(&responder)
    }

    fn list(&self, number: u64) -> Crl {
        Crl::new(
            &self.case.world.authority,
            number,
            now().plus_seconds(-HOUR),
            now().plus_seconds(DAY),
        )
    }

    fn gives_list(&self, crl: &Crl) {
        self.network.gives(LIST, crl.sign(&self.case.world.authority.key));
    }

    fn refresh(&self, now: Instant) -> Refreshed {
        wait(self.checker.refresh(now)).swap_remove(0).1
    }
}

fn by_list(asked: &Asked) {
    let revocation = asked.revocation(When::at(now()));
    assert!(
        matches!(revocation, Revocation::Good { by: Source::Crl, .. }),
        "{revocation:?}"
    );
}

#[test]
fn the_responder_is_asked_first() {
    let asked = Asked::new();
    asked
        .network
        .gives(OCSP, asked.response(CertificateStatus::Good, now()));
    let checked = asked.check(When::at(now()));
    assert_eq!(
        checked.revocation,
        Revocation::Good {
            by: Source::Ocsp,
            at: now()
        }
    );
    assert_eq!(checked.used.ocsp.unwrap().1, NONCE);
    assert_eq!(asked.network.0.lock().unwrap().asked, [OCSP]);
}

#[test]
fn t29_only_configured_addresses_are_called() {
    // The person's certificate names other addresses for OCSP, lists and the issuer; none of them is ever called.
    let asked = Asked::new();
    asked.revocation(When::at(now()));
    wait(asked.checker.refresh(now()));
    let script = asked.network.0.lock().unwrap();
    assert_eq!(script.asked, [OCSP, LIST, DELTA]);
    let urls = Urls::default();
    for named in [urls.ocsp, urls.crl, urls.delta_crl, urls.issuer] {
        let text = named.as_bytes();
        assert!(
            asked
                .case
                .leaf
                .der()
                .windows(text.len())
                .any(|window| window == text),
            "{named} is in the certificate"
        );
    }
}

#[test]
fn t29_a_redirect_is_a_failure() {
    let asked = Asked::new();
    asked.gives_list(&asked.list(1));
    asked.refresh(now());
    asked.network.answers(OCSP, |_| {
        Ok(Response {
            status: 303,
            body: b"http://elsewhere.invalid/".to_vec(),
        })
    });
    let checked = asked.check(When::at(now()));
    assert_eq!(checked.ocsp_failure, Some(FetchError::Status(303)));
    assert!(matches!(
        checked.revocation,
        Revocation::Good { by: Source::Crl, .. }
    ));
    assert!(
        !asked
            .network
            .0
            .lock()
            .unwrap()
            .asked
            .iter()
            .any(|url| url.contains("elsewhere"))
    );
}

#[test]
fn without_any_address_everything_is_undecided() {
    let case = Case::gost();
    let checker = Checker::new(Network::default(), Sources::default(), &case.world.anchors);
    let checked = wait(checker.check(&case.leaf, &case.issuer, NONCE, When::at(now())));
    assert_eq!(
        checked.revocation,
        Revocation::Undecided {
            why: Undecided::Nothing
        }
    );
    assert!(wait(checker.refresh(now())).is_empty());
}

#[test]
fn t30_a_silent_responder_leaves_the_word_to_a_fresh_list() {
    let asked = Asked::new();
    assert_eq!(
        asked.revocation(When::at(now())),
        Revocation::Undecided {
            why: Undecided::Nothing
        }
    );
    asked.gives_list(&asked.list(1));
    assert!(matches!(
        asked.refresh(now()),
        Refreshed::Updated { entries: 0, .. }
    ));
    by_list(&asked);
    let late = When::at(now().plus_seconds(2 * DAY));
    assert!(matches!(
        asked.revocation(late),
        Revocation::Undecided {
            why: Undecided::Crl(CrlFault::Stale(_))
        }
    ));
}

fn error_of_the_responder(status: u8) -> Vec<u8> {
    vec![0x30, 3, 0x0a, 1, status]
}

#[test]
fn t30_every_kind_of_failure_leaves_the_word_to_the_list() {
    let failures: [fn() -> Result<Response, FetchError>; 6] = [
        || Err(FetchError::Timeout),
        || Err(FetchError::Unreachable("refused".into())),
        || {
            Ok(Response {
                status: 500,
                body: Vec::new(),
            })
        },
        || {
            Ok(Response {
                status: 200,
                body: vec![0; ocsp::MAX_LENGTH + 1],
            })
        },
        || {
            Ok(Response {
                status: 200,
                body: error_of_the_responder(ocsp::INTERNAL_ERROR),
            })
        },
        || {
            Ok(Response {
                status: 200,
                body: error_of_the_responder(ocsp::TRY_LATER),
            })
        },
    ];
    for failure in failures {
        let asked = Asked::new();
        asked.gives_list(&asked.list(1));
        asked.refresh(now());
        asked.network.answers(OCSP, move |_| failure());
        by_list(&asked);
    }
}

#[test]
fn t30_a_wrong_response_does_not_fall_back_to_the_list() {
    let asked = Asked::new();
    asked.gives_list(&asked.list(1));
    asked.refresh(now());
    let sound = asked.response(CertificateStatus::Good, now());
    let stale = asked.response(CertificateStatus::Good, now().plus_seconds(-HOUR));
    let unknown = asked.response(CertificateStatus::Unknown, now());
    for wrong in [
        sound[..sound.len() - 1].to_vec(),
        stale,
        unknown,
        b"<html>".to_vec(),
        Vec::new(),
        error_of_the_responder(6),
        [error_of_the_responder(ocsp::TRY_LATER), vec![0]].concat(),
    ] {
        asked.network.gives(OCSP, wrong);
        let revocation = asked.revocation(When::at(now()));
        assert!(
            matches!(revocation, Revocation::Undecided { .. }),
            "{revocation:?}"
        );
    }
}

#[test]
fn an_answer_is_remembered_for_a_minute() {
    let asked = Asked::new();
    asked
        .network
        .gives(OCSP, asked.response(CertificateStatus::Good, now()));
    for seconds in [0, 30, 60] {
        asked.revocation(When::at(now().plus_seconds(seconds)));
        assert_eq!(asked.network.asked(), 1);
    }
    asked.revocation(When::at(now().plus_seconds(61)));
    assert_eq!(asked.network.asked(), 2);
    // A clock set back doesn't make an answer last.
    asked.revocation(When::at(now().plus_seconds(-1)));
    assert_eq!(asked.network.asked(), 3);
}

#[test]
fn an_undecided_answer_is_not_remembered() {
    let asked = Asked::new();
    asked
        .network
        .gives(OCSP, asked.response(CertificateStatus::Unknown, now()));
    asked.revocation(When::at(now()));
    asked
        .network
        .gives(OCSP, asked.response(CertificateStatus::Good, now()));
    assert!(matches!(
        asked.revocation(When::at(now())),
        Revocation::Good { by: Source::Ocsp, .. }
    ));
}

#[test]
fn t30_a_failing_responder_is_left_alone_and_tried_again() {
    let asked = Asked::new();
    for _ in 0..3 {
        assert_eq!(
            asked.check(When::at(now())).ocsp_failure,
            Some(FetchError::Timeout)
        );
    }
    for _ in 0..10 {
        assert_eq!(
            asked.check(When::at(now().plus_seconds(29))).ocsp_failure,
            Some(FetchError::BreakerOpen)
        );
    }
    assert_eq!(asked.network.asked(), 3);
    // One trial after the rest, and another rest when it fails.
    let later = now().plus_seconds(30);
    assert_eq!(
        asked.check(When::at(later)).ocsp_failure,
        Some(FetchError::Timeout)
    );
    assert_eq!(
        asked.check(When::at(later)).ocsp_failure,
        Some(FetchError::BreakerOpen)
    );
    assert_eq!(asked.network.asked(), 4);
    // A success closes it.
    let after = later.plus_seconds(30);
    asked
        .network
        .gives(OCSP, asked.response(CertificateStatus::Good, after));
    assert!(matches!(
        asked.revocation(When::at(after)),
        Revocation::Good { by: Source::Ocsp, .. }
    ));
    asked.network.answers(OCSP, |_| Err(FetchError::Timeout));
    let much_later = after.plus_seconds(100);
    assert_eq!(
        asked.check(When::at(much_later)).ocsp_failure,
        Some(FetchError::Timeout)
    );
    assert_eq!(
        asked.check(When::at(much_later)).ocsp_failure,
        Some(FetchError::Timeout)
    );
}

#[test]
fn t30_an_older_list_does_not_replace_a_newer_one() {
    let asked = Asked::new();
    let entry = RevokedEntry::of(&asked.case.world.aliya.certificate, now(), Some(1));
    asked.gives_list(&Crl {
        entries: vec![entry],
        ..asked.list(300)
    });
    assert!(matches!(
        asked.refresh(now()),
        Refreshed::Updated { entries: 1, .. }
    ));
    asked.gives_list(&asked.list(299));
    let half_a_day = now().plus_seconds(DAY / 2);
    assert_eq!(
        asked.refresh(half_a_day),
        Refreshed::Failed(ListFailure::List(CrlFault::Older))
    );
    assert!(matches!(
        asked.revocation(When::at(half_a_day)),
        Revocation::Revoked { by: Source::Crl, .. }
    ));
}

#[test]
fn t30_another_authority_s_list_makes_no_room_for_an_older_one() {
    let case = Case::gost();
    let (from, to) = (now().plus_seconds(-YEAR), now().plus_seconds(YEAR));
    let other = case
        .world
        .root
        .subordinate("ANOTHER AUTHORITY", Key::gost("another"), from, to);
    let pinned = [&case.world.root, &case.world.authority, &other].map(|known| known.certificate.clone());
    let network = Network::default();
    let sources = Sources {
        ocsp: None,
        lists: vec![LIST.into()],
    };
    let checker = Checker::new(network.clone(), sources, &Anchors::from_der(&pinned).unwrap());
    let list = |authority: &Authority, number| {
        Crl::new(
            authority,
            number,
            now().plus_seconds(-HOUR),
            now().plus_seconds(DAY),
        )
        .sign(&authority.key)
    };
    let later = |hours| now().plus_seconds(hours * HOUR);
    for (given, expected, hours) in [
        (list(&case.world.authority, 300), None, 0),
        (list(&other, 7), None, 13),
        (list(&case.world.authority, 299), Some(CrlFault::Older), 14),
        (list(&case.world.authority, 300), None, 15),
    ] {
        network.gives(LIST, given);
        let outcome = wait(checker.refresh(later(hours))).swap_remove(0).1;
        match expected {
            None => assert!(matches!(outcome, Refreshed::Updated { .. }), "{outcome:?}"),
            Some(fault) => assert_eq!(outcome, Refreshed::Failed(ListFailure::List(fault))),
        }
    }
}

#[test]
fn t30_a_poisoned_list_leaves_the_last_good_one_in_use() {
    let asked = Asked::new();
    asked.gives_list(&asked.list(1));
    asked.refresh(now());
    let sound = asked.list(2).sign(&asked.case.world.authority.key);
    let stale = Crl {
        next_update: Some(now().plus_seconds(-1)),
        ..asked.list(3)
    }
    .sign(&asked.case.world.authority.key);
    let forged = asked.list(4).sign(&Key::gost("somebody"));
    let foreign = World::impostor().authority;
    let foreign = Crl {
        issuer: name(&[(COMMON_NAME, "x")]),
        ..asked.list(5)
    }
    .sign(&foreign.key);
    let mut time = now().plus_seconds(DAY / 2);
    for poisoned in [
        sound[..sound.len() - 7].to_vec(),
        stale,
        forged,
        foreign,
        b"<html>".to_vec(),
        Vec::new(),
    ] {
        asked.network.gives(LIST, poisoned);
        let outcome = asked.refresh(time);
        assert!(
            matches!(outcome, Refreshed::Failed(ListFailure::List(_))),
            "{outcome:?}"
        );
        by_list(&asked);
        time = time.plus_seconds(5 * 60);
    }
}

#[test]
fn a_list_is_fetched_again_when_half_its_life_has_passed() {
    let asked = Asked::new();
    asked.gives_list(&asked.list(1));
    assert!(matches!(asked.refresh(now()), Refreshed::Updated { .. }));
    assert_eq!(asked.refresh(now().plus_seconds(HOUR)), Refreshed::NotDue);
    assert_eq!(asked.refresh(now().plus_seconds(11 * HOUR)), Refreshed::NotDue);
    assert!(matches!(
        asked.refresh(now().plus_seconds(12 * HOUR)),
        Refreshed::Updated { .. }
    ));
}

#[test]
fn an_address_that_failed_is_tried_again_after_five_minutes() {
    let asked = Asked::new();
    assert!(matches!(
        asked.refresh(now()),
        Refreshed::Failed(ListFailure::Fetch(FetchError::Timeout))
    ));
    assert_eq!(asked.refresh(now().plus_seconds(299)), Refreshed::NotDue);
    asked.gives_list(&asked.list(1));
    assert!(matches!(
        asked.refresh(now().plus_seconds(300)),
        Refreshed::Updated { .. }
    ));
}

#[test]
fn a_delta_list_from_its_own_address_counts() {
    let asked = Asked::new();
    asked.gives_list(&asked.list(10));
    let entry = RevokedEntry::of(&asked.case.world.aliya.certificate, now(), Some(1));
    let delta = Crl {
        delta_of: Some(10),
        entries: vec![entry],
        ..asked.list(11)
    };
    asked
        .network
        .gives(DELTA, delta.sign(&asked.case.world.authority.key));
    asked.refresh(now());
    let checked = asked.check(When::at(now()));
    assert!(matches!(
        checked.revocation,
        Revocation::Revoked { by: Source::Crl, .. }
    ));
    assert_eq!(checked.used.lists.len(), 2);
}

#[test]
fn a_kept_list_is_verified_before_it_is_used_again() {
    let asked = Asked::new();
    let sound = asked.list(7).sign(&asked.case.world.authority.key);
    assert_eq!(asked.checker.restore(LIST, sound.into(), now()), Ok(()));
    by_list(&asked);
    assert_eq!(asked.checker.lists().len(), 1);
    let forged = asked.list(8).sign(&Key::gost("somebody"));
    assert!(asked.checker.restore(LIST, forged.into(), now()).is_err());
    assert_eq!(asked.refresh(now()), Refreshed::NotDue);
}
