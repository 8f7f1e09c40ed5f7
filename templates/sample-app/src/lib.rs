//! Tidepool, the sample app of leptos-fast. The library is built twice:
//! as WebAssembly for the browser and as part of the server.

pub mod api;
pub mod app;
pub mod pages;

/// The browser's entry point: takes over the page that the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
