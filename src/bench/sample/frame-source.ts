import { pageComponent, pageModule } from './page-source.js';
import { PAGES_IN_SECTION } from './words.js';

/** Pages besides the first one, ten to a section. */
export interface Section {
  /** Module and first part of the address: `section_2`. */
  readonly name: string;
  readonly pages: readonly number[];
}

/** The sections of an app with so many pages, the first one included. */
export function sectionsOf(pages: number): Section[] {
  const sections: Section[] = [];
  for (let first = 1; first < pages; first += PAGES_IN_SECTION) {
    const length = Math.min(PAGES_IN_SECTION, pages - first);
    const name = `section_${sections.length + 1}`;
    sections.push({ name, pages: Array.from({ length }, (_, index) => first + index) });
  }
  return sections;
}

/** `src/app.rs`: the document, header and footer, and the routes. */
export function appSource(sections: readonly Section[], output: string): string {
  const uses = sections.map(({ name }) => `use crate::pages::${name}::${routesOf(name)};`);
  const links = sections.map(
    ({ name, pages: [first = 0] }) =>
      `                        <A href="/${name}/${pageModule(first)}">"${title(name)}"</A>`,
  );
  const routes = sections.map(({ name }) => `                    <${routesOf(name)} />`);
  return `//! The frame of every page: the HTML document, the routes, header and footer.

use leptos::prelude::*;
use leptos_meta::{Link, MetaTags, Stylesheet, Title, provide_meta_context};
use leptos_router::components::{A, Route, Router, Routes};
use leptos_router::path;

use crate::pages::home::Home;
${uses.join('\n')}

/// The document around the app. Only the server renders it.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
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
        <Stylesheet id="leptos" href="/pkg/${output}.css" />
        <Link rel="icon" type_="image/svg+xml" href="/shell.svg" />
        <Title formatter=|page: String| format!("{page} · Tidepool") />

        <Router>
            <header class="bar">
                <div class="bar-inner">
                    <A href="/" attr:class="brand">
                        <img src="/shell.svg" alt="" width="30" height="30" />
                        "Tidepool"
                    </A>
                    <nav aria-label="Pages">
${links.join('\n')}
                    </nav>
                </div>
            </header>
            <main>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=Home />
${routes.join('\n')}
                </Routes>
            </main>
            <footer>"A sample app of leptos-fast bench"</footer>
        </Router>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <Title text="Not found" />
        <h1>"There is no such page"</h1>
    }
}
`;
}

/** `src/pages/SECTION/mod.rs`: a section's pages and its routes. */
export function sectionSource({ name, pages }: Section): string {
  const modules = pages.map((page) => `pub mod ${pageModule(page)};`);
  const uses = pages.map((page) => `use ${pageModule(page)}::${pageComponent(page)};`);
  const routes = pages.map(
    (page) => `            <Route path=path!("${pageModule(page)}") view=${pageComponent(page)} />`,
  );
  return `//! ${title(name)}.

use leptos::prelude::*;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::path;

${modules.join('\n')}

${uses.join('\n')}

/// The routes below \`/${name}\`.
#[component(transparent)]
pub fn ${routesOf(name)}() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("${name}") view=Frame>
${routes.join('\n')}
        </ParentRoute>
    }
    .into_inner()
}

/// What stands around the section's pages.
#[component]
fn Frame() -> impl IntoView {
    view! {
        <section class="section">
            <p class="where">"${title(name)}"</p>
            <Outlet />
        </section>
    }
}
`;
}

/** `src/pages/mod.rs`. */
export function pagesSource(sections: readonly Section[]): string {
  const modules = ['home', 'leaf', ...sections.map(({ name }) => name)].sort();
  return `//! One module for each section.\n\n${modules.map((name) => `pub mod ${name};\n`).join('')}`;
}

/** `section_2` → `Section2Routes`. */
function routesOf(section: string): string {
  return `${title(section).replace(' ', '')}Routes`;
}

/** `section_2` → `Section 2`. */
function title(section: string): string {
  return section.replace('section_', 'Section ');
}
