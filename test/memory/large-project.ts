import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mapLimited } from '../../src/core/concurrency.js';
import { type FakeProject, fakeProject } from '../support/fake-project.js';
import { writeScript } from '../support/temp-dir.js';

/** How many files the project has besides the handful of every fake project. The others are no assets: those are copied. */
export const RUST_FILES = 3_000;
export const OTHER_FILES = 17_000;
const WRITTEN_AT_ONCE = 64;
/** Files of one folder. */
const PER_FOLDER = 100;

/** A page of some 70 lines, with what the figures of one save depend on. */
export interface Page {
  readonly title: string;
  readonly code: number;
  readonly comment: string;
  readonly query: number;
}

/** The name of a page's file. */
export function pagePath(index: number): string {
  return `src/area_${Math.floor(index / PER_FOLDER)}/page_${index}.rs`;
}

export function firstPage(index: number): Page {
  return { title: `Page ${index} of the harbour`, code: index, comment: 'as it came', query: index };
}

/** The source of a page: a view, plain code and a server function, as a Leptos app has them. */
export function pageSource(index: number, { title, code, comment, query }: Page): string {
  const rows = Array.from(
    { length: 8 },
    (_, row) => `            <li class="row row-${row}">
                <a href="/harbour/${index}/berth/${row}">"Berth ${row} of harbour ${index}"</a>
                <span class="tide">{move || level.get() + ${row}}</span>
            </li>`,
  );
  return `use leptos::prelude::*;

// ${comment}
#[derive(Clone, Debug, PartialEq)]
pub struct Harbour${index} {
    pub name: String,
    pub depth: u32,
    pub berths: Vec<u32>,
}

#[server]
pub async fn load_harbour_${index}(id: u32) -> Result<u32, ServerFnError> {
    let found = crate::store::find(id, ${query}).await?;
    Ok(found)
}

fn depth_${index}(berths: &[u32]) -> u32 {
    berths.iter().copied().fold(${code}, |sum, next| sum.wrapping_add(next))
}

#[component]
pub fn Page${index}() -> impl IntoView {
    let (level, set_level) = signal(depth_${index}(&[1, 2, 3]));
    view! {
        <main class="page" id="page-${index}">
            <h1>"${title}"</h1>
            <p class="lead">"What floats in harbour ${index} today, and what is expected with the tide."</p>
            <button class="primary" on:click=move |_| set_level.update(|n| *n += 1)>"Raise the level of ${index}"</button>
            <ul>
${rows.join('\n')}
            </ul>
        </main>
    }
}
`;
}

/** A project of 20,000 watched files, and the environment in which its builds take no time. */
export async function largeProject(): Promise<{ readonly project: FakeProject; readonly env: NodeJS.ProcessEnv }> {
  const project = await fakeProject({ folder: 'large', settings: 'watch-additional-files = ["texts"]' });
  await mapLimited([...Array(RUST_FILES).keys()], WRITTEN_AT_ONCE, (index) =>
    project.save({ [pagePath(index)]: pageSource(index, firstPage(index)) }),
  );
  await mapLimited([...Array(OTHER_FILES).keys()], WRITTEN_AT_ONCE, (index) => {
    const name = `texts/area_${Math.floor(index / PER_FOLDER)}/text_${index}.json`;
    return project.save({ [name]: `{ "title": "Text ${index}" }\n` });
  });
  const bin = join(dirname(project.dir), 'bin');
  await writeScript(join(bin, 'cargo'), await readFile(new URL('quick-cargo.sh', import.meta.url), 'utf8'));
  return { project, env: { PATH: `${bin}:${project.env.PATH}` } };
}
