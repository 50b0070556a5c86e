//! The app: what surrounds every page, the routes, who may see which, the language, and the warning before a session ends.

use super::blocks::plain::button;
use super::blocks::trouble::ErrorCode;
use super::calls::Calls;
use super::components::{
    ButtonKind, Countdown, Dialog, DisplayTexts, Footer, FooterTexts, Header, LiveRegion, NavLink, SkipLink,
    provide_live,
};
use super::markup::{IntoMarkup, Markup, all, live, tag};
use super::pages;
use super::routes::{self, Before, Program};
use super::session::Session;
use super::texts::{self, key, lang, t};
use super::update;
use super::window;
use super::works;
use crate::browser::signals::{Memo, RwSignal, Signal, effect, spawn};
use crate::domain::lang::Lang;
use leptos::mount::mount_to_body;
use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::hooks::use_location;
use leptos_router::location::{BrowserUrl, LocationProvider};
use wasm_bindgen::JsCast;

/// Loads the texts, then puts the app in the shell's place. Without them, or with those of another build, the shell stands:
/// as with any file that doesn't come it tries again by itself, and then says that the page did not start.
pub async fn start(program: Program) {
    if !texts::load().await {
        wasm_bindgen::throw_str("no texts");
    }
    if let Some(shell) = document().get_element_by_id("shell") {
        shell.remove();
    }
    mount_to_body(move || view! { <App program=program calls=Calls::server()/> });
}

/// The whole page, of this program, with these calls.
#[component]
pub fn App(program: Program, calls: Calls) -> impl IntoView {
    provide_context(calls);
    provide_live();
    let code = ErrorCode(RwSignal::new(String::new()));
    provide_context(code);
    let session = Session::new(calls);
    provide_context(session);
    let before = (program.prepare)(session);
    update::provide(before);
    provide_context(pages::Way { program, before });
    session.watch();
    view! {
        <Router>
            <SkipLink>{t(key::SKIP)}</SkipLink>
            {head(session, before, code).view()}
            {works::view(session).view()}
            {here(program, before).view()}
            {foot(code).view()}
            {update::view().view()}
            <LiveRegion/>
            {warning(session).view()}
        </Router>
    }
}

fn head(session: Session, before: Before, code: ErrorCode) -> Markup {
    let path = use_location().pathname;
    // The code belongs to the page it was shown on.
    effect(move || {
        path.track();
        code.0.set(String::new());
    });
    let links = Signal::derive(move || {
        let inside = session.identity.with(Option::is_some);
        let all = [
            ("/record", key::NAV_RECORD, true),
            ("/services", key::NAV_SERVICES, true),
            ("/applications", key::NAV_APPLICATIONS, true),
            ("/help", key::NAV_HELP, false),
        ];
        let shown = all.into_iter().filter(|(_, _, signed_in)| inside || !signed_in);
        shown
            .map(|(href, label, _)| NavLink {
                href,
                label: t(label),
                current: path.with(|path| path == href),
            })
            .collect()
    });
    let person = Signal::derive(move || {
        session.identity.with(|identity| {
            identity.as_ref().map(|identity| {
                let iin = [t(key::IIN_SHORT), " ", &identity.iin_masked].concat();
                (identity.address_form.clone(), iin)
            })
        })
    });
    let sign_out = move || {
        let leave = Callback::new(move |()| leave(session, before));
        button(ButtonKind::Link, t(key::SIGN_OUT), leave).view()
    };
    view! {
        <Header
            brand=t(key::BRAND)
            menu=t(key::MENU)
            language=t(key::LANGUAGE)
            lang=lang()
            display=display_texts()
            links=links
            person=person
            sign_out=ViewFn::from(sign_out)
            on_language=Callback::new(move |chosen| speak(chosen, before))
        />
    }
    .markup()
}

fn foot(code: ErrorCode) -> Markup {
    let branch = match lang() {
        Lang::Kk => "https://www.enpf.kz/kz/",
        Lang::Ru => "https://www.enpf.kz/ru/",
        Lang::En => "https://www.enpf.kz/en/",
    };
    let texts = FooterTexts {
        title: t(key::FOOTER_TITLE),
        call: t(key::FOOTER_CALL),
        call_note: t(key::FOOTER_CALL_NOTE),
        whatsapp: t(key::FOOTER_WHATSAPP),
        branch: t(key::FOOTER_BRANCH),
        branch_link: t(key::FOOTER_BRANCH_LINK),
        branch_href: branch,
        error_code: t(key::FOOTER_ERROR_CODE),
        version: t(key::FOOTER_VERSION),
    };
    view! {
        <Footer
            texts=texts
            links=vec![
                ("/help", t(key::NAV_HELP)),
                ("/privacy", t(key::NAV_PRIVACY)),
                ("/accessibility", t(key::NAV_ACCESS)),
            ]
            version=concat!(env!("CARGO_PKG_VERSION"), " (", env!("CABINET_BUILD"), ")")
            error_code=code.0
        />
    }
    .markup()
}

fn display_texts() -> DisplayTexts {
    DisplayTexts {
        title: t(key::DISPLAY),
        text_size: t(key::DISPLAY_SIZE),
        text_normal: t(key::DISPLAY_SIZE_NORMAL),
        text_large: t(key::DISPLAY_SIZE_LARGE),
        text_largest: t(key::DISPLAY_SIZE_LARGEST),
        contrast: t(key::DISPLAY_CONTRAST),
        contrast_normal: t(key::DISPLAY_CONTRAST_NORMAL),
        contrast_more: t(key::DISPLAY_CONTRAST_MORE),
        theme: t(key::DISPLAY_THEME),
        theme_system: t(key::DISPLAY_THEME_SYSTEM),
        theme_light: t(key::DISPLAY_THEME_LIGHT),
        theme_dark: t(key::DISPLAY_THEME_DARK),
    }
}

/// Saves what is typed, then loads the page in another language.
fn speak(chosen: Lang, before: Before) {
    spawn(async move {
        before.run(()).await;
        if let Ok(document) = document().dyn_into::<web_sys::HtmlDocument>() {
            let cookie = ["lang=", chosen.tag(), "; Path=/; Max-Age=31536000; SameSite=Lax"].concat();
            let _ = document.set_cookie(&cookie);
        }
        let location = window().location();
        // A link from a message carries `?lang=`, which would win over the choice.
        if location.search().is_ok_and(|search| search.contains("lang=")) {
            window::leave_for(&location.pathname().unwrap_or_default());
        } else {
            window::reload();
        }
    });
}

/// Saves what is typed, then ends the session.
fn leave(session: Session, before: Before) {
    spawn(async move {
        before.run(()).await;
        session.sign_out();
    });
}

/// Two minutes before the end: one press to stay. Closing the warning is a sign of life too.
fn warning(session: Session) -> Markup {
    let open = RwSignal::new(false);
    effect(move || open.set(session.warning.with(Option::is_some)));
    let deadline = Signal::derive(move || session.warning.get().map_or(0, |end| end.0));
    let now = Signal::derive(move || {
        session.warning.track();
        session.now().0
    });
    let stay = Callback::new(move |()| {
        if session.warning.with_untracked(Option::is_some) {
            session.stay();
        }
    });
    let countdown = view! { <Countdown deadline=deadline server_now=now/> };
    let left = tag("p")
        .text(t(key::SESSION_LEFT))
        .text(" ")
        .child(tag("strong").child(countdown.markup()));
    let inside = all(vec![
        left,
        tag("p").text(t(key::SESSION_ENDS_TEXT)),
        button(
            ButtonKind::Primary,
            t(key::SESSION_STAY),
            Callback::new(move |()| open.set(false)),
        ),
    ]);
    view! {
        <Dialog id="session-ends" title=t(key::SESSION_ENDS) open=open close=t(key::CLOSE) on_close=stay>
            {inside.view()}
        </Dialog>
    }
    .markup()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Inside,
    Asking,
    Ended,
    Outside,
}

/// The page at the present address.
fn here(program: Program, before: Before) -> Markup {
    let path = use_location().pathname;
    let address = use_context::<BrowserUrl>();
    let drawn = StoredValue::new(false);
    live(move || {
        let path = path.get();
        let found = routes::find(program.routes, &path);
        let first = !drawn.get_value();
        drawn.set_value(true);
        // The first address is this program's by the server's choice; what it doesn't know later is the other's.
        if found.is_none() && !first {
            pages::elsewhere(before, path, false);
            return pages::waiting();
        }
        // The address bar follows once the page is about to be drawn.
        if let Some(address) = &address {
            address.ready_to_complete();
        }
        match found {
            None => pages::missing::page(),
            Some((route, id)) if route.inside => guarded(route.page, id),
            Some((route, id)) => (route.page)(id),
        }
    })
}

/// A page for people signed in; others go to sign-in and come back. One whose session has ended is told first.
fn guarded(page: fn(String) -> Markup, id: String) -> Markup {
    let session = expect_context::<Session>();
    let door = Memo::new(move |_| {
        if session.identity.with(Option::is_some) {
            Door::Inside
        } else if session.asking.get() {
            Door::Asking
        } else if session.ended.get() {
            Door::Ended
        } else {
            Door::Outside
        }
    });
    let go = pages::navigator();
    effect(move || {
        if door.get() == Door::Outside {
            go.run((sign_in_path(), true));
        }
    });
    live(move || match door.get() {
        Door::Inside => page(id.clone()),
        Door::Ended => pages::ended::page(),
        Door::Asking | Door::Outside => pages::waiting(),
    })
}

/// Sign-in that leads back to where the person is.
#[must_use]
pub fn sign_in_path() -> String {
    let here = window().location().pathname().unwrap_or_default();
    if here == "/" || here == "/sign-in" {
        "/sign-in".to_owned()
    } else {
        ["/sign-in?next=", &here].concat()
    }
}
