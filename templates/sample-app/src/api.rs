//! What the browser may ask of the server.

use leptos::prelude::*;

/// Greets a visitor. The body runs on the server only; the browser gets a function that calls it.
#[server]
pub async fn greet(name: String) -> Result<String, ServerFnError> {
    use std::sync::atomic::{AtomicU32, Ordering};

    static VISITORS: AtomicU32 = AtomicU32::new(0);
    let number = VISITORS.fetch_add(1, Ordering::Relaxed) + 1;
    let name = match name.trim() {
        "" => "stranger",
        name => name,
    };
    Ok(format!("Hello, {name}! You are visitor number {number}."))
}
