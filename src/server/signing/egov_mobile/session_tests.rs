//! The rules one by one, then random lives of a session: retries, races and late comers.

use super::*;
use proptest::prelude::*;

const T0: Timestamp = Timestamp(1_790_000_000_000);

const FIRST: Link = Link {
    way: Way::Screen,
    turn: 0,
};

fn to(step: Result<Step, Stop>) -> Session {
    match step {
        Ok(Step::To(session)) => session,
        other => panic!("a step was expected, not {other:?}"),
    }
}

fn reading() -> Session {
    let opened = to(Session::start(T0).open(FIRST, T0.plus_seconds(10)));
    to(opened.take(T0.plus_seconds(12)))
}

#[test]
fn the_good_way_leads_from_new_to_signed() {
    let session = Session::start(T0);
    assert_eq!(session.deadline, T0.plus_seconds(300));
    let reading = reading();
    assert_eq!(reading.state, QrState::Reading);
    assert_eq!(reading.deadline, T0.plus_seconds(612));
    let now = T0.plus_seconds(100);
    assert_eq!(reading.may_answer(&[1; 32], now), Ok(None));
    let signed = reading.answered(QrState::Signed, [1; 32]).unwrap();
    assert_eq!(signed.may_answer(&[1; 32], now), Ok(Some(Step::Again)));
    assert_eq!(signed.may_answer(&[2; 32], now), Err(Stop::SignedOtherwise));
}

#[test]
fn nothing_lives_past_the_end_the_app_was_told() {
    let last = Link {
        way: Way::Screen,
        turn: 4,
    };
    let opened = to(Session::start(T0).open(last, T0.plus_seconds(299)));
    assert_eq!(
        opened.deadline,
        T0.plus_seconds(359),
        "a minute for taking the document"
    );
    let reading = to(opened.take(T0.plus_seconds(358)));
    assert_eq!(reading.deadline, T0.plus_ms(WHOLE_MS));
}

#[test]
fn reading_again_gives_no_more_time() {
    assert_eq!(reading().take(T0.plus_seconds(500)), Ok(Step::Again));
}

#[test]
fn the_code_turns_every_minute_until_somebody_opens_it() {
    let session = Session::start(T0);
    let turns: Vec<_> = [0, 59, 60, 119, 240, 299, 300]
        .map(|s| session.turn_at(T0.plus_seconds(s)))
        .into();
    assert_eq!(
        turns,
        [Some(0), Some(0), Some(1), Some(1), Some(4), Some(4), None]
    );
    assert_eq!(
        session.next_turn_at(T0.plus_seconds(61)),
        Some(T0.plus_seconds(120))
    );
    assert_eq!(reading().turn_at(T0.plus_seconds(13)), None);
}

#[test]
fn t05_an_old_code_is_good_for_five_minutes_and_an_unshown_one_is_not_good_at_all() {
    let session = Session::start(T0);
    let third = Link { turn: 2, ..FIRST };
    assert!(
        session.open(FIRST, T0.plus_seconds(299)).is_ok(),
        "replaced four minutes ago"
    );
    assert_eq!(session.open(third, T0.plus_seconds(119)), Err(Stop::OldLink));
    let opened = to(session.open(FIRST, T0.plus_seconds(299)));
    let reading = to(opened.take(T0.plus_seconds(300)));
    assert_eq!(
        reading.open(FIRST, T0.plus_seconds(359)),
        Ok(Step::Again),
        "the app retries"
    );
    assert_eq!(
        reading.open(FIRST, T0.plus_seconds(360)),
        Err(Stop::OldLink),
        "replaced five minutes ago"
    );
}

#[test]
fn t05_after_the_first_opening_no_other_code_of_the_session_opens() {
    let session = Session::start(T0);
    let second = Link { turn: 1, ..FIRST };
    let now = T0.plus_seconds(70);
    let opened = to(session.open(second, now));
    assert_eq!(opened.open(FIRST, now), Err(Stop::OldLink));
    assert_eq!(
        opened.open(
            Link {
                way: Way::SamePhone,
                ..second
            },
            now
        ),
        Err(Stop::OldLink)
    );
    assert_eq!(opened.open(second, now), Ok(Step::Again));
}

#[test]
fn the_document_is_neither_taken_nor_signed_out_of_turn() {
    let session = Session::start(T0);
    assert_eq!(session.take(T0), Err(Stop::OutOfTurn));
    assert_eq!(session.may_answer(&[1; 32], T0), Err(Stop::OutOfTurn));
    let opened = to(session.open(FIRST, T0));
    assert_eq!(opened.may_answer(&[1; 32], T0), Err(Stop::OutOfTurn));
}

#[test]
fn an_answer_in_time_is_judged_even_while_the_deadline_passes() {
    let reading = reading();
    let late = reading.deadline;
    assert_eq!(
        reading.may_answer(&[1; 32], late),
        Err(Stop::Ended(QrState::Expired))
    );
    assert_eq!(reading.may_answer(&[1; 32], late.plus_ms(-1)), Ok(None));
    assert_eq!(reading.expired(late.plus_ms(JUDGING_MS - 1)), None);
    assert!(reading.expired(late.plus_ms(JUDGING_MS)).is_some());
}

#[test]
fn the_fifth_useless_body_ends_the_session() {
    let mut session = reading();
    for _ in 1..BAD_PUTS {
        session = session.bad_put().unwrap();
        assert_eq!(session.state, QrState::Reading);
    }
    assert_eq!(session.bad_put().unwrap().state, QrState::Failed);
}

#[test]
fn names_are_read_back() {
    for state in STATES {
        assert_eq!(parse(name(state)), Some(state));
        assert_eq!(
            serde_json::to_value(state).unwrap(),
            name(state),
            "one name everywhere"
        );
    }
    for way in [Way::Screen, Way::SamePhone] {
        assert_eq!(Way::parse(way.as_str()), Some(way));
    }
}

/// What can happen to a session. `seconds` is the time since the thing before.
#[derive(Debug, Clone)]
enum Event {
    Open(Link),
    Take,
    /// An answer arrives; its verdict comes at the next `Judge`.
    Put(u8, QrState),
    Judge,
    BadPut,
    Cancel,
    Sweep,
}

fn event() -> impl Strategy<Value = Event> {
    let link = (any::<bool>(), 0..TURNS).prop_map(|(screen, turn)| Link {
        way: if screen { Way::Screen } else { Way::SamePhone },
        turn,
    });
    let verdict = prop_oneof![
        4 => Just(QrState::Signed),
        1 => Just(QrState::Refused),
        1 => Just(QrState::WrongSigner),
        1 => Just(QrState::Failed),
    ];
    prop_oneof![
        4 => link.prop_map(Event::Open),
        4 => Just(Event::Take),
        4 => (0..3_u8, verdict).prop_map(|(bytes, end)| Event::Put(bytes, end)),
        4 => Just(Event::Judge),
        1 => Just(Event::BadPut),
        1 => Just(Event::Cancel),
        2 => Just(Event::Sweep),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Two servers work on one stored session; each step is compared and swapped as the store does it. Whatever the
    /// order: an end stays, only one answer wins, its repetition is answered the same, and no deadline passes the end.
    #[test]
    fn whatever_happens_an_end_stays_and_one_answer_wins(
        events in prop::collection::vec((0..90_i64, event()), 1..40),
    ) {
        let mut stored = Session::start(T0);
        let mut now = T0;
        // Answers that came in time and wait for their verdict: what was seen, the bytes, the verdict.
        let mut judged: Vec<(Session, Answer, QrState)> = Vec::new();
        let mut wins = 0;
        for (seconds, event) in events {
            now = now.plus_seconds(seconds);
            let before = stored.clone();
            match event {
                Event::Open(link) => match stored.open(link, now) {
                    Ok(Step::To(next)) => { prop_assert_eq!(stored.state, QrState::New); stored = next; }
                    Ok(Step::Again) => prop_assert_eq!(stored.opened_by, Some(link)),
                    Err(_) => {}
                },
                Event::Take => if let Ok(Step::To(next)) = stored.take(now) {
                    prop_assert_eq!(stored.state, QrState::Opened);
                    stored = next;
                },
                Event::Put(bytes, end) => {
                    let answer = [bytes; 32];
                    match stored.may_answer(&answer, now) {
                        Ok(None) => {
                            prop_assert!(now < stored.deadline);
                            judged.push((stored.clone(), answer, end));
                        }
                        Ok(Some(_)) => prop_assert_eq!(stored.answer, Some(answer)),
                        Err(stop) => if stored.state == QrState::Signed {
                            prop_assert_eq!(stop, Stop::SignedOtherwise);
                        },
                    }
                }
                Event::Judge => if let Some((seen, answer, end)) = judged.pop() {
                    // The guard: only from exactly the state seen.
                    if let Some(next) = seen.answered(end, answer).filter(|_| stored.state == seen.state) {
                        wins += 1;
                        stored = Session { bad_puts: stored.bad_puts, ..next };
                    }
                },
                Event::BadPut => if stored.may_answer(&[9; 32], now) == Ok(None)
                    && let Some(next) = stored.bad_put() {
                    stored = next;
                },
                Event::Cancel => if let Some(next) = stored.cancelled() { stored = next; },
                Event::Sweep => if let Some(next) = stored.expired(now) { stored = next; },
            }
            if is_end(before.state) {
                prop_assert_eq!(&stored, &before, "an end stays");
            }
            prop_assert!(stored.deadline <= stored.end());
            prop_assert!(wins <= 1, "one answer wins");
            prop_assert_eq!(stored.answer.is_some(), wins == 1);
            if matches!(stored.state, QrState::Signed) {
                prop_assert!(stored.opened_by.is_some() && stored.answer.is_some());
            }
        }
        // Whenever a lost answer is asked for again, however late: the winner hears the same, everybody else an end.
        for bytes in 0..3_u8 {
            let again = stored.may_answer(&[bytes; 32], now.plus_seconds(86_400));
            match stored.answer {
                Some(answer) if answer == [bytes; 32] => prop_assert_eq!(again, Ok(Some(Step::Again))),
                Some(_) if stored.state == QrState::Signed => prop_assert_eq!(again, Err(Stop::SignedOtherwise)),
                _ => prop_assert!(matches!(again, Err(Stop::Ended(_)))),
            }
        }
    }
}
