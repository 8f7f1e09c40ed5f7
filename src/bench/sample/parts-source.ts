/** The texts that the scenarios edit, as they stand in a fresh sample: `leaf edit 0.` and so on. */
export const marker = (what: string, n: number): string => `${what} edit ${n}.`;

/** `src/pages/home.rs`: the first page, on which each edit of Rust can be seen. */
export const HOME = `use leptos::prelude::*;
use leptos_meta::Title;

use super::leaf::Leaf;
use crate::api::edition;
use crate::components::{badge::Badge, status::Status};

#[component]
pub fn Home() -> impl IntoView {
    let edition = Resource::new(|| (), |()| edition());

    view! {
        <Title text="Home" />
        <section class="hero">
            <Status />
            <h1 id="bench-text">"${marker('text', 0)}"</h1>
            <Leaf />
            <Badge text="on every page" />
            <p id="bench-manifest">{env!("CARGO_PKG_DESCRIPTION")}</p>
            <Suspense fallback=|| view! { <p>"Asking the server"</p> }>
                <p id="bench-server">{move || Suspend::new(async move { edition.await.ok() })}</p>
            </Suspense>
        </section>
    }
}
`;

/** `src/pages/leaf.rs`: a component that one page uses. */
export const LEAF = `use leptos::prelude::*;

#[component]
pub fn Leaf() -> impl IntoView {
    let remark = "${marker('leaf', 0)}";
    let clicks = RwSignal::new(0);

    view! {
        <p id="bench-leaf">{remark}</p>
        <button id="counter-button" on:click=move |_| *clicks.write() += 1>
            "Count"
        </button>
        <output id="counter">{clicks}</output>
    }
}
`;

/** `src/api.rs`: what the browser may ask of the server. */
export const API = `//! What the browser may ask of the server.

use leptos::prelude::*;

/// The body runs on the server only; the browser gets a function that calls it.
#[server]
pub async fn edition() -> Result<String, ServerFnError> {
    let edition = "${marker('server', 0)}";
    Ok(edition.to_string())
}
`;

const BADGE = `use leptos::prelude::*;

/// A short remark; each page has one.
#[component]
pub fn Badge(text: &'static str) -> impl IntoView {
    let edition = "${marker('shared', 0)}";
    view! {
        <p class="badge" title=edition>
            {text}
        </p>
    }
}
`;

const CARD = `use leptos::prelude::*;

#[component]
pub fn Card(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="card">
            <h2>{title}</h2>
            {children()}
        </section>
    }
}
`;

const METER = `use leptos::prelude::*;

/// A number that is chosen by sliding.
#[component]
pub fn Meter(label: &'static str, value: RwSignal<u32>, most: u32) -> impl IntoView {
    view! {
        <label class="meter">
            {label} " "
            <input
                type="range"
                min="0"
                max=most.to_string()
                prop:value=move || value.get().to_string()
                on:input=move |event| {
                    if let Ok(number) = event_target_value(&event).parse() {
                        value.set(number);
                    }
                }
            />
            <output>{value}</output>
        </label>
    }
}
`;

const ROWS = `use leptos::prelude::*;

/// Places with at least so many.
#[component]
pub fn Rows(rows: Vec<(String, u32)>, least: RwSignal<u32>) -> impl IntoView {
    let shown = move || {
        let least = least.get();
        let rows = rows.iter().filter(|(_, count)| *count >= least);
        rows.cloned().collect::<Vec<_>>()
    };
    view! {
        <ul class="rows">
            <For each=shown key=|(place, _)| place.clone() let((place, count))>
                <li>
                    <span>{place}</span>
                    <output>{count}</output>
                </li>
            </For>
        </ul>
    }
}
`;

const STATUS = `use leptos::prelude::*;

/// Tells whether the browser has taken over the page. Effects run in the browser only.
#[component]
pub fn Status() -> impl IntoView {
    let hydrated = RwSignal::new(false);
    Effect::new(move |_| hydrated.set(true));

    view! {
        <p id="status" class="status" class:on=hydrated role="status">
            {move || if hydrated.get() { "Interactive" } else { "Rendered by the server" }}
        </p>
    }
}
`;

/** What pages share: the files of `src/components/` by module. */
export const COMPONENTS: Readonly<Record<string, string>> = {
  badge: BADGE,
  card: CARD,
  meter: METER,
  rows: ROWS,
  status: STATUS,
};
