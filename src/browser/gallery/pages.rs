//! Every page in every state: the product's own app over canned answers. A state is an address of the product, the
//! answers, and what the person has done by then.

use super::canned::{self, fail, fine, fine_after, fine_inside, now};
use super::knobs::lang;
use super::shelf::stands;
use crate::api::accounts::Entry;
use crate::api::checks::CheckAnswer;
use crate::api::openings::HeldNumber;
use crate::api::records::Record;
use crate::api::signing::QrState;
use crate::api::suspensions::Suspended;
use crate::api::{ApiError, SignatureTrouble};
use crate::browser::app::App;
use crate::browser::calls::{Calls, InsideCalls, RoomCalls};
use crate::browser::ncalayer::{AgentTrouble, Step};
use crate::browser::programs;
use crate::browser::texts;
use crate::browser::update;
use crate::domain::application::ApplicationState;
use crate::domain::eligibility::{ComparedField, Refusal};
use crate::domain::lang::Lang;
use crate::texts::screen::{Vocabulary, shipped};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use std::time::Duration;

/// What the person has done, in turn; the place is a CSS selector.
pub enum Act {
    Type(&'static str, &'static str),
    Press(&'static str),
    /// Comes back to the page from another tab.
    Return,
    /// Works on while the servers are updated: an answer comes from a later build.
    MeetUpdate,
}

pub struct PageStory {
    pub id: &'static str,
    /// In the product.
    pub path: &'static str,
    pub signed_in: bool,
    pub calls: fn() -> Calls,
    pub inside: fn() -> InsideCalls,
    pub after: fn() -> RoomCalls,
    pub acts: &'static [Act],
}

const SIGN: &str = "/sign/J2hK0pXvT5mQ3sYb8wZr1A";
const DONE: &str = "/done/J2hK0pXvT5mQ3sYb8wZr1A";
const PASSWORD: &[Act] = &[
    Act::Type("#iin", "870514400020"),
    Act::Type("#password", "Qwerty12"),
    Act::Press("form [type=submit]"),
];
const WHO: &[Act] = &[
    Act::Type("#iin", "870514400020"),
    Act::Press("form [type=submit]"),
];
/// The last of the numbers is asked for too often.
const TOO_OFTEN: &[Act] = &[
    Act::Type("#iin", "870514400020"),
    Act::Press("form [type=submit]"),
    Act::Press("#number-2"),
    Act::Press("form [type=submit]"),
];
/// The one before it is asked for so often that the page has something to solve.
const CHECKED: &[Act] = &[
    Act::Type("#iin", "870514400020"),
    Act::Press("form [type=submit]"),
    Act::Press("#number-1"),
    Act::Press("form [type=submit]"),
];
const CODE: &str = "/register?step=code";

/// A code and a password, as typed.
macro_rules! opened {
    ($code:literal, $password:literal) => {
        &[
            Act::Type("#code", $code),
            Act::Type("#own-password", $password),
            Act::Press("form [type=submit]"),
        ]
    };
}

const STEP: &[Act] = &[
    Act::Type("#iin", "870514400020"),
    Act::Type("#password", "Qwerty12"),
    Act::Press("form [type=submit]"),
    Act::Press("#second-step [type=submit]"),
];
const STEP_WRONG: &[Act] = &[
    Act::Type("#iin", "870514400020"),
    Act::Type("#password", "Qwerty12"),
    Act::Press("form [type=submit]"),
    Act::Press("#second-step [type=submit]"),
    Act::Type("#step-code", "123456"),
    Act::Press("#second-step [type=submit]"),
];

/// The browser isn't remembered.
fn stepping() -> Calls {
    Calls {
        sign_in: |_| {
            now(canned::second_step(&[
                (HeldNumber::Mobile, "+7 ••• ••• •• 45"),
                (HeldNumber::Work, "+7 ••• ••• •• 18"),
            ]))
        },
        ..fine()
    }
}

const MOBILE: &str = "8 701 234 56 78";
const NEW_MOBILE: &[Act] = &[Act::Type("#mobile", MOBILE)];
const BY_EDS: &[Act] = &[Act::Press("#eds .button")];
const SIGN_BY_EDS: &[Act] = &[Act::Press("#sign-eds"), Act::Press("#sign-how .button")];
const SUSPEND: &[Act] = &[Act::Press("#suspend .button")];
const BY_QR: &[Act] = &[Act::Press("#sign-qr, .button--secondary")];

const fn outside(
    id: &'static str,
    path: &'static str,
    calls: fn() -> Calls,
    acts: &'static [Act],
) -> PageStory {
    PageStory {
        id,
        path,
        signed_in: false,
        calls,
        inside: fine_inside,
        after: fine_after,
        acts,
    }
}

const fn inside(
    id: &'static str,
    path: &'static str,
    inside: fn() -> InsideCalls,
    acts: &'static [Act],
) -> PageStory {
    PageStory {
        id,
        path,
        signed_in: true,
        calls: fine,
        inside,
        after: fine_after,
        acts,
    }
}

/// What follows a signature, or a page anyone may open.
const fn after(
    id: &'static str,
    path: &'static str,
    signed_in: bool,
    after: fn() -> RoomCalls,
    acts: &'static [Act],
) -> PageStory {
    PageStory {
        id,
        path,
        signed_in,
        calls: fine,
        inside: fine_inside,
        after,
        acts,
    }
}

/// Signing by QR, come to this state.
macro_rules! qr {
    ($id:literal, $state:ident) => {
        inside(
            $id,
            SIGN,
            || InsideCalls {
                start_qr: |_| now(canned::qr(QrState::$state)),
                ..fine_inside()
            },
            BY_QR,
        )
    };
}

/// NCALayer in this trouble.
macro_rules! agent {
    ($id:literal, $trouble:expr) => {
        outside(
            $id,
            "/sign-in",
            || Calls {
                ncalayer: |_, _, _| Box::pin(async { Err($trouble) }),
                ..fine()
            },
            BY_EDS,
        )
    };
}

/// NCALayer at this step.
macro_rules! step {
    ($id:literal, $step:ident) => {
        outside(
            $id,
            "/sign-in",
            || Calls {
                ncalayer: |_, cancel, show| canned::stays_at(Step::$step, cancel, &show),
                ..fine()
            },
            BY_EDS,
        )
    };
}

/// NCALayer has signed, and the server refuses the key.
macro_rules! refused_key {
    ($id:literal, $error:expr) => {
        outside(
            $id,
            "/sign-in",
            || Calls {
                ncalayer: |_, _, _| Box::pin(async { Ok(String::new()) }),
                eds_sign_in: |_| fail($error),
                ..fine()
            },
            BY_EDS,
        )
    };
}

/// The same for an application's signature.
macro_rules! refused_signature {
    ($id:literal, $trouble:ident) => {
        PageStory {
            calls: || Calls {
                ncalayer: |_, _, _| Box::pin(async { Ok(String::new()) }),
                ..fine()
            },
            ..inside(
                $id,
                SIGN,
                || InsideCalls {
                    sign_by_eds: |_| {
                        fail(ApiError::Signature {
                            trouble: SignatureTrouble::$trouble,
                        })
                    },
                    ..fine_inside()
                },
                SIGN_BY_EDS,
            )
        }
    };
}

pub static PAGES: &[PageStory] = &[
    outside("start", "/", fine, &[]),
    outside("sign_in", "/sign-in", fine, &[]),
    outside(
        "sign_in_empty",
        "/sign-in",
        fine,
        &[Act::Press("form [type=submit]")],
    ),
    outside(
        "sign_in_reach",
        "/sign-in",
        || Calls {
            sign_in: |_| {
                now(Entry::Open {
                    identity: Box::new(canned::unreached()),
                })
            },
            ..fine()
        },
        PASSWORD,
    ),
    outside(
        "sign_in_wrong",
        "/sign-in",
        || Calls {
            sign_in: |_| fail(ApiError::Credentials),
            ..fine()
        },
        PASSWORD,
    ),
    outside(
        "sign_in_too_many",
        "/sign-in",
        || Calls {
            sign_in: |_| {
                fail(ApiError::TooMany {
                    retry_after_seconds: 840,
                })
            },
            ..fine()
        },
        PASSWORD,
    ),
    outside(
        "sign_in_offline",
        "/sign-in",
        || Calls {
            sign_in: |_| fail(ApiError::Offline),
            ..fine()
        },
        PASSWORD,
    ),
    outside("second_step", "/sign-in", stepping, PASSWORD),
    outside("second_step_code", "/sign-in", stepping, STEP),
    outside("second_step_wrong", "/sign-in", stepping, STEP_WRONG),
    outside(
        "second_step_no_number",
        "/sign-in",
        || Calls {
            sign_in: |_| now(canned::second_step(&[])),
            ..fine()
        },
        PASSWORD,
    ),
    outside("ncalayer_absent", "/sign-in", fine, BY_EDS),
    agent!("ncalayer_denied", AgentTrouble::PermissionDenied),
    agent!("ncalayer_cancelled", AgentTrouble::Cancelled),
    agent!("ncalayer_old", AgentTrouble::OldVersion),
    agent!(
        "ncalayer_technical",
        AgentTrouble::Technical {
            code: "8A-14".to_owned()
        }
    ),
    agent!("ncalayer_closed", AgentTrouble::ClosedEarly),
    agent!("ncalayer_slow", AgentTrouble::TimedOut),
    step!("ncalayer_connecting", Connecting),
    step!("ncalayer_permission", AskingPermission),
    step!("ncalayer_open", DialogOpen),
    refused_key!(
        "key_organisation",
        ApiError::Signature {
            trouble: SignatureTrouble::Organisation
        }
    ),
    refused_key!(
        "key_expired",
        ApiError::Signature {
            trouble: SignatureTrouble::Expired
        }
    ),
    refused_key!(
        "key_revoked",
        ApiError::Signature {
            trouble: SignatureTrouble::Revoked
        }
    ),
    refused_key!(
        "key_too_late",
        ApiError::Signature {
            trouble: SignatureTrouble::ChallengeExpired
        }
    ),
    refused_key!("key_of_nobody", ApiError::UnknownPerson),
    outside(
        "sign_in_unavailable",
        "/sign-in",
        || Calls {
            sign_in: |_| fail(ApiError::Unavailable),
            ..fine()
        },
        PASSWORD,
    ),
    outside("register", "/register", fine, &[]),
    outside(
        "register_empty",
        "/register",
        fine,
        &[Act::Press("form [type=submit]")],
    ),
    outside("register_number", "/register", fine, WHO),
    outside("register_checking", "/register", fine, CHECKED),
    outside("register_too_often", "/register", fine, TOO_OFTEN),
    outside("register_code", CODE, fine, &[]),
    outside(
        "register_code_wrong",
        CODE,
        fine,
        opened!("111111", "Jeti-qaragai-2026"),
    ),
    outside(
        "register_code_ended",
        CODE,
        fine,
        opened!("222222", "Jeti-qaragai-2026"),
    ),
    outside("register_password_short", CODE, fine, opened!("333333", "Jeti")),
    outside(
        "register_password_personal",
        CODE,
        fine,
        opened!("333333", "Әлия-2026-жыл"),
    ),
    outside("reset", "/reset", fine, &[]),
    outside("help", "/help", fine, &[]),
    outside("privacy", "/privacy", fine, &[]),
    outside("accessibility", "/accessibility", fine, &[]),
    outside("missing", "/no-such-page", fine, &[]),
    inside("record", "/record", fine_inside, &[]),
    PageStory {
        calls: || Calls {
            my_record: |_| fail(ApiError::Unavailable),
            ..fine()
        },
        ..inside("record_unavailable", "/record", fine_inside, &[])
    },
    PageStory {
        calls: || Calls {
            my_record: |_| {
                fail(ApiError::Internal {
                    reference: "K7F-2M9".to_owned(),
                })
            },
            ..fine()
        },
        ..inside("record_internal_error", "/record", fine_inside, &[])
    },
    PageStory {
        calls: || Calls {
            me: |_| now(canned::with_an_old_certificate()),
            ..fine()
        },
        ..inside("record_certificate_ends", "/record", fine_inside, &[])
    },
    PageStory {
        calls: || Calls {
            me: |_| now(canned::leaving()),
            ..fine()
        },
        ..inside("session_ends", "/record", fine_inside, &[Act::Return])
    },
    PageStory {
        calls: || Calls {
            my_record: |_| fail(ApiError::SignedOut),
            ..fine()
        },
        ..inside("session_ended", "/record", fine_inside, &[])
    },
    inside("services", "/services", fine_inside, &[]),
    inside("consent", "/consent", fine_inside, &[]),
    inside(
        "consent_missing",
        "/consent",
        fine_inside,
        &[Act::Press("main button")],
    ),
    inside("form", "/form", fine_inside, &[]),
    inside(
        "form_begun",
        "/form",
        || InsideCalls {
            open_draft: |_| now(canned::begun()),
            ..fine_inside()
        },
        &[],
    ),
    inside(
        "form_errors",
        "/form",
        || InsideCalls {
            open_draft: |_| now(canned::begun()),
            ..fine_inside()
        },
        &[Act::Press(".panel .button")],
    ),
    inside(
        "form_start_over",
        "/form",
        || InsideCalls {
            open_draft: |_| now(canned::begun()),
            ..fine_inside()
        },
        &[Act::Press("main .button--link")],
    ),
    inside("form_code", "/form", fine_inside, NEW_MOBILE),
    inside(
        "form_code_later",
        "/form",
        fine_inside,
        &[
            Act::Type("#mobile", MOBILE),
            Act::Press("#block-phones .button--link"),
        ],
    ),
    inside(
        "form_code_sent",
        "/form",
        fine_inside,
        &[Act::Type("#mobile", MOBILE), Act::Press("#mobile-code")],
    ),
    inside(
        "form_code_wrong",
        "/form",
        fine_inside,
        &[
            Act::Type("#mobile", MOBILE),
            Act::Press("#mobile-code"),
            Act::Type("#mobile-code", "123456"),
            Act::Press("#block-phones .button"),
        ],
    ),
    inside(
        "form_code_too_many",
        "/form",
        || InsideCalls {
            send_code: |_| {
                fail(ApiError::TooMany {
                    retry_after_seconds: 1500,
                })
            },
            ..fine_inside()
        },
        &[Act::Type("#mobile", MOBILE), Act::Press("#mobile-code")],
    ),
    inside(
        "form_code_proven",
        "/form",
        || InsideCalls {
            open_draft: |_| now(canned::proven()),
            ..fine_inside()
        },
        &[],
    ),
    inside(
        "form_code_abroad",
        "/form",
        fine_inside,
        &[Act::Type("#mobile", "+49 30 901820")],
    ),
    inside(
        "form_loading",
        "/form",
        || InsideCalls {
            open_draft: |_| Box::pin(std::future::pending()),
            ..fine_inside()
        },
        &[],
    ),
    inside(
        "form_register_down",
        "/form",
        || InsideCalls {
            open_draft: |_| fail(ApiError::RegisterUnavailable),
            ..fine_inside()
        },
        &[],
    ),
    inside(
        "form_refused",
        "/form",
        || InsideCalls {
            open_draft: |_| {
                fail(ApiError::Refused {
                    refusal: Refusal::Mismatch {
                        fields: vec![ComparedField::Surname, ComparedField::Patronymic],
                    },
                })
            },
            ..fine_inside()
        },
        &[],
    ),
    inside(
        "form_conflict",
        "/form",
        || InsideCalls {
            open_draft: |_| now(canned::begun()),
            save_draft: |_| fail(ApiError::Conflict),
            ..fine_inside()
        },
        &[Act::Type("#house", "16")],
    ),
    inside(
        "form_signed_out",
        "/form",
        || InsideCalls {
            open_draft: |_| now(canned::begun()),
            save_draft: |_| fail(ApiError::SignedOut),
            ..fine_inside()
        },
        &[Act::Type("#house", "16")],
    ),
    inside(
        "form_update",
        "/form",
        || InsideCalls {
            open_draft: |_| now(canned::begun()),
            ..fine_inside()
        },
        &[Act::MeetUpdate],
    ),
    inside(
        "form_update_unsaved",
        "/form",
        || InsideCalls {
            open_draft: |_| now(canned::begun()),
            save_draft: |_| fail(ApiError::Offline),
            ..fine_inside()
        },
        &[
            Act::Type("#house", "16"),
            Act::MeetUpdate,
            Act::Press(".update .button"),
        ],
    ),
    inside(
        "sign_update_refused",
        SIGN,
        || InsideCalls {
            start_qr: |_| fail(ApiError::Malformed),
            ..fine_inside()
        },
        &[Act::MeetUpdate, Act::Press("#sign-qr")],
    ),
    inside("sign", SIGN, fine_inside, &[]),
    inside("sign_eds", SIGN, fine_inside, &[Act::Press("#sign-eds")]),
    inside("sign_eds_absent", SIGN, fine_inside, SIGN_BY_EDS),
    refused_signature!("sign_eds_another_key", AnotherPerson),
    refused_signature!("sign_eds_auth_key", AuthenticationKey),
    inside("sign_qr", SIGN, fine_inside, BY_QR),
    qr!("sign_qr_opened", Opened),
    qr!("sign_qr_reading", Reading),
    qr!("sign_qr_refused", Refused),
    qr!("sign_qr_wrong_signer", WrongSigner),
    qr!("sign_qr_failed", Failed),
    qr!("sign_qr_expired", Expired),
    qr!("sign_qr_cancelled", Cancelled),
    PageStory {
        calls: || Calls {
            my_record: |_| {
                now(Record {
                    contacts_suspended: true,
                    ..canned::record()
                })
            },
            ..fine()
        },
        ..inside("record_suspended", "/record", fine_inside, &[])
    },
    inside("settings", "/settings", fine_inside, &[]),
    inside(
        "settings_password_short",
        "/settings",
        fine_inside,
        &[
            Act::Type("#new-password", "құпия"),
            Act::Press("#password [type=submit]"),
        ],
    ),
    inside(
        "settings_withdraw",
        "/settings",
        fine_inside,
        &[Act::Press("#consent .button--secondary")],
    ),
    after("done", DONE, true, fine_after, &[]),
    after(
        "done_checking",
        DONE,
        true,
        || RoomCalls {
            receipt: |_| now(canned::receipt(ApplicationState::Checking)),
            ..fine_after()
        },
        &[],
    ),
    after(
        "done_cancel",
        DONE,
        true,
        || RoomCalls {
            receipt: |_| now(canned::receipt(ApplicationState::Checking)),
            ..fine_after()
        },
        &[Act::Press("main .actions .button--secondary:last-of-type")],
    ),
    after(
        "done_cancelled",
        DONE,
        true,
        || RoomCalls {
            receipt: |_| now(canned::receipt(ApplicationState::Cancelled)),
            ..fine_after()
        },
        &[],
    ),
    after(
        "done_refused",
        DONE,
        true,
        || RoomCalls {
            receipt: |_| now(canned::receipt(ApplicationState::Refused)),
            ..fine_after()
        },
        &[],
    ),
    after("applications", "/applications", true, fine_after, &[]),
    after(
        "applications_none",
        "/applications",
        true,
        || RoomCalls {
            history: |_| now(Vec::new()),
            ..fine_after()
        },
        &[],
    ),
    after("check", "/check", false, fine_after, &[]),
    after(
        "check_genuine",
        "/check#0123456789ABCDEFGHJKMNPQRS",
        false,
        fine_after,
        &[],
    ),
    after(
        "check_false",
        "/check#0123456789ABCDEFGHJKMNPQRS",
        false,
        || RoomCalls {
            check_code: |_| now(CheckAnswer { genuine: None }),
            ..fine_after()
        },
        &[],
    ),
    after("suspend", "/suspend#x", false, fine_after, &[]),
    after("suspend_done", "/suspend#x", false, fine_after, SUSPEND),
    after(
        "suspend_before",
        "/suspend#x",
        false,
        || RoomCalls {
            suspend: |_| now(Suspended { before: true }),
            ..fine_after()
        },
        SUSPEND,
    ),
    after(
        "suspend_unknown",
        "/suspend#x",
        false,
        || RoomCalls {
            suspend: |_| fail(ApiError::NotFound),
            ..fine_after()
        },
        SUSPEND,
    ),
];

/// Puts the product's app, in this state, into the page.
pub(super) fn play(story: &'static PageStory) {
    let source = match lang() {
        Lang::Kk => include_str!("../../texts/screen/kk.txt"),
        Lang::Ru => include_str!("../../texts/screen/ru.txt"),
        Lang::En => include_str!("../../texts/screen/en.txt"),
    };
    if let Some(vocabulary) = Vocabulary::parse(shipped(source)) {
        texts::adopt(lang(), vocabulary);
    }
    if let Ok(document) = document().dyn_into::<web_sys::HtmlDocument>() {
        let cookie = if story.signed_in {
            "in=1; Path=/"
        } else {
            "in=; Path=/; Max-Age=0"
        };
        let _ = document.set_cookie(cookie);
    }
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(story.path));
    }
    mount_to_body(move || {
        provide_context((story.inside)());
        provide_context((story.after)());
        provide_context(canned::fine_settings());
        provide_context(canned::fine_opening());
        view! { <App program=programs::WHOLE calls=(story.calls)()/> }
    });
    for (index, act) in story.acts.iter().enumerate() {
        let turn = u64::try_from(index).unwrap_or(0) + 1;
        set_timeout(move || perform(act), Duration::from_millis(150 * turn));
    }
    let turns = u64::try_from(story.acts.len()).unwrap_or(0) + 1;
    set_timeout(
        move || stands(&["pages/", story.id].concat()),
        Duration::from_millis(150 * turns),
    );
}

fn perform(act: &'static Act) {
    let place = match act {
        Act::Type(place, _) | Act::Press(place) => place,
        Act::Return => {
            if let Ok(event) = web_sys::Event::new("visibilitychange") {
                let _ = window().dispatch_event(&event);
            }
            return;
        }
        Act::MeetUpdate => return update::heard(Some("later".to_owned())),
    };
    let Some(element) = document().query_selector(place).ok().flatten() else {
        return;
    };
    match act {
        Act::Press(_) => {
            if let Ok(element) = element.dyn_into::<web_sys::HtmlElement>() {
                element.click();
            }
        }
        Act::Type(_, text) => {
            if let Ok(input) = element.dyn_into::<web_sys::HtmlInputElement>() {
                input.set_value(text);
                if let Ok(event) = web_sys::Event::new("input") {
                    let _ = input.dispatch_event(&event);
                }
            }
        }
        Act::Return | Act::MeetUpdate => {}
    }
}
