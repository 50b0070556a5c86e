use super::*;
use crate::api::Nothing;
use crate::api::contacts::UnreachedKind;
use crate::domain::iin::Iin;
use crate::server::fixture::{ALIYA, BOLAT, House, iin};
use crate::server::store::FundStore as _;

const ANOTHER: &str = "850101300010";

async fn brought(house: &House, kind: Kind, file: &str) -> Report {
    import(&*house.store, &house.core.world, kind, file.as_bytes())
        .await
        .unwrap()
}

fn faults(report: &Report) -> Vec<(usize, RowFault)> {
    report
        .told
        .iter()
        .map(|refused| (refused.line, refused.why))
        .collect()
}

#[tokio::test]
async fn a_person_comes_in_with_accounts_and_requisites() {
    let house = House::new().await;
    let people =
        format!("iin;surname;given_name;patronymic;birth_date\n{ANOTHER};Әлиев;Нұрлан;;1985-01-01\n");
    assert_eq!(brought(&house, Kind::People, &people).await.taken, 1);
    let accounts = format!(
        "iin,number,contribution,opened_on\n{ANOTHER},1,mandatory,2005-03-01\n{ANOTHER},2,voluntary,2010-03-01\n"
    );
    assert_eq!(brought(&house, Kind::Accounts, &accounts).await.taken, 2);
    let requisites = format!(
        "iin,mobile,region,district,kato,document_kind,document_number,document_issued_on\n\
         {ANOTHER},+77010000000,Карагандинская область,Теміртау қаласы,352310000,identity_card,051234567,2020-01-02\n"
    );
    assert_eq!(brought(&house, Kind::Requisites, &requisites).await.taken, 1);
    let held = house
        .store
        .fund_record(&Iin::from_authority(ANOTHER).unwrap())
        .await
        .unwrap()
        .expect("known");
    assert_eq!(held.person.full_name(), "Әлиев Нұрлан");
    assert_eq!(held.accounts.len(), 2);
    assert_eq!(held.requisites.address.region, "35");
    assert_eq!(held.requisites.address.kato, "352310000");
    assert_eq!(
        held.requisites.document.as_ref().expect("one").number,
        "051234567"
    );
    assert_eq!(held.version, 1);
    for (kind, file) in [
        (Kind::People, people),
        (Kind::Accounts, accounts),
        (Kind::Requisites, requisites),
    ] {
        brought(&house, kind, &file).await;
    }
    assert_eq!(
        house
            .store
            .fund_record(&Iin::from_authority(ANOTHER).unwrap())
            .await
            .unwrap(),
        Some(held),
        "again changes nothing"
    );
    let without_codes = format!(
        "iin,mobile,region,district,document_kind,document_number,document_issued_on\n\
         {ANOTHER},+77010000001,35,Теміртау қаласы,identity_card,051234567,2020-01-02\n"
    );
    brought(&house, Kind::Requisites, &without_codes).await;
    let kato = house
        .rows(&format!(
            "SELECT json_extract(content, '$.address.kato') FROM requisites WHERE iin = '{ANOTHER}'"
        ))
        .await;
    assert_eq!(kato, [["352310000"]], "a code stays with its address");
}

#[tokio::test]
async fn refused_rows_are_told_by_line_and_reason_alone() {
    let house = House::new().await;
    let long = "ұ".repeat(301);
    let file = format!(
        "iin;surname;given_name;birth_date\n123;А;Б;1990-01-01\n{ANOTHER};А;;1990-01-01\n{ANOTHER};А;Б;01.01.1990\n\
         \n{ANOTHER};{long};Б;1990-01-01\n{ANOTHER};А\u{7};Б;1990-01-01\n{ANOTHER};А\n{ANOTHER};А;Б;1990-01-01\n"
    );
    let report = brought(&house, Kind::People, &file).await;
    assert_eq!((report.taken, report.refused), (1, 6));
    assert_eq!(
        faults(&report),
        [
            (2, RowFault::Iin),
            (3, RowFault::Missing("given_name")),
            (4, RowFault::Date("birth_date")),
            (6, RowFault::Value("surname")),
            (7, RowFault::Value("surname")),
            (8, RowFault::Short),
        ]
    );
    let report = brought(
        &house,
        Kind::Requisites,
        &format!(
            "iin,region,kato\n{ALIYA},Атлантида,\n{ANOTHER}5,,\n{ALIYA},71,352310000\n{ALIYA},35,35231\n"
        ),
    )
    .await;
    assert_eq!(
        faults(&report),
        [
            (2, RowFault::Region),
            (3, RowFault::Iin),
            (4, RowFault::Kato),
            (5, RowFault::Kato),
        ]
    );
}

#[tokio::test]
async fn whom_the_fund_does_not_know_gets_nothing() {
    let house = House::new().await;
    let unknown = "990101391000";
    let file = format!("iin,mobile\n{unknown},+77010000000\n{ALIYA},+77010000001\n");
    let report = brought(&house, Kind::Requisites, &file).await;
    assert_eq!((report.taken, faults(&report)), (1, vec![(2, RowFault::Unknown)]));
    let file = format!(
        "iin,number,contribution,opened_on\n{ALIYA},1,mandatory,2005-03-01\n{ALIYA},2,x,2005-03-01\n{unknown},1,mandatory,2005-03-01\n{BOLAT},1,mandatory,2005-03-01\n"
    );
    let report = brought(&house, Kind::Accounts, &file).await;
    assert_eq!(
        faults(&report),
        [(3, RowFault::Word("contribution")), (4, RowFault::Unknown)]
    );
}

#[tokio::test]
async fn a_persons_accounts_are_never_split() {
    let house = House::new().await;
    let mut file = String::from("iin,number,contribution,opened_on\n");
    for number in 0..BATCH + 10 {
        file.push_str(&format!("{ALIYA},{number},voluntary,2005-03-01\n"));
    }
    file.push_str(&format!(
        "{BOLAT},1,voluntary,2005-03-01\n{ALIYA},9,voluntary,2005-03-01\n"
    ));
    let report = brought(&house, Kind::Accounts, &file).await;
    assert_eq!(faults(&report), [(BATCH + 13, RowFault::Order)]);
    let held = house
        .store
        .fund_record(&iin(ALIYA))
        .await
        .unwrap()
        .expect("known");
    assert_eq!(held.accounts.len(), BATCH + 10);
}

#[tokio::test]
async fn a_table_of_another_kind_is_refused_whole() {
    let house = House::new().await;
    let refused = import(
        &*house.store,
        &house.core.world,
        Kind::People,
        b"iin,surname\n".as_slice(),
    )
    .await;
    assert!(matches!(refused, Err(ImportError::Column("given_name"))));
    let refused = import(
        &*house.store,
        &house.core.world,
        Kind::Requisites,
        b"iin,mobil\n".as_slice(),
    )
    .await;
    assert!(matches!(refused, Err(ImportError::Unknown(name)) if name == "mobil"));
}

#[tokio::test]
async fn what_came_back_is_asked_about_at_sign_in_and_refused_rows_are_told() {
    let house = House::new().await;
    let file = format!(
        "iin;channel;contact;returned_on;reason\n\
         {ALIYA};post;;2026-11-20;moved\n\
         {ALIYA};email;old@example.kz;2026-11-20;unknown\n\
         {ALIYA};sms;+77770000000;2026-11-20;other\n\
         {ALIYA};fax;;2026-11-20;moved\n\
         {ALIYA};sms;;2026-11-20;moved\n\
         {ALIYA};post;;2026-11-31;moved\n\
         {ALIYA};post;;2026-12-31;moved\n\
         {ALIYA};post;;2026-11-20;gone\n\
         {ANOTHER};post;;2026-11-20;moved\n"
    );
    for _ in 0..2 {
        let report = brought(&house, Kind::Returned, &file).await;
        assert_eq!(report.taken, 3);
        assert_eq!(
            faults(&report),
            [
                (5, RowFault::Word("channel")),
                (6, RowFault::Missing("contact")),
                (7, RowFault::Date("returned_on")),
                (8, RowFault::Future("returned_on")),
                (9, RowFault::Word("reason")),
                (10, RowFault::Unknown),
            ]
        );
    }
    let noted = house
        .rows("SELECT details FROM audit WHERE event = 'contact.returned'")
        .await;
    assert_eq!(noted.len(), 3, "once, however often it is brought in");
    let caller = house.signed_in(&iin(ALIYA)).await;
    let asked = house
        .services
        .accounts
        .me(&caller, Nothing {})
        .await
        .unwrap()
        .unreached;
    let kinds: Vec<_> = asked.iter().map(|one| one.kind).collect();
    assert_eq!(
        kinds,
        [UnreachedKind::Post, UnreachedKind::Email],
        "of the number the Fund doesn't hold nobody is asked"
    );
}
