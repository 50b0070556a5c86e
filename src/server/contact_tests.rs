//! New contacts in the form, and contacts that no longer reach a person, over services and store.

use super::codes::Purpose;
use super::fixture::{ALIYA, BOLAT, House, iin};
use super::outbox::{Channel, Message, Outcome};
use super::store::fund::{ReturnReason, ReturnedRow};
use crate::api::accounts::Identity;
use crate::api::contacts::{CodeTrouble, CodeTyped, CodeWanted, ContactKind, StillMine, UnreachedKind};
use crate::api::{ApiError, Caller, Nothing};
use crate::domain::form::{Field, FieldError, FormInput, Problem};

const MOBILE: &str = "+77770001418";

fn wanted(application: &str, kind: ContactKind, value: &str) -> CodeWanted {
    CodeWanted {
        application: application.to_owned(),
        kind,
        value: value.to_owned(),
    }
}

fn typed(application: &str, kind: ContactKind, value: &str, code: &str) -> CodeTyped {
    CodeTyped {
        application: application.to_owned(),
        kind,
        value: value.to_owned(),
        code: code.to_owned(),
    }
}

fn missing(field: Field) -> FieldError {
    FieldError {
        field,
        problem: Problem::NotConfirmed,
    }
}

#[tokio::test]
async fn a_new_contact_is_signed_for_once_proven_or_put_off() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    house.consent(&caller).await;
    let draft = house.open(&caller).await;
    let input = FormInput {
        mobile: "8 777 000 14 18".into(),
        mobile_is_mine: true,
        email: "New@example.kz".into(),
        ..draft.input.clone()
    };
    let version = house.save(&caller, &draft, input.clone()).await;
    assert_eq!(
        house.freeze(&caller, &draft.application, version).await,
        Err(ApiError::Invalid {
            fields: vec![missing(Field::MobileCode), missing(Field::EmailCode)]
        })
    );
    let contacts = &house.services.contacts;
    let id = &*draft.application;
    contacts
        .send_code(&caller, wanted(id, ContactKind::Mobile, "8 777 000 14 18"))
        .await
        .unwrap();
    let code = house.code(MOBILE).await;
    let answer = || typed(id, ContactKind::Mobile, "87770001418", &code);
    contacts.confirm(&caller, answer()).await.unwrap();
    contacts.confirm(&caller, answer()).await.unwrap();
    let draft = house.open(&caller).await;
    assert_eq!(draft.known.proven, [MOBILE]);
    let input = FormInput {
        email_later: true,
        ..input
    };
    let version = house.save(&caller, &draft, input).await;
    let frozen = house.freeze(&caller, id, version).await.unwrap();
    assert_eq!(frozen.unproven, [Field::Email]);
    // While it is frozen nothing is proven: the document says what stands in it.
    let refused = contacts
        .send_code(&caller, wanted(id, ContactKind::Email, "new@example.kz"))
        .await;
    assert_eq!(refused, Err(ApiError::WrongState));
}

#[tokio::test]
async fn an_e_mail_address_is_proven_by_a_letter_in_the_persons_language() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    house.consent(&caller).await;
    let id = house.open(&caller).await.application;
    let contacts = &house.services.contacts;
    contacts
        .send_code(&caller, wanted(&id, ContactKind::Email, "new@example.kz"))
        .await
        .unwrap();
    let sent = house.rows("SELECT channel, recipient, subject FROM outbox").await;
    assert_eq!(
        sent,
        [["email", "new@example.kz", "Личный кабинет: код подтверждения"]]
    );
    let code = house.code("new@example.kz").await;
    contacts
        .confirm(&caller, typed(&id, ContactKind::Email, "new@example.kz", &code))
        .await
        .unwrap();
    assert_eq!(house.open(&caller).await.known.proven, ["new@example.kz"]);
}

#[tokio::test]
async fn t31_codes_are_sent_for_ones_own_draft_alone() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    let contacts = &house.services.contacts;
    let none = contacts
        .send_code(&caller, wanted("", ContactKind::Mobile, MOBILE))
        .await;
    assert_eq!(none, Err(ApiError::NotFound), "no draft");
    house.consent(&caller).await;
    let id = house.open(&caller).await.application;
    let other = house.signed_in(&iin(BOLAT)).await;
    house.consent(&other).await;
    house.open(&other).await;
    let foreign = contacts
        .send_code(&other, wanted(&id, ContactKind::Mobile, MOBILE))
        .await;
    assert_eq!(foreign, Err(ApiError::NotFound));
    let abroad = contacts
        .send_code(&caller, wanted(&id, ContactKind::Mobile, "+49 30 901820"))
        .await;
    let trouble = CodeTrouble::NotSendable;
    assert_eq!(abroad, Err(ApiError::Code { trouble }));
    let odd = contacts
        .confirm(&caller, typed(&id, ContactKind::Mobile, MOBILE, "12345"))
        .await;
    assert_eq!(odd.err(), Some(ApiError::Malformed));
    assert!(house.rows("SELECT 1 FROM outbox").await.is_empty());
}

#[tokio::test]
async fn a_number_that_a_relative_uses_is_not_refused() {
    let house = House::new().await;
    for who in [ALIYA, BOLAT] {
        let caller = house.signed_in(&iin(who)).await;
        house.consent(&caller).await;
        let draft = house.open(&caller).await;
        let id = &*draft.application;
        let contacts = &house.services.contacts;
        contacts
            .send_code(&caller, wanted(id, ContactKind::Mobile, MOBILE))
            .await
            .unwrap();
        let code = house.code(MOBILE).await;
        contacts
            .confirm(&caller, typed(id, ContactKind::Mobile, MOBILE, &code))
            .await
            .unwrap();
        let mut input = FormInput {
            mobile: MOBILE.into(),
            ..draft.input.clone()
        };
        let draft = house.open(&caller).await;
        let version = house.save(&caller, &draft, input.clone()).await;
        let fields = vec![missing(Field::MobileIsMine)];
        assert_eq!(
            house.freeze(&caller, id, version).await,
            Err(ApiError::Invalid { fields })
        );
        input.mobile_is_mine = true;
        let draft = house.open(&caller).await;
        let version = house.save(&caller, &draft, input).await;
        let frozen = house.freeze(&caller, id, version).await.unwrap();
        house.sign(&caller, id, house.cms(who, &frozen)).await.unwrap();
        house.clock.advance_seconds(60);
    }
    let held = house
        .rows("SELECT iin FROM requisites WHERE json_extract(content, '$.mobile') = '+77770001418'")
        .await;
    assert_eq!(held.len(), 2);
}

async fn me(house: &House, caller: &Caller) -> Identity {
    house.services.accounts.me(caller, Nothing {}).await.unwrap()
}

async fn kinds(house: &House, caller: &Caller) -> Vec<UnreachedKind> {
    me(house, caller)
        .await
        .unreached
        .iter()
        .map(|one| one.kind)
        .collect()
}

/// A message that was given up.
async fn failed(house: &House, channel: Channel, recipient: &str, problem: &str) {
    let at = house.core.world.now();
    let id = house.core.world.id();
    let message = Message {
        id: &id,
        channel,
        recipient,
        subject: "",
        body: "",
        at,
        expires_at: None,
    };
    let mut tx = house.store.write().await.unwrap();
    super::outbox::insert(&mut tx, message).await.unwrap();
    tx.commit().await.unwrap();
    house
        .core
        .store
        .message_tried(&id, at, Outcome::GivenUp, problem)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_came_back_is_asked_about_until_the_person_answers_and_again_when_more_comes_back() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    assert_eq!(kinds(&house, &caller).await, []);
    // After the address was brought in.
    house.clock.advance_seconds(1);
    failed(&house, Channel::Sms, "+77012345678", "no such number").await;
    failed(&house, Channel::Email, "old@example.kz", "550").await;
    let letter = ReturnedRow {
        iin: iin(ALIYA),
        kind: UnreachedKind::Post,
        contact: String::new(),
        at: house.core.world.now(),
        reason: ReturnReason::Moved,
    };
    house.core.store.import_returned(&[letter]).await.unwrap();
    let all = [UnreachedKind::Post, UnreachedKind::Mobile, UnreachedKind::Email];
    assert_eq!(kinds(&house, &caller).await, all);
    let told = me(&house, &caller).await.unreached;
    assert_eq!(
        told[0].address.as_ref().map(|address| address.house.as_str()),
        Some("14/2")
    );
    assert_eq!(told[1].value, "+77012345678");
    let other = house.signed_in(&iin(BOLAT)).await;
    let shared = kinds(&house, &other).await;
    assert_eq!(
        shared,
        all[1..],
        "the fixture's people share their contacts, not their letters"
    );

    let said = StillMine {
        kinds: vec![UnreachedKind::Post, UnreachedKind::Mobile],
    };
    house.services.contacts.still_mine(&caller, said).await.unwrap();
    assert_eq!(kinds(&house, &caller).await, [UnreachedKind::Email]);
    house.clock.advance_seconds(60);
    failed(&house, Channel::Sms, "+77012345678", "no such number").await;
    assert_eq!(kinds(&house, &caller).await, all[1..]);
}

#[tokio::test]
async fn a_code_that_came_too_late_says_nothing_of_the_contact() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    house.consent(&caller).await;
    let to = super::codes::Recipient::parse(ContactKind::Mobile, "+77012345678").unwrap();
    super::codes::send(&house.core, &caller, &iin(ALIYA), Purpose::SignIn, &to)
        .await
        .unwrap();
    house.clock.advance_seconds(301);
    let now = house.core.world.now();
    let due = house
        .core
        .store
        .lease_messages(&[Channel::Sms], now, now.plus_seconds(60), 10)
        .await
        .unwrap();
    assert!(due.is_empty());
    let given_up = house
        .rows("SELECT last_error FROM outbox WHERE given_up_at IS NOT NULL")
        .await;
    assert_eq!(given_up, [["too late"]]);
    assert_eq!(kinds(&house, &caller).await, []);
}
