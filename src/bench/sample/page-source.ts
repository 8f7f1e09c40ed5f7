import { placeName, titleOf, Words } from './words.js';

const ROWS = 6;
const NOTES = 4;

/** The component of a page: `P017`. */
export function pageComponent(page: number): string {
  return `P${number(page)}`;
}

/** The module of a page: `p017`. */
export function pageModule(page: number): string {
  return `p${number(page)}`;
}

/**
 * The source of a page, one of three kinds in turn: one that loads from a server function, one with a list that is filtered
 * in the browser, one with a form. Each has a component of its own beside it.
 */
export function pageSource(page: number): string {
  const words = new Words(page);
  const kinds = [loadingPage, listPage, formPage] as const;
  const kind = kinds[page % kinds.length] ?? loadingPage;
  return `//! ${titleOf(page)}.\n\n${kind(page, words)}\n${notes(page, words)}`;
}

function loadingPage(page: number, words: Words): string {
  const name = pageModule(page);
  const rows = Array.from({ length: ROWS }, (_, row) => `        ("${placeName(page + row)}", ${words.count(90)}),`);
  return `use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{badge::Badge, card::Card, meter::Meter, rows::Rows};

/// How many were counted where. The body runs on the server only.
#[server]
pub async fn count_${name}() -> Result<Vec<(String, u32)>, ServerFnError> {
    let counts = [
${rows.join('\n')}
    ];
    let counts = counts
        .into_iter()
        .map(|(place, count)| (place.to_string(), count));
    Ok(counts.collect())
}

#[component]
pub fn ${pageComponent(page)}() -> impl IntoView {
    let counts = Resource::new(|| (), |()| count_${name}());
    let least = RwSignal::new(${words.count(20)}_u32);

    view! {
        <Title text="${titleOf(page)}" />
        <article class="prose">
            <h1>"${titleOf(page)}"</h1>
            <Badge text="counted on the server" />
            <p>"${words.sentence()}"</p>
            <p>"${words.sentence()}"</p>
            <Meter label="At least" value=least most=90 />
            <Suspense fallback=|| view! { <p>"Counting"</p> }>
                {move || Suspend::new(async move {
                    match counts.await {
                        Ok(rows) => view! { <Rows rows least /> }.into_any(),
                        Err(error) => view! { <p class="error">{error.to_string()}</p> }.into_any(),
                    }
                })}
            </Suspense>
            <Notes />
        </article>
    }
}
`;
}

function listPage(page: number, words: Words): string {
  const rows = Array.from({ length: ROWS }, (_, row) => {
    return `        (${row}_usize, "${placeName(page + row)}", ${words.count(90)}_u32),`;
  });
  return `use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{badge::Badge, card::Card, meter::Meter};

#[component]
pub fn ${pageComponent(page)}() -> impl IntoView {
    let places = RwSignal::new(vec![
${rows.join('\n')}
    ]);
    let most = RwSignal::new(${30 + words.count(60)}_u32);
    let shown = Memo::new(move |_| {
        let most = most.get();
        let mut shown = places.get();
        shown.retain(|(_, _, count)| *count <= most);
        shown
    });
    let sum = move || shown.get().iter().map(|(_, _, count)| count).sum::<u32>();
    let reverse = move |_| places.write().reverse();

    view! {
        <Title text="${titleOf(page)}" />
        <article class="prose">
            <h1>"${titleOf(page)}"</h1>
            <Badge text="filtered in the browser" />
            <p>"${words.sentence()}"</p>
            <Meter label="At most" value=most most=90 />
            <button on:click=reverse>"Turn round"</button>
            <ul class="rows">
                <For each=move || shown.get() key=|(id, _, _)| *id let((_, place, count))>
                    <li>
                        <span>{place}</span>
                        <output>{count}</output>
                    </li>
                </For>
            </ul>
            <p class="sum">"In all: " {sum}</p>
            <Notes />
        </article>
    }
}
`;
}

function formPage(page: number, words: Words): string {
  const name = pageModule(page);
  const known = Array.from({ length: ROWS / 2 }, (_, row) => {
    return `        "${placeName(page + row)}" => ${words.count(90)},`;
  });
  return `use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{badge::Badge, card::Card};

/// Takes a sighting and says how many there are now. The body runs on the server only.
#[server]
pub async fn report_${name}(place: String, seen: u32) -> Result<String, ServerFnError> {
    let before: u32 = match place.trim() {
${known.join('\n')}
        "" => return Err(ServerFnError::new("Where was it?")),
        _ => 0,
    };
    let now = before.saturating_add(seen);
    Ok(format!("{now} at {}", place.trim()))
}

#[component]
pub fn ${pageComponent(page)}() -> impl IntoView {
    let report = ServerAction::<ReportP${number(page)}>::new();
    let answer = move || match report.value().get() {
        None => "Nothing reported yet".to_string(),
        Some(Ok(answer)) => answer,
        Some(Err(error)) => format!("That went wrong: {error}"),
    };
    let is_busy = report.pending();

    view! {
        <Title text="${titleOf(page)}" />
        <article class="prose">
            <h1>"${titleOf(page)}"</h1>
            <Badge text="reported to the server" />
            <p>"${words.sentence()}"</p>
            <Card title="Report a sighting">
                <ActionForm action=report attr:class="row">
                    <label>
                        "Place "
                        <input name="place" value="${placeName(page)}" maxlength="40" />
                    </label>
                    <label>
                        "Seen "
                        <input name="seen" type="number" value="${words.count(9)}" min="1" max="99" />
                    </label>
                    <button type="submit" disabled=is_busy>
                        "Report"
                    </button>
                </ActionForm>
                <output class="answer">{answer}</output>
            </Card>
            <Notes />
        </article>
    }
}
`;
}

function notes(page: number, words: Words): string {
  const lines = Array.from({ length: NOTES }, () => `        "${words.sentence()}",`);
  return `#[component]
fn Notes() -> impl IntoView {
    let notes = [
${lines.join('\n')}
    ];
    let chosen = RwSignal::new(${page % NOTES}_usize);

    view! {
        <Card title="Notes">
            <ol class="notes">
                {notes
                    .into_iter()
                    .enumerate()
                    .map(|(index, note)| {
                        view! {
                            <li
                                class:chosen=move || chosen.get() == index
                                on:click=move |_| chosen.set(index)
                            >
                                {note}
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </Card>
    }
}
`;
}

function number(page: number): string {
  return String(page).padStart(3, '0');
}
