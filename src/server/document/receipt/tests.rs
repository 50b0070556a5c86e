use super::*;
use crate::server::document::tests::{checked, extracted};

const LINK: &str = "https://cabinet.example/check#0123456789ABCDEFGHJKMNPQRS";

fn made(lang: Lang, state: ApplicationState) -> Vec<u8> {
    let changes = [
        Change::Mobile {
            before: "+77012345678".into(),
            after: "+77770001418".into(),
        },
        Change::Email {
            before: String::new(),
            after: "aliya@example.kz".into(),
        },
    ];
    let signed_at = Timestamp::parse_rfc3339("2026-11-23T08:30:05Z").unwrap();
    let receipt = Receipt {
        number: "2026-000184",
        lang,
        full_name: "Серікқызы Әлия".into(),
        iin_masked: "•••• •••• 0009".into(),
        changes: &changes,
        state,
        state_at: signed_at.plus_seconds(60),
        signed_at,
        way: SigningWay::Eds,
        certificate: "3f1c9a7b",
        issuer: "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)",
        sha256: "3f1c9a7be0d24568a1b2c3d4e5f60718293a4b5c6d7e8f9011223344556677aa",
        check_page: "https://cabinet.example/check",
        code: "01234-5678-9ABC-DEFG-HJKM-NPQRS",
        check_link: LINK,
    };
    let pdf = render(&receipt).unwrap().pdf;
    assert_eq!(
        pdf,
        render(&receipt).unwrap().pdf,
        "the same data, the same bytes"
    );
    pdf
}

#[test]
fn it_says_everything_in_kazakh_and_the_applications_language() {
    for lang in Lang::ALL {
        let pdf = made(lang, ApplicationState::Applied);
        let about = String::from_utf8_lossy(&pdf).into_owned();
        assert!(about.contains("pdfaid:part") && about.contains("pdfuaid:part"));
        checked(&pdf);
        let Some(text) = extracted(&pdf) else { return };
        let mut from = 0;
        for value in [
            "қолхат",
            "2026-000184",
            "13:30",
            "Орындалды",
            "13:31",
            "Серікқызы Әлия",
            "•••• •••• 0009",
            "3f1c9a7b",
            "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)",
            "+77012345678",
            "+77770001418",
            "aliya@example.kz",
            "3f1c9a7be0d24568",
            "01234-5678-9ABC-DEFG-HJKM-NPQRS",
            "https://cabinet.example/check",
        ] {
            let Some(at) = text.get(from..).and_then(|rest| rest.find(value)) else {
                panic!("{value} isn't there or out of order ({lang:?}): {text}");
            };
            from += at;
        }
        let beside = match lang {
            Lang::Kk => "Не өзгереді",
            Lang::Ru => "Исполнено",
            Lang::En => "Receipt for an application",
        };
        assert!(text.contains(beside), "{beside}: {text}");
    }
}

#[test]
fn each_state_has_its_own_words() {
    let states = [
        (ApplicationState::Checking, "Тексерілуде"),
        (ApplicationState::Applied, "Орындалды"),
        (ApplicationState::Refused, "Бас тартылды"),
        (ApplicationState::Cancelled, "кері қайтарылды"),
    ];
    for (state, words) in states {
        let pdf = made(Lang::Kk, state);
        let Some(text) = extracted(&pdf) else { return };
        assert!(text.contains(words), "{words}: {text}");
        let in_use = text.contains("10 (он)");
        assert_eq!(in_use, state == ApplicationState::Applied, "{text}");
    }
}

#[test]
fn the_code_holds_the_link() {
    let code = code(LINK).unwrap();
    // Eight pixels a module, with the quiet zone around.
    let side = (code.width + 8) * 8;
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
        let dark = |at: usize| (at / 8).checked_sub(4).filter(|at| *at < code.width);
        match (dark(x), dark(y)) {
            (Some(x), Some(y)) if code.dark[y * code.width + x] => 0,
            _ => 255,
        }
    });
    let (_, read) = prepared.detect_grids()[0].decode().unwrap();
    assert_eq!(read, LINK);
}
