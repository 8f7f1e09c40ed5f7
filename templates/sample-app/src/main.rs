#[cfg(feature = "ssr")]
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    use axum::Router;
    use leptos::prelude::*;
    use leptos_axum::{LeptosRoutes, file_and_error_handler, generate_route_list};
    use tidepool::app::{App, shell};

    let options = get_configuration(None)?.leptos_options;
    let listener = tokio::net::TcpListener::bind(options.site_addr).await?;
    println!("listening on http://{}", listener.local_addr()?);

    let render = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let router = Router::new()
        .leptos_routes(&options, generate_route_list(App), render)
        .fallback(file_and_error_handler(shell))
        .with_state(options);
    axum::serve(listener, router).await?;
    Ok(())
}

/// Without the server's feature there is nothing to run: the browser starts in `lib.rs`.
#[cfg(not(feature = "ssr"))]
fn main() {}
