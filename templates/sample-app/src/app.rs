//! The frame of every page: the HTML document, the routes, header and footer.

use leptos::prelude::*;
use leptos_meta::{Link, MetaTags, Stylesheet, Title, provide_meta_context};
use leptos_router::components::{A, Route, Router, Routes};
use leptos_router::path;

use crate::pages::{about::About, home::Home};

/// The document around the app. Only the server renders it.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();

    view! {
        // cargo-leptos swaps the stylesheet with this id without reloading the page.
        <Stylesheet id="leptos" href="/pkg/tidepool.css" />
        <Link rel="icon" type_="image/svg+xml" href="/shell.svg" />
        <Title formatter=|page: String| format!("{page} · Tidepool") />

        <Router>
            <header class="bar">
                <div class="bar-inner">
                    <A href="/" attr:class="brand" attr:id="brand">
                        <img src="/shell.svg" alt="" width="30" height="30" />
                        "Tidepool"
                    </A>
                    <nav aria-label="Pages">
                        <A href="/" exact=true attr:id="nav-home">
                            "Home"
                        </A>
                        <A href="/about" attr:id="nav-about">
                            "About"
                        </A>
                    </nav>
                </div>
            </header>
            <main>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=Home />
                    <Route path=path!("/about") view=About />
                </Routes>
            </main>
            <footer>"The sample app of leptos-fast: Leptos 0.8 on axum"</footer>
        </Router>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <Title text="Not found" />
        <h1 id="not-found">"There is no such page"</h1>
    }
}
