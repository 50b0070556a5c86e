//! States of this component for the gallery.

use super::{Tab, TabPanel, Tabs};
use crate::browser::gallery::{Chapter, Story, say};
use crate::browser::signals::RwSignal;
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "tabs",
    title: "Tabs",
    criteria: &["Arrows move between tabs, Tab leaves them"],
    source: include_str!("stories.rs"),
    stories: &[Story {
        id: "two_tabs",
        render: two_tabs,
    }],
};

fn two_tabs() -> AnyView {
    let current = RwSignal::new("requisites");
    view! {
        <Tabs
            label=say("Қызметтер", "Услуги", "Services")
            tabs=vec![
                Tab { id: "requisites", label: say("Деректемелерге өзгерістер енгізу", "Изменение реквизитов", "Change of requisites") },
                Tab { id: "statement", label: say("Үзінді көшірме", "Выписка", "Statement") },
            ]
            current=current
        />
        <TabPanel id="requisites" current=current>
            <p>{say("Мекенжай, телефондар, электрондық пошта.", "Адрес, телефоны, электронная почта.", "Address, telephones, e-mail.")}</p>
        </TabPanel>
        <TabPanel id="statement" current=current>
            <p>{say("Жинақтар туралы мәлімет.", "Сведения о накоплениях.", "About the savings.")}</p>
        </TabPanel>
    }
    .into_any()
}
