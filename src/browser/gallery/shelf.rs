//! The gallery's own page: the index, the knobs, a chapter with its states, or one state alone.

use super::knobs::{knob, lang, with_knob};
use super::pages::{PAGES, play};
use super::story::{Chapter, Story};
use crate::browser::components;
use crate::browser::components::{LiveRegion, provide_live};
use crate::browser::signals::RwSignal;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

/// Every component, in the order of the index.
pub static CHAPTERS: &[&Chapter] = &[
    &components::button::stories::CHAPTER,
    &components::text_field::stories::CHAPTER,
    &components::text_field::stories::PHONE,
    &components::text_field::stories::CODE,
    &components::password_field::stories::CHAPTER,
    &components::select::stories::CHAPTER,
    &components::combobox::stories::CHAPTER,
    &components::radio_cards::stories::CHAPTER,
    &components::checkbox::stories::CHAPTER,
    &components::error_summary::stories::CHAPTER,
    &components::notice::stories::CHAPTER,
    &components::block::stories::CHAPTER,
    &components::facts::stories::CHAPTER,
    &components::change_list::stories::CHAPTER,
    &components::steps::stories::CHAPTER,
    &components::dialog::stories::CHAPTER,
    &components::tabs::stories::CHAPTER,
    &components::table::stories::CHAPTER,
    &components::progress::stories::CHAPTER,
    &components::live::stories::CHAPTER,
    &components::qr_card::stories::CHAPTER,
    &components::countdown::stories::CHAPTER,
    &components::language_switch::stories::CHAPTER,
    &components::header::stories::CHAPTER,
    &components::footer::stories::CHAPTER,
    &components::page::stories::CHAPTER,
];

/// Pages that are files of their own, beside the program: what they are called, and the file.
const PLAIN: [(&str, &str); 1] = [("maintenance", "unavailable.html")];

/// The name in the address, its values, and how each is called.
const KNOBS: [(&str, &[(&str, &str)]); 7] = [
    ("lang", &[("", "kk"), ("ru", "ru"), ("en", "en")]),
    ("theme", &[("", "system"), ("light", "light"), ("dark", "dark")]),
    ("contrast", &[("", "normal"), ("more", "more")]),
    ("text", &[("", "100"), ("150", "150"), ("200", "200")]),
    (
        "width",
        &[("", "full"), ("320", "320"), ("360", "360"), ("768", "768")],
    ),
    ("motion", &[("", "on"), ("off", "off")]),
    ("long", &[("", "as is"), ("1", "double")]),
];

/// Draws what the address asks for.
pub fn start() {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", lang().tag());
        for name in ["theme", "contrast", "text", "motion", "width"] {
            let value = knob(name);
            if !value.is_empty() {
                let _ = root.set_attribute(&format!("data-{name}"), &value);
            }
        }
    }
    let place = fragment();
    let page = place
        .strip_prefix("pages/")
        .and_then(|id| PAGES.iter().find(|known| known.id == id));
    if let (Some(page), false) = (page, knob("bare").is_empty()) {
        return play(page);
    }
    provide_live();
    mount_to_body(|| view! { <Gallery/> });
}

#[component]
fn Gallery() -> impl IntoView {
    let place = RwSignal::new(fragment());
    let listener = window_event_listener_untyped("hashchange", move |_| place.set(fragment()));
    on_cleanup(move || listener.remove());
    let bare = !knob("bare").is_empty();
    let content = move || {
        let place = place.get();
        stands(&place);
        let (chapter, story) = place.split_once('/').unwrap_or((&place, ""));
        if chapter == "pages" {
            return page_stories(story);
        }
        let Some(chapter) = CHAPTERS.iter().find(|known| known.id == chapter) else {
            return index();
        };
        match chapter.stories.iter().find(|known| known.id == story) {
            Some(story) if bare => stage(story),
            _ => chapter_page(chapter),
        }
    };
    if bare {
        view! { <div class="gallery-bare">{content}</div> <LiveRegion/> }.into_any()
    } else {
        view! {
            <div class="gallery">
                <aside class="gallery__side" lang="en">{knobs()} {contents()}</aside>
                <div class="gallery__main">{content}</div>
            </div>
            <LiveRegion/>
        }
        .into_any()
    }
}

/// Tells the checks which state is drawn.
pub(super) fn stands(place: &str) {
    let root = document().document_element();
    let _ = root.map(|root| root.set_attribute("data-story", place));
}

fn fragment() -> String {
    window()
        .location()
        .hash()
        .unwrap_or_default()
        .trim_start_matches('#')
        .to_owned()
}

fn stage(story: &'static Story) -> AnyView {
    view! { <div class="gallery__stage"><div class="page">{(story.render)()}</div></div> }.into_any()
}

fn knobs() -> AnyView {
    let row = |(name, values): (&'static str, &'static [(&'static str, &'static str)])| {
        let now = knob(name);
        let link = |(value, label): &(&'static str, &'static str)| {
            let (value, label) = (*value, *label);
            let current = (value == now).then_some("true");
            let go = {
                move |event: leptos::ev::MouseEvent| {
                    event.prevent_default();
                    let hash = window().location().hash().unwrap_or_default();
                    let _ = window()
                        .location()
                        .set_href(&format!("{}{hash}", with_knob(name, value)));
                }
            };
            view! { <a href=with_knob(name, value) aria-current=current on:click=go>{label}</a> }
        };
        view! { <div class="gallery__knob"><span>{name}</span><div>{values.iter().map(link).collect_view()}</div></div> }
    };
    view! { <nav aria-label="knobs">{KNOBS.into_iter().map(row).collect_view()}</nav> }.into_any()
}

/// Every state's address, as the search finds it.
fn states() -> impl Iterator<Item = String> {
    let pages = pages().map(|(id, _, _)| format!("pages/{id}"));
    let components = CHAPTERS.iter().flat_map(|chapter| {
        let stories = chapter.stories.iter();
        stories.map(|story| format!("{}/{}", chapter.id, story.id))
    });
    pages.chain(components)
}

/// The chapters, and the states whose name holds what is sought.
fn contents() -> AnyView {
    let sought = RwSignal::new(String::new());
    let holds = move |name: &str| {
        sought.with(|sought| {
            let (name, sought) = (name.to_lowercase(), sought.trim().to_lowercase());
            sought.split_whitespace().all(|word| name.contains(word))
        })
    };
    let entry = move |chapter: &&'static Chapter| {
        let (id, title) = (chapter.id, chapter.title);
        view! {
            <li hidden=move || !holds(title) && !holds(id)>
                <a href=format!("#{id}")>{title}</a>
                <span>{chapter.stories.len()}</span>
            </li>
        }
    };
    let state = move |address: String| {
        let name = address.replace(['_', '-', '/'], " ");
        let words = name.clone();
        view! {
            <li hidden=move || sought.with(|sought| sought.trim().is_empty()) || !holds(&name)>
                <a href=format!("#{address}")>{words}</a>
            </li>
        }
    };
    view! {
        <input
            class="gallery__search"
            type="search"
            aria-label="search"
            placeholder="search"
            on:input=move |event| {
                let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
                sought.set(input.map(|input| input.value()).unwrap_or_default());
            }
        />
        <ul class="gallery__contents">
            <li hidden=move || !holds("pages")>
                <a href="#pages">"Pages"</a>
                <span>{pages().count()}</span>
            </li>
            {CHAPTERS.iter().map(entry).collect_view()}
        </ul>
        <ul class="gallery__contents" aria-label="states">{states().map(state).collect_view()}</ul>
    }
    .into_any()
}

fn index() -> AnyView {
    let count: usize = CHAPTERS.iter().map(|chapter| chapter.stories.len()).sum();
    view! {
        <h1>"Gallery"</h1>
        <p>{format!(
                "{} components in {count} states, {} states of pages. Every state has its address.",
                CHAPTERS.len(),
                pages().count(),
            )}</p>
        <p>{weights()}</p>
        <div class="gallery__index">
            {index_of("pages", "Pages", pages().map(|(id, _, _)| id).collect())}
            {CHAPTERS
                .iter()
                .map(|chapter| {
                    index_of(chapter.id, chapter.title, chapter.stories.iter().map(|story| story.id).collect())
                })
                .collect_view()}
        </div>
    }
    .into_any()
}

/// A chapter and its states.
fn index_of(chapter: &'static str, title: &'static str, stories: Vec<&'static str>) -> AnyView {
    let state = |story: &&'static str| {
        view! { <li><a href=format!("#{chapter}/{story}")>{story.replace('_', " ")}</a></li> }
    };
    view! {
        <section>
            <h2><a href=format!("#{chapter}")>{title}</a></h2>
            <ul>{stories.iter().map(state).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// What the page weighs at present, as the gallery's build found it.
fn weights() -> String {
    let meta = document().query_selector("meta[name=weights]").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_default()
}

/// Every page's state: its name, its address in the product, and what draws it.
fn pages() -> impl Iterator<Item = (&'static str, String, String)> {
    let played = PAGES.iter().map(|page| {
        let address = format!("{}#pages/{}", with_knob("bare", "1"), page.id);
        (page.id, page.path.to_owned(), address)
    });
    let plain = PLAIN
        .iter()
        .map(|(id, file)| (*id, format!("/{file}"), (*file).to_owned()));
    played.chain(plain)
}

/// The product's pages, each in a frame of the width asked for: all of them as links, the chosen one below.
fn page_stories(chosen: &str) -> AnyView {
    let link = |(id, _, _): (&'static str, String, String)| {
        let current = (id == chosen).then_some("true");
        view! { <li><a href=format!("#pages/{id}") aria-current=current>{id.replace('_', " ")}</a></li> }
    };
    let frame = pages()
        .find(|(id, _, _)| *id == chosen)
        .map(|(id, path, address)| {
            view! {
                <p><a href=address.clone() target="_blank">{path}</a></p>
                <iframe class="gallery__frame" src=address title=id></iframe>
            }
        });
    view! {
        <h1>"Pages"</h1>
        <ul class="gallery__pages">{pages().map(link).collect_view()}</ul>
        {frame}
    }
    .into_any()
}

fn chapter_page(chapter: &'static Chapter) -> AnyView {
    let one = move |story: &'static Story| {
        let address = format!("#{}/{}", chapter.id, story.id);
        view! {
            <section class="gallery__story">
                <h2>
                    <a href=format!("{}{address}", with_knob("bare", "1")) target="_blank">{story.id.replace('_', " ")}</a>
                </h2>
                {stage(story)}
                <details>
                    <summary>"code"</summary>
                    <pre><code>{chapter.code(story.id)}</code></pre>
                </details>
            </section>
        }
    };
    view! {
        <h1>{chapter.title}</h1>
        <h2 class="gallery__must">"What must hold"</h2>
        <ul class="gallery__criteria">
            {chapter.criteria.iter().map(|line| view! { <li>{*line}</li> }).collect_view()}
        </ul>
        {chapter.stories.iter().map(one).collect_view()}
    }
    .into_any()
}
