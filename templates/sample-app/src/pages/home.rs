use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::Greet;

#[component]
pub fn Home() -> impl IntoView {
    view! {
        <Title text="Home" />
        <section class="hero">
            <Status />
            <h1 id="headline">"Life between the tides"</h1>
            <p id="lead">
                "Edit this page, its style or its server function, save, and watch it change here."
            </p>
        </section>
        <div class="cards">
            <Counter />
            <Greeting />
        </div>
    }
}

/// Tells whether the browser has taken over the page. Effects run in the browser only.
#[component]
fn Status() -> impl IntoView {
    let hydrated = RwSignal::new(false);
    Effect::new(move |_| hydrated.set(true));

    view! {
        <p id="status" class="status" class:on=hydrated role="status">
            {move || if hydrated.get() { "Interactive" } else { "Rendered by the server" }}
        </p>
    }
}

#[component]
fn Counter() -> impl IntoView {
    let count = RwSignal::new(0);

    view! {
        <section class="card">
            <h2>"In the browser"</h2>
            <p>"A signal: each click counts, and the server hears nothing of it."</p>
            <div class="row">
                <button id="counter-button" on:click=move |_| *count.write() += 1>
                    "Count one more"
                </button>
                <output id="counter" class="number">
                    {count}
                </output>
            </div>
        </section>
    }
}

#[component]
fn Greeting() -> impl IntoView {
    let greet = ServerAction::<Greet>::new();
    let answer = move || match greet.value().get() {
        None => "Nobody has said hello yet.".to_string(),
        Some(Ok(greeting)) => greeting,
        Some(Err(error)) => format!("That went wrong: {error}"),
    };

    view! {
        <section class="card">
            <h2>"On the server"</h2>
            <p>"A server function: the form sends a name, and the answer comes back."</p>
            <ActionForm action=greet attr:id="greet-form" attr:class="row">
                <label class="visually-hidden" for="name">
                    "Your name"
                </label>
                <input id="name" name="name" placeholder="Your name" autocomplete="off" maxlength="40" />
                <button id="greet-button" type="submit" disabled=greet.pending()>
                    "Say hello"
                </button>
            </ActionForm>
            <output id="greeting" class="answer" for="name">
                {answer}
            </output>
        </section>
    }
}
