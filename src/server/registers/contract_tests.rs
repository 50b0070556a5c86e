//! The client against the simulator, over HTTP: two programs written apart from the same facts must understand each other,
//! and each trouble must be told by its name.

use super::gbd_fl::{Endpoint, ShepGbdFl};
use super::{GbdFl as _, RegisterTrouble, XmlError};
use crate::demo::clock::DemoClock;
use crate::demo::gbd_fl::{GbdFl, Mode, SENDER_ID, SENDER_PASSWORD, SERVICE_ID};
use crate::demo::people::{DemoPerson, everybody};
use crate::domain::eligibility::{Capacity, Life, Refusal, decide};
use crate::domain::iin::Iin;
use crate::server::config::Secret;
use crate::server::fixture::world;
use crate::server::outgoing::Outgoing;
use crate::server::world::World;
use std::sync::Arc;
use std::time::Duration;

struct Pair {
    simulator: GbdFl,
    client: ShepGbdFl,
    world: World,
}

async fn pair(password: &str) -> Pair {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (world, _) = world();
    let clock = DemoClock::over({
        let world = world.clone();
        move || world.now()
    });
    let simulator = GbdFl::new(Arc::new(everybody()), clock);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = simulator.clone().router();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let endpoint = Endpoint {
        url,
        service_id: SERVICE_ID.to_owned(),
        sender_id: SENDER_ID.to_owned(),
        sender_password: Secret::new(password),
        time_out: Duration::from_millis(500),
    };
    let client = ShepGbdFl::new(endpoint, Outgoing::for_tests(), world.clone(), None);
    Pair {
        simulator,
        client,
        world,
    }
}

fn find(id: &str) -> DemoPerson {
    everybody().into_iter().find(|person| person.id == id).unwrap()
}

#[tokio::test]
async fn everybody_is_read_as_the_register_holds_them() {
    let pair = pair(SENDER_PASSWORD).await;
    for person in everybody() {
        let answer = pair.client.person(person.iin()).await.unwrap();
        let register = &person.register;
        assert_eq!(answer.record.person.surname, register.surname);
        assert_eq!(answer.record.person.patronymic, register.patronymic);
        assert_eq!(answer.record.person.birth_date, register.birth_date);
        assert_eq!(
            answer.record.documents.len(),
            register.documents.len(),
            "{}",
            person.id
        );
        assert_eq!(answer.read_at, pair.world.now());
        let alive = register.death_date.is_none() && register.life.code == "0";
        assert_eq!(answer.record.life == Life::Alive, alive, "{}", person.id);
        assert_eq!(answer.record.excluded, register.excluded, "{}", person.id);
        let address = answer.registered_address.unwrap();
        assert_eq!(address.region, register.address.region.code[..2], "{}", person.id);
        assert_eq!(address.house, register.address.house);
    }
}

#[tokio::test]
async fn each_case_of_the_guide_is_decided_as_it_says() {
    let pair = pair(SENDER_PASSWORD).await;
    let today = pair.world.now().date_kz();
    let mut refused = Vec::new();
    for person in everybody() {
        let Some(fund) = &person.fund else { continue };
        let answer = pair.client.person(person.iin()).await.unwrap();
        if let Err(refusal) = decide(&answer.record, &fund.person, true, today) {
            refused.push(refusal);
        }
    }
    let has = |found: fn(&Refusal) -> bool| refused.iter().filter(|refusal| found(refusal)).count();
    assert_eq!(
        has(|refusal| *refusal == Refusal::LifeNotConfirmed),
        1,
        "{refused:?}"
    );
    assert_eq!(has(|refusal| *refusal == Refusal::Incapable), 1, "{refused:?}");
    assert_eq!(has(|refusal| *refusal == Refusal::Excluded), 1, "{refused:?}");
    assert_eq!(
        has(|refusal| *refusal == Refusal::NoValidDocument),
        1,
        "{refused:?}"
    );
    assert_eq!(
        has(|refusal| matches!(refusal, Refusal::Mismatch { .. })),
        1,
        "{refused:?}"
    );
    let capacities: Vec<_> = refused
        .iter()
        .filter(|refusal| matches!(refusal, Refusal::CapacityNotConfirmed))
        .collect();
    assert!(capacities.is_empty(), "every word for capacity is understood");
}

#[tokio::test]
async fn every_trouble_of_the_register_has_its_name() {
    let pair = pair(SENDER_PASSWORD).await;
    let erlan: Iin = find("erlan").iin().clone();
    let ask = async |mode| {
        pair.simulator.behave(mode, None, Some(2));
        pair.client.person(&erlan).await
    };
    assert!(ask(Mode::Ok).await.is_ok());
    assert_eq!(ask(Mode::Slow).await, Err(RegisterTrouble::TimedOut));
    assert_eq!(ask(Mode::Http500).await, Err(RegisterTrouble::Http(500)));
    assert_eq!(
        ask(Mode::Malformed).await,
        Err(RegisterTrouble::Xml(XmlError::NotWellFormed))
    );
    assert_eq!(
        ask(Mode::Fault).await,
        Err(RegisterTrouble::Fault("SCSE001".into()))
    );
    assert_eq!(
        ask(Mode::Refused).await,
        Err(RegisterTrouble::Fault("FAULT-015".into()))
    );
    assert_eq!(
        ask(Mode::Stale).await,
        Err(RegisterTrouble::Shape("an old answer"))
    );
    assert_eq!(
        ask(Mode::Partial).await,
        Err(RegisterTrouble::Shape("lifeStatus"))
    );
    assert_eq!(ask(Mode::Nobody).await, Err(RegisterTrouble::NotFound));
    let contradicting = ask(Mode::Contradicting).await.unwrap();
    assert_eq!(contradicting.record.life, Life::NotConfirmed);
    assert_eq!(contradicting.record.capacity, Capacity::Full);
}

#[tokio::test]
async fn a_wrong_password_and_an_absent_register_are_told_apart() {
    let erlan = find("erlan");
    let wrong = pair("wrong").await;
    assert_eq!(
        wrong.client.person(erlan.iin()).await,
        Err(RegisterTrouble::Fault("SBF-AD-1".into()))
    );
    let (world, _) = world();
    let endpoint = Endpoint {
        // Nothing listens on the discard port.
        url: "http://127.0.0.1:9/".to_owned(),
        service_id: String::new(),
        sender_id: String::new(),
        sender_password: Secret::new(""),
        time_out: Duration::from_millis(500),
    };
    let client = ShepGbdFl::new(endpoint, Outgoing::for_tests(), world, None);
    assert_eq!(
        client.person(erlan.iin()).await,
        Err(RegisterTrouble::Unreachable)
    );
}
