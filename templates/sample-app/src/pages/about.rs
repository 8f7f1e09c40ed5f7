use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn About() -> impl IntoView {
    view! {
        <Title text="About" />
        <article class="prose">
            <h1 id="about-headline">"About this app"</h1>
            <p id="about-text">
                "Tidepool is as small as a Leptos app can be and still have all its parts. Each of them can be edited while it runs."
            </p>
            <dl class="parts">
                <dt>"src/pages/"</dt>
                <dd>"what a page shows; built for the browser and for the server"</dd>
                <dt>"src/api.rs"</dt>
                <dd>"the server function; its body is built for the server only"</dd>
                <dt>"style/main.css"</dt>
                <dd>"the style; no Rust is built for it"</dd>
                <dt>"public/"</dt>
                <dd>"assets, served as they are"</dd>
            </dl>
        </article>
    }
}
